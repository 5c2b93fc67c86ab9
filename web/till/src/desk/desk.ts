// The desk: the till's core, what the browser keeps and the edge, brought together for the screens.

import type { TillCommand, TillRefusal, TillView } from "#core";
import { clock } from "../device/clock.ts";
import { hashText } from "../device/keys.ts";
import { askToPersist, readiness } from "../device/ready.ts";
import { allCarts, openCart } from "../kept/carts.ts";
import { type Database, type Preferences, get, openDatabase, put } from "../kept/database.ts";
import { NoRoom, StorageGone, asTrouble, damagedEntries, lines } from "../kept/journal.ts";
import { readMarker } from "../kept/marker.ts";
import { Writer } from "../kept/writer.ts";
import { saveBytes } from "../print/file.ts";
import { beep, readySound } from "../input/sound.ts";
import { chosenLanguage, words } from "../words/index.ts";
import type { Written } from "./books.ts";
import { Refused, value } from "./core.ts";
import { Counter, needsSomebody } from "./counter.ts";
import { handsOf } from "./hands.ts";
import { type House, loadKept, openHouse } from "./opening.ts";
import { refusalText } from "./refusals.ts";
import { NO_PREFERENCES, type Note, type Screen, type State, emptyCart, firstState } from "./state.ts";

const NOTE_MS = 6000;
const READY_POLL_MS = 30_000;

export class Desk {
  state: State = firstState();
  readonly counter = new Counter(this);
  readonly watchers = new Set<() => void>();
  database: Database | null = null;
  private opened: House | null = null;
  private notes = 0;
  private drawing = false;
  private readyTimer: ReturnType<typeof setInterval> | undefined;
  /** Order whose return or hand-over a screen is to open with. */
  wanted: string | null = null;

  /** Only while the phase is `sign_in` or `open`. */
  get house(): House {
    if (!this.opened) throw new Error("the till is not open");
    return this.opened;
  }

  get isOpen(): boolean {
    return this.opened !== null;
  }

  set(change: Partial<State>): void {
    this.state = { ...this.state, ...change };
    if (this.drawing) return;
    this.drawing = true;
    queueMicrotask(() => {
      this.drawing = false;
      for (const watcher of this.watchers) watcher();
    });
  }

  go(screen: Screen): void {
    this.set({ screen, dialog: null });
  }

  // ---- Starting ----

  async start(): Promise<void> {
    try {
      this.database = await openDatabase({
        gone: () => this.stop("storage_gone"),
        outdated: () => this.stop("newer_app"),
      });
    } catch (error) {
      const newer = error instanceof DOMException && error.name === "VersionError";
      return this.stop(newer ? "newer_app" : "no_storage", String(error));
    }
    const preferences = { ...NO_PREFERENCES, ...await get(this.database, "preferences") };
    this.usePreferences(preferences);
    if (!(await get(this.database, "device"))) return this.noDevice();
    await this.take(false);
  }

  /** Another setup: the journal of the one before stays where it is, for whoever wants to see it. */
  async setUpAgain(): Promise<void> {
    this.opened?.sync.stop();
    this.opened?.writer.release();
    this.opened = null;
    this.set({ phase: { at: "enroll", lost: "again", trouble: null, busy: false }, dialog: null });
  }

  /** The whole journal as a file, also where the till itself does not start. */
  async exportJournal(): Promise<void> {
    if (!this.database) return;
    const text: string[] = [];
    for await (const line of lines(this.database)) text.push(`${line}\n`);
    const name = this.state.device?.device ?? (await get(this.database, "device"))?.device ?? "till";
    saveBytes(`journal-${name}-${new Date().toISOString().slice(0, 10)}.ndjson`, text, "application/x-ndjson");
  }

  private noDevice(): void {
    this.set({ phase: { at: "enroll", lost: readMarker() ? "database" : null, trouble: null, busy: false } });
  }

  /** The journal for this tab. */
  async take(steal: boolean): Promise<void> {
    if (!this.database) return;
    this.set({ phase: { at: "starting" } });
    const writer = await Writer.take(this.database, steal);
    if (!writer) return this.set({ phase: { at: "elsewhere" } });
    void writer.lost.then(() => this.leave());
    try {
      await this.open(this.database, writer);
    } catch (error) {
      writer.release();
      this.stop("unreadable", error instanceof Error ? error.message : String(error));
    }
  }

