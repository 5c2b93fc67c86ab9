// The pages as `cargo xtask dev` serves them: by wrangler, with the headers of www/_headers. ESTIBA_URL says where, with demo data in it.

import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { open } from "./browser.mjs";

const BASE = process.env.ESTIBA_URL;
const PICTURES = fileURLToPath(new URL("../../target/xtask/pages/", import.meta.url));

async function picture(page, name) {
  await mkdir(PICTURES, { recursive: true });
  await writeFile(`${PICTURES}${name}.png`, await page.picture());
}

test("the landing page tells health and counts, and leads on", async () => {
  const page = await open(`${BASE}/`);
  try {
    await page.until(`return document.querySelector("#health").dataset.state === "good"`);
    await page.until(`return !document.querySelector("#figures").hidden && /[1-9]/.test(document.querySelector("#orders").textContent)`);
    const shown = await page.run(`return {
      orders: Number(document.querySelector("#orders").textContent.replace(/\\D/g, "")),
      skus: Number(document.querySelector("#skus").textContent.replace(/\\D/g, "")),
      ways: [...document.querySelectorAll(".go a")].map((one) => one.getAttribute("href")),
      lines: document.querySelectorAll("#lines li").length,
    }`);
    assert.ok(shown.orders >= 300 && shown.skus > 1000, JSON.stringify(shown));
    assert.deepEqual(shown.ways, ["what-if/", "pos/"]);
    assert.ok(shown.lines >= 3);
    await picture(page, "landing");
    assert.deepEqual(page.problems, []);
  } finally {
    await page.close();
  }
});

test("on a phone, in the dark, in Portuguese it is as wide as the screen", async () => {
  const page = await open(`${BASE}/`, { width: 390, height: 844, dark: true, language: "pt-BR" });
  try {
    await page.until(`return document.querySelector("#health").dataset.state === "good" && !document.querySelector("#figures").hidden`);
    await page.run(`document.querySelector('[data-language="pt"]').click()`);
    await page.until(`return document.documentElement.lang === "pt"`);
    assert.ok(await page.run(`return document.documentElement.scrollWidth <= 390`));
    await picture(page, "landing-phone");
    assert.deepEqual(page.problems, []);
  } finally {
    await page.close();
  }
});

test("every page is served under a policy that lets nothing in from elsewhere", async () => {
  for (const path of ["/", "/what-if/", "/pos/", "/pos/sw.js"]) {
    const answer = await fetch(`${BASE}${path}`);
    assert.equal(answer.status, 200, path);
    assert.match(answer.headers.get("content-security-policy") ?? "", /default-src 'none'/, path);
  }
});

test("the till asks for its code and the what-if page routes its day", async () => {
  const till = await open(`${BASE}/pos/`);
  try {
    await till.until(`return document.querySelector('till-enroll [name="code"]') !== null`);
    assert.deepEqual(till.problems, []);
  } finally {
    await till.close();
  }
  const rules = await open(`${BASE}/what-if/`);
  try {
    await rules.until(`return /[1-9]/.test(document.querySelector("main").textContent)`);
    await picture(rules, "what-if");
    assert.deepEqual(rules.problems, []);
  } finally {
    await rules.close();
  }
});
