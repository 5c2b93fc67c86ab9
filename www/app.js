// The landing page: health, live counts, lines to try. Plain modules, no build step.

import { WORDS } from "./words.js";

// Known to everybody, and only to a server on one's own machine.
const DEVELOPMENT_KEY = "oms_dev_estiba_local_only_0001";
const ITEM = "85123A";
const BOXES = 48;
const REFRESH_MS = 5000;
// In the order of an order's life, which is also the order of the boxes from the bottom up.
const STATUSES = ["delivered", "shipped", "part_shipped", "in_fulfillment", "allocated", "backordered", "placing", "draft", "canceled", "rejected"];

const $ = (id) => document.getElementById(id);
const isLocal = ["127.0.0.1", "localhost", "[::1]"].includes(location.hostname);

const page = {
  language: firstLanguage(),
  key: sessionStorage.getItem("key") ?? (isLocal ? DEVELOPMENT_KEY : null),
  health: { state: "asking" },
  stats: null,
};

function firstLanguage() {
  const wanted = [localStorage.getItem("language"), ...navigator.languages.map((tag) => tag.slice(0, 2))];
  return wanted.find((tag) => tag in WORDS) ?? "en";
}

function say(name, values = {}) {
  const text = WORDS[page.language][name] ?? WORDS.en[name] ?? name;
  return text.replace(/\{(\w+)\}/g, (_, key) => values[key]);
}

function element(name, attributes = {}, ...children) {
  const made = Object.assign(document.createElement(name), attributes);
  made.append(...children);
  return made;
}

// ---- what is asked -------------------------------------------------------------------------------------------------

async function askHealth() {
  try {
    const answer = await fetch("/v1/health", { cache: "no-store" });
    if (!answer.ok) throw new Error(String(answer.status));
    page.health = { state: "good", version: (await answer.json()).version };
  } catch {
    page.health = { state: "bad" };
  }
  showHealth();
}

async function askStats() {
  if (page.key === null) return askForKey("");
  try {
    const answer = await fetch("/v1/stats", { cache: "no-store", headers: { authorization: `Bearer ${page.key}` } });
    if (answer.status === 401 || answer.status === 403) return forgetKey();
    if (!answer.ok) throw new Error(String(answer.status));
    page.stats = await answer.json();
    showStats();
  } catch {
    $("as-of").textContent = say("stats_failed");
  }
}

function forgetKey() {
  sessionStorage.removeItem("key");
  page.key = null;
  page.stats = null;
  showLines();
  askForKey(say("key_refused"));
}

function askForKey(problem) {
  $("key-form").hidden = false;
  $("figures").hidden = true;
  $("hold-caption").textContent = "";
  stow([]);
  $("key-problem").textContent = problem;
}

// ---- what is shown -------------------------------------------------------------------------------------------------

function showHealth() {
  const { state, version } = page.health;
  $("health").dataset.state = state;
  $("health-text").textContent = say(`health_${state}`);
  $("version").textContent = version ? say("version", { version }) : "";
}

function showStats() {
  if (page.stats === null) return;
  const { orders = {}, skus = 0, as_of: asOf } = page.stats;
  const total = Object.values(orders).reduce((sum, count) => sum + count, 0);
  const number = new Intl.NumberFormat(page.language);
  $("key-form").hidden = true;
  $("figures").hidden = false;
  $("orders").textContent = number.format(total);
  $("skus").textContent = number.format(skus);
  $("as-of").textContent = asOf ? say("as_of", { time: new Date(asOf).toLocaleTimeString(page.language) }) : "";
  const present = STATUSES.filter((status) => orders[status] > 0);
  const entries = present.map((status) =>
    element("li", {}, element("i", { className: status }), element("span", {}, say(status)), element("b", {}, number.format(orders[status]))));
  $("statuses").replaceChildren(...(entries.length ? entries : [element("li", {}, say("no_orders"))]));
  $("hold-caption").textContent = total ? say("hold", { count: number.format(total) }) : say("hold_empty");
  stow(present.flatMap((status) => Array(boxesOf(orders[status], total)).fill(status)).slice(0, BOXES));
}

// Every status that exists has a box, however few its orders are.
function boxesOf(count, total) {
  return Math.max(1, Math.round((count / total) * BOXES * 0.8));
}

// Boxes are stowed from the bottom row up, left to right.
function stow(statuses) {
  const boxes = [...$("boxes").children];
  const perRow = 8;
  boxes.forEach((box, place) => {
    const fromBottom = BOXES / perRow - 1 - Math.floor(place / perRow);
    box.className = statuses[fromBottom * perRow + (place % perRow)] ?? "";
  });
}

function showLines() {
  const key = page.key ?? "$KEY";
  const base = location.origin;
  const order = JSON.stringify({ channel: "web", currency: "GBP", ship_to: { country: "GB" }, lines: [{ sku: ITEM, quantity: "2" }] });
  const lines = [
    ["try_availability", `curl -s -H 'authorization: Bearer ${key}' '${base}/v1/availability?sku=${ITEM}'`],
    ["try_order", `curl -s -X POST '${base}/v1/orders' -H 'authorization: Bearer ${key}' -H 'content-type: application/json' -H 'idempotency-key: try-1' -d '${order}'`],
    ["try_list", `curl -s -H 'authorization: Bearer ${key}' '${base}/v1/orders?limit=3'`],
  ];
  $("lines").replaceChildren(...lines.map(([text, command]) => {
    const copy = element("button", { type: "button" }, say("copy"));
    copy.addEventListener("click", async () => {
      await navigator.clipboard.writeText(command);
      copy.textContent = say("copied");
      setTimeout(() => { copy.textContent = say("copy"); }, 1500);
    });
    const box = element("div", { className: "command" }, element("pre", { tabIndex: 0 }, command), copy);
    return element("li", {}, element("p", {}, say(text)), box);
  }));
}

function showLanguage() {
  document.documentElement.lang = page.language;
  document.querySelectorAll("[data-text]").forEach((node) => { node.textContent = say(node.dataset.text); });
  document.querySelectorAll("[data-label]").forEach((node) => node.setAttribute("aria-label", say(node.dataset.label)));
  document.querySelectorAll("[data-language]").forEach((button) =>
    button.setAttribute("aria-pressed", String(button.dataset.language === page.language)));
  showHealth();
  showStats();
  showLines();
}

// ---- start ---------------------------------------------------------------------------------------------------------

$("boxes").append(...Array.from({ length: BOXES }, () => element("i")));

document.querySelectorAll("[data-language]").forEach((button) => button.addEventListener("click", () => {
  page.language = button.dataset.language;
  localStorage.setItem("language", page.language);
  showLanguage();
}));

$("key-form").addEventListener("submit", (event) => {
  event.preventDefault();
  page.key = $("key").value.trim();
  sessionStorage.setItem("key", page.key);
  showLines();
  askStats();
});

showLanguage();
askHealth();
askStats();
setInterval(() => {
  if (document.visibilityState === "visible") {
    askHealth();
    if (page.key !== null) askStats();
  }
}, REFRESH_MS);
