// Everything that becomes an entry: decided by the core, signed, written for good, and only then true.

import type { TillCommand, TillDecided } from "#core";
import { clock } from "../device/clock.ts";
import { sign } from "../device/keys.ts";
import type { Database, Device, Row } from "../kept/database.ts";
import { type Along, NoRoom, StorageGone, append } from "../kept/journal.ts";
import { TakenOver, type Writer } from "../kept/writer.ts";
import { Refused, type Till, value } from "./core.ts";

export type Written =
  | { kind: "done"; decided: TillDecided }
  | { kind: "refused"; refused: Refused }
  | { kind: "no_room" | "taken_over" | "storage_gone" | "no_key" };

/** One entry after the other: what is decided next is decided from what was written last. */
export class Books {
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly database: Database, private readonly writer: Writer, private readonly device: Device, private readonly till: Till) {}

  write(command: TillCommand, sold?: string): Promise<Written> {
    const mine = this.turn.then(() => this.one(command, sold));
    this.turn = mine.catch(() => {});
    return mine;
  }

  /** When nothing is being written. */
  idle(): Promise<unknown> {
    return this.turn;
  }

  private async one(command: TillCommand, sold: string | undefined): Promise<Written> {
    try {
      const at = clock();
      const decided = value(this.till.decide(command, at));
      const signature = await sign(this.device.key, new Uint8Array(decided.bytes)).catch(() => null);
      if (signature === null) return { kind: "no_key" };
      const { seq, entry, hash, kind, receipt, order } = decided;
      const row: Row = { epoch: this.device.epoch, seq, entry, hash, signature, kind, at: at.now, receipt, order };
      const { epoch } = this.device;
      const along: Along = { stand: { epoch, seq, hash } };
      if (decided.snapshot !== null) along.snapshot = { epoch, seq, text: decided.snapshot };
      if (sold !== undefined) along.sold = sold;
      await append(this.database, this.writer, this.device, row, along);
      value(this.till.commit(hash));
      return { kind: "done", decided };
    } catch (error) {
      if (error instanceof Refused) return { kind: "refused", refused: error };
      if (error instanceof NoRoom) return { kind: "no_room" };
      if (error instanceof TakenOver) return { kind: "taken_over" };
      if (error instanceof StorageGone) return { kind: "storage_gone" };
      throw error;
    }
  }
}
