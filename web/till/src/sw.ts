// The service worker: the whole app in one cache of its build, served from there and from nowhere else. A new build waits
// until the page says that it may take over.

/// <reference lib="webworker" />

export {};

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: { url: string; revision: string | null }[] };

/** Each file once: a cache does not take one twice in a turn. */
const FILES = [...new Map(self.__WB_MANIFEST.map((file) => [file.url, file])).values()];
const SCOPE = new URL(self.registration.scope).pathname;
const PREFIX = "till-build-";
/** What is fetched only when it is needed, such as the reader for cameras. */
const LATER = "till-later";

/** One build, one name: script, core and styles of one build are never mixed with another's. */
async function cacheName(): Promise<string> {
  const text = FILES.map((file) => `${file.url} ${file.revision ?? ""}`).sort().join("\n");
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return PREFIX + Array.from(hash.slice(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function install(): Promise<void> {
  const cache = await caches.open(await cacheName());
  // All of them or none: half an app does not start.
  await cache.addAll(FILES.map((file) => new Request(new URL(file.url, self.registration.scope), { cache: file.revision === null ? "default" : "reload" })));
}

async function activate(): Promise<void> {
  const mine = await cacheName();
  const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== mine);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function answer(request: Request): Promise<Response> {
  const cache = await caches.open(await cacheName());
  const wanted = request.mode === "navigate" ? new Request(new URL("index.html", self.registration.scope)) : request;
  const kept = await cache.match(wanted, { ignoreSearch: request.mode === "navigate" }) ?? await caches.match(request);
  if (kept) return kept;
  const fetched = await fetch(request);
  if (fetched.ok && new URL(request.url).pathname.startsWith(`${SCOPE}assets/`)) await (await caches.open(LATER)).put(request, fetched.clone());
  return fetched;
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("message", (event) => {
  if ((event.data as { type?: string } | null)?.type === "SKIP_WAITING") void self.skipWaiting();
});
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  // The API is never answered from a cache.
  if (event.request.method === "GET" && url.origin === self.location.origin && url.pathname.startsWith(SCOPE)) event.respondWith(answer(event.request));
});
