// Selling: find or scan on one side, the counter on the other.

import { type TemplateResult, html, nothing } from "lit";
import { guard } from "lit/directives/guard.js";
import { repeat } from "lit/directives/repeat.js";
import type { PricedCartLine, TillItem } from "#core";
import { value } from "../desk/core.ts";
import { pay, startSelling } from "../desk/selling.ts";
import { hasCamera } from "../input/camera.ts";
import { addQuantities, quantityText, thousandths } from "../show/numbers.ts";
import { View, icon, key, own } from "./view.ts";
import { empty } from "./parts.ts";

/** Cards on the screen at a time: whoever wants others types one more letter. */
const MOST_FOUND = 48;

class Sale extends View {
  static override properties = own("query", "category", "browsing");
  declare query: string;
  declare category: string | null;
  declare browsing: boolean;

  constructor() {
    super();
    [this.query, this.category, this.browsing] = ["", null, false];
  }

  override render(): TemplateResult {
    const { view, heard, book, preferences: { favorites, language } } = this.desk.state;
    if (view && view.shift === null && heard?.state === "active") {
      return html`<div class="alone inner"><div class="sheet">${icon("drawer")}<h1>${this.t.noShiftTitle}</h1><p class="quiet">${this.t.noShiftText}</p>
        <wa-button variant="brand" size="large" id="to-shift" @click=${() => this.desk.go("shift")}>${this.t.openShift}</wa-button></div></div>`;
    }
    return html`
      <section class="finder" ?data-browsing=${this.browsing || this.query !== ""} aria-label=${this.t.find}>
        <div class="search">
          ${icon("search")}
          <input id="search" type="search" name="search" autocomplete="off" spellcheck="false" enterkeyhint="search" placeholder=${this.t.searchHint} aria-label=${this.t.searchHint} .value=${this.query}
            @input=${(event: Event) => { this.query = (event.target as HTMLInputElement).value; }} @keydown=${(event: KeyboardEvent) => this.searchKey(event)}>
          ${key("F2")}
          ${hasCamera() ? html`<button type="button" class="square" id="camera" aria-label=${this.t.camera} @click=${() => this.desk.set({ dialog: { kind: "camera" } })}>${icon("camera")}</button>` : nothing}
          <button type="button" class="square browse" aria-label=${this.t.browse} aria-expanded=${String(this.browsing)} @click=${() => { this.browsing = !this.browsing; }}>${icon("shelves")}</button>
        </div>
        ${guard([this.category, favorites, view, book, language], () => this.categories())}
        ${guard([this.query, this.category, favorites, view, book, language], () => this.found())}
      </section>
      <section class="counter" aria-label=${this.t.counter}>
        ${this.head()}${this.lines()}${this.totals()}
      </section>`;
  }

  private categories(): TemplateResult | typeof nothing {
    const answer = this.desk.house.till.categories();
    if (!answer.ok) return nothing;
    const { favorites } = this.desk.state.preferences;
    const chip = (name: string | null, text: string, count: number) => html`<button type="button" class="pill" aria-pressed=${String(this.category === name)} @click=${() => { this.category = this.category === name ? null : name; this.browsing = true; }}>${text} <small>${count}</small></button>`;
    return html`<div class="pills" role="group" aria-label=${this.t.categories}>
      ${favorites.length > 0 ? chip(FAVORITES, `★ ${this.t.favorites}`, favorites.length) : nothing}
      ${answer.value.map((one) => chip(one.name, one.name, one.items))}</div>`;
  }

  private items(): TillItem[] {
    const { till } = this.desk.house;
    if (this.category === FAVORITES && this.query === "") {
      return this.desk.state.preferences.favorites.flatMap((sku) => {
        const scanned = till.search({ text: sku, limit: 20 });
        return scanned.ok ? scanned.value.filter((item) => item.sku === sku).slice(0, 1) : [];
      });
    }
    try {
      return value(till.search({ text: this.query, category: this.category === FAVORITES ? null : this.category, limit: MOST_FOUND }));
    } catch (error) {
      this.desk.tell(error);
      return [];
    }
  }

  private found(): TemplateResult {
    const items = this.items();
    if (items.length === 0) return this.desk.state.view?.items === 0 ? empty("cloud", this.t.noCatalog) : empty("search", this.t.nothingFound);
    return html`<div class="cards" id="found">${repeat(items, (item) => item.sku, (item) => this.card(item))}</div>`;
  }

  private card(item: TillItem): TemplateResult {
    const left = thousandths(item.right) ?? 0;
    const star = this.desk.state.preferences.favorites.includes(item.sku);
    return html`<div class="card">
      <button type="button" class="item" data-sku=${item.sku} @click=${() => this.take(item)}>
        <span class="title">${item.title}</span>
        <span class="sku">${item.sku}</span>
        <span class="price">${item.price === null ? this.t.noPrice : this.money(item.price)}</span>
        <span class="left" data-none=${left === 0}>${left === 0 ? this.t.noRight : this.t.rightOf(item.right)}</span>
      </button>
      <button type="button" class="star" aria-pressed=${String(star)} aria-label=${this.t.favorite(item.title)} @click=${() => this.favor(item.sku)}>${star ? "★" : "☆"}</button>
    </div>`;
  }

  private favor(sku: string): void {
    const { favorites } = this.desk.state.preferences;
    this.desk.usePreferences({ favorites: favorites.includes(sku) ? favorites.filter((one) => one !== sku) : [...favorites, sku] });
  }