  private async open(database: Database, writer: Writer): Promise<void> {
    const opened = await openHouse(database, writer, (house) => handsOf(this, house));
    switch (opened.kind) {
      case "no_device":
        writer.release();
        return this.noDevice();
      case "no_core":
        return this.stop("no_core", opened.detail);
      case "no_key":
        writer.release();
        return this.stop("no_key");
      case "behind":
        writer.release();
        return this.set({ phase: { at: "enroll", lost: "behind", trouble: null, busy: false } });
      case "open":
        break;
    }
    const { house, found } = opened;
    this.opened = house;
    const cashier = found.settings.cashiers.some((one) => one.id === found.cashier) ? found.cashier : null;
    const counter = await openCart(database) ?? emptyCart(cashier);
    this.set({
      ...found, damaged: [], device: house.device, cashier, counter, carts: await allCarts(database), line: counter.cart.lines.length,
      sync: { ...house.sync.state, unsent: found.unsent },
    });
    if (found.torn) this.note("bad", words().journalTorn);
    await loadKept(house, found.book);
    // Another tab may have taken the journal meanwhile.
    if (this.opened !== house) return;
    this.refreshView();
    this.counter.price();
    // Only now: what is scanned before the catalog is there would be unknown.
    this.set({ phase: { at: cashier === null ? "sign_in" : "open" } });
    house.sync.start();
    void this.lookForDamage(house, found.heard.ackUpto, found.view.seq);
    void this.checkReady(true);
    readySound(this.state.preferences.sounds);
    clearInterval(this.readyTimer);
    this.readyTimer = setInterval(() => void this.checkReady(false), READY_POLL_MS);
  }

  /** Of a long time without a network there is much to read: it is sold meanwhile. */
  private async lookForDamage(house: House, after: number, upto: number): Promise<void> {
    const wanted = () => this.opened === house;
    try {
      const damaged = await damagedEntries(house.database, house.device.epoch, after, upto, hashText, wanted);
      if (wanted()) this.set({ damaged });
    } catch (error) {
      if (wanted()) this.trouble(error);
    }
  }

  async checkReady(first: boolean): Promise<void> {
    if (first && !(await navigator.storage?.persisted?.())) await askToPersist();
    if (this.opened) this.refreshView();
    this.set({ ready: await readiness({ device: this.state.device, book: this.state.book, now: Date.now() }) });
  }

  refreshView(): TillView {
    const view = value(this.house.till.view(clock()));
    this.set({ view });
    return view;
  }

  // ---- Stopping ----

  stop(why: Extract<State["phase"], { at: "stopped" }>["why"], detail = ""): void {
    this.opened?.sync.stop();
    // What is set up again here is not kept from the journal by ourselves.
    this.opened?.writer.release();
    this.opened = null;
    this.set({ phase: { at: "stopped", why, detail }, dialog: null });
  }

  /** Another tab has the journal now. */
  private leave(): void {
    if (!this.opened) return;
    this.opened.sync.stop();
    this.opened = null;
    this.set({ phase: { at: "elsewhere" }, dialog: null });
  }

  // ---- What people do ----

  /** Writes an entry. Where a colleague's word is needed it is asked for, once. */
  async write(make: (approver: string | null) => TillCommand, sold?: string): Promise<Extract<Written, { kind: "done" }> | null> {
    if (!this.opened) return null;
    const state = this.state.heard?.state ?? "active";
    if (state !== "active") {
      this.note("bad", state === "revoked" ? words().revoked : words().quarantined);
      return null;
    }
    let written = await this.opened.books.write(make(null), sold);
    if (written.kind === "refused" && written.refused.refusal && needsSomebody(written.refused.refusal)) {
      const approver = await this.approval(written.refused.refusal);
      if (approver === null) return null;
      written = await this.opened.books.write(make(approver), sold);
    }
    if (written.kind === "done") {
      this.refreshView();
      this.opened.sync.written();
      return written;
    }
    this.notWritten(written);
    return null;
  }

  private notWritten(written: Exclude<Written, { kind: "done" }>): void {
    switch (written.kind) {
      case "refused":
        return this.tell(written.refused);
      case "no_room":
        void this.checkReady(false);
        return this.note("bad", words().noRoom);
      case "taken_over":
        return this.leave();
      case "storage_gone":
        return this.stop("storage_gone");
      case "no_key":
        return this.stop("no_key");
    }
  }

