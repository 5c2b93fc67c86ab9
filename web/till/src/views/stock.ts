// What there is of an item here and elsewhere; ordering it to be sent; counting the shelf.

import { type TemplateResult, html, nothing } from "lit";
import type { Tender, TenderKind, TillItem } from "#core";
import { type Place, availability, shipOrder } from "../desk/orders.ts";
import { showSlip } from "../desk/selling.ts";
import { readMoney, thousandths } from "../show/numbers.ts";
import { View, icon, own } from "./view.ts";
import { TENDERS, empty, labeled, tenderName } from "./parts.ts";

class Stock extends View {
  static override properties = own("query", "item", "places", "away", "act", "kind", "busy");
  declare query: string;
  declare item: TillItem | null;
  declare places: Place[] | null;
  declare away: boolean;
  declare act: "none" | "ship" | "count";
  declare kind: TenderKind;
  declare busy: boolean;

  constructor() {
    super();
    [this.query, this.item, this.places, this.away, this.act, this.kind, this.busy] = ["", null, null, false, "none", "card", false];
  }

  override render(): TemplateResult {
    const answer = this.query === "" ? null : this.desk.house.till.search({ text: this.query, limit: 12 });
    return html`<div class="page">
      <h1>${this.t.screen.stock}</h1>
      <div class="search wide">${icon("search")}<input name="stock" type="search" autocomplete="off" aria-label=${this.t.searchHint} placeholder=${this.t.searchHint} .value=${this.query} @input=${(event: Event) => { this.query = (event.target as HTMLInputElement).value; }}></div>
      ${answer?.ok ? html`<ul class="plain sheet">${answer.value.map((item) => html`<li><button type="button" class="row-button" data-sku=${item.sku} @click=${() => void this.choose(item)}>${icon("shelves")}<span>${item.title} <small class="quiet">${item.sku}</small></span><b>${item.price === null ? "" : this.money(item.price)}</b></button></li>`)}</ul>` : nothing}
      ${this.item ? this.detail(this.item) : this.query === "" ? empty("shelves", this.t.stockHint) : nothing}
    </div>`;
  }

  private detail(item: TillItem): TemplateResult {
    const here = this.desk.state.settings?.location;
    return html`<section class="sheet" id="stock-detail">
      <div class="section"><h2>${item.title}</h2><span class="quiet">${item.sku}</span></div>
      <table><thead><tr><th>${this.t.location}</th><th class="number">${this.t.available}</th></tr></thead>
        <tbody>
          <tr><td>${this.t.thisTill}</td><td class="number">${item.right}</td></tr>
          ${this.away ? html`<tr><td>${here} <small class="quiet">${this.t.asOfCatalog}</small></td><td class="number">${item.available ?? "–"}</td></tr>` : nothing}
          ${this.places?.map((place) => html`<tr data-place=${place.location}><td>${place.location}${place.location === here ? html` <small class="quiet">${this.t.here}</small>` : nothing}</td><td class="number">${place.available}</td></tr>`)}
        </tbody></table>
      ${this.away ? html`<p class="quiet">${this.t.needsNetwork}</p>` : nothing}
      <div class="buttons"><wa-button appearance="outlined" id="count" @click=${() => { this.act = "count"; }}>${icon("shelves", "start")} ${this.t.countIt}</wa-button><wa-button appearance="outlined" id="ship" @click=${() => { this.act = "ship"; }}>${icon("truck", "start")} ${this.t.orderToShip}</wa-button></div>
      ${this.act === "ship" ? this.shipForm(item) : this.act === "count" ? this.countForm(item) : nothing}
    </section>`;
  }

  private countForm(item: TillItem): TemplateResult {
    return html`<form @submit=${(event: Event) => void this.count(event, item)}>${labeled(this.t.countedHere, html`<input name="counted" class="big number" inputmode="decimal" required autocomplete="off">`)}<div class="buttons"><wa-button type="submit" variant="brand" ?loading=${this.busy}>${this.t.record}</wa-button></div></form>`;
  }

