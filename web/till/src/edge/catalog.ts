// The catalog: fetched page by page, kept, and loaded into the core. A fetch that is cut goes on where it was.

import type { CatalogItem } from "#core";
import { type Book, type Database, type Device, put } from "../kept/database.ts";
import { catalogPage } from "./answers.ts";
import { ask } from "./call.ts";
import { Nonsense } from "./read.ts";

/** Items given to the core at a time: the page stays alive in between. */
export const PART = 2000;

export type Fetched = "whole" | "away" | "nonsense";

/** Fetches what changed since the version that is whole. `take` is given every page that was kept. */
export async function fetchCatalog(database: Database, device: Device, book: Book, take: (items: CatalogItem[], book: Book) => void): Promise<Fetched> {
  for (;;) {
    const query = new URLSearchParams({ since: String(book.since), ...(book.cursor === null ? {} : { cursor: book.cursor }) });
    const reply = await ask(device, { method: "GET", path: `/v1/till/catalog?${query}` });
    if (reply.kind !== "answer") return reply.kind;
    if (reply.status === 400 && book.cursor !== null) {
      // The cursor is too old: what changed is asked for from the beginning.
      book.cursor = null;
      continue;
    }
    if (reply.status !== 200) return "away";
    try {
      const page = catalogPage(reply.body);
      await keepPage(database, book, page.items, page.next, page.version);
      take(page.items, book);
      if (page.next === null) return "whole";
    } catch (error) {
      if (error instanceof Nonsense) return "nonsense";
      throw error;
    }
  }
}

async function keepPage(database: Database, book: Book, items: CatalogItem[], next: string | null, version: number): Promise<void> {
  const transaction = database.transaction("catalog", "readwrite", { durability: "relaxed" });
  for (const item of items) void transaction.store.put(item);
  await transaction.done;
  book.cursor = next;
  if (next === null) {
    book.version = version;
    book.since = version;
    book.checkedAt = Date.now();
  }
  book.items = await database.count("catalog");
  await put(database, "book", { ...book });
}

/** The kept catalog, in parts. */
export async function* keptCatalog(database: Database): AsyncGenerator<CatalogItem[]> {
  let range: IDBKeyRange | null = null;
  for (;;) {
    const items: CatalogItem[] = await database.getAll("catalog", range, PART);
    if (items.length > 0) yield items;
    const last = items.at(-1);
    if (!last || items.length < PART) return;
    range = IDBKeyRange.lowerBound(last.sku, true);
  }
}
