//! Every criterion, limit and condition by example.

use oms_core::network::LocationKind;
use oms_core::routing::{
    Accept, Binding, Capacity, Criterion, LeftOutWhy, Limits, LineWhen, Method, PassedOverWhy, Policy, Pool, When,
};
use oms_core::value::Quantity;

use crate::kit::*;

use Criterion::{BalanceLoad, Cheapest, Earliest, FewestShipments, LeastShort, Nearest, ProtectStores};

#[test]
fn the_standard_policy_prefers_one_location_that_has_all_to_a_nearer_half() {
    let stock = offers(&[("a", "east", 5), ("a", "west", 5), ("b", "west", 5)]);
    let decision = decide(&Policy::standard(label("standard")), &order(&[("a", 2), ("b", 1)]), &stock);
    assert_eq!(served(&decision), [row(1, "west", "2"), row(2, "west", "1")]);
    assert!(decision.proof.proven);
}

#[test]
fn among_as_few_shipments_the_nearest_are_taken() {
    let stock = offers(&[("a", "far", 5), ("a", "south", 5), ("a", "edge", 5)]);
    let decision = decide(&Policy::standard(label("standard")), &order(&[("a", 2)]), &stock);
    assert_eq!(from(&decision), ["south"]);
}

#[test]
fn nearest_takes_what_is_near_however_many_ship() {
    let stock = offers(&[("a", "east", 1), ("a", "west", 9), ("b", "west", 5), ("b", "north", 5)]);
    let decision = decide(&wanting(&[LeastShort, Nearest]), &order(&[("a", 3), ("b", 1)]), &stock);
    assert_eq!(served(&decision), [row(1, "east", "1"), row(1, "west", "2"), row(2, "west", "1")]);
}

#[test]
fn cheapest_saves_a_parcel() {
    let stock = offers(&[("a", "east", 1), ("a", "far", 2)]);
    let mut policy = wanting(&[Cheapest]);
    policy.costs.short_unit = money(10_000);
    let decision = decide(&policy, &order(&[("a", 2)]), &stock);
    assert_eq!(served(&decision), [row(1, "far", "2")], "two parcels of 500 cost more than one");
    assert_eq!(decision.cost.total(), 500_000);
    let far = network_with("far", |node| node.pick_pack = money(501));
    let decision = decide_with(&policy, &far, &order(&[("a", 2)]), &stock);
    assert_eq!(from(&decision), ["east", "far"][1..], "it has to ship anyway: one more parcel is worse still");
}

#[test]
fn cheapest_leaves_out_what_costs_more_than_it_is_worth() {
    let stock = offers(&[("a", "east", 1)]);
    let mut policy = wanting(&[Cheapest]);
    policy.costs.short_unit = money(499);
    let decision = decide(&policy, &order(&[("a", 1)]), &stock);
    assert!(decision.plan.serves.is_empty());
    assert_eq!(decision.cost.short, 499_000);
    policy.costs.short_unit = money(501);
    assert_eq!(from(&decide(&policy, &order(&[("a", 1)]), &stock)), ["east"]);
}

#[test]
fn earliest_prefers_who_delivers_first() {
    let network = network_with("east", |node| node.processing_days = 3);
    let stock = offers(&[("a", "east", 5), ("a", "far", 5)]);
    let decision = decide_with(&wanting(&[LeastShort, Earliest]), &network, &order(&[("a", 2)]), &stock);
    assert_eq!(from(&decision), ["far"]);
    assert_eq!(decision.shipments[0].delivers, day("2026-11-25"));
}

#[test]
fn priority_goes_by_lists() {
    let lists = vec![vec![place("far")], vec![place("west"), place("north")]];
    let stock = offers(&[("a", "east", 9), ("a", "west", 9), ("a", "far", 2)]);
    let decision = decide(&wanting(&[LeastShort, Criterion::Priority { lists }]), &order(&[("a", 5)]), &stock);
    assert_eq!(served(&decision), [row(1, "west", "3"), row(1, "far", "2")]);
}

#[test]
fn balanced_load_goes_where_less_waits() {
    let mut network = network();
    for (node, backlog) in network.locations.iter_mut().zip([90, 10]) {
        node.capacity = Some(Capacity { daily: units(10), backlog: units(backlog), window_days: 10 });
    }
    let stock = offers(&[("a", "east", 5), ("a", "west", 5)]);
    let decision = decide_with(&wanting(&[LeastShort, BalanceLoad]), &network, &order(&[("a", 2)]), &stock);
    assert_eq!(from(&decision), ["west"]);
}

