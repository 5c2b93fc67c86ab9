// What a shop lives through: tabs and power that go at every step of writing, several tabs, storage that is wiped, clocks that are
// off, updates in the middle of a sale, networks that cut and lie, two tills with one identity.

import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, afterEach, test } from "node:test";

import { Browser, PATIENCE_MS, ROOT, STOPS, WRITTEN, backOffice, enroll, kept, lines, openShift, payCash, scan, serveSite, shows, signIn, stopAt, unsent, until, untilGranted, untilKept, untilSent } from "./kit.mjs";
import { buildShop, entriesOf, gtin } from "./shop.mjs";

let site, office, browser, shop;

before(async () => {
  site = await serveSite(process.env.ESTIBA_URL);
  office = backOffice(site.base);
});
after(() => site?.close());
beforeEach(async () => {
  site.fault = () => null;
  site.files.clear();
  shop = await buildShop(office);
  browser = await Browser.open();
});
afterEach(async () => browser?.close());

/** A till in its shift, ready to sell. */
async function till(prepare) {
  const page = await browser.tab(site.base, { prepare });
  await enroll(page, shop.code);
  await signIn(page, "ana", "1234");
  await openShift(page);
  await shop.grant();
  await untilGranted(page);
  return page;
}

/** Gapless, chained, every receipt once. */
function whole(rows) {
  rows.forEach((row, at) => {
    assert.equal(row.seq, at + 1);
    if (at > 0) assert.equal(row.prev, rows[at - 1].hash);
  });
  const receipts = rows.flatMap((row) => row.sold?.receipt ?? []);
  assert.deepEqual(receipts.map((receipt) => Number(receipt.split("-").at(-1))), receipts.map((_, at) => at + 1));
  return receipts.length;
}

// ---- Power ----

test("power that goes at any step of writing leaves the whole sale or none of it", async () => {
  let page = await till(stopAt);
  await untilSent(page);
  await browser.context.setOffline(true);
  let sold = 0;
  for (const step of STOPS) {
    await scan(page, gtin(5));
    await page.waitForSelector('#lines [data-sku="CANDLE"]');
    await page.click("#pay");
    await page.click("#add-tender");
    await page.waitForSelector("#finish");
    await untilKept(page);
    const stopped = page.waitForEvent("console", { predicate: (message) => message.text() === "@stopped", timeout: PATIENCE_MS });
    await page.evaluate((step) => { globalThis.stopAt = step; }, step);
    await page.evaluate(() => setTimeout(() => document.querySelector("#finish").click()));
    await stopped;
    await browser.cutPower();
    await browser.context.setOffline(true);
    page = await browser.tab(site.base, { prepare: stopAt });
    await page.waitForSelector("#search");
    const { rows } = await kept(page);
    const now = whole(rows);
    const open = await lines(page);
    assert.ok(now === sold || now === sold + 1, `${step}: ${now} sold, before ${sold}`);
    assert.equal(open.length, now === sold ? 1 : 0, `${step}: the sale is on the counter or in the journal, never in both or neither`);
    if (WRITTEN.has(step)) assert.equal(now, sold + 1, step);
    else if (step.startsWith("before")) assert.equal(now, sold, step);
    if (now === sold) {
      await page.click("#pay");
      await page.click("#finish");
      await page.waitForSelector("till-slip");
      await page.click("#close-slip");
    }
    sold += 1;
  }
  await browser.context.setOffline(false);
  await untilSent(page);
  const entries = await entriesOf(office, shop.id);
  assert.equal(entries.filter(({ entry }) => entry.event.sold).length, STOPS.length);
  assert.equal(new Set(entries.flatMap(({ entry }) => entry.event.sold?.receipt ?? [])).size, STOPS.length);
});

// ---- Tabs ----

