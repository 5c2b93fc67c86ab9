// What the screens show: one state, changed in one place each, told to whoever draws.

import type { Cart, PricedCart, Receipt, TillPermission, TillRefusal, TillReport, TillSettings, TillView } from "#core";
import type { Book, Device, Heard, HeldCart, Preferences } from "../kept/database.ts";
import type { Ready } from "../device/ready.ts";

/** Who buys, as far as they said. */
export type Customer = NonNullable<Cart["customer"]>;

export type Phase =
  | { at: "starting" }
  /** No till here. `lost` when there was one as far as this browser remembers. */
  | { at: "enroll"; lost: "database" | "behind" | "again" | null; trouble: string | null; busy: boolean }
  | { at: "elsewhere" }
  /** Cannot go on: nothing was lost, but nothing can be written either. */
  | { at: "stopped"; why: "storage_gone" | "no_storage" | "no_core" | "no_key" | "newer_app" | "unreadable"; detail: string }
  | { at: "sign_in" }
  | { at: "open" };

export const SCREENS = ["sale", "returns", "orders", "stock", "shift", "more"] as const;
export type Screen = (typeof SCREENS)[number];

export interface SyncState {
  /** What the last round came to. */
  last: "never" | "fine" | "away" | "nonsense" | "refused";
  busy: boolean;
  /** Entries the edge does not have yet. */
  unsent: number;
  /** When the edge was last heard. */
  heardAt: number | null;
  /** Why it does not let us in. */
  code: string;
  catalog: "idle" | "fetching";
}

/** A receipt that can be looked at, printed and reprinted. */
export interface Slip {
  kind: "sold" | "refunded" | "requested" | "report" | "shift";
  receipt: string | null;
  order: string | null;
  entry: string | null;
  hash: string | null;
  report: TillReport | null;
  change: number;
  total: number | null;
  copy: boolean;
  shown: Receipt;
}

export type Dialog =
  | { kind: "pay" }
  | { kind: "slip"; slip: Slip }
  | { kind: "approve"; permission: TillPermission | "discount"; refusal: TillRefusal; done: (approver: string | null) => void }
  | { kind: "line"; line: number }
  | { kind: "cart_discount" }
  | { kind: "customer" }
  | { kind: "held" }
  | { kind: "camera" }
  | { kind: "keys" }
  | { kind: "ready" }
  | { kind: "cash"; act: "pay_in" | "pay_out" | "open_drawer" }
  | { kind: "confirm"; text: string; yes: string; danger: boolean; done: (yes: boolean) => void };

export interface Note {
  id: number;
  tone: "fine" | "warn" | "bad";
  text: string;
}

export interface State {
  phase: Phase;
  screen: Screen;
  dialog: Dialog | null;
  notes: Note[];
  device: Device | null;
  settings: TillSettings | null;
  view: TillView | null;
  heard: Heard | null;
  book: Book | null;
  preferences: Preferences;
  ready: Ready | null;
  sync: SyncState;
  cashier: string | null;
  /** A manager who gave their PIN for the sale on the counter. */
  carts: HeldCart[];
  counter: HeldCart;
  priced: PricedCart | null;
  /** The line that keys work on, from 1. */
  line: number;
  damaged: number[];
  /** A newer app is there and waits. */
  update: boolean;
}

export const NO_PREFERENCES: Preferences = { language: null, theme: "system", columns: 48, favorites: [], sounds: true };

export function emptyCart(cashier: string | null): HeldCart {
  const cart: Cart = { cashier: cashier ?? "", lines: [] };
  return { id: crypto.randomUUID(), name: "", touchedAt: Date.now(), cart };
}

export function firstState(): State {
  return {
    phase: { at: "starting" },
    screen: "sale",
    dialog: null,
    notes: [],
    device: null,
    settings: null,
    view: null,
    heard: null,
    book: null,
    preferences: NO_PREFERENCES,
    ready: null,
    sync: { last: "never", busy: false, unsent: 0, heardAt: null, code: "", catalog: "idle" },
    cashier: null,
    carts: [],
    counter: emptyCart(null),
    priced: null,
    line: 0,
    damaged: [],
    update: false,
  };
}
