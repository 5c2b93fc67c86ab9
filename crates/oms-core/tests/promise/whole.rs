//! Whole promises: what-if, and what holds for any facts.

use oms_core::promise::{Origin, Timeline, differ, promise, what_if};
use oms_core::value::{Day, Delta, LocationId, Sku};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::kit::{MONDAY_TEN, ahead, cases, day, facts, one, purchase, request, stock, units};

const SEEDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/proptest-regressions/promise-whole.txt");

#[test]
fn what_if_a_purchase_order_slips() {
    let with = |expected: &str| facts(json!({"inbound": [purchase("PO-1", "a", "near", expected, 9)]}));
    let asked = one(json!({"quantity": 2_000}));
    let told = what_if(&asked, &with("2026-12-02"), &with("2026-12-09")).expect("an answer");
    let [change] = told.changes.as_slice() else { panic!("one line changes: {told:?}") };
    assert_eq!((change.before, change.after), (Some(day("2026-12-04")), Some(day("2026-12-11"))));
    assert_eq!((change.days, change.cost.minor(), change.rerouted), (Some(7), 0, false));
    let same = what_if(&asked, &with("2026-12-02"), &with("2026-12-02")).expect("an answer");
    assert_eq!(same.changes, []);
    let never = what_if(&asked, &with("2026-12-02"), &facts(json!({}))).expect("an answer");
    assert_eq!((never.changes[0].days, never.changes[0].short), (None, Delta::from(units(2))));
    let mut supposed = with("2026-12-02");
    supposed.lanes[0].min_days = -1;
    let refusal = what_if(&asked, &with("2026-12-02"), &supposed).expect_err("no facts");
    assert_eq!(refusal.field, "supposed.lanes[0].min_days");
}

#[test]
fn two_requests_are_told_apart() {
    let facts = facts(json!({"stocks": [stock("a", "near", 5)]}));
    let (few, wanted) = (one(json!({})), one(json!({"wanted": "2026-12-01"})));
    let (before, after) = (promise(&few, &facts).expect("a promise"), promise(&wanted, &facts).expect("a promise"));
    let changes = differ(&before, &after);
    assert_eq!((changes[0].days, changes[0].cost.minor(), changes[0].rerouted), (Some(6), -1_000, true));
    assert!(!changes[0].freed.is_empty(), "nothing binds any more");
}

/// Anything in five SKUs, two of which are made of others, at two places.
fn any_facts() -> impl Strategy<Value = Value> {
    let skus = ["a", "b", "c", "kit", "made"];
    let places = ["near", "far"];
    let stocks = prop::collection::vec(0..8_u64, skus.len() * places.len());
    let inbound = prop::collection::vec((0..skus.len(), 0..2_usize, -5..30_i32, 1..9_u64), 0..8);
    let method = prop_oneof![
        Just(json!("netted")),
        Just(json!({"backward": {"accumulate": true}})),
        Just(json!({"backward": {"accumulate": false}})),
        Just(json!("discrete")),
    ];
    (stocks, inbound, method, 0..3_i32, any::<bool>()).prop_map(move |(stocks, inbound, method, lead, load)| {
        let pairs = skus.iter().flat_map(|sku| places.iter().map(move |place| (*sku, *place)));
        let stocks: Vec<Value> = pairs.zip(stocks).map(|((sku, place), on_hand)| stock(sku, place, on_hand)).collect();
        let inbound: Vec<Value> = inbound
            .into_iter()
            .enumerate()
            .map(|(at, (sku, place, days, quantity))| {
                let expected = ahead(2).saturating_add(days).to_string();
                purchase(&format!("PO-{at}"), skus[sku], places[place], &expected, quantity)
            })
            .collect();
        let parts = json!([{"sku": "b", "per": 2_000}, {"sku": "c", "per": 1_000}]);
        let mut bill = json!({"components": parts, "lead_days": lead});
        if load {
            bill["load"] = json!({"resource": "shop", "per": 5_000});
        }
        json!({
            "stocks": stocks,
            "inbound": inbound,
            "resources": {"shop": {"calendar": "work", "per_day": 8_000}},
            "items": {
                "a": {"method": method, "substitutes": [{"sku": "c"}]},
                "kit": {"mode": {"kit": {"components": parts}}},
                "made": {"mode": {"ctp": {"bill": bill}}},
            },
        })
    })
}

