// Charts and the map, as SVG made by hand: every shape has a class and no style of its own, as the page's policy wants.

const SVG = "http://www.w3.org/2000/svg";

function shape(name, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

// A picture with words for those who do not see it.
function picture(width, height, label, ...children) {
  return shape("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label }, ...children);
}

// Two bars for each row, what is in force above what is tried: `rows` of `{name, before, now, text}`.
export function bars(rows, label, width) {
  const [left, right, step] = [112, 120, 34];
  const most = Math.max(1, ...rows.flatMap((row) => [row.before, row.now]));
  const long = (value) => Math.max(0, (value / most) * (width - left - right));
  const drawn = rows.flatMap((row, at) => {
    const top = at * step + 4;
    return [
      shape("text", { x: left - 10, y: top + 16, class: "end" }, row.name),
      shape("rect", { x: left, y: top + 1, width: long(row.before), height: 8, rx: 2, class: "before" }),
      shape("rect", { x: left, y: top + 11, width: long(row.now), height: 12, rx: 2, class: "now" }),
      shape("text", { x: left + Math.max(long(row.before), long(row.now)) + 8, y: top + 18 }, row.text),
    ];
  });
  const axis = shape("line", { x1: left, x2: left, y1: 0, y2: rows.length * step + 4, class: "axis" });
  return picture(width, rows.length * step + 8, label, ...drawn, axis);
}

// Columns side by side: `rows` of `{name, before, now}`.
export function columns(rows, label, width) {
  const [height, foot] = [170, 22];
  const most = Math.max(1, ...rows.flatMap((row) => [row.before, row.now]));
  const slot = width / rows.length;
  const wide = Math.min(26, slot / 3);
  const tall = (value) => (value / most) * (height - foot - 20);
  const drawn = rows.flatMap((row, at) => {
    const middle = (at + 0.5) * slot;
    const column = (value, x, name) =>
      shape("rect", { x, y: height - foot - tall(value), width: wide, height: tall(value), rx: 2, class: name });
    return [
      column(row.before, middle - wide - 1, "before"),
      column(row.now, middle + 1, "now"),
      shape("text", { x: middle + 1 + wide / 2, y: height - foot - tall(row.now) - 6, class: "middle" }, row.now ? String(row.now) : ""),
      shape("text", { x: middle, y: height - 5, class: "middle quiet" }, row.name),
    ];
  });
  const axis = shape("line", { x1: 0, x2: width, y1: height - foot, y2: height - foot, class: "axis" });
  return picture(width, height, label, ...drawn, axis);
}

// Degrees on paper: longitudes shrink with the cosine of the middle latitude.
function plane(places) {
  const points = places.map(({ lat, lon }) => [lon * Math.cos((55 * Math.PI) / 180), -lat]);
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const [west, north] = [Math.min(...xs), Math.min(...ys)];
  const width = 400;
  const scale = (width - 60) / (Math.max(...xs) - west || 1);
  const at = ({ lat, lon }) => [
    (lon * Math.cos((55 * Math.PI) / 180) - west) * scale + 30,
    (-lat - north) * scale + 14,
  ];
  return { at, width, height: (Math.max(...ys) - north) * scale + 28 };
}

const rounded = (number) => Math.round(number * 10) / 10;

// A name beside its mark, where no other name stands: right, left, above or below.
function name(text, { x, y, r }, taken, width) {
  const wide = text.length * 6.3;
  const sites = [
    { x: x + r + 4, y: y + 4, left: x + r + 4, class: "" },
    { x: x - r - 4, y: y + 4, left: x - r - 4 - wide, class: "end" },
    { x, y: y - r - 5, left: x - wide / 2, class: "middle" },
    { x, y: y + r + 13, left: x - wide / 2, class: "middle" },
  ];
  const hits = (site) => site.left < 0 || site.left + wide > width || taken.some((other) => Math.abs(other.y - site.y) < 12 && site.left < other.left + other.wide && other.left < site.left + wide);
  const site = sites.find((one) => !hits(one)) ?? sites[0];
  taken.push({ left: site.left, y: site.y, wide });
  return shape("text", { x: rounded(site.x), y: rounded(site.y), class: site.class }, text);
}

// The land is a dot for every town; a line is a shipment, and the chosen order's stand out.
export function map({ towns, locations, orders, decisions, chosen, label }) {
  const { at, width, height } = plane([...towns, ...locations]);
  const dot = (place) => at(place).map(rounded).join(" ");
  const land = shape("path", { class: "land", d: towns.map((town) => `M${dot(town)}h0`).join("") });
  const places = new Map(locations.map((location) => [location.id, location]));
  const units = new Map();
  decisions.forEach((decision) => decision.plan.serves.forEach(({ location, quantity }) =>
    units.set(location, (units.get(location) ?? 0) + quantity / 1000)));
  const drawn = (number) => {
    const order = orders[number];
    const [x, y] = at(order).map(rounded);
    const lines = decisions[number].shipments.filter((one) => places.has(one.location)).map((one) => {
      const [x1, y1] = at(places.get(one.location)).map(rounded);
      return shape("line", { x1, y1, x2: x, y2: y, class: "flow" });
    });
    const end = shape("circle", { cx: x, cy: y, r: number === chosen ? 4.5 : 2, class: "to" });
    return shape("g", number === chosen ? { class: "picked" } : {}, ...lines, end);
  };
  const others = shape("g", { class: chosen === null ? "" : "aside" });
  orders.forEach((_, number) => { if (number !== chosen) others.append(drawn(number)); });
  const taken = [];
  const marks = locations.map((location) => {
    const [x, y] = at(location).map(rounded);
    const shipped = units.get(location.id) ?? 0;
    const r = rounded(4 + Math.sqrt(shipped) / 9);
    const mark = location.kind === "dc"
      ? shape("rect", { x: x - r, y: y - r, width: 2 * r, height: 2 * r, rx: 2, class: "place" })
      : shape("circle", { cx: x, cy: y, r, class: "place store" });
    mark.append(shape("title", {}, `${location.name}: ${Math.round(shipped)}`));
    return shape("g", {}, mark, name(location.name, { x, y, r }, taken, width));
  });
  const picked = chosen === null ? [] : [drawn(chosen)];
  return picture(width, rounded(height), label, land, others, ...marks, ...picked);
}
