// Pieces that several screens draw.

import { type TemplateResult, html, nothing } from "lit";
import type { Receipt, TenderKind } from "#core";
import type { Desk } from "../desk/desk.ts";
import { words } from "../words/index.ts";
import { icon } from "./view.ts";

export const TENDERS: { kind: TenderKind; icon: string; key: string }[] = [
  { kind: "cash", icon: "cash", key: "1" },
  { kind: "card", icon: "card", key: "2" },
  { kind: "gift_card", icon: "gift", key: "3" },
  { kind: "store_credit", icon: "credit", key: "4" },
];

export function tenderName(kind: TenderKind): string {
  return words().tenders[kind];
}

export function empty(name: string, text: string): TemplateResult {
  return html`<div class="empty">${icon(name)}<p>${text}</p></div>`;
}

/** A field of a form, labeled. */
export function labeled(label: string, control: TemplateResult, hint: string | null = null): TemplateResult {
  return html`<label class="field"><span>${label}</span>${control}${hint === null ? nothing : html`<small>${hint}</small>`}</label>`;
}

/** The receipt as it is printed: lines of the core and its QR code. */
export function paper(desk: Desk, receipt: Receipt, columns: number): TemplateResult {
  return html`
    <div class="paper" data-columns=${columns} tabindex="0" role="region" aria-label=${words().slip.sold}>
      <div class="paper-lines">${receipt.lines.map((line) => html`<span class=${line.style}>${line.text === "" ? " " : line.text}</span>`)}</div>
      ${receipt.qr === null ? nothing : qr(desk, receipt.qr)}
    </div>`;
}

function qr(desk: Desk, text: string): TemplateResult | typeof nothing {
  if (!desk.isOpen) return nothing;
  const answer = desk.house.till.qr(text);
  if (!answer.ok) return nothing;
  const { size, modules } = answer.value;
  let path = "";
  for (let at = 0; at < modules.length; at += 1) if (modules[at]) path += `M${at % size} ${Math.floor(at / size)}h1v1h-1z`;
  return html`<svg class="qr" viewBox="-4 -4 ${size + 8} ${size + 8}" shape-rendering="crispEdges" role="img" aria-label="QR"><rect x="-4" y="-4" width=${size + 8} height=${size + 8} fill="#fff"></rect><path d=${path} fill="#000"></path></svg>`;
}