fn any_request() -> impl Strategy<Value = Value> {
    let line = (0..5_usize, 1..12_u64, prop::option::of(-3..40_i32), 0..3_u8);
    (prop::collection::vec(line, 1..6), any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
        |(lines, split, substitute, complete)| {
            let goals = [json!("wanted"), json!("earliest"), json!("cheapest")];
            let lines: Vec<Value> = (1..)
                .zip(lines)
                .map(|(number, (sku, quantity, wanted, goal))| {
                    let sku = ["a", "b", "c", "kit", "made"][sku];
                    let goal = &goals[usize::from(goal)];
                    let mut line = json!({"line": number, "sku": sku, "quantity": quantity * 1_000, "goal": goal});
                    if let Some(wanted) = wanted {
                        line["wanted"] = json!(ahead(2).saturating_add(wanted).to_string());
                    }
                    line
                })
                .collect();
            json!({"lines": lines, "may_split": split, "may_substitute": substitute, "ship_complete": complete})
        },
    )
}

proptest! {
    #![proptest_config(cases(1_000, SEEDS))]

    #[test]
    fn no_day_promises_more_than_there_is_and_every_line_adds_up(more in any_facts(), asked in any_request()) {
        let (facts, asked) = (facts(more), request(asked));
        let promise = promise(&asked, &facts).expect("facts and a request that make sense");
        for (line, ask) in promise.lines.iter().zip(&asked.lines) {
            let had = line.choice.iter().flat_map(|choice| &choice.parts).map(|part| part.quantity);
            prop_assert_eq!(had.sum::<oms_core::value::Quantity>().saturating_add(line.short), ask.quantity);
            if let Some(choice) = &line.choice {
                let last = choice.parts.iter().map(|part| part.schedule.deliver).max();
                prop_assert_eq!(last, Some(choice.deliver));
                for part in &choice.parts {
                    prop_assert!(part.ready <= part.schedule.start && part.schedule.start <= part.schedule.ship);
                    prop_assert!(part.schedule.ship <= part.schedule.earliest);
                    prop_assert!(part.schedule.earliest <= part.schedule.deliver);
                }
                for bind in &line.binds {
                    prop_assert!(bind.days.is_some_and(|days| days > 0));
                }
                if let Some(sooner) = &line.sooner {
                    prop_assert!(sooner.days < 0 && sooner.choice.deliver < choice.deliver);
                }
            }
        }
        covered(&facts, &promise)?;
    }

    #[test]
    fn more_supply_never_makes_a_single_line_later(more in any_facts(), sku in 0..5_usize, quantity in 1..12_u64, extra in 1..9_u64) {
        let skus = ["a", "b", "c", "kit", "made"];
        let asked = one(json!({"sku": skus[sku], "quantity": quantity * 1_000, "goal": "earliest"}));
        let mut fewer = facts(more);
        // A pegged receipt may be eaten by another requirement; netted supply only ever helps.
        fewer.items.remove(&"a".parse::<Sku>().expect("a SKU"));
        let mut most = fewer.clone();
        for stock in &mut most.stocks {
            stock.on_hand = stock.on_hand.saturating_add(units(extra));
        }
        let days = |facts| promise(&asked, facts).expect("a promise").deliver;
        match (days(&fewer), days(&most)) {
            (Some(fewer), Some(most)) => prop_assert!(most <= fewer),
            (Some(_), None) => prop_assert!(false, "it could be had with less"),
            (None, _) => {}
        }
    }
}

