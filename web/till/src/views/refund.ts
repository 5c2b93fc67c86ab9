// What comes back, why, where it goes, and how it is paid back.

import { type TemplateResult, html, nothing } from "lit";
import type { PricedRefund, RefundAsk, RefundLineAsk, SoldLine, TenderKind, TillItem } from "#core";
import { clock } from "../device/clock.ts";
import { refusalText } from "../desk/refusals.ts";
import { showSlip } from "../desk/selling.ts";
import { needsSomebody } from "../desk/counter.ts";
import { addQuantities, plain, quantityText, readMoney, subtractQuantities, thousandths } from "../show/numbers.ts";
import { View, icon, own } from "./view.ts";
import { TENDERS, labeled, tenderName } from "./parts.ts";

export type ReturnSource =
  | { kind: "order"; order: string; receipt: string | null; lines: SoldLine[]; entry: string | null }
  | { kind: "unknown" };

class Refund extends View {
  static override properties = { ...own("chosen", "kind", "query", "busy"), source: { attribute: false } };
  declare source: ReturnSource;
  declare chosen: (RefundLineAsk & { title: string })[];
  declare kind: TenderKind;
  declare query: string;
  declare busy: boolean;

  constructor() {
    super();
    [this.chosen, this.kind, this.query, this.busy] = [[], "cash", "", false];
  }

  override render(): TemplateResult {
    const priced = this.priced();
    return html`<div class="page">
      <div class="section"><h1>${this.source.kind === "order" ? this.source.receipt ?? this.t.returnOfOrder : this.t.withoutReceipt}</h1><button type="button" class="chip" @click=${() => this.leave()}>${icon("xmark")}<span>${this.t.cancel}</span></button></div>
      ${this.source.kind === "order" ? this.sold(this.source.lines) : this.anything()}
      ${this.chosen.length === 0 ? nothing : html`<form class="sheet" id="refund-form" @submit=${(event: Event) => void this.submit(event, priced)}>
        ${labeled(this.t.reason, html`<input name="refund-reason" required maxlength="60" list="return-reasons" autocomplete="off">`)}
        <datalist id="return-reasons">${this.t.returnReasons.map((one) => html`<option value=${one}></option>`)}</datalist>
        <div class="kinds" role="group" aria-label=${this.t.tenderKind}>${TENDERS.map((one) => html`<button type="button" class="kind" data-kind=${one.kind} aria-pressed=${String(this.kind === one.kind)} @click=${() => { this.kind = one.kind; }}>${icon(one.icon)}<span>${tenderName(one.kind)}</span></button>`)}</div>
        ${this.kind === "cash" ? nothing : labeled(this.t.reference[this.kind], html`<input name="refund-reference" maxlength="60" autocomplete="off">`)}
        <div class="row grand"><span>${this.t.payBack}</span><output id="refund-total">${priced ? this.money(this.kind === "cash" ? priced.due_in_cash : priced.due) : "–"}</output></div>
        ${priced?.refusals.filter((one) => one.code !== "too_little" && !needsSomebody(one)).slice(0, 1).map((one) => html`<p class="problem" role="alert">${refusalText(one, this.desk.state)}</p>`) ?? nothing}
        <div class="buttons"><wa-button type="submit" id="refund" variant="brand" size="large" ?loading=${this.busy} ?disabled=${priced === null}>${this.t.payBack}</wa-button></div>
      </form>`}
    </div>`;
  }

  private sold(lines: SoldLine[]): TemplateResult {
    return html`<ol class="lines sheet">${lines.map((line) => {
      const left = subtractQuantities(line.quantity, line.returned);
      const at = this.chosen.findIndex((one) => one.line === line.line);
      const chosen = this.chosen[at];
      return html`<li class="line" data-line=${line.line} ?data-chosen=${chosen !== undefined}>
        <span class="what"><span class="title">${line.title}</span><span class="detail">${line.sku} · ${this.money(line.total.total)}${line.returned === "0" ? nothing : html` · <b class="short">${this.t.cameBack(line.returned)}</b>`}</span></span>
        <div class="amount">
          <button type="button" class="square small" aria-label=${this.t.less(line.title)} @click=${() => this.count(line, left, -1)}>${icon("minus")}</button>
          <output class="quantity">${chosen?.quantity ?? "0"} / ${left}</output>
          <button type="button" class="square small" aria-label=${this.t.moreOf(line.title)} @click=${() => this.count(line, left, 1)}>${icon("plus")}</button>
        </div>
        ${chosen ? this.disposition(at) : html`<span></span>`}
      </li>`;
    })}</ol>`;
  }

