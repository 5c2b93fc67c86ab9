//! When to order, how much, of whom; thresholds raised once per crossing.

use oms_core::forecast::Why;
use oms_core::replenish::{
    Band, Crossing, Lead, Levels, Pack, Thresholds, Watched, crossing, economic_order_quantity, levels, propose,
    safety_stock, service_factor,
};
use oms_core::value::{Delta, Quantity};
use proptest::prelude::*;

fn units(units: u64) -> Quantity {
    Quantity::from_units(units).expect("a quantity")
}

fn watched(sku: &str, location: &str, supplier: &str, on_hand: u64) -> Watched {
    Watched {
        sku: sku.parse().expect("a SKU"),
        location: location.parse().expect("a location"),
        supplier: supplier.parse().expect("a supplier"),
        on_hand: units(on_hand),
        on_order: Quantity::ZERO,
        committed: Quantity::ZERO,
        levels: Levels { reorder_point: units(10), order_up_to: units(30) },
        pack: Pack::default(),
    }
}

fn lead() -> Lead {
    Lead { time: 10.0, time_deviation: 0.0, demand: 30.0, demand_deviation: 5.0 }
}

#[test]
fn the_economic_order_quantity() {
    let found = economic_order_quantity(36_500.0, 50.0, 2.5).expect("a quantity");
    assert!((found - 1208.305).abs() < 0.0005, "{found}");
    assert_eq!(economic_order_quantity(1.0, 1.0, 0.0).expect_err("refused").field, "holding_cost");
    assert_eq!(economic_order_quantity(-1.0, 1.0, 1.0).expect_err("refused").field, "demand");
    assert_eq!(economic_order_quantity(1.0, f64::NAN, 1.0).expect_err("refused").field, "order_cost");
}

#[test]
fn a_service_level_has_its_factor() {
    for (level, factor) in [(0.5, 0.0), (0.9, 1.281_551_565_5), (0.95, 1.644_853_627_0), (0.999, 3.090_232_306_2)] {
        assert!((service_factor(level).expect("a factor") - factor).abs() < 1e-9, "{level}");
    }
    for bad in [0.4, 1.0, 2.0, -1.0, f64::NAN] {
        assert_eq!(service_factor(bad).expect_err("refused").field, "level");
    }
}

#[test]
fn safety_stock_names_what_is_wrong() {
    let bad = |lead: Lead| safety_stock(1.65, &lead).expect_err("refused").field;
    assert_eq!(safety_stock(-1.0, &lead()).expect_err("refused").field, "z");
    assert_eq!(bad(Lead { time: -1.0, ..lead() }), "time");
    assert_eq!(bad(Lead { time_deviation: f64::NAN, ..lead() }), "time_deviation");
    assert_eq!(bad(Lead { demand: f64::INFINITY, ..lead() }), "demand");
    assert_eq!(bad(Lead { demand_deviation: -0.5, ..lead() }), "demand_deviation");
}

#[test]
fn levels_are_rounded_up_to_thousandths() {
    let found = levels(1.65, &lead(), 100.0).expect("levels");
    assert_eq!(found.reorder_point.to_string(), "326.089");
    assert_eq!(found.order_up_to.to_string(), "426.089");
    let huge = Lead { demand: 1e15, ..lead() };
    assert_eq!(levels(1.65, &huge, 1.0).expect_err("refused").field, "levels");
}

#[test]
fn at_or_below_the_reorder_point_stock_is_ordered_up_to_its_level() {
    let drafts = propose(&[watched("a", "east", "acme", 10), watched("b", "east", "acme", 11)]).expect("drafts");
    assert_eq!(drafts.len(), 1);
    assert_eq!(drafts[0].lines.len(), 1, "eleven are enough");
    let line = &drafts[0].lines[0];
    assert_eq!((line.sku.as_str(), line.quantity), ("a", units(20)));
    assert_eq!(line.why.position, Delta::from(units(10)));
}

#[test]
fn what_is_on_order_and_what_is_committed_count() {
    let coming = Watched { on_order: units(5), ..watched("a", "east", "acme", 8) };
    assert_eq!(propose(&[coming]), Ok(vec![]));
    let promised = Watched { committed: units(25), ..watched("a", "east", "acme", 20) };
    let drafts = propose(&[promised]).expect("drafts");
    assert_eq!(drafts[0].lines[0].quantity, units(35));
    assert!(drafts[0].lines[0].why.position.is_negative());
}

#[test]
fn suppliers_sell_in_packs() {
    let packed = |multiple, least| {
        let pack = Pack { multiple: units(multiple), least: units(least) };
        let drafts = propose(&[Watched { pack, ..watched("a", "east", "acme", 5) }]).expect("drafts");
        (drafts[0].lines[0].quantity, drafts[0].lines[0].why.rounded_up)
    };
    assert_eq!(packed(0, 0), (units(25), units(0)));
    assert_eq!(packed(12, 0), (units(36), units(11)));
    assert_eq!(packed(12, 40), (units(48), units(23)));
}

