// What every screen is: it draws the state of the desk, without a shadow root so that one style sheet and one print sheet hold.

import { LitElement, type PropertyDeclaration, type TemplateResult, html, nothing } from "lit";
import type { Desk } from "../desk/desk.ts";
import { money, when } from "../show/numbers.ts";
import { words } from "../words/index.ts";

let desk: Desk;

export function useDesk(one: Desk): void {
  desk = one;
}

export class View extends LitElement {
  readonly desk = desk;
  private readonly redraw = () => this.requestUpdate();

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.desk.watchers.add(this.redraw);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.desk.watchers.delete(this.redraw);
  }

  protected get t() {
    return words();
  }

  protected get currency(): string {
    return this.desk.state.settings?.currency ?? "EUR";
  }

  protected money(minor: number): string {
    return money(minor, this.currency, this.t.language);
  }

  protected when(at: number): string {
    return when(at, this.t.language);
  }

  protected field<T extends HTMLElement = HTMLInputElement>(selector: string): T | null {
    return this.querySelector<T>(selector);
  }

  /** Moves the focus, once the dialog around it is open and what is focused has drawn itself. */
  protected async focusOn(selector: string): Promise<void> {
    await this.closest<HTMLElement & { updateComplete?: Promise<unknown> }>("wa-dialog")?.updateComplete;
    const element = this.field<HTMLElement & { updateComplete?: Promise<unknown> }>(selector);
    await element?.updateComplete;
    if (element?.isConnected) element.focus();
  }

  /** The text of a named input, trimmed. */
  protected typed(name: string): string {
    return this.field<HTMLInputElement>(`[name="${name}"]`)?.value.trim() ?? "";
  }
}

/** Reactive fields without decorators: `declare` them, then name them here. */
export function own(...names: string[]): Record<string, PropertyDeclaration> {
  return Object.fromEntries(names.map((name) => [name, { attribute: false, state: true }]));
}

/** `slot` is where it goes in a component: before the text of a button is `start`. */
export function icon(name: string, slot: "start" | null = null): TemplateResult {
  return html`<wa-icon name=${name} slot=${slot ?? nothing} aria-hidden="true"></wa-icon>`;
}

export function key(name: string | null): TemplateResult | typeof nothing {
  return name === null ? nothing : html`<kbd aria-hidden="true">${name}</kbd>`;
}
