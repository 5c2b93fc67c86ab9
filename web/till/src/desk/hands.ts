// What is done with what the edge says.

import { put } from "../kept/database.ts";
import { words } from "../words/index.ts";
import { value } from "./core.ts";
import type { Desk } from "./desk.ts";
import type { House } from "./opening.ts";
import type { Hands } from "./sync.ts";

export function handsOf(desk: Desk, house: () => House): Hands {
  return {
    changed: (sync) => desk.set({ sync }),
    settings: async (settings) => {
      value(house().till.settings(settings));
      await put(house().database, "settings", settings);
      const cashier = settings.cashiers.some((one) => one.id === desk.state.cashier) ? desk.state.cashier : null;
      desk.set({ settings, cashier, phase: { at: cashier === null ? "sign_in" : "open" } });
      desk.counter.price();
    },
    rights: async (rights) => {
      value(house().till.rights(rights));
      await put(house().database, "rights", rights);
      desk.counter.price();
    },
    recall: async (recall) => {
      // Where nothing is left of what is asked for, the core writes nothing: that is an answer, too.
      const written = await house().books.write({ surrender: { recall } });
      desk.refreshView();
      if (written.kind === "done") house().sync.written();
    },
    items: (items) => void value(house().till.load_catalog(items)),
    book: (book) => {
      value(house().till.book({ version: book.version, checked_at: book.checkedAt }));
      desk.set({ book: { ...book } });
      desk.refreshView();
      desk.counter.price();
      void desk.checkReady(false);
    },
    heard: (heard) => {
      desk.set({ heard });
      desk.refreshView();
    },
    unreadable: (seqs) => desk.note("bad", words().unreadable(seqs)),
    head: () => desk.state.view?.seq ?? 0,
    settingsVersion: () => desk.state.settings?.version ?? 0,
  };
}
