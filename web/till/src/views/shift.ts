// The shift: opening with a float, cash in and out, the report so far, closing by a blind count.

import { type TemplateResult, html, nothing } from "lit";
import { value } from "../desk/core.ts";
import { showReport } from "../desk/selling.ts";
import { readMoney } from "../show/numbers.ts";
import { View, icon, own } from "./view.ts";
import { labeled } from "./parts.ts";

class Shift extends View {
  static override properties = own("closing", "busy");
  declare closing: boolean;
  declare busy: boolean;

  constructor() {
    super();
    [this.closing, this.busy] = [false, false];
  }

  override render(): TemplateResult {
    const { view } = this.desk.state;
    return html`<div class="page narrow"><h1>${this.t.screen.shift}</h1>${view?.shift ? this.open(view.shift) : this.closed()}</div>`;
  }

  private closed(): TemplateResult {
    return html`<form class="sheet" @submit=${(event: Event) => void this.begin(event)}>
      <h2>${this.t.openShift}</h2><p class="quiet">${this.t.openShiftText}</p>
      ${labeled(this.t.float, html`<input name="float" class="big number" inputmode="decimal" required autocomplete="off" autofocus>`)}
      <div class="buttons"><wa-button type="submit" id="open-shift" variant="brand" size="large" ?loading=${this.busy}>${this.t.openShift}</wa-button></div>
    </form>
    <div class="buttons"><wa-button appearance="outlined" id="last-report" @click=${() => this.report()}>${icon("print", "start")} ${this.t.zReport}</wa-button></div>`;
  }

  private open(shift: { cashier: string; opened_at: number; sales: number }): TemplateResult {
    const name = this.desk.state.settings?.cashiers.find((one) => one.id === shift.cashier)?.name ?? shift.cashier;
    return html`<section class="sheet">
      <dl class="facts"><div><dt>${this.t.openedBy}</dt><dd>${name}</dd></div><div><dt>${this.t.openedAt}</dt><dd>${this.when(shift.opened_at)}</dd></div><div><dt>${this.t.salesSoFar}</dt><dd id="shift-sales">${shift.sales}</dd></div></dl>
      <div class="grid">
        ${(["pay_in", "pay_out", "open_drawer"] as const).map((act) => html`<button type="button" class="act tall" data-act=${act} @click=${() => this.desk.set({ dialog: { kind: "cash", act } })}>${icon(act === "open_drawer" ? "drawer" : act === "pay_in" ? "plus" : "minus")}<span>${this.t.cashActs[act]}</span></button>`)}
        <button type="button" class="act tall" id="x-report" @click=${() => this.report()}>${icon("print")}<span>${this.t.xReport}</span></button>
      </div>
    </section>
    ${this.closing ? html`<form class="sheet" @submit=${(event: Event) => void this.end(event)}>
      <h2>${this.t.closeShift}</h2><p class="quiet">${this.t.blindCount}</p>
      ${labeled(this.t.countedCash, html`<input name="counted-cash" class="big number" inputmode="decimal" required autocomplete="off" autofocus>`)}
      <div class="buttons"><wa-button appearance="outlined" @click=${() => { this.closing = false; }}>${this.t.cancel}</wa-button><wa-button type="submit" id="close-now" variant="brand" ?loading=${this.busy}>${this.t.closeShift}</wa-button></div>
    </form>` : html`<div class="buttons"><wa-button id="close-shift" variant="brand" size="large" @click=${() => this.count()}>${this.t.closeShift}</wa-button></div>`}${nothing}`;
  }

  override updated(changed: Map<string, unknown>): void {
    if (changed.has("closing") && this.closing) this.field('[name="counted-cash"]')?.focus();
  }

  private count(): void {
    if (this.desk.state.counter.cart.lines.length > 0) this.desk.note("warn", this.t.saleStillOpen);
    else this.closing = true;
  }

  private report(): void {
    try {
      const report = value(this.desk.house.till.report());
      if (report) showReport(this.desk, report);
      else this.desk.note("warn", this.t.noReport);
    } catch (error) {
      this.desk.tell(error);
    }
  }

  private async begin(event: Event): Promise<void> {
    event.preventDefault();
    const float = readMoney(this.typed("float"), this.currency);
    if (float === null) return this.desk.note("warn", this.t.noAmount);
    await this.write(() => ({ open_shift: { cashier: this.desk.state.cashier ?? "", float } }), () => this.desk.go("sale"));
  }

  private async end(event: Event): Promise<void> {
    event.preventDefault();
    const counted = readMoney(this.typed("counted-cash"), this.currency);
    if (counted === null) return this.desk.note("warn", this.t.noAmount);
    await this.write((approver) => ({ close_shift: { cashier: this.desk.state.cashier ?? "", approver, counted } }), () => {
      this.closing = false;
      this.report();
    });
  }

  private async write(make: Parameters<View["desk"]["write"]>[0], then: () => void): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    const written = await this.desk.write(make);
    this.busy = false;
    if (written) then();
  }
}

customElements.define("till-shift", Shift);
