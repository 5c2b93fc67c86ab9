//! Allocation: the four primitives by example, and what holds whoever asks.

use oms_core::promise::allocation::{Allocation, Class, DemandClass, Limit, Portion, Protection, Span};
use oms_core::promise::{Step, Timeline};
use oms_core::value::{Delta, Problem, Quantity};
use proptest::prelude::*;

use crate::kit::{ahead, allocation, cases, class, shown, timeline, today, units};

const SEEDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/proptest-regressions/promise-allocation.txt");

fn named(name: &str) -> DemandClass {
    name.parse().expect("a class")
}

fn kept(from: usize, until: usize, quantity: u64) -> Protection {
    Protection { from: ahead(from), until: ahead(until), quantity: units(quantity), consumed: Quantity::ZERO }
}

fn portion(quantity: u64) -> Portion {
    Portion { quantity: units(quantity), consumed: Quantity::ZERO }
}

#[test]
fn what_is_protected_for_others_cannot_be_had_and_what_is_protected_for_oneself_can() {
    let pool = allocation([Class { protections: vec![kept(0, 10, 30)], ..class("web", None) }, class("store", None)]);
    let stock = timeline(100, &[0; 20], &[0; 20]);
    assert_eq!(shown(pool.available(&named("store"), today(), &stock)), 70);
    assert_eq!(shown(pool.available(&named("web"), today(), &stock)), 100);
    assert_eq!(shown(pool.available(&named("store"), ahead(10), &stock)), 100, "after the protection ends");
    assert_eq!(pool.earliest(&named("store"), units(71), today(), &stock), Some(ahead(10)));
}

#[test]
fn a_protected_class_eats_its_protection_first() {
    let mut pool =
        allocation([Class { protections: vec![kept(0, 10, 30)], ..class("web", None) }, class("store", None)]);
    let mut stock = timeline(100, &[], &[]);
    pool.take(&named("web"), today(), units(20), &mut stock).expect("there is enough");
    assert_eq!(shown(pool.available(&named("store"), today(), &stock)), 70, "80 there, 10 still kept");
    let refused = pool.take(&named("store"), today(), units(71), &mut stock).expect_err("too much");
    assert_eq!(refused.problem, Problem::Beyond { most: 70_000 });
}

#[test]
fn a_ring_fence_is_all_its_class_has_and_nobody_else_has_it() {
    let mut pool = allocation([Class { fence: Some(portion(25)), ..class("vip", None) }, class("rest", None)]);
    let mut stock = timeline(100, &[], &[]);
    assert_eq!(shown(pool.available(&named("vip"), today(), &stock)), 25);
    assert_eq!(shown(pool.available(&named("rest"), today(), &stock)), 75);
    pool.take(&named("rest"), today(), units(75), &mut stock).expect("there is enough");
    pool.take(&named("vip"), today(), units(10), &mut stock).expect("there is enough");
    assert_eq!(shown(pool.available(&named("vip"), today(), &stock)), 15);
    assert_eq!(shown(pool.available(&named("rest"), today(), &stock)), 0);
}

#[test]
fn a_limit_above_binds_all_under_it_and_waits_for_the_next_span() {
    let limit = Limit { per: Span::Week, quantity: units(10), used: vec![] };
    let mut pool = allocation([
        Class { limits: vec![limit], ..class("emea", None) },
        class("pt", Some("emea")),
        class("de", Some("emea")),
    ]);
    let mut stock = timeline(100, &[], &[]);
    pool.take(&named("pt"), today(), units(8), &mut stock).expect("there is enough");
    assert_eq!(shown(pool.available(&named("de"), today(), &stock)), 2);
    assert_eq!(pool.earliest(&named("de"), units(5), today(), &stock), Some(ahead(2)), "Monday");
    let steps = pool.steps(&named("de"), units(25), today(), &stock);
    let step = |days, quantity| Step { day: ahead(days), quantity: units(quantity) };
    assert_eq!(steps, [step(0, 2), step(2, 10), step(9, 10), step(16, 3)]);
}

