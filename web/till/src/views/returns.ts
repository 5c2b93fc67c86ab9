// Goods that come back: of a sale of this till, of any order, or of nobody knows which.

import { type TemplateResult, html, nothing } from "lit";
import { type FoundOrder, type Order, findOrder, loadOrder } from "../desk/orders.ts";
import { type SoldHere, recentSales, soldHere } from "../desk/sold.ts";
import { View, icon, own } from "./view.ts";
import { empty } from "./parts.ts";
import "./refund.ts";
import type { ReturnSource } from "./refund.ts";

class Returns extends View {
  static override properties = own("source", "found", "busy", "recent");
  declare source: ReturnSource | null;
  declare found: FoundOrder[] | null;
  declare busy: boolean;
  declare recent: SoldHere[];

  constructor() {
    super();
    [this.source, this.found, this.busy, this.recent] = [null, null, false, []];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const { wanted } = this.desk;
    this.desk.wanted = null;
    void this.loadRecent();
    if (wanted !== null) void this.open(wanted);
  }

  override render(): TemplateResult {
    if (this.source) return html`<till-refund .source=${this.source} @done=${() => { this.source = null; this.found = null; void this.loadRecent(); }}></till-refund>`;
    const recent = this.recent;
    return html`<div class="page">
      <h1>${this.t.screen.returns}</h1>
      <form class="search wide" @submit=${(event: Event) => void this.search(event)}>
        ${icon("search")}<input name="order" type="search" autocomplete="off" spellcheck="false" aria-label=${this.t.returnSearch} placeholder=${this.t.returnSearch}>
        <wa-button type="submit" appearance="outlined" ?loading=${this.busy}>${this.t.search}</wa-button>
      </form>
      ${this.found === null ? nothing : this.found.length === 0 ? html`<p class="quiet" role="status">${this.t.noOrderFound}</p>` : html`<ul class="plain sheet">${this.found.map((one) => html`<li><button type="button" class="row-button" data-order=${one.id} @click=${() => void this.open(one.id)}>${icon("box")}<span>${one.number} <small class="quiet">${one.channel}${one.externalRef ? ` · ${one.externalRef}` : ""}</small></span><b>${this.money(one.total)}</b><small class="quiet">${this.when(one.createdAt)}</small></button></li>`)}</ul>`}
      <div class="section"><h2>${this.t.recentSales}</h2><button type="button" class="chip" id="blind" @click=${() => { this.source = { kind: "unknown" }; }}>${icon("return")}<span>${this.t.withoutReceipt}</span></button></div>
      ${recent.length === 0 ? empty("return", this.t.noRecent) : html`<ul class="plain sheet" id="recent">${recent.map((one) => html`<li><button type="button" class="row-button" data-order=${one.order} @click=${() => void this.open(one.order)}>${icon("cart")}<span>${one.receipt}<small class="quiet"> ${one.lines.map((line) => line.title).slice(0, 2).join(", ")}</small></span><b>${this.money(one.total)}</b><small class="quiet">${this.when(one.row.at)}</small></button></li>`)}</ul>`}
    </div>`;
  }

  private async search(event: Event): Promise<void> {
    event.preventDefault();
    const typed = this.typed("order");
    if (typed === "" || this.busy) return;
    this.busy = true;
    if (await this.openOwn(typed)) {
      this.busy = false;
      return;
    }
    const found = await findOrder(this.desk, typed);
    this.busy = false;
    if (found === null) this.desk.note("warn", this.t.needsNetwork);
    else this.found = found;
  }

  private async openOwn(name: string): Promise<boolean> {
    const mine = await soldHere(this.desk.house.database, name);
    if (mine) this.source = { kind: "order", order: mine.order, receipt: mine.receipt, lines: mine.lines, entry: mine.row.entry };
    return mine !== null;
  }

  private async loadRecent(): Promise<void> {
    this.recent = await recentSales(this.desk.house.database);
  }

  /** One of this till's own needs no network. */
  private async open(id: string): Promise<void> {
    if (await this.openOwn(id)) return;
    this.busy = true;
    const order: Order | null = await loadOrder(this.desk, id);
    this.busy = false;
    if (order === null) return this.desk.note("warn", this.t.needsNetwork);
    // What was not delivered cannot come back.
    const lines = order.lines.map(({ delivered, ...line }) => ({ ...line, quantity: delivered })).filter((line) => line.quantity !== "0");
    if (lines.length === 0) return this.desk.note("warn", this.t.nothingDelivered);
    this.source = { kind: "order", order: order.id, receipt: null, lines, entry: null };
  }
}

customElements.define("till-returns", Returns);