  /** Asks for a colleague who may; nobody is null. */
  approval(refusal: TillRefusal): Promise<string | null> {
    const permission = refusal.code === "not_permitted" ? refusal.permission : refusal.code === "no_rights" ? "oversell" : "discount";
    const before = this.state.dialog;
    return new Promise((answer) => {
      const done = (approver: string | null) => {
        this.set({ dialog: before?.kind === "approve" ? null : before });
        answer(approver);
      };
      this.set({ dialog: { kind: "approve", permission, refusal, done } });
    });
  }

  confirm(text: string, yes: string, danger = false): Promise<boolean> {
    const before = this.state.dialog;
    return new Promise((answer) => {
      const done = (said: boolean) => {
        this.set({ dialog: before?.kind === "confirm" ? null : before });
        answer(said);
      };
      this.set({ dialog: { kind: "confirm", text, yes, danger, done } });
    });
  }

  /** What a scanner read, wherever the focus is. Whether it was for the till: in a dialog it is for the field that is filled in. */
  scan(code: string): boolean {
    const { dialog, phase, view } = this.state;
    if (!this.opened || phase.at !== "open" || (dialog !== null && dialog.kind !== "camera" && dialog.kind !== "slip")) return false;
    if (view?.shift === null) {
      this.tellRefusal({ code: "no_shift" });
      return true;
    }
    try {
      const scanned = value(this.opened.till.scan(code));
      if (this.state.screen !== "sale" && scanned.kind === "item") this.set({ screen: "sale" });
      if (dialog !== null) this.set({ dialog: null });
      this.counter.scanned(scanned);
      if (scanned.kind === "item") beep(this.state.preferences.sounds, true);
    } catch (error) {
      this.tell(error);
    }
    return true;
  }

  unknownCode(code: string): void {
    beep(this.state.preferences.sounds, false);
    this.note("warn", words().unknownCode(code));
  }

  openReceipt(order: string): void {
    this.wanted = order;
    this.go("returns");
  }

  async signIn(cashier: string, pin: string): Promise<boolean> {
    if (!this.house.till.identify(cashier, pin)) return false;
    await put(this.house.database, "cashier", cashier);
    this.set({ cashier, phase: { at: "open" } });
    await this.counter.change((cart) => {
      cart.cashier = cashier;
    });
    return true;
  }

  signOut(): void {
    void this.house.database.delete("things", "cashier");
    this.set({ cashier: null, phase: { at: "sign_in" }, dialog: null });
  }

  usePreferences(change: Partial<Preferences>): void {
    const preferences = { ...this.state.preferences, ...change };
    chosenLanguage(preferences.language);
    const dark = preferences.theme === "dark" || (preferences.theme === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
    document.documentElement.classList.toggle("wa-dark", dark);
    document.documentElement.lang = words().language;
    this.set({ preferences });
    if (this.database) void put(this.database, "preferences", preferences);
  }

  // ---- Saying things ----

  note(tone: Note["tone"], text: string): void {
    this.notes += 1;
    const note = { id: this.notes, tone, text };
    this.set({ notes: [...this.state.notes.filter((one) => one.text !== text), note].slice(-3) });
    if (tone !== "bad") setTimeout(() => this.unnote(note.id), NOTE_MS);
  }

  unnote(id: number): void {
    this.set({ notes: this.state.notes.filter((one) => one.id !== id) });
  }

  tellRefusal(refusal: TillRefusal): void {
    beep(this.state.preferences.sounds, false);
    this.note("warn", refusalText(refusal, this.state));
  }

  /** Something went wrong: one clear sentence. */
  tell(error: unknown): void {
    if (error instanceof Refused) {
      if (error.refusal) return this.tellRefusal(error.refusal);
      return this.note("warn", error.problem.errors[0]?.detail ?? error.problem.detail);
    }
    this.trouble(error);
  }

  trouble(error: unknown): void {
    const known = asTrouble(error);
    if (known instanceof NoRoom) return this.note("bad", words().noRoom);
    if (known instanceof StorageGone) return this.stop("storage_gone");
    console.error(error);
    this.note("bad", words().unexpected(error instanceof Error ? error.message : String(error)));
  }
}
