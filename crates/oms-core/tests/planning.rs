//! Forecasts and routes come to the same bits on the host and in WebAssembly under Node.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects, reason = "a test may crash")]

use core::fmt::Write;

use oms_core::calendar::Rules;
use oms_core::forecast::{Method, Seasonality, classify, forecast, pick};
use oms_core::replenish::{Lead, reorder_point, service_factor};
use oms_core::routing::{Criterion, Effort, NetworkFacts, OfferFacts, OrderFacts, Policy, Prepared, route};
use oms_core::value::Digest;
use serde_json::json;

/// What every target must come to. It changes only when a decision is meant to change.
const FORECASTS: &str = "4d0b1c36ca40a66d2d6f20c5add7421367f50e70d399a42cbdc0bdc494c766e0";
const ROUTES: &str = "006507effed8b8d8859304e6537a30f3e54c603f92cbf0048d4c866930559266";

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn forecasts_are_the_same_bits() {
    let mut random = Random(11);
    let mut bits = String::new();
    for round in 0..300_u64 {
        let length = 8 + random.next() % 60;
        let sparse = 1 + round % 4;
        let series: Vec<f64> = (0..length).map(|_| random.sale(sparse)).collect();
        let (alpha, beta, gamma) = (random.fraction(), random.fraction(), random.fraction());
        let seasonal = |kind| Method::HoltWinters { alpha, beta, gamma, season: 4, kind };
        let methods = [
            Method::Ses { alpha },
            Method::Holt { alpha, beta },
            seasonal(Seasonality::Additive),
            seasonal(Seasonality::Multiplicative),
            Method::Croston { alpha },
            Method::Sba { alpha },
            Method::Sbj { alpha },
            Method::Tsb { demand: alpha, probability: beta },
        ];
        for method in methods {
            match forecast(&series, &method, 3) {
                Ok(found) => {
                    found
                        .next
                        .iter()
                        .chain(&found.deviation)
                        .for_each(|value| write!(bits, "{:x} ", value.to_bits()).unwrap());
                }
                Err(refusal) => write!(bits, "{refusal} ").unwrap(),
            }
        }
        writeln!(bits, "{:?} {:?}", classify(&series), pick(&series, Some(4))).unwrap();
        let lead =
            Lead { time: beta * 20.0, time_deviation: gamma, demand: alpha * 90.0, demand_deviation: gamma * 9.0 };
        let z = service_factor(0.5 + alpha * 0.499).unwrap();
        writeln!(bits, "{:x} {:x}", z.to_bits(), reorder_point(z, &lead).unwrap().to_bits()).unwrap();
    }
    assert_eq!(Digest::of(bits.as_bytes()).to_string(), FORECASTS);
}

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn routes_are_the_same_bits() {
    let mut random = Random(5);
    let mut decisions = String::new();
    let mut network = network(&mut random);
    network.calendars.entry("any".parse().unwrap()).or_insert_with(Rules::every_day);
    let orders: [&[Criterion]; 3] = [
        &[Criterion::LeastShort, Criterion::FewestShipments, Criterion::Nearest],
        &[Criterion::Cheapest],
        &[Criterion::LeastShort, Criterion::Earliest, Criterion::Cheapest],
    ];
    for criteria in orders {
        let mut policy = Policy::standard("golden".parse().unwrap());
        policy.strategies[0].criteria = criteria.to_vec();
        policy.costs.short_unit = serde_json::from_value(json!(2_500)).unwrap();
        let prepared = Prepared::new(&policy, &network, "2026-11-23".parse().unwrap()).unwrap();
        for _ in 0..60 {
            let (order, offers) = (order(&mut random), offers(&mut random));
            let decision = route(&prepared, &order, &offers, Effort::Plan).unwrap();
            // What a proven plan comes to is the same however it is found; which of equal plans is found is not pinned here.
            assert_eq!(decision.proof.leading as usize, decision.scores.len(), "proven");
            writeln!(decisions, "{} {:?} {:?}", decision.inputs, decision.scores, decision.left_out).unwrap();
        }
    }
    assert_eq!(Digest::of(decisions.as_bytes()).to_string(), ROUTES);
}

fn network(random: &mut Random) -> NetworkFacts {
    let node = |number: u64, random: &mut Random| {
        json!({
            "location": format!("l{number}"), "kind": "dc", "country": "PT", "calendar": "any", "carriers": ["post"],
            "position": {"lat_micro": 37_000_000 + random.next() % 5_000_000, "lon_micro": -9_000_000},
            "allows": {"ship": true}, "processing_days": random.next() % 3,
            "pick_pack": random.next() % 200, "handling": random.next() % 30,
        })
    };
    let nodes: Vec<_> = (0..12).map(|number| node(number, random)).collect();
    let rate = json!({"zone": "all", "days": [1, 3], "steps": [{"up_to_grams": 500, "price": 310}, {"up_to_grams": 9_000, "price": 777}], "beyond_per_kg": 41});
    let service = json!({"name": "parcel", "calendar": "any", "rates": [rate]});
    let post = json!({"name": "post", "zones": [{"name": "all", "reach": "anywhere"}], "services": [service]});
    serde_json::from_value(json!({"locations": nodes, "carriers": [post]})).unwrap()
}

fn order(random: &mut Random) -> OrderFacts {
    let line = |number: u64, random: &mut Random| json!({"line": number, "sku": format!("s{number}"), "quantity": 250 * (1 + random.next() % 16), "unit_value": 100 + random.next() % 900});
    let lines: Vec<_> = (1..=1 + random.next() % 5).map(|number| line(number, random)).collect();
    let items: Vec<_> =
        (1..=5).map(|number| json!({"sku": format!("s{number}"), "grams": random.next() % 2_000})).collect();
    let to = json!({"country": "PT", "position": {"lat_micro": 38_700_000, "lon_micro": -9_100_000}});
    serde_json::from_value(json!({
        "channel": "web", "to": to, "placed_at": 1_795_000_000_000_i64 + 3_600_000 * (random.next() % 90).cast_signed(),
        "requested_by": "2026-11-25", "lines": lines, "items": items,
    }))
    .unwrap()
}

fn offers(random: &mut Random) -> Vec<OfferFacts> {
    let pairs = (1..=5).flat_map(|sku| (0..12).map(move |location| (sku, location)));
    let mut offers = Vec::new();
    for (sku, location) in pairs {
        if random.next().is_multiple_of(3) {
            let offer = json!({"sku": format!("s{sku}"), "location": format!("l{location}"), "free": 250 * (random.next() % 20), "markdown": random.next() % 50});
            offers.push(serde_json::from_value(offer).unwrap());
        }
    }
    offers
}

/// SplitMix64 (Steele, Lea and Flood 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) >> 1
    }

    /// Units sold in a period; more often none the sparser demand is.
    fn sale(&mut self, sparse: u64) -> f64 {
        let units = u32::try_from(self.next() % 90).unwrap();
        if self.next().is_multiple_of(sparse) { f64::from(units) / 3.0 + 0.1 } else { 0.0 }
    }

    fn fraction(&mut self) -> f64 {
        f64::from(u32::try_from(self.next() % 1_001).unwrap()) / 1_000.0
    }
}
