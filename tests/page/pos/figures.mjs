// The figures of the till, measured and held to: five hundred sales without a network, and a catalog of twenty thousand items.
// What was measured is written to the file that ESTIBA_FIGURES names.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { after, before, test } from "node:test";

import { Browser, STOPS, WRITTEN, backOffice, enroll, kept, openShift, picture, serveSite, signIn, stopAt, until, untilGranted, untilKept, untilSent } from "./kit.mjs";
import { GOODS, buildShop, entriesOf, gtin } from "./shop.mjs";

const SALES = Number(process.env.ESTIBA_SALES ?? 500);
/** As many again of which each is cut off by a killed tab. */
const KILLED = Number(process.env.ESTIBA_KILLED ?? 32);
const ITEMS = Number(process.env.ESTIBA_ITEMS ?? 20_000);
/** Of items spread over the whole catalog. */
const SCANS = 40;
/** The power goes now and then. */
const CUT_EVERY = 170;
const RELOAD_EVERY = 60;
const KEYSTROKE_MS = 16;
const SCAN_MS = 50;
const COLD_START_MS = 2000;
/** `cargo xtask bench till` holds the till to these. A run of all tests shares its machine with others: there it is held to some times as much. */
const SLACK = process.env.ESTIBA_BENCH === "1" ? 1 : 4;
/** Said now and then while it goes on. */
const TELL_EVERY = 20;
/** Imported at a time. */
const PART = 2500;

const figures = {};
let site, office;
before(async () => {
  site = await serveSite(process.env.ESTIBA_URL);
  office = backOffice(site.base);
});
after(async () => {
  site?.close();
  if (process.env.ESTIBA_FIGURES) await writeFile(process.env.ESTIBA_FIGURES, `${JSON.stringify(figures, null, 2)}\n`);
});

/** A clock that the test moves, and a cashier quicker than any: the same events as from keys and clicks, without the way through the browser. */
const hands = `
  globalThis.shift = Number(sessionStorage.getItem("shift") ?? 0);
  const now = Date.now;
  Date.now = () => now() + globalThis.shift;
  globalThis.Date = new Proxy(Date, { construct: (target, all) => (all.length === 0 ? new target(target.now()) : new target(...all)) });
  globalThis.later = (milliseconds) => { globalThis.shift += milliseconds; sessionStorage.setItem("shift", globalThis.shift); };
  const turn = () => new Promise((done) => setTimeout(done));
  globalThis.until = async (what) => { for (const end = performance.now() + 60000; performance.now() < end;) { const found = what(); if (found) return found; await turn(); } throw new Error("never came true: " + what); };
  const one = (selector) => document.querySelector(selector);
  globalThis.scanned = (code) => { for (const key of [...code, "Enter"]) window.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })); };
  globalThis.tendered = async (codes, kind) => {
    for (const code of codes) { scanned(code); await turn(); }
    await until(() => one("#pay") && !one("#pay").disabled);
    one("#pay").click();
    (await until(() => one('till-pay [data-kind="' + kind + '"]'))).click();
    await until(() => one('till-pay [name="amount"]'));
    one("#add-tender").click();
    await until(() => one("#finish"));
  };
  globalThis.finished = async () => {
    one("#finish").click();
    (await until(() => one("#close-slip"))).click();
    await until(() => !one("till-slip") && document.querySelectorAll("#lines .line").length === 0);
  };
  globalThis.sale = async (codes, kind) => { await tendered(codes, kind); await finished(); };
`;

/** A till in its shift, with rights to sell and nothing left to send, cut off from the network. */
async function cutOff(browser, shop, prepare) {
  const page = await browser.tab(site.base, { prepare });
  await enroll(page, shop.code);
  await signIn(page, "ana", "1234");
  await openShift(page, "200");
  await shop.grant();
  await untilGranted(page);
  await untilSent(page);
  await browser.context.setOffline(true);
  return page;
}