#[test]
fn stores_are_spared() {
    let network = network_with("east", |node| node.kind = LocationKind::Store);
    let stock = offers(&[("a", "east", 5), ("a", "far", 3)]);
    let decision = decide_with(&wanting(&[LeastShort, ProtectStores]), &network, &order(&[("a", 4)]), &stock);
    assert_eq!(served(&decision), [row(1, "east", "1"), row(1, "far", "3")]);
}

#[test]
fn money_breaks_ties_between_as_few_shipments() {
    let network = network_with("east", |node| node.pick_pack = money(100));
    let stock = offers(&[("a", "east", 5), ("a", "far", 5)]);
    let policy = wanting(&[LeastShort, FewestShipments, Cheapest]);
    assert_eq!(from(&decide_with(&policy, &network, &order(&[("a", 4)]), &stock)), ["far"]);
}

fn limited(limits: Limits) -> Policy {
    let mut policy = Policy::standard(label("standard"));
    policy.strategies[0].limits = limits;
    policy
}

#[test]
fn no_more_locations_ship_than_may() {
    let stock = offers(&[("a", "east", 1), ("a", "west", 2), ("a", "north", 3)]);
    let limits = Limits { max_shipments: Some(2), ..Limits::default() };
    let decision = decide(&limited(limits), &order(&[("a", 6)]), &stock);
    assert_eq!(from(&decision), ["west", "north"]);
    assert_eq!(decision.plan.short[0].quantity, units(1));
    assert!(decision.binding.contains(&Binding::MaxShipments { most: 2 }));
}

#[test]
fn a_shipment_is_worth_its_while() {
    // A unit is worth 1,000.
    let stock = offers(&[("a", "east", 1), ("a", "west", 2), ("a", "north", 3)]);
    let limits = Limits { value_floor: Some(money(2_000)), ..Limits::default() };
    let decision = decide(&limited(limits), &order(&[("a", 6)]), &stock);
    assert_eq!(from(&decision), ["west", "north"]);
    assert!(decision.binding.contains(&Binding::ValueFloor { least: money(2_000) }));
}

#[test]
fn the_value_floor_holds_where_plans_cost_the_same() {
    // West could add its one b to an a that east has as well; alone, b is worth too little.
    let stock = offers(&[("a", "east", 3), ("a", "west", 1), ("a", "north", 2), ("b", "west", 1)]);
    let mut policy = wanting(&[LeastShort]);
    policy.strategies[0].limits.value_floor = Some(money(1_001));
    let decision = decide(&policy, &order(&[("a", 3), ("b", 3)]), &stock);
    for shipment in &decision.shipments {
        let serves = decision.plan.serves.iter().filter(|serve| serve.location == shipment.location);
        assert!(serves.map(|serve| serve.quantity).sum::<Quantity>() >= units(2), "{:?}", served(&decision));
    }
}

#[test]
fn complete_is_all_or_nothing() {
    let stock = offers(&[("a", "east", 1), ("a", "west", 2)]);
    let limits = Limits { ship_complete: true, ..Limits::default() };
    assert_eq!(from(&decide(&limited(limits), &order(&[("a", 3)]), &stock)), ["east", "west"]);
    let decision = decide(&limited(limits), &order(&[("a", 4)]), &stock);
    assert!(decision.shipments.is_empty());
    assert_eq!(decision.plan.short[0].quantity, units(4));
    assert!(decision.binding.contains(&Binding::ShipComplete));
    let mut asked = order(&[("a", 4)]);
    asked.ship_complete = true;
    assert!(decide(&limited(Limits::default()), &asked, &stock).shipments.is_empty(), "the order may ask, too");
}

#[test]
fn a_whole_line_comes_from_one_location() {
    let stock = offers(&[("a", "east", 2), ("a", "west", 2), ("a", "far", 3), ("b", "east", 1)]);
    let limits = Limits { whole_lines: true, ..Limits::default() };
    let decision = decide(&limited(limits), &order(&[("a", 3), ("b", 1)]), &stock);
    assert_eq!(served(&decision), [row(1, "far", "3"), row(2, "east", "1")]);
    let mut asked = order(&[("a", 3), ("b", 2)]);
    asked.lines[0].whole = true;
    let decision = decide(&limited(Limits::default()), &asked, &offers(&[("a", "east", 2), ("b", "east", 1)]));
    assert_eq!(served(&decision), [row(2, "east", "1")], "only the line that asks for it is kept whole");
    assert!(decision.binding.iter().any(|by| matches!(by, Binding::WholeLine { .. })));
}

#[test]
fn whole_lines_stay_whole_when_capacity_is_short() {
    let mut network = network();
    for node in &mut network.locations {
        node.capacity = Some(Capacity { daily: units(5), backlog: Quantity::ZERO, window_days: 1 });
    }
    let stock = offers(&[("a", "east", 9), ("b", "east", 9), ("a", "west", 9), ("b", "west", 9)]);
    let limits = Limits { whole_lines: true, ..Limits::default() };
    let decision = decide_with(&limited(limits), &network, &order(&[("a", 4), ("b", 4)]), &stock);
    assert_eq!(decision.plan.serves.len(), 2);
    assert!(decision.plan.short.is_empty());
}