test("of four tabs one sells; whoever takes over has the sale, and the one before writes nothing more", async () => {
  // Signing waits when it is told to: so a tab can lose the journal in the middle of an entry.
  const gate = `globalThis.gate = null;
    const sign = SubtleCrypto.prototype.sign; SubtleCrypto.prototype.sign = async function (...all) { if (globalThis.gate && all[2][0] === 123) { globalThis.gate.waits = true; await globalThis.gate.promise; } return sign.apply(this, all); };`;
  const tabs = [await till(gate)];
  await untilSent(tabs[0]);
  await browser.context.setOffline(true);
  for (let at = 1; at < 4; at += 1) {
    tabs.push(await browser.tab(site.base, { prepare: gate }));
    await tabs[at].waitForSelector("#take-over");
  }
  let [now, sold] = [0, 0];
  for (const next of [1, 2, 3, 0, 2]) {
    await tabs[now].bringToFront();
    await scan(tabs[now], gtin(5));
    await tabs[now].waitForSelector('#lines [data-sku="CANDLE"]');
    await tabs[now].click("#pay");
    await tabs[now].click("#add-tender");
    await tabs[now].waitForSelector("#finish");
    await untilKept(tabs[now]);
    await tabs[now].evaluate(() => { globalThis.gate = Promise.withResolvers(); });
    await tabs[now].click("#finish", { noWaitAfter: true });
    await tabs[now].waitForFunction(() => globalThis.gate.waits);
    await tabs[next].bringToFront();
    await tabs[next].click("#take-over");
    await tabs[next].waitForSelector("#lines .line");
    await tabs[now].evaluate(() => { globalThis.gate.resolve(); globalThis.gate = null; });
    await tabs[now].bringToFront();
    await tabs[now].waitForSelector("#take-over");
    // It goes on where it was stopped, and finds that the journal is another tab's.
    await tabs[now].waitForTimeout(500);
    assert.equal(whole((await kept(tabs[next])).rows), sold, "the entry that was under way was not written");
    await tabs[next].bringToFront();
    await tabs[next].click("#pay");
    await tabs[next].click("#finish");
    await tabs[next].waitForSelector("till-slip");
    await tabs[next].click("#close-slip");
    [now, sold] = [next, sold + 1];
  }
  assert.equal(whole((await kept(tabs[now])).rows), 5);
  await browser.context.setOffline(false);
  await untilSent(tabs[now]);
  assert.equal((await entriesOf(office, shop.id)).filter(({ entry }) => entry.event.sold).length, 5);
});

// ---- Storage ----

const clear = async (page, storageTypes) => {
  const session = await browser.context.newCDPSession(page);
  await session.send("Storage.clearDataForOrigin", { origin: site.base, storageTypes });
  await session.detach();
};

test("storage that is wiped is noticed at once, and said at the next start", async () => {
  const page = await till();
  await browser.context.setOffline(true);
  await scan(page, gtin(5));
  await payCash(page);
  await clear(page, "indexeddb");
  await shows(page, "main.alone h1", /storage/i);
  await browser.context.setOffline(false);
  await page.reload();
  await shows(page, "#lost", /gone/);
  await enroll(page, await shop.newCode());
  await signIn(page, "ana", "1234");
  await shows(page, ".note[data-tone=bad]", /setup no. 2/);
  await openShift(page);
  await shop.grant();
  await untilGranted(page);
  await scan(page, gtin(5));
  await payCash(page);
  await untilSent(page);
});

test("a journal that was brought back from a copy goes on nowhere", async () => {
  const page = await till();
  await browser.context.setOffline(true);
  await scan(page, gtin(5));
  await payCash(page);
  await page.evaluate(async () => {
    const database = await new Promise((done) => { const open = indexedDB.open("estiba-till"); open.onsuccess = () => done(open.result); });
    const transaction = database.transaction(["things", "journal"], "readwrite");
    transaction.objectStore("journal").clear();
    for (const name of ["stand", "snapshot"]) transaction.objectStore("things").delete(name);
    await new Promise((done) => { transaction.oncomplete = done; });
    database.close();
  });
  await page.reload();
  await shows(page, "#lost", /older/);
});

test("without room nothing is sold, it is said, and the sale stays", async () => {
  const page = await till(`globalThis.full = false; const add = IDBObjectStore.prototype.add; IDBObjectStore.prototype.add = function (...all) { if (globalThis.full) throw new DOMException("no room", "QuotaExceededError"); return add.apply(this, all); };`);
  await scan(page, gtin(5));
  await page.click("#pay");
  await page.click("#add-tender");
  await page.evaluate(() => { globalThis.full = true; });
  await page.click("#finish");
  await shows(page, ".note[data-tone=bad]", /no room/i);
  assert.equal(whole((await kept(page)).rows), 0);
  await page.evaluate(() => { globalThis.full = false; });
  await page.click("#finish");
  await page.waitForSelector("till-slip");
  assert.equal(whole((await kept(page)).rows), 1);
});

