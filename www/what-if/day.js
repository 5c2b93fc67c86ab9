// A day of orders and the rules that are tried on it: pure functions, tested in Node by `tests/what_if.mjs`.

// The file as `cargo xtask what-if` writes it, as the series that the core routes.
export function seriesOf(day) {
  const orders = day.orders.map((order) => ({
    channel: "web",
    to: { country: "GB", position: order.position },
    placed_at: order.placed_at,
    requested_by: order.requested_by,
    lines: order.lines.map(([sku, units, value], at) => ({ line: at + 1, sku, quantity: units * 1000, unit_value: value })),
    items: [...new Set(order.lines.map(([sku]) => sku))].sort().map((sku) => ({ sku, grams: day.items[sku][1] })),
  }));
  const offers = day.offers.map(([sku, location, units]) => ({ sku, location, free: units * 1000 }));
  return { policy: day.policy, network: day.network, orders, offers, today: day.today };
}

// The rules that are in force, as what the controls show. Money in minor units, capacity in percent; 0 shipments is any number.
export function rulesOf({ policy }) {
  const { late_parcel_day: late = 0, short_unit: short = 0 } = policy.costs ?? {};
  const most = Math.max(0, ...policy.strategies.map((strategy) => strategy.limits?.max_shipments ?? 0));
  return { rule: "", parcel: 0, late, short, store: 0, most: most || MOST, capacity: 100 };
}

// As many shipments as one likes.
export const MOST = 6;

// The series under other rules; the series itself is left as it is. What is as in force is not touched.
export function under(series, rules, inForce = rulesOf(series)) {
  const changed = (name) => rules[name] !== inForce[name];
  const policy = structuredClone(series.policy);
  policy.costs = { ...policy.costs };
  if (changed("late")) policy.costs.late_parcel_day = rules.late;
  if (changed("short")) policy.costs.short_unit = rules.short;
  if (changed("most")) {
    policy.strategies.forEach((strategy) => {
      const { max_shipments: _, ...limits } = strategy.limits ?? {};
      strategy.limits = rules.most >= MOST ? limits : { ...limits, max_shipments: rules.most };
    });
  }
  const stores = new Set(series.network.locations.filter((one) => one.kind === "store").map((one) => one.location));
  const locations = series.network.locations.map((one) => ({
    ...one,
    pick_pack: (one.pick_pack ?? 0) + rules.parcel,
    ...(one.capacity && changed("capacity") ? { capacity: scaled(one.capacity, rules.capacity) } : {}),
  }));
  const offers = rules.store === 0 ? series.offers : series.offers.map((offer) =>
    stores.has(offer.location) ? { ...offer, stock_out: (offer.stock_out ?? 0) + rules.store } : offer);
  const other = { ...series, policy, offers, network: { ...series.network, locations } };
  return rules.rule ? { ...other, rule: rules.rule } : other;
}

// Capacity is in thousandths of a unit and above zero.
function scaled(capacity, percent) {
  return { ...capacity, daily: Math.max(1000, Math.round((capacity.daily * percent) / 100_000) * 1000) };
}

// Whether two decisions ship the same from the same places.
export function samePlan(one, other) {
  return JSON.stringify(one.plan) === JSON.stringify(other.plan)
    && JSON.stringify(one.shipments.map(({ location, service }) => [location, service]))
      === JSON.stringify(other.shipments.map(({ location, service }) => [location, service]));
}

// A decision's cost in minor units.
export function costOf(decision) {
  return Object.values(decision.cost).reduce((sum, part) => sum + part, 0) / 1000;
}

// The number of orders by how many shipments they have, the last bar being for so many and more.
export function histogram(decisions, bars = 7) {
  const counts = Array(bars).fill(0);
  decisions.forEach((decision) => { counts[Math.min(decision.shipments.length, bars - 1)] += 1; });
  return counts;
}

// What the page shows as figures; `lower` is better for all of them.
export function figures(totals) {
  return {
    cost: totals.cost / 1000,
    shipments: totals.shipments,
    splits: totals.splits,
    short: totals.short / 1000,
    days: totals.shipments ? totals.days / totals.shipments : 0,
  };
}

// Sentences that say the same of several SKUs, told once.
export function gathered(sentences) {
  const told = [];
  const open = new Map();
  for (const { sentence, text } of sentences) {
    const kind = sentence.code === "bound" && typeof sentence.by === "object" ? Object.keys(sentence.by)[0] : "";
    if (!["supply", "stock", "whole_line"].includes(kind)) {
      told.push({ ...sentence, text });
      continue;
    }
    const { sku, location } = sentence.by[kind];
    const key = `${kind} ${location}`;
    if (open.has(key)) {
      open.get(key).skus.push(sku);
    } else {
      const one = { code: `bound_${kind}`, location, skus: [sku], text };
      open.set(key, one);
      told.push(one);
    }
  }
  return told;
}
