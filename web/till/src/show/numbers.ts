// Numbers as people write them. Amounts are whole minor units and stay so: a decimal point is put in, nothing is divided.

const places = new Map<string, number>();
const formats = new Map<string, Intl.NumberFormat>();

/** Digits after the point of a currency. */
export function digitsOf(currency: string): number {
  let digits = places.get(currency);
  if (digits === undefined) {
    digits = new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
    places.set(currency, digits);
  }
  return digits;
}

function decimal(minor: number, digits: number): Intl.StringNumericLiteral {
  const whole = String(Math.abs(minor)).padStart(digits + 1, "0");
  const text = digits === 0 ? whole : `${whole.slice(0, -digits)}.${whole.slice(-digits)}`;
  return `${minor < 0 ? "-" : ""}${text}` as Intl.StringNumericLiteral;
}

export function money(minor: number, currency: string, language: string): string {
  const key = `${language} ${currency}`;
  let format = formats.get(key);
  if (!format) {
    const digits = digitsOf(currency);
    format = new Intl.NumberFormat(language, { style: "currency", currency, currencyDisplay: "narrowSymbol", minimumFractionDigits: digits, maximumFractionDigits: digits });
    formats.set(key, format);
  }
  return format.format(decimal(minor, digitsOf(currency)));
}

/** An amount as it is typed into a field: point, no sign of a currency. */
export function plain(minor: number, currency: string): string {
  return decimal(minor, digitsOf(currency));
}

/** What somebody typed: digits with one point or comma. Nothing for what is no amount, or finer than the currency. */
export function readMoney(text: string, currency: string): number | null {
  const digits = digitsOf(currency);
  const match = /^(\d{1,12})(?:[.,](\d*))?$/.exec(text.trim().replace(/^\p{Sc}\s*/u, ""));
  if (!match) return null;
  const fraction = match[2] ?? "";
  if (fraction.length > digits) return null;
  return Number(`${match[1]}${fraction.padEnd(digits, "0")}`);
}

/** Thousandths of a quantity in text; nothing for what is no quantity. */
export function thousandths(text: string): number | null {
  const match = /^(\d{1,9})(?:[.,](\d{0,3}))?$/.exec(text.trim());
  return match ? Number(`${match[1]}${(match[2] ?? "").padEnd(3, "0")}`) : null;
}

export function quantityText(thousandths: number): string {
  const text = String(thousandths).padStart(4, "0");
  return `${text.slice(0, -3)}.${text.slice(-3)}`.replace(/\.?0+$/, "");
}

export function addQuantities(one: string, other: string): string {
  return quantityText((thousandths(one) ?? 0) + (thousandths(other) ?? 0));
}

export function when(at: number, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "short", timeStyle: "short" }).format(at);
}

export function ago(at: number, now: number, language: string): string {
  const format = new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "short" });
  const seconds = Math.round((at - now) / 1000);
  if (Math.abs(seconds) < 60) return format.format(seconds, "second");
  if (Math.abs(seconds) < 3600) return format.format(Math.round(seconds / 60), "minute");
  if (Math.abs(seconds) < 86_400) return format.format(Math.round(seconds / 3600), "hour");
  return format.format(Math.round(seconds / 86_400), "day");
}

export function megabytes(bytes: number, language: string): string {
  return new Intl.NumberFormat(language, { style: "unit", unit: "megabyte", maximumFractionDigits: bytes < 10_000_000 ? 1 : 0 }).format(bytes / 1_000_000);
}

/** Never below nothing. */
export function subtractQuantities(from: string, what: string): string {
  return quantityText(Math.max(0, (thousandths(from) ?? 0) - (thousandths(what) ?? 0)));
}
