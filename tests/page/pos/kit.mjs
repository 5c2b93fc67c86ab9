// What the tests of the till stand on: the site served as the edge serves it before the real Worker, with faults on demand, and
// Chromium with profiles that outlive a killed browser.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, request as ask } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const WWW = join(ROOT, "www");
/** Screenshots, kept as artifacts. */
export const PICTURES = join(ROOT, "target", "xtask", "till");
const KEY = process.env.ESTIBA_KEY ?? "oms_dev_estiba_local_only_0001";
/** Longer than anything takes on a busy machine. */
export const PATIENCE_MS = Number(process.env.ESTIBA_PATIENCE ?? 60_000);
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".svg": "image/svg+xml", ".png": "image/png", ".wasm": "application/wasm", ".webmanifest": "application/manifest+json" };
// No sandbox and no shared memory: both fail in containers. No background networking: a test must not depend on a network.
const ARGUMENTS = ["--headless=new", "--remote-debugging-port=0", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];

// ---- The site ----

/** The rules of `_headers`: for each path the headers it gets; `! Name` takes away what an earlier rule gave. */
async function headerRules() {
  const rules = [];
  for (const line of (await readFile(join(WWW, "_headers"), "utf8")).split("\n")) {
    if (line.startsWith("/")) rules.push({ path: line.trim(), set: [], drop: [] });
    else if (/^\s+!/.test(line)) rules.at(-1).drop.push(line.trim().slice(1).trim().toLowerCase());
    else if (line.trim() !== "") rules.at(-1).set.push(line.trim().split(/:\s*(.*)/s).slice(0, 2));
  }
  return (path) => {
    const headers = {};
    for (const rule of rules) {
      const fits = rule.path.endsWith("*") ? path.startsWith(rule.path.slice(0, -1)) : path === rule.path;
      if (!fits) continue;
      for (const name of rule.drop) delete headers[name];
      for (const [name, value] of rule.set) headers[name.toLowerCase()] = value;
    }
    return headers;
  };
}

/**
 * Serves www/ and hands /v1 to the Worker at `edge`. `fault` is asked before each request of the API and may answer
 * "drop" (never arrives), "lose" (arrives, its answer is cut) or a `{status, type, body}` of its own. `files` replaces files.
 */
export async function serveSite(edge) {
  const headersOf = await headerRules();
  const site = { base: "", fault: () => null, files: new Map(), requests: 0, close: () => server.close() };
  const pass = (request, response, body, lose) => new Promise((done) => {
    const up = ask(new URL(request.url, edge), { method: request.method, headers: { ...request.headers, host: new URL(edge).host } }, (answer) => {
      if (lose) {
        answer.resume();
        answer.on("end", () => { response.destroy(); done(); });
        return;
      }
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response).on("finish", done);
    });
    up.on("error", () => { response.destroy(); done(); });
    up.end(body);
  });
  const api = async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const body = Buffer.concat(parts);
    site.requests += 1;
    const fault = await site.fault(request, body);
    if (fault === "drop") return response.destroy();
    if (fault && typeof fault === "object") return response.writeHead(fault.status, { "content-type": fault.type ?? "application/json" }).end(fault.body);
    return pass(request, response, body, fault === "lose");
  };
  const file = async (path, response) => {
    const wanted = path.endsWith("/") ? `${path}index.html` : path;
    try {
      const body = site.files.get(wanted) ?? await readFile(join(WWW, wanted));
      response.writeHead(200, { ...headersOf(path), "content-type": TYPES[extname(wanted)] ?? "application/octet-stream" }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  };
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url, "http://localhost").pathname);
    void (path.startsWith("/v1/") ? api(request, response) : file(path, response)).catch(() => response.destroy());
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  site.base = `http://127.0.0.1:${server.address().port}`;
  return site;
}

// ---- The back office ----

