// What a counter needs besides plain sales: prices and people that answer for them, customers, other tenders, goods that come back,
// cash in and out, counts, paper and the camera.

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { Browser, PATIENCE_MS, approve, backOffice, enroll, kept, openShift, payCash, picture, scan, serveSite, shows, signIn, until, untilGranted, untilSent } from "./kit.mjs";
import { ean13Film } from "./film.mjs";
import { GOODS, buildShop, entriesOf, gtin } from "./shop.mjs";

/** A printer on the serial port that keeps what it is sent; none where the test takes it away. */
const PRINTER = `
  globalThis.printed = [];
  const writable = () => new WritableStream({ write: (bytes) => void globalThis.printed.push(...bytes) });
  const port = { open: async () => { port.writable = writable(); }, close: async () => {}, writable: null };
  globalThis.printer = { getPorts: async () => [port] };
  Object.defineProperty(navigator, "serial", { configurable: true, get: () => globalThis.printer });
  window.print = () => { globalThis.asked = (globalThis.asked ?? 0) + 1; };
`;
/** What the camera showed, and the stream that it gave. */
const FILMED = `
  const play = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = async function () { await play.call(this); globalThis.filmed = { width: this.videoWidth, tracks: this.srcObject.getVideoTracks() }; };
`;

let site, office, folder, browser, shop, page;

before(async () => {
  site = await serveSite(process.env.ESTIBA_URL);
  office = backOffice(site.base);
  folder = await mkdtemp(join(tmpdir(), "estiba-counter-"));
  const camera = join(folder, "notebook.y4m");
  await writeFile(camera, ean13Film(barcode("NOTEBOOK")));
  [shop, browser] = await Promise.all([buildShop(office), Browser.open({ camera })]);
  page = await browser.tab(site.base, { prepare: PRINTER + FILMED });
  await enroll(page, shop.code);
  await signIn(page, "ana", "1234");
  await openShift(page, "100");
  await shop.grant();
  await untilGranted(page);
});
after(async () => {
  await browser?.close();
  site?.close();
  await rm(folder, { recursive: true, force: true });
});

const barcode = (sku) => gtin(GOODS.find((one) => one.sku === sku).number);
const onCounter = (sku) => page.waitForSelector(`#lines [data-sku="${sku}"]`);
/** What the shelf of the store holds by the edge's books. */
const onHand = async (sku) => (await office.get(`/v1/availability?sku=${sku}&location=${shop.here}`)).data[0].locations[0].on_hand;
/** The last entry of a kind that the edge has. */
async function last(kind) {
  await untilSent(page);
  return (await entriesOf(office, shop.id)).map(({ entry }) => entry.event[kind]).findLast((event) => event !== undefined);
}
async function closeSlip() {
  await page.click("#close-slip");
  await page.waitForSelector("till-slip", { state: "detached" });
}

// ---- The app ----

test("the browser finds it fit to be installed, and its own worker serves it", async () => {
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === "activated");
  assert.equal(new URL(await page.evaluate(() => navigator.serviceWorker.controller.scriptURL)).pathname, "/pos/sw.js");
  const session = await browser.context.newCDPSession(page);
  const { errors, data, url } = await session.send("Page.getAppManifest");
  assert.deepEqual(errors, []);
  const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
  assert.deepEqual(installabilityErrors, []);
  await session.detach();
  const { name, start_url, display, icons } = JSON.parse(data);
  assert.deepEqual([name, start_url, display], ["Estiba till", "/pos/", "standalone"]);
  for (const size of [192, 512]) {
    const icon = icons.find((one) => one.sizes === `${size}x${size}` && one.purpose === undefined);
    const bytes = Buffer.from(await (await fetch(new URL(icon.src, url))).arrayBuffer());
    // A PNG tells its width and height at the head.
    assert.deepEqual([bytes.readUInt32BE(16), bytes.readUInt32BE(20)], [size, size], icon.src);
  }
});

// ---- Finding ----

