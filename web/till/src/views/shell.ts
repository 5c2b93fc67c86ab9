// The frame around every screen: who and where, how things stand with the edge, where to go.

import { type TemplateResult, html, nothing } from "lit";
import { SCREENS, type Screen } from "../desk/state.ts";
import { View, icon, key } from "./view.ts";
import "./enroll.ts";
import "./sign_in.ts";
import "./sale.ts";
import "./returns.ts";
import "./orders.ts";
import "./stock.ts";
import "./shift.ts";
import "./more.ts";
import "./dialogs.ts";

const ICONS: Record<Screen, string> = { sale: "cart", returns: "return", orders: "box", stock: "shelves", shift: "drawer", more: "more" };

/** Stops that a new setup ends; the journal can be taken out before. */
const RESCUE = new Set(["unreadable", "no_key"]);

class Shell extends View {
  override render(): TemplateResult {
    const { phase } = this.desk.state;
    switch (phase.at) {
      case "starting":
        return html`<main class="alone"><p role="status">${this.t.starting}</p></main>`;
      case "enroll":
        return html`<till-enroll></till-enroll>`;
      case "elsewhere":
        return this.alone("stack", this.t.elsewhereTitle, this.t.elsewhereText, html`<wa-button variant="brand" size="large" id="take-over" @click=${() => this.desk.take(true)}>${this.t.takeOver}</wa-button>`);
      case "stopped":
        return this.alone("warning", this.t.stopped[phase.why].title, this.t.stopped[phase.why].text, html`${phase.detail ? html`<p class="quiet detail">${phase.detail}</p>` : nothing}<wa-button variant="brand" @click=${() => location.reload()}>${this.t.reload}</wa-button>${RESCUE.has(phase.why) ? html`<wa-button appearance="outlined" id="rescue" @click=${() => void this.desk.exportJournal()}>${this.t.exportJournal}</wa-button><wa-button appearance="outlined" id="again" @click=${() => void this.desk.setUpAgain()}>${this.t.setUpAgain}</wa-button>` : nothing}`);
      case "sign_in":
        return html`${this.bar(false)}<till-sign-in></till-sign-in><till-dialogs></till-dialogs>${this.notes()}`;
      case "open":
        return html`${this.bar(true)}${this.standing()}<main id="screen" class=${`screen ${this.desk.state.screen}`}>${this.screen()}</main><till-dialogs></till-dialogs>${this.notes()}`;
    }
  }

  private alone(name: string, title: string, text: string, more: TemplateResult): TemplateResult {
    return html`<main class="alone"><div class="sheet">${icon(name)}<h1>${title}</h1><p>${text}</p>${more}</div></main>`;
  }

  private screen(): TemplateResult {
    switch (this.desk.state.screen) {
      case "sale": return html`<till-sale></till-sale>`;
      case "returns": return html`<till-returns></till-returns>`;
      case "orders": return html`<till-orders></till-orders>`;
      case "stock": return html`<till-stock></till-stock>`;
      case "shift": return html`<till-shift></till-shift>`;
      case "more": return html`<till-more></till-more>`;
    }
  }

  private bar(open: boolean): TemplateResult {
    const { settings, cashier, screen } = this.desk.state;
    const name = settings?.cashiers.find((one) => one.id === cashier)?.name ?? cashier;
    return html`
      <header class="bar">
        <div class="name"><img src="icon.svg" alt="" width="26" height="26"><span>${settings?.label ?? "Estiba"}</span></div>
        ${open ? html`<nav aria-label=${this.t.screens}>${SCREENS.map((one, index) => html`
          <button type="button" class="tab" title=${`Alt+${index + 1}`} aria-current=${one === screen ? "page" : nothing} data-screen=${one} @click=${() => this.desk.go(one)}>
            ${icon(ICONS[one])}<span>${this.t.screen[one]}</span>${key(`Alt+${index + 1}`)}
          </button>`)}</nav>` : nothing}
        <div class="state">
          ${this.syncState()}${this.readyLight()}
          ${open ? html`<button type="button" class="chip" id="sign-out" title=${this.t.signOut} @click=${() => this.desk.signOut()}>${icon("user")}<span class="wide-only">${name}</span></button>` : nothing}
        </div>
      </header>`;
  }

