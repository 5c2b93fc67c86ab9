// Bringing the journal to the edge: ranges without gaps, from where the edge says it stands.

import type { Database, Device, Heard, Result } from "../kept/database.ts";
import { encode } from "../device/keys.ts";
import { put } from "../kept/database.ts";
import { line, read } from "../kept/journal.ts";
import { type JournalAnswer, journalAnswer } from "./answers.ts";
import { ask, codeOf } from "./call.ts";
import { Nonsense } from "./read.ts";

/** What the edge takes at a time. */
export const MOST_ENTRIES = 200;
export const MOST_BYTES = 256 * 1024;

export type Sent =
  | { kind: "answered"; answer: JournalAnswer; sent: number }
  | { kind: "away" }
  | { kind: "nonsense" }
  /** The edge does not let this device in: `code` says why. */
  | { kind: "refused"; status: number; code: string };

/** The next entries that the edge does not have, as one body. An entry that is too long by itself goes alone. */
export async function nextRange(database: Database, device: Device, after: number, most = MOST_ENTRIES): Promise<{ body: string; upto: number; entries: number }> {
  const rows = await read(database, device.epoch, after, most);
  let [body, bytes, upto, entries] = ["", 0, after, 0];
  for (const row of rows) {
    // A hole in what is kept ends the range: the edge asks for what it needs.
    if (entries > 0 && row.seq !== upto + 1) break;
    const next = `${line(row)}\n`;
    const more = encode(next).length;
    if (entries > 0 && bytes + more > MOST_BYTES) break;
    [body, bytes, upto, entries] = [body + next, bytes + more, row.seq, entries + 1];
  }
  return { body, upto, entries };
}

/** Sends a range, also an empty one: that asks how things stand. */
export async function upload(device: Device, body: string, sent: number): Promise<Sent> {
  const reply = await ask(device, { method: "POST", path: "/v1/till/journal", body, type: "application/x-ndjson" });
  if (reply.kind !== "answer") return reply;
  if (reply.status !== 200) {
    return reply.status >= 500 || reply.status === 429 ? { kind: "away" } : { kind: "refused", status: reply.status, code: codeOf(reply.body) };
  }
  try {
    return { kind: "answered", answer: journalAnswer(reply.body), sent };
  } catch (error) {
    if (error instanceof Nonsense) return { kind: "nonsense" };
    throw error;
  }
}

/** How far the edge has it now. It never has more than there is; only an explicit `need_from` takes it back. */
export function moved(before: number, head: number, answer: JournalAnswer): number {
  if (answer.needFrom !== null && answer.needFrom > 0) return Math.min(answer.needFrom - 1, head);
  return Math.max(before, Math.min(answer.ackUpto, head));
}

/** What the edge calls an entry that it cannot read. Others go on without it. */
const UNREADABLE = "unreadable";

/** Whether nothing but an entry that cannot be read keeps the edge from having more: it is passed over once another one follows. */
export function waitsForNext(answer: JournalAnswer): boolean {
  return answer.results.some((one) => one.seq === answer.ackUpto + 1 && one.code === UNREADABLE);
}

/** Keeps what was said, and every result that a person may want to see. Tells the entries that the edge could not read, once each. */
export async function keepAnswer(database: Database, device: Device, heard: Heard, answer: JournalAnswer, now: number): Promise<number[]> {
  const worthAWord = answer.results.filter((one) => one.status === "refused" || one.variances.length > 0);
  const unreadable: number[] = [];
  for (const one of worthAWord) {
    const before = await database.get("results", [device.epoch, one.seq]);
    if (one.code === UNREADABLE && before?.code !== UNREADABLE) unreadable.push(one.seq);
    const result: Result = { epoch: device.epoch, ...one, at: now };
    await database.put("results", result);
  }
  await put(database, "heard", heard);
  return unreadable;
}