test("favorites and categories narrow what is shown, and favorites outlive a reload", async () => {
  const found = () => page.$$eval("#found .item", (all) => all.map((one) => one.dataset.sku));
  const finds = (wanted) => page.waitForFunction((wanted) => [...document.querySelectorAll("#found .item")].map((one) => one.dataset.sku).sort().join() === wanted, [...wanted].sort().join())
    .catch(async () => assert.fail(`${await found()} instead of ${wanted}`));
  await page.click('.pills .pill:has-text("Paper")');
  await finds(["NOTEBOOK", "PENCIL"]);
  await page.click('.card:has([data-sku="NOTEBOOK"]) .star');
  await page.click('.pills .pill:has-text("Food")');
  await finds(["CAFE-1KG", "HONEY", "OLIVES"]);
  await page.click('.card:has([data-sku="HONEY"]) .star');
  await page.click('.pills .pill:has-text("Favorites")');
  await finds(["HONEY", "NOTEBOOK"]);
  await picture(page, "20-favorites");
  await page.reload();
  await page.click('.pills .pill:has-text("Favorites")');
  await finds(["HONEY", "NOTEBOOK"]);
  await page.click('.card:has([data-sku="NOTEBOOK"]) .star');
  await finds(["HONEY"]);
  await page.click('#found [data-sku="HONEY"]');
  await onCounter("HONEY");
});

// ---- Prices and people ----

test("a price keyed in takes somebody who may, and without them it is the price it was", async () => {
  const keyIn = async () => {
    await page.click('#lines [data-sku="HONEY"] .what');
    await page.fill('till-line [name="price"]', "7.50");
    await page.click("till-line wa-button[type=submit]");
    await page.waitForSelector("till-approve");
  };
  await keyIn();
  await shows(page, "till-approve p", /key in prices/);
  await page.keyboard.press("Escape");
  await page.waitForSelector("till-approve", { state: "detached" });
  await shows(page, "#total", "€9.80");
  await keyIn();
  await approve(page, "9999");
  await shows(page, "#total", "€7.50");
  await shows(page, "#lines .detail s", "€9.80");
});

test("a customer known from an earlier order is found and put on the sale", async () => {
  const name = `Grace ${shop.id.slice(-6)}`;
  await office.post("/v1/orders", { channel: "web", currency: "EUR", customer: { name, email: "grace@example.com" }, ship_to: { country: "ES" }, lines: [{ sku: "BOWL-S", quantity: "1" }] });
  await page.keyboard.press("F10");
  const row = await searched('till-customer [name="query"]', name, 'till-customer .row-button');
  assert.match(await row.textContent(), /grace@example\.com/);
  await row.click();
  await shows(page, "#customer span", name);
});

/** The edge's lists are a moment behind: searches until there is something. */
async function searched(field, text, row) {
  for (const end = Date.now() + PATIENCE_MS; ;) {
    await page.fill(field, text);
    await page.press(field, "Enter");
    const found = await page.waitForSelector(row, { timeout: 1500 }).catch(() => null);
    if (found) return found;
    assert.ok(Date.now() < end, `${text} is never found`);
  }
}

test("gift card and store credit pay under their numbers, and only cash gives change", async () => {
  await page.keyboard.press("F4");
  const tender = async (kind, amount, reference) => {
    await page.click(`till-pay [data-kind="${kind}"]`);
    await page.fill('[name="amount"]', amount);
    if (reference) await page.fill('[name="reference"]', reference);
    await page.click("#add-tender");
  };
  await tender("gift_card", "3", "GC-0815");
  await shows(page, ".tenders li", /Gift card GC-0815/);
  await tender("store_credit", "20", "SC-77");
  await shows(page, ".note", /cash only/);
  await page.waitForFunction(() => document.querySelectorAll(".tenders li").length === 1);
  await tender("store_credit", "2.50", "SC-77");
  await shows(page, ".tenders li", /Store credit SC-77/);
  await tender("cash", "5");
  await shows(page, "#due", "€3.00");
  await page.click("#finish");
  await page.waitForSelector("till-slip .qr");
  await shows(page, "till-slip .paper-lines", /Gift card[\s\S]*Store credit[\s\S]*Cash/);
});