test("a key that cannot be used stops the till and says so", async () => {
  const page = await till();
  await scan(page, gtin(5));
  await page.click("#pay");
  await page.click("#add-tender");
  await page.evaluate(() => { globalThis.sign = SubtleCrypto.prototype.sign; SubtleCrypto.prototype.sign = () => Promise.reject(new DOMException("gone", "InvalidAccessError")); });
  await page.click("#finish");
  await shows(page, "main.alone h1", /key/i);
  // With another key it goes on, without starting again.
  await page.evaluate(() => { SubtleCrypto.prototype.sign = globalThis.sign; });
  await page.click("#again");
  await enroll(page, await shop.newCode());
  await signIn(page, "ana", "1234");
  await openShift(page);
});

/** A till that sold so often since it lost the network. */
async function soldOffline(sales) {
  const page = await till();
  await untilSent(page);
  await browser.context.setOffline(true);
  for (let at = 0; at < sales; at += 1) {
    await scan(page, gtin(5));
    await payCash(page);
  }
  return page;
}

test("a damaged journal is named, handed out, and another setup sells on", async () => {
  const page = await soldOffline(3);
  await page.evaluate(async () => {
    const database = await new Promise((done) => { const open = indexedDB.open("estiba-till"); open.onsuccess = () => done(open.result); });
    const store = database.transaction("journal", "readwrite").objectStore("journal");
    const row = await new Promise((done) => { const get = store.get([1, 3]); get.onsuccess = () => done(get.result); });
    row.entry = row.entry.replace('"total":690', '"total":691');
    await new Promise((done) => { store.put(row).onsuccess = done; });
    database.close();
  });
  await page.reload();
  // Where the till stands cannot be worked out from it: it says so, hands the journal out, and takes a new setup.
  await shows(page, "main.alone h1", /cannot be read/);
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("#rescue")]);
  const exported = (await readFile(await download.path(), "utf8")).trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(exported.map((line) => line.entry.seq), [1, 2, 3, 4]);
  await browser.context.setOffline(false);
  await page.click("#again");
  await enroll(page, await shop.newCode());
  await signIn(page, "ana", "1234");
  await openShift(page);
  await scan(page, gtin(5));
  await page.waitForSelector('#lines [data-sku="CANDLE"]');
});

/** Cuts an entry off in the middle, in what the browser keeps. */
const damage = (page, seq) => page.evaluate(async (seq) => {
  const database = await new Promise((done) => { const open = indexedDB.open("estiba-till"); open.onsuccess = () => done(open.result); });
  const store = database.transaction("journal", "readwrite").objectStore("journal");
  const row = await new Promise((done) => { const get = store.get([1, seq]); get.onsuccess = () => done(get.result); });
  row.entry = row.entry.slice(0, 150);
  await new Promise((done) => { store.put(row).onsuccess = done; });
  database.close();
}, seq);

test("an entry that was damaged long ago is named while the till sells on", async () => {
  // More than lie between two snapshots: the till opens without reading the damaged one.
  const page = await soldOffline(36);
  await damage(page, 3);
  // Reading takes until after the next sale.
  await page.addInitScript(() => {
    const digest = SubtleCrypto.prototype.digest;
    const looking = new Promise((done) => { globalThis.look = () => { globalThis.looked = true; done(); }; });
    SubtleCrypto.prototype.digest = async function (...all) {
      if (!globalThis.looked) await looking;
      return digest.apply(this, all);
    };
  });
  await page.reload();
  await page.waitForSelector("#search");
  await scan(page, gtin(5));
  await payCash(page);
  assert.equal(await page.$(".banner[data-tone=bad]"), null);
  await page.evaluate(() => globalThis.look());
  await shows(page, ".banner", /Entry 3 of the journal was damaged/);
});

