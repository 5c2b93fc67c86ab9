// The one dialog that is open, whatever it is about.

import { type TemplateResult, html, nothing } from "lit";
import { keyed } from "lit/directives/keyed.js";
import type { Dialog } from "../desk/state.ts";
import { View } from "./view.ts";
import "./pay.ts";
import "./slip.ts";
import "./line.ts";
import "./people.ts";
import "./held.ts";
import "./camera.ts";
import "./about.ts";
import "./cash.ts";

class Dialogs extends View {
  /** Each dialog is an element of its own: one may follow another faster than it could close. */
  override render(): TemplateResult {
    const { dialog } = this.desk.state;
    return html`${dialog === null ? nothing : keyed(dialog, html`<wa-dialog open label=${this.label(dialog)} class=${dialog.kind} light-dismiss
      @wa-hide=${(event: Event) => this.closed(event)}>${this.body(dialog)}</wa-dialog>`)}`;
  }

  private closed(event: Event): void {
    if ((event.target as Element).localName !== "wa-dialog") return;
    const { dialog } = this.desk.state;
    if (dialog === null) return;
    if (dialog.kind === "approve") return dialog.done(null);
    if (dialog.kind === "confirm") return dialog.done(false);
    this.desk.set({ dialog: null });
  }

  private label(dialog: Dialog): string {
    switch (dialog.kind) {
      case "pay": return this.t.pay;
      case "slip": return dialog.slip.kind === "report" ? (dialog.slip.report?.kind === "z" ? this.t.zReport : this.t.xReport) : this.t.slip[dialog.slip.kind];
      case "approve": return this.t.approveTitle;
      case "line": return this.t.lineTitle;
      case "cart_discount": return this.t.discount;
      case "customer": return this.t.customer;
      case "held": return this.t.heldTitle;
      case "camera": return this.t.camera;
      case "keys": return this.t.keysTitle;
      case "ready": return this.t.readyTitle;
      case "cash": return this.t.cashActs[dialog.act];
      case "confirm": return this.t.sure;
    }
  }

  private body(dialog: Dialog): TemplateResult {
    switch (dialog.kind) {
      case "pay": return html`<till-pay></till-pay>`;
      case "slip": return html`<till-slip .slip=${dialog.slip}></till-slip>`;
      case "approve": return html`<till-approve .asked=${dialog}></till-approve>`;
      case "line": return html`<till-line .no=${dialog.line}></till-line>`;
      case "cart_discount": return html`<till-cart-discount></till-cart-discount>`;
      case "customer": return html`<till-customer></till-customer>`;
      case "held": return html`<till-held></till-held>`;
      case "camera": return html`<till-camera></till-camera>`;
      case "keys": return html`<till-keys></till-keys>`;
      case "ready": return html`<till-ready></till-ready>`;
      case "cash": return html`<till-cash .act=${dialog.act}></till-cash>`;
      case "confirm": return html`<p>${dialog.text}</p><div class="buttons"><wa-button appearance="outlined" @click=${() => dialog.done(false)}>${this.t.cancel}</wa-button><wa-button id="yes" variant=${dialog.danger ? "danger" : "brand"} @click=${() => dialog.done(true)}>${dialog.yes}</wa-button></div>`;
    }
  }
}

customElements.define("till-dialogs", Dialogs);
