// Whether this till can be relied on without a network, and if not, why not. Nothing here is assumed: it is all asked.

import type { Book, Device } from "../kept/database.ts";

/** Below this a day of sales may not fit. */
const LEAST_FREE_BYTES = 50 * 1024 * 1024;
/** Browsers give a private window a small part of memory, and never more than this. */
const PRIVATE_QUOTA_BYTES = 1024 * 1024 * 1024;
const HOUR_MS = 60 * 60 * 1000;
/** A price book that is older is named; the core refuses to sell from one of thirty days. */
const OLD_BOOK_MS = 24 * HOUR_MS;

export type Reason = "no_service_worker" | "not_persisted" | "private" | "little_room" | "no_key" | "no_catalog" | "old_catalog" | "no_locks";

export interface Facts {
  device: Device | null;
  book: Book | null;
  now: number;
}

export interface Ready {
  reasons: Reason[];
  /** Bytes used and allowed, where the browser tells. */
  usage: number | null;
  quota: number | null;
  persisted: boolean;
}

export async function readiness(facts: Facts): Promise<Ready> {
  const reasons: Reason[] = [];
  const controlled = navigator.serviceWorker?.controller ?? null;
  if (controlled?.state !== "activated") reasons.push("no_service_worker");
  const persisted = (await navigator.storage?.persisted?.().catch(() => false)) ?? false;
  const estimate: StorageEstimate = (await navigator.storage?.estimate?.().catch(() => ({}))) ?? {};
  const { usage = null, quota = null } = estimate;
  if (await isPrivate(persisted, quota)) reasons.push("private");
  else if (!persisted) reasons.push("not_persisted");
  if (quota !== null && quota - (usage ?? 0) < LEAST_FREE_BYTES) reasons.push("little_room");
  if (!navigator.locks) reasons.push("no_locks");
  if (!(facts.device?.key instanceof CryptoKey) || facts.device.key.extractable) reasons.push("no_key");
  if (!facts.book || facts.book.version === 0) reasons.push("no_catalog");
  else if (facts.now - facts.book.checkedAt > OLD_BOOK_MS) reasons.push("old_catalog");
  return { reasons, usage, quota, persisted };
}

/** Asks that the browser never clears this till by itself. Some ask the person, most decide alone. */
export async function askToPersist(): Promise<boolean> {
  return (await navigator.storage?.persist?.().catch(() => false)) ?? false;
}

/** No browser says so; a private window has no files of its own, or a small quota and no promise to keep it. */
async function isPrivate(persisted: boolean, quota: number | null): Promise<boolean> {
  if (persisted) return false;
  try {
    await navigator.storage.getDirectory();
  } catch {
    return true;
  }
  const memory = (performance as { memory?: { jsHeapSizeLimit: number } }).memory?.jsHeapSizeLimit;
  return memory !== undefined && quota !== null && quota < Math.min(PRIVATE_QUOTA_BYTES, memory * 2) && quota < PRIVATE_QUOTA_BYTES;
}
