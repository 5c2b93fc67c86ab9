//! `cargo xtask what-if`: writes `www/what-if/demo.json`, a day of Online Retail to be routed over cities of Great Britain.
//!
//! Orders, quantities, prices and articles are real; towns are real, who lives where is drawn by population; who stocks what,
//! weights, tariffs and the rules are made up. The decisions are made here, natively, and their digest stands in the file: a
//! browser has to come to the same.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Instant;

use anyhow::Context as _;
use oms_core::routing::{Effort, Series};
use oms_core::value::Digest;
use serde_json::{Value, json};

use crate::retail::{self, Cities, City, Invoice, Kind, Retail, spread};
use crate::{Outcome, paths, ui};

/// Wednesday before the last Christmas of the file; days since 2010-12-01.
const DAY: u32 = 357;
const TODAY: &str = "2011-11-23";
/// Longer orders are left out: they would be half of the day's goods.
const MOST_LINES: usize = 30;
/// So are larger ones, which go by the pallet.
const MOST_UNITS: u64 = 400;

/// Id, town and kind.
const LOCATIONS: [(&str, &str, &str); 14] = [
    ("ldn", "London", "dc"),
    ("man", "Manchester", "dc"),
    ("bhm", "Birmingham", "dc"),
    ("gla", "Glasgow", "dc"),
    ("brs", "Bristol", "store"),
    ("lee", "Leeds", "store"),
    ("liv", "Liverpool", "store"),
    ("ncl", "Newcastle upon Tyne", "store"),
    ("edi", "Edinburgh", "store"),
    ("cdf", "Cardiff", "store"),
    ("not", "Nottingham", "store"),
    ("ply", "Plymouth", "store"),
    ("nor", "Norwich", "store"),
    ("sou", "Southampton", "store"),
];

pub fn command() -> Outcome {
    let (retail, cities) = (retail::load()?, Cities::load()?);
    let mut day = day(&retail, &cities)?;
    let series: Series = serde_json::from_value(series(&day)?)?;
    let started = Instant::now();
    let routed = series.route(Effort::Plan).map_err(|faults| anyhow::anyhow!("{faults:?}"))?;
    let took = started.elapsed();
    day["decided"] = json!(Digest::of(&serde_json::to_vec(&routed.decisions)?).to_string());
    day["totals"] = serde_json::to_value(routed.totals)?;
    let file = paths::root().join("www/what-if/demo.json");
    std::fs::write(&file, text(&day)? + "\n").with_context(|| file.display().to_string())?;
    let orders = series.orders.len();
    ui::note(&format!("{orders} orders, {} offers, routed in {took:.1?}: {:?}", series.offers.len(), routed.totals));
    Ok(())
}

/// One member a line, and one element a line of what is long: a change is seen in a diff.
fn text(day: &Value) -> Outcome<String> {
    let mut members = Vec::new();
    for (name, value) in day.as_object().context("an object")? {
        let rows: Option<Vec<String>> = match value {
            Value::Array(rows) if name != "towns" => Some(rows.iter().map(Value::to_string).collect()),
            _ => None,
        };
        let value = rows.map_or_else(|| value.to_string(), |rows| format!("[\n{}\n]", rows.join(",\n")));
        members.push(format!("{}:{value}", json!(name)));
    }
    Ok(format!("{{\n{}\n}}", members.join(",\n")))
}

