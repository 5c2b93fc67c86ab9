// A line's quantity, price and discount; and the discount on the whole.

import { type TemplateResult, html, nothing } from "lit";
import type { DiscountAsk } from "#core";
import { plain, quantityText, readMoney, thousandths } from "../show/numbers.ts";
import { View, icon, own } from "./view.ts";
import { labeled } from "./parts.ts";

abstract class Discounting extends View {
  static override properties = own("byAmount");
  declare byAmount: boolean;

  constructor() {
    super();
    this.byAmount = false;
  }

  protected discountFields(now: DiscountAsk | null): TemplateResult {
    const value = now?.percent ?? (now?.amount == null ? "" : plain(now.amount, this.currency));
    const byAmount = this.byAmount || now?.amount != null;
    return html`<fieldset><legend>${this.t.discount}</legend>
      <div class="pair">
        ${labeled(byAmount ? this.t.byAmount : this.t.percent, html`<input name="discount" class="number" inputmode="decimal" autocomplete="off" .value=${value}>`)}
        <div class="kinds two" role="group"><button type="button" class="kind" aria-pressed=${String(!byAmount)} @click=${() => { this.byAmount = false; }}>%</button><button type="button" class="kind" aria-pressed=${String(byAmount)} @click=${() => { this.byAmount = true; }}>${this.currency}</button></div>
      </div>
      ${labeled(this.t.reason, html`<input name="reason" maxlength="60" autocomplete="off" list="reasons" .value=${now?.reason ?? ""}>`)}
      <datalist id="reasons">${this.t.discountReasons.map((one) => html`<option value=${one}></option>`)}</datalist>
    </fieldset>`;
  }

  /** What was typed: a discount, none, or nothing that can be understood. */
  protected discountTyped(): DiscountAsk | null | "wrong" {
    const typed = this.typed("discount");
    if (typed === "") return null;
    const reason = this.typed("reason") || (this.t.discountReasons[0] ?? this.t.discount);
    if (this.byAmount) {
      const amount = readMoney(typed, this.currency);
      return amount === null ? "wrong" : amount === 0 ? null : { amount, reason };
    }
    const percent = typed.replace("%", "").replace(",", ".").trim();
    if (!/^\d{1,3}(\.\d{1,4})?$/.test(percent)) return "wrong";
    return Number(percent) === 0 ? null : { percent, reason };
  }
}

class LineDialog extends Discounting {
  static override properties = { ...own("byAmount"), no: { attribute: false } };
  declare no: number;

  override render(): TemplateResult {
    const line = this.desk.state.counter.cart.lines[this.no - 1];
    const priced = this.desk.state.priced?.lines[this.no - 1];
    if (!line) return html``;
    return html`<form @submit=${(event: Event) => void this.submit(event)}>
      <p class="title">${priced?.title ?? line.sku} <small class="quiet">${line.sku}</small></p>
      <div class="pair">
        ${labeled(this.t.quantity(priced?.unit ?? ""), html`<input name="quantity" class="big number" inputmode="decimal" autocomplete="off" required autofocus .value=${line.quantity} @focus=${select}>`)}
        ${labeled(this.t.priceOfOne, html`<input name="price" class="big number" inputmode="decimal" autocomplete="off" placeholder=${priced?.list_price != null ? plain(priced.list_price, this.currency) : ""} .value=${line.price == null ? "" : plain(line.price, this.currency)} @focus=${select}>`, this.t.emptyIsListPrice)}
      </div>
      ${this.discountFields(line.discount ?? null)}
      <div class="buttons">
        <wa-button appearance="outlined" variant="danger" @click=${() => this.drop()}>${icon("trash", "start")} ${this.t.remove}</wa-button>
        <wa-button type="submit" variant="brand">${this.t.apply}</wa-button>
      </div>
    </form>`;
  }

  override firstUpdated(): void {
    void this.focusOn('[name="quantity"]');
  }

  private drop(): void {
    this.desk.set({ dialog: null });
    this.desk.counter.remove(this.no);
  }

  private async submit(event: Event): Promise<void> {
    event.preventDefault();
    const quantity = thousandths(this.typed("quantity"));
    const typed = this.typed("price");
    const price = typed === "" ? null : readMoney(typed, this.currency);
    const discount = this.discountTyped();
    if (quantity === null || discount === "wrong" || (typed !== "" && price === null)) return this.desk.note("warn", this.t.noAmount);
    this.desk.set({ dialog: null });
    if (quantity === 0) return this.desk.counter.remove(this.no);
    this.desk.counter.setQuantity(this.no, quantityText(quantity));
    await this.desk.counter.setPrice(this.no, price, discount);
  }
}

class CartDiscount extends Discounting {
  override render(): TemplateResult {
    const { cart } = this.desk.state.counter;
    return html`<form @submit=${(event: Event) => void this.submit(event)}>
      <p class="quiet">${this.t.discountOnAll}</p>
      ${this.discountFields(cart.discount ?? null)}
      <div class="buttons">${cart.discount ? html`<wa-button appearance="outlined" @click=${() => void this.put(null)}>${this.t.remove}</wa-button>` : nothing}<wa-button type="submit" variant="brand">${this.t.apply}</wa-button></div>
    </form>`;
  }

  override firstUpdated(): void {
    void this.focusOn('[name="discount"]');
  }

  private async submit(event: Event): Promise<void> {
    event.preventDefault();
    const discount = this.discountTyped();
    if (discount === "wrong") return this.desk.note("warn", this.t.noAmount);
    await this.put(discount);
  }

  private async put(discount: DiscountAsk | null): Promise<void> {
    this.desk.set({ dialog: null });
    await this.desk.counter.setDiscount(discount);
  }
}

function select(event: Event): void {
  (event.target as HTMLInputElement).select();
}

customElements.define("till-line", LineDialog);
customElements.define("till-cart-discount", CartDiscount);