#[test]
fn shares_scale_when_there_is_too_little() {
    let mut pool = allocation([
        Class { share: Some(portion(60)), ..class("north", None) },
        Class { share: Some(portion(40)), ..class("south", None) },
    ]);
    let mut stock = timeline(50, &[], &[]);
    assert_eq!(shown(pool.available(&named("north"), today(), &stock)), 30);
    assert_eq!(shown(pool.available(&named("south"), today(), &stock)), 20);
    let taken = pool.take(&named("north"), today(), units(30), &mut stock).expect("there is enough");
    assert_eq!(taken.len(), 1);
    assert_eq!(shown(pool.available(&named("north"), today(), &stock)), 0);
    assert_eq!(shown(pool.available(&named("south"), today(), &stock)), 20, "nobody ate the south's");
}

#[test]
fn what_can_be_no_allocation_is_refused_with_its_field() {
    let refused = |classes: Vec<Class>| {
        let pool = Allocation { sku: "a".parse().expect("a SKU"), location: "x".parse().expect("a place"), classes };
        let refused = pool.check().expect_err("no allocation");
        (refused.field, refused.problem)
    };
    let cycle = refused(vec![class("a", Some("b")), class("b", Some("a"))]);
    assert_eq!(cycle, ("classes[0].parent".into(), Problem::Cycle { name: "a".into() }));
    let itself = refused(vec![class("a", Some("a"))]);
    assert_eq!(itself, ("classes[0].parent".into(), Problem::Cycle { name: "a".into() }));
    let unknown = refused(vec![class("a", Some("b"))]);
    assert_eq!(unknown, ("classes[0].parent".into(), Problem::unknown(&"b")));
    let twice = refused(vec![class("a", None), class("a", None)]);
    assert_eq!(twice, ("classes[1].name".into(), Problem::twice(&"a")));
    let ended = refused(vec![Class { protections: vec![kept(3, 3, 1)], ..class("a", None) }]);
    assert_eq!(ended, ("classes[0].protections[0].until".into(), Problem::Unordered));
    let mut deep = vec![class("c0", None)];
    deep.extend((1..30).map(|level| class(&format!("c{level}"), Some(&format!("c{}", level - 1)))));
    assert!(matches!(refused(deep), (field, Problem::TooDeep { most: 16, .. }) if field == "classes[16].parent"));
}

/// Six classes in a fixed tree, with anything due to them.
fn any_pool() -> impl Strategy<Value = Allocation> {
    let tree =
        [("r", None), ("a", Some("r")), ("b", Some("r")), ("a1", Some("a")), ("a2", Some("a")), ("b1", Some("b"))];
    let due = (0..4_u8, 0..12_usize, 1..12_usize, 0..15_u64);
    prop::collection::vec(due, tree.len()).prop_map(move |dues| {
        let classes = tree.iter().zip(dues).map(|((name, parent), (kind, from, length, quantity))| {
            let plain = class(name, *parent);
            match kind {
                0 => Class { protections: vec![kept(from, from + length, quantity)], ..plain },
                1 => {
                    Class { limits: vec![Limit { per: Span::Week, quantity: units(quantity), used: vec![] }], ..plain }
                }
                2 => Class { fence: Some(portion(quantity)), ..plain },
                _ => plain,
            }
        });
        allocation(classes)
    })
}

/// What is kept on a day for anybody but the asking class and those above it, worked out the slow way.
fn kept_for_others(pool: &Allocation, asking: &str, day: usize) -> u64 {
    fn under(pool: &Allocation, parent: Option<&str>, own: &[String], day: usize) -> u64 {
        let children = pool.classes.iter().filter(|class| class.parent.as_ref().map(DemandClass::as_str) == parent);
        let kept = children.map(|class| {
            let below = under(pool, Some(class.name.as_str()), own, day);
            let holds = class.protections.iter().filter(|one| one.from <= ahead(day) && ahead(day) < one.until);
            let fenced = class.fence.map_or(0, |fence| shown(fence.left()));
            let mine: u64 = holds.map(|one| shown(one.left())).sum::<u64>() + fenced;
            if own.contains(&class.name.to_string()) { below } else { below.max(mine) }
        });
        kept.sum()
    }
    let mut own = vec![asking.to_owned()];
    while let Some(parent) = pool.class(&named(own.last().expect("one"))).and_then(|class| class.parent.clone()) {
        own.push(parent.to_string());
    }
    under(pool, None, &own, day)
}