fn day(retail: &Retail, cities: &Cities) -> Outcome<Value> {
    let is_of_day = |invoice: &&Invoice| {
        invoice.kind == Kind::Sale && invoice.day == DAY && invoice.country == "GB" && invoice.lines.len() <= MOST_LINES
    };
    let sales: Vec<&Invoice> =
        retail.invoices.iter().filter(is_of_day).filter(|invoice| invoice.units() <= MOST_UNITS).collect();
    let mut wanted: BTreeMap<&Arc<str>, u64> = BTreeMap::new();
    for line in sales.iter().flat_map(|invoice| &invoice.lines) {
        *wanted.entry(&line.sku).or_default() += line.quantity;
    }
    let items = wanted.keys().map(|sku| (sku.to_string(), json!([retail.items[*sku].title, grams(sku)])));
    let named = |name: &str| cities.named(name).with_context(|| format!("{name} is not among the cities"));
    let places = LOCATIONS.iter().map(|(id, town, kind)| Ok(location(id, kind, named(town)?)));
    Ok(json!({
        "origin": {
            "orders": "Online Retail, D. Chen, S. L. Sain, K. Guo (2012), UCI Machine Learning Repository, https://doi.org/10.24432/C5BW33, CC BY 4.0",
            "towns": "GeoNames cities5000, https://www.geonames.org/, CC BY 4.0",
            "changes": "Written by `cargo xtask what-if`: one day's British orders, put into towns by population. Stock, weights, tariffs and rules are made up.",
        },
        "today": TODAY,
        "currency": "GBP",
        "names": LOCATIONS.iter().map(|(id, town, _)| (*id, *town)).collect::<BTreeMap<_, _>>(),
        "policy": policy(),
        "network": {
            "locations": places.collect::<Outcome<Vec<Value>>>()?,
            "carriers": [carrier()],
            "calendars": {
                "weekdays": { "week": ["monday", "tuesday", "wednesday", "thursday", "friday"], "cutoff": "15:00" },
                "shop": { "week": ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday"], "cutoff": "13:00" },
            },
        },
        "items": items.collect::<BTreeMap<_, _>>(),
        "orders": sales.iter().map(|invoice| order(invoice, cities)).collect::<Vec<_>>(),
        "offers": wanted.iter().flat_map(|(sku, units)| offers(sku, *units)).collect::<Vec<_>>(),
        "towns": cities.largest(usize::MAX).iter().filter(|city| is_in_picture(city)).map(|city| json!([round(city.latitude), round(city.longitude)])).collect::<Vec<_>>(),
    }))
}

/// What the page makes of the file, too: see `www/what-if/day.js`.
fn series(day: &Value) -> Outcome<Value> {
    let orders = day["orders"].as_array().context("orders")?.iter().map(|order| {
        let lines: Vec<&Value> = order["lines"].as_array().into_iter().flatten().collect();
        let skus: BTreeSet<&str> = lines.iter().filter_map(|line| line[0].as_str()).collect();
        let line = |(number, line): (usize, &&Value)| {
            json!({ "line": number + 1, "sku": line[0], "quantity": line[1].as_u64().unwrap_or(0) * 1_000, "unit_value": line[2] })
        };
        json!({
            "channel": "web",
            "to": { "country": "GB", "position": order["position"] },
            "placed_at": order["placed_at"],
            "requested_by": order["requested_by"],
            "lines": lines.iter().enumerate().map(line).collect::<Vec<_>>(),
            "items": skus.iter().map(|sku| json!({ "sku": sku, "grams": day["items"][sku][1] })).collect::<Vec<_>>(),
        })
    });
    let offers =
        day["offers"].as_array().context("offers")?.iter().map(
            |offer| json!({ "sku": offer[0], "location": offer[1], "free": offer[2].as_u64().unwrap_or(0) * 1_000 }),
        );
    Ok(json!({
        "policy": day["policy"], "network": day["network"], "today": day["today"],
        "orders": orders.collect::<Vec<_>>(), "offers": offers.collect::<Vec<_>>(),
    }))
}

fn policy() -> Value {
    json!({
        "name": "Cheapest", "version": 1, "stage": "active",
        "costs": { "reroute": 250, "backlog_day": 100, "late_parcel_day": 150, "short_unit": 400 },
        "strategies": [{ "name": "everything", "criteria": ["cheapest"] }],
    })
}

fn location(id: &str, kind: &str, town: &City) -> Value {
    let (is_dc, daily) = if kind == "dc" { (true, 3_000_000) } else { (false, 400_000) };
    json!({
        "location": id, "kind": kind, "country": "GB", "position": position(town), "allows": { "ship": true },
        "calendar": if is_dc { "weekdays" } else { "shop" }, "processing_days": 0,
        "capacity": { "daily": daily, "backlog": 0, "window_days": 2 },
        "carriers": ["post"],
        "pick_pack": if is_dc { 60 } else { 140 }, "handling": if is_dc { 4 } else { 12 },
        "acceptance_permille": if is_dc { 1_000 } else { 920 },
    })
}

pub fn carrier() -> Value {
    let zones = [("near", 50_000), ("region", 200_000), ("country", 450_000)];
    let rate = |zone: &str, days: [u32; 2], light: u32, per_kg: u32| {
        let steps = [(2, light), (5, light + 90), (10, light + 230), (20, light + 480)];
        let steps = steps.map(|(kg, price)| json!({ "up_to_grams": kg * 1_000, "price": price }));
        json!({ "zone": zone, "days": days, "steps": steps, "beyond_per_kg": per_kg })
    };
    let standard = [
        rate("near", [1, 1], 310, 22),
        rate("region", [1, 2], 360, 26),
        rate("country", [2, 3], 430, 31),
        rate("far", [3, 4], 520, 38),
    ];
    let next_day = [
        rate("near", [1, 1], 520, 40),
        rate("region", [1, 1], 640, 48),
        rate("country", [1, 1], 780, 60),
        rate("far", [1, 2], 990, 80),
    ];
    let zones = zones.map(|(name, meters)| json!({ "name": name, "reach": { "within": { "meters": meters } } }));
    let far = json!({ "name": "far", "reach": "anywhere" });
    json!({
        "name": "post",
        "zones": zones.into_iter().chain([far]).collect::<Vec<_>>(),
        "services": [
            { "name": "standard", "calendar": "weekdays", "rates": standard },
            { "name": "next_day", "calendar": "weekdays", "rates": next_day },
        ],
    })
}

fn order(invoice: &Invoice, cities: &Cities) -> Value {
    let town = cities.of(invoice.customer.as_deref().unwrap_or(&invoice.number));
    let placed: oms_core::value::Timestamp = invoice.at.parse().expect("a time of the file is RFC 3339");
    let days = 1 + i32::try_from(spread(&format!("{} by", invoice.number)) % 4).unwrap_or(0);
    json!({
        "name": invoice.number, "town": town.name, "position": position(town), "placed_at": placed,
        "requested_by": oms_core::value::Day::of_utc(placed).saturating_add(days),
        "lines": invoice.lines.iter().map(|line| json!([&*line.sku, line.quantity, line.pence])).collect::<Vec<_>>(),
    })
}

/// More than the day wants in all, spread so that hardly anybody has everything.
fn offers(sku: &str, wanted: u64) -> Vec<Value> {
    // Two warehouses have most of everything.
    let home = spread(&format!("{sku} home")) % 2;
    let stocked = (0..).zip(LOCATIONS).filter_map(|(number, (id, _, kind))| {
        let draw = spread(&format!("{sku} at {id}"));
        let (chance, part) = if kind == "dc" { (70, 30 + (draw >> 8) % 60) } else { (22, 10 + (draw >> 8) % 25) };
        let is_home = number == home;
        let units = if is_home { wanted * 9 / 10 } else { wanted * part / 100 } + (draw >> 20) % 6;
        (units > 0 && (is_home || draw % 100 < chance)).then(|| json!([sku, id, units]))
    });
    stocked.collect()
}

fn grams(sku: &str) -> u64 {
    20 + spread(sku) % 230
}

pub fn position(town: &City) -> Value {
    let micro = |degrees: f64| format!("{:.0}", degrees * 1_000_000.0).parse::<i64>().unwrap_or_default();
    json!({ "lat_micro": micro(town.latitude), "lon_micro": micro(town.longitude) })
}

/// As far as the north of the mainland: beyond it the picture would be mostly sea, and some places of the file lie elsewhere.
fn is_in_picture(city: &City) -> bool {
    (49.5..58.7).contains(&city.latitude) && (-8.5..2.5).contains(&city.longitude)
}

fn round(degrees: f64) -> f64 {
    (degrees * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_what_this_writes_and_what_the_core_decides() {
        let file = std::fs::read_to_string(paths::root().join("www/what-if/demo.json")).expect("the file is there");
        let written: Value = serde_json::from_str(&file).expect("JSON");
        let (retail, cities) = (retail::load().expect("reads"), Cities::load().expect("reads"));
        let day = day(&retail, &cities).expect("a day");
        for (name, value) in day.as_object().expect("an object") {
            assert_eq!(&written[name], value, "{name} is stale: run `cargo xtask what-if`");
        }
        let series: Series = serde_json::from_value(series(&day).expect("a series")).expect("a series");
        let routed = series.route(Effort::Plan).expect("decisions");
        let digest = Digest::of(&serde_json::to_vec(&routed.decisions).expect("JSON")).to_string();
        assert_eq!(written["decided"], digest, "decisions are meant to change: run `cargo xtask what-if`");
    }
}
