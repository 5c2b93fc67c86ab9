// What if the rules were others: a day routed again with every change, beside the day under the rules in force.

import { MOST, costOf, figures, gathered, histogram, rulesOf, samePlan, seriesOf, under } from "./day.js";
import { bars, columns, map } from "./draw.js";
import { WORDS } from "./words.js";

// Known to everybody, and only to a server on one's own machine.
const DEVELOPMENT_KEY = "oms_dev_estiba_local_only_0001";
// Name, from, to, step, and what the number is.
const SLIDERS = [
  ["parcel", 0, 1000, 25, "money"],
  ["late", 0, 1000, 25, "money"],
  ["short", 0, 2000, 50, "money"],
  ["store", 0, 200, 5, "money"],
  ["most", 1, MOST, 1, "count"],
  ["capacity", 10, 200, 5, "percent"],
];
const PARTS = ["parcel", "weight", "pick_pack", "handling", "backlog", "lateness", "rejection", "markdown", "stock_out", "short"];

const $ = (id) => document.getElementById(id);
const isLocal = ["127.0.0.1", "localhost", "[::1]"].includes(location.hostname);
const worker = new Worker("worker.js", { type: "module" });

const page = {
  language: firstLanguage(),
  day: null,
  series: null,
  snapshot: null,
  inForce: null,
  rules: null,
  before: null,
  now: null,
  chosen: null,
  asked: 0,
  busy: false,
  waiting: false,
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

const number = (value, digits = 0) =>
  new Intl.NumberFormat(page.language, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
const money = (minor, digits = 2) =>
  new Intl.NumberFormat(page.language, { style: "currency", currencyDisplay: "narrowSymbol", currency: page.day?.currency ?? "GBP", minimumFractionDigits: digits, maximumFractionDigits: digits }).format(minor / 100);
const date = (day) =>
  new Intl.DateTimeFormat(page.language, { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" }).format(new Date(`${day}T00:00:00Z`));
const place = (id) => page.day.names[id] ?? id;
const list = (names) => new Intl.ListFormat(page.language, { type: "conjunction" }).format(names);

// ---- routing -------------------------------------------------------------------------------------------------------

// One series is under way at a time; of those that come meanwhile only the last is routed.
function route() {
  if (page.busy) {
    page.waiting = true;
    return;
  }
  page.busy = true;
  page.asked += 1;
  $("result").setAttribute("aria-busy", "true");
  worker.postMessage({ number: page.asked, series: under(page.series, page.rules, page.inForce) });
}

worker.addEventListener("message", ({ data: { answer, failed, millis, version } }) => {
  page.busy = false;
  if (page.waiting) {
    page.waiting = false;
    route();
    return;
  }
  $("result").setAttribute("aria-busy", "false");
  if (failed || !answer.ok) return showFailure(failed ?? answer.problem.errors.map((error) => `${error.pointer} ${error.detail}`).join("; "));
  page.now = { ...answer.value, millis };
  page.before ??= page.now;
  if (version) $("version").textContent = say("version", { version });
  page.version = version;
  showResult();
});

worker.addEventListener("error", (event) => showFailure(event.message ?? ""));

function showFailure(detail) {
  $("speed").classList.add("bad");
  $("speed").textContent = say("failed", { detail });
}

// The rules in force are routed first: everything else is shown beside them.
function begin() {
  const { day, snapshot } = page;
  const series = seriesOf(day);
  page.series = $("source").value === "server" && snapshot ? { ...series, ...snapshot } : series;
  page.inForce = rulesOf(page.series);
  page.rules = { ...page.inForce };
  page.before = null;
  page.chosen = null;
  showRules();
  route();
}

// ---- the rules -----------------------------------------------------------------------------------------------------

function shown(name, kind, value) {
  if (name === "most") return value >= MOST ? say("any") : number(value);
  return kind === "money" ? money(value) : `${number(value)} %`;
}

function makeSliders() {
  $("sliders").replaceChildren(...SLIDERS.map(([name, min, max, step]) => {
    const input = element("input", { type: "range", id: name, min, max, step });
    input.setAttribute("aria-describedby", `${name}-note`);
    input.addEventListener("input", () => {
      page.rules[name] = Number(input.value);
      showRules();
      route();
    });
    const label = element("label", { htmlFor: name });
    label.dataset.text = name;
    const box = element("div", { className: "slider" }, label, element("output", { id: `${name}-value` }), input, element("small", { id: `${name}-note` }));
    return box;
  }));
}

function showRules() {
  if (!page.rules) return;
  for (const [name, min, max, , kind] of SLIDERS) {
    const input = $(name);
    input.min = Math.min(min, page.inForce[name]);
    input.max = Math.max(max, page.inForce[name]);
    input.value = page.rules[name];
    input.setAttribute("aria-valuetext", shown(name, kind, page.rules[name]));
    $(`${name}-value`).textContent = shown(name, kind, page.rules[name]);
    $(`${name}-note`).textContent = say("in_force", { value: shown(name, kind, page.inForce[name]) });
    input.parentElement.classList.toggle("changed", page.rules[name] !== page.inForce[name]);
  }
  $("rule").value = page.rules.rule;
  $("reset").disabled = Object.keys(page.rules).every((name) => page.rules[name] === page.inForce[name]);
}

// ---- what comes of them --------------------------------------------------------------------------------------------

function showResult() {
  if (!page.now) return;
  const { before, now } = page;
  const orders = now.decisions.length;
  const values = { orders: number(orders), millis: number(now.millis), each: number(now.millis / Math.max(1, orders), 2), proven: number(now.totals.proven) };
  $("speed").classList.remove("bad");
  $("speed").textContent = say(now.totals.proven ? "speed" : "speed_some", values);
  showFigures(figures(before.totals), figures(now.totals));
  const parts = PARTS.filter((part) => before.totals.parts[part] || now.totals.parts[part]).map((part) => {
    const [was, is] = [before.totals.parts[part] / 1000, now.totals.parts[part] / 1000];
    return { name: say(`part_${part}`), before: was, now: is, text: money(is, 0) + (Math.round(was) === Math.round(is) ? "" : ` (${signed(is - was, (value) => money(value, 0))})`) };
  });
  const counts = [histogram(before.decisions), histogram(now.decisions)];
  const columnsOf = counts[1].map((count, at) => ({ name: at === counts[1].length - 1 ? `${at}+` : String(at), before: counts[0][at], now: count }));
  const summary = (rows, text) => rows.map((row) => `${row.name}: ${text(row)}`).join("; ");
  $("cost").replaceChildren(bars(parts, `${say("cost_by_part")}. ${summary(parts, (row) => `${say("before")} ${money(row.before, 0)}, ${say("now")} ${money(row.now, 0)}`)}`, room("cost")), legend());
  $("histogram").replaceChildren(columns(columnsOf, `${say("by_shipments")}. ${summary(columnsOf, (row) => `${say("before")} ${row.before}, ${say("now")} ${row.now}`)}`, room("histogram")));
  showMap();
  showOrders();
}

// How wide a chart may be drawn so that its text keeps its size.
function room(id) {
  return Math.max(300, Math.min(560, $(id).clientWidth));
}

function legend() {
  const key = (name) => element("span", {}, element("i", { className: name }), say(name));
  return element("p", { className: "legend" }, key("before"), key("now"));
}

function signed(value, text) {
  return (value > 0 ? "+" : "−") + text(Math.abs(value));
}

function showFigures(before, now) {
  const shownAs = { cost: (value) => money(value, 0), shipments: number, splits: number, short: number, days: (value) => number(value, 2) };
  $("figures").replaceChildren(...Object.keys(shownAs).map((name) => {
    const text = (value) => shownAs[name](value);
    const difference = now[name] - before[name];
    const same = text(now[name]) === text(before[name]);
    const note = element("span", { className: "note" });
    if (same) {
      note.append(say("unchanged"));
    } else {
      note.append(`${text(before[name])} `, element("span", { className: difference < 0 ? "better" : "worse" }, signed(difference, text)));
    }
    return element("div", {}, element("dt", {}, say(`figure_${name}`)), element("dd", {}, text(now[name]), note));
  }));
}

function degrees({ lat_micro: lat, lon_micro: lon }) {
  return { lat: lat / 1e6, lon: lon / 1e6 };
}

function showMap() {
  const located = page.series.network.locations.filter((one) => one.position);
  $("map").replaceChildren(map({
    towns: page.day.towns.map(([lat, lon]) => ({ lat, lon })),
    locations: located.map((one) => ({ id: one.location, name: place(one.location), kind: one.kind, ...degrees(one.position) })),
    orders: page.day.orders.map((order) => degrees(order.position)),
    decisions: page.now.decisions,
    chosen: page.chosen,
    label: say("map"),
  }));
}

function from(decision) {
  return decision.shipments.length ? decision.shipments.map((one) => place(one.location)).join(", ") : say("nobody");
}

function showOrders() {
  const { before, now } = page;
  const all = now.decisions.map((_, at) => at);
  const changed = all.filter((at) => !samePlan(before.decisions[at], now.decisions[at]));
  const rows = $("only-changed").checked && changed.length ? changed : all;
  $("orders-title").textContent = changed.length || page.before !== page.now
    ? say("changed_orders", { changed: number(changed.length), all: number(all.length) })
    : say("all_orders", { all: number(all.length) });
  if (page.chosen === null || !rows.includes(page.chosen)) page.chosen = null;
  $("orders").replaceChildren(...rows.map(row));
  showWhy();
}

function row(at) {
  const order = page.day.orders[at];
  const [was, is] = [page.before.decisions[at], page.now.decisions[at]];
  const difference = costOf(is) - costOf(was);
  const choose = element("button", { type: "button" }, order.name);
  choose.setAttribute("aria-pressed", String(at === page.chosen));
  const plan = (decision) => element("td", {}, from(decision), element("small", {}, money(costOf(decision))));
  const gap = element("td", { className: `number ${difference < -0.5 ? "better" : difference > 0.5 ? "worse" : ""}` },
    Math.abs(difference) > 0.5 ? signed(difference, (value) => money(value)) : "–");
  const made = element("tr", { className: at === page.chosen ? "picked" : "" }, element("td", {}, choose), element("td", {}, order.town),
    element("td", { className: "number" }, number(units(order))), plan(was), plan(is), gap);
  made.addEventListener("click", () => pick(at));
  return made;
}

function units(order) {
  return order.lines.reduce((sum, [, quantity]) => sum + quantity, 0);
}

function pick(at) {
  const again = page.chosen === at;
  page.chosen = again ? null : at;
  const scrolled = document.querySelector(".scroll").scrollTop;
  showMap();
  showOrders();
  document.querySelector(".scroll").scrollTop = scrolled;
  $("orders").querySelector('[aria-pressed="true"]')?.focus({ preventScroll: true });
}

// ---- why -----------------------------------------------------------------------------------------------------------

function showWhy() {
  if (page.chosen === null) return $("why").replaceChildren(element("p", {}, say("choose")));
  const order = page.day.orders[page.chosen];
  const sentences = (run) => element("ul", {}, ...gathered(run.explanations[page.chosen]).map((one) => element("li", {}, sentence(one))));
  const facts = { units: number(units(order)), lines: number(order.lines.length), date: date(order.requested_by) };
  const differs = !samePlan(page.before.decisions[page.chosen], page.now.decisions[page.chosen]);
  $("why").replaceChildren(
    element("h3", {}, say("order_to", { order: order.name, town: order.town })),
    element("p", {}, say("order_facts", facts)),
    element("h4", {}, say("why_now")), sentences(page.now),
    ...(differs ? [element("h4", {}, say("why_before")), sentences(page.before)] : []),
  );
}

// A sentence in the language of the page; what it has no words for is said in English.
function sentence(one) {
  const code = one.code === "bound" ? `bound_${typeof one.by === "object" ? Object.keys(one.by)[0] : one.by}` : one.code;
  if (!(`say_${code}` in WORDS.en)) return one.text;
  const by = one.code === "bound" && typeof one.by === "object" ? Object.values(one.by)[0] : {};
  const id = one.location ?? by.location;
  return say(`say_${code}`, {
    ...one, ...by,
    place: id && place(id),
    places: one.locations && list(one.locations.map(place)),
    quantity: one.quantity !== undefined && number(one.quantity / 1000),
    money: one.total !== undefined && money(one.total / 1000),
    km: one.kilometers ?? "?",
    service: one.service ? say(`service_${one.service}`).replace(/^service_/, "") : "–",
    date: one.delivers && date(one.delivers),
    why: one.why && say(`why_${one.why}`),
    sku: one.sku && article(one.sku),
    skus: one.skus && list(one.skus.map(article)),
  });
}

function article(sku) {
  const title = page.day.items[sku]?.[0];
  return title ? title.toLowerCase().replace(/\s+/g, " ").trim() : sku;
}

// ---- start ---------------------------------------------------------------------------------------------------------

function showLanguage() {
  document.documentElement.lang = page.language;
  document.querySelectorAll("[data-text]").forEach((node) => { node.textContent = say(node.dataset.text); });
  document.querySelectorAll("[data-label]").forEach((node) => node.setAttribute("aria-label", say(node.dataset.label)));
  document.querySelectorAll("[data-language]").forEach((button) =>
    button.setAttribute("aria-pressed", String(button.dataset.language === page.language)));
  if (page.version) $("version").textContent = say("version", { version: page.version });
  showRules();
  showResult();
}

// A server on one's own machine has rules and a network of its own, which can be tried on the same day.
async function askServer() {
  const key = sessionStorage.getItem("key") ?? (isLocal ? DEVELOPMENT_KEY : null);
  if (key === null) return;
  try {
    const answer = await fetch("/v1/routing/snapshot", { cache: "no-store", headers: { authorization: `Bearer ${key}` } });
    const snapshot = answer.ok ? await answer.json() : null;
    if (!snapshot?.network?.locations?.length) return;
    page.snapshot = { policy: snapshot.policy, network: snapshot.network };
    $("source-field").hidden = false;
  } catch {
    // Nobody answers: the page does without.
  }
}

document.querySelectorAll("[data-language]").forEach((button) => button.addEventListener("click", () => {
  page.language = button.dataset.language;
  localStorage.setItem("language", page.language);
  showLanguage();
}));
$("rule").addEventListener("change", () => {
  page.rules.rule = $("rule").value;
  showRules();
  route();
});
$("source").addEventListener("change", begin);
$("only-changed").addEventListener("change", showOrders);
$("reset").addEventListener("click", () => {
  page.rules = { ...page.inForce };
  showRules();
  route();
});
$("rules").addEventListener("submit", (event) => event.preventDefault());

makeSliders();
showLanguage();
askServer();
fetch("demo.json").then((answer) => answer.json()).then((day) => {
  page.day = day;
  begin();
}, (error) => showFailure(String(error)));
