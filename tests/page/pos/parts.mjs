// The parts of the till's app that need no page: scanners, numbers, words, answers of the edge.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const source = fileURLToPath(new URL("../../../web/till/src/", import.meta.url));
const from = async (path) => {
  const { outputFiles: [file] } = await build({ entryPoints: [source + path], bundle: true, format: "esm", write: false, external: ["#core"], target: "es2023" });
  return import(`data:text/javascript;base64,${Buffer.from(file.contents).toString("base64")}`);
};

const numbers = await from("show/numbers.ts");
const { Wedge } = await from("input/wedge.ts");
const { moved } = await from("edge/upload.ts");
const answers = await from("edge/answers.ts");
const [{ en }, { es }, { pt }] = await Promise.all(["words/en.ts", "words/es.ts", "words/pt.ts"].map(from));

// ---- Numbers ----

test("amounts are shown to the last unit, however large", () => {
  assert.equal(numbers.money(123456789012345, "EUR", "en"), "€1,234,567,890,123.45");
  assert.equal(numbers.money(9007199254740991, "EUR", "en"), "€90,071,992,547,409.91");
  assert.equal(numbers.money(-5, "EUR", "en"), "-€0.05");
  assert.equal(numbers.money(1500, "JPY", "en"), "¥1,500");
});

test("amounts are read with point or comma, never finer than the currency", () => {
  for (const [typed, minor] of [["12.50", 1250], ["12,5", 1250], ["12", 1200], ["0.05", 5], ["€ 3", 300], ["1.234", null], ["-1", null], ["", null], ["1.2.3", null], ["abc", null]]) {
    assert.equal(numbers.readMoney(typed, "EUR"), minor, typed);
  }
  assert.equal(numbers.readMoney("12.5", "JPY"), null);
});

test("an amount that is shown plainly is read as itself", () => {
  for (const minor of [0, 1, 9, 10, 99, 100, 123456]) for (const currency of ["EUR", "JPY", "TND"]) assert.equal(numbers.readMoney(numbers.plain(minor, currency), currency), minor);
});

test("quantities add up in thousandths", () => {
  assert.equal(numbers.addQuantities("0.1", "0.2"), "0.3");
  assert.equal(numbers.addQuantities("9", "1"), "10");
  assert.equal(numbers.subtractQuantities("1.25", "2"), "0");
  assert.equal(numbers.quantityText(100_000), "100");
});

// ---- Scanners ----

/** A page's keys and clock, both in the test's hands. */
function keyboard() {
  const scanned = [];
  let now = 0;
  let silence = null;
  const clock = { now: () => now, after: (milliseconds, then) => { silence = { at: now + milliseconds, then }; return () => { silence = null; }; } };
  const wedge = new Wedge((code) => { scanned.push(code); return true; }, clock);
  const wait = (milliseconds) => {
    now += milliseconds;
    if (silence && now >= silence.at) {
      const { then } = silence;
      silence = null;
      then();
    }
  };
  const key = (name, more = {}) => {
    const event = { key: name, prevented: false, preventDefault() { this.prevented = true; }, stopImmediatePropagation() {}, composedPath: () => [{}], ...more };
    wedge.key(event);
    return event;
  };
  const type = (text, pause) => { for (const character of text) { wait(pause); key(character); } };
  return { scanned, wait, key, type };
}

// Neither class is there in Node: no event comes from a field.
Object.assign(globalThis, { HTMLInputElement: class {}, HTMLTextAreaElement: class {} });

test("fast keys with Enter or Tab are a scan, and the suffix goes nowhere else", () => {
  for (const suffix of ["Enter", "Tab"]) {
    const { scanned, key, type, wait } = keyboard();
    type("4006381333931", 8);
    wait(8);
    assert.ok(key(suffix).prevented);
    assert.deepEqual(scanned, ["4006381333931"]);
  }
});

test("a person typing is no scanner, and Enter stays theirs", () => {
  const { scanned, key, type, wait } = keyboard();
  type("4006381333931", 120);
  wait(120);
  assert.ok(!key("Enter").prevented);
  assert.deepEqual(scanned, []);
});