test("what somebody answered for, who bought and how it was paid is in the order at the edge", async () => {
  const sold = await last("sold");
  assert.deepEqual(sold.lines.map((line) => [line.sku, line.unit_price, line.priced_by]), [["HONEY", 750, "bea"]]);
  assert.deepEqual(sold.tenders, [{ kind: "gift_card", amount: 300, reference: "GC-0815" }, { kind: "store_credit", amount: 250, reference: "SC-77" }, { kind: "cash", amount: 500 }]);
  assert.deepEqual([sold.totals.total, sold.change], [750, 300]);
  const order = await until(() => office.get(`/v1/orders/${sold.order}`), (order) => order.totals !== undefined, "the sale is an order");
  assert.deepEqual([order.customer.email, order.totals.total.amount], ["grace@example.com", 750]);
});

// ---- Paper ----

/** The page that the browser makes of it: width and height in millimeters, and how many there are. */
async function printed() {
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
  const boxes = [...pdf.matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)].map(([, width, height]) => [width, height].map((points) => Math.round((points * 25.4) / 72)));
  return { pages: boxes.length, width: boxes[0]?.[0], height: boxes[0]?.[1] };
}

test("on paper there is the receipt alone, as wide as the roll", async () => {
  for (const [columns, width] of [["80 mm", 80], ["58 mm", 58]]) {
    await page.evaluate(() => { globalThis.asked = 0; });
    await page.click("#print");
    await page.waitForFunction(() => globalThis.asked === 1);
    const { pages, width: wide, height } = await printed();
    assert.deepEqual([pages, wide], [1, width], columns);
    assert.ok(height > 60 && height < 300, `${height} mm`);
    // What the print sheet leaves of the page.
    await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
    await page.emulateMedia({ media: "print" });
    const left = await page.evaluate(() => ({ app: document.querySelector("till-shell").offsetParent === null && getComputedStyle(document.querySelector("till-shell")).display === "none", roll: document.querySelector("#roll .paper").getBoundingClientRect().width * 25.4 / 96, qr: document.querySelector("#roll .qr").getBoundingClientRect().width > 50, clipped: document.querySelector("#roll .paper").scrollWidth > document.querySelector("#roll .paper").clientWidth + 1 }));
    assert.deepEqual({ ...left, roll: Math.round(left.roll) }, { app: true, roll: width, qr: true, clipped: false }, columns);
    await page.emulateMedia({ media: "screen" });
    await page.evaluate(() => window.dispatchEvent(new Event("afterprint")));
    await closeSlip();
    await page.click('[data-screen="more"]');
    await page.selectOption('select[name="columns"]', { label: "58 mm" });
    await page.click('#journal [aria-label*="again"]');
    await page.waitForSelector(`till-slip .paper[data-columns="32"]`);
  }
});

test("a receipt printer gets the core's bytes, and without one they are a file", async () => {
  const receipt = (await last("sold")).receipt;
  await page.click("#escpos");
  await page.waitForFunction(() => globalThis.printed.length > 0);
  const sent = Buffer.from(await page.evaluate(() => globalThis.printed));
  await closeSlip();
  await page.evaluate(() => { globalThis.printer = undefined; });
  await page.click('#journal [aria-label*="again"]');
  await page.waitForSelector("till-slip");
  await shows(page, "#escpos", /Printer file/);
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("#escpos")]);
  const bytes = await readFile(await download.path());
  assert.deepEqual(bytes, sent);
  assert.deepEqual([...bytes.subarray(0, 2)], [0x1b, 0x40], "ESC @");
  assert.ok(bytes.includes(receipt), receipt);
  const stored = bytes.indexOf(Buffer.from([0x1d, 0x28, 0x6b]));
  assert.ok(stored > 0 && bytes.indexOf(Buffer.from([49, 80, 48]), stored) > stored, "a QR code is stored and drawn");
  await closeSlip();
  await page.click('[data-screen="sale"]');
});

// ---- Beyond what is set aside ----

