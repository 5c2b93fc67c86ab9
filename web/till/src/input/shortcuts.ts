// Everything a till does can be done without a mouse. What is listed here is what is shown.

import { pay, startSelling } from "../desk/selling.ts";
import { type Dialog, SCREENS, type Screen } from "../desk/state.ts";
import type { Desk } from "../desk/desk.ts";
import { less, more } from "../views/sale.ts";

export type ShortcutName = "help" | "search" | "pay" | "held" | "discount" | "hold" | "customer" | "up" | "down" | "more" | "less" | "edit" | "remove" | "screens" | "lock";

interface Shortcut {
  name: ShortcutName;
  shown: string;
  keys: string[];
  /** Keys of the counter stay letters where somebody types. */
  counter: boolean;
  act(desk: Desk, event: KeyboardEvent): void;
}

const line = (desk: Desk) => desk.state.line;
const choose = (desk: Desk, by: number) => desk.set({ line: Math.min(Math.max(line(desk) + by, 1), desk.state.counter.cart.lines.length) });

export const SHORTCUTS: Shortcut[] = [
  { name: "help", shown: "F1", keys: ["F1"], counter: false, act: (desk) => desk.set({ dialog: { kind: "keys" } }) },
  { name: "search", shown: "F2", keys: ["F2"], counter: false, act: (desk) => goByKey(desk, "sale") },
  { name: "pay", shown: "F4", keys: ["F4"], counter: false, act: (desk) => { desk.go("sale"); pay(desk); } },
  { name: "held", shown: "F7", keys: ["F7"], counter: false, act: (desk) => desk.set({ screen: "sale", dialog: { kind: "held" } }) },
  { name: "discount", shown: "F8", keys: ["F8"], counter: false, act: (desk) => { if (desk.state.counter.cart.lines.length > 0) desk.set({ dialog: { kind: "cart_discount" } }); } },
  { name: "hold", shown: "F9", keys: ["F9"], counter: false, act: (desk) => void startSelling(desk) },
  { name: "customer", shown: "F10", keys: ["F10"], counter: false, act: (desk) => desk.set({ dialog: { kind: "customer" } }) },
  { name: "up", shown: "↑", keys: ["ArrowUp"], counter: true, act: (desk) => choose(desk, -1) },
  { name: "down", shown: "↓", keys: ["ArrowDown"], counter: true, act: (desk) => choose(desk, 1) },
  { name: "more", shown: "+", keys: ["+"], counter: true, act: (desk) => more(desk, line(desk)) },
  { name: "less", shown: "−", keys: ["-"], counter: true, act: (desk) => less(desk, line(desk)) },
  { name: "edit", shown: "*", keys: ["*"], counter: true, act: (desk) => { if (line(desk) > 0) desk.set({ dialog: { kind: "line", line: line(desk) } }); } },
  { name: "remove", shown: "Del", keys: ["Delete"], counter: true, act: (desk) => { if (line(desk) > 0) desk.counter.remove(line(desk)); } },
  { name: "screens", shown: "Alt+1 … 6", keys: [], counter: false, act: () => {} },
  { name: "lock", shown: "Alt+L", keys: [], counter: false, act: () => {} },
];

/** Whoever comes to a screen by key goes on by key: its field has the focus, or else the first thing that can be done. */
function goByKey(desk: Desk, screen: Screen): void {
  desk.go(screen);
  requestAnimationFrame(() => (document.querySelector<HTMLElement>("main input") ?? document.querySelector<HTMLElement>("main :is(button, wa-button)"))?.focus());
}

/** Whether keys are letters where they go. */
function typing(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  if (!(target instanceof HTMLInputElement)) return target instanceof HTMLTextAreaElement;
  // An empty search field gives the counter its keys: there the focus is most of the time.
  return target.name !== "search" || target.value !== "";
}

/** What Enter does in a dialog, wherever the focus still is: a cashier does not wait for it to arrive. */
const ANSWERS: Partial<Record<Dialog["kind"], string>> = { slip: "#close-slip", pay: ":is(#finish, #add-tender)" };

/** Whether a key is for a button or a field of the dialog that has the focus. */
function ofControl(event: KeyboardEvent): boolean {
  const path = event.composedPath().filter((one) => one instanceof Element);
  return path.some((one) => one.localName === "till-dialogs") && path.some((one) => one.matches("button, wa-button, input, textarea, select, a"));
}

/** Enter in a field hands in its form. By itself a browser does that only for a form of one field: our buttons are none it knows. */
function handIn(event: KeyboardEvent): boolean {
  if (!(event.target instanceof HTMLInputElement) || event.target.form === null) return false;
  event.preventDefault();
  if (!event.repeat) event.target.form.requestSubmit();
  return true;
}

/** Enter in a dialog. Held down it answers nothing: who finished a sale with it would not see the change. */
function answer(dialog: Dialog, event: KeyboardEvent): void {
  const wanted = ANSWERS[dialog.kind];
  if (!event.repeat && (wanted === undefined || ofControl(event))) return;
  event.preventDefault();
  if (!event.repeat) document.querySelector<HTMLElement>(`till-dialogs ${wanted}`)?.click();
}

export function listenForShortcuts(desk: Desk, target: Window): void {
  target.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || desk.state.phase.at !== "open" || event.ctrlKey || event.metaKey) return;
    const { dialog } = desk.state;
    if (event.key === "Enter" && handIn(event)) return;
    if (event.key === "Enter" && dialog !== null) return answer(dialog, event);
    if (dialog?.kind === "approve" || dialog?.kind === "confirm") return;
    if (event.altKey) return withAlt(desk, event);
    const shortcut = SHORTCUTS.find((one) => one.keys.includes(event.key));
    if (!shortcut || (shortcut.counter && (dialog !== null || desk.state.screen !== "sale" || typing(event)))) return;
    event.preventDefault();
    shortcut.act(desk, event);
  });
}

function withAlt(desk: Desk, event: KeyboardEvent): void {
  const digit = /^Digit([1-9])$/.exec(event.code)?.[1];
  if (digit !== undefined && desk.state.dialog?.kind === "pay") {
    event.preventDefault();
    document.querySelectorAll<HTMLButtonElement>("till-pay .kind")[Number(digit) - 1]?.click();
  } else if (digit !== undefined && desk.state.dialog === null && SCREENS[Number(digit) - 1]) {
    event.preventDefault();
    goByKey(desk, SCREENS[Number(digit) - 1] ?? "sale");
  } else if (event.code === "KeyL") {
    event.preventDefault();
    desk.signOut();
  }
}
