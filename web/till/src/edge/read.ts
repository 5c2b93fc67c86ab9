// Reading what the edge says without trusting its shape: an answer is what it ought to be, or nonsense with the place named.

export class Nonsense extends Error {}

export type Fields = Record<string, unknown>;

export function fields(value: unknown, at: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Nonsense(at);
  return value as Fields;
}

export function text(of: Fields, name: string): string {
  const value = of[name];
  if (typeof value !== "string") throw new Nonsense(name);
  return value;
}

export function maybeText(of: Fields, name: string): string | null {
  const value = of[name];
  return typeof value === "string" ? value : null;
}

/** A counted thing: a whole number from 0. */
export function whole(of: Fields, name: string): number {
  const value = of[name];
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) throw new Nonsense(name);
  return value;
}

export function list(of: Fields, name: string): unknown[] {
  const value = of[name];
  if (!Array.isArray(value)) throw new Nonsense(name);
  return value;
}

export function maybeList(of: Fields, name: string): unknown[] {
  return of[name] === undefined || of[name] === null ? [] : list(of, name);
}

export function oneOf<T extends string>(of: Fields, name: string, values: readonly T[]): T {
  const value = values.find((one) => one === of[name]);
  if (value === undefined) throw new Nonsense(name);
  return value;
}

/** A time as RFC 3339, in milliseconds. */
export function time(of: Fields, name: string): number {
  const value = Date.parse(text(of, name));
  if (Number.isNaN(value)) throw new Nonsense(name);
  return value;
}

/** Quantities by SKU. */
export function quantities(of: Fields, name: string): Record<string, string> {
  const value = fields(of[name], name);
  for (const quantity of Object.values(value)) if (typeof quantity !== "string") throw new Nonsense(name);
  return value as Record<string, string>;
}
