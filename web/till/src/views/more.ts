// The journal, the till's own settings, and what can be done when something is wrong.

import { type TemplateResult, html, nothing } from "lit";
import { reprint } from "../desk/selling.ts";
import { type Result, type Row } from "../kept/database.ts";
import { newest } from "../kept/journal.ts";
import { LANGUAGES, type Language } from "../words/index.ts";
import { View, icon, own } from "./view.ts";
import { labeled } from "./parts.ts";

const MOST_ROWS = 60;
const WITH_RECEIPT = new Set(["sold", "refunded", "requested"]);

class More extends View {
  static override properties = own("rows", "results", "only");
  declare rows: Row[];
  declare results: Map<string, Result>;
  declare only: boolean;
  private seen = -1;

  constructor() {
    super();
    [this.rows, this.results, this.only] = [[], new Map(), false];
  }

  override render(): TemplateResult {
    return html`<div class="page">
      <h1>${this.t.screen.more}</h1>
      <section class="sheet" aria-label=${this.t.journal}>
        <div class="section"><h2>${this.t.journal}</h2><div class="chips"><button type="button" class="pill" aria-pressed=${String(this.only)} @click=${() => { this.only = !this.only; this.seen = -1; void this.load(); }}>${this.t.onlyRemarks}</button>
          <button type="button" class="chip" id="export" @click=${() => void this.desk.exportJournal()}>${icon("download")}<span>${this.t.exportJournal}</span></button></div></div>
        <ul class="plain journal" id="journal">${this.rows.map((row) => this.row(row))}</ul>
        ${this.rows.length === 0 ? html`<p class="quiet">${this.t.journalEmpty}</p>` : nothing}
      </section>
      ${this.settings()}
      <div class="buttons">${this.desk.state.heard?.state === "active" ? nothing : html`<wa-button variant="brand" id="again" @click=${() => void this.desk.setUpAgain()}>${this.t.setUpAgain}</wa-button>`}<wa-button appearance="outlined" id="help" @click=${() => this.desk.set({ dialog: { kind: "keys" } })}>${icon("keys", "start")} ${this.t.keysTitle}</wa-button><wa-button appearance="outlined" @click=${() => this.desk.set({ dialog: { kind: "ready" } })}>${icon("info", "start")} ${this.t.readyTitle}</wa-button></div>
      <p class="quiet small">${this.t.notCertified}</p>
    </div>`;
  }

  private row(row: Row): TemplateResult {
    const { heard, device } = this.desk.state;
    const result = this.results.get(`${row.epoch}:${row.seq}`);
    const sent = row.epoch !== device?.epoch || row.seq <= (heard?.ackUpto ?? 0);
    const tone = result?.status === "refused" ? "bad" : result && result.variances.length > 0 ? "warn" : sent ? "fine" : "quiet";
    return html`<li data-seq=${row.seq}>
      <span class="mark" data-tone=${tone} title=${sent ? this.t.sent : this.t.notSent}></span>
      <span class="seq">${row.seq}</span><span>${this.t.kinds[row.kind as keyof typeof this.t.kinds] ?? row.kind} <small class="quiet">${row.receipt ?? ""}</small></span>
      <small class="quiet">${this.when(row.at)}</small>
      ${WITH_RECEIPT.has(row.kind) ? html`<button type="button" class="square small" aria-label=${this.t.reprint(row.receipt ?? String(row.seq))} @click=${() => reprint(this.desk, row)}>${icon("print")}</button>` : html`<span></span>`}
      ${result ? html`<p class="remark" data-tone=${tone}>${this.t.remark(result.status, result.code, result.variances, result.outcome)}</p>` : nothing}
    </li>`;
  }

  private settings(): TemplateResult {
    const { preferences } = this.desk.state;
    const pick = <T extends string | number>(name: string, label: string, now: T, options: [T, string][], use: (value: T) => void) => labeled(label, html`<select name=${name} @change=${(event: Event) => { const [value] = options[(event.target as HTMLSelectElement).selectedIndex] ?? []; if (value !== undefined) use(value); }}>${options.map(([value, text]) => html`<option value=${value} ?selected=${value === now}>${text}</option>`)}</select>`);
    return html`<section class="sheet"><h2>${this.t.settings}</h2><div class="pair">
      ${pick("language", this.t.language_, preferences.language ?? this.t.language, LANGUAGES.map((one): [Language, string] => [one.code, one.name]), (language) => this.desk.usePreferences({ language }))}
      ${pick("theme", this.t.theme, preferences.theme, [["system", this.t.themes.system], ["light", this.t.themes.light], ["dark", this.t.themes.dark]], (theme) => this.desk.usePreferences({ theme }))}
      ${pick("columns", this.t.paperWidth, preferences.columns, [[32, "58 mm"], [48, "80 mm"]], (columns) => this.desk.usePreferences({ columns }))}</div>
      <wa-switch id="sounds" ?checked=${preferences.sounds} @change=${(event: Event) => this.desk.usePreferences({ sounds: (event.target as HTMLInputElement).checked })}>${this.t.sounds}</wa-switch>
    </section>`;
  }

  override updated(): void {
    // Whenever an entry came or was acknowledged.
    const seen = (this.desk.state.view?.seq ?? 0) * 2 ** 20 + (this.desk.state.heard?.ackUpto ?? 0);
    if (seen !== this.seen) {
      this.seen = seen;
      void this.load();
    }
  }

  private async load(): Promise<void> {
    const { database } = this.desk.house;
    const results = await database.getAll("results");
    const byName = new Map(results.map((one) => [`${one.epoch}:${one.seq}`, one]));
    this.results = byName;
    this.rows = await newest(database, MOST_ROWS, this.only ? (row) => byName.has(`${row.epoch}:${row.seq}`) : undefined);
  }
}

customElements.define("till-more", More);
