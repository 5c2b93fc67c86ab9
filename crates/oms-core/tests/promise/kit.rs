//! Words for tests.

use oms_core::promise::allocation::{Allocation, Class};
use oms_core::promise::{Choice, Constraint, Facts, LinePromise, Promise, Request, Timeline, promise};
use oms_core::value::{Day, Delta, Quantity};
use proptest::test_runner::{Config, FileFailurePersistence};
use serde_json::{Value, json};

/// The day of most tests: a Saturday.
pub(crate) fn today() -> Day {
    day("2026-11-21")
}

pub(crate) fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

/// So many days after [`today`].
pub(crate) fn ahead(days: usize) -> Day {
    today().saturating_add(i32::try_from(days).expect("a few days"))
}

pub(crate) fn units(units: u64) -> Quantity {
    Quantity::from_units(units).expect("a quantity")
}

pub(crate) fn shown(quantity: Quantity) -> u64 {
    assert_eq!(quantity.thousandths() % 1_000, 0, "whole units");
    quantity.thousandths() / 1_000
}

/// On hand, and what comes and goes on each day from today on.
pub(crate) fn timeline(on_hand: u64, supply: &[u64], demand: &[u64]) -> Timeline {
    let mut timeline = Timeline::new(Delta::from(units(on_hand)));
    for (at, (supply, demand)) in supply.iter().zip(demand).enumerate() {
        timeline.receive(ahead(at), units(*supply)).expect("few events");
        timeline.commit(ahead(at), units(*demand)).expect("few events");
    }
    timeline
}

pub(crate) fn cases(count: u32, seeds: &'static str) -> Config {
    let mut config = Config::default();
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = count;
    }
    config.failure_persistence = Some(Box::new(FileFailurePersistence::Direct(seeds)));
    config
}

/// A class with nothing due to it.
pub(crate) fn class(name: &str, parent: Option<&str>) -> Class {
    let parse = |name: &str| name.parse().expect("a class");
    Class {
        name: parse(name),
        parent: parent.map(parse),
        rank: None,
        limits: vec![],
        protections: vec![],
        fence: None,
        share: None,
        since: None,
    }
}

pub(crate) fn allocation(classes: impl IntoIterator<Item = Class>) -> Allocation {
    let classes = classes.into_iter().collect();
    let pool = Allocation { sku: "a".parse().expect("a SKU"), location: "x".parse().expect("a location"), classes };
    pool.check().expect("an allocation");
    pool
}

/// Monday, 2026-11-23, ten in the morning in UTC, as milliseconds.
pub(crate) const MONDAY_TEN: i64 = 1_795_428_000_000;

/// Two places, near and far, open on weekdays until noon, a day of processing; each with a slow and a fast service that
/// runs from Monday to Saturday. `more` is laid over that, member by member.
pub(crate) fn facts(more: Value) -> Facts {
    let weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday"];
    let six = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
    let lane = |location, service, days, cost| json!({"location": location, "service": service, "calendar": "post", "min_days": 1, "max_days": days, "cost": cost});
    let mut all = json!({
        "calendars": {"work": {"week": weekdays, "cutoff": "12:00"}, "post": {"week": six}},
        "locations": {
            "near": {"calendar": "work", "processing_days": 1},
            "far": {"calendar": "work", "processing_days": 1},
        },
        "lanes": [
            lane("near", "slow", 3, 500),
            lane("near", "fast", 1, 1_500),
            lane("far", "slow", 5, 700),
            lane("far", "fast", 2, 2_500),
        ],
    });
    for (field, value) in more.as_object().expect("an object") {
        all[field] = value.clone();
    }
    serde_json::from_value(all).expect("facts")
}

pub(crate) fn request(more: Value) -> Request {
    let mut all = json!({"placed_at": MONDAY_TEN});
    for (field, value) in more.as_object().expect("an object") {
        all[field] = value.clone();
    }
    serde_json::from_value(all).expect("a request")
}

/// A request of one line.
pub(crate) fn one(more: Value) -> Request {
    let mut line = json!({"line": 1, "sku": "a", "quantity": 1_000});
    for (field, value) in more.as_object().expect("an object") {
        line[field] = value.clone();
    }
    request(json!({"lines": [line]}))
}

pub(crate) fn promised(request: &Request, facts: &Facts) -> Promise {
    let promise = promise(request, facts).expect("facts and a request that make sense");
    let json = serde_json::to_string(&promise).expect("text");
    assert_eq!(serde_json::from_str::<Promise>(&json).expect("a promise"), promise, "it crosses the wire");
    promise
}

pub(crate) fn line(request: &Request, facts: &Facts) -> LinePromise {
    promised(request, facts).lines.into_iter().next().expect("a line")
}

pub(crate) fn chosen(line: &LinePromise) -> &Choice {
    line.choice.as_ref().expect("it can be had")
}

/// Location and service of every part, and the day all of it is there.
pub(crate) fn told(choice: &Choice) -> (Vec<String>, String) {
    let parts = choice.parts.iter().map(|part| format!("{} {} {}", shown(part.quantity), part.location, part.service));
    (parts.collect(), choice.deliver.to_string())
}

/// What binds, in a word each, with the days.
pub(crate) fn bound(line: &LinePromise) -> Vec<(&'static str, Option<i32>)> {
    let word = |constraint: &Constraint| match constraint {
        Constraint::Supply { .. } => "supply",
        Constraint::LeadTime => "lead time",
        Constraint::Capacity { .. } => "capacity",
        Constraint::Allocation { .. } => "allocation",
        Constraint::Cutoff { .. } => "cutoff",
        Constraint::Calendar { .. } => "calendar",
        Constraint::Processing { .. } => "processing",
        Constraint::Transit { .. } => "transit",
        Constraint::TransitCalendar { .. } => "transit calendar",
    };
    line.binds.iter().map(|bind| (word(&bind.constraint), bind.days)).collect()
}

/// On hand of one SKU.
pub(crate) fn stock(sku: &str, location: &str, on_hand: u64) -> Value {
    json!({"sku": sku, "location": location, "on_hand": on_hand * 1_000})
}

/// A purchase order that is under way.
pub(crate) fn purchase(id: &str, sku: &str, location: &str, expected: &str, ordered: u64) -> Value {
    json!({"id": id, "sku": sku, "location": location, "source": "purchase", "stage": "in_transit",
        "expected": expected, "ordered": ordered * 1_000})
}
