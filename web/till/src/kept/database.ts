// What the till keeps in the browser: one IndexedDB database. Everything that must not come apart is written in one transaction.

import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { Cart, CatalogItem, TillSettings } from "#core";

/** Raised with every change of the stores; a version reads what the one before it wrote. */
const SCHEMA = 1;
const NAME = "estiba-till";

/** A line of the journal. `entry` is the canonical text that was hashed and signed: it is never written anew. */
export interface Row {
  epoch: number;
  seq: number;
  entry: string;
  hash: string;
  signature: string;
  kind: string;
  /** By the device's clock, in milliseconds. */
  at: number;
  receipt: string | null;
  order: string | null;
}

/** Who this browser is to the edge. The key cannot be taken out of the browser. */
export interface Device {
  tenant: string;
  device: string;
  epoch: number;
  genesis: string;
  nextReceipt: number;
  key: CryptoKey;
  enrolledAt: number;
}

/** Where the till stands: written with the entry that brought it there. */
export interface Stand {
  epoch: number;
  seq: number;
  hash: string;
}

/** The core's own state as of an entry: made every so often, what came after is in the journal. */
export interface Snapshot {
  epoch: number;
  seq: number;
  text: string;
}

/** How far the edge has it, and what it last said. */
export interface Heard {
  ackUpto: number;
  /** When which acknowledgement came, a few a day: what is old enough may be pruned. */
  acks: { upto: number; at: number }[];
  state: "active" | "quarantined" | "revoked";
  /** The till's clock less the edge's, in milliseconds. */
  skew: number | null;
  at: number;
}

/** The catalog as far as it was fetched. `done` is the version that is whole; `cursor` goes on where a fetch was cut. */
export interface Book {
  version: number;
  checkedAt: number;
  since: number;
  cursor: string | null;
  items: number;
}

/** A sale that is being put together; several may wait. */
export interface HeldCart {
  id: string;
  name: string;
  touchedAt: number;
  cart: Cart;
}

/** What the edge made of an entry, where that is worth a word. */
export interface Result {
  epoch: number;
  seq: number;
  status: "recorded" | "known" | "refused";
  code: string | null;
  variances: string[];
  order: string | null;
  outcome: string | null;
  at: number;
}

export interface Preferences {
  language: "en" | "es" | "pt" | null;
  theme: "light" | "dark" | "system";
  columns: 32 | 48;
  favorites: string[];
  sounds: boolean;
}

/** The single things, by name. */
export interface Things {
  device: Device;
  /** The code and the key that enrollment was last asked with. */
  pending: { code: string; key: CryptoKey; public: { kty: "EC"; crv: "P-256"; x: string; y: string } };
  fence: number;
  stand: Stand;
  snapshot: Snapshot;
  heard: Heard;
  book: Book;
  settings: TillSettings;
  rights: Record<string, string>;
  preferences: Preferences;
  /** The cart on the counter. */
  open: string;
  cashier: string;
  /** The last entry whose receipt was looked at. */
  shown: { epoch: number; seq: number };
}

interface Schema extends DBSchema {
  things: { key: string; value: unknown };
  journal: { key: [number, number]; value: Row };
  catalog: { key: string; value: CatalogItem };
  carts: { key: string; value: HeldCart };
  results: { key: [number, number]; value: Result };
}

export type Database = IDBPDatabase<Schema>;

export interface Watch {
  /** The browser closed the database: its storage was cleared, or the disk failed. */
  gone(): void;
  /** A newer version of the app waits for this one to let go. */
  outdated(): void;
}

export async function openDatabase(watch: Watch): Promise<Database> {
  const database = await openDB<Schema>(NAME, SCHEMA, {
    upgrade(database, from) {
      if (from < 1) {
        database.createObjectStore("things");
        database.createObjectStore("journal", { keyPath: ["epoch", "seq"] });
        database.createObjectStore("catalog", { keyPath: "sku" });
        database.createObjectStore("carts", { keyPath: "id" });
        database.createObjectStore("results", { keyPath: ["epoch", "seq"] });
      }
    },
    blocking: () => watch.outdated(),
    terminated: () => watch.gone(),
  });
  return database;
}

export async function get<K extends keyof Things>(database: Database, name: K): Promise<Things[K] | undefined> {
  return (await database.get("things", name)) as Things[K] | undefined;
}

export async function put<K extends keyof Things>(database: Database, name: K, value: Things[K]): Promise<void> {
  await database.put("things", value, name);
}
