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
  /** From one location or not at all. */
  whole?: boolean;
  /** A day, `2026-12-04`. */
  requested_by?: string | null;
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

// ---------------------------------------------------------------------------------------------------------------------
// The till. Money is whole minor units of the settings' currency, quantities are decimal strings ("1.25"), times are
// milliseconds since 1970 (`Date.now()`), unless said otherwise.

/** As {@link Answer}; where the till refused, `refusal` says why as data. */
export type TillAnswer<T> = { ok: true; value: T } | { ok: false; problem: Problem; refusal?: TillRefusal };

/** The settings as the edge gives them: hand them over as they came. */
export interface TillSettings {
  version: number;
  device: string;
  label: string;
  series: string;
  location: string;
  header: string[];
  footer: string[];
  currency: string;
  country: string;
  cash_step: number;
  oversell: "ask" | "refuse" | "allow";
  cashiers: TillCashier[];
  tax: TaxTable;
}

export interface TillCashier {
  id: string;
  name: string;
  pin?: { salt: string; hash: string };
  /** The highest discount on a line they may give, in percent. */
  discount: string;
  may: TillPermission[];
}

export type TillPermission = "price" | "refund" | "blind_refund" | "oversell" | "pay_out" | "manage";

/** How a till is opened. All of it is kept by the page and survives being offline. */
export interface TillOpening {
  device: string;
  epoch: number;
  /** The hash that the first entry comes after, as enrollment gave it. */
  genesis: string;
  /** The number of the first receipt of this epoch, as enrollment gave it. */
  next_receipt: number;
  settings: TillSettings;
  /** What the edge granted in this epoch, by SKU: totals that only grow. */
  rights: Record<string, string>;
  /** The last snapshot there was; nothing for a new journal. */
  snapshot?: string | null;
  /** The entries after that snapshot, as texts in order; earlier ones do no harm. Without a snapshot all entries. */
  entries?: string[];
}

/** Which catalog the till sells from, and when the edge last said that it is the newest. */
export interface TillBook {
  version: number;
  checked_at: number;
}

/** The clocks of the page: `Date.now()`, whole `performance.now()`, and the till's clock less the edge's, once heard. */
export interface TillClock {
  now: number;
  uptime: number;
  skew?: number | null;
}

/** An item of `GET /v1/till/catalog`. */
export interface CatalogItem {
  sku: string;
  title: string;
  unit: string;
  barcodes: string[];
  category?: string | null;
  price: { version: number; prices: Record<string, number>; tax_class: string };
  /** What the store had for sale when the catalog was made. */
  available?: string | null;
}

/** What became of a part of the catalog: an item that cannot be read is left out, the rest is taken. */
export interface CatalogTaken {
  items: number;
  /** At most 100 of those left out. */
  left_out: { index: number; detail: string }[];
}

export interface SearchAsk {
  /** Words or beginnings of words of title, SKU, barcode or category; empty is everything. */
  text: string;
  category?: string | null;
  /** At most 200; 50 when nothing is said. */
  limit?: number;
}

export interface TillItem {
  sku: string;
  title: string;
  unit: string;
  category: string | null;
  barcodes: string[];
  /** Of one unit in the till's currency; null where it has none and a price must be keyed in. */
  price: number | null;
  tax_class: string;
  /** What the store had when the catalog was made. */
  available: string | null;
  /** What this till may still sell without asking anybody. */
  right: string;
}

/** What a scanned code is. */
export type Scanned =
  /** An item; a code of a scale brings a quantity, or the price of the whole. */
  | { kind: "item"; item: TillItem; quantity: string; price: number | null }
  /** The QR code of a receipt. */
  | { kind: "receipt"; order: string; seq: number; hash: string; total: number }
  | { kind: "unknown"; code: string };

/** Something taken off: a part in percent ("10", "7.5"), an amount, or both together. */
export interface DiscountAsk {
  percent?: string | null;
  amount?: number | null;
  reason: string;
}

/** A sale that is being put together. */
export interface Cart {
  cashier: string;
  /** Somebody else who gave their PIN and answers for what the cashier may not do. */
  approver?: string | null;
  customer?: { id?: string; name?: string; email?: string; phone?: string; class?: string } | null;
  lines: CartLine[];
  /** On the whole, spread over the lines. */
  discount?: DiscountAsk | null;
  tenders?: Tender[];
}

export interface CartLine {
  sku: string;
  quantity: string;
  /** The price of one unit, keyed in. */
  price?: number | null;
  discount?: DiscountAsk | null;
}

export interface Tender {
  kind: TenderKind;
  /** Of cash what was handed over. */
  amount: number;
  /** The terminal's or the gift card's reference, never a card number. */
  reference?: string;
}

export type TenderKind = "cash" | "card" | "gift_card" | "store_credit";

