//! The promise against the plainest way to work it out: try every lane on every day.

use oms_core::calendar::{Calendar, Route};
use oms_core::promise::{Facts, Mode, promise, timeline_of};
use oms_core::value::{Day, LocationId, Quantity, Sku, Timestamp};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::kit::{MONDAY_TEN, ahead, cases, facts, one, purchase, stock, today, units};

const SEEDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/proptest-regressions/promise-plain.txt");
const SKUS: [&str; 4] = ["a", "b", "c", "kit"];

fn any_facts() -> impl Strategy<Value = Value> {
    let commitment = || prop::collection::vec((0..20_usize, 0..4_u64), 0..3);
    let stocks = prop::collection::vec((0..7_u64, 0..3_u64, commitment()), 8);
    let inbound = prop::collection::vec((0..3_usize, 0..2_usize, 0..40_usize, 1..9_u64), 0..9);
    (stocks, inbound, 1..3_u64).prop_map(|(stocks, inbound, per)| {
        let pairs = SKUS.iter().flat_map(|sku| ["near", "far"].map(|place| (*sku, place)));
        let stocks = pairs.zip(stocks).map(|((sku, place), (on_hand, kept_back, commitments))| {
            let mut stock = stock(sku, place, on_hand);
            stock["kept_back"] = json!(kept_back * 1_000);
            let commitments = commitments
                .into_iter()
                .map(|(day, quantity)| json!({"day": ahead(day).to_string(), "quantity": quantity * 1_000}));
            stock["commitments"] = commitments.collect();
            stock
        });
        let inbound = inbound.into_iter().enumerate().map(|(at, (sku, place, day, quantity))| {
            purchase(&format!("PO-{at}"), SKUS[sku], ["near", "far"][place], &ahead(day).to_string(), quantity)
        });
        let parts = json!([{"sku": "a", "per": per * 1_000}, {"sku": "b", "per": 1_000}]);
        json!({
            "stocks": stocks.collect::<Vec<_>>(),
            "inbound": inbound.collect::<Vec<_>>(),
            "items": {"kit": {"mode": {"kit": {"components": parts}}}},
        })
    })
}

/// What there is of a SKU, or of everything a kit of it takes, for a day: by the definition.
fn enough(facts: &Facts, sku: &Sku, place: &LocationId, quantity: Quantity, day: Day) -> bool {
    if let Mode::Kit { components } = facts.mode(sku, place) {
        return components.iter().all(|part| enough(facts, &part.sku, place, part.needed(quantity), day));
    }
    let timeline = timeline_of(facts, sku, place, Day::of_utc(placed())).expect("a timeline");
    (0..80)
        .map(ahead)
        .filter(|later| *later >= day)
        .all(|later| timeline.projected(later) >= i64::try_from(quantity.thousandths()).expect("small"))
}

fn placed() -> Timestamp {
    Timestamp::from_millis(MONDAY_TEN).expect("a time")
}

/// The first day on which somebody rings the bell, over all lanes and all days on which goods may begin to move.
fn plainly(facts: &Facts, sku: &Sku, quantity: Quantity) -> Option<Day> {
    let calendar = |id| Calendar::prepare(&facts.calendars[id], today()).expect("a calendar");
    let lanes = facts.lanes.iter().filter_map(|lane| {
        let place = &facts.locations[&lane.location];
        let (node, transit) = (calendar(&place.calendar), calendar(&lane.calendar));
        let days = |days: i32| u32::try_from(days).expect("positive");
        let route = Route {
            node: &node,
            processing: days(place.processing_days),
            transit: &transit,
            fastest: days(lane.min_days),
            slowest: days(lane.max_days),
        };
        let ready = (2..70).map(ahead).find(|day| enough(facts, sku, &lane.location, quantity, *day))?;
        route.forward(placed(), Some(ready)).map(|schedule| schedule.deliver)
    });
    lanes.min()
}

proptest! {
    #![proptest_config(cases(500, SEEDS))]

    #[test]
    fn the_earliest_promise_is_the_first_day_any_lane_can_make(more in any_facts(), sku in 0..4_usize, quantity in 1..9_u64) {
        let facts = facts(more);
        let asked = one(json!({"sku": SKUS[sku], "quantity": quantity * 1_000, "goal": "earliest"}));
        let promised = promise(&asked, &facts).expect("a promise");
        let plain = plainly(&facts, &SKUS[sku].parse().expect("a SKU"), units(quantity));
        prop_assert_eq!(promised.deliver, plain);
        prop_assert_eq!(promised.lines[0].choice.is_some(), plain.is_some());
    }

    #[test]
    fn a_wanted_day_that_can_be_made_is_made_at_no_more_than_any_lane_costs(
        more in any_facts(), sku in 0..4_usize, quantity in 1..9_u64, wanted in 2..50_usize
    ) {
        let facts = facts(more);
        let asked = one(json!({"sku": SKUS[sku], "quantity": quantity * 1_000, "wanted": ahead(wanted).to_string()}));
        let promised = promise(&asked, &facts).expect("a promise");
        let soonest = plainly(&facts, &SKUS[sku].parse().expect("a SKU"), units(quantity));
        prop_assert_eq!(promised.deliver.is_some(), soonest.is_some());
        let (Some(deliver), Some(soonest)) = (promised.deliver, soonest) else { return Ok(()) };
        if soonest <= ahead(wanted) {
            prop_assert!(deliver <= ahead(wanted));
            let choice = promised.lines[0].choice.as_ref().expect("it can be had");
            for other in promised.lines[0].alternates.iter().filter(|other| other.choice.parts.len() == 1) {
                prop_assert!(other.choice.deliver > ahead(wanted) || other.choice.cost >= choice.cost);
            }
        } else {
            prop_assert_eq!(deliver, soonest, "too late as little as can be");
        }
    }
}