/** The same choices in every run. */
function chances() {
  let seed = 20261122;
  const chance = (most) => Math.floor(((seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648) * most);
  const sale = () => [Array.from({ length: 1 + chance(4) }, () => gtin(GOODS[chance(GOODS.length)].number)), chance(3) === 0 ? "card" : "cash"];
  return { chance, sale };
}

const sum = (values) => values.reduce((total, value) => total + value, 0);

/** What an entry may be ahead of the edge's clock, in milliseconds. */
const CLOCK_WARNING_MS = 5 * 60_000;

/** Goes online and compares: so many sales, each once, entry for entry and to the cent the same on both sides. What was counted, and how long the upload took. */
async function sameOnBothSides(browser, page, shop, count) {
  await page.waitForFunction((count) => document.querySelector("#sync")?.dataset.unsent === String(count), count);
  const here = (await kept(page)).rows;
  const uploading = performance.now();
  await browser.context.setOffline(false);
  await page.evaluate(() => window.dispatchEvent(new Event("online")));
  await untilSent(page, 180_000);
  const uploaded = performance.now() - uploading;

  const there = await entriesOf(office, shop.id);
  assert.deepEqual(there.map((one) => one.hash), here.map((one) => one.hash), "entry for entry the same");
  const isClock = (one) => one.code === "clock";
  const differing = there.flatMap((one) => one.variances.filter((other) => !isClock(other)));
  assert.deepEqual(differing, [], "the edge comes to the same numbers");
  // The till's clock ran ahead of the edge's, which did not move meanwhile: that has a name.
  const ahead = (one) => new Date(one.entry.at).getTime() - Date.parse(one.received_at) > CLOCK_WARNING_MS;
  const seqs = (all) => all.map((one) => one.entry.seq);
  assert.deepEqual(seqs(there.filter((one) => one.variances.some(isClock))), seqs(there.filter(ahead)), "a clock that is ahead is named");
  const sales = there.flatMap(({ entry }) => entry.event.sold ?? []);
  const receipts = new Set(sales.map((sale) => sale.receipt));
  const counted = { lost: count - receipts.size, doubled: sales.length - receipts.size, variances: differing.length };
  assert.deepEqual(counted, { lost: 0, doubled: 0, variances: 0 });
  assert.equal(sum(sales.map((sale) => sale.totals.total)), sum(here.flatMap((one) => one.sold?.totals.total ?? [])));

  // Every order, and what is left on the shelf.
  await settled(office, shop, sales);
  for (const sale of sales.filter((_, at) => at % 25 === 0)) {
    const order = await until(() => office.get(`/v1/orders/${sale.order}`), (order) => order.totals !== undefined, "the sale is an order");
    assert.deepEqual([order.totals.total.amount, order.totals.tax.amount], [sale.totals.total, sale.totals.tax]);
  }

  // The report of the till says what the edge has.
  const cash = sum(sales.map((sale) => sum(sale.tenders.filter((one) => one.kind === "cash").map((one) => one.amount)) - sale.change));
  const report = await page.evaluate(() => document.querySelector("till-shell").desk.house.till.report().value);
  assert.equal(report.sales, count);
  assert.equal(report.sold_total, sum(sales.map((sale) => sale.totals.total)));
  assert.equal(report.tenders.find((one) => one.kind === "cash").sold, cash);
  assert.deepEqual(browser.problems, []);
  return { ...counted, uploaded };
}

test(`${SALES} sales without a network, over hours, with the power cut: none lost, none doubled, the same to the cent on both sides`, async () => {
  const shop = await buildShop(office, { granted: "1500", stocked: "2000" });
  const browser = await Browser.open();
  try {
    let page = await cutOff(browser, shop, hands);
    const { chance, sale } = chances();
    const began = performance.now();
    let shift = 0;
    for (let at = 0; at < SALES; at += 1) {
      await page.evaluate(([codes, kind]) => globalThis.sale(codes, kind), sale());
      shift += (20 + chance(70)) * 1000;
      await page.evaluate((shift) => { globalThis.shift = 0; globalThis.later(shift); }, shift);
      if (at % CUT_EVERY === CUT_EVERY - 1) {
        await browser.cutPower();
        await browser.context.setOffline(true);
        page = await browser.tab(site.base, { prepare: hands });
        await page.evaluate((shift) => globalThis.later(shift), shift);
        await page.waitForSelector("#search");
      } else if (at % RELOAD_EVERY === RELOAD_EVERY - 1) {
        await page.reload();
        await page.waitForSelector("#search");
      }
    }
    const offline = (performance.now() - began) / SALES;
    // As the day went by: the edge's clock did not move.
    await page.evaluate(() => { globalThis.shift = 0; sessionStorage.removeItem("shift"); });
    const { uploaded, ...counted } = await sameOnBothSides(browser, page, shop, SALES);
    Object.assign(figures, { sales: SALES, hours: Number((shift / 3_600_000).toFixed(1)), ...counted, sale_ms: Number(offline.toFixed(1)), upload_ms: Math.round(uploaded) });
  } finally {
    await browser.close();
  }
});

/** A killed tab is opened again; the browser may not have noticed yet that the journal is free. */
async function reopened(browser, prepare) {
  const page = await browser.tab(site.base, { prepare });
  await page.waitForSelector("#search, #take-over");
  if (await page.$("#take-over")) await page.click("#take-over");
  await page.waitForSelector("#search");
  return page;
}

test(`${KILLED} sales without a network, the tab killed while each is written: none lost, none doubled, the same to the cent on both sides`, async () => {
  const shop = await buildShop(office, { granted: "1500", stocked: "2000" });
  const browser = await Browser.open();
  const prepare = hands + stopAt;
  try {
    let page = await cutOff(browser, shop, prepare);
    const { sale } = chances();
    const began = performance.now();
    for (let at = 0; at < KILLED; at += 1) {
      const step = STOPS[at % STOPS.length];
      await page.evaluate(([codes, kind]) => globalThis.tendered(codes, kind), sale());
      await untilKept(page);
      const stopped = page.waitForEvent("console", { predicate: (message) => message.text() === "@stopped" });
      await page.evaluate((step) => { globalThis.stopAt = step; setTimeout(() => document.querySelector("#finish").click()); }, step);
      await stopped;
      await browser.killTab(page);
      page = await reopened(browser, prepare);
      const [sold, open] = await page.evaluate(() => [document.querySelector("till-shell").desk.house.till.report().value.sales, document.querySelectorAll("#lines .line").length]);
      assert.equal(open > 0, sold === at, `${step}: the sale is on the counter or in the journal, never in both or neither`);
      if (WRITTEN.has(step)) assert.equal(sold, at + 1, step);
      else if (step.startsWith("before")) assert.equal(sold, at, step);
      if (sold === at) await page.evaluate(async () => { document.querySelector("#pay").click(); await until(() => document.querySelector("#finish")); await finished(); });
      if (at % TELL_EVERY === TELL_EVERY - 1) console.log(`${at + 1} of ${KILLED} tabs killed, ${Math.round((performance.now() - began) / (at + 1))} ms each`);
    }
    const { lost, doubled } = await sameOnBothSides(browser, page, shop, KILLED);
    Object.assign(figures, { killed: KILLED, killed_steps: Math.min(STOPS.length, KILLED), killed_lost: lost, killed_doubled: doubled, killed_ms: Math.round((performance.now() - began) / KILLED) });
  } finally {
    await browser.close();
  }
});

/** What was sold has left the shelf, to the piece. */
async function settled(office, shop, sales) {
  const sold = new Map(GOODS.map((one) => [one.sku, 0]));
  for (const line of sales.flatMap((sale) => sale.lines)) sold.set(line.sku, sold.get(line.sku) + line.quantity / 1000);
  const left = async () => (await office.get(`/v1/availability?sku=${[...sold.keys()].join(",")}&location=${shop.here}`)).data.map((one) => [one.sku, Number(one.locations[0].on_hand)]);
  const right = (left) => Array.isArray(left) && left.every(([sku, on_hand]) => on_hand === 2000 - sold.get(sku));
  await until(left, right, `${JSON.stringify([...sold])} left the shelf of 2000 each`);
}

const WORDS = ["mug", "plate", "bowl", "candle", "linen", "cotton", "oak", "steel", "glass", "blue", "sand", "green", "rosé", "café", "small", "large", "set", "holder", "frame", "lamp"];

test(`a catalog of ${ITEMS} items: a keystroke in ${KEYSTROKE_MS} ms, a scan in ${SCAN_MS} ms, a cold start without a network in ${COLD_START_MS} ms`, async () => {
  const shop = await buildShop(office, { goods: GOODS.slice(0, 1) });
  for (let from = 0; from < ITEMS; from += PART) {
    const lines = Array.from({ length: Math.min(PART, ITEMS - from) }, (_, at) => {
      const no = from + at;
      const title = `${WORDS[no % 20]} ${WORDS[(no * 7 + 3) % 20]} ${WORDS[(no * 13 + 5) % 20]} no ${no}`;
      return JSON.stringify({ sku: `SKU-${String(no).padStart(5, "0")}`, title, prices: [{ amount: 100 + ((no * 37) % 9900), currency: "EUR" }], barcodes: [gtin(1000 + no)], category: `Category ${no % 24}` });
    });
    const response = await fetch(`${site.base}/v1/imports/items`, { method: "POST", headers: { authorization: "Bearer oms_dev_estiba_local_only_0001", "content-type": "application/x-ndjson" }, body: lines.join("\n") });
    assert.equal(response.status, 200);
    const bad = (await response.text()).trim().split("\n").map((line) => JSON.parse(line)).filter((one) => one.status >= 300);
    assert.deepEqual(bad.slice(0, 2), []);
  }
  const browser = await Browser.open();
  try {
    const page = await browser.tab(site.base, { prepare: hands });
    const fetching = performance.now();
    await enroll(page, shop.code);
    await signIn(page, "ana", "1234");
    await openShift(page);
    await page.waitForFunction((items) => (document.querySelector("till-shell").desk.state.book?.version ?? 0) > 0 && document.querySelector("till-shell").desk.state.view.items >= items, ITEMS, { timeout: 120_000 });
    const fetched = performance.now() - fetching;
    await untilSent(page, 60_000);
    await page.waitForFunction(() => navigator.serviceWorker.controller);
    await browser.context.setOffline(true);

    const cold = [];
    for (let at = 0; at < 5; at += 1) {
      await page.goto("about:blank");
      const started = performance.now();
      await page.goto(`${site.base}/pos/`, { waitUntil: "commit" });
      await page.waitForSelector("#found .card");
      cold.push(performance.now() - started);
    }
    await picture(page, "20-catalog");

    const typed = await page.evaluate(async () => {
      const sale = document.querySelector("till-sale");
      const input = document.querySelector("#search");
      const times = [];
      input.focus();
      for (let round = 0; round < 3; round += 1) {
        for (const text of ["candle", "blue mug", "rose", "SKU-123", "lin oak", "steel frame 7", "cafe", "2000000", "zzz", "no 19999", "set holder", "green"]) {
          for (let length = 1; length <= text.length; length += 1) {
            const started = performance.now();
            input.value = text.slice(0, length);
            input.dispatchEvent(new Event("input", { bubbles: true }));
            await sale.updateComplete;
            times.push(performance.now() - started);
            await new Promise((done) => requestAnimationFrame(done));
          }
        }
      }
      input.value = "";
      input.dispatchEvent(new Event("input", { bubbles: true }));
      return times.sort((one, other) => one - other);
    });
    const scans = [];
    const apart = Math.floor(ITEMS / SCANS);
    for (let at = 0; at < SCANS; at += 1) {
      scans.push(await page.evaluate(async ([code, count]) => {
        const started = performance.now();
        scanned(code);
        await until(() => document.querySelectorAll("#lines .line").length === count);
        return performance.now() - started;
      }, [gtin(1000 + at * apart), at + 1]));
    }
    const part = (times, share) => Number(times[Math.min(times.length - 1, Math.floor(times.length * share))].toFixed(1));
    const sorted = [...scans].sort((one, other) => one - other);
    Object.assign(figures, { items: ITEMS, catalog_ms: Math.round(fetched), keystrokes: typed.length, keystroke_p50_ms: part(typed, 0.5), keystroke_p99_ms: part(typed, 0.99), scans: scans.length, scan_p50_ms: part(sorted, 0.5), scan_worst_ms: part(sorted, 1), cold_start_worst_ms: Math.round(Math.max(...cold)) });
    console.log(JSON.stringify(figures));
    assert.ok(figures.keystroke_p99_ms <= KEYSTROKE_MS * SLACK, `keystroke p99 ${figures.keystroke_p99_ms} ms`);
    assert.ok(figures.scan_worst_ms <= SCAN_MS * SLACK, `scan ${figures.scan_worst_ms} ms`);
    assert.ok(figures.cold_start_worst_ms <= COLD_START_MS * SLACK, `cold start ${figures.cold_start_worst_ms} ms`);
  } finally {
    await browser.close();
  }
});
