// A colleague who answers for something, and the customer.

import { type TemplateResult, html, nothing } from "lit";
import type { TillCashier } from "#core";
import { findCustomers } from "../desk/orders.ts";
import { refusalText } from "../desk/refusals.ts";
import type { Customer, Dialog } from "../desk/state.ts";
import { View, icon, own } from "./view.ts";
import { labeled } from "./parts.ts";

class Approve extends View {
  static override properties = { ...own("chosen", "wrong"), asked: { attribute: false } };
  declare asked: Extract<Dialog, { kind: "approve" }>;
  declare chosen: string | null;
  declare wrong: boolean;

  constructor() {
    super();
    [this.chosen, this.wrong] = [null, false];
  }

  override render(): TemplateResult {
    const who = this.able();
    return html`<form @submit=${(event: Event) => this.submit(event)}>
      <p>${refusalText(this.asked.refusal, this.desk.state)}</p>
      ${who.length === 0 ? html`<p class="banner" data-tone="warn">${icon("warning")}<span>${this.t.nobodyMay}</span></p>` : html`
        <p class="quiet">${this.t.approveText}</p>
        <div class="people">${who.map((one) => html`<button type="button" class="person" data-cashier=${one.id} aria-pressed=${String((this.chosen ?? who[0]?.id) === one.id)} @click=${() => { this.chosen = one.id; this.wrong = false; }}>${icon("user")}<span>${one.name}</span></button>`)}</div>
        ${labeled("PIN", html`<input name="approver-pin" class="big" type="password" inputmode="numeric" autocomplete="off" autofocus>`)}
        ${this.wrong ? html`<p class="problem" role="alert">${this.t.pinWrong}</p>` : nothing}`}
      <div class="buttons"><wa-button appearance="outlined" @click=${() => this.asked.done(null)}>${this.t.cancel}</wa-button>
      ${who.length === 0 ? nothing : html`<wa-button id="approve" type="submit" variant="brand">${this.t.approve}</wa-button>`}</div>
    </form>`;
  }

  override firstUpdated(): void {
    void this.focusOn('[name="approver-pin"]');
  }

  /** Who may, other than whoever asks. Whether a discount is in their power the core decides. */
  private able(): TillCashier[] {
    const { settings, cashier } = this.desk.state;
    const { permission } = this.asked;
    return (settings?.cashiers ?? []).filter((one) => one.id !== cashier && (permission === "discount" ? one.discount !== "0" : one.may.includes(permission)));
  }

  private submit(event: Event): void {
    event.preventDefault();
    const chosen = this.chosen ?? this.able()[0]?.id;
    if (chosen === undefined) return;
    if (this.desk.house.till.identify(chosen, this.typed("approver-pin"))) this.asked.done(chosen);
    else this.wrong = true;
  }
}

class CustomerDialog extends View {
  static override properties = own("found", "searching");
  declare found: Customer[] | null;
  declare searching: boolean;

  constructor() {
    super();
    [this.found, this.searching] = [null, false];
  }

  override render(): TemplateResult {
    const now = this.desk.state.counter.cart.customer ?? {};
    return html`
      <form class="pair end" @submit=${(event: Event) => void this.search(event)}>
        ${labeled(this.t.customerSearch, html`<input name="query" type="search" autocomplete="off" autofocus>`, this.t.customerSearchHint)}
        <wa-button type="submit" appearance="outlined" ?loading=${this.searching}>${icon("search", "start")} ${this.t.search}</wa-button>
      </form>
      ${this.found === null ? nothing : this.found.length === 0 ? html`<p class="quiet" role="status">${this.t.nobodyFound}</p>` : html`<ul class="plain">${this.found.map((one) => html`<li><button type="button" class="row-button" @click=${() => this.put(one)}>${icon("user")}<span>${one.name ?? one.id ?? one.email}</span><small class="quiet">${[one.email, one.phone, one.id].filter(Boolean).join(" · ")}</small></button></li>`)}</ul>`}
      <form @submit=${(event: Event) => this.submit(event)}>
        ${labeled(this.t.name, html`<input name="name" maxlength="100" autocomplete="off" .value=${now.name ?? ""}>`)}
        <div class="pair">
          ${labeled(this.t.email, html`<input name="email" type="email" maxlength="200" autocomplete="off" .value=${now.email ?? ""}>`)}
          ${labeled(this.t.phone, html`<input name="phone" type="tel" maxlength="40" autocomplete="off" .value=${now.phone ?? ""}>`)}
        </div>
        ${labeled(this.t.customerNumber, html`<input name="number" maxlength="60" autocomplete="off" .value=${now.id ?? ""}>`)}
        <div class="buttons">${now.name || now.email || now.phone || now.id ? html`<wa-button appearance="outlined" @click=${() => this.put(null)}>${this.t.remove}</wa-button>` : nothing}<wa-button type="submit" variant="brand">${this.t.apply}</wa-button></div>
      </form>`;
  }

  override firstUpdated(): void {
    void this.focusOn('[name="query"]');
  }

  private put(customer: Customer | null): void {
    this.desk.counter.setCustomer(customer);
    this.desk.set({ dialog: null });
  }

  private submit(event: Event): void {
    event.preventDefault();
    const typed = { id: this.typed("number"), name: this.typed("name"), email: this.typed("email"), phone: this.typed("phone") };
    const said = Object.fromEntries(Object.entries(typed).filter(([, text]) => text !== "")) as Customer;
    this.put(Object.keys(said).length === 0 ? null : said);
  }

  private async search(event: Event): Promise<void> {
    event.preventDefault();
    const query = this.typed("query");
    if (query === "" || this.searching) return;
    this.searching = true;
    const found = await findCustomers(this.desk, query);
    this.searching = false;
    if (found === null) this.desk.note("warn", this.t.needsNetwork);
    else this.found = found;
  }
}

customElements.define("till-approve", Approve);
customElements.define("till-customer", CustomerDialog);
