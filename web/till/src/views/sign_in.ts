// Who stands at the till.

import { type TemplateResult, html, nothing } from "lit";
import type { TillCashier } from "#core";
import { View, icon, own } from "./view.ts";

class SignIn extends View {
  static override properties = own("chosen", "pin", "wrong");
  declare chosen: TillCashier | null;
  declare pin: string;
  declare wrong: boolean;

  constructor() {
    super();
    [this.chosen, this.pin, this.wrong] = [null, "", false];
  }

  override render(): TemplateResult {
    const { settings } = this.desk.state;
    return html`
      <main class="alone">
        <div class="sheet wide">
          <h1>${this.t.whoIsThere}</h1>
          <div class="people">${settings?.cashiers.map((one) => html`
            <button type="button" class="person" data-cashier=${one.id} aria-pressed=${String(this.chosen?.id === one.id)} @click=${() => this.choose(one)}>${icon("user")}<span>${one.name}</span></button>`)}</div>
          ${settings?.cashiers.length === 0 ? html`<p class="quiet">${this.t.nobodyYet}</p>` : nothing}
          ${this.chosen?.pin ? html`
            <form @submit=${(event: Event) => { event.preventDefault(); void this.enter(); }}>
              <label class="field"><span>${this.t.pinOf(this.chosen.name)}</span>
              <input name="pin" class="big" type="password" inputmode="numeric" autocomplete="off" required autofocus .value=${this.pin} @input=${(event: Event) => { this.pin = (event.target as HTMLInputElement).value; this.wrong = false; }}></label>
              ${this.wrong ? html`<p class="problem" role="alert">${this.t.pinWrong}</p>` : nothing}
              <wa-button type="submit" variant="brand" size="large">${this.t.signIn}</wa-button>
            </form>` : nothing}
        </div>
      </main>`;
  }

  override updated(): void {
    if (this.chosen?.pin && document.activeElement?.getAttribute("name") !== "pin") this.field('[name="pin"]')?.focus();
  }

  private choose(cashier: TillCashier): void {
    [this.chosen, this.pin, this.wrong] = [cashier, "", false];
    if (!cashier.pin) void this.enter();
  }

  private async enter(): Promise<void> {
    if (this.chosen && !(await this.desk.signIn(this.chosen.id, this.pin))) [this.wrong, this.pin] = [true, ""];
  }
}

customElements.define("till-sign-in", SignIn);