  private shipForm(item: TillItem): TemplateResult {
    const country = this.desk.state.settings?.country ?? "";
    return html`<form id="ship-form" @submit=${(event: Event) => void this.ship(event, item)}>
      <p class="banner" data-tone="info">${icon("info")}<span>${this.t.requestNote}</span></p>
      <div class="pair">${labeled(this.t.quantity(item.unit), html`<input name="ship-quantity" class="number" inputmode="decimal" required value="1" autocomplete="off">`)}${labeled(this.t.name, html`<input name="ship-name" required maxlength="100" autocomplete="off">`)}</div>
      ${labeled(this.t.address, html`<input name="ship-line" required maxlength="200" autocomplete="off">`)}
      <div class="pair">${labeled(this.t.postalCode, html`<input name="ship-code" maxlength="20" autocomplete="off">`)}${labeled(this.t.city, html`<input name="ship-city" required maxlength="100" autocomplete="off">`)}</div>
      <div class="pair">${labeled(this.t.country, html`<input name="ship-country" required minlength="2" maxlength="2" .value=${country} autocomplete="off">`)}${labeled(this.t.email, html`<input name="ship-email" type="email" autocomplete="off">`)}</div>
      <div class="kinds" role="group" aria-label=${this.t.tenderKind}>${TENDERS.map((one) => html`<button type="button" class="kind" aria-pressed=${String(this.kind === one.kind)} @click=${() => { this.kind = one.kind; }}>${icon(one.icon)}<span>${tenderName(one.kind)}</span></button>`)}</div>
      <div class="pair">${labeled(this.t.paidNow, html`<input name="ship-paid" class="number" inputmode="decimal" autocomplete="off">`, this.t.paidNowHint)}${labeled(this.t.reference[this.kind], html`<input name="ship-reference" maxlength="60" autocomplete="off">`)}</div>
      <div class="buttons"><wa-button type="submit" id="request" variant="brand" ?loading=${this.busy}>${this.t.requestIt}</wa-button></div>
    </form>`;
  }

  private async choose(item: TillItem): Promise<void> {
    [this.item, this.query, this.places, this.away, this.act] = [item, "", null, false, "none"];
    const places = await availability(this.desk, item.sku);
    if (this.item?.sku === item.sku) [this.places, this.away] = [places, places === null];
  }

  private async count(event: Event, item: TillItem): Promise<void> {
    event.preventDefault();
    const counted = this.typed("counted").replace(",", ".");
    if (thousandths(counted) === null) return this.desk.note("warn", this.t.noAmount);
    this.busy = true;
    const written = await this.desk.write(() => ({ count: { cashier: this.desk.state.cashier ?? "", lines: [{ sku: item.sku, counted }] } }));
    this.busy = false;
    if (!written) return;
    this.desk.note("fine", this.t.written);
    this.act = "none";
  }

  private async ship(event: Event, item: TillItem): Promise<void> {
    event.preventDefault();
    const quantity = this.typed("ship-quantity").replace(",", ".");
    const paid = this.typed("ship-paid") === "" ? 0 : readMoney(this.typed("ship-paid"), this.currency);
    if (thousandths(quantity) === null || paid === null) return this.desk.note("warn", this.t.noAmount);
    const to = { name: this.typed("ship-name"), line1: this.typed("ship-line"), city: this.typed("ship-city"), postalCode: this.typed("ship-code"), country: this.typed("ship-country"), email: this.typed("ship-email") };
    const reference = this.typed("ship-reference");
    const tenders: Tender[] = paid === 0 ? [] : [reference === "" ? { kind: this.kind, amount: paid } : { kind: this.kind, amount: paid, reference }];
    const order = shipOrder(this.desk, item.sku, quantity, to);
    this.busy = true;
    const written = await this.desk.write(() => ({ request: { cashier: this.desk.state.cashier ?? "", order, tenders } }));
    this.busy = false;
    if (!written) return;
    this.act = "none";
    showSlip(this.desk, written.decided, "requested", null, false);
  }
}

customElements.define("till-stock", Stock);
