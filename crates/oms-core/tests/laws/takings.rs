//! What a class took long ago is kept in few rows, and counts as if every day of it were kept.

use oms_core::promise::Timeline;
use oms_core::promise::allocation::{
    Allocation, Class, DemandClass, KEPT_DAYS, KEPT_STRANGERS, Limit, Portion, Protection, Span, Taking,
};
use oms_core::value::{Day, Delta, Quantity};
use proptest::prelude::*;

use crate::orders::{place, sku, units};
use crate::{cases, seeds};

/// The days of a law: so many that more than [`KEPT_DAYS`] of them are active.
const DAYS: i32 = 150;

fn named(name: &str) -> DemandClass {
    name.parse().expect("a class")
}

fn on(day: i32) -> Day {
    Day::FIRST.checked_add(10_000 + day).expect("near")
}

/// Who asks, who is above it, and who is beside it; each with all that can be due to a class, in times of their own.
fn any_classes() -> impl Strategy<Value = Vec<Class>> {
    let times = prop::collection::vec((0..DAYS, 1..DAYS, 1..90_u64), 0..4);
    let due = (times, prop::option::of(0..DAYS), prop::option::of(1..200_u64), prop::option::of(1..200_u64));
    prop::collection::vec(due, 3).prop_map(|dues| {
        let class = |((name, parent), (times, since, fence, share)): ((&str, Option<&str>), _)| {
            let times: Vec<(i32, i32, u64)> = times;
            let portion = |quantity: u64| Portion { quantity: units(quantity), consumed: Quantity::ZERO };
            let kept = |(from, days, quantity): &(i32, i32, u64)| Protection {
                from: on(*from),
                until: on(from + days),
                quantity: units(*quantity),
                consumed: Quantity::ZERO,
            };
            let spans = [Span::Day, Span::Week, Span::Month, Span::Ever];
            Class {
                name: named(name),
                parent: parent.map(named),
                rank: Some(1),
                limits: spans.map(|per| Limit { per, quantity: units(500), used: vec![] }).to_vec(),
                protections: times.iter().map(kept).collect(),
                fence: Option::map(fence, portion),
                share: Option::map(share, portion),
                since: Option::map(since, on),
            }
        };
        [("r", None), ("a", Some("r")), ("b", Some("r"))].into_iter().zip(dues).map(class).collect()
    })
}

fn any_taking() -> impl Strategy<Value = Vec<(i32, u64)>> {
    prop::collection::btree_map(0..DAYS, 1..5_u64, 40..140).prop_map(|taken| taken.into_iter().collect())
}

/// The allocation after takings: what is left of limits from the last day on, of protections, fences and shares.
fn counted(classes: &[Class], takings: &[Taking], last: Day) -> (Vec<Class>, Vec<Quantity>) {
    let mut allocation = Allocation { sku: sku("mug"), location: place("east"), classes: classes.to_vec() };
    allocation.took(takings, &Timeline::new(Delta::from(units(1_000))));
    let days = || (0..40).map(|ahead| last.checked_add(ahead).expect("near"));
    let limits = allocation.classes.iter().flat_map(|class| &class.limits);
    let left = limits.flat_map(|limit| days().map(|day| limit.left(day))).collect();
    allocation.classes.iter_mut().for_each(|class| class.limits.clear());
    (allocation.classes, left)
}

proptest! {
    #![proptest_config(cases(seeds!("takings")))]

    #[test]
    fn what_was_taken_long_ago_counts_where_it_counted(classes in any_classes(), taken in any_taking()) {
        let (mut kept, mut all) = (vec![], vec![]);
        let class = named("a");
        for (day, quantity) in &taken {
            Taking::add(&mut kept, &classes, &class, on(*day), units(*quantity));
            all.push(Taking { class: class.clone(), day: on(*day), quantity: units(*quantity) });
        }
        let last = all.last().expect("some").day;
        prop_assert_eq!(counted(&classes, &kept, last), counted(&classes, &all, last));
        let times = classes.iter().map(|class| 2 * class.protections.len() + usize::from(class.since.is_some()));
        prop_assert!(kept.len() <= KEPT_DAYS + times.sum::<usize>() + 1, "{} rows", kept.len());
    }

    #[test]
    fn what_is_given_back_is_what_was_taken_on_its_day(
        classes in any_classes(), taken in any_taking(), back in prop::collection::vec(any::<prop::sample::Index>(), 1..20)
    ) {
        let (mut kept, mut all) = (vec![], vec![]);
        let class = named("a");
        for (day, quantity) in &taken {
            Taking::add(&mut kept, &classes, &class, on(*day), units(*quantity));
            all.push(Taking { class: class.clone(), day: on(*day), quantity: units(*quantity) });
        }
        let last = all.last().expect("some").day;
        for at in back {
            let one = all.get_mut(at.index(taken.len())).expect("one of them");
            Taking::give_back(&mut kept, &class, one.day, one.quantity);
            one.quantity = Quantity::ZERO;
        }
        prop_assert_eq!(counted(&classes, &kept, last), counted(&classes, &all, last));
    }

    #[test]
    fn classes_that_nobody_named_are_remembered_until_there_are_too_many(strangers in 1..300_usize) {
        let classes = [Class {
            name: named("a"), parent: None, rank: None, limits: vec![], protections: vec![], fence: None, share: None,
            since: None,
        }];
        let mut kept = vec![];
        Taking::add(&mut kept, &classes, &named("a"), on(0), units(1));
        for stranger in 0..strangers {
            Taking::add(&mut kept, &classes, &named(&format!("s{stranger}")), on(1), units(1));
        }
        prop_assert_eq!(kept.len(), 1 + strangers.min(KEPT_STRANGERS));
        prop_assert!(kept.iter().any(|one| one.class == named("a")), "who is named is never forgotten");
        let last = named(&format!("s{}", strangers - 1));
        prop_assert!(kept.iter().any(|one| one.class == last), "nor who came last");
    }
}