test("an entry that the edge cannot read is told and kept as evidence, and nothing else waits for it", async () => {
  const page = await soldOffline(4);
  // One in the middle, and the last one: what it was nobody can say before another follows.
  await damage(page, 3);
  await damage(page, 5);
  await browser.context.setOffline(false);
  await shows(page, ".note[data-tone=bad]", /cannot read entry 3, 5 of the journal/);
  await page.waitForFunction(() => document.querySelector("#sync").dataset.unsent === "1" && document.querySelector("#sync").dataset.last === "fine");
  assert.deepEqual((await entriesOf(office, shop.id)).map(({ entry }) => entry.seq), [1, 2, 4]);
  await scan(page, gtin(5));
  await payCash(page);
  await untilSent(page);
  assert.deepEqual((await entriesOf(office, shop.id)).map(({ entry }) => entry.seq), [1, 2, 4, 6]);
  const { data } = await office.get(`/v1/tills/${shop.id}/exceptions`);
  assert.deepEqual(data.filter((one) => one.code === "unreadable").map((one) => one.seq), [3, 5]);
  assert.equal((await office.get(`/v1/tills/${shop.id}`)).state, "active");
  await page.click('[data-screen="more"]');
  await shows(page, "#journal .remark", /Refused by the server: unreadable/);
});

// ---- Time ----

test("a clock that is a day off is named, and takes a manager", async () => {
  const page = await till(`globalThis.shift = 0; const now = Date.now; Date.now = () => now() + globalThis.shift;
    globalThis.Date = new Proxy(Date, { construct: (target, all) => (all.length === 0 ? new target(target.now()) : new target(...all)) });`);
  await untilSent(page);
  await page.evaluate(() => { globalThis.shift = 26 * 3600 * 1000; window.dispatchEvent(new Event("focus")); });
  await scan(page, gtin(5));
  await shows(page, ".banners", /off by more/);
  await page.click("#pay");
  await page.click("#add-tender");
  await page.click("#finish");
  await shows(page, ".note", /clock.*26 hours/i);
  await page.keyboard.press("Escape");
  await page.waitForSelector("till-pay", { state: "detached" });
  await page.click(".banner .link");
  await page.fill('[name="approver-pin"]', "9999");
  await page.click("#approve");
  await page.waitForSelector("till-approve", { state: "detached" });
  await page.click("#pay");
  await page.click("#finish");
  await page.waitForSelector("till-slip");
  await page.click("#close-slip");
  await untilSent(page);
  const entries = await entriesOf(office, shop.id);
  assert.ok(entries.some(({ entry }) => entry.event.clock_accepted));
  assert.ok(entries.some(({ entry }) => entry.event.sold));
});

// ---- Updates ----

test("a newer app waits, asks while a sale is open, and keeps the sale", async () => {
  const page = await till();
  await page.waitForFunction(() => navigator.serviceWorker.controller);
  await scan(page, gtin(3));
  await page.waitForSelector('#lines [data-sku="TEAPOT"]');
  const worker = await readFile(join(ROOT, "www/pos/sw.js"), "utf8");
  site.files.set("/pos/sw.js", Buffer.from(`${worker}\n// The next build.`));
  await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
  await page.waitForSelector("#update");
  await page.waitForTimeout(500);
  assert.equal((await lines(page)).length, 1, "it waits");
  await page.evaluate(() => { globalThis.before = true; });
  await page.click("#update");
  await page.waitForSelector("#yes");
  await page.keyboard.press("Escape");
  await page.waitForSelector("#yes", { state: "detached" });
  assert.ok(await page.evaluate(() => globalThis.before), "not without a yes");
  await page.click("#update");
  await Promise.all([page.waitForEvent("load"), page.click("#yes")]);
  await page.waitForSelector('#lines [data-sku="TEAPOT"]');
  await payCash(page);
  await untilSent(page);
});

// ---- Rights ----

test("u1: without a network a till sells what was set aside for it and no more, and nobody else sells that", async () => {
  // Five here and five in the depot; two of them are the till's.
  const number = randomInt(1000, 1_000_000);
  const sku = `LAMP-${number}`;
  shop = await buildShop(office, { granted: "2", stocked: "5", goods: [{ sku, title: "Lamp, brass", category: "Home", price: 4990, number }] });
  const page = await till();
  await untilSent(page);
  await browser.context.setOffline(true);
  const order = async (quantity) => (await office.post("/v1/orders", { channel: "web", currency: "EUR", shortage: "reject", customer: { name: "Grace" }, ship_to: { country: "ES" }, lines: [{ sku, quantity }] })).id;
  await assert.rejects(order("9"), /\/v1\/orders: 4\d\d /);
  const taken = await order("8");
  await until(() => office.get(`/v1/orders/${taken}`), (order) => order.status === "allocated", "the order is to have all that is free");
  await scan(page, gtin(number));
  await scan(page, gtin(number));
  await shows(page, "#lines .quantity", "2");
  await payCash(page);
  // Of a third one nobody at this till may dispose.
  await scan(page, gtin(number));
  await page.waitForSelector("#lines .short");
  await page.click("#pay");
  await page.click("#add-tender");
  await page.click("#finish");
  await page.waitForSelector("till-approve");
  await page.keyboard.press("Escape");
  await page.waitForSelector("till-approve", { state: "detached" });
  await browser.context.setOffline(false);
  await untilSent(page);
  const entries = await entriesOf(office, shop.id);
  assert.equal(entries.filter(({ entry }) => entry.event.sold).length, 1);
  assert.deepEqual(entries.flatMap((one) => one.variances), []);
  const left = async () => (await office.get(`/v1/availability?sku=${sku}`)).data[0].locations.map((one) => Number(one.available));
  await until(left, (left) => Array.isArray(left) && left.every((one) => one === 0), "everything is promised once");
});

