// A shop for the tests: a store, another place, goods with barcodes and categories, prices with tax in them, a till.

import { randomBytes } from "node:crypto";

/** A GTIN-13 of a number: the last digit is its check digit. */
export function gtin(number) {
  const digits = String(200_000_000_000 + number);
  const sum = [...digits].reduce((sum, digit, at) => sum + Number(digit) * (at % 2 === 0 ? 1 : 3), 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}

/** The goods: what the cards of the sale screen show. */
export const GOODS = [
  { sku: "MUG-BLUE", title: "Mug, sea blue", category: "Kitchen", price: 1250, number: 1 },
  { sku: "MUG-SAND", title: "Mug, sand", category: "Kitchen", price: 1250, number: 2 },
  { sku: "TEAPOT", title: "Teapot, cast iron, 0.8 l", category: "Kitchen", price: 4990, number: 3 },
  { sku: "BOWL-S", title: "Bowl, small", category: "Kitchen", price: 895, number: 4 },
  { sku: "CANDLE", title: "Candle, beeswax", category: "Home", price: 690, number: 5 },
  { sku: "HEART-T", title: "White hanging heart T-light holder", category: "Home", price: 295, number: 6 },
  { sku: "CUSHION", title: "Cushion cover, linen", category: "Home", price: 2450, number: 7 },
  { sku: "CAFE-1KG", title: "Café en grano, 1 kg", category: "Food", price: 1790, number: 8 },
  { sku: "OLIVES", title: "Aceitunas, 350 g", category: "Food", price: 425, number: 9 },
  { sku: "HONEY", title: "Honey, chestnut, 500 g", category: "Food", price: 980, number: 10 },
  { sku: "NOTEBOOK", title: "Notebook, dotted, A5", category: "Paper", price: 1490, number: 11 },
  { sku: "PENCIL", title: "Pencil, cedar", category: "Paper", price: 180, number: 12 },
];

/** Builds everything once; names are the caller's so that shops do not meet. */
export async function buildShop(office, { goods = GOODS, granted = "40", stocked = "60", till = {} } = {}) {
  const suffix = randomBytes(3).toString("hex");
  const [here, there, id] = [`store-${suffix}`, `depot-${suffix}`, `till-${suffix}`];
  await office.put(`/v1/locations/${here}`, { name: "Store", kind: "store", country: "ES", fulfillment: { pick_up: true } });
  await office.put(`/v1/locations/${there}`, { name: "Depot", kind: "dc", country: "ES" });
  await office.put("/v1/tax-table", { mode: "inclusive", rates: [{ country: "ES", class: "standard", percent: "21" }, { country: "ES", class: "reduced", percent: "10" }] });
  for (const one of goods) {
    await office.put(`/v1/items/${one.sku}`, { title: one.title, unit: "each", tax_class: one.category === "Food" ? "reduced" : "standard", prices: [{ amount: one.price, currency: "EUR" }], barcodes: [gtin(one.number)], category: one.category });
  }
  const lines = goods.map((one) => ({ sku: one.sku, quantity: stocked }));
  for (const location of [here, there]) for (let at = 0; at < lines.length; at += 100) await office.post("/v1/stock/receipts", { location, reference: "opening", lines: lines.slice(at, at + 100) });
  const made = await office.post("/v1/tills", {
    id, label: "Front counter", series: `S1-${suffix.toUpperCase()}`, location: here, currency: "EUR", country: "ES", cash_step: 5, oversell: "ask",
    header: ["La Estiba", "Calle Mayor 1, Madrid", "NIF B00000000"], footer: ["Gracias por su visita"],
    cashiers: [
      { id: "ana", name: "Ana", pin: "1234", discount: "5", may: ["refund"] },
      { id: "bea", name: "Bea (manager)", pin: "9999", discount: "100", may: ["price", "refund", "blind_refund", "oversell", "pay_out", "manage"] },
    ],
    ...till,
  });
  /** Sets goods aside for the till, once it is enrolled. */
  const grant = async () => {
    for (let at = 0; at < goods.length; at += 100) await office.post(`/v1/tills/${id}/grants`, { lines: goods.slice(at, at + 100).map((one) => ({ sku: one.sku, quantity: granted })) });
  };
  return { here, there, id, grant, code: made.enrollment_code, newCode: async () => (await office.post(`/v1/tills/${id}/codes`, {})).enrollment_code };
}

/** Every entry that the edge has of a till, in order. */
export async function entriesOf(office, id) {
  const entries = [];
  for (let cursor = ""; ;) {
    const page = await office.get(`/v1/tills/${id}/entries${cursor}`);
    entries.push(...page.data);
    if (!page.next_cursor) return entries;
    cursor = `?cursor=${encodeURIComponent(page.next_cursor)}`;
  }
}
