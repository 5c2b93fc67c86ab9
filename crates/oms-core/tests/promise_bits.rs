//! Promises are the same bits on the host and in WebAssembly under Node.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects, reason = "a test may crash")]

use oms_core::promise::{Facts, Request, promise};
use oms_core::value::{Day, Digest};
use serde_json::{Value, json};

/// What every target must come to. It changes only when a promise is meant to change.
const GOLDEN: &str = "9a2ac66ae27301bd6a911fe9faa68bdd5e515cd9c83a8bf658f549743d3c83ed";
const CASES: u64 = 300;

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn every_target_promises_the_same() {
    let mut random = Random(17);
    let answers = (0..CASES).map(|_| {
        let facts: Facts = serde_json::from_value(facts(&mut random)).unwrap();
        let request: Request = serde_json::from_value(request(&mut random)).unwrap();
        serde_json::to_string(&promise(&request, &facts).unwrap()).unwrap()
    });
    let answers: Vec<String> = answers.collect();
    let promised = answers.iter().filter(|answer| answer.contains("\"deliver\"")).count();
    assert!(promised > 200, "{promised} of {CASES} come to a date");
    assert_eq!(Digest::of(answers.join("\n").as_bytes()).to_string(), GOLDEN);
}

fn facts(random: &mut Random) -> Value {
    let week = ["monday", "tuesday", "wednesday", "thursday", "friday"];
    let zone = json!({"offset_minutes": 0, "changes": [{"at": 1_806_195_600_000_i64, "offset_minutes": 60}]});
    let mut lanes = Vec::new();
    let mut stocks = Vec::new();
    let mut inbound = Vec::new();
    for place in ["near", "far"] {
        for (service, days) in [("slow", 2 + random.below(4)), ("fast", 1)] {
            lanes.push(
                json!({"location": place, "service": service, "calendar": "work", "min_days": 1, "max_days": days,
                "cost": 400 + random.below(900), "unit_cost": random.below(50)}),
            );
        }
        for sku in ["a", "b", "c", "kit", "made"] {
            stocks.push(
                json!({"sku": sku, "location": place, "on_hand": random.below(6_000), "kept_back": random.below(900),
                "unit_cost": random.below(3_000)}),
            );
            inbound
                .push(json!({"id": format!("PO {sku} {place}"), "sku": sku, "location": place, "source": "purchase",
                "stage": "ready", "expected": day(random.below(60)), "ordered": 1 + random.below(9_000)}));
        }
    }
    let parts = json!([{"sku": "b", "per": 1_500}, {"sku": "c", "per": 1_000}]);
    let protection = json!({"from": day(0), "until": day(random.below(40) + 1), "quantity": random.below(4_000)});
    json!({
        "calendars": {"work": {"week": week, "cutoff": "13:30", "zone": zone, "holidays": ["2026-12-25", "2027-01-01"]}},
        "locations": {"near": {"calendar": "work", "processing_days": 1}, "far": {"calendar": "work"}},
        "lanes": lanes, "stocks": stocks, "inbound": inbound,
        "resources": {"shop": {"calendar": "work", "per_day": 4_000}},
        "items": {
            "a": {"substitutes": [{"sku": "c", "unit_cost": 70}], "fences": {"infinite_after_days": 50}},
            "b": {"method": {"backward": {"accumulate": true}}},
            "kit": {"mode": {"kit": {"components": parts}}},
            "made": {"mode": {"ctp": {"bill": {"components": parts, "lead_days": 2, "load": {"resource": "shop", "per": 700}}}}},
        },
        "allocations": [{"sku": "a", "location": "near", "classes": [
            {"name": "web", "protections": [protection]}, {"name": "any", "limits": [{"per": "week", "quantity": 3_000}]}]}],
        "bids": [{"sku": "a", "location": "near", "from": day(9), "price": random.below(2_000)}],
    })
}

fn request(random: &mut Random) -> Value {
    let goals = [json!("wanted"), json!("earliest"), json!("cheapest"), json!({"profit": {"unit_price": 5_000}})];
    let lines: Vec<Value> = ["a", "b", "c", "kit", "made"]
        .into_iter()
        .map(|sku| {
            let goal = goals.get(usize::try_from(random.below(4)).unwrap()).unwrap();
            let class = if random.below(2) == 0 { "web" } else { "any" };
            json!({"line": sku.len() * 100 + usize::from(sku.as_bytes().first().copied().unwrap()), "sku": sku,
                "quantity": 1 + random.below(7_000), "wanted": day(random.below(40)), "class": class, "goal": goal})
        })
        .collect();
    json!({"placed_at": 1_795_428_000_000_i64 + i64::try_from(random.below(500_000_000)).unwrap(), "lines": lines,
        "may_split": random.below(2) == 0, "may_substitute": random.below(2) == 0, "ship_complete": random.below(3) == 0})
}

/// So many days after 2026-11-23.
fn day(ahead: u64) -> String {
    let monday: Day = "2026-11-23".parse().unwrap();
    monday.saturating_add(i32::try_from(ahead).unwrap()).to_string()
}

/// A congruential generator (Knuth's MMIX): its high bits.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}
