/** What every function answers: a value, or why there is none. */
export type Answer<T> = { ok: true; value: T } | { ok: false; problem: Fault };

/** Why there is no value: problem details as the API has them. */
export interface Fault {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  /** What is wrong where; `pointer` is a JSON pointer into the argument. */
  errors: { pointer: string; code: string; detail: string }[];
  retry: "never" | "after" | "same-key";
}

/** Orders to be routed in their order, and what they are routed from. */
export interface Series {
  /** As `GET /v1/routing/snapshot` has it. */
  policy: object;
  /** As `GET /v1/routing/snapshot` has it, before the first order. */
  network: object;
  orders: Order[];
  offers: Offer[];
  /** A day such as `2026-11-23`; calendars are laid out around it. */
  today: string;
  /** A simple rule instead of what the strategies of the policy want. */
  rule?: "nearest" | "fewest_shipments" | "priority";
}

/** An order; times in milliseconds since 1970, quantities in thousandths of a unit, money in minor units, places in millionths of a degree. */
export interface Order {
  channel: string;
  customer_class?: string;
  method?: "ship" | { pick_up: { location: string } } | { curbside: { location: string } } | { ship_to_store: { location: string } };
  to: { country: string; postal_code?: string; position?: { lat_micro: number; lon_micro: number } };
  placed_at: number;
  requested_by?: string;
  ship_complete?: boolean;
  excluded?: string[];
  lines: { line: number; sku: string; quantity: number; unit_value?: number; whole?: boolean; requested_by?: string }[];
  items?: { sku: string; grams?: number; hazmat?: boolean; class?: string }[];
}

/** What can be had of a SKU at a location before the first order. */
export interface Offer {
  sku: string;
  location: string;
  free: number;
  markdown?: number;
  stock_out?: number;
}

/** What became of them: a decision for each, why, and the sums. Costs are in thousandths of a minor unit. */
export interface Routed {
  decisions: Decision[];
  explanations: Told[][];
  totals: {
    cost: number;
    parts: Cost;
    shipments: number;
    splits: number;
    served: number;
    short: number;
    days: number;
    late: number;
    proven: number;
  };
}

export interface Decision {
  inputs: string;
  policy: string;
  version: number;
  strategy: string;
  passed_over: object[];
  plan: {
    serves: { line: number; sku: string; location: string; quantity: number }[];
    short: { line: number; sku: string; quantity: number }[];
  };
  shipments: {
    location: string;
    carrier: string | null;
    service: string | null;
    meters: number | null;
    ships: string;
    delivers: string;
    grams: number;
    tariff: number;
  }[];
  cost: Cost;
  scores: { criterion: string | object; value: number }[];
  proof: { objective: number; lower_bound: number; proven: boolean; leading: number; unit: number; coarser: number; work: number };
  binding: object[];
  left_out: { location: string; why: string }[];
  runner_up: object | null;
}

/** A cost by what it is paid for. */
export interface Cost {
  parcel: number;
  weight: number;
  pick_pack: number;
  handling: number;
  backlog: number;
  lateness: number;
  rejection: number;
  markdown: number;
  stock_out: number;
  short: number;
}

/** A sentence about a decision: its code with parameters, and its English. */
export interface Told {
  sentence: { code: string; [parameter: string]: unknown };
  text: string;
}

/** A problem in integers: arcs are `[line, location, unit cost, cap]`. */
export interface Problem {
  lines: { demand: number; penalty: number; value?: number }[];
  locations: { open_cost: number; capacity?: number | null }[];
  arcs: [number, number, number, number][];
  max_shipments?: number | null;
  work_limit?: number | null;
  min_shipment_value?: number | null;
}

/** The plan, its cost, a bound that no plan is below, and the multipliers that prove it. */
export interface Solution {
  cost: number;
  lower_bound: number;
  proven: boolean;
  work: number;
  open: number[];
  flows: [number, number, number][];
  backordered: number[];
  multipliers: number[];
  scale: number;
  root_bound: number;
  binding: object;
}
