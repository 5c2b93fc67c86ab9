// The what-if page: its pure functions and the routing bundle in Node, then the page itself in Chromium.
// `cargo xtask test wasm` runs it once the bundle is built.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { open, serve } from "./browser.mjs";

const www = fileURLToPath(new URL("../../www/", import.meta.url));
// The page's scripts are modules without a package that says so.
const modules = async (path) => import(`data:text/javascript,${encodeURIComponent(await readFile(www + path, "utf8"))}`);
const { MOST, figures, gathered, histogram, rulesOf, samePlan, seriesOf, under } = await modules("what-if/day.js");
const { WORDS } = await modules("what-if/words.js");
const bundle = await modules("pkg/oms_whatif.js");
bundle.initSync({ module: await readFile(`${www}pkg/oms_whatif_bg.wasm`) });
const day = JSON.parse(await readFile(`${www}what-if/demo.json`, "utf8"));
const series = seriesOf(day);

function routed(rules) {
  const answer = bundle.route_orders(under(series, { ...rulesOf(series), ...rules }));
  assert.ok(answer.ok, JSON.stringify(answer.problem));
  return answer.value;
}

// part: U2
test("u2: WebAssembly comes to the decisions that were made natively, to the byte", () => {
  const { decisions, totals } = routed({});
  assert.equal(createHash("sha256").update(JSON.stringify(decisions)).digest("hex"), day.decided);
  assert.deepEqual(totals, day.totals);
});

test("rules as in force change nothing", () => {
  assert.deepEqual(under(series, rulesOf(series)), { ...series, offers: series.offers });
});

test("a dearer parcel means fewer of them", () => {
  assert.ok(routed({ parcel: 1000 }).totals.shipments < day.totals.shipments);
});

test("one shipment at most is one shipment at most", () => {
  const { decisions, totals } = routed({ most: 1 });
  assert.equal(totals.splits, 0);
  assert.equal(histogram(decisions).slice(2).reduce((sum, count) => sum + count), 0);
  assert.equal(rulesOf(series).most, MOST);
});

test("protected stores ship less", () => {
  const stores = new Set(series.network.locations.filter((one) => one.kind === "store").map((one) => one.location));
  const fromStores = ({ decisions }) => decisions.flatMap((one) => one.plan.serves).filter((one) => stores.has(one.location)).reduce((sum, one) => sum + one.quantity, 0);
  assert.ok(fromStores(routed({ store: 200 })) < fromStores(routed({})));
});

test("little capacity leaves units short, and no simple rule is cheaper than the policy", () => {
  assert.ok(routed({ capacity: 10 }).totals.short > day.totals.short);
  const { cost } = figures(day.totals);
  for (const rule of ["nearest", "fewest_shipments", "priority"]) assert.ok(figures(routed({ rule }).totals).cost > cost, rule);
});

test("plans are told apart by what ships from where, and sentences about many SKUs are told once", () => {
  const [one, other] = routed({}).decisions;
  assert.ok(samePlan(one, structuredClone(one)));
  assert.ok(!samePlan(one, other));
  const stock = (sku) => ({ sentence: { code: "bound", by: { stock: { sku, location: "ldn" } } }, text: "" });
  assert.deepEqual(gathered([stock("a"), stock("b")]).map((one) => one.skus), [["a", "b"]]);
});

test("every language has every word", () => {
  for (const words of Object.values(WORDS)) assert.deepEqual(Object.keys(words).sort(), Object.keys(WORDS.en).sort());
});

let site;
before(async () => { site = await serve(www); });
after(() => site.close());

const ready = `return document.getElementById("result").getAttribute("aria-busy") === "false" && !!document.querySelector("#figures dd")`;
const move = (id, value) => `const it = document.getElementById("${id}"); it.value = ${value}; it.dispatchEvent(new Event("input", { bubbles: true })); return true;`;

// rows: U5
test("e10: in Chromium a slider routes the day again, and an order says why", async () => {
  const page = await open(`${site.base}/what-if/`);
  try {
    await page.until(ready);
    const shipments = `return document.querySelector("#figures > div:nth-child(2) dd").firstChild.textContent`;
    await page.until(`${shipments} === "${day.totals.shipments}"`);
    await page.run(move("most", 1));
    await page.until(`return document.querySelector("#figures > div:nth-child(3) dd").firstChild.textContent === "0"`);
    assert.match(await page.run(`return document.getElementById("speed").textContent`), /^84 orders routed in/);
    await page.run(`document.querySelector("#orders button").click(); return true;`);
    await page.until(`return document.querySelectorAll("#why li").length > 3 && document.querySelectorAll("#map .picked line").length <= 1`);
    await page.run(`document.querySelector('[data-language="es"]').click(); return true;`);
    await page.until(`return /reglas/.test(document.querySelector("h1").textContent)`);
    await page.run(`document.getElementById("reset").click(); return true;`);
    await page.until(`return document.querySelector("#figures > div:nth-child(2) dd").firstChild.textContent === "${day.totals.shipments}"`);
    assert.deepEqual(page.problems, []);
  } finally {
    await page.close();
  }
});

// part: I8
test("i8: in Chromium every control has a name and nothing is wider than a phone", async () => {
  const page = await open(`${site.base}/what-if/`, { width: 390, height: 800, dark: true });
  try {
    await page.until(ready);
    const nameless = `return [...document.querySelectorAll("input, select")].filter((one) => !one.labels.length).map((one) => one.id)`;
    assert.deepEqual(await page.run(nameless), []);
    assert.ok(await page.run(`return document.documentElement.scrollWidth <= 390`));
  } finally {
    await page.close();
  }
});