#[test]
fn there_is_one_draft_for_each_supplier() {
    let all = [
        watched("b", "west", "zeta", 1),
        watched("b", "east", "acme", 1),
        watched("a", "west", "zeta", 1),
        watched("a", "east", "zeta", 1),
    ];
    let drafts = propose(&all).expect("drafts");
    let rows: Vec<(&str, Vec<(&str, &str)>)> = drafts
        .iter()
        .map(|draft| {
            let lines = draft.lines.iter().map(|line| (line.sku.as_str(), line.location.as_str()));
            (draft.supplier.as_str(), lines.collect())
        })
        .collect();
    assert_eq!(rows, [("acme", vec![("b", "east")]), ("zeta", vec![("a", "east"), ("a", "west"), ("b", "west")])]);
}

#[test]
fn levels_upside_down_are_refused_with_their_place() {
    let bad = Watched {
        levels: Levels { reorder_point: units(3), order_up_to: units(2) },
        ..watched("b", "east", "acme", 1)
    };
    let refusal = propose(&[watched("a", "east", "acme", 1), bad]).expect_err("refused");
    assert_eq!((refusal.field, refusal.at, refusal.why), ("levels", Some(1), Why::Unordered));
    let pack = Pack { multiple: Quantity::MAX, least: Quantity::MAX };
    let beyond =
        Watched { pack: Pack { multiple: units(9_007_199_254_739), ..pack }, ..watched("a", "east", "acme", 1) };
    assert_eq!(propose(&[beyond]).expect_err("refused").field, "quantity");
}

fn three() -> Thresholds {
    Thresholds { low: Some(units(2)), medium: Some(units(5)), high: Some(units(10)) }
}

#[test]
fn a_threshold_is_told_when_it_is_crossed_and_not_again() {
    let told = |before, after| crossing(units(before), units(after), &three()).map(|told| (told.from, told.to));
    assert_eq!(told(12, 11), None);
    assert_eq!(told(11, 10), Some((Band::Ample, Band::High)));
    assert_eq!(told(10, 6), None);
    assert_eq!(told(6, 5), Some((Band::High, Band::Medium)));
    assert_eq!(told(5, 2), Some((Band::Medium, Band::Low)));
    assert_eq!(told(2, 0), None);
    assert_eq!(told(0, 11), Some((Band::Low, Band::Ample)));
    let only_low = Thresholds { low: Some(units(2)), ..Thresholds::default() };
    let expected = Crossing { from: Band::Ample, to: Band::Low, available: units(1) };
    assert_eq!(crossing(units(3), units(1), &only_low), Some(expected));
    assert_eq!(crossing(units(3), units(0), &Thresholds::default()), None);
}

#[test]
fn thresholds_ascend() {
    assert!(three().checked().is_ok());
    let bad = |low, medium, high| {
        let quantity = |units_: Option<u64>| units_.map(units);
        let thresholds = Thresholds { low: quantity(low), medium: quantity(medium), high: quantity(high) };
        thresholds.checked().expect_err("refused").field
    };
    assert_eq!(bad(Some(5), Some(5), None), "medium");
    assert_eq!(bad(None, Some(5), Some(4)), "high");
    assert_eq!(bad(Some(5), None, Some(4)), "high");
}

proptest! {
    /// Along any walk of stock the crossings told link up: each begins where the one before ended.
    #[test]
    fn crossings_link_up(walk in prop::collection::vec(0..15_u64, 2..40)) {
        let mut band = three().band(units(walk[0]));
        for step in walk.windows(2) {
            if let Some(told) = crossing(units(step[0]), units(step[1]), &three()) {
                prop_assert_eq!(told.from, band);
                prop_assert!(told.to != told.from);
                band = told.to;
            }
        }
        prop_assert_eq!(band, three().band(units(walk[walk.len() - 1])));
    }

    /// What is proposed lifts the position to its level, and by less than a pack beyond it.
    #[test]
    fn a_proposal_reaches_the_level(on_hand in 0..40_u64, committed in 0..40_u64, multiple in 0..15_u64) {
        let pack = Pack { multiple: units(multiple), least: Quantity::ZERO };
        let one = Watched { committed: units(committed), pack, ..watched("a", "east", "acme", on_hand) };
        let position = Delta::from(units(on_hand)).thousandths() - Delta::from(units(committed)).thousandths();
        let drafts = propose(&[one]).expect("drafts");
        prop_assert_eq!(drafts.is_empty(), position > 10_000);
        if let Some(line) = drafts.first().map(|draft| &draft.lines[0]) {
            let after = position + Delta::from(line.quantity).thousandths();
            prop_assert!((30_000..30_000 + 1000 * i64::try_from(multiple.max(1)).expect("small")).contains(&after));
        }
    }
}
