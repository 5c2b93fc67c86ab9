// One question to the edge: signed by the device, bounded in time, answered as data. Nothing here throws.

import { edgeTime, hear } from "../device/clock.ts";
import { encode, sha256, sign } from "../device/keys.ts";
import type { Device } from "../kept/database.ts";

/** The edge answers within this, or is counted as away. */
const PATIENCE_MS = 30_000;

export type Reply =
  | { kind: "answer"; status: number; body: unknown }
  /** There is no way to the edge. */
  | { kind: "away" }
  /** Somebody answered, and not as the edge does: a captive portal, a broken proxy. */
  | { kind: "nonsense" };

export interface Ask {
  method: "GET" | "POST";
  path: string;
  body?: string;
  type?: string;
}

export async function ask(device: Device, wanted: Ask): Promise<Reply> {
  const reply = await once(device, wanted);
  // Its clock is told with the refusal: once more with the right time.
  if (reply.kind === "answer" && reply.status === 401 && listen(reply.body)) return once(device, wanted);
  return reply;
}

/** Enrollment: nobody has a key yet. */
export async function askUnsigned(wanted: Ask): Promise<Reply> {
  return send(wanted, {});
}

async function once(device: Device, wanted: Ask): Promise<Reply> {
  const at = edgeTime().toISOString();
  const digest = await sha256(encode(wanted.body ?? ""));
  const signature = await sign(device.key, encode(`${wanted.method}\n${wanted.path}\n${at}\n${digest}`));
  return send(wanted, {
    "estiba-device": `${device.tenant}/${device.device}/${device.epoch}`,
    "estiba-time": at,
    "estiba-signature": signature,
  });
}

async function send(wanted: Ask, headers: Record<string, string>): Promise<Reply> {
  const init: RequestInit = { method: wanted.method, headers, signal: AbortSignal.timeout(PATIENCE_MS), cache: "no-store", credentials: "omit" };
  if (wanted.body !== undefined) Object.assign(init, { body: wanted.body, headers: { ...headers, "content-type": wanted.type ?? "application/json" } });
  try {
    const response = await fetch(wanted.path, init);
    if (!/\bjson\b/.test(response.headers.get("content-type") ?? "")) return { kind: response.status >= 500 ? "away" : "nonsense" };
    return { kind: "answer", status: response.status, body: await response.json() as unknown };
  } catch (error) {
    return { kind: error instanceof SyntaxError ? "nonsense" : "away" };
  }
}

/** The edge's time in a refusal, if it is there and far from ours. */
function listen(body: unknown): boolean {
  const now = typeof body === "object" && body !== null && "now" in body && typeof body.now === "string" ? Date.parse(body.now) : Number.NaN;
  if (Number.isNaN(now)) return false;
  hear(now);
  return true;
}

export function codeOf(body: unknown): string {
  return typeof body === "object" && body !== null && "code" in body && typeof body.code === "string" ? body.code : "";
}