export function backOffice(base) {
  const call = async (method, path, body, headers = {}) => {
    const response = await fetch(`${base}${path}`, { method, headers: { authorization: `Bearer ${KEY}`, "content-type": "application/json", ...headers }, body: body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === "" ? null : JSON.parse(text);
  };
  const keyed = () => ({ "idempotency-key": randomUUID() });
  return {
    get: (path) => call("GET", path),
    put: (path, body) => call("PUT", path, body),
    post: (path, body) => call("POST", path, body, keyed()),
  };
}

// ---- The browser ----

export class Browser {
  /** `camera` is a film that the camera shows over and over. */
  static async open({ profile, dark = false, phone = false, language = "en-US", camera } = {}) {
    const browser = new Browser();
    browser.own = profile === undefined;
    browser.profile = profile ?? await mkdtemp(join(tmpdir(), "estiba-till-"));
    browser.options = { dark, phone, language, camera };
    await browser.launch();
    return browser;
  }

  /** Chromium as a process group of its own, so that it can be killed like a machine that loses power. */
  async launch() {
    const program = process.env.CHROME ?? "chromium";
    const { camera, language } = this.options;
    const film = camera === undefined ? [] : [`--use-file-for-fake-video-capture=${camera}`];
    this.process = spawn(program, [...ARGUMENTS, ...film, `--user-data-dir=${this.profile}`, `--accept-lang=${language}`, "about:blank"], { stdio: ["ignore", "ignore", "pipe"], detached: true });
    const address = await new Promise((found, failed) => {
      let told = "";
      this.process.stderr.on("data", (text) => {
        told += text;
        const match = told.match(/DevTools listening on (ws:\S+)/);
        if (match) found(match[1]);
      });
      this.process.on("exit", () => failed(new Error(`the browser ended: ${told}`)));
    });
    this.connection = await chromium.connectOverCDP(address);
    [this.context] = this.connection.contexts();
    this.problems = [];
    this.context.on("weberror", (error) => this.problems.push(String(error.error())));
    this.context.on("console", (message) => { if (message.type() === "error" && !/Failed to load resource|net::ERR/.test(message.text())) this.problems.push(message.text()); });
  }

  /** A tab; `prepare` runs in it before anything else does. */
  async tab(base, { prepare, granted = true } = {}) {
    const page = await this.context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    const { dark, phone } = this.options;
    await page.setViewportSize(phone ? { width: 390, height: 844 } : { width: 1280, height: 860 });
    await page.emulateMedia({ colorScheme: dark ? "dark" : "light" });
    if (granted) {
      const session = await this.context.newCDPSession(page);
      await session.send("Browser.setPermission", { origin: base, permission: { name: "persistent-storage" }, setting: "granted" });
      // The permission lasts as long as the session does.
    }
    if (prepare) await page.addInitScript(prepare);
    await page.goto(`${base}/pos/`);
    return page;
  }

  /** The processes of tabs are killed, however busy. What the browser has in its other processes and on its disk stays. */
  async killTab(page) {
    const session = await this.connection.newBrowserCDPSession();
    const { processInfo } = await session.send("SystemInfo.getProcessInfo");
    await session.detach();
    const gone = page.waitForEvent("crash");
    for (const one of processInfo) if (one.type === "renderer") process.kill(one.id, "SIGKILL");
    await gone;
    // What crashed goes; a browser without any page would end.
    let spare = null;
    // A new page may be given a process of which the browser has not noticed yet that it was killed.
    for (const end = Date.now() + PATIENCE_MS; spare === null;) {
      spare = await this.context.newPage().catch((error) => { if (Date.now() > end) throw error; return null; });
    }
    for (const one of this.context.pages()) if (one !== spare) await one.close();
  }

  /** The power goes: every process of the browser is killed at once, and it starts again on what is on the disk. */
  async cutPower() {
    await this.kill();
    await this.launch();
  }

  async kill() {
    const ended = new Promise((done) => this.process.once("exit", done));
    process.kill(-this.process.pid, "SIGKILL");
    await ended;
    await this.connection.close().catch(() => {});
    await rm(join(this.profile, "SingletonLock"), { force: true });
  }

  async close() {
    await this.kill();
    if (this.own) await rm(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

export async function picture(page, name) {
  await mkdir(PICTURES, { recursive: true });
  await drawn(page);
  await page.screenshot({ path: join(PICTURES, `${name}.png`) });
}

// ---- Steps of writing ----

/** A page stops for good at one of them: nothing that comes after it ever runs. */
export const STOPS = ["before signing", "after signing", "before adding", "after adding", "after the state", "after the cart", "when written", "before the receipt"];
/** From here on the entry is written. */
export const WRITTEN = new Set(["when written", "before the receipt"]);
/** For `prepare`: the page stops at `globalThis.stopAt`, and says so on the console. */
export const stopAt = `
  globalThis.stopAt = null;
  const stop = (name) => { if (globalThis.stopAt === name) { globalThis.stopAt = null; console.log("@stopped"); const end = performance.now() + 60000; while (performance.now() < end); } };
  const sign = SubtleCrypto.prototype.sign;
  const ENTRY = "{".charCodeAt(0);
  SubtleCrypto.prototype.sign = async function (...all) { const entry = all[2][0] === ENTRY; if (entry) stop("before signing"); const signature = await sign.apply(this, all); if (entry) stop("after signing"); return signature; };
  const wrap = (name, before, after) => { const inner = IDBObjectStore.prototype[name]; IDBObjectStore.prototype[name] = function (...all) { if (before) before(this, all); const request = inner.apply(this, all); if (after) after(this, all); return request; }; };
  wrap("add", (store) => { if (store.name === "journal") { stop("before adding"); store.transaction.addEventListener("complete", () => stop("when written")); } }, (store) => { if (store.name === "journal") stop("after adding"); });
  wrap("put", (store, all) => { if (all[1] === "open") stop("before the receipt"); }, (store, all) => { if (all[1] === "stand") stop("after the state"); });
  wrap("delete", null, (store) => { if (store.name === "carts") stop("after the cart"); });
`;

// ---- A cashier's hands ----

export async function enroll(page, code) {
  await page.fill('till-enroll [name="code"]', code);
  await page.click("till-enroll wa-button[type=submit]");
  await page.waitForSelector("till-sign-in");
}

export async function signIn(page, cashier, pin) {
  await page.click(`till-sign-in [data-cashier="${cashier}"]`);
  if (pin) {
    await page.fill('till-sign-in [name="pin"]', pin);
    await page.keyboard.press("Enter");
  }
  await page.waitForSelector("main.screen");
}

export async function openShift(page, float = "100") {
  await page.click('[data-screen="shift"]');
  await page.fill('[name="float"]', float);
  await page.click("#open-shift");
  await page.waitForSelector("#search");
}

const sessions = new WeakMap();
/** A scanner's pace. */
const KEY_MS = 4;

/** As a scanner types: every key is on its way before the first one is answered, and was pressed when a scanner would have, however busy the machine is. */
export async function scan(page, code) {
  if (!sessions.has(page)) sessions.set(page, await page.context().newCDPSession(page));
  const session = sessions.get(page);
  const began = Date.now() - (code.length + 1) * KEY_MS;
  const press = (key, text, at) => session.send("Input.dispatchKeyEvent", { type: "keyDown", key, text, timestamp: (began + at * KEY_MS) / 1000 });
  await Promise.all([...[...code].map((character, at) => press(character, character, at)), press("Enter", "\r", code.length)]);
}

/** Until something of this selector shows this text, or one that fits. */
export async function shows(page, selector, wanted) {
  const [source, flags] = wanted instanceof RegExp ? [wanted.source, wanted.flags] : [null, null];
  const fits = ([selector, wanted, source, flags]) => [...document.querySelectorAll(selector)].some((one) => (source === null ? one.textContent === wanted : new RegExp(source, flags).test(one.textContent)));
  await page.waitForFunction(fits, [selector, source === null ? wanted : null, source, flags]).catch(async () => {
    assert.fail(`${selector} does not show ${wanted}, but ${JSON.stringify(await page.$$eval(selector, (all) => all.map((one) => one.textContent)))}`);
  });
}

/** Until everything has drawn itself. */
export const drawn = (page) => page.evaluate(async () => {
  await Promise.all([...document.querySelectorAll("*")].map((one) => one.updateComplete));
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
});

/** What the browser kept, read beside the app. */
export const kept = (page) => page.evaluate(async () => {
  const database = await new Promise((done) => { const open = indexedDB.open("estiba-till"); open.onsuccess = () => done(open.result); });
  const all = (store) => new Promise((done) => { const get = database.transaction(store).objectStore(store).getAll(); get.onsuccess = () => done(get.result); });
  const [rows, carts] = [await all("journal"), await all("carts")];
  database.close();
  return { rows: rows.map(({ seq, kind, entry, hash }) => ({ seq, kind, hash, prev: JSON.parse(entry).prev, sold: JSON.parse(entry).event.sold ?? null })), carts };
});

/** Until the sale on the counter is kept as it is shown: what a reload finds. */
export async function untilKept(page) {
  const shown = await page.evaluate(() => JSON.stringify(document.querySelector("till-shell").desk.state.counter.cart));
  for (const end = Date.now() + PATIENCE_MS; ;) {
    if ((await kept(page)).carts.some((one) => JSON.stringify(one.cart) === shown)) return;
    assert.ok(Date.now() < end, `never kept: ${shown}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

/** Asks the back office until its answer is what is waited for. */
export async function until(ask, fits, what) {
  for (const end = Date.now() + PATIENCE_MS; ;) {
    const answer = await ask().catch((error) => error);
    if (fits(answer)) return answer;
    assert.ok(Date.now() < end, `${what}: ${answer instanceof Error ? answer : JSON.stringify(answer)}`);
    await new Promise((done) => setTimeout(done, 200));
  }
}

export const lines = (page) => page.$$eval("#lines .line", (all) => all.map((line) => ({ sku: line.dataset.sku, quantity: line.querySelector(".quantity").textContent, total: line.querySelector(".total").textContent })));

/** Pays what is due in cash and closes the receipt. */
export async function payCash(page) {
  await page.click("#pay");
  await page.click("#add-tender");
  await page.click("#finish");
  await page.waitForSelector("till-slip");
  const change = await page.$eval("#change", (one) => one.textContent).catch(() => null);
  await page.click("#close-slip");
  await page.waitForSelector("till-slip", { state: "detached" });
  return change;
}

/** A colleague who may says yes with their PIN. */
export async function approve(page, pin) {
  await page.waitForSelector("till-approve");
  await page.fill('[name="approver-pin"]', pin);
  await page.click("#approve");
  await page.waitForSelector("till-approve", { state: "detached" });
}

/** Changes one of the single things that the browser keeps, beside the app: fields get a value, `undefined` ones go. */
export const alter = (page, name, fields) => page.evaluate(async ([name, fields]) => {
  const database = await new Promise((done) => { const open = indexedDB.open("estiba-till"); open.onsuccess = () => done(open.result); });
  const store = database.transaction("things", "readwrite").objectStore("things");
  const thing = await new Promise((done) => { const get = store.get(name); get.onsuccess = () => done(get.result); });
  Object.assign(thing, fields);
  for (const [field, value] of Object.entries(fields)) if (value === undefined) delete thing[field];
  await new Promise((done) => { store.put(thing, name).onsuccess = done; });
  database.close();
}, [name, fields]);

/** Until the till knows what was set aside for it. */
export async function untilGranted(page) {
  await page.evaluate(() => window.dispatchEvent(new Event("online")));
  await page.waitForSelector('#found .left[data-none="false"]');
}

/** How many entries the edge does not have, as the bar says. */
export const unsent = (page) => page.$eval("#sync", (one) => Number(one.dataset.unsent));

export async function untilSent(page, patience = 120_000) {
  await page.waitForFunction(() => document.querySelector("#sync")?.dataset.unsent === "0" && document.querySelector("#sync")?.dataset.last === "fine", null, { timeout: patience });
}