#[test]
fn capacity_left_is_not_exceeded() {
    let capacity = Capacity { daily: units(10), backlog: units(7), window_days: 1 };
    let network = network_with("east", |node| node.capacity = Some(capacity));
    let stock = offers(&[("a", "east", 9), ("a", "west", 9)]);
    let decision = decide_with(&wanting(&[LeastShort, Nearest]), &network, &order(&[("a", 5)]), &stock);
    assert_eq!(served(&decision), [row(1, "east", "3"), row(1, "west", "2")]);
    assert!(decision.binding.contains(&Binding::Capacity { location: place("east") }));
    let full = network_with("east", |node| {
        node.capacity = Some(Capacity { backlog: units(10), ..capacity });
    });
    let decision = decide_with(&wanting(&[LeastShort, Nearest]), &full, &order(&[("a", 5)]), &stock);
    assert_eq!(decision.left_out[0].why, LeftOutWhy::NoCapacity);
}

#[test]
fn nothing_comes_late_when_it_must_not() {
    let network = network_with("east", |node| node.processing_days = 3);
    let mut asked = order(&[("a", 1)]);
    asked.requested_by = Some(day("2026-11-26"));
    let limits = Limits { on_time: true, ..Limits::default() };
    let stock = offers(&[("a", "east", 1), ("a", "west", 1)]);
    let decision = decide_with(&limited(limits), &network, &asked, &stock);
    assert_eq!(from(&decision), ["west"]);
    assert_eq!(decision.left_out[0].why, LeftOutWhy::Late);
    assert_eq!(from(&decide_with(&limited(Limits::default()), &network, &asked, &stock)), ["east"]);
}

#[test]
fn the_first_strategy_that_is_for_an_order_and_accepts_decides() {
    let only = |name: &str, at: &str, accept| {
        let mut one = strategy(name, &[LeastShort, Nearest]);
        one.from = Pool { only: vec![place(at)], ..Pool::default() };
        one.accept = accept;
        one
    };
    let mut abroad = only("abroad", "edge", Accept::Anything);
    abroad.when.countries = vec!["FR".parse().expect("a country")];
    let policy = policy(vec![
        abroad,
        only("all", "east", Accept::Everything),
        only("some", "west", Accept::Something),
        only("last", "north", Accept::Anything),
    ]);
    let decided = |rows: &[(&str, &str, u64)]| {
        let decision = decide(&policy, &order(&[("a", 5)]), &offers(rows));
        assert_eq!(decision.passed_over[0].why, PassedOverWhy::NotForThis);
        (decision.strategy.to_string(), decision.passed_over.len())
    };
    assert_eq!(decided(&[("a", "east", 5), ("a", "west", 5)]), ("all".to_owned(), 1));
    assert_eq!(decided(&[("a", "east", 4), ("a", "west", 1)]), ("some".to_owned(), 2));
    assert_eq!(decided(&[("a", "east", 4), ("a", "north", 1)]), ("last".to_owned(), 3));
    assert_eq!(decided(&[]), ("last".to_owned(), 3));
    let short = decide(&policy, &order(&[("a", 5)]), &offers(&[("a", "east", 4)]));
    assert_eq!(short.passed_over[1].why, PassedOverWhy::Short { quantity: units(1) });
}

#[test]
fn conditions_all_have_to_hold() {
    let mut asked = order(&[("a", 1), ("b", 2)]);
    asked.customer_class = Some(code("gold"));
    asked.items = vec![item("a", 500)];
    asked.items[0].class = Some(code("glass"));
    let is = |when: When| {
        let mut first = strategy("first", &[LeastShort]);
        first.when = when;
        let policy = policy(vec![first, strategy("last", &[LeastShort])]);
        decide(&policy, &asked, &offers(&[("a", "east", 1)])).strategy == label("first")
    };
    let always = When::default;
    let glass = LineWhen { classes: vec![code("glass")], ..LineWhen::default() };
    assert!(is(always()));
    assert!(is(When { channels: vec!["web".parse().expect("a channel")], ..always() }));
    assert!(!is(When { channels: vec!["store".parse().expect("a channel")], ..always() }));
    assert!(is(When { customer_classes: vec![code("gold")], ..always() }));
    assert!(!is(When { customer_classes: vec![code("new")], ..always() }));
    assert!(is(When { postal_prefixes: vec![label("10")], ..always() }));
    assert!(!is(When { postal_prefixes: vec![label("20")], ..always() }));
    assert!(is(When { value_from: Some(money(3_000)), value_below: Some(money(3_001)), ..always() }));
    assert!(!is(When { value_from: Some(money(3_001)), ..always() }));
    assert!(!is(When { value_below: Some(money(3_000)), ..always() }));
    assert!(is(When { lines_up_to: Some(2), ..always() }));
    assert!(!is(When { lines_up_to: Some(1), ..always() }));
    assert!(is(When { any_line: Some(glass.clone()), ..always() }));
    assert!(!is(When { every_line: Some(glass.clone()), ..always() }));
    assert!(!is(When { any_line: Some(LineWhen { hazmat: Some(true), ..LineWhen::default() }), ..always() }));
    assert!(is(When { every_line: Some(LineWhen { hazmat: Some(false), ..LineWhen::default() }), ..always() }));
    assert!(is(When { any_line: Some(LineWhen { grams_from: Some(500), ..LineWhen::default() }), ..always() }));
    assert!(!is(When { lines_up_to: Some(2), channels: vec!["app".parse().expect("a channel")], ..always() }));
}

