// A newer app: it is there, it waits, and only a person lets it in.

import { registerSW } from "virtual:pwa-register";
import type { Desk } from "../desk/desk.ts";
import { words } from "../words/index.ts";

const LOOK_EVERY_MS = 60 * 60 * 1000;

/** The page was told to let the newer one in: it starts again with it. */
let letting = false;

export function watchForUpdates(desk: Desk): void {
  if (!("serviceWorker" in navigator)) return;
  const letIn = registerSW({
    immediate: true,
    onNeedRefresh: () => desk.set({ update: true }),
    // Whoever asked starts again; other tabs go on as they are.
    onNeedReload: () => {},
    onRegisteredSW: (_, registration) => {
      setInterval(() => void registration?.update().catch(() => {}), LOOK_EVERY_MS);
    },
    onRegisterError: (error: unknown) => console.error(error),
  });
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (letting) location.reload();
    else void desk.checkReady(false);
  });
  document.addEventListener("till-update", () => void update(desk, () => letIn(true)));
}

/** Never with a sale open or the journal unsent without asking; and never in the middle of an entry. */
async function update(desk: Desk, letIn: () => Promise<void>): Promise<void> {
  const { counter, sync } = desk.state;
  const question = counter.cart.lines.length > 0 ? words().updateOpenSale : sync.unsent > 0 ? words().updateUnsent(sync.unsent) : null;
  if (question !== null && !(await desk.confirm(question, words().updateNow))) return;
  if (desk.isOpen) await desk.house.books.idle();
  letting = true;
  await letIn();
}
