// Sales of this till as its journal has them: what can come back without asking anybody.

import type { SoldLine } from "#core";
import type { Database, Row } from "../kept/database.ts";
import { newest } from "../kept/journal.ts";
import { addQuantities, quantityText } from "../show/numbers.ts";

/** Shown at a time; older ones are found by their number. */
export const MOST_RECENT = 30;
/** Refunds looked through for what came back already; the core has the last word. */
const MOST_REFUNDS = 500;

export interface SoldHere {
  row: Row;
  order: string;
  receipt: string;
  total: number;
  lines: SoldLine[];
}

/** Quantities of an entry are thousandths. */
type SaleLine = Omit<SoldLine, "line" | "returned" | "quantity"> & { no: number; quantity: number };
interface SaleEntry {
  event: { sold?: { order: string; receipt: string; totals: { total: number }; lines: SaleLine[] } };
}
interface RefundEntry {
  event: { refunded?: { of: { order?: { order: string } } | "unknown"; lines: { line?: number; quantity: number }[] } };
}

export async function recentSales(database: Database): Promise<SoldHere[]> {
  const rows = await newest(database, MOST_RECENT, (row) => row.kind === "sold");
  return rows.flatMap((row) => soldOf(row) ?? []);
}

/** A sale by its order or its receipt, with what came back of it. */
export async function soldHere(database: Database, name: string): Promise<SoldHere | null> {
  const [row] = await newest(database, 1, (one) => one.kind === "sold" && (one.order === name || one.receipt === name.toUpperCase()));
  const sold = row ? soldOf(row) : null;
  if (!sold) return null;
  const back = await cameBack(database, sold.order);
  return { ...sold, lines: sold.lines.map((line) => ({ ...line, returned: back.get(line.line) ?? "0" })) };
}

function soldOf(row: Row): SoldHere | null {
  const { sold } = (JSON.parse(row.entry) as SaleEntry).event;
  if (!sold) return null;
  const lines = sold.lines.map(({ no, sku, title, quantity, tax_class, tax_rate, total }) => ({ line: no, sku, title, quantity: quantityText(quantity), returned: "0", tax_class, tax_rate, total }));
  return { row, order: sold.order, receipt: sold.receipt, total: sold.totals.total, lines };
}

async function cameBack(database: Database, order: string): Promise<Map<number, string>> {
  const back = new Map<number, string>();
  for (const row of await newest(database, MOST_REFUNDS, (one) => one.kind === "refunded")) {
    const { refunded } = (JSON.parse(row.entry) as RefundEntry).event;
    if (!refunded || refunded.of === "unknown" || refunded.of.order?.order !== order) continue;
    for (const line of refunded.lines) if (line.line !== undefined) back.set(line.line, addQuantities(back.get(line.line) ?? "0", quantityText(line.quantity)));
  }
  return back;
}