// part: U1
test("u1: more than is set aside takes a manager's PIN and stands among the exceptions", async () => {
  await scan(page, barcode("PENCIL"));
  await onCounter("PENCIL");
  await page.click('#lines [data-sku="PENCIL"] .what');
  await page.fill('till-line [name="quantity"]', "50");
  await page.click("till-line wa-button[type=submit]");
  await page.waitForSelector("till-approve");
  await shows(page, "till-approve p", /40 set aside/);
  // Nobody answers: it is asked for again before anything is sold.
  await page.keyboard.press("Escape");
  await page.waitForSelector("till-approve", { state: "detached" });
  await page.waitForSelector("#lines .short");
  const before = (await kept(page)).rows.length;
  await page.click("#pay");
  await page.click("#add-tender");
  await page.click("#finish");
  await approve(page, "9999");
  await page.waitForSelector("till-slip");
  assert.equal((await kept(page)).rows.length, before + 1);
  await closeSlip();
  const [line] = (await last("sold")).lines;
  assert.deepEqual([line.quantity, line.within, line.allowed_by], [50_000, 40_000, "bea"]);
  const { data } = await office.get(`/v1/tills/${shop.id}/exceptions`);
  const beyond = data.filter((one) => one.code === "beyond");
  assert.equal(beyond.length, 1, JSON.stringify(data));
  assert.match(beyond[0].detail, /bea/);
  await until(() => onHand("PENCIL"), (left) => left === "10", "the shelf");
});

// ---- Goods that come back ----

/** An online order that was delivered: found by its number, one piece of it comes back. */
async function bringBackOrder() {
  const order = await office.post("/v1/orders", { channel: "web", currency: "EUR", customer: { name: "Lin" }, ship_to: { country: "ES" }, lines: [{ sku: "CUSHION", quantity: "2" }] });
  const placed = await until(() => office.get(`/v1/orders/${order.id}`), (order) => order.fulfillments?.length > 0, "the order is to be shipped");
  for (const part of placed.fulfillments) for (const act of ["pick", "pack", "ship", "deliver"]) await office.post(`/v1/orders/${order.id}/fulfillments/${part.no}/${act}`, {});
  // Which place sent it does not matter; what this one has left does.
  const gone = placed.fulfillments.filter((part) => part.location === shop.here).flatMap((part) => part.lines).reduce((sum, line) => sum + Number(line.quantity), 0);
  const shelf = 60 - gone;
  await until(() => onHand("CUSHION"), (left) => Number(left) === shelf, "what was sent has left");
  await page.click('[data-screen="returns"]');
  await (await searched('[name="order"]', placed.number, `.row-button[data-order="${order.id}"]`)).click();
  await page.click("till-refund .line .square.small:last-of-type");
  await page.fill('[name="refund-reason"]', "Other color");
  await page.click('till-refund [data-kind="card"]');
  await page.fill('[name="refund-reference"]', "T-0042");
  await shows(page, "#refund-total", "€24.50");
  await page.click("#refund");
  await page.waitForSelector("till-slip");
  await closeSlip();
  const refunded = await last("refunded");
  assert.deepEqual([refunded.of, refunded.tenders], [{ order: { order: order.id } }, [{ kind: "card", amount: 2450, reference: "T-0042" }]]);
  const back = await until(() => office.get(`/v1/orders/${order.id}`), (order) => order.returns?.length === 1, "the return at the edge");
  assert.deepEqual(back.lines[0].quantities, { delivered: "1", returned: "1" });
  await until(() => onHand("CUSHION"), (left) => Number(left) === shelf + 1, "it is on the shelf here");
}

/** Goods of nobody knows which sale: it takes somebody who may. */
async function bringBackBlind() {
  await page.click('[data-screen="returns"]');
  await page.click("#blind");
  await page.fill('[name="goods"]', "bowl");
  await page.click('till-refund .row-button[data-sku="BOWL-S"]');
  await page.fill('[name="refund-reason"]', "A present");
  await shows(page, "#refund-total", "€8.95");
  const shelf = Number(await onHand("BOWL-S"));
  await page.click("#refund");
  await page.waitForSelector("till-approve");
  await shows(page, "till-approve p", /without a receipt/);
  await approve(page, "9999");
  await page.waitForSelector("till-slip");
  await closeSlip();
  const refunded = await last("refunded");
  assert.deepEqual([refunded.of, refunded.allowed_by, refunded.totals.total], ["unknown", "bea", 895]);
  await until(() => onHand("BOWL-S"), (left) => Number(left) === shelf + 1, "it is on the shelf");
}