export interface PricedCart {
  lines: PricedCartLine[];
  net: number;
  tax: number;
  total: number;
  /** All that was taken off, as prices are quoted. */
  discount: number;
  taxes: TaxSum[];
  /** What tenders other than cash pay. */
  without_cash: number;
  /** What is left to pay, not rounded. */
  due: number;
  /** The same in cash, rounded to the smallest coin. */
  due_in_cash: number;
  /** What cash rounding adds, when cash was tendered. */
  rounding: number;
  change: number;
  /** What selling it as it stands would be refused for, the most important first; empty when it can be sold. */
  refusals: TillRefusal[];
}

export interface PricedCartLine {
  no: number;
  sku: string;
  title: string;
  unit: string;
  quantity: string;
  unit_price: number;
  /** The list price where there is one. */
  list_price: number | null;
  discount: number;
  tax_class: string;
  tax_rate: string;
  net: number;
  tax: number;
  total: number;
  /** How much of it the till has rights to sell. */
  within: string;
}

export interface TaxSum {
  rate: string;
  net: number;
  tax: number;
  total: number;
}

/** What is asked of the till; every one becomes one entry of the journal. */
export type TillCommand =
  | { open_shift: { cashier: string; float: number } }
  /** A blind count: a difference is taken as it is. Somebody else's shift takes an approver who may manage. */
  | { close_shift: { cashier: string; approver?: string | null; counted: number } }
  | { pay_in: { cashier: string; amount: number; reason: string } }
  | { pay_out: { cashier: string; approver?: string | null; amount: number; reason: string } }
  | { open_drawer: { cashier: string; reason: string } }
  | { sell: Cart }
  | { refund: RefundAsk }
  | { count: { cashier: string; lines: { sku: string; counted: string }[] } }
  | { hand_over: { cashier: string; order: string; no: number } }
  /** An order for others to carry out, as `POST /v1/orders` takes it; its id is made from the entry. */
  | { request: { cashier: string; order: NewOrder; tenders?: Tender[] } }
  /**
   * The answer to a recall: what the till still has of it is given back. Answer one only when it came with an `ack_upto` that
   * is the last entry: else the same is given back twice.
   */
  | { surrender: { recall: { sku: string; quantity: string }[] } }
  | { accept_clock: { manager: string } };

export interface RefundAsk {
  cashier: string;
  approver?: string | null;
  /** The entry of the sale as it was stored, where this till still has it: then nothing else is needed. */
  sale?: string | null;
  /** The order that is returned; null without a receipt. */
  order?: string | null;
  /** Its lines as `GET /v1/orders/{id}` has them. */
  sold?: SoldLine[] | null;
  /** Its receipt, when known. */
  receipt?: string | null;
  reason: string;
  lines: RefundLineAsk[];
  /** How it is paid back: together exactly what `price_refund` says. */
  tenders?: Tender[];
}

export interface SoldLine {
  line: number;
  sku: string;
  title: string;
  quantity: string;
  /** How much of it came back before. */
  returned: string;
  tax_class: string;
  tax_rate: string;
  total: { net: number; tax: number; total: number };
}

export interface RefundLineAsk {
  /** The line of the order; null without a receipt. */
  line?: number | null;
  sku: string;
  quantity: string;
  /** Without a receipt: what is paid back for one unit; the list price when nothing is said. */
  price?: number | null;
  disposition: "restock" | "quarantine";
}

export interface PricedRefund {
  lines: {
    line: number | null;
    sku: string;
    title: string;
    quantity: string;
    disposition: "restock" | "quarantine";
    net: number;
    tax: number;
    total: number;
  }[];
  net: number;
  tax: number;
  total: number;
  without_cash: number;
  due: number;
  due_in_cash: number;
  rounding: number;
  refusals: TillRefusal[];
}

/**
 * What was decided and is not yet done: sign `bytes` (ES256), write `entry`, `hash`, the signature and `snapshot` in one
 * durable transaction, then call {@link Till.commit} with the hash. Until then the till stands where it stood.
 */
export interface TillDecided {
  seq: number;
  /** `pos:{device}:{epoch}:{seq}` */
  key: string;
  kind: TillEventKind;
  /** The entry as canonical JSON: its UTF-8 is what is signed. A line of the journal is `{"entry":…,"hash":"…","signature":"…"}`. */
  entry: string;
  /** The same as bytes. */
  bytes: Uint8Array;
  hash: string;
  /** Where the till stands after it, every so often: store it in the place of the one before. Null: keep that one. */
  snapshot: string | null;
  /** The receipt, of sales and refunds. */
  receipt: string | null;
  /** The order that a sale is or a request asks for. */
  order: string | null;
  total: number;
  change: number;
}

export type TillEventKind =
  | "shift_opened"
  | "shift_closed"
  | "paid_in"
  | "paid_out"
  | "drawer_opened"
  | "sold"
  | "refunded"
  | "counted"
  | "handed_over"
  | "requested"
  | "surrendered"
  | "clock_accepted";

/** Where the till stands. */
export interface TillView {
  device: string;
  epoch: number;
  /** The last entry; 0 before the first. */
  seq: number;
  head: string;
  next_receipt: string;
  shift: { cashier: string; opened_at: number; sales: number } | null;
  items: number;
  /** Warnings: nothing is refused for them yet. */
  warnings: ("book_old" | "clock_off" | "clock_set_back")[];
}

