// Orders of the whole house, asked of the edge with the device's own credentials. Without a network there is no answer.

import type { NewOrder, SoldLine } from "#core";
import { ask } from "../edge/call.ts";
import { type Fields, Nonsense, fields, list, maybeList, maybeText, text, whole } from "../edge/read.ts";
import { subtractQuantities } from "../show/numbers.ts";
import type { Desk } from "./desk.ts";
import type { Customer } from "./state.ts";

export interface FoundOrder {
  id: string;
  number: string;
  status: string;
  channel: string;
  externalRef: string | null;
  total: number;
  currency: string;
  createdAt: number;
}

export interface Order extends FoundOrder {
  customer: Customer;
  method: string;
  pickUpAt: string | null;
  lines: (SoldLine & { delivered: string })[];
  fulfillments: { no: number; location: string; status: string; lines: { line: number; quantity: string }[]; actions: string[] }[];
}

export interface Place {
  location: string;
  available: string;
}

/** As many as a till asks about at a time. */
const MOST = 25;
/** Customers are known from their orders; so many are looked into. */
const MOST_CUSTOMERS = 6;

export type Asked<T> = T | null;

async function get<T>(desk: Desk, path: string, read: (body: unknown) => T): Promise<Asked<T>> {
  const reply = await ask(desk.house.device, { method: "GET", path });
  if (reply.kind !== "answer" || reply.status !== 200) return null;
  try {
    return read(reply.body);
  } catch (error) {
    if (error instanceof Nonsense) return null;
    throw error;
  }
}

export function findOrders(desk: Desk, query: Record<string, string>): Promise<Asked<FoundOrder[]>> {
  const asked = new URLSearchParams({ limit: String(MOST), ...query });
  return get(desk, `/v1/orders?${asked}`, (body) => list(fields(body, "orders"), "data").map((one) => found(fields(one, "order"))));
}

/** By number, reference, receipt or id, whichever it is. */
export async function findOrder(desk: Desk, typed: string): Promise<Asked<FoundOrder[]>> {
  if (typed.startsWith("ord_")) {
    const order = await loadOrder(desk, typed);
    return order === null ? null : [order];
  }
  return findOrders(desk, { q: typed });
}

export function loadOrder(desk: Desk, id: string): Promise<Asked<Order>> {
  return get(desk, `/v1/orders/${encodeURIComponent(id)}`, (body) => order(fields(body, "order")));
}

export function availability(desk: Desk, sku: string): Promise<Asked<Place[]>> {
  return get(desk, `/v1/availability?${new URLSearchParams({ sku })}`, (body) => {
    const [first] = list(fields(body, "availability"), "data");
    return list(fields(first, "sku"), "locations").map((one) => {
      const of = fields(one, "location");
      return { location: text(of, "location"), available: text(of, "available") };
    });
  });
}

export async function findCustomers(desk: Desk, query: string): Promise<Asked<Customer[]>> {
  const orders = await findOrders(desk, { q: query });
  if (orders === null) return null;
  const whole = await Promise.all(orders.slice(0, MOST_CUSTOMERS).map((one) => loadOrder(desk, one.id)));
  const customers = whole.flatMap((one) => (one && Object.keys(one.customer).length > 0 ? [one.customer] : []));
  return [...new Map(customers.map((one) => [JSON.stringify(one), one])).values()];
}

/** Orders that lie here for somebody who fetches them, those that have waited longest first. What was sent to this store is
 * shipped already, wherever it is on its way. */
export async function waitingHere(desk: Desk): Promise<Asked<Order[]>> {
  const here = desk.state.settings?.location ?? "";
  const orders = await findOrders(desk, { status: "allocated,in_fulfillment,part_shipped,shipped", pick_up_at: here, sort: "created_at" });
  if (orders === null) return null;
  const whole = await Promise.all(orders.map((one) => loadOrder(desk, one.id)));
  return whole.filter((one): one is Order => one !== null && one.fulfillments.some((part) => liesHere(one, part, here)));
}

/** Steps at which goods lie where they are sent from. */
const OPEN = new Set(["open", "picked", "packed"]);

/** Whether a parcel can be handed over at a store: it lies there since it was set aside there, or arrived there. */
export function liesHere(order: Order, part: Order["fulfillments"][number], here: string): boolean {
  return (part.location === here && OPEN.has(part.status)) || (order.pickUpAt === here && part.actions.includes("deliver"));
}

function found(of: Fields): FoundOrder {
  const total = of["total"] === undefined ? fields(fields(of["totals"], "totals")["total"], "total") : fields(of["total"], "total");
  return {
    id: text(of, "id"),
    number: text(of, "number"),
    status: text(of, "status"),
    channel: text(of, "channel"),
    externalRef: maybeText(of, "external_ref"),
    total: amount(total),
    currency: text(total, "currency"),
    createdAt: Date.parse(text(of, "created_at")),
  };
}

function order(of: Fields): Order {
  const customer = of["customer"] === null || of["customer"] === undefined ? {} : (of["customer"] as Customer);
  return {
    ...found(of),
    customer: Object.fromEntries(Object.entries(customer).filter(([, value]) => value !== null)) as Customer,
    method: maybeText(of, "method") ?? "ship",
    pickUpAt: maybeText(of, "pick_up_at"),
    lines: list(of, "lines").map((one) => soldLine(fields(one, "line"))),
    fulfillments: maybeList(of, "fulfillments").map((one) => {
      const part = fields(one, "fulfillment");
      const lines = list(part, "lines").map((line) => ({ line: whole(fields(line, "line"), "line"), quantity: text(fields(line, "line"), "quantity") }));
      return { no: whole(part, "no"), location: text(part, "location"), status: text(part, "status"), lines, actions: maybeList(part, "actions").map(String) };
    }),
  };
}

function soldLine(of: Fields): SoldLine & { delivered: string } {
  const quantities = fields(of["quantities"] ?? {}, "quantities");
  const returned = maybeText(quantities, "returned") ?? "0";
  const out = ["open", "backordered", "allocated", "picked", "packed", "canceled"].map((name) => maybeText(quantities, name) ?? "0");
  const quantity = text(of, "quantity");
  return {
    line: whole(of, "line"),
    sku: text(of, "sku"),
    title: text(of, "title"),
    quantity,
    returned,
    tax_class: text(of, "tax_class"),
    tax_rate: text(of, "tax_rate"),
    total: { net: amount(fields(of["net"], "net")), tax: amount(fields(of["tax"], "tax")), total: amount(fields(of["total"], "total")) },
    delivered: out.reduce(subtractQuantities, quantity),
  };
}

function amount(of: Fields): number {
  const value = of["amount"];
  if (typeof value !== "number" || !Number.isSafeInteger(value)) throw new Nonsense("amount");
  return value;
}

export interface ShipTo {
  name: string;
  line1: string;
  city: string;
  postalCode: string;
  country: string;
  email: string;
}

/** The order that a till asks others to carry out. */
export function shipOrder(desk: Desk, sku: string, quantity: string, to: ShipTo): NewOrder {
  const said = (value: string) => (value === "" ? null : value);
  return {
    channel: "pos",
    customer: { name: said(to.name), email: said(to.email) },
    ship_to: { name: said(to.name), line1: said(to.line1), city: said(to.city), postal_code: said(to.postalCode), country: to.country.toUpperCase() },
    currency: desk.state.settings?.currency ?? "",
    shortage: "reject",
    lines: [{ sku, quantity }],
  };
}
