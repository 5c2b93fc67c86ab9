//! Words for tests.

use oms_core::promise::Timeline;
use oms_core::promise::allocation::{Allocation, Class};
use oms_core::value::{Day, Delta, Quantity};
use proptest::test_runner::{Config, FileFailurePersistence};

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
    }
}

pub(crate) fn allocation(classes: impl IntoIterator<Item = Class>) -> Allocation {
    let classes = classes.into_iter().collect();
    let pool = Allocation { sku: "a".parse().expect("a SKU"), location: "x".parse().expect("a location"), classes };
    pool.check().expect("an allocation");
    pool
}
