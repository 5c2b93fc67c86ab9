// The journal: entries in order, each with its hash and signature, written before anybody gets a receipt.

import type { Database, Device, Row, Snapshot, Stand } from "./database.ts";
import { get } from "./database.ts";
import { TakenOver, type Writer } from "./writer.ts";
import { writeMarker } from "./marker.ts";

/** Rows read at a time where all of them are looked at: a till that sells meanwhile does not notice. */
const PART = 100;
/** An acknowledged entry stays this long, for reprints and for whoever wants to look. */
const KEEP_ACKNOWLEDGED_MS = 30 * 24 * 60 * 60 * 1000;

/** There is no room: the entry was not written, nothing was sold. */
export class NoRoom extends Error {}
/** The database was closed under us. */
export class StorageGone extends Error {}

/** What is written together with an entry. */
export interface Along {
  stand: Stand;
  snapshot?: Snapshot;
  /** The cart that became the sale: it is on the counter no longer. */
  sold?: string;
}

/** Writes an entry, where the till stands after it and the end of its cart: all of it on disk, or nothing. */
export async function append(database: Database, writer: Writer, device: Device, row: Row, along: Along): Promise<void> {
  try {
    const transaction = database.transaction(["things", "journal", "carts"], "readwrite", { durability: "strict" });
    const things = transaction.objectStore("things");
    if ((await things.get("fence")) !== writer.fence) {
      transaction.abort();
      await transaction.done.catch(() => {});
      throw new TakenOver();
    }
    const writes: Promise<unknown>[] = [transaction.objectStore("journal").add(row), things.put(along.stand, "stand")];
    if (along.snapshot) writes.push(things.put(along.snapshot, "snapshot"));
    if (along.sold !== undefined) writes.push(transaction.objectStore("carts").delete(along.sold), things.delete("open"));
    await Promise.all(writes);
    await transaction.done;
  } catch (error) {
    throw asTrouble(error);
  }
  writeMarker({ device: device.device, epoch: row.epoch, seq: row.seq });
}

export function asTrouble(error: unknown): unknown {
  if (!(error instanceof DOMException)) return error;
  if (error.name === "QuotaExceededError") return new NoRoom();
  if (error.name === "InvalidStateError" || error.name === "NotFoundError") return new StorageGone();
  return error;
}

/** Entries after `after`, in order, at most `most`. */
export async function read(database: Database, epoch: number, after: number, most: number): Promise<Row[]> {
  return database.getAll("journal", IDBKeyRange.bound([epoch, after], [epoch, Number.MAX_SAFE_INTEGER], true), most);
}

/** The newest entries first, at most `most`, of any epoch. */
export async function newest(database: Database, most: number, fits: (row: Row) => boolean = () => true): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor = await database.transaction("journal").store.openCursor(null, "prev");
  while (cursor && rows.length < most) {
    if (fits(cursor.value)) rows.push(cursor.value);
    cursor = await cursor.continue();
  }
  return rows;
}

export async function count(database: Database, epoch: number, after: number): Promise<number> {
  return database.count("journal", IDBKeyRange.bound([epoch, after], [epoch, Number.MAX_SAFE_INTEGER], true));
}

/** The line that is uploaded and exported. */
export function line(row: Row): string {
  return `{"entry":${row.entry},"hash":${JSON.stringify(row.hash)},"signature":${JSON.stringify(row.signature)}}`;
}

/** True when the journal does not reach where the till stands, or goes beyond it. `after` is what the edge has. */
export async function isTorn(database: Database, epoch: number, after: number, stand: Stand | undefined): Promise<boolean> {
  const beyond = IDBKeyRange.bound([epoch, after], [epoch, Number.MAX_SAFE_INTEGER], true);
  const end = await database.transaction("journal").store.openCursor(beyond, "prev");
  const last = end?.value.seq ?? after;
  const stands = stand?.epoch === epoch ? stand.seq : 0;
  return stands > after ? last !== stands : last > after;
}

/**
 * The entries after what the edge has, up to `upto`, whose text does not hash to what was written down, or that do not follow
 * the one before. It ends early once nobody wants to know.
 */
export async function damagedEntries(
  database: Database, epoch: number, after: number, upto: number, hash: (text: string) => Promise<string>, wanted: () => boolean,
): Promise<number[]> {
  const damaged: number[] = [];
  let [next, before] = [after + 1, null as string | null];
  while (next <= upto && wanted()) {
    const rows = (await read(database, epoch, next - 1, PART)).filter((row) => row.seq <= upto);
    const hashes = await Promise.all(rows.map((row) => hash(row.entry)));
    rows.forEach((row, at) => {
      if (row.seq !== next || hashes[at] !== row.hash || (before !== null && previous(row) !== before)) damaged.push(row.seq);
      [next, before] = [row.seq + 1, row.hash];
    });
    if (rows.length < PART) break;
  }
  return damaged;
}

function previous(row: Row): string | null {
  try {
    return (JSON.parse(row.entry) as { prev: string }).prev;
  } catch {
    return null;
  }
}

/** Forgets what the edge has had for thirty days; never what the core needs to open. */
export async function prune(database: Database, epoch: number, acks: { upto: number; at: number }[], now: number): Promise<void> {
  const old = acks.filter((ack) => ack.at <= now - KEEP_ACKNOWLEDGED_MS).map((ack) => ack.upto);
  const snapshot = await get(database, "snapshot");
  const upto = Math.min(Math.max(0, ...old), snapshot?.epoch === epoch ? snapshot.seq : 0);
  if (upto === 0) return;
  const range = IDBKeyRange.bound([epoch, 0], [epoch, upto]);
  await database.delete("journal", range);
  await database.delete("results", range);
}

/** The whole journal as lines, for a file. */
export async function* lines(database: Database): AsyncGenerator<string> {
  let range: IDBKeyRange | null = null;
  for (;;) {
    const rows: Row[] = await database.getAll("journal", range, PART);
    for (const row of rows) yield line(row);
    const last = rows.at(-1);
    if (!last || rows.length < PART) return;
    range = IDBKeyRange.lowerBound([last.epoch, last.seq], true);
  }
}
