// Opening the till on what the browser has kept.

import type { TillSettings, TillView } from "#core";
import { clock, remember } from "../device/clock.ts";
import { type Book, type Database, type Device, type Heard, get } from "../kept/database.ts";
import { count, isTorn, read } from "../kept/journal.ts";
import { readMarker } from "../kept/marker.ts";
import type { Writer } from "../kept/writer.ts";
import { keptCatalog } from "../edge/catalog.ts";
import { Books } from "./books.ts";
import { type Till, loadCore, value } from "./core.ts";
import { type Hands, Sync } from "./sync.ts";

/** What is there once a till is open. */
export interface House {
  database: Database;
  till: Till;
  device: Device;
  writer: Writer;
  books: Books;
  sync: Sync;
}

/** What was found on the way. */
export interface Found {
  settings: TillSettings;
  view: TillView;
  heard: Heard;
  book: Book;
  cashier: string | null;
  torn: boolean;
  unsent: number;
}

export type Opened =
  | { kind: "open"; house: House; found: Found }
  | { kind: "no_device" }
  | { kind: "no_core"; detail: string }
  /** The browser has no key of this till any more: nothing could be signed, neither a sale nor a question to the edge. */
  | { kind: "no_key" }
  /** The journal ends before where this till had been: it was brought back from a copy. */
  | { kind: "behind" };

/** The core makes snapshots far more often; without any, all entries are read again. */
const MOST_AFTER_SNAPSHOT = 1_000_000;
const NOT_HEARD: Heard = { ackUpto: 0, acks: [], state: "active", skew: null, at: 0 };
const NO_BOOK: Book = { version: 0, checkedAt: 0, since: 0, cursor: null, items: 0 };

export async function openHouse(database: Database, writer: Writer, hands: (house: () => House) => Hands): Promise<Opened> {
  const [device, settings, rights = {}, stand, heard = NOT_HEARD, book = NO_BOOK, cashier = null] = await Promise.all([
    get(database, "device"), get(database, "settings"), get(database, "rights"), get(database, "stand"), get(database, "heard"), get(database, "book"), get(database, "cashier"),
  ]);
  if (!device || !settings) return { kind: "no_device" };
  if (!(device.key instanceof CryptoKey)) return { kind: "no_key" };
  let till: Till;
  try {
    till = await loadCore();
  } catch (error) {
    return { kind: "no_core", detail: String(error) };
  }
  remember(heard.skew);
  const { epoch, genesis, nextReceipt } = device;
  const kept = await get(database, "snapshot");
  const snapshot = kept?.epoch === epoch ? kept : null;
  const after = await read(database, epoch, snapshot?.seq ?? 0, MOST_AFTER_SNAPSHOT);
  const entries = after.map((row) => row.entry);
  const view = value(till.open({ device: device.device, epoch, genesis, next_receipt: nextReceipt, settings, rights, snapshot: snapshot?.text ?? null, entries }, clock()));
  const marker = readMarker();
  if (marker !== null && marker.device === device.device && marker.epoch === epoch && marker.seq > view.seq) return { kind: "behind" };
  const torn = await isTorn(database, epoch, heard.ackUpto, stand);
  const house: House = { database, till, device, writer, books: new Books(database, writer, device, till), sync: new Sync(database, device, heard, book, hands(() => house)) };
  return { kind: "open", house, found: { settings, view, heard, book, cashier, torn, unsent: await count(database, epoch, heard.ackUpto) } };
}

/** The catalog as it was kept, into the core. */
export async function loadKept(house: House, book: Book): Promise<void> {
  for await (const items of keptCatalog(house.database)) value(house.till.load_catalog(items));
  value(house.till.book({ version: book.version, checked_at: book.checkedAt }));
}
