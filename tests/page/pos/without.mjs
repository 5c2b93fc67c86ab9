// A till that lacks something: the browser's promise, a mouse, the English language, prices of today, room, its key. It says so in
// one sentence, goes on where it can, and loses nothing.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";

import { Browser, alter, backOffice, enroll, kept, lines, openShift, payCash, picture, scan, serveSite, shows, signIn, untilGranted, untilKept, untilSent } from "./kit.mjs";
import { GOODS, buildShop, gtin } from "./shop.mjs";

/** What the browser gives this till: enough for all it does, and soon filled. */
const ROOM_BYTES = 20_000_000;

let site, office, browser, shop, page;
/** Says how much room there is. The browser asks when it begins to keep something: so it is told before. */
let room;

before(async () => {
  site = await serveSite(process.env.ESTIBA_URL);
  office = backOffice(site.base);
  [shop, browser] = await Promise.all([buildShop(office), Browser.open({ language: "pt-PT" })]);
  const session = await browser.context.newCDPSession(await browser.context.newPage());
  room = (bytes) => session.send("Storage.overrideQuotaForOrigin", bytes === null ? { origin: site.base } : { origin: site.base, quotaSize: bytes });
  await room(ROOM_BYTES);
  page = await browser.tab(site.base, { granted: false });
  await enroll(page, shop.code);
  await signIn(page, "ana", "1234");
});
after(async () => {
  await browser?.close();
  site?.close();
});

const barcode = (sku) => gtin(GOODS.find((one) => one.sku === sku).number);
/** Where the focus is, by its name or id. */
const focused = (wanted) => page.waitForFunction((wanted) => [document.activeElement?.name, document.activeElement?.id].includes(wanted), wanted)
  .catch(async () => assert.fail(`the focus is on ${await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 120))}, not on ${wanted}`));
/** As a person types: slower than any scanner. */
const types = (text) => page.keyboard.type(text, { delay: 80 });
const press = (key) => page.keyboard.press(key);
const ready = (fits, what) => page.waitForFunction((fits) => new RegExp(fits).test(document.querySelector("#ready")?.dataset.reasons ?? "?"), fits.source).catch(async () => assert.fail(`${what}: ${await page.getAttribute("#ready", "data-reasons")}`));

test("without the browser's promise the light is not green, and asking for it makes it so", async () => {
  await ready(/^not_persisted$/, "only the promise is missing");
  await shows(page, "#ready", /Não/);
  await page.click("#ready");
  await page.waitForSelector('[data-reason="not_persisted"]');
  await picture(page, "21-not-ready");
  await (await browser.context.newCDPSession(page)).send("Browser.setPermission", { origin: site.base, permission: { name: "persistent-storage" }, setting: "granted" });
  await page.click('[data-reason="not_persisted"] .link');
  await page.waitForSelector('.verdict[data-tone="fine"]');
  await ready(/^$/, "nothing is missing");
  await press("Escape");
  await page.waitForSelector("till-ready", { state: "detached" });
});

test("a refusal is read in Portuguese", async () => {
  await scan(page, barcode("CANDLE"));
  await shows(page, ".note", /Nenhum turno está aberto: abra um primeiro\./);
});

test("a whole sale takes no mouse", async () => {
  await press("Alt+5");
  await focused("float");
  await types("100");
  await press("Enter");
  await page.waitForSelector("#search");
  await shop.grant();
  await untilGranted(page);
  await press("F2");
  await focused("search");
  await types("bowl");
  await press("Enter");
  await shows(page, "#lines .quantity", "1");
  await press("+");
  await shows(page, "#lines .quantity", "2");
  await press("*");
  await focused("quantity");
  await types("3");
  await press("Enter");
  await shows(page, "#lines .quantity", "3");
  await shows(page, "#total", /26,85/);
  await press("F10");
  await focused("query");
  for (const _ of [1, 2]) await press("Tab");
  await focused("name");
  await types("Ada");
  await press("Enter");
  await shows(page, "#customer span", "Ada");
  await press("F4");
  await focused("amount");
  await press("Alt+2");
  await page.waitForSelector('till-pay [data-kind="card"][aria-pressed="true"]');
  await focused("amount");
  await types("20");
  await press("Tab");
  await focused("reference");
  await types("T-9");
  await press("Enter");
  await shows(page, ".tenders li", /T-9/);
  await press("Alt+1");
  await page.waitForSelector('till-pay [data-kind="cash"][aria-pressed="true"]');
  await focused("amount");
  await types("10");
  await press("Enter");
  await page.waitForSelector("#finish");
  await press("Enter");
  await shows(page, "#change", /3,15/);
  await press("Enter");
  await page.waitForSelector("till-slip", { state: "detached" });
  await page.waitForSelector("#search");
  assert.equal((await kept(page)).rows.filter((row) => row.sold).length, 1);
});

test("a refusal is read in Spanish, once the language is changed at the till", async () => {
  await page.click('[data-screen="more"]');
  await page.selectOption('select[name="language"]', { label: "Español" });
  await shows(page, '[data-screen="sale"]', /Vender/);
  await page.click('[data-screen="shift"]');
  await page.click('[data-act="pay_out"]');
  await page.fill('till-cash [name="cash"]', "5");
  await page.fill('till-cash [name="reason"]', "Taxi");
  await page.click("till-cash wa-button[type=submit]");
  await shows(page, "till-approve p", /No puede sacar efectivo sin alguien con permiso\./);
  await press("Escape");
  await page.waitForSelector("till-approve", { state: "detached" });
  await page.click('[data-screen="more"]');
  await page.selectOption('select[name="language"]', { label: "English" });
  await shows(page, '[data-screen="sale"]', /Sell/);
});

