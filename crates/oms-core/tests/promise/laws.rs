//! What holds for every history.

use oms_core::promise::{Method, Timeline, Tree, accumulated, backward};
use oms_core::value::{Day, Delta, Quantity};
use proptest::prelude::*;

use crate::kit::{ahead, cases, shown, today, units};

const SEEDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/proptest-regressions/promise.txt");
/// Days of the histories here.
const DAYS: usize = 24;

#[derive(Clone, Copy, Debug)]
enum Act {
    Receive(usize, u64),
    Commit(usize, u64),
    /// Ask for so much from a day on, and take what is promised.
    Promise(usize, u64),
}

fn any_history() -> impl Strategy<Value = (u64, Vec<Act>)> {
    let act = (0..3_u8, 0..DAYS, 0..20_u64).prop_map(|(kind, day, quantity)| match kind {
        0 => Act::Receive(day, quantity),
        1 => Act::Commit(day, quantity),
        _ => Act::Promise(day, quantity),
    });
    (0..30_u64, prop::collection::vec(act, 0..40))
}

/// The definition, word for word: the least C(s) of all s from the day on.
fn by_definition(timeline: &Timeline, day: Day) -> u64 {
    let later = (0..=DAYS).map(ahead).filter(|later| *later >= day);
    let least = later.map(|later| timeline.projected(later)).min().expect("a day");
    u64::try_from(least.max(0)).expect("positive") / 1_000
}

fn first_by_definition(timeline: &Timeline, quantity: u64, from: usize) -> Option<Day> {
    (from..=DAYS).map(ahead).find(|day| by_definition(timeline, *day) >= quantity)
}

fn none() -> Delta {
    Delta::ZERO
}

