// The clocks: the device's, how long the app runs, and how far the edge's is away.

import type { TillClock } from "#core";

let skew: number | null = null;

export function clock(): TillClock {
  return { now: Date.now(), uptime: Math.floor(performance.now()), skew };
}

export function hear(edgeNow: number): number {
  skew = Date.now() - edgeNow;
  return skew;
}

export function remember(heard: number | null): void {
  skew = heard;
}

/** What the edge's clock shows now, as well as the till knows. */
export function edgeTime(): Date {
  return new Date(Date.now() - (skew ?? 0));
}