/// Numbers and dates at the ends of what can be said, in otherwise sound facts.
fn any_extreme() -> impl Strategy<Value = (Value, Value)> {
    let number =
        || prop_oneof![Just(0_u64), Just(1), Just(999), Just(1_000), Just(0xffff_ffff_ffff), Just(0x1f_ffff_ffff_ffff)];
    let date = || {
        prop_oneof![Just("1970-01-01"), Just("2026-11-22"), Just("2026-11-23"), Just("2031-11-20"), Just("9999-12-31")]
    };
    let days = || prop_oneof![Just(0_i32), Just(1), Just(999), Just(1_000), Just(i32::MAX), Just(i32::MIN), Just(-1)];
    let facts = (number(), number(), number(), date(), date(), date(), days(), days(), any::<bool>());
    let asked =
        (number(), prop::option::of(date()), prop_oneof![Just(0_i64), Just(MONDAY_TEN), Just(253_402_300_799_999)]);
    (facts, asked).prop_map(|((some, other, third, one, two, three, lead, far, sound), (quantity, wanted, moment))| {
        // Half of the time the days are small, so that the rest is looked at.
        let (lead, far) = if sound { (lead.clamp(0, 9), far.clamp(0, 99)) } else { (lead, far) };
        let limit = |per: &str| json!({"per": per, "quantity": third});
        let facts = json!({
            "stocks": [
                {"sku": "a", "location": "near", "on_hand": some, "kept_back": other, "unit_cost": 9_007_199_254_740_991_i64,
                    "commitments": [{"day": one, "quantity": third}, {"day": two, "quantity": some}]},
                {"sku": "b", "location": "near", "on_hand": other},
            ],
            "inbound": [{"id": "i", "sku": "a", "location": "near", "source": "purchase", "stage": "ready", "expected": three,
                "ordered": some, "received": other}],
            "resources": {"shop": {"calendar": "work", "per_day": third, "used": [{"day": one, "quantity": some}]}},
            "items": {
                "a": {"fences": {"late_supply": {"offset_days": lead}, "infinite_after_days": far}},
                "m": {"mode": {"ctp": {"bill": {"components": [{"sku": "b", "per": other}, {"sku": "a", "per": 1}], "lead_days": lead,
                    "load": {"resource": "shop", "per": some}}}}},
                "k": {"mode": {"kit": {"components": [{"sku": "b", "per": third}, {"sku": "a", "per": some}]}}},
                "l": {"mode": {"lead_time": {"days": far}}},
            },
            "allocations": [{"sku": "a", "location": "near", "classes": [
                {"name": "x", "limits": [limit("day"), limit("month")], "fence": {"quantity": other}},
                {"name": "y", "parent": "x", "rank": 1, "share": {"quantity": some, "consumed": other},
                    "protections": [{"from": one, "until": two, "quantity": third}]},
            ]}],
            "bids": [{"sku": "a", "location": "near", "from": two, "price": -9_007_199_254_740_991_i64}],
        });
        let goal = json!({"profit": {"unit_price": 9_007_199_254_740_991_i64, "late_per_day": 9_007_199_254_740_991_i64}});
        let lines: Vec<Value> = (1..)
            .zip(["a", "b", "m", "k", "l"])
            .map(|(line, sku)| {
                let goal = if line % 2 == 0 { goal.clone() } else { json!("wanted") };
                json!({"line": line, "sku": sku, "quantity": quantity, "wanted": wanted, "class": "y", "goal": goal})
            })
            .collect();
        (facts, json!({"placed_at": moment, "lines": lines, "may_split": true, "ship_complete": sound}))
    })
}

proptest! {
    #![proptest_config(cases(2_000, SEEDS))]

    #[test]
    fn at_the_ends_of_all_numbers_there_is_an_answer_or_a_refusal_with_a_field((more, asked) in any_extreme()) {
        let (facts, asked) = (facts(more), request(asked));
        match promise(&asked, &facts) {
            Ok(promise) => prop_assert_eq!(promise.lines.len(), asked.lines.len()),
            Err(refusal) => prop_assert!(!refusal.field.is_empty()),
        }
    }
}

/// Everything drawn from supply, set against everything there is, day by day.
fn covered(facts: &oms_core::promise::Facts, promise: &oms_core::promise::Promise) -> Result<(), TestCaseError> {
    let today = Day::of_utc(oms_core::value::Timestamp::from_millis(MONDAY_TEN).expect("a time"));
    let draws = || {
        let parts = promise.lines.iter().filter_map(|line| line.choice.as_ref()).flat_map(|choice| &choice.parts);
        parts.flat_map(|part| &part.draws)
    };
    let pools: std::collections::BTreeSet<(Sku, LocationId)> =
        draws().map(|draw| (draw.sku.clone(), draw.location.clone())).collect();
    for (sku, location) in pools {
        let here = facts.stocks.iter().find(|stock| stock.sku == sku && stock.location == location).expect("listed");
        let mut timeline = Timeline::new(Delta::from(here.on_hand));
        for inbound in facts.inbound.iter().filter(|one| one.sku == sku && one.location == location) {
            timeline.receive(inbound.expected.max(today), inbound.open()).expect("few");
        }
        for draw in draws().filter(|draw| draw.sku == sku && draw.location == location) {
            match draw.from {
                Origin::Stock | Origin::Inbound(_) | Origin::Freed => {
                    timeline.commit(draw.day, draw.quantity).expect("few");
                }
                Origin::Made { .. } | Origin::Fence | Origin::Infinite | Origin::LeadTime => {}
            }
        }
        for at in 0..80 {
            prop_assert!(timeline.projected(ahead(at)) >= 0, "{sku} at {location}, day {at}: {promise:?}");
        }
    }
    Ok(())
}