proptest! {
    #![proptest_config(cases(2_000, SEEDS))]

    #[test]
    fn the_tree_and_the_list_and_the_definition_agree((on_hand, history) in any_history()) {
        let mut list = Timeline::new(Delta::from(units(on_hand)));
        let mut tree = Tree::new(today(), DAYS, Delta::from(units(on_hand))).expect("a tree");
        for act in history {
            match act {
                Act::Receive(day, quantity) => {
                    list.receive(ahead(day), units(quantity)).expect("few");
                    tree.receive(ahead(day), units(quantity)).expect("in range");
                }
                Act::Commit(day, quantity) => {
                    list.commit(ahead(day), units(quantity)).expect("few");
                    tree.commit(ahead(day), units(quantity)).expect("in range");
                }
                Act::Promise(from, quantity) => {
                    let promised = list.earliest(units(quantity), ahead(from));
                    prop_assert_eq!(promised, first_by_definition(&list, quantity, from));
                    prop_assert_eq!(promised, tree.earliest(units(quantity), ahead(from)));
                    if let Some(day) = promised {
                        list.commit(day, units(quantity)).expect("few");
                        tree.commit(day, units(quantity)).expect("in range");
                    }
                }
            }
            for at in 0..=DAYS {
                prop_assert_eq!(list.projected(ahead(at)), tree.projected(ahead(at)));
                prop_assert_eq!(list.available(ahead(at)), tree.available(ahead(at)));
                prop_assert_eq!(shown(list.available(ahead(at))), by_definition(&list, ahead(at)));
            }
        }
    }

    #[test]
    fn what_is_promised_never_exceeds_what_there_is_on_any_day((on_hand, history) in any_history()) {
        let mut timeline = Timeline::new(Delta::from(units(on_hand)));
        for act in history {
            match act {
                // Supply only grows here, so whatever goes below zero was promised too much.
                Act::Receive(day, quantity) => timeline.receive(ahead(day), units(quantity)).expect("few"),
                Act::Commit(from, quantity) | Act::Promise(from, quantity) => {
                    let steps = timeline.steps(units(quantity), ahead(from));
                    let total: Quantity = steps.iter().map(|step| step.quantity).sum();
                    prop_assert!(total <= units(quantity));
                    prop_assert_eq!(total == units(quantity), timeline.earliest(units(quantity), ahead(from)).is_some());
                    for step in steps {
                        timeline.commit(step.day, step.quantity).expect("few");
                    }
                }
            }
            for at in 0..=DAYS {
                prop_assert!(timeline.projected(ahead(at)) >= 0);
            }
        }
    }

    #[test]
    fn taking_and_giving_back_changes_nothing((on_hand, history) in any_history(), day in 0..DAYS, quantity in 0..50_u64) {
        let mut list = Timeline::new(Delta::from(units(on_hand)));
        let mut tree = Tree::new(today(), DAYS, Delta::from(units(on_hand))).expect("a tree");
        for act in history {
            let (Act::Receive(day, quantity) | Act::Commit(day, quantity) | Act::Promise(day, quantity)) = act;
            list.receive(ahead(day), units(quantity)).expect("few");
            tree.receive(ahead(day), units(quantity)).expect("in range");
        }
        // A day with an event of nothing is told apart only by the list itself.
        list.receive(ahead(day), Quantity::ZERO).expect("few");
        let (list_before, tree_before) = (list.clone(), tree.clone());
        list.commit(ahead(day), units(quantity)).expect("few");
        tree.commit(ahead(day), units(quantity)).expect("in range");
        list.release(ahead(day), units(quantity)).expect("few");
        tree.release(ahead(day), units(quantity)).expect("in range");
        prop_assert_eq!(list, list_before);
        prop_assert_eq!(tree, tree_before);
    }

    #[test]
    fn backward_consumption_loses_nothing_and_a_promise_uncovers_nobody(
        (on_hand, history) in any_history(), from in 0..DAYS, quantity in 1..20_u64, kind in 0..3_u8
    ) {
        let mut timeline = Timeline::new(Delta::from(units(on_hand)));
        for act in history {
            match act {
                Act::Receive(day, quantity) => timeline.receive(ahead(day), units(quantity)).expect("few"),
                Act::Commit(day, quantity) | Act::Promise(day, quantity) => {
                    timeline.commit(ahead(day), units(quantity)).expect("few");
                }
            }
        }
        let free = backward(&timeline, today());
        let sum: i64 = free.iter().map(|(_, left)| left).sum();
        prop_assert_eq!(sum, timeline.projected(ahead(DAYS)));
        let uncovered = |timeline: &Timeline| -> i64 {
            backward(timeline, today()).iter().map(|(_, left)| *left.min(&0)).sum()
        };
        let before = uncovered(&timeline);
        let method = match kind {
            0 => Method::Backward { accumulate: true, window_days: None },
            1 => Method::Backward { accumulate: false, window_days: None },
            _ => Method::Discrete,
        };
        if let Some(found) = method.earliest(&timeline, units(quantity), ahead(from), today()) {
            prop_assert!(found.day >= ahead(from));
            timeline.commit(found.commit, units(quantity)).expect("few");
            prop_assert_eq!(uncovered(&timeline), before);
        }
        let steps = method.steps(&timeline, units(quantity), ahead(from), today());
        prop_assert!(steps.iter().map(|step| step.quantity).sum::<Quantity>() <= units(quantity));
        let rows = accumulated(&backward(&timeline, today()), Some(3));
        prop_assert_eq!(rows.len(), backward(&timeline, today()).len());
    }
}

#[test]
fn an_empty_timeline_has_what_is_on_hand_and_nothing_below_zero() {
    let timeline = Timeline::new(none());
    assert_eq!(timeline.available(today()), Quantity::ZERO);
    assert_eq!(timeline.earliest(units(1), today()), None);
    assert_eq!(timeline.earliest(Quantity::ZERO, today()), Some(today()));
    let owing = Timeline::new(Delta::from(units(3)).negated());
    assert_eq!(owing.available(today()), Quantity::ZERO);
    assert!(Tree::new(today(), 4_097, none()).is_err());
    let mut tree = Tree::new(today(), 4, none()).expect("a tree");
    assert!(tree.receive(ahead(4), units(1)).is_err(), "beyond the last day");
    assert!(tree.receive(today(), Quantity::MAX).is_err(), "more than a day may have");
}
