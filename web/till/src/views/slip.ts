// A receipt or a report: looked at, printed, sent to a receipt printer.

import { type TemplateResult, html, nothing } from "lit";
import type { Slip } from "../desk/state.ts";
import { saveBytes } from "../print/file.ts";
import { hasSerial, toPrinter } from "../print/printer.ts";
import { View, icon, key, own } from "./view.ts";
import { paper } from "./parts.ts";

class SlipView extends View {
  static override properties = own("slip");
  declare slip: Slip;

  override render(): TemplateResult {
    const { slip } = this;
    const { columns } = this.desk.state.preferences;
    return html`
      ${slip.kind === "sold" && !slip.copy ? html`<div class="due done"><span>${icon("check")} ${this.t.sold}</span>
        ${slip.change > 0 ? html`<output id="change">${this.money(slip.change)}</output><small class="quiet">${this.t.change}</small>` : nothing}</div>` : nothing}
      ${slip.kind === "requested" ? html`<p class="banner" data-tone="info">${icon("info")}<span>${this.t.requestNote}</span></p>` : nothing}
      ${paper(this.desk, slip.shown, columns)}
      <div class="buttons">
        <wa-button appearance="outlined" id="print" @click=${() => window.print()}>${icon("print", "start")} ${this.t.print}</wa-button>
        <wa-button appearance="outlined" id="escpos" @click=${() => void this.printer()}>${icon(hasSerial() ? "print" : "download", "start")} ${hasSerial() ? this.t.printer : this.t.printerFile}</wa-button>
        <wa-button variant="brand" id="close-slip" @click=${() => this.desk.set({ dialog: null })}>${slip.kind === "sold" && !slip.copy ? this.t.nextSale : this.t.close} ${key("Enter")}</wa-button>
      </div>`;
  }

  override firstUpdated(): void {
    void this.focusOn("#close-slip");
  }

  private async printer(): Promise<void> {
    const bytes = new Uint8Array(this.slip.shown.escpos);
    const name = `${this.slip.receipt ?? "report"}.bin`;
    if (!hasSerial()) return saveBytes(name, bytes, "application/octet-stream");
    const printed = await toPrinter(bytes);
    if (printed === "failed") {
      this.desk.note("warn", this.t.printerFailed);
      saveBytes(name, bytes, "application/octet-stream");
    }
  }
}

customElements.define("till-slip", SlipView);