proptest! {
    #![proptest_config(cases(1_000, SEEDS))]

    #[test]
    fn nobody_has_more_than_is_available_and_what_is_kept_for_others_stays(
        pool in any_pool(), on_hand in 0..60_u64,
        receipts in prop::collection::vec(0..8_u64, 14),
        asks in prop::collection::vec((0..6_usize, 0..14_usize, 1..12_u64), 1..12)
    ) {
        let mut pool = pool;
        let mut stock = Timeline::new(Delta::from(units(on_hand)));
        for (at, receipt) in receipts.iter().enumerate() {
            stock.receive(ahead(at), units(*receipt)).expect("few");
        }
        let names = ["r", "a", "b", "a1", "a2", "b1"];
        for (who, from, quantity) in asks {
            let asking = named(names[who]);
            for day in 0..26 {
                let later = (day..28).map(|at| stock.projected(ahead(at)) / 1_000 - i64::try_from(kept_for_others(&pool, names[who], at)).expect("few"));
                let most = later.min().expect("a day").max(0);
                prop_assert!(i64::try_from(shown(pool.available(&asking, ahead(day), &stock))).expect("few") <= most);
            }
            let kept_before: Vec<i64> = (0..28).map(|at| margin(&pool, &stock, names[who], at)).collect();
            let Some(day) = pool.earliest(&asking, units(quantity), ahead(from), &stock) else { continue };
            prop_assert!(pool.available(&asking, day, &stock) >= units(quantity));
            let limits_before: Vec<Quantity> = pool.classes.iter().flat_map(|class| &class.limits).map(|limit| limit.left(day)).collect();
            pool.take(&asking, day, units(quantity), &mut stock).expect("it is available");
            // What others have protected is still there on every day on which it was there before.
            for (at, before) in kept_before.into_iter().enumerate() {
                let after = margin(&pool, &stock, names[who], at);
                prop_assert!(before < 0 || after >= 0, "day {at}: {before} became {after}");
            }
            let limits_after = pool.classes.iter().flat_map(|class| &class.limits).map(|limit| limit.left(day));
            for (before, after) in limits_before.into_iter().zip(limits_after) {
                prop_assert!(after == before || before.saturating_sub(after) == units(quantity));
            }
        }
    }
}

proptest! {
    #![proptest_config(cases(1_000, SEEDS))]

    #[test]
    fn shares_are_never_eaten_beyond_what_each_is_scaled_to(
        targets in prop::collection::vec((0..20_u64, prop::option::of(0..4_u32)), 6), on_hand in 0..80_u64,
        asks in prop::collection::vec((0..6_usize, 1..20_u64), 1..12)
    ) {
        let tree = [("r", None), ("a", Some("r")), ("b", Some("r")), ("a1", Some("a")), ("a2", Some("a")), ("b1", Some("b"))];
        let classes = tree.iter().zip(&targets).map(|((name, parent), (target, rank))| {
            Class { share: Some(portion(*target)), rank: *rank, ..class(name, *parent) }
        });
        let mut pool = allocation(classes);
        let mut stock = timeline(on_hand, &[], &[]);
        let scaled = pool.scaled(units(on_hand));
        prop_assert!(scaled.iter().map(|share| share.quantity).sum::<Quantity>() <= units(on_hand));
        for (who, quantity) in asks {
            let asking = named(tree[who].0);
            let most = pool.available(&asking, today(), &stock);
            let quantity = units(quantity).min(most);
            let reached: Vec<String> = pool.reaches(&asking).iter().map(|class| class.name.to_string()).collect();
            let taken = pool.take(&asking, today(), quantity, &mut stock).expect("it is available");
            prop_assert_eq!(taken.iter().map(|taken| taken.quantity).sum::<Quantity>(), quantity);
            prop_assert!(taken.iter().all(|taken| reached.contains(&taken.class.to_string())));
            prop_assert!(stock.projected(today()) >= 0);
        }
        for (class, scaled) in pool.classes.iter().zip(scaled) {
            prop_assert!(class.share.expect("it has one").consumed <= scaled.quantity);
        }
    }
}

fn margin(pool: &Allocation, stock: &Timeline, asking: &str, at: usize) -> i64 {
    stock.projected(ahead(at)) / 1_000 - i64::try_from(kept_for_others(pool, asking, at)).expect("few")
}