test("h3: what was bought online comes back in the store, and goods without a receipt do when somebody answers for it", async () => {
  await bringBackOrder();
  await bringBackBlind();
});

// ---- The drawer and the shelf ----

test("cash goes in and out of the drawer under a reason, out with a manager's PIN", async () => {
  await page.click('[data-screen="shift"]');
  const move = async (act, amount, reason) => {
    await page.click(`[data-act="${act}"]`);
    await page.fill('till-cash [name="cash"]', amount);
    await page.fill('till-cash [name="reason"]', reason);
    await page.click("till-cash wa-button[type=submit]");
  };
  await move("pay_in", "50", "Change from the bank");
  await page.waitForSelector("till-cash", { state: "detached" });
  await shows(page, ".note", /Written/);
  await move("pay_out", "20", "Window cleaner");
  await approve(page, "9999");
  const out = await until(() => last("paid_out"), (event) => event !== undefined, "cash out at the edge");
  assert.deepEqual([out.amount, out.reason, out.cashier], [2000, "Window cleaner", "bea"]);
  assert.deepEqual([(await last("paid_in")).amount, (await last("paid_in")).reason], [5000, "Change from the bank"]);
});

// part: B10
test("b10: a count at the till is the edge's stock", async () => {
  await page.click('[data-screen="stock"]');
  await page.fill('[name="stock"]', "teapot");
  await page.click('.row-button[data-sku="TEAPOT"]');
  await page.click("#count");
  await page.fill('[name="counted"]', "57");
  await page.click("#stock-detail form wa-button[type=submit]");
  await page.waitForSelector('[name="counted"]', { state: "detached" });
  assert.deepEqual((await last("counted")).lines, [{ sku: "TEAPOT", counted: 57_000 }]);
  await until(() => onHand("TEAPOT"), (left) => left === "57", "the shelf as it was counted");
});

// ---- The camera ----

test("the camera shows a picture, reads a barcode off the goods, and is let go", async () => {
  await page.click('[data-screen="sale"]');
  await page.click("#camera");
  await onCounter("NOTEBOOK");
  await page.waitForSelector("till-camera", { state: "detached" });
  await page.waitForFunction(() => globalThis.filmed?.width > 0 && globalThis.filmed.tracks.every((one) => one.readyState === "ended"));
  await payCash(page);
});

// ---- The end of the shift ----

/** What has to lie in the drawer, by what the edge has of this till. */
async function inDrawer() {
  const cash = (tenders) => tenders.filter((one) => one.kind === "cash").reduce((sum, one) => sum + one.amount, 0);
  const moved = (await entriesOf(office, shop.id)).map(({ entry: { event } }) => event.shift_opened?.float ?? event.paid_in?.amount ?? (event.sold ? cash(event.sold.tenders) - event.sold.change : -(event.paid_out?.amount ?? cash(event.refunded?.tenders ?? []))));
  return moved.reduce((sum, one) => sum + one, 0);
}

test("the drawer is reckoned with sales, refunds and cash in and out, and counted blind", async () => {
  await untilSent(page);
  const expected = await inDrawer();
  await page.click('[data-screen="shift"]');
  await page.click("#close-shift");
  assert.ok(!(await page.textContent("main")).includes((expected / 100).toFixed(2)), "what should be there is not shown");
  await page.fill('[name="counted-cash"]', ((expected - 5) / 100).toFixed(2));
  await page.click("#close-now");
  await page.waitForSelector("till-slip");
  await shows(page, "till-slip .paper-lines", new RegExp(`Expected +${(expected / 100).toFixed(2)}[\\s\\S]*Difference +-0\\.05`));
  await shows(page, "till-slip .paper-lines", /Paid in +50\.00[\s\S]*Paid out +-20\.00/);
  await closeSlip();
  assert.equal((await last("shift_closed")).counted, expected - 5);
});

test("nothing broke on the way", () => assert.deepEqual(browser.problems, []));