  private take(item: TillItem): void {
    this.desk.counter.add(item);
    [this.query, this.browsing] = ["", false];
  }

  private searchKey(event: KeyboardEvent): void {
    // A dialog has opened and the focus is still here: the key is the dialog's.
    if (this.desk.state.dialog !== null) return;
    if (event.key === "Enter") {
      event.preventDefault();
      const scanned = this.query === "" ? null : this.desk.house.till.scan(this.query.trim());
      const [first] = this.items();
      if (scanned?.ok && scanned.value.kind !== "unknown") {
        this.desk.scan(this.query.trim());
        this.query = "";
      } else if (this.query !== "" && first) {
        this.take(first);
      } else if (this.query === "") {
        pay(this.desk);
      }
    } else if (event.key === "Escape") {
      [this.query, this.browsing] = ["", false];
    }
  }

  private head(): TemplateResult {
    const { counter, carts } = this.desk.state;
    const customer = counter.cart.customer;
    const held = carts.filter((one) => one.id !== counter.id && one.cart.lines.length > 0).length;
    return html`<div class="counter-head">
      <button type="button" class="chip" id="customer" @click=${() => this.desk.set({ dialog: { kind: "customer" } })}>${icon("user")}<span>${customer?.name ?? customer?.email ?? customer?.phone ?? customer?.id ?? this.t.addCustomer}</span>${key("F10")}</button>
      <button type="button" class="chip" id="held" @click=${() => this.desk.set({ dialog: { kind: "held" } })}>${icon("stack")}<span>${this.t.heldCarts(held)}</span>${key("F7")}</button>
    </div>`;
  }

  private lines(): TemplateResult {
    const { priced, counter } = this.desk.state;
    if (counter.cart.lines.length === 0) return empty("camera", this.t.counterEmpty);
    return html`<ol class="lines" id="lines">${priced ? repeat(priced.lines, (line) => line.no, (line) => this.line(line)) : nothing}</ol>`;
  }

  private line(line: PricedCartLine): TemplateResult {
    const chosen = this.desk.state.line === line.no;
    const short = (thousandths(line.within) ?? 0) < (thousandths(line.quantity) ?? 0);
    return html`<li class="line" data-line=${line.no} data-sku=${line.sku} ?data-chosen=${chosen}>
      <button type="button" class="what" aria-current=${chosen ? "true" : nothing} @click=${() => this.desk.set({ line: line.no, dialog: { kind: "line", line: line.no } })}>
        <span class="title">${line.title}</span>
        <span class="detail">${line.list_price !== null && line.list_price !== line.unit_price ? html`<s>${this.money(line.list_price)}</s> ` : nothing}${this.money(line.unit_price)} / ${line.unit}${line.discount > 0 ? html` <b class="off">−${this.money(line.discount)}</b>` : nothing}${short ? html` <b class="short">${this.t.beyondRight}</b>` : nothing}</span>
      </button>
      <div class="amount">
        <button type="button" class="square small" aria-label=${this.t.less(line.title)} @click=${() => less(this.desk, line.no)}>${icon("minus")}</button>
        <output class="quantity">${line.quantity}</output>
        <button type="button" class="square small" aria-label=${this.t.moreOf(line.title)} @click=${() => more(this.desk, line.no)}>${icon("plus")}</button>
      </div>
      <span class="total">${this.money(line.total)}</span>
    </li>`;
  }

  private totals(): TemplateResult {
    const { priced, counter } = this.desk.state;
    const none = counter.cart.lines.length === 0;
    return html`<div class="totals">
      ${priced && priced.discount > 0 ? html`<div class="row"><span>${this.t.discount}</span><span>−${this.money(priced.discount)}</span></div>` : nothing}
      ${priced ? html`<div class="row quiet"><span>${this.desk.state.settings?.tax.mode === "inclusive" ? this.t.taxIncluded : this.t.tax}</span><span id="tax">${this.money(priced.tax)}</span></div>` : nothing}
      <div class="row grand"><span>${this.t.total}</span><output id="total">${this.money(priced?.total ?? 0)}</output></div>
      <div class="acts">
        <button type="button" class="act" id="hold" ?disabled=${none} @click=${() => void startSelling(this.desk)}>${icon("pause")}<span>${this.t.hold}</span>${key("F9")}</button>
        <button type="button" class="act" id="discount" ?disabled=${none} @click=${() => this.desk.set({ dialog: { kind: "cart_discount" } })}>${icon("tag")}<span>${this.t.discount}</span>${key("F8")}</button>
        <wa-button variant="brand" size="large" id="pay" ?disabled=${none || !priced} @click=${() => pay(this.desk)}>${this.t.pay} ${key("F4")}</wa-button>
      </div>
    </div>`;
  }
}

const FAVORITES = "\u2605";
const ONE = 1000;

type Desk = View["desk"];

export function more(desk: Desk, no: number): void {
  const line = desk.state.counter.cart.lines[no - 1];
  if (line) desk.counter.setQuantity(no, addQuantities(line.quantity, "1"));
}

/** The last one leaves the counter. */
export function less(desk: Desk, no: number): void {
  const line = desk.state.counter.cart.lines[no - 1];
  if (!line) return;
  const left = (thousandths(line.quantity) ?? 0) - ONE;
  if (left > 0) desk.counter.setQuantity(no, quantityText(left));
  else desk.counter.remove(no);
}

customElements.define("till-sale", Sale);
