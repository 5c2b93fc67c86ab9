// Making this browser a till, with a code of the back office.

import { type TemplateResult, html, nothing } from "lit";
import { enroll } from "../device/enroll.ts";
import { View, icon } from "./view.ts";
import { labeled } from "./parts.ts";
import { LANGUAGES } from "../words/index.ts";

class Enroll extends View {
  override render(): TemplateResult {
    const { phase, preferences } = this.desk.state;
    if (phase.at !== "enroll") return html``;
    const lost = phase.lost === "database" ? this.t.lostDatabase : phase.lost === "behind" ? this.t.lostBehind : phase.lost === "again" ? this.t.lostAgain : null;
    return html`
      <main class="alone enroll">
        <form class="sheet" @submit=${(event: Event) => this.submit(event)}>
          <img src="icon.svg" alt="" width="52" height="52">
          <h1>${this.t.enrollTitle}</h1>
          ${lost === null ? nothing : html`<p class="banner" data-tone="bad" role="alert" id="lost">${icon("warning")}<span>${lost}</span></p>`}
          <p class="quiet">${this.t.enrollText}</p>
          ${labeled(this.t.enrollCode, html`<input name="code" class="big" autocomplete="off" autocapitalize="characters" spellcheck="false" required placeholder="acme.till-3.K7Q2M9XW" ?disabled=${phase.busy}>`)}
          ${phase.trouble === null ? nothing : html`<p class="problem" role="alert" id="trouble">${phase.trouble}</p>`}
          <wa-button type="submit" variant="brand" size="large" ?loading=${phase.busy}>${this.t.enrollDo}</wa-button>
          <p class="languages">${LANGUAGES.map((one) => html`<button type="button" class="link" lang=${one.code} aria-pressed=${String((preferences.language ?? this.t.language) === one.code)} @click=${() => this.desk.usePreferences({ language: one.code })}>${one.name}</button>`)}</p>
        </form>
      </main>`;
  }

  private async submit(event: Event): Promise<void> {
    event.preventDefault();
    const { phase } = this.desk.state;
    const code = this.typed("code");
    if (phase.at !== "enroll" || phase.busy || code === "" || !this.desk.database) return;
    const say = (trouble: string | null, busy: boolean) => this.desk.set({ phase: { ...phase, trouble, busy } });
    say(null, true);
    try {
      const answer = await enroll(this.desk.database, code);
      if (answer.kind === "away") return say(this.t.enrollAway, false);
      if (answer.kind === "nonsense") return say(this.t.nonsense, false);
      if (answer.kind === "refused") return say(this.t.enrollRefused(answer.code, answer.status), false);
      await this.desk.take(false);
      if (answer.epoch > 1) this.desk.note("bad", this.t.enrolledAgain(answer.epoch));
    } catch (error) {
      say(this.t.unexpected(error instanceof Error ? error.message : String(error)), false);
    }
  }
}

customElements.define("till-enroll", Enroll);
