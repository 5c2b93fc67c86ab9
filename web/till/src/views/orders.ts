// Orders that customers fetch here.

import { type TemplateResult, html, nothing } from "lit";
import { type FoundOrder, type Order, findOrder, liesHere, loadOrder, waitingHere } from "../desk/orders.ts";
import { View, icon, own } from "./view.ts";
import { empty } from "./parts.ts";

/** Lists of the edge are a second behind, and customers come while one looks. */
const LOOK_AGAIN_MS = 10_000;

class Orders extends View {
  private timer: ReturnType<typeof setInterval> | undefined;
  static override properties = own("waiting", "found", "order", "busy", "away");
  declare waiting: Order[] | null;
  declare found: FoundOrder[] | null;
  declare order: Order | null;
  declare busy: boolean;
  declare away: boolean;

  constructor() {
    super();
    [this.waiting, this.found, this.order, this.busy, this.away] = [null, null, null, false, false];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.load();
    this.timer = setInterval(() => void this.load(), LOOK_AGAIN_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.timer);
  }

  override render(): TemplateResult {
    return html`<div class="page">
      <div class="section"><h1>${this.t.screen.orders}</h1><button type="button" class="chip" @click=${() => void this.load()}>${icon("sync")}<span>${this.t.refresh}</span></button></div>
      <form class="search wide" @submit=${(event: Event) => void this.search(event)}>${icon("search")}<input name="pickup" type="search" autocomplete="off" aria-label=${this.t.orderSearch} placeholder=${this.t.orderSearch}><wa-button type="submit" appearance="outlined" ?loading=${this.busy}>${this.t.search}</wa-button></form>
      ${this.found === null ? nothing : this.found.length === 0 ? html`<p class="quiet" role="status">${this.t.noOrderFound}</p>` : this.list(this.found)}
      ${this.order ? this.detail(this.order) : nothing}
      <h2>${this.t.waitingHere}</h2>
      ${this.away ? empty("cloud-off", this.t.needsNetwork) : this.waiting === null ? html`<p class="quiet" role="status">${this.t.loading}</p>` : this.waiting.length === 0 ? empty("box", this.t.nothingWaits) : this.list(this.waiting)}
    </div>`;
  }

  private list(orders: FoundOrder[]): TemplateResult {
    return html`<ul class="plain sheet">${orders.map((one) => html`<li><button type="button" class="row-button" data-order=${one.id} @click=${() => void this.open(one.id)}>${icon("box")}<span>${one.number} <small class="quiet">${one.externalRef ?? one.channel}</small></span><b>${this.money(one.total)}</b><small class="quiet">${this.when(one.createdAt)}</small></button></li>`)}</ul>`;
  }

  private detail(order: Order): TemplateResult {
    const here = this.desk.state.settings?.location ?? "";
    const parts = order.fulfillments.filter((part) => part.location === here || order.pickUpAt === here);
    return html`<section class="sheet" aria-label=${order.number}>
      <div class="section"><h2>${order.number}</h2><button type="button" class="square small" aria-label=${this.t.close} @click=${() => { this.order = null; }}>${icon("xmark")}</button></div>
      <p class="quiet">${[order.customer.name, order.customer.email, order.customer.phone].filter(Boolean).join(" · ") || this.t.noCustomer} · ${this.t.orderStatus(order.status)}</p>
      <ul class="plain">${order.lines.map((line) => html`<li class="pair spread"><span>${line.quantity} × ${line.title}</span><b>${this.money(line.total.total)}</b></li>`)}</ul>
      ${parts.length === 0 ? html`<p class="banner" data-tone="warn">${icon("warning")}<span>${this.t.notHere}</span></p>` : parts.map((part) => html`<div class="section"><span>${this.t.parcel(part.no, this.t.parcelStatus[part.status] ?? part.status)}</span>
        ${liesHere(order, part, here) ? html`<wa-button variant="brand" class="hand-over" data-no=${part.no} ?loading=${this.busy} @click=${() => void this.handOver(order, part.no)}>${icon("check", "start")} ${this.t.handOver}</wa-button>` : nothing}</div>`)}
    </section>`;
  }

  private async load(): Promise<void> {
    const waiting = await waitingHere(this.desk);
    [this.away, this.waiting] = [waiting === null, waiting];
  }

  private async search(event: Event): Promise<void> {
    event.preventDefault();
    const typed = this.typed("pickup");
    if (typed === "") return;
    this.busy = true;
    const found = await findOrder(this.desk, typed);
    this.busy = false;
    if (found === null) return this.desk.note("warn", this.t.needsNetwork);
    this.found = found;
    if (found.length === 1 && found[0]) await this.open(found[0].id);
  }

  private async open(id: string): Promise<void> {
    this.order = await loadOrder(this.desk, id);
    if (this.order === null) this.desk.note("warn", this.t.needsNetwork);
  }

  private async handOver(order: Order, no: number): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    const written = await this.desk.write(() => ({ hand_over: { cashier: this.desk.state.cashier ?? "", order: order.id, no } }));
    this.busy = false;
    if (!written) return;
    this.desk.note("fine", this.t.handedOver(order.number));
    this.order = null;
    this.waiting = this.waiting?.filter((one) => one.id !== order.id) ?? null;
  }
}

customElements.define("till-orders", Orders);
