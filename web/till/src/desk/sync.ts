// Keeping in step with the edge: on focus, when the browser thinks there is a network, and every so often, for no browser
// can be relied on to say so.

import type { CatalogItem, TillSettings } from "#core";
import { hear } from "../device/clock.ts";
import { type JournalAnswer, type TillAnswer, tillAnswer } from "../edge/answers.ts";
import { ask } from "../edge/call.ts";
import { fetchCatalog } from "../edge/catalog.ts";
import { MOST_ENTRIES, keepAnswer, moved, nextRange, upload, waitsForNext } from "../edge/upload.ts";
import { type Book, type Database, type Device, type Heard, put } from "../kept/database.ts";
import { count, prune } from "../kept/journal.ts";
import type { SyncState } from "./state.ts";

/** How often the edge is asked though nothing happens. */
const POLL_MS = 20_000;
/** After a failure: a second, then twice as long each time, and never longer than this. */
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;
/** A round ends: an edge that asks for the same over and over is asked again later. */
const MOST_RANGES = 2000;
/** A watermark a quarter of a day is enough to know what is old. */
const ACK_STEP_MS = 6 * 60 * 60 * 1000;

export interface Hands {
  changed(state: SyncState): void;
  settings(settings: TillSettings): Promise<void>;
  rights(rights: Record<string, string>): Promise<void>;
  recall(recall: { sku: string; quantity: string }[]): Promise<void>;
  items(items: CatalogItem[]): void;
  book(book: Book): void;
  heard(heard: Heard): void;
  unreadable(seqs: number[]): void;
  head(): number;
  settingsVersion(): number;
}

export class Sync {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: Promise<void> | null = null;
  private again = false;
  private failures = 0;
  private stopped = false;
  state: SyncState = { last: "never", busy: false, unsent: 0, heardAt: null, code: "", catalog: "idle" };

  constructor(
    private readonly database: Database,
    private readonly device: Device,
    private heard: Heard,
    private book: Book,
    private readonly hands: Hands,
  ) {
    this.state.heardAt = heard.at || null;
  }

  start(): void {
    for (const event of ["online", "focus", "pageshow"]) window.addEventListener(event, this.wake);
    document.addEventListener("visibilitychange", this.wake);
    this.kick();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    for (const event of ["online", "focus", "pageshow"]) window.removeEventListener(event, this.wake);
    document.removeEventListener("visibilitychange", this.wake);
  }

  private readonly wake = () => {
    if (document.visibilityState === "visible") this.kick();
  };

  /** A round now, or right after the one that runs. */
  kick(): void {
    if (this.stopped) return;
    if (this.running) {
      this.again = true;
      return;
    }
    clearTimeout(this.timer);
    this.running = this.round().finally(() => {
      this.running = null;
      if (this.stopped) return;
      const wait = this.again ? 0 : this.wait();
      this.again = false;
      this.timer = setTimeout(() => this.kick(), wait);
    });
  }

  /** There is an entry more. */
  written(): void {
    this.show({ unsent: this.state.unsent + 1 });
    this.kick();
  }

