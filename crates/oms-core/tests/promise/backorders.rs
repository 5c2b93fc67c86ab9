//! Promising anew: who wins and who loses.

use oms_core::promise::{Backorder, Change, Outcome, Step, Strategy, Timeline, repromise};
use oms_core::value::{Delta, Quantity};
use proptest::prelude::*;

use crate::kit::{ahead, cases, shown, timeline, units};

const SEEDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/proptest-regressions/promise-backorders.txt");
const ALL: [Strategy; 6] =
    [Strategy::Win, Strategy::Gain, Strategy::Improve, Strategy::Redistribute, Strategy::Fill, Strategy::Lose];

fn order(id: &str, strategy: Strategy, quantity: u64, wanted: usize, confirmed: &[(usize, u64)]) -> Backorder {
    Backorder {
        id: id.parse().expect("a name"),
        quantity: units(quantity),
        wanted: ahead(wanted),
        confirmed: confirmed
            .iter()
            .map(|(day, quantity)| Step { day: ahead(*day), quantity: units(*quantity) })
            .collect(),
        strategy,
        rank: 0,
    }
}

fn told(outcome: &Outcome) -> Vec<(usize, u64)> {
    let days = |step: &Step| usize::try_from(step.day.days_since(ahead(0))).expect("ahead");
    outcome.after.iter().map(|step| (days(step), shown(step.quantity))).collect()
}

fn run(supply: &Timeline, orders: &[Backorder]) -> Vec<Outcome> {
    repromise(supply, orders).expect("a run")
}

/// SAP, "Distributing ATP quantities": 15 of 20 are committed, 5 more can be had.
#[test]
fn sap_distributes_what_can_still_be_had() {
    let vectors: Vec<serde_json::Value> =
        serde_json::from_str(include_str!("../../../../tests/data/vectors/atp.json")).expect("vectors");
    let vector = vectors.iter().find(|vector| vector["id"] == "SAP-BOP-DIST").expect("the vector");
    let number = |value: &serde_json::Value| value.as_u64().expect("a number");
    let (committed, asked, open) = (number(&vector["committed"]), number(&vector["order"]), number(&vector["cum_atp"]));
    let mut supply = timeline(committed + open, &[], &[]);
    let outcomes = run(&supply, &[order("x", Strategy::Redistribute, asked, 0, &[(0, committed)])]);
    let now: u64 = told(&outcomes[0]).iter().map(|(_, quantity)| quantity).sum();
    assert_eq!(now, number(&vector["after"]["committed"]));
    supply.commit(ahead(0), units(now)).expect("few");
    assert_eq!(shown(supply.available(ahead(0))), number(&vector["after"]["cum_atp"]));
    assert_eq!(outcomes[0].change, Change::Better);
}

#[test]
fn whoever_wins_takes_from_whoever_may_lose() {
    let supply = timeline(10, &[0, 0, 6], &[0, 0, 0]);
    let orders = [
        order("fill", Strategy::Fill, 8, 0, &[(0, 6)]),
        order("lose", Strategy::Lose, 4, 0, &[(0, 4)]),
        order("win", Strategy::Win, 7, 0, &[]),
        order("spread", Strategy::Redistribute, 5, 0, &[]),
    ];
    let outcomes = run(&supply, &orders);
    assert_eq!(told(&outcomes[2]), [(0, 7)]);
    assert_eq!(told(&outcomes[3]), [(0, 3), (2, 2)]);
    assert_eq!(told(&outcomes[0]), [], "nothing is left on its day, and it never gets it later");
    assert_eq!(told(&outcomes[1]), []);
    let changes: Vec<Change> = outcomes.iter().map(|outcome| outcome.change).collect();
    assert_eq!(changes, [Change::Worse, Change::Worse, Change::Better, Change::Better]);
    assert!(outcomes.iter().all(|outcome| !outcome.broken));
}

#[test]
fn whoever_gains_keeps_what_he_has_before_anybody_gains_more() {
    let supply = timeline(6, &[0, 0, 0, 4], &[0, 0, 0, 0]);
    let orders = [order("first", Strategy::Gain, 6, 0, &[(0, 2)]), order("second", Strategy::Gain, 6, 0, &[(0, 3)])];
    let outcomes = run(&supply, &orders);
    assert_eq!(told(&outcomes[0]), [(0, 3), (3, 3)], "one more at once, three later");
    assert_eq!(told(&outcomes[1]), [(0, 3), (3, 1)], "its three were never in danger");
}