test("a scanner without a suffix is known by its silence, short words are not", () => {
  const one = keyboard();
  one.type("12345670", 10);
  one.wait(500);
  assert.deepEqual(one.scanned, ["12345670"]);
  const other = keyboard();
  other.type("tea", 10);
  other.wait(500);
  assert.deepEqual(other.scanned, []);
});

test("two scans right after each other are two, and capitals are part of a code", () => {
  const { scanned, key, type, wait } = keyboard();
  for (const code of ["ABC-1234", "ABC-1235"]) {
    for (const character of code) {
      wait(6);
      if (/[A-Z]/.test(character)) key("Shift");
      key(character);
    }
    wait(6);
    key("Enter");
  }
  assert.deepEqual(scanned, ["ABC-1234", "ABC-1235"]);
});

test("what a person began is not taken for the beginning of a scan", () => {
  const { scanned, key, type, wait } = keyboard();
  type("red", 200);
  wait(400);
  type("4006381333931", 5);
  wait(5);
  key("Enter");
  assert.deepEqual(scanned, ["4006381333931"]);
});

test("the symbology that a scanner puts before the code is dropped", () => {
  const { scanned, key, type, wait } = keyboard();
  type("]E04006381333931", 5);
  wait(5);
  key("Enter");
  assert.deepEqual(scanned, ["4006381333931"]);
});

test("shortcuts are not codes", () => {
  const { scanned, key, wait } = keyboard();
  for (const character of "12345678") { wait(5); key(character, { ctrlKey: true }); }
  wait(500);
  assert.deepEqual(scanned, []);
});

// ---- The edge ----

test("an acknowledgement never goes beyond what there is, nor back unless the edge asks", () => {
  const answer = (ackUpto, needFrom = null) => ({ ackUpto, needFrom });
  assert.equal(moved(5, 10, answer(8)), 8);
  assert.equal(moved(5, 10, answer(3)), 5);
  assert.equal(moved(5, 10, answer(99)), 10);
  assert.equal(moved(5, 10, answer(5, 4)), 3);
  assert.equal(moved(5, 10, answer(5, 0)), 5);
});

test("an answer that cannot be is nonsense, not half believed", () => {
  const good = { ack_upto: 3, results: [{ seq: 3, status: "recorded", variances: [] }], state: "active", rights: { A: "2" }, recall: [], settings_version: 1, catalog_version: 7, now: "2026-01-02T03:04:05.000Z" };
  assert.equal(answers.journalAnswer(good).ackUpto, 3);
  for (const change of [{ ack_upto: -1 }, { ack_upto: 1.5 }, { ack_upto: "3" }, { results: {} }, { results: [{ seq: 0, status: "recorded" }] }, { results: [{ seq: 1, status: "fine" }] }, { state: "gone" }, { rights: { A: 2 } }, { rights: null }, { now: "soon" }, { recall: [{ sku: "A" }] }]) {
    assert.throws(() => answers.journalAnswer({ ...good, ...change }), JSON.stringify(change));
  }
  for (const body of [null, [], "OK", 7, {}]) assert.throws(() => answers.journalAnswer(body));
});

// ---- Words ----

const shape = (value) => (typeof value === "object" && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, shape(one)])) : Array.isArray(value) ? ["list"] : typeof value);

test("every language has every word", () => {
  for (const words of [es, pt]) assert.deepEqual(shape(words), shape(en));
});

test("no word was left in English", () => {
  const flat = (value, at = "") => (typeof value === "string" ? [[at, value]] : typeof value === "object" ? Object.entries(value).flatMap(([name, one]) => flat(one, `${at}.${name}`)) : []);
  const same = new Map(flat(en));
  for (const [language, words] of [["es", es], ["pt", pt]]) {
    const left = flat(words).filter(([at, text]) => same.get(at) === text && text.split(" ").length > 2);
    assert.deepEqual(left, [], language);
  }
});
