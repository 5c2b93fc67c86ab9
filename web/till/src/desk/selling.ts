// The end of a sale: the drawer, the entry, the receipt.

import type { Receipt, ReceiptOptions, TillDecided, TillReport } from "#core";
import type { Row } from "../kept/database.ts";
import { put } from "../kept/database.ts";
import { words } from "../words/index.ts";
import { value } from "./core.ts";
import type { Desk } from "./desk.ts";
import type { Slip } from "./state.ts";

/** Opens paying, when there is something to pay for. */
export function pay(desk: Desk): void {
  if (desk.state.counter.cart.lines.length > 0 && desk.state.priced) desk.set({ dialog: { kind: "pay" } });
}

/** Puts the sale aside, or says why not. */
export async function startSelling(desk: Desk): Promise<void> {
  const name = desk.state.counter.cart.customer?.name ?? "";
  if (await desk.counter.hold(name)) desk.note("fine", words().held);
  else if (desk.state.counter.cart.lines.length > 0) desk.note("warn", words().tooManyHeld);
}

/** Sells what is on the counter as it was tendered. */
export async function sell(desk: Desk): Promise<void> {
  const { counter, priced } = desk.state;
  const drawer = (counter.cart.tenders ?? []).some((tender) => tender.kind === "cash");
  const written = await desk.write((approver) => ({ sell: approver === null ? counter.cart : { ...counter.cart, approver } }), counter.id);
  if (!written) return;
  await desk.counter.fresh();
  showSlip(desk, written.decided, "sold", priced?.total ?? null, drawer);
}

export function receiptOptions(desk: Desk, copy: boolean, drawer = false): ReceiptOptions {
  return { columns: desk.state.preferences.columns, language: words().language, copy, drawer, offset: -new Date().getTimezoneOffset() };
}

export function showSlip(desk: Desk, decided: TillDecided, kind: Slip["kind"], total: number | null, drawer = false): void {
  const { entry, hash, receipt, order, change } = decided;
  const shown = value(desk.house.till.receipt(entry, hash, receiptOptions(desk, false, drawer)));
  desk.set({ dialog: { kind: "slip", slip: { kind, receipt, order, entry, hash, report: null, change, total, copy: false, shown } } });
  void put(desk.house.database, "shown", { epoch: desk.house.device.epoch, seq: decided.seq });
}

/** A receipt again, from the journal: it says that it is a copy. */
export function reprint(desk: Desk, row: Row, copy = true): void {
  const answer = desk.house.till.receipt(row.entry, row.hash, receiptOptions(desk, copy));
  if (!answer.ok) return desk.note("warn", answer.problem.detail);
  const kind = row.kind === "refunded" || row.kind === "requested" ? row.kind : "sold";
  desk.set({ dialog: { kind: "slip", slip: { kind, receipt: row.receipt, order: row.order, entry: row.entry, hash: row.hash, report: null, change: 0, total: null, copy, shown: answer.value } } });
}

export function showReport(desk: Desk, report: TillReport): void {
  const shown: Receipt = value(desk.house.till.report_receipt(receiptOptions(desk, false)));
  desk.set({ dialog: { kind: "slip", slip: { kind: "report", receipt: null, order: null, entry: null, hash: null, report, change: 0, total: null, copy: false, shown } } });
}
