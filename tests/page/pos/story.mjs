// A day at the till, in Chromium, against the built Worker: set up, sell without a network, reload, go online again.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { readFile } from "node:fs/promises";

import { Browser, ROOT, backOffice, drawn, enroll, lines, openShift, payCash, picture, scan, serveSite, shows, signIn, unsent, until, untilGranted, untilKept, untilSent } from "./kit.mjs";
import { GOODS, buildShop, entriesOf, gtin } from "./shop.mjs";

const AXE = await readFile(`${ROOT}node_modules/axe-core/axe.min.js`, "utf8");

let site, office, browser, shop, page;

before(async () => {
  site = await serveSite(process.env.ESTIBA_URL);
  office = backOffice(site.base);
  shop = await buildShop(office);
  browser = await Browser.open();
  page = await browser.tab(site.base);
});
after(async () => {
  await browser?.close();
  site?.close();
});

const barcode = (sku) => gtin(GOODS.find((one) => one.sku === sku).number);

/** Nothing that keeps somebody out. */
async function accessible(name, on = page) {
  await drawn(on);
  await on.evaluate(AXE);
  const { violations } = await on.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  const serious = violations.filter((one) => one.impact === "serious" || one.impact === "critical");
  assert.deepEqual(serious.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`), [], name);
}

test("a code makes the browser a till, and a wrong one says so", async () => {
  await page.fill('till-enroll [name="code"]', `${shop.code.slice(0, -1)}${shop.code.endsWith("2") ? "3" : "2"}`);
  await page.click("till-enroll wa-button[type=submit]");
  await shows(page, "#trouble", /not valid/);
  await accessible("enrollment");
  await picture(page, "01-enroll");
  await enroll(page, shop.code);
  await accessible("sign in");
  await picture(page, "02-sign-in");
});

// part: U10
test("u10: the key cannot leave the browser", async () => {
  const extractable = await page.evaluate(async () => {
    const database = await new Promise((done) => { const open = indexedDB.open("estiba-till"); open.onsuccess = () => done(open.result); });
    const device = await new Promise((done) => { const get = database.transaction("things").objectStore("things").get("device"); get.onsuccess = () => done(get.result); });
    database.close();
    return [device.key.extractable, device.key.algorithm.name, await crypto.subtle.exportKey("jwk", device.key).then(() => "exported", (error) => error.name)];
  });
  assert.deepEqual(extractable, [false, "ECDSA", "InvalidAccessError"]);
});

test("a wrong PIN lets nobody in", async () => {
  await page.click('[data-cashier="ana"]');
  await page.fill('[name="pin"]', "0000");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".problem");
  await signIn(page, "ana", "1234");
});

test("it is ready for a day without a network, and says so", async () => {
  await page.waitForFunction(() => document.querySelector("#ready")?.dataset.tone === "fine", null, { timeout: 60_000 }).catch(async () => assert.fail(await page.getAttribute("#ready", "data-reasons")));
  await openShift(page, "100");
  await shop.grant();
  await untilGranted(page);
  await page.waitForFunction((count) => document.querySelectorAll("#found .card").length === count, GOODS.length);
  await picture(page, "03-sale-empty");
});

test("goods are scanned from anywhere, found by typing, and priced by the core", async () => {
  await scan(page, barcode("MUG-BLUE"));
  await scan(page, barcode("MUG-BLUE"));
  await page.focus("#search");
  await scan(page, barcode("OLIVES"));
  await page.waitForFunction(() => document.querySelectorAll("#lines .line").length === 2);
  assert.equal(await page.inputValue("#search"), "", "what the scanner typed is not left in the field");
  await page.fill("#search", "cafe");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelectorAll("#lines .line").length === 3);
  assert.deepEqual((await lines(page)).map((line) => [line.sku, line.quantity, line.total]), [["MUG-BLUE", "2", "€25.00"], ["OLIVES", "1", "€4.25"], ["CAFE-1KG", "1", "€17.90"]]);
  await shows(page, "#total", "€47.15");
  await accessible("selling");
  await picture(page, "04-sale");
});

test("what nobody knows is named", async () => {
  await scan(page, "9999999999994");
  await shows(page, ".note", /9999999999994/);
});

test("a discount beyond one's own takes a colleague's PIN", async () => {
  await page.keyboard.press("F8");
  await page.fill('till-cart-discount [name="discount"]', "10");
  await page.click("till-cart-discount wa-button[type=submit]");
  await page.waitForSelector("till-approve");
  await picture(page, "05-approve");
  await page.fill('[name="approver-pin"]', "9999");
  await page.click("#approve");
  await shows(page, "#total", "€42.43");
});

test("without a network the sale is finished, split over two tenders, with change", async () => {
  await browser.context.setOffline(true);
  await page.keyboard.press("F4");
  await page.waitForSelector("till-pay");
  await accessible("paying");
  await picture(page, "06-pay");
  await page.click('till-pay [data-kind="card"]');
  await page.fill('[name="amount"]', "20");
  await page.fill('[name="reference"]', "T-4711");
  await page.click("#add-tender");
  await page.click('till-pay [data-kind="cash"]');
  // Cash is rounded to the smallest coin.
  await shows(page, "#due", "€22.45");
  await page.fill('[name="amount"]', "50");
  await page.click("#add-tender");
  await shows(page, "#due", "€27.55");
  await page.click("#finish");
  await page.waitForSelector("till-slip .qr");
  await shows(page, "#change", "€27.55");
  await shows(page, "till-slip .paper-lines", /La Estiba[\s\S]*Mug, sea blue/);
  await accessible("receipt");
  await picture(page, "07-receipt");
  await page.keyboard.press("Enter");
  await page.waitForSelector("till-slip", { state: "detached" });
  assert.ok((await unsent(page)) >= 1);
});

test("held sales wait, also over a reload without a network", async () => {
  await scan(page, barcode("TEAPOT"));
  await page.keyboard.press("F9");
  await shows(page, "#held", /Held: 1/);
  await scan(page, barcode("CANDLE"));
  await page.waitForSelector('#lines [data-sku="CANDLE"]');
  await untilKept(page);
  await page.reload();
  await page.waitForSelector('#lines [data-sku="CANDLE"]');
  await shows(page, "#held", /Held: 1/);
  await payCash(page);
  await page.keyboard.press("F7");
  await page.click("#held-list .row-button");
  await page.waitForSelector('#lines [data-sku="TEAPOT"]');
  await payCash(page);
});

// part: U2
test("a11: what was sold without a network is sent once, and the edge has the same totals", async () => {
  const before = await unsent(page);
  assert.ok(before >= 3, `${before} wait`);
  await browser.context.setOffline(false);
  await untilSent(page);
  const entries = await entriesOf(office, shop.id);
  const sold = entries.filter(({ entry }) => entry.event.sold).map(({ entry }) => entry.event.sold);
  assert.deepEqual(sold.map((sale) => sale.totals.total), [4243, 690, 4990]);
  assert.deepEqual(entries.map(({ entry }) => entry.seq), entries.map((_, at) => at + 1));
  assert.deepEqual(entries.flatMap((one) => one.variances), []);
  for (const sale of sold) {
    const order = await until(() => office.get(`/v1/orders/${sale.order}`), (order) => order.totals !== undefined, "the sale is an order");
    assert.equal(order.totals.total.amount, sale.totals.total);
  }
});

test("goods come back with the sale at hand, without a network", async () => {
  await browser.context.setOffline(true);
  await page.click('[data-screen="returns"]');
  await picture(page, "08-returns");
  await page.click("#recent li:first-child .row-button");
  await page.click("till-refund .line .square.small:last-of-type");
  await page.fill('[name="refund-reason"]', "Does not fit");
  await accessible("returns");
  await picture(page, "09-refund");
  await shows(page, "#refund-total", "€49.90");
  await page.click("#refund");
  await page.waitForSelector("till-slip");
  // At once, wherever the focus still is: a cashier does not wait for it.
  await page.keyboard.press("Enter");
  await page.waitForSelector("till-slip", { state: "detached" });
  await browser.context.setOffline(false);
  await untilSent(page);
});

test("stock elsewhere is shown, and an order to be sent is a request", async () => {
  await page.click('[data-screen="stock"]');
  await page.fill('[name="stock"]', "cushion");
  await page.click('[data-sku="CUSHION"]');
  await page.waitForSelector(`[data-place="${shop.there}"]`);
  await page.click("#ship");
  await page.fill('[name="ship-name"]', "Ada");
  await page.fill('[name="ship-line"]', "Calle Mayor 2");
  await page.fill('[name="ship-city"]', "Madrid");
  await accessible("stock");
  await picture(page, "10-stock");
  await page.click("#request");
  await page.waitForSelector("till-slip");
  const order = await page.evaluate(() => document.querySelector("till-slip").slip.order);
  await page.keyboard.press("Enter");
  await page.waitForSelector("till-slip", { state: "detached" });
  await untilSent(page);
  await until(() => office.get(`/v1/orders/${order}`), (made) => made.status === "allocated", "what was asked for is to be allocated");
});

// part: E4
test("e4: an order that waits here is handed over", async () => {
  const order = await office.post("/v1/orders", { channel: "web", currency: "EUR", method: "pick_up", pick_up_at: shop.here, customer: { name: "Grace" }, ship_to: { country: "ES" }, lines: [{ sku: "NOTEBOOK", quantity: "1" }] });
  await page.click('[data-screen="orders"]');
  await page.waitForSelector(`[data-order="${order.id}"]`);
  await page.click(`[data-order="${order.id}"]`);
  await page.waitForSelector(".hand-over");
  await accessible("pick-ups");
  await picture(page, "11-pick-up");
  await page.click(".hand-over");
  await untilSent(page);
  await until(() => office.get(`/v1/orders/${order.id}`), (fetched) => fetched.status === "delivered", "the order was fetched");
});

// part: E4
test("e4: what was sent to this store is handed over once it arrived", async () => {
  // Only the depot has it.
  const lamp = `LAMP-${shop.id}`;
  await office.put(`/v1/items/${lamp}`, { title: "Lamp", unit: "each", prices: [{ amount: 3900, currency: "EUR" }] });
  await office.post("/v1/stock/receipts", { location: shop.there, reference: "lamps", lines: [{ sku: lamp, quantity: "2" }] });
  const order = await office.post("/v1/orders", { channel: "web", currency: "EUR", method: "ship_to_store", pick_up_at: shop.here, customer: { name: "Grace" }, ship_to: { country: "ES" }, lines: [{ sku: lamp, quantity: "1" }] });
  await until(() => office.get(`/v1/orders/${order.id}`), (made) => made.status === "allocated", "the depot has it");
  for (const step of ["pick", "pack", "ship"]) await office.post(`/v1/orders/${order.id}/fulfillments/1/${step}`, {});
  // It is on its way: whoever looks for it is told so, and nothing can be handed over.
  await until(() => office.get(`/v1/orders?status=shipped&pick_up_at=${shop.here}`), (list) => list.data.some((one) => one.id === order.id), "it is listed as shipped");
  await page.click('[data-screen="orders"]');
  await page.fill('[name="pickup"]', order.id);
  await page.keyboard.press("Enter");
  await shows(page, "till-orders section.sheet", /Parcel 1: sent/);
  assert.equal(await page.$(".hand-over"), null);
  assert.equal(await page.$(`till-orders h2 ~ ul [data-order="${order.id}"]`), null, "it does not wait here yet");
  await office.post(`/v1/orders/${order.id}/fulfillments/1/arrive`, {});
  // The list is looked at again now and then; whoever does not wait for that asks.
  await page.click('[data-screen="sale"]');
  await page.click('[data-screen="orders"]');
  await page.click(`[data-order="${order.id}"]`);
  await shows(page, "till-orders section.sheet", /Parcel 1: arrived here/);
  await accessible("sent to the store");
  await picture(page, "11-sent-to-store");
  await page.click(".hand-over");
  await untilSent(page);
  await until(() => office.get(`/v1/orders/${order.id}`), (fetched) => fetched.status === "delivered", "the order was fetched");
});

test("the shift is counted blind and reported", async () => {
  await page.click('[data-screen="shift"]');
  await accessible("shift");
  await picture(page, "12-shift");
  await page.click("#x-report");
  await page.waitForSelector("till-slip");
  await page.click("#close-slip");
  await page.click("#close-shift");
  await page.fill('[name="counted-cash"]', "100");
  await page.click("#close-now");
  await page.waitForSelector("till-slip");
  for (const button of ["#print", "#escpos", "#close-slip"]) await page.waitForSelector(button);
  await picture(page, "13-z-report");
  await page.click("#close-slip");
  await untilSent(page);
});

test("the journal is shown, reprinted and exported, line for line what the edge has", async () => {
  await page.click('[data-screen="more"]');
  await page.waitForSelector("#journal li");
  await accessible("more");
  await picture(page, "14-more");
  await page.click('#journal [aria-label*="again"]');
  await page.waitForSelector("till-slip");
  await page.click("#close-slip");
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("#export")]);
  const exported = (await readFile(await download.path(), "utf8")).trim().split("\n").map((line) => JSON.parse(line));
  const entries = await entriesOf(office, shop.id);
  assert.deepEqual(exported.map((line) => [line.entry.seq, line.hash, line.signature]), entries.map((one) => [one.entry.seq, one.hash, one.signature]));
});

test("i8: on a phone, in the dark, in Spanish everything is there, can be read and can be hit", async () => {
  const [other, phone] = [await buildShop(office), await Browser.open({ dark: true, phone: true, language: "es" })];
  try {
    const page = await phone.tab(site.base);
    await enroll(page, other.code);
    await signIn(page, "ana", "1234");
    await openShift(page);
    await scan(page, barcode("TEAPOT"));
    await scan(page, barcode("OLIVES"));
    await page.waitForSelector('#lines [data-sku="OLIVES"]');
    await shows(page, "#pay", /Cobrar/);
    await accessible("phone", page);
    await picture(page, "15-phone");
    for (const screen of ["sale", "returns", "orders", "stock", "shift", "more"]) {
      await page.click(`[data-screen="${screen}"]`);
      await page.waitForSelector(`main.${screen}`);
      await drawn(page);
      assert.ok(await page.evaluate(() => document.querySelector("main").scrollWidth <= 390 && document.documentElement.scrollWidth <= 390), `${screen} is wider than the screen`);
      const small = await page.$$eval("button, wa-button, select, input", (all) => all.filter((one) => one.offsetParent !== null && one.offsetHeight < 44 && one.type !== "checkbox").map((one) => one.outerHTML.slice(0, 80)));
      assert.deepEqual(small, [], screen);
      await picture(page, `16-phone-${screen}`);
    }
    await page.click('[data-screen="sale"]');
    await page.click("#pay");
    await page.waitForSelector("till-pay");
    await accessible("phone, paying", page);
    await picture(page, "17-phone-pay");
    assert.deepEqual(phone.problems, []);
  } finally {
    await phone.close();
  }
});

test("nothing broke on the way", () => assert.deepEqual(browser.problems, []));