#[test]
fn a_customer_who_comes_is_served_where_he_comes() {
    let network = network_with("west", |node| {
        node.allows.pick_up = true;
        node.calendar = code("always");
    });
    let stock = offers(&[("a", "east", 5), ("a", "west", 5)]);
    let mut asked = order(&[("a", 1)]);
    asked.method = Method::PickUp { location: place("west") };
    let decision = decide_with(&wanting(&[LeastShort, Nearest]), &network, &asked, &stock);
    assert_eq!(from(&decision), ["west"]);
    assert_eq!((decision.shipments[0].carrier.clone(), decision.cost.parcel), (None, 0));
    asked.method = Method::Curbside { location: place("west") };
    let decision = decide_with(&wanting(&[LeastShort, Nearest]), &network, &asked, &stock);
    assert!(decision.shipments.is_empty(), "not at the curb");
}

#[test]
fn dangerous_goods_go_only_where_they_may() {
    let mut network = network();
    network.locations[1].allows.hazmat = true;
    network.locations[2].allows.hazmat = true;
    let mut safe = post();
    safe.name = code("safe");
    safe.services[0].hazmat = true;
    network.carriers.push(safe);
    network.locations[2].carriers.push(code("safe"));
    let mut asked = order(&[("acid", 1), ("book", 1)]);
    asked.items = vec![item("acid", 100)];
    asked.items[0].hazmat = true;
    let everywhere = [("acid", "east", 5), ("acid", "west", 5), ("acid", "north", 5), ("book", "east", 5)];
    let decision = decide_with(&wanting(&[LeastShort, Nearest]), &network, &asked, &offers(&everywhere));
    assert_eq!(served(&decision), [row(1, "north", "1"), row(2, "east", "1")]);
    assert_eq!(decision.shipments[1].carrier, Some(code("safe")));
}

#[test]
fn rejected_locations_and_pools_are_kept_to() {
    let stock = offers(&[("a", "east", 5), ("a", "west", 5), ("a", "north", 5), ("a", "nowhere", 5)]);
    let mut asked = order(&[("a", 1)]);
    asked.excluded = vec![place("east")];
    let mut policy = wanting(&[LeastShort, Nearest]);
    policy.strategies[0].from = Pool { never: vec![place("west")], ..Pool::default() };
    let decision = decide(&policy, &asked, &stock);
    assert_eq!(from(&decision), ["north"]);
    let whys: Vec<_> = decision.left_out.iter().map(|one| (one.location.as_str(), one.why)).collect();
    let expected = [("east", LeftOutWhy::Excluded), ("nowhere", LeftOutWhy::Unknown), ("west", LeftOutWhy::NotInPool)];
    assert_eq!(whys, expected);
}

#[test]
fn fractions_of_units_are_served_exactly() {
    let quantity = |text: &str| text.parse::<Quantity>().expect("a quantity");
    let mut asked = order(&[("wire", 1)]);
    asked.lines[0].quantity = quantity("2.5");
    let mut stock = offers(&[("wire", "east", 1), ("wire", "west", 9)]);
    stock[0].free = quantity("0.75");
    let decision = decide(&wanting(&[LeastShort, Nearest]), &asked, &stock);
    assert_eq!(served(&decision), [row(1, "east", "0.75"), row(1, "west", "1.75")]);
    assert_eq!(decision.proof.unit, 250);
}

#[test]
fn lines_of_one_sku_share_what_is_there() {
    let decision = decide(&wanting(&[LeastShort]), &order(&[("a", 2), ("a", 2)]), &offers(&[("a", "east", 3)]));
    assert_eq!(served(&decision), [row(1, "east", "2"), row(2, "east", "1")]);
    assert_eq!(decision.plan.short.len(), 1);
}
