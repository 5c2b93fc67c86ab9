// The answers a till gets, read once and for all.

import type { CatalogItem, TillSettings } from "#core";
import { type Fields, Nonsense, fields, list, maybeList, maybeText, oneOf, quantities, text, time, whole } from "./read.ts";

export const STATES = ["active", "quarantined", "revoked"] as const;
export type State = (typeof STATES)[number];

export interface Enrolled {
  tenant: string;
  device: string;
  epoch: number;
  genesis: string;
  nextReceipt: number;
  settings: TillSettings;
  rights: Record<string, string>;
  now: number;
}

export interface JournalAnswer {
  ackUpto: number;
  results: EntryResult[];
  needFrom: number | null;
  state: State;
  rights: Record<string, string>;
  recall: { sku: string; quantity: string }[];
  settingsVersion: number;
  catalogVersion: number;
  now: number;
}

export interface EntryResult {
  seq: number;
  status: "recorded" | "known" | "refused";
  code: string | null;
  variances: string[];
  order: string | null;
  outcome: string | null;
}

export interface TillAnswer {
  state: State;
  ackUpto: number;
  settings: TillSettings;
  rights: Record<string, string>;
  recall: { sku: string; quantity: string }[];
  catalogVersion: number;
  now: number;
}

export interface CatalogPage {
  items: CatalogItem[];
  next: string | null;
  version: number;
}

export function enrolled(body: unknown): Enrolled {
  const of = fields(body, "enrollment");
  return {
    tenant: text(of, "tenant"),
    device: text(of, "device"),
    epoch: whole(of, "epoch"),
    genesis: text(of, "genesis"),
    nextReceipt: whole(of, "next_receipt"),
    settings: settings(of),
    rights: quantities(of, "rights"),
    now: time(of, "now"),
  };
}

export function journalAnswer(body: unknown): JournalAnswer {
  const of = fields(body, "journal");
  return {
    ackUpto: whole(of, "ack_upto"),
    results: list(of, "results").map(result),
    needFrom: of["need_from"] === undefined || of["need_from"] === null ? null : whole(of, "need_from"),
    state: oneOf(of, "state", STATES),
    rights: quantities(of, "rights"),
    recall: maybeList(of, "recall").map(recalled),
    settingsVersion: whole(of, "settings_version"),
    catalogVersion: whole(of, "catalog_version"),
    now: time(of, "now"),
  };
}

export function tillAnswer(body: unknown): TillAnswer {
  const of = fields(body, "till");
  return {
    state: oneOf(of, "state", STATES),
    ackUpto: whole(of, "ack_upto"),
    settings: settings(of),
    rights: quantities(of, "rights"),
    recall: maybeList(of, "recall").map(recalled),
    catalogVersion: whole(of, "catalog_version"),
    now: time(of, "now"),
  };
}

export function catalogPage(body: unknown): CatalogPage {
  const of = fields(body, "catalog");
  // Items are judged one by one by the core, which leaves out what it cannot read; here only the key has to be there.
  const items = list(of, "data").filter((item): item is CatalogItem => typeof (item as CatalogItem | null)?.sku === "string");
  return { items, next: maybeText(of, "next_cursor"), version: whole(of, "version") };
}

function settings(of: Fields): TillSettings {
  const value = fields(of["settings"], "settings");
  whole(value, "version");
  list(value, "cashiers");
  return value as unknown as TillSettings;
}

function recalled(value: unknown): { sku: string; quantity: string } {
  const of = fields(value, "recall");
  return { sku: text(of, "sku"), quantity: text(of, "quantity") };
}

function result(value: unknown): EntryResult {
  const of = fields(value, "results");
  const seq = whole(of, "seq");
  if (seq === 0) throw new Nonsense("seq");
  return {
    seq,
    status: oneOf(of, "status", ["recorded", "known", "refused"]),
    code: maybeText(of, "code"),
    variances: maybeList(of, "variances").map(variance),
    order: maybeText(of, "order"),
    outcome: maybeText(of, "outcome"),
  };
}

/** A difference by its name, with what there is to say about it. */
function variance(value: unknown): string {
  if (typeof value === "string") return value;
  const of = fields(value, "variances");
  const name = maybeText(of, "code") ?? maybeText(of, "kind") ?? Object.keys(of)[0] ?? "";
  // Details that are data are for the back office.
  const detail = maybeText(of, "detail");
  return detail === null || detail.startsWith("{") ? name : `${name} (${detail})`;
}
