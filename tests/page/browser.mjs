// A page in headless Chromium, driven over its debugging protocol; the folder is served as the edge serves it, headers included.

import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".svg": "image/svg+xml", ".wasm": "application/wasm" };
// No sandbox and no shared memory: both fail in containers. No background networking: a test must not depend on a network.
const ARGUMENTS = ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run", "--remote-debugging-port=0"];
const PATIENCE_MS = 60_000;

export async function serve(folder) {
  const policy = (await readFile(join(folder, "_headers"), "utf8")).match(/Content-Security-Policy: (.*)/)[1];
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url, "http://localhost").pathname);
    try {
      const file = join(folder, path.endsWith("/") ? `${path}index.html` : path);
      const body = await readFile(file);
      response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream", "content-security-policy": policy }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { base: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

export async function open(url, { width = 1440, height = 1000, dark = false, language = "en-US" } = {}) {
  const profile = await mkdtemp(join(tmpdir(), "estiba-page-"));
  const browser = spawn(process.env.CHROME ?? "chromium", [...ARGUMENTS, `--user-data-dir=${profile}`, `--lang=${language}`, "about:blank"], { stdio: ["ignore", "ignore", "pipe"] });
  const address = await new Promise((found, failed) => {
    let told = "";
    browser.stderr.on("data", (text) => {
      told += text;
      const match = told.match(/DevTools listening on (ws:\S+)/);
      if (match) found(match[1]);
    });
    browser.on("exit", () => failed(new Error(`the browser ended: ${told}`)));
  });
  const socket = new WebSocket(address);
  await new Promise((done) => socket.addEventListener("open", done, { once: true }));
  const waiting = new Map();
  const problems = [];
  let number = 0;
  socket.addEventListener("message", ({ data }) => {
    const message = JSON.parse(data);
    if (message.id) {
      const [done, failed] = waiting.get(message.id);
      waiting.delete(message.id);
      message.error ? failed(new Error(message.error.message)) : done(message.result);
    } else if (message.method === "Runtime.exceptionThrown") {
      problems.push(message.params.exceptionDetails.exception?.description ?? message.params.exceptionDetails.text);
    } else if (message.method === "Log.entryAdded" && message.params.entry.level === "error" && !message.params.entry.url?.includes("/v1/")) {
      problems.push(message.params.entry.text);
    }
  });
  const send = (method, params = {}, sessionId = undefined) => new Promise((done, failed) => {
    number += 1;
    waiting.set(number, [done, failed]);
    socket.send(JSON.stringify({ id: number, method, params, sessionId }));
  });
  const { targetId } = await send("Target.createTarget", { url: "about:blank" });
  const { sessionId } = await send("Target.attachToTarget", { targetId, flatten: true });
  const page = (method, params) => send(method, params, sessionId);
  await page("Runtime.enable");
  await page("Log.enable");
  await page("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false });
  await page("Emulation.setLocaleOverride", { locale: language });
  await page("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: dark ? "dark" : "light" }] });
  await page("Page.enable");
  await page("Page.navigate", { url });
  const run = async (script) => {
    const { result, exceptionDetails } = await page("Runtime.evaluate", { expression: `(async () => { ${script} })()`, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };
  return {
    problems,
    run,
    // Until the script answers something true.
    async until(script) {
      for (const end = Date.now() + PATIENCE_MS; Date.now() < end;) {
        const value = await run(script).catch(() => null);
        if (value) return value;
        await new Promise((done) => setTimeout(done, 50));
      }
      throw new Error(`never came true: ${script}\n${problems.join("\n")}`);
    },
    async picture() {
      const { data } = await page("Page.captureScreenshot", { format: "png", captureBeyondViewport: true, clip: undefined });
      return Buffer.from(data, "base64");
    },
    async close() {
      socket.close();
      const ended = new Promise((done) => browser.once("exit", done));
      browser.kill();
      await ended;
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
