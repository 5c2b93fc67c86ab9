// Making this browser a till: a code that works once, and a key that never leaves.

import { type Enrolled, enrolled } from "../edge/answers.ts";
import { askUnsigned, codeOf } from "../edge/call.ts";
import { Nonsense } from "../edge/read.ts";
import { type Database, type Device, type Heard, get, put } from "../kept/database.ts";
import { clearMarker, writeMarker } from "../kept/marker.ts";
import { hear } from "./clock.ts";
import { makeKey } from "./keys.ts";

export type Enrollment = { kind: "done"; epoch: number } | { kind: "away" } | { kind: "nonsense" } | { kind: "refused"; status: number; code: string };

export async function enroll(database: Database, code: string): Promise<Enrollment> {
  // A code works once, but the same request again is answered the same: an answer that was lost is not a code that is lost.
  const pending = await get(database, "pending");
  const asked = pending?.code === code.trim() ? pending : { code: code.trim(), ...(await makeKey()) };
  await put(database, "pending", asked);
  const body = JSON.stringify({ code: asked.code, public_key: asked.public });
  const reply = await askUnsigned({ method: "POST", path: "/v1/enrollments", body });
  if (reply.kind !== "answer") return reply;
  if (reply.status >= 500) return { kind: "away" };
  if (reply.status !== 200 && reply.status !== 201) return { kind: "refused", status: reply.status, code: codeOf(reply.body) };
  let answer: Enrolled;
  try {
    answer = enrolled(reply.body);
  } catch (error) {
    if (error instanceof Nonsense) return { kind: "nonsense" };
    throw error;
  }
  await keep(database, asked.key, answer);
  return { kind: "done", epoch: answer.epoch };
}

/** All of it or nothing: half a till would be none. */
async function keep(database: Database, key: CryptoKey, answer: Enrolled): Promise<void> {
  const { tenant, device: name, epoch, genesis, nextReceipt } = answer;
  const device: Device = { tenant, device: name, epoch, genesis, nextReceipt, key, enrolledAt: Date.now() };
  const heard: Heard = { ackUpto: 0, acks: [], state: "active", skew: hear(answer.now), at: Date.now() };
  const transaction = database.transaction(["things", "catalog"], "readwrite", { durability: "strict" });
  const things = transaction.objectStore("things");
  void things.put(device, "device");
  void things.put(answer.settings, "settings");
  void things.put(answer.rights, "rights");
  void things.put(heard, "heard");
  for (const old of ["stand", "snapshot", "book", "open", "pending", "shown", "cashier"]) void things.delete(old);
  void transaction.objectStore("catalog").clear();
  await transaction.done;
  clearMarker();
  writeMarker({ device: name, epoch, seq: 0 });
}
