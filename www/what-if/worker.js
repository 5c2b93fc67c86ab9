// Routes away from the page's own thread, so that a slider never waits. A message is a series; the answer tells how long it took.

import init, { route_orders, version } from "../pkg/oms_whatif.js";

const ready = init();

self.addEventListener("message", async ({ data: { number, series } }) => {
  try {
    await ready;
    const started = performance.now();
    const answer = route_orders(series);
    self.postMessage({ number, answer, millis: performance.now() - started, version: version() });
  } catch (error) {
    self.postMessage({ number, failed: String(error) });
  }
});
