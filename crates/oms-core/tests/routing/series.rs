//! Orders one after the other.

use oms_core::routing::{
    Capacity, Criterion, Decision, Effort, Fault, OfferFacts, OrderFacts, Policy, Routed, Rule, Series,
};
use oms_core::value::Quantity;

use crate::kit::*;

fn series(orders: Vec<OrderFacts>, offers: Vec<OfferFacts>) -> Series {
    let policy = wanting(&[Criterion::LeastShort, Criterion::Nearest]);
    Series { policy, network: network(), orders, offers, today: day("2026-11-23"), rule: None }
}

fn routed(series: &Series) -> Routed {
    series.route(Effort::Plan).expect("a series that holds")
}

#[track_caller]
fn refused(series: &Series) -> Vec<String> {
    let faults = series.route(Effort::Plan).expect_err("is refused");
    faults.into_iter().map(|Fault { pointer, .. }| pointer).collect()
}

fn sites(routed: &Routed) -> Vec<Vec<&str>> {
    routed.decisions.iter().map(from).collect()
}

#[test]
fn what_an_order_takes_is_gone_for_the_next() {
    let offers = offers(&[("a", "east", 3), ("a", "west", 2)]);
    let day = routed(&series(vec![order(&[("a", 2)]), order(&[("a", 2)]), order(&[("a", 2)])], offers));
    assert_eq!(sites(&day), [vec!["east"], vec!["east", "west"], vec!["west"]]);
    assert_eq!((day.totals.shipments, day.totals.splits), (4, 1));
    assert_eq!((day.totals.served, day.totals.short), (units(5), units(1)));
}

#[test]
fn a_location_does_no_more_than_it_can_over_all_orders() {
    let offers = offers(&[("a", "east", 9), ("a", "west", 9)]);
    let mut day = series(vec![order(&[("a", 3)]), order(&[("a", 3)])], offers);
    let node = day.network.locations.iter_mut().find(|node| node.location == place("east")).expect("a location");
    node.capacity = Some(Capacity { daily: units(4), backlog: Quantity::ZERO, window_days: 1 });
    assert_eq!(sites(&routed(&day)), [vec!["east"], vec!["east", "west"]]);
}

#[test]
fn a_series_of_one_is_the_order_by_itself() {
    let offers = offers(&[("a", "west", 2), ("b", "east", 2), ("unasked", "east", 2)]);
    let day = series(vec![order(&[("a", 2), ("b", 1)])], offers.clone());
    let alone: Decision = decide(&day.policy, &day.orders[0], &offers[..2]);
    let one = routed(&Series { rule: None, ..day.clone() }).decisions.remove(0);
    assert_eq!((one.plan, one.cost, one.inputs), (alone.plan, alone.cost, alone.inputs));
    assert_eq!(routed(&day).totals.cost, alone.cost.total());
}

#[test]
fn days_and_lateness_are_counted_by_shipment() {
    let mut late = order(&[("a", 1)]);
    late.requested_by = Some(day("2026-11-24"));
    let totals = routed(&series(vec![order(&[("a", 1)]), late], offers(&[("a", "east", 9)]))).totals;
    assert_eq!((totals.days, totals.late, totals.proven), (4, 1, 2));
}

#[test]
fn a_rule_stands_in_for_what_strategies_want() {
    let offers = offers(&[("a", "east", 1), ("a", "north", 2), ("a", "west", 1)]);
    let ruled = |rule| {
        let mut day = series(vec![order(&[("a", 2)])], offers.clone());
        day.policy = Policy { strategies: wanting(&[Criterion::Cheapest]).strategies, ..day.policy };
        routed(&Series { rule: Some(rule), ..day }).decisions.remove(0)
    };
    assert_eq!(from(&ruled(Rule::Nearest)), ["east", "west"]);
    assert_eq!(from(&ruled(Rule::FewestShipments)), ["north"]);
    assert_eq!(from(&ruled(Rule::Priority)), ["east", "west"]);
}

#[test]
fn faults_are_pointed_at_within_the_series() {
    let good = order(&[("a", 1)]);
    let mut offers = offers(&[("b", "east", 1), ("a", "east", 1), ("a", "east", 2)]);
    assert_eq!(refused(&series(vec![good.clone()], offers.clone())), ["/offers/2/sku"]);
    offers[2] = OfferFacts { markdown: money(-1), ..offer("a", "west", 1) };
    assert_eq!(refused(&series(vec![good.clone()], offers.clone())), ["/offers/2/markdown"]);
    offers.pop();
    assert_eq!(
        refused(&series(vec![good.clone(), order(&[("a", 0)])], offers.clone())),
        ["/orders/1/lines/0/quantity"]
    );
    let mut day = series(vec![good.clone()], offers);
    day.policy.strategies.clear();
    assert_eq!(refused(&day)[0], "/policy/strategies");
}