  private wait(): number {
    if (this.failures === 0) return POLL_MS;
    const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(this.failures - 1, 10));
    // Tills that lost the network together do not come back together.
    return longest / 2 + Math.random() * (longest / 2);
  }

  private show(change: Partial<SyncState>): void {
    this.state = { ...this.state, ...change };
    this.hands.changed(this.state);
  }

  private async round(): Promise<void> {
    this.show({ busy: true, unsent: await this.unsent().catch(() => this.state.unsent) });
    let last: SyncState["last"] = "away";
    try {
      last = await this.send();
      await prune(this.database, this.device.epoch, this.heard.acks, Date.now());
    } catch (error) {
      console.error(error);
      last = "nonsense";
    }
    this.failures = last === "fine" ? 0 : this.failures + 1;
    this.show({ busy: false, last, unsent: await this.unsent().catch(() => this.state.unsent), catalog: "idle" });
  }

  private unsent(): Promise<number> {
    return count(this.database, this.device.epoch, this.heard.ackUpto);
  }

  private async send(): Promise<SyncState["last"]> {
    for (let [most, ranges] = [MOST_ENTRIES, 0]; ranges < MOST_RANGES; ranges += 1) {
      const from = this.heard.ackUpto;
      const range = await nextRange(this.database, this.device, from, most);
      const sent = await upload(this.device, range.body, range.entries);
      if (sent.kind === "refused") {
        // It is too much, or something in it is: what comes before that goes first.
        if (CUT.has(sent.status) && range.entries > 1) {
          most = Math.floor(range.entries / 2);
          continue;
        }
        this.show({ code: sent.code });
        if (REVOKED.has(sent.code)) await this.hearState("revoked");
        return "refused";
      }
      if (sent.kind !== "answered") return sent.kind;
      await this.take(sent.answer);
      this.show({ code: "", unsent: await this.unsent() });
      const left = this.state.unsent > 0;
      if (!left || this.heard.ackUpto === from) {
        const behind = await this.refresh(sent.answer);
        // What is left did not move: the edge wants it otherwise, or something is wrong with it. It is tried again, later.
        const stuck = left && this.heard.ackUpto === from && !waitsForNext(sent.answer);
        return behind === "fine" && stuck ? "nonsense" : behind;
      }
    }
    return "nonsense";
  }

  private async take(answer: JournalAnswer): Promise<void> {
    const at = Date.now();
    const skew = hear(answer.now);
    const ackUpto = moved(this.heard.ackUpto, this.hands.head(), answer);
    const last = this.heard.acks.at(-1);
    const acks = last && at - last.at < ACK_STEP_MS ? this.heard.acks : [...this.heard.acks, { upto: ackUpto, at }].slice(-200);
    this.heard = { ackUpto, acks, state: answer.state, skew, at };
    const unreadable = await keepAnswer(this.database, this.device, this.heard, answer, at);
    if (unreadable.length > 0) this.hands.unreadable(unreadable);
    this.show({ heardAt: at });
    this.hands.heard(this.heard);
    await this.hands.rights(answer.rights);
    // Only what was asked knowing every entry: else the same would be given back twice.
    if (answer.recall.length > 0 && answer.ackUpto === this.hands.head()) await this.hands.recall(answer.recall);
  }

  private async hearState(state: Heard["state"]): Promise<void> {
    this.heard = { ...this.heard, state };
    await put(this.database, "heard", this.heard);
    this.hands.heard(this.heard);
  }

  /** Settings and catalog, where the edge has newer ones. */
  private async refresh(answer: JournalAnswer): Promise<SyncState["last"]> {
    if (answer.settingsVersion > this.hands.settingsVersion()) {
      const newer = await this.till();
      if (newer !== "fine") return newer;
    }
    if (this.book.version > 0 && this.book.version === answer.catalogVersion && this.book.cursor === null) {
      this.book = { ...this.book, checkedAt: Date.now() };
      await put(this.database, "book", this.book);
      this.hands.book(this.book);
      return "fine";
    }
    this.show({ catalog: "fetching" });
    const fetched = await fetchCatalog(this.database, this.device, this.book, (items, book) => {
      this.hands.items(items);
      if (book.cursor === null) this.hands.book(book);
    });
    return fetched === "whole" ? "fine" : fetched;
  }

  private async till(): Promise<SyncState["last"]> {
    const reply = await ask(this.device, { method: "GET", path: "/v1/till" });
    if (reply.kind !== "answer") return reply.kind;
    if (reply.status !== 200) return "away";
    let answer: TillAnswer;
    try {
      answer = tillAnswer(reply.body);
    } catch {
      return "nonsense";
    }
    await this.hands.settings(answer.settings);
    return "fine";
  }
}

/** Statuses that speak of the body, not of the device. */
const CUT = new Set([400, 413, 422]);

/** Codes with which the edge says that this device is none any more. */
const REVOKED = new Set(["device_revoked", "revoked", "superseded", "device_superseded"]);

