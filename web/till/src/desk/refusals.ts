// Every refusal of the core as one clear sentence.

import type { TillRefusal } from "#core";
import { money } from "../show/numbers.ts";
import { words } from "../words/index.ts";
import type { State } from "./state.ts";

export function refusalText(refusal: TillRefusal, state: State): string {
  const t = words();
  const currency = state.settings?.currency ?? "EUR";
  const cash = (minor: number) => money(minor, currency, t.language);
  const title = (line: number | null) => line === null ? t.total : state.priced?.lines[line - 1]?.title ?? state.counter.cart.lines[line - 1]?.sku ?? `${t.line} ${line}`;
  switch (refusal.code) {
    case "no_cashier": return t.refusal.no_cashier(refusal.cashier);
    case "clock_off": return t.refusal.clock_off(Math.round(Math.abs(refusal.skew) / 3_600_000));
    case "shift_open": return t.refusal.shift_open;
    case "no_shift": return t.refusal.no_shift;
    case "nothing_to_do": return t.refusal.nothing_to_do;
    case "too_many_lines": return t.refusal.too_many_lines;
    case "empty": return t.refusal.empty;
    case "currency": return t.refusal.currency;
    case "book_too_old": return t.refusal.book_too_old(refusal.days);
    case "not_permitted": return t.refusal.not_permitted(t.permissions[refusal.permission]);
    case "unknown_sku": return t.refusal.unknown_sku(title(refusal.line));
    case "no_price": return t.refusal.no_price(title(refusal.line));
    case "negative_price": return t.refusal.negative_price(title(refusal.line));
    case "nothing_ordered": return t.refusal.nothing_ordered(title(refusal.line));
    case "discount_beyond_price": return t.refusal.discount_beyond_price(title(refusal.line));
    case "discount_too_high": return t.refusal.discount_too_high(refusal.most);
    case "no_rights": return t.refusal.no_rights(title(refusal.line), refusal.available);
    case "tender_amount": return t.refusal.tender_amount;
    case "too_little": return t.refusal.too_little(cash(refusal.missing));
    case "too_much": return t.refusal.too_much(cash(refusal.over));
    case "change_only_from_cash": return t.refusal.change_only_from_cash;
    case "unknown_sale": return t.refusal.unknown_sale;
    case "unknown_line": return t.refusal.unknown_line;
    case "returned_too_much": return t.refusal.returned_too_much(refusal.left);
    case "bad_amount": return t.noAmount;
    case "too_long": return t.refusal.too_long;
    case "too_much_money": return t.refusal.too_much_money;
  }
}
