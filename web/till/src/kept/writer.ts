// Who may write the journal: one tab. A Web Lock says who; a number that only rises, checked inside each transaction, makes
// sure of it even where a tab that lost the lock has not heard of it yet.

import { type Database, get } from "./database.ts";

const LOCK = "estiba-till-journal";

/** Another tab has taken over since. */
export class TakenOver extends Error {}

export class Writer {
  private constructor(
    readonly fence: number,
    /** Resolves when another tab has taken the journal. */
    readonly lost: Promise<void>,
    private readonly let_go: () => void,
  ) {}

  /** The journal for this tab, or nothing while another one has it. `steal` takes it away from the other one. */
  static async take(database: Database, steal: boolean): Promise<Writer | null> {
    let letGo = () => {};
    const held = new Promise<void>((done) => { letGo = done; });
    const { promise: lost, resolve: lose } = Promise.withResolvers<void>();
    const granted = await new Promise<boolean>((answer) => {
      const options = steal ? { steal: true } : { ifAvailable: true };
      navigator.locks.request(LOCK, options, async (lock) => {
        answer(lock !== null);
        if (lock) await held;
      }).catch(() => lose());
    });
    if (!granted) return null;
    const fence = await raise(database);
    return new Writer(fence, lost, letGo);
  }

  release(): void {
    this.let_go();
  }
}

/** From here on, whoever has a lower number writes nothing. */
async function raise(database: Database): Promise<number> {
  const transaction = database.transaction("things", "readwrite", { durability: "strict" });
  const fence = (((await transaction.store.get("fence")) as number | undefined) ?? 0) + 1;
  await transaction.store.put(fence, "fence");
  await transaction.done;
  return fence;
}

/** Whether another tab holds the journal right now. */
export async function heldElsewhere(): Promise<boolean> {
  const { held } = await navigator.locks.query();
  return held?.some((lock) => lock.name === LOCK) ?? false;
}

export async function stillMine(database: Database, fence: number): Promise<boolean> {
  return (await get(database, "fence")) === fence;
}
