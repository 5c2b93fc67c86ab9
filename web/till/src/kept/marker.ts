// A second place that remembers how far the journal was: where the database alone was cleared or brought back from a copy,
// the two disagree. The whole origin cleared takes both; then the edge says so at the next enrollment.

const KEY = "estiba-till-marker";

export interface Marker {
  device: string;
  epoch: number;
  seq: number;
}

export function readMarker(): Marker | null {
  try {
    const marker = JSON.parse(localStorage.getItem(KEY) ?? "null") as Partial<Marker> | null;
    if (typeof marker?.device !== "string" || !Number.isSafeInteger(marker.epoch) || !Number.isSafeInteger(marker.seq)) return null;
    return marker as Marker;
  } catch {
    return null;
  }
}

/** Best effort: the journal is what counts. */
export function writeMarker(marker: Marker): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(marker));
  } catch {
    // No room or not allowed: the marker only ever adds a warning.
  }
}

export function clearMarker(): void {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // As above.
  }
}
