/** What every function answers: a value, or why there is none. */
export type Answer<T> = { ok: true; value: T } | { ok: false; problem: Problem };

/** Why there is no value: problem details as the API has them. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  /** What is wrong where; `pointer` is a JSON pointer into the argument. */
  errors: { pointer: string; code: string; detail: string }[];
  retry: "never" | "after" | "same-key";
}

/** Integer minor units and an ISO 4217 code. */
export interface Money {
  amount: number;
  currency: string;
}

/** The body of `POST /v1/orders`. */
export interface NewOrder {
  id?: string | null;
  channel: string;
  external_ref?: string | null;
  customer?: { id?: string | null; name?: string | null; email?: string | null; phone?: string | null } | null;
  ship_to: {
    name?: string | null;
    line1?: string | null;
    line2?: string | null;
    city?: string | null;
    postal_code?: string | null;
    country: string;
    latitude?: number | null;
    longitude?: number | null;
  };
  currency: string;
  draft?: boolean;
  shortage?: "reject" | "backorder" | null;
  cart?: string | null;
  lines: OrderLine[];
}

/** A line of an order. Without a `unit_price` of its own it has the list price. */
export interface OrderLine {
  sku: string;
  quantity: string;
  unit_price?: Money | null;
}

/** An order that is well formed. Orders that mean the same have the same digest, however they are spelled. */
export interface CheckedOrder {
  lines: number;
  digest: string;
}

/** A tax table at one version; `country: null` is everywhere without a row of its own, `rate` is in percent. */
export interface TaxTable {
  version: number;
  mode: "inclusive" | "exclusive";
  rates: { country?: string | null; class: string; rate: string }[];
}

/** List prices at one version: a page per SKU, minor units per currency. */
export interface PriceBook {
  version: number;
  entries: Record<string, { version: number; prices: Record<string, number>; tax_class: string }>;
}

/** What is to be priced. */
export interface PriceOrder {
  currency: string;
  country: string;
  tax_table: TaxTable;
  price_book: PriceBook;
  lines: OrderLine[];
}

/** What it comes to. `list_version` is null where the line brought its own price. */
export interface PricedOrder {
  currency: string;
  price_book_version: number;
  tax_table_version: number;
  lines: PricedLine[];
  totals: Sums;
}

export interface PricedLine extends Sums {
  line: number;
  sku: string;
  quantity: string;
  unit_price: Money;
  list_version: number | null;
  tax_class: string;
  tax_rate: string;
}

export interface Sums {
  net: Money;
  tax: Money;
  total: Money;
}
