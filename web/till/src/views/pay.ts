// Paying: one tender after the other until nothing is due.

import { type TemplateResult, html, nothing } from "lit";
import type { TenderKind } from "#core";
import { needsSomebody } from "../desk/counter.ts";
import { refusalText } from "../desk/refusals.ts";
import { sell } from "../desk/selling.ts";
import { digitsOf, plain, readMoney } from "../show/numbers.ts";
import { View, icon, key, own } from "./view.ts";
import { TENDERS, labeled, tenderName } from "./parts.ts";

/** Notes people pay with, in whole units of the currency. */
const NOTES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000];
const QUICK = 4;

class Pay extends View {
  static override properties = own("kind", "amount", "busy");
  declare kind: TenderKind;
  declare amount: string | null;
  declare busy: boolean;

  constructor() {
    super();
    [this.kind, this.amount, this.busy] = ["cash", null, false];
  }

  override render(): TemplateResult {
    const { priced, counter } = this.desk.state;
    if (!priced) return html``;
    const tenders = counter.cart.tenders ?? [];
    const missing = priced.refusals.some((one) => one.code === "too_little");
    const blocked = priced.refusals.find((one) => one.code !== "too_little" && !needsSomebody(one));
    const done = !missing && blocked === undefined;
    return html`
      <div class="due">
        <span>${done && priced.change > 0 ? this.t.change : done ? this.t.paid : this.t.due}</span>
        <output id="due">${this.money(done ? priced.change : this.kind === "cash" ? priced.due_in_cash : priced.due)}</output>
        <small class="quiet">${this.t.total} ${this.money(priced.total)}${priced.rounding !== 0 ? html` · ${this.t.rounding} ${this.money(priced.rounding)}` : nothing}</small>
      </div>
      ${tenders.length === 0 ? nothing : html`<ul class="tenders">${tenders.map((tender, index) => html`<li><span>${tenderName(tender.kind)}${tender.reference ? html` <small>${tender.reference}</small>` : nothing}</span><b>${this.money(tender.amount)}</b><button type="button" class="square small" aria-label=${this.t.remove} @click=${() => this.desk.counter.untender(index)}>${icon("xmark")}</button></li>`)}</ul>`}
      ${blocked ? html`<p class="banner" data-tone="bad" role="alert">${icon("warning")}<span>${refusalText(blocked, this.desk.state)}</span></p>` : nothing}
      ${done ? this.finish() : this.next(priced.due_in_cash, priced.due)}`;
  }

  private next(cash: number, due: number): TemplateResult {
    const open = this.kind === "cash" ? cash : due;
    return html`<form @submit=${(event: Event) => this.add(event, open)}>
      <div class="kinds" role="group" aria-label=${this.t.tenderKind}>${TENDERS.map((one) => html`<button type="button" class="kind" data-kind=${one.kind} aria-pressed=${String(this.kind === one.kind)} @click=${() => { [this.kind, this.amount] = [one.kind, null]; }}>${icon(one.icon)}<span>${tenderName(one.kind)}</span>${key(`Alt+${one.key}`)}</button>`)}</div>
      ${labeled(this.t.amount, html`<input name="amount" class="big number" inputmode="decimal" autocomplete="off" required .value=${this.amount ?? plain(open, this.currency)} @focus=${(event: Event) => (event.target as HTMLInputElement).select()} @input=${(event: Event) => { this.amount = (event.target as HTMLInputElement).value; }}>`)}
      ${this.kind === "cash" ? html`<div class="quick">${this.quick(cash).map((minor) => html`<button type="button" class="pill" @click=${() => this.give(minor)}>${this.money(minor)}</button>`)}</div>`
        : labeled(this.t.reference[this.kind], html`<input name="reference" autocomplete="off" maxlength="60">`, this.kind === "card" ? this.t.noCardNumbers : null)}
      <wa-button type="submit" id="add-tender" variant="brand" size="large">${this.t.takeTender(tenderName(this.kind))} ${key("Enter")}</wa-button>
    </form>`;
  }

  private finish(): TemplateResult {
    return html`<wa-button id="finish" variant="success" size="large" ?loading=${this.busy} @click=${() => void this.sell()}>${this.t.finishSale} ${key("Enter")}</wa-button>`;
  }

  override firstUpdated(): void {
    this.focusNext();
  }

  override updated(changed: Map<string, unknown>): void {
    if (changed.has("kind") || this.field("#finish")) this.focusNext();
  }

  private focusNext(): void {
    void this.focusOn(this.field("#finish") ? "#finish" : '[name="amount"]');
  }

  /** What is due, and the notes that somebody may hand over for it. */
  private quick(due: number): number[] {
    const unit = 10 ** digitsOf(this.currency);
    const rounded = NOTES.map((note) => Math.ceil(due / (note * unit)) * note * unit);
    return [...new Set([due, ...rounded])].filter((minor) => minor > 0).slice(0, QUICK);
  }

  private add(event: Event, open: number): void {
    event.preventDefault();
    const minor = readMoney(this.amount ?? plain(open, this.currency), this.currency);
    if (minor === null || minor === 0) return this.desk.note("warn", this.t.noAmount);
    this.give(minor);
  }

  private give(amount: number): void {
    const reference = this.typed("reference");
    this.desk.counter.tender(reference === "" ? { kind: this.kind, amount } : { kind: this.kind, amount, reference });
    this.amount = null;
    this.tellWhatStands();
  }

  /** A tender that cannot be: said at once and taken back. */
  private tellWhatStands(): void {
    const { priced, counter } = this.desk.state;
    const refusal = priced?.refusals.find((one) => one.code === "change_only_from_cash" || one.code === "too_much" || one.code === "tender_amount");
    if (!refusal) return;
    this.desk.tellRefusal(refusal);
    this.desk.counter.untender((counter.cart.tenders?.length ?? 1) - 1);
  }

  private async sell(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      await sell(this.desk);
    } catch (error) {
      this.desk.trouble(error);
    } finally {
      this.busy = false;
    }
  }
}

customElements.define("till-pay", Pay);