// ---- Networks ----

test("uploads that are cut and repeated come to each sale once", async () => {
  const page = await till();
  let seed = 7;
  const chance = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
  site.fault = (request) => (request.url.startsWith("/v1/till/journal") && chance() < 0.7 ? (chance() < 0.5 ? "drop" : "lose") : null);
  for (let at = 0; at < 12; at += 1) {
    await scan(page, gtin(1 + (at % 12)));
    await payCash(page);
  }
  site.fault = () => null;
  await page.evaluate(() => window.dispatchEvent(new Event("online")));
  await untilSent(page);
  const entries = await entriesOf(office, shop.id);
  const here = (await kept(page)).rows;
  assert.deepEqual(entries.map((one) => one.hash), here.map((row) => row.hash));
  assert.equal(whole(here), 12);
});

test("a network that answers nonsense is named, selling goes on, and nothing is believed", async () => {
  const page = await till();
  await untilSent(page);
  const answers = [
    { status: 200, type: "text/html", body: "<h1>Welcome to the hotel</h1>" },
    { status: 200, body: "{}" },
    { status: 200, body: '{"ack_upto": 999, "results": "all", "state": "active"}' },
    { status: 200, body: "not json" },
    { status: 422, body: '{"code": "validation_failed"}' },
  ];
  for (const answer of answers) {
    site.fault = (request) => (request.url.startsWith("/v1/till/journal") ? answer : null);
    await scan(page, gtin(5));
    await payCash(page);
    await page.waitForFunction(() => ["nonsense", "refused"].includes(document.querySelector("#sync").dataset.last), null, { timeout: 180_000 });
  }
  assert.ok((await unsent(page)) >= answers.length);
  site.fault = () => null;
  await page.click("#sync");
  await page.click("#sync-now");
  await untilSent(page);
  assert.equal(whole((await kept(page)).rows), answers.length);
});

// ---- Identity ----

test("a till that was given up sells no more, says so, and keeps what it sold", async () => {
  const page = await till();
  await untilSent(page);
  await browser.context.setOffline(true);
  await scan(page, gtin(5));
  await payCash(page);
  await office.post(`/v1/tills/${shop.id}/revoke`, {});
  await browser.context.setOffline(false);
  await shows(page, ".banner[data-tone=bad]", /withdrawn/);
  await scan(page, gtin(5));
  await page.click("#pay");
  await page.click("#add-tender");
  await page.click("#finish");
  await page.waitForSelector(".note[data-tone=bad]");
  assert.equal(whole((await kept(page)).rows), 1);
});

// part: U10
test("u10: two tills with one identity are both stopped", async () => {
  const page = await till();
  await untilSent(page);
  await page.close();
  const copy = await mkdtemp(join(tmpdir(), "estiba-till-"));
  await browser.kill();
  await cp(browser.profile, copy, { recursive: true, filter: (path) => !/Singleton/.test(path) });
  await browser.launch();
  const twin = await Browser.open({ profile: copy });
  try {
    const [one, other] = [await browser.tab(site.base), await twin.tab(site.base)];
    for (const [page, number] of [[one, 5], [other, 6]]) {
      await page.waitForSelector("#search");
      await scan(page, gtin(number));
      await payCash(page);
    }
    for (const page of [one, other]) {
      await shows(page, ".banner[data-tone=bad]", /two tills/);
    }
  } finally {
    await twin.close();
    await rm(copy, { recursive: true, force: true, maxRetries: 5 });
  }
});