  /** Without a receipt: goods are found like on the sale screen. */
  private anything(): TemplateResult {
    const answer = this.query === "" ? null : this.desk.house.till.search({ text: this.query, limit: 12 });
    return html`<div class="sheet">
      <p class="banner" data-tone="info">${icon("info")}<span>${this.t.blindText}</span></p>
      <div class="search">${icon("search")}<input type="search" name="goods" autocomplete="off" aria-label=${this.t.searchHint} placeholder=${this.t.searchHint} .value=${this.query} @input=${(event: Event) => { this.query = (event.target as HTMLInputElement).value; }}></div>
      ${answer?.ok ? html`<ul class="plain">${answer.value.map((item) => html`<li><button type="button" class="row-button" data-sku=${item.sku} @click=${() => this.choose(item)}>${icon("plus")}<span>${item.title} <small class="quiet">${item.sku}</small></span><b>${item.price === null ? "" : this.money(item.price)}</b></button></li>`)}</ul>` : nothing}
      <ol class="lines">${this.chosen.map((line, at) => html`<li class="line"><span class="what"><span class="title">${line.title}</span><span class="detail">${line.sku}</span></span>
        <div class="pair"><input class="number" aria-label=${this.t.quantity("")} inputmode="decimal" .value=${line.quantity} @change=${(event: Event) => this.patch(at, { quantity: (event.target as HTMLInputElement).value.replace(",", ".") })}>
        <input class="number" aria-label=${this.t.priceOfOne} inputmode="decimal" .value=${line.price == null ? "" : plain(line.price, this.currency)} @change=${(event: Event) => this.patch(at, { price: readMoney((event.target as HTMLInputElement).value, this.currency) })}></div>
        ${this.disposition(at)}</li>`)}</ol></div>`;
  }

  private disposition(at: number): TemplateResult {
    const line = this.chosen[at];
    return html`<button type="button" class="pill" aria-pressed=${String(line?.disposition === "quarantine")} @click=${() => this.patch(at, { disposition: line?.disposition === "quarantine" ? "restock" : "quarantine" })}>${line?.disposition === "quarantine" ? this.t.damagedGoods : this.t.backOnShelf}</button>`;
  }

  private patch(at: number, change: Partial<RefundLineAsk>): void {
    this.chosen = this.chosen.map((line, index) => (index === at ? { ...line, ...change } : line)).filter((line) => (thousandths(line.quantity) ?? 0) > 0);
  }

  private count(line: SoldLine, left: string, by: 1 | -1): void {
    const at = this.chosen.findIndex((one) => one.line === line.line);
    const now = this.chosen[at]?.quantity ?? "0";
    const wanted = by === 1 ? addQuantities(now, "1") : subtractQuantities(now, "1");
    const quantity = quantityText(Math.min(thousandths(wanted) ?? 0, thousandths(left) ?? 0));
    if (at >= 0) this.patch(at, { quantity });
    else if (quantity !== "0") this.chosen = [...this.chosen, { line: line.line, sku: line.sku, title: line.title, quantity, disposition: "restock" }];
  }

  private choose(item: TillItem): void {
    this.chosen = [...this.chosen, { line: null, sku: item.sku, title: item.title, quantity: "1", price: item.price, disposition: "restock" }];
    this.query = "";
  }

  private asked(approver: string | null): RefundAsk {
    const lines = this.chosen.map(({ title: _, ...line }) => line);
    const of = this.source.kind === "order" ? (this.source.entry === null ? { order: this.source.order, receipt: this.source.receipt, sold: this.source.lines } : { sale: this.source.entry }) : { order: null };
    return { cashier: this.desk.state.cashier ?? "", approver, ...of, reason: this.typed("refund-reason") || "-", lines };
  }

  private priced(): PricedRefund | null {
    if (this.chosen.length === 0) return null;
    const answer = this.desk.house.till.price_refund(this.asked(null), clock());
    return answer.ok ? answer.value : null;
  }

  private async submit(event: Event, priced: PricedRefund | null): Promise<void> {
    event.preventDefault();
    if (!priced || this.busy) return;
    const amount = this.kind === "cash" ? priced.due_in_cash : priced.due;
    const reference = this.typed("refund-reference");
    const tender = reference === "" ? { kind: this.kind, amount } : { kind: this.kind, amount, reference };
    this.busy = true;
    const written = await this.desk.write((approver) => ({ refund: { ...this.asked(approver), tenders: [tender] } }));
    this.busy = false;
    if (!written) return;
    this.leave();
    showSlip(this.desk, written.decided, "refunded", amount, this.kind === "cash");
  }

  private leave(): void {
    this.dispatchEvent(new CustomEvent("done"));
  }
}

customElements.define("till-refund", Refund);