  private syncState(): TemplateResult {
    const { sync } = this.desk.state;
    const away = sync.last === "away" || !navigator.onLine;
    const bad = sync.last === "nonsense" || sync.last === "refused";
    const text = sync.unsent > 0 ? this.t.unsent(sync.unsent) : away ? this.t.offline : this.t.inStep;
    const tone = bad ? "bad" : away || sync.unsent > 0 ? "warn" : "fine";
    return html`<button type="button" class="chip" id="sync" data-tone=${tone} data-unsent=${sync.unsent} data-last=${sync.last} aria-label=${`${this.t.syncLabel}: ${text}`} @click=${() => this.desk.set({ dialog: { kind: "ready" } })}>
      ${icon(sync.busy ? "sync" : away ? "cloud-off" : "cloud")}<span>${text}</span></button>`;
  }

  private readyLight(): TemplateResult {
    const { ready } = this.desk.state;
    const good = ready !== null && ready.reasons.length === 0;
    const text = ready === null ? this.t.readyAsking : good ? this.t.readyYes : this.t.readyNo;
    return html`<button type="button" class="chip" id="ready" data-tone=${ready === null ? "quiet" : good ? "fine" : "warn"} data-reasons=${ready?.reasons.join(" ") ?? ""} aria-label=${text} @click=${() => this.desk.set({ dialog: { kind: "ready" } })}>
      <i class="light" aria-hidden="true"></i><span class="wide-only">${text}</span></button>`;
  }

  /** What everybody at this till has to know, for as long as it is so. */
  private standing(): TemplateResult | typeof nothing {
    const { heard, damaged, update, view, sync } = this.desk.state;
    const banners: [string, string, TemplateResult | typeof nothing][] = [];
    if (heard?.state === "revoked") banners.push(["bad", this.t.revoked, nothing]);
    else if (heard?.state === "quarantined") banners.push(["bad", this.t.quarantined, nothing]);
    if (damaged.length > 0) banners.push(["bad", this.t.damaged(damaged), nothing]);
    if (sync.last === "nonsense") banners.push(["warn", this.t.nonsense, nothing]);
    else if (sync.last === "refused" && heard?.state === "active") banners.push(["warn", this.t.refusedByEdge(sync.code), nothing]);
    for (const warning of view?.warnings ?? []) banners.push(["warn", this.t.warnings[warning], warning === "book_old" ? nothing : html`<button type="button" class="link" @click=${() => this.acceptClock()}>${this.t.acceptClock}</button>`]);
    if (update) banners.push(["info", this.t.updateThere, html`<button type="button" class="link" id="update" @click=${() => this.dispatchEvent(new CustomEvent("till-update", { bubbles: true }))}>${this.t.updateNow}</button>`]);
    if (banners.length === 0) return nothing;
    return html`<div class="banners" role="status">${banners.map(([tone, text, act]) => html`<p class="banner" data-tone=${tone}>${icon(tone === "info" ? "info" : "warning")}<span>${text}</span>${act}</p>`)}</div>`;
  }

  private async acceptClock(): Promise<void> {
    const { cashier } = this.desk.state;
    await this.desk.write((approver) => ({ accept_clock: { manager: approver ?? cashier ?? "" } }));
  }

  private notes(): TemplateResult {
    return html`<div class="notes" role="status" aria-live="polite">${this.desk.state.notes.map((note) => html`
      <div class="note" data-tone=${note.tone}><span>${note.text}</span><button type="button" aria-label=${this.t.dismiss} @click=${() => this.desk.unnote(note.id)}>${icon("xmark")}</button></div>`)}</div>`;
  }
}

customElements.define("till-shell", Shell);
