// Sales that wait, and the shortcuts of the keyboard.

import { type TemplateResult, html } from "lit";
import { SHORTCUTS } from "../input/shortcuts.ts";
import { View, icon, key } from "./view.ts";
import { empty } from "./parts.ts";

class Held extends View {
  override render(): TemplateResult {
    const { carts, counter } = this.desk.state;
    const waiting = carts.filter((one) => one.id !== counter.id && one.cart.lines.length > 0);
    if (waiting.length === 0) return empty("stack", this.t.nothingHeld);
    return html`<ul class="plain" id="held-list">${waiting.map((one) => html`<li class="with-act">
      <button type="button" class="row-button" @click=${() => this.take(one.id)}>${icon("cart")}<span>${one.name || this.t.heldName(one.cart.lines.length)}</span><small class="quiet">${this.when(one.touchedAt)} · ${one.cart.lines.map((line) => line.sku).slice(0, 3).join(", ")}</small></button>
      <button type="button" class="square" aria-label=${this.t.remove} @click=${() => void this.drop(one.id)}>${icon("trash")}</button></li>`)}</ul>`;
  }

  override firstUpdated(): void {
    void this.focusOn(".row-button");
  }

  private take(id: string): void {
    const cart = this.desk.state.carts.find((one) => one.id === id);
    if (!cart) return;
    this.desk.set({ dialog: null });
    void this.desk.counter.show(cart);
  }

  private async drop(id: string): Promise<void> {
    if (await this.desk.confirm(this.t.dropHeld, this.t.remove, true)) await this.desk.counter.drop(id);
  }
}

class Keys extends View {
  override render(): TemplateResult {
    return html`<dl class="keys">${SHORTCUTS.map((one) => html`<div><dt>${key(one.shown)}</dt><dd>${this.t.shortcuts[one.name]}</dd></div>`)}</dl><p class="quiet">${this.t.scanAnywhere}</p>`;
  }
}

customElements.define("till-held", Held);
customElements.define("till-keys", Keys);