#[test]
fn a_broken_guarantee_is_told() {
    let supply = timeline(3, &[], &[]);
    let orders = [
        order("win", Strategy::Win, 3, 0, &[]),
        order("gain", Strategy::Gain, 2, 0, &[(0, 2)]),
        order("win too", Strategy::Win, 1, 0, &[]),
    ];
    let outcomes = run(&supply, &orders);
    assert_eq!(outcomes.iter().map(|outcome| outcome.broken).collect::<Vec<_>>(), [false, true, true]);
}

#[test]
fn rank_decides_within_a_strategy() {
    let mut orders = [order("one", Strategy::Improve, 4, 0, &[]), order("two", Strategy::Improve, 4, 0, &[])];
    orders[0].rank = 2;
    orders[1].rank = 1;
    let outcomes = run(&timeline(5, &[], &[]), &orders);
    assert_eq!((told(&outcomes[0]), told(&outcomes[1])), (vec![(0, 1)], vec![(0, 4)]));
}

#[test]
fn what_was_confirmed_for_days_that_are_over_is_confirmed_for_one() {
    let outcomes = run(&timeline(9, &[], &[]), &[order("late", Strategy::Fill, 10, 3, &[(1, 5), (2, 4)])]);
    assert_eq!(told(&outcomes[0]), [(3, 9)]);
}

fn by(steps: &[Step], day: usize) -> Quantity {
    steps.iter().filter(|step| step.day <= ahead(day)).map(|step| step.quantity).sum()
}

proptest! {
    #![proptest_config(cases(2_000, SEEDS))]

    #[test]
    fn every_strategy_keeps_its_word_and_nothing_is_promised_twice(
        on_hand in 0..30_u64,
        receipts in prop::collection::vec(0..6_u64, 8),
        asked in prop::collection::vec((0..6_usize, 1..10_u64, 0..8_usize, 0..3_u32), 1..9)
    ) {
        let mut supply = Timeline::new(Delta::from(units(on_hand)));
        for (at, receipt) in receipts.iter().enumerate() {
            supply.receive(ahead(at), units(*receipt)).expect("few");
        }
        // First everybody is confirmed as he comes; then the priorities change.
        let mut left = supply.clone();
        let orders: Vec<Backorder> = asked.iter().enumerate().map(|(at, (strategy, quantity, wanted, rank))| {
            let mut order = order(&format!("o{at}"), ALL[*strategy], *quantity, *wanted, &[]);
            order.rank = *rank;
            order.confirmed = left.steps(order.quantity, order.wanted);
            for step in &order.confirmed {
                left.commit(step.day, step.quantity).expect("few");
            }
            order
        }).collect();
        let outcomes = run(&supply, &orders);
        let mut after = supply.clone();
        for (outcome, order) in outcomes.iter().zip(&orders) {
            for step in &outcome.after {
                prop_assert!(step.day >= order.wanted);
                after.commit(step.day, step.quantity).expect("few");
            }
            prop_assert!(by(&outcome.after, 99) <= order.quantity);
            for day in 0..10 {
                let (was, is) = (by(&outcome.before, day), by(&outcome.after, day));
                match order.strategy {
                    Strategy::Win => prop_assert!(outcome.broken || (day < 8 && ahead(day) < order.wanted) || is == order.quantity),
                    Strategy::Gain => prop_assert!(outcome.broken || is >= was),
                    Strategy::Fill => prop_assert!(is <= was),
                    Strategy::Lose => prop_assert!(is == Quantity::ZERO),
                    Strategy::Improve | Strategy::Redistribute => {}
                }
            }
            // Without winners nobody who gains can be hurt.
            if orders.iter().all(|order| order.strategy != Strategy::Win) && order.strategy == Strategy::Gain {
                prop_assert!(!outcome.broken);
            }
        }
        for at in 0..12 {
            prop_assert!(after.projected(ahead(at)) >= 0, "day {at}");
        }
    }
}
