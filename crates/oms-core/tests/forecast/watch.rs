//! Demand by week, and what is kept because of it.

use oms_core::forecast::Class;
use oms_core::replenish::{Buying, Demand, Lot, MAX_WEEKS, Pack, expected};
use oms_core::value::{Day, Quantity};

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn units(units: u64) -> Quantity {
    Quantity::from_units(units).expect("a quantity")
}

fn weeks(first: &str, each: &[u64]) -> Demand {
    let mut demand = Demand::since(day(first));
    for (week, quantity) in (0..).zip(each) {
        demand.add(day(first).saturating_add(week * 7), units(*quantity));
    }
    demand
}

fn buying(lot: Lot) -> Buying {
    Buying {
        supplier: "acme".parse().expect("a location"),
        locations: vec!["ldn".parse().expect("a location")],
        lead_days: 14,
        lead_deviation_days: 0,
        service_permille: 950,
        lot,
        pack: Pack::default(),
        keep_safety: false,
    }
}

#[test]
fn a_week_counts_once_it_is_over_and_one_without_demand_is_none() {
    let mut demand = weeks("2026-03-04", &[3]);
    demand.add(day("2026-03-08"), units(1));
    demand.add(day("2026-03-18"), units(5));
    assert_eq!(demand.series(day("2026-03-08")), [0.0; 0], "the first week is not over");
    assert_eq!(demand.series(day("2026-03-09")), [4.0]);
    assert_eq!(demand.series(day("2026-03-23")), [4.0, 0.0, 5.0]);
    assert_eq!(demand.series(day("2026-04-06")), [4.0, 0.0, 5.0, 0.0, 0.0], "silence is demand, too");
    demand.add(day("2026-02-01"), units(9));
    assert_eq!(demand.series(day("2026-03-09")), [4.0], "what is older than what is kept counts for nothing");
}

#[test]
fn two_years_are_kept() {
    let mut demand = weeks("2020-01-06", &[1]);
    demand.add(day("2026-03-04"), units(7));
    assert_eq!(demand.weeks.len(), MAX_WEEKS);
    let series = demand.series(day("2026-03-09"));
    assert_eq!((series.len(), series.last()), (MAX_WEEKS, Some(&7.0)));
    assert_eq!(demand.series(day("2199-01-01")).len(), MAX_WEEKS);
}

#[test]
fn steady_demand_needs_no_safety_and_is_ordered_before_it_is_gone() {
    let demand = weeks("2026-01-05", &[10; 8]);
    let kept = buying(Lot::Fixed(units(30))).kept(&demand, day("2026-03-02")).expect("in bounds").expect("known");
    assert_eq!((kept.expected.class, kept.safety), (Some(Class::Smooth), Quantity::ZERO));
    assert_eq!(
        (kept.levels.reorder_point, kept.levels.order_up_to),
        (units(20), units(50)),
        "two weeks of ten, and the lot"
    );
    let cover = buying(Lot::Cover).kept(&demand, day("2026-03-02")).expect("in bounds").expect("known");
    assert_eq!(cover.levels.order_up_to, units(60), "four weeks more");
}

#[test]
fn economic_lots_grow_with_the_root_of_what_an_order_costs() {
    let demand = weeks("2026-01-05", &[10; 8]);
    let lot = |order: u32| {
        let kept = buying(Lot::Economic { order, holding: 100 }).kept(&demand, day("2026-03-02"));
        let kept = kept.expect("in bounds").expect("known");
        kept.levels.order_up_to.saturating_sub(kept.levels.reorder_point).thousandths()
    };
    assert!(lot(400).abs_diff(2 * lot(100)) <= 2, "{} {}", lot(400), lot(100));
    let never = buying(Lot::Economic { order: 1, holding: 0 }).kept(&demand, day("2026-03-02"));
    assert_eq!(never.expect_err("holding for nothing").field, "holding_cost");
}

#[test]
fn nothing_is_said_of_what_nobody_ever_wanted() {
    assert_eq!(expected(&Demand::since(day("2026-03-04")), day("2026-03-05"), 4), Ok(None));
}