// ---- When something is missing ----

/** Finds the till as it is after a night: what the browser keeps was changed, and there is no network. */
async function reopened(name, fields) {
  await alter(page, name, fields);
  await page.reload();
  await page.waitForSelector("main.screen");
}

test("prices of two days are named and sold at, prices of a month are not sold at until the till was online", async () => {
  await untilSent(page);
  await browser.context.setOffline(true);
  const days = (count) => Date.now() - count * 24 * 3_600_000;
  await reopened("book", { checkedAt: days(2) });
  await shows(page, ".banners", /older than a day/);
  await ready(/old_catalog/, "the light names it");
  await scan(page, barcode("CANDLE"));
  await page.waitForSelector('#lines [data-sku="CANDLE"]');
  await payCash(page);
  await reopened("book", { checkedAt: days(31) - 3_600_000 });
  const before = (await kept(page)).rows.length;
  await scan(page, barcode("CANDLE"));
  await page.waitForSelector('#lines [data-sku="CANDLE"]');
  await page.click("#pay");
  await page.click("#add-tender");
  await page.click("#finish");
  await shows(page, ".note", /The prices are 31 days old: this till sells again once it was online\./);
  await press("Escape");
  await page.waitForSelector("till-pay", { state: "detached" });
  assert.equal((await kept(page)).rows.length, before);
  await browser.context.setOffline(false);
  await untilSent(page);
  await ready(/^$/, "the prices are of today");
  await page.click("#pay");
  await page.click("#finish");
  await page.waitForSelector("till-slip");
  await page.click("#close-slip");
  await page.waitForSelector("till-slip", { state: "detached" });
});

test("little room left is named", async () => {
  await untilSent(page);
  // Chromium tells every site of ten gigabytes, however much there is.
  await page.evaluate(() => { navigator.storage.estimate = async () => ({ usage: 10_000_000, quota: 50_000_000 }); window.dispatchEvent(new Event("online")); });
  await ready(/^little_room$/, "there is little room");
  await page.evaluate(() => { delete navigator.storage.estimate; window.dispatchEvent(new Event("online")); });
  await ready(/^$/, "there is room");
});

/** Something else of the shop's fills what the browser gives, to the last kilobyte. */
const fill = () => page.evaluate(async () => {
  const database = await new Promise((done) => { const open = indexedDB.open("filler"); open.onupgradeneeded = () => open.result.createObjectStore("all", { autoIncrement: true }); open.onsuccess = () => done(open.result); });
  const noise = (size) => { const bytes = new Uint8Array(size); for (let at = 0; at < size; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536)); return bytes; };
  const fits = (size) => new Promise((done) => { const transaction = database.transaction("all", "readwrite"); transaction.objectStore("all").add(noise(size)); transaction.oncomplete = () => done(true); transaction.onabort = () => done(transaction.error.name !== "QuotaExceededError"); });
  for (const size of [1_000_000, 100_000, 10_000, 1000, 100]) while (await fits(size));
  database.close();
});

test("when the browser has no room nothing is sold, it is said, and the sale stays on the counter", async () => {
  await untilSent(page);
  await scan(page, barcode("CANDLE"));
  await page.waitForSelector('#lines [data-sku="CANDLE"]');
  await page.click("#pay");
  await page.click("#add-tender");
  await page.waitForSelector("#finish");
  await untilKept(page);
  const before = (await kept(page)).rows.length;
  await fill();
  await page.click("#finish");
  await shows(page, ".note[data-tone=bad]", /no room left on this device: the sale was not written/);
  assert.equal((await kept(page)).rows.length, before);
  assert.equal((await lines(page)).length, 1);
  await room(null);
  await page.click("#finish");
  await page.waitForSelector("till-slip");
  assert.equal((await kept(page)).rows.length, before + 1);
  await page.click("#close-slip");
  await page.waitForSelector("till-slip", { state: "detached" });
});

test("a till whose key is gone says so at once, hands its journal out, and sells again after another setup", async () => {
  await untilSent(page);
  await browser.context.setOffline(true);
  await scan(page, barcode("CANDLE"));
  await payCash(page);
  const { rows } = await kept(page);
  await alter(page, "device", { key: undefined });
  await page.reload();
  await shows(page, "main.alone h1", "The key of this till cannot be used");
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("#rescue")]);
  const exported = (await readFile(await download.path(), "utf8")).trim().split("\n").map((line) => JSON.parse(line).hash);
  assert.deepEqual(exported, rows.map((row) => row.hash));
  await browser.context.setOffline(false);
  await page.click("#again");
  await enroll(page, await shop.newCode());
  await signIn(page, "ana", "1234");
  await openShift(page);
  await shop.grant();
  await untilGranted(page);
  await scan(page, barcode("CANDLE"));
  await payCash(page);
  await untilSent(page);
  assert.equal((await kept(page)).rows.length, rows.length + 2, "the journal of before is still there");
});

test("nothing broke on the way", () => assert.deepEqual(browser.problems, []));
