// Sales that are being put together. They outlive a reload, and a tab that takes over finds them.

import { type Database, type HeldCart, get, put } from "./database.ts";

/** Nobody holds more sales open at one counter. */
export const MOST_CARTS = 20;

export async function allCarts(database: Database): Promise<HeldCart[]> {
  const carts = await database.getAll("carts");
  return carts.sort((one, other) => one.touchedAt - other.touchedAt);
}

export async function keepCart(database: Database, cart: HeldCart, open: string): Promise<void> {
  const transaction = database.transaction(["carts", "things"], "readwrite");
  await Promise.all([transaction.objectStore("carts").put(cart), transaction.objectStore("things").put(open, "open")]);
  await transaction.done;
}

export async function dropCart(database: Database, id: string): Promise<void> {
  await database.delete("carts", id);
}

export async function openCart(database: Database): Promise<HeldCart | null> {
  const id = await get(database, "open");
  return (id === undefined ? undefined : await database.get("carts", id)) ?? null;
}

export async function chooseCart(database: Database, id: string): Promise<void> {
  await put(database, "open", id);
}
