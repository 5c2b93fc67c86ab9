// The sale on the counter: what the cashier changes, priced by the core after every change and kept at once.

import type { Cart, CartLine, DiscountAsk, Scanned, Tender, TillItem, TillRefusal } from "#core";
import { clock } from "../device/clock.ts";
import { MOST_CARTS, allCarts, chooseCart, dropCart, keepCart } from "../kept/carts.ts";
import type { HeldCart } from "../kept/database.ts";
import { addQuantities } from "../show/numbers.ts";
import { value } from "./core.ts";
import type { Desk } from "./desk.ts";
import { type Customer, emptyCart } from "./state.ts";

/** Changes of one cart follow each other: the last one is what is kept. */
let keeping: Promise<void> = Promise.resolve();

export class Counter {
  constructor(private readonly desk: Desk) {}

  private get cart(): Cart {
    return this.desk.state.counter.cart;
  }

  /** Takes another cart onto the counter without losing the one that is there. */
  async show(cart: HeldCart): Promise<void> {
    const { database } = this.desk.house;
    cart.cart.cashier = this.desk.state.cashier ?? cart.cart.cashier;
    delete cart.cart.approver;
    await keeping;
    await chooseCart(database, cart.id);
    this.desk.set({ counter: cart, carts: await allCarts(database), line: cart.cart.lines.length });
    this.price();
  }

  /** Puts it aside and starts anew. */
  async hold(name: string): Promise<boolean> {
    if (this.cart.lines.length === 0) return false;
    if (this.desk.state.carts.length >= MOST_CARTS) return false;
    await this.change(() => {}, { name });
    await this.show(emptyCart(this.desk.state.cashier));
    return true;
  }

  async drop(id: string): Promise<void> {
    const { database } = this.desk.house;
    await keeping;
    await dropCart(database, id);
    const carts = await allCarts(database);
    this.desk.set({ carts });
    if (id === this.desk.state.counter.id) await this.show(emptyCart(this.desk.state.cashier));
  }

  /** After a sale: its cart is gone with the entry. */
  async fresh(): Promise<void> {
    const { database } = this.desk.house;
    const carts = await allCarts(database);
    this.desk.set({ carts });
    await this.show(emptyCart(this.desk.state.cashier));
  }

  /** Everything that changes a cart goes through here. */
  change(work: (cart: Cart) => void, about: Partial<Pick<HeldCart, "name">> = {}): Promise<void> {
    const counter = this.desk.state.counter;
    const cart = structuredClone(counter.cart);
    work(cart);
    const next: HeldCart = { ...counter, ...about, touchedAt: Date.now(), cart };
    this.desk.set({ counter: next, line: Math.min(Math.max(this.desk.state.line, cart.lines.length > 0 ? 1 : 0), cart.lines.length) });
    this.price();
    const { database } = this.desk.house;
    keeping = keeping.then(() => keepCart(database, next, next.id)).catch((error: unknown) => this.desk.trouble(error));
    return keeping;
  }

  price(): void {
    const { counter } = this.desk.state;
    if (counter.cart.lines.length === 0) return this.desk.set({ priced: null });
    try {
      this.desk.set({ priced: value(this.desk.house.till.price(counter.cart, clock())) });
    } catch (error) {
      this.desk.set({ priced: null });
      this.desk.tell(error);
    }
  }

  add(item: TillItem, quantity = "1", price: number | null = null): void {
    const mergeable = (line: CartLine) => line.sku === item.sku && (line.price ?? null) === price && !line.discount;
    let at = 0;
    void this.change((cart) => {
      const index = cart.lines.findIndex(mergeable);
      const line = cart.lines[index];
      if (line) line.quantity = addQuantities(line.quantity, quantity);
      else cart.lines.push(price === null ? { sku: item.sku, quantity } : { sku: item.sku, quantity, price });
      at = line ? index + 1 : cart.lines.length;
    });
    this.desk.set({ line: at });
    if (item.price === null && price === null) this.desk.set({ dialog: { kind: "line", line: at } });
  }

  /** What was scanned goes onto the counter, or is named. */
  scanned(scanned: Scanned): void {
    switch (scanned.kind) {
      case "item":
        // A scale's code brings the price of the whole: one piece at that price.
        return this.add(scanned.item, scanned.price === null ? scanned.quantity : "1", scanned.price);
      case "receipt":
        return this.desk.openReceipt(scanned.order);
      case "unknown":
        return this.desk.unknownCode(scanned.code);
    }
  }

  setQuantity(no: number, quantity: string): void {
    void this.change((cart) => {
      const line = cart.lines[no - 1];
      if (line) line.quantity = quantity;
    });
  }

  remove(no: number): void {
    void this.change((cart) => cart.lines.splice(no - 1, 1));
  }

  /** Keyed-in price and discount of a line; undone where nobody answers for it. */
  async setPrice(no: number, price: number | null, discount: DiscountAsk | null): Promise<void> {
    const before = structuredClone(this.cart);
    await this.change((cart) => {
      const line = cart.lines[no - 1];
      if (!line) return;
      if (price === null) delete line.price;
      else line.price = price;
      if (discount === null) delete line.discount;
      else line.discount = discount;
    });
    await this.answeredFor(before);
  }

  async setDiscount(discount: DiscountAsk | null): Promise<void> {
    const before = structuredClone(this.cart);
    await this.change((cart) => {
      if (discount === null) delete cart.discount;
      else cart.discount = discount;
    });
    await this.answeredFor(before);
  }

  setCustomer(customer: Customer | null): void {
    void this.change((cart) => {
      if (customer === null) delete cart.customer;
      else cart.customer = customer;
    });
  }

  tender(tender: Tender): void {
    void this.change((cart) => {
      cart.tenders = [...(cart.tenders ?? []), tender];
    });
  }

  untender(index: number | null): void {
    void this.change((cart) => {
      cart.tenders = index === null ? [] : (cart.tenders ?? []).filter((_, at) => at !== index);
    });
  }

  /** Where somebody has to answer for what was changed, they are asked now; without an answer it is as before. */
  async answeredFor(before: Cart): Promise<boolean> {
    const refusal = this.desk.state.priced?.refusals.find(needsSomebody);
    if (!refusal) return true;
    const approver = await this.desk.approval(refusal);
    if (approver === null) {
      await this.change((cart) => {
        for (const key of Object.keys(cart)) delete (cart as unknown as Record<string, unknown>)[key];
        Object.assign(cart, before);
      });
      return false;
    }
    await this.change((cart) => {
      cart.approver = approver;
    });
    const left = this.desk.state.priced?.refusals.find(needsSomebody);
    if (left) this.desk.tellRefusal(left);
    return !left;
  }
}

/** Refusals that a colleague's word lifts. */
export function needsSomebody(refusal: TillRefusal): boolean {
  return refusal.code === "not_permitted" || refusal.code === "discount_too_high" || (refusal.code === "no_rights" && refusal.may_ask);
}
