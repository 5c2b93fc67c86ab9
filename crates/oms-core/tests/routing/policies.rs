//! Policies are data: read, checked before they are in force, told what is wrong where.

use oms_core::network::{Fulfilling, Location, Network};
use oms_core::order::Offer;
use oms_core::routing::{
    Capacity, Criterion, Fault, Flaw, NetworkFacts, Node, OfferFacts, Policy, Prepared, Stage, Stake, Step,
    check_order, validate,
};

use crate::kit::*;

fn spring() -> (Policy, NetworkFacts) {
    let policy = serde_json::from_str(include_str!("policy.json")).expect("a policy");
    let network = serde_json::from_str(include_str!("network.json")).expect("a network");
    (policy, network)
}

#[track_caller]
fn found(policy: &Policy, network: &NetworkFacts, expected: &[(&str, Flaw)]) {
    let faults = validate(policy, network).expect_err("faults");
    let faults: Vec<(&str, Flaw)> =
        faults.iter().map(|Fault { pointer, flaw }| (pointer.as_str(), flaw.clone())).collect();
    assert_eq!(faults, expected);
}

fn unknown(name: &str) -> Flaw {
    Flaw::Unknown { name: name.to_owned() }
}

#[test]
fn a_policy_is_read_and_written_the_same() {
    let (policy, network) = spring();
    assert_eq!(validate(&policy, &network), Ok(()));
    let again: Policy = serde_json::from_value(serde_json::to_value(&policy).expect("JSON")).expect("a policy");
    assert_eq!(again, policy);
    let again: NetworkFacts = serde_json::from_value(serde_json::to_value(&network).expect("JSON")).expect("a network");
    assert_eq!(again, network);
    assert!(serde_json::from_str::<Policy>(r#"{"name": "x", "strategies": [], "shade": 1}"#).is_err());
}

#[test]
fn only_what_holds_comes_into_force() {
    let (policy, network) = spring();
    assert_eq!(policy.stage, Stage::Draft);
    let active = policy.clone().activated(&network).expect("it holds");
    assert_eq!((active.stage, active.version), (Stage::Active, 4));
    let next = active.revised();
    assert_eq!((next.stage, next.version), (Stage::Draft, 5));
    assert!(Policy { strategies: vec![], ..policy }.activated(&network).is_err());
}

#[test]
fn what_is_wrong_with_a_policy_is_told_where_it_is() {
    let network = network();
    found(&policy(vec![]), &network, &[("/policy/strategies", Flaw::Empty)]);
    let lists = vec![vec![place("east")], vec![], vec![place("atlantis")]];
    let mut bad = wanting(&[Criterion::Cheapest, Criterion::Priority { lists }]);
    bad.costs.reroute = money(-1);
    bad.costs.short_permille = 10_001;
    bad.strategies[0].from.only = vec![place("lemuria")];
    bad.strategies[0].limits.max_shipments = Some(0);
    bad.strategies[0].limits.value_floor = Some(money(1_000_000_001));
    bad.strategies[0].when.value_below = Some(money(5));
    bad.strategies[0].when.value_from = Some(money(5));
    found(
        &bad,
        &network,
        &[
            ("/policy/costs/reroute", Flaw::Negative),
            ("/policy/costs/short_permille", Flaw::Beyond { most: 10_000 }),
            ("/policy/strategies/0/criteria/1/priority/lists/1", Flaw::Empty),
            ("/policy/strategies/0/criteria/1/priority/lists/2/0", unknown("atlantis")),
            ("/policy/strategies/0/from/only/0", unknown("lemuria")),
            ("/policy/strategies/0/when/value_below", Flaw::Unordered),
            ("/policy/strategies/0/limits/max_shipments", Flaw::Zero),
            ("/policy/strategies/0/limits/value_floor", Flaw::Beyond { most: 1_000_000_000 }),
            ("/policy/strategies/0", Flaw::NoCatchAll),
        ],
    );
}

#[test]
fn criteria_that_ship_nothing_are_refused() {
    let criteria = "/policy/strategies/0/criteria";
    found(&wanting(&[]), &network(), &[(criteria, Flaw::Empty)]);
    found(
        &wanting(&[Criterion::FewestShipments, Criterion::LeastShort]),
        &network(),
        &[(criteria, Flaw::ShipsNothing)],
    );
    found(&wanting(&[Criterion::Nearest]), &network(), &[(criteria, Flaw::ShipsNothing)]);
}

#[test]
fn names_stand_once() {
    let twice = policy(vec![strategy("same", &[Criterion::LeastShort]), strategy("same", &[Criterion::LeastShort])]);
    let flaw = Flaw::Twice { name: "same".to_owned() };
    found(&twice, &network(), &[("/policy/strategies/1/name", flaw)]);
}

#[test]
fn what_is_wrong_with_a_network_is_told_where_it_is() {
    let mut bad = network();
    bad.locations[0].calendar = code("moon");
    bad.locations[0].carriers.push(code("owl"));
    bad.locations[1].carriers.clear();
    bad.locations[1].handling = money(-3);
    bad.locations[1].acceptance_permille = 1_001;
    bad.locations[1].capacity = Some(Capacity { daily: units(0), backlog: units(1), window_days: 0 });
    bad.locations[2].location = place("east");
    bad.carriers[0].services[0].rates[0].steps.push(Step { up_to_grams: 9, price: money(1) });
    bad.carriers[0].services[0].rates[0].days = (3, 2);
    bad.carriers[0].services[0].rates[0].zone = code("mars");
    let mut idle = post();
    idle.name = code("idle");
    idle.services.clear();
    bad.carriers.push(idle);
    bad.calendars.entry(code("always")).and_modify(|rules| rules.week.clear());
    let policy = Policy::standard(label("standard"));
    let faults = validate(&policy, &bad).expect_err("faults");
    assert!(matches!(&faults[1].flaw, Flaw::Calendar { field, .. } if field == "week"));
    let told: Vec<(&str, Flaw)> = faults.iter().map(|fault| (fault.pointer.as_str(), fault.flaw.clone())).collect();
    let rate = "/network/carriers/0/services/0/rates/0";
    let expected = [
        ("/network/locations/2/location", Flaw::Twice { name: "east".to_owned() }),
        ("/network/calendars/always", told[1].1.clone()),
        ("/network/locations/0/calendar", unknown("moon")),
        ("/network/locations/0/carriers/1", unknown("owl")),
        ("/network/locations/1/acceptance_permille", Flaw::Beyond { most: 1_000 }),
        ("/network/locations/1/handling", Flaw::Negative),
        ("/network/locations/1/carriers", Flaw::Empty),
        ("/network/locations/1/capacity/window_days", Flaw::Zero),
        ("/network/locations/1/capacity/daily", Flaw::Zero),
        (&format!("{rate}/zone"), unknown("mars")),
        (&format!("{rate}/days"), Flaw::Unordered),
        (&format!("{rate}/steps"), Flaw::Unordered),
        ("/network/carriers/1/services", Flaw::Empty),
    ];
    assert_eq!(told, expected);
    assert!(Prepared::new(&policy, &bad, day("2026-11-23")).is_err());
}

#[test]
fn what_is_wrong_with_an_order_is_told_where_it_is() {
    let mut bad = order(&[("a", 0), ("b", 1), ("c", 1)]);
    bad.lines[1].unit_value = money(-1);
    bad.lines[2].line = 1;
    bad.items = vec![item("a", 100_000_001), item("a", 1)];
    let mut stock = offers(&[("a", "east", 1), ("a", "east", 2)]);
    stock[0].markdown = money(1_000_000_001);
    let faults = check_order(&bad, &stock).expect_err("faults");
    let pointers: Vec<&str> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
    let expected = [
        "/order/lines/2/line",
        "/order/items/1/sku",
        "/offers/1/sku",
        "/order/lines/0/quantity",
        "/order/lines/1/unit_value",
        "/order/items/0/grams",
        "/offers/0/markdown",
    ];
    assert_eq!(pointers, expected);
    let empty = check_order(&order(&[]), &[]).expect_err("faults");
    assert_eq!((empty[0].pointer.as_str(), &empty[0].flaw), ("/order/lines", &Flaw::Empty));
}

#[test]
fn names_in_pointers_are_escaped() {
    let (policy, mut network) = spring();
    network.calendars.entry(code("a_b-c")).or_default();
    let faults = validate(&policy, &network).expect_err("faults");
    assert_eq!(faults[0].pointer, "/network/calendars/a_b-c");
}

#[test]
fn a_tenant_who_says_nothing_routes_by_the_standard_policy() {
    let mut tenant = Network::default();
    for (node, ships) in network().locations.into_iter().zip([false, true, true]) {
        let Node { location, kind, country, position, .. } = node;
        let location = Location {
            id: location.clone(),
            name: label(location.as_str()),
            kind,
            country,
            postal_code: None,
            position,
            ships,
            accepts_returns: true,
            fulfilling: Fulfilling::default(),
            version: 0,
        };
        tenant.locations.insert(location.id.clone(), location);
    }
    let (policy, plain) = (Policy::standard(label("standard")), tenant.facts());
    assert_eq!(validate(&policy, &plain), Ok(()));
    let rows = [("a", "east", 9), ("a", "west", 1), ("a", "north", 9), ("b", "north", 1)];
    let offers = OfferFacts::plain(&rows.map(|(sku, location, free)| offered(sku, location, free)));
    let decision = decide_with(&policy, &plain, &order(&[("a", 3), ("b", 1)]), &offers);
    assert_eq!(from(&decision), ["north"], "east does not ship");
    assert_eq!((decision.cost.total(), decision.shipments[0].delivers), (0, day("2026-11-23")));
}

fn offered(sku: &str, location: &str, free: u64) -> Offer {
    Offer {
        sku: sku.parse().expect("a SKU"),
        location: place(location),
        free: units(free),
        undecided: units(0),
        coming: vec![],
        lead_days: None,
        personal: false,
    }
}

#[test]
fn an_offer_is_priced_by_the_units_that_fall_below_the_reorder_point() {
    let stake = |location: Option<&str>, markdown: i64, stock_out: i64, below: u64| Stake {
        location: location.map(place),
        markdown: money(markdown),
        stock_out: money(stock_out),
        below: units(below),
    };
    let priced = |free: u64, wanted: &[u64]| {
        let lines: Vec<(&str, u64)> = wanted.iter().map(|quantity| ("a", *quantity)).collect();
        let mut order = order(&lines);
        order.items = vec![item("a", 0)];
        order.items[0].stakes = vec![stake(None, 0, 90, 4), stake(Some("east"), 7, 0, 0)];
        let offers = OfferFacts::of(&[offered("a", "west", free), offered("a", "east", free)], &order);
        assert_eq!((offers[0].markdown, offers[1].markdown, offers[1].stock_out), (money(0), money(7), money(0)));
        offers[0].stock_out
    };
    assert_eq!(priced(10, &[6]), money(0), "four are left");
    assert_eq!(priced(10, &[5, 3]), money(23), "two of eight fall below: 22.5 each, rounded half up");
    assert_eq!(priced(10, &[50]), money(36), "four of all ten there are");
    assert_eq!(priced(3, &[1]), money(90), "it is below already");
    assert_eq!(priced(0, &[1]), money(0), "nothing can be taken");
}

#[test]
fn no_more_faults_are_told_than_anybody_reads() {
    let mut bad = network();
    for number in 0..200 {
        let mut node = node(&format!("n{number}"), 1);
        node.calendar = code("moon");
        bad.locations.push(node);
    }
    let faults = validate(&Policy::standard(label("standard")), &bad).expect_err("faults");
    assert_eq!(faults.len(), oms_core::routing::MAX_FAULTS);
}
