// Whether this till can be relied on without a network, and how it stands with the edge, in so many words.

import { type TemplateResult, html, nothing } from "lit";
import { askToPersist } from "../device/ready.ts";
import { ago, megabytes } from "../show/numbers.ts";
import { View, icon } from "./view.ts";

class Ready extends View {
  override render(): TemplateResult {
    const { ready, sync, book, heard, device } = this.desk.state;
    const now = Date.now();
    const time = (at: number | null) => (at === null || at === 0 ? this.t.never : ago(at, now, this.t.language));
    const reasons = ready?.reasons ?? [];
    return html`
      <div class="verdict" data-tone=${reasons.length === 0 ? "fine" : "warn"}>${icon(reasons.length === 0 ? "check" : "warning")}<b>${reasons.length === 0 ? this.t.readyYes : this.t.readyNo}</b></div>
      ${reasons.length === 0 ? html`<p class="quiet">${this.t.readyText}</p>` : html`<ul class="reasons">${reasons.map((reason) => html`<li data-reason=${reason}>${this.t.reasons[reason]}${reason === "not_persisted" ? html` <button type="button" class="link" @click=${() => void this.persist()}>${this.t.askPersist}</button>` : nothing}</li>`)}</ul>`}
      <dl class="facts">
        <div><dt>${this.t.factUnsent}</dt><dd id="fact-unsent">${sync.unsent}</dd></div>
        <div><dt>${this.t.factHeard}</dt><dd>${time(sync.heardAt)}</dd></div>
        <div><dt>${this.t.factBook}</dt><dd>${book && book.version > 0 ? this.t.bookFacts(book.items, time(book.checkedAt)) : this.t.never}</dd></div>
        <div><dt>${this.t.factState}</dt><dd>${this.t.states[heard?.state ?? "active"]}</dd></div>
        ${ready?.usage != null && ready.quota != null ? html`<div><dt>${this.t.factRoom}</dt><dd>${megabytes(ready.usage, this.t.language)} / ${megabytes(ready.quota, this.t.language)}</dd></div>` : nothing}
        <div><dt>${this.t.factDevice}</dt><dd>${device?.tenant}/${device?.device} · ${this.t.epoch(device?.epoch ?? 0)}</dd></div>
      </dl>
      <div class="buttons"><wa-button id="sync-now" appearance="outlined" ?loading=${sync.busy} @click=${() => this.desk.house.sync.kick()}>${icon("sync", "start")} ${this.t.syncNow}</wa-button></div>`;
  }

  private async persist(): Promise<void> {
    await askToPersist();
    await this.desk.checkReady(false);
  }
}

customElements.define("till-ready", Ready);
