//! A small network and short ways to ask it things.
//!
//! Locations stand on the equator, `east` 100 km from the customer, `west` 200 km, `north` 300 km, and so on. A carrier
//! calls everywhere: 500 for a parcel up to a kilogram, 900 up to ten, in two days.

use oms_core::calendar::Rules;
use oms_core::network::LocationKind;
use oms_core::routing::{
    Allows, Carrier, Code, Criterion, Decision, Destination, Effort, ItemFacts, LineFacts, NetworkFacts, Node,
    OfferFacts, OrderFacts, Policy, Prepared, Rate, Reach, Service, Step, Strategy, Zone, route,
};
use oms_core::value::{Amount, Day, Label, LocationId, Position, Quantity, Timestamp};

pub(crate) const PLACES: [&str; 6] = ["east", "west", "north", "south", "far", "edge"];

pub(crate) fn code(text: &str) -> Code {
    text.parse().expect("a code")
}

pub(crate) fn label(text: &str) -> Label {
    text.parse().expect("a label")
}

pub(crate) fn place(text: &str) -> LocationId {
    text.parse().expect("a location")
}

pub(crate) fn units(units: u64) -> Quantity {
    Quantity::from_units(units).expect("a quantity")
}

pub(crate) fn money(minor: i64) -> Amount {
    Amount::new(minor).expect("an amount")
}

pub(crate) fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

/// So many kilometers east of the customer, who stands at the origin.
fn position(kilometers: i32) -> Option<Position> {
    Position::new(0, kilometers * 8_993)
}

pub(crate) fn node(name: &str, kilometers: i32) -> Node {
    Node {
        location: place(name),
        kind: LocationKind::Dc,
        country: "PT".parse().expect("a country"),
        postal_code: None,
        position: position(kilometers),
        allows: Allows { ship: true, ..Allows::default() },
        calendar: code("always"),
        processing_days: 0,
        capacity: None,
        carriers: vec![code("post")],
        pick_pack: Amount::ZERO,
        handling: Amount::ZERO,
        acceptance_permille: 1_000,
    }
}

fn step(up_to_grams: u64, price: i64) -> Step {
    Step { up_to_grams, price: money(price) }
}

pub(crate) fn post() -> Carrier {
    Carrier {
        name: code("post"),
        zones: vec![Zone { name: code("world"), reach: Reach::Anywhere }],
        services: vec![Service {
            name: code("parcel"),
            calendar: code("always"),
            hazmat: false,
            heaviest_grams: None,
            rates: vec![Rate {
                zone: code("world"),
                days: (1, 2),
                steps: vec![step(1_000, 500), step(10_000, 900)],
                beyond_per_kg: money(50),
            }],
        }],
    }
}

pub(crate) fn network() -> NetworkFacts {
    let nodes = (1..).zip(PLACES).map(|(number, name)| node(name, number * 100));
    NetworkFacts {
        locations: nodes.collect(),
        carriers: vec![post()],
        calendars: [(code("always"), Rules::every_day())].into_iter().collect(),
    }
}

/// The network with one location changed.
pub(crate) fn network_with(name: &str, change: impl FnOnce(&mut Node)) -> NetworkFacts {
    let mut network = network();
    change(network.locations.iter_mut().find(|node| node.location == place(name)).expect("a location"));
    network
}

pub(crate) fn strategy(name: &str, criteria: &[Criterion]) -> Strategy {
    let mut strategy = Policy::standard(label(name)).strategies.remove(0);
    strategy.criteria = criteria.to_vec();
    strategy
}

pub(crate) fn policy(strategies: Vec<Strategy>) -> Policy {
    Policy { strategies, ..Policy::standard(label("test")) }
}

/// One strategy with these criteria.
pub(crate) fn wanting(criteria: &[Criterion]) -> Policy {
    policy(vec![strategy("only", criteria)])
}

/// Lines 1, 2, 3 and so on.
pub(crate) fn order(lines: &[(&str, u64)]) -> OrderFacts {
    OrderFacts {
        channel: "web".parse().expect("a channel"),
        customer_class: None,
        method: oms_core::routing::Method::Ship,
        to: Destination {
            country: "PT".parse().expect("a country"),
            postal_code: Some(label("1000-001")),
            position: position(0),
        },
        // A Monday.
        placed_at: "2026-11-23T10:00:00Z".parse::<Timestamp>().expect("a time"),
        requested_by: None,
        ship_complete: false,
        excluded: vec![],
        lines: (1..)
            .zip(lines)
            .map(|(line, (sku, quantity))| LineFacts {
                line,
                sku: sku.parse().expect("a SKU"),
                quantity: units(*quantity),
                unit_value: money(1_000),
                whole: false,
                requested_by: None,
            })
            .collect(),
        items: vec![],
        parcels: vec![],
    }
}

pub(crate) fn item(sku: &str, grams: u64) -> ItemFacts {
    ItemFacts { sku: sku.parse().expect("a SKU"), grams, hazmat: false, class: None, stakes: vec![] }
}

pub(crate) fn offer(sku: &str, location: &str, free: u64) -> OfferFacts {
    OfferFacts {
        sku: sku.parse().expect("a SKU"),
        location: place(location),
        free: units(free),
        markdown: Amount::ZERO,
        stock_out: Amount::ZERO,
    }
}

pub(crate) fn offers(rows: &[(&str, &str, u64)]) -> Vec<OfferFacts> {
    rows.iter().map(|(sku, location, free)| offer(sku, location, *free)).collect()
}

pub(crate) fn decide_with(
    policy: &Policy,
    network: &NetworkFacts,
    order: &OrderFacts,
    offers: &[OfferFacts],
) -> Decision {
    let prepared = Prepared::new(policy, network, day("2026-11-23")).expect("a policy that holds");
    let decision = route(&prepared, order, offers, Effort::RunnerUp).expect("a decision");
    assert!(decision.verify(&prepared, order, offers), "decided again, it is the same");
    decision
}

pub(crate) fn decide(policy: &Policy, order: &OrderFacts, offers: &[OfferFacts]) -> Decision {
    decide_with(policy, &network(), order, offers)
}

/// Line, location and quantity of what is served.
pub(crate) fn served(decision: &Decision) -> Vec<(u32, String, String)> {
    let serves = decision.plan.serves.iter();
    serves.map(|serve| (serve.line, serve.location.to_string(), serve.quantity.to_string())).collect()
}

pub(crate) fn row(line: u32, location: &str, quantity: &str) -> (u32, String, String) {
    (line, location.to_owned(), quantity.to_owned())
}

/// The locations that ship, nearest first.
pub(crate) fn from(decision: &Decision) -> Vec<&str> {
    decision.shipments.iter().map(|shipment| shipment.location.as_str()).collect()
}