/** What there was in a shift: X while it lasts, Z once it is closed. */
export interface TillReport {
  kind: "x" | "z";
  /** Which shift of this journal, from 1. */
  no: number;
  device: string;
  label: string;
  currency: string;
  opened_by: string;
  opened_at: number;
  closed_by: string | null;
  closed_at: number | null;
  opening_float: number;
  sales: number;
  refunds: number;
  drawer_openings: number;
  /** By tender; cash less change. */
  tenders: { kind: TenderKind; sold: number; refunded: number }[];
  paid_in: number;
  paid_out: number;
  /** Cash that ought to be there. Of an X report null: the count is blind. */
  expected: number | null;
  counted: number | null;
  difference: number | null;
  discounts: number;
  rounding: number;
  taxes: TaxSum[];
  sold_total: number;
  refunded_total: number;
  first_receipt: string | null;
  last_receipt: string | null;
}

export interface ReceiptOptions {
  /** 32 characters for 58 mm, 48 for 80 mm. */
  columns: 32 | 48;
  language: "es" | "pt" | "en";
  /** Says that it is a copy. */
  copy?: boolean;
  /** Opens the drawer (ESC/POS only). */
  drawer?: boolean;
  /** Minutes east of UTC, for the time on it. */
  offset?: number;
}

export interface Receipt {
  lines: ReceiptLine[];
  /** What its QR code says; null where there is none. */
  qr: string | null;
  /** Bytes for a printer that speaks ESC/POS. */
  escpos: Uint8Array;
}

export interface ReceiptLine {
  /** Padded to the columns. */
  text: string;
  style: "plain" | "strong" | "large";
}

/** A QR code: `size` modules a side, row by row, 1 is dark. Leave four modules of white around it. */
export interface QrCode {
  size: number;
  modules: Uint8Array;
}

/** Why the till does not do it. `line` counts from 1. */
export type TillRefusal =
  | { code: "no_cashier"; cashier: string }
  | { code: "clock_off"; skew: number }
  | { code: "shift_open" | "no_shift" | "empty" | "too_many_lines" | "currency" | "unknown_sale" | "bad_amount" }
  | { code: "book_too_old"; days: number }
  | { code: "unknown_sku" | "nothing_ordered" | "no_price" | "negative_price" | "unknown_line"; line: number }
  | { code: "discount_beyond_price"; line: number | null }
  | { code: "discount_too_high"; line: number; most: string }
  | { code: "no_rights"; line: number; sku: string; available: string; may_ask: boolean }
  | { code: "returned_too_much"; line: number; left: string }
  | { code: "not_permitted"; permission: TillPermission }
  | { code: "tender_amount"; index: number }
  | { code: "change_only_from_cash"; over: number }
  | { code: "too_little"; missing: number }
  | { code: "too_much"; over: number }
  | { code: "nothing_to_do" | "too_much_money" | "too_long" };

/** What the class `Till` of this module has (`new Till()`; `free()` when done). Nothing throws. */
export interface TillCore {
  open(opening: TillOpening, clock: TillClock): TillAnswer<TillView>;
  view(clock: TillClock): TillAnswer<TillView>;
  /** Newer settings. */
  settings(settings: TillSettings): TillAnswer<null>;
  /** As the edge tells them; totals only grow. */
  rights(rights: Record<string, string>): TillAnswer<null>;
  /** Whether it is their PIN; true for a cashier without one, false for one nobody knows. */
  identify(cashier: string, pin: string): boolean;

  /** In parts of some hundreds or thousands. An item with the SKU of an earlier one takes its place. */
  load_catalog(items: CatalogItem[]): TillAnswer<CatalogTaken>;
  clear_catalog(): void;
  /** After the last part, and whenever the edge said that it is the newest still. */
  book(book: TillBook): TillAnswer<null>;
  search(ask: SearchAsk): TillAnswer<TillItem[]>;
  scan(code: string): TillAnswer<Scanned>;
  categories(): TillAnswer<{ name: string; items: number }[]>;

  price(cart: Cart, clock: TillClock): TillAnswer<PricedCart>;
  price_refund(refund: RefundAsk, clock: TillClock): TillAnswer<PricedRefund>;
  decide(command: TillCommand, clock: TillClock): TillAnswer<TillDecided>;
  /** After the durable write of what was decided, and only then. */
  commit(hash: string): TillAnswer<null>;

  /** Of the shift that is open, else of the last one. */
  report(): TillAnswer<TillReport | null>;
  /** Of any entry that is a sale, a refund or a request, also an old one. */
  receipt(entry: string, hash: string, options: ReceiptOptions): TillAnswer<Receipt>;
  /** The same on paper. Keep what it gives for printing it again: the till only knows its last closed shift. */
  report_receipt(options: ReceiptOptions): TillAnswer<Receipt>;
  qr(text: string): TillAnswer<QrCode>;
}
