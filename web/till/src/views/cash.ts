// Cash into the drawer and out of it that is neither sale nor refund.

import { type TemplateResult, html, nothing } from "lit";
import type { TillCommand } from "#core";
import { readMoney } from "../show/numbers.ts";
import { View } from "./view.ts";
import { labeled } from "./parts.ts";

class Cash extends View {
  static override properties = { act: { attribute: false } };
  declare act: "pay_in" | "pay_out" | "open_drawer";

  override render(): TemplateResult {
    return html`<form @submit=${(event: Event) => void this.submit(event)}>
      ${this.act === "open_drawer" ? nothing : labeled(this.t.amount, html`<input name="cash" class="big number" inputmode="decimal" autocomplete="off" required autofocus>`)}
      ${labeled(this.t.reason, html`<input name="reason" maxlength="60" required autocomplete="off">`)}
      <div class="buttons"><wa-button type="submit" variant="brand">${this.t.cashActs[this.act]}</wa-button></div>
    </form>`;
  }

  override firstUpdated(): void {
    void this.focusOn("input");
  }

  private async submit(event: Event): Promise<void> {
    event.preventDefault();
    const cashier = this.desk.state.cashier ?? "";
    const reason = this.typed("reason");
    const amount = this.act === "open_drawer" ? 0 : readMoney(this.typed("cash"), this.currency);
    if (amount === null || (amount === 0 && this.act !== "open_drawer")) return this.desk.note("warn", this.t.noAmount);
    this.desk.set({ dialog: null });
    const written = await this.desk.write((approver) => this.command(cashier, approver, amount, reason));
    if (written) this.desk.note("fine", this.t.written);
  }

  private command(cashier: string, approver: string | null, amount: number, reason: string): TillCommand {
    switch (this.act) {
      case "pay_in": return { pay_in: { cashier, amount, reason } };
      case "pay_out": return { pay_out: { cashier, approver, amount, reason } };
      case "open_drawer": return { open_drawer: { cashier, reason } };
    }
  }
}

customElements.define("till-cash", Cash);
