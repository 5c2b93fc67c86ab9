//! An order, its history and its refusals as they are shown.
#![expect(clippy::unwrap_used, clippy::arithmetic_side_effects, reason = "a test may crash")]

use oms_api::order::{OrderView, Recorded, steps};
use oms_api::refusal::{About, Part, RefusedLine, Shape, of_order, of_stock};
use oms_core::machine::Machine;
use oms_core::network::{Fulfilling, Location, LocationKind, Network};
use oms_core::order::{
    Address, Answer, Command, Customer, Draft, DraftLine, Event, Facts, Head, ItemFacts, Offer, Order, Placement,
    Refusal, Router, Shortage,
};
use oms_core::price::{PriceEntry, TaxClass, TaxMode, TaxRate, TaxTable};
use oms_core::routing::{Handling, Method};
use oms_core::stock;
use oms_core::value::{Amount, Currency, Day, LocationId, OrderId, Position, Quantity, Timestamp};
use serde::Serialize;
use serde_json::{Value, json};

const ID: &str = "ord_3f01ARZ3NDEKTSV4RRFFQ69G5FAV";

fn at(second: i64) -> Timestamp {
    Timestamp::from_millis(1_291_191_960_000 + second * 1000).unwrap()
}

fn shown<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value).unwrap()
}

fn placement() -> Placement {
    let currency: Currency = "GBP".parse().unwrap();
    let sku = "85123A".parse().unwrap();
    let price = PriceEntry {
        version: 3,
        prices: [(currency, Amount::new(255).unwrap())].into(),
        tax_class: TaxClass::standard(),
    };
    let rate = TaxRate { country: None, class: TaxClass::standard(), rate: "20".parse().unwrap() };
    let location: oms_core::value::LocationId = "ldn".parse().unwrap();
    Placement {
        draft: Draft {
            id: ID.parse().unwrap(),
            head: Head {
                channel: "web".parse().unwrap(),
                external_ref: Some("SO-1001".parse().unwrap()),
                customer: Customer { id: Some("17850".parse().unwrap()), ..Customer::default() },
                ship_to: Address {
                    name: None,
                    line1: None,
                    line2: None,
                    city: Some("London".parse().unwrap()),
                    postal_code: None,
                    country: "GB".parse().unwrap(),
                    position: Position::from_degrees(51.5, -0.1),
                },
                currency,
                shortage: Shortage::Reject,
                method: Method::Ship,
                requested_by: None,
                ship_complete: false,
                demand_class: None,
                cart: None,
                placed_at: at(0),
            },
            to_confirm: false,
            lines: vec![DraftLine {
                sku,
                quantity: "2".parse().unwrap(),
                unit_price: None,
                whole: false,
                requested_by: None,
            }],
        },
        items: vec![ItemFacts {
            sku: "85123A".parse().unwrap(),
            title: "Hanging heart".parse().unwrap(),
            unit: "each".parse().unwrap(),
            price,
            object: 0,
            handling: Handling::default(),
        }],
        tax: TaxTable::new(1, TaxMode::Exclusive, [rate]),
        first_epoch: 0,
        facts: Facts {
            offers: vec![Offer {
                sku: "85123A".parse().unwrap(),
                location: location.clone(),
                free: "9".parse().unwrap(),
                undecided: Quantity::ZERO,
                coming: vec![],
                lead_days: None,
                personal: false,
            }],
            goods: vec![],
            parcels: vec![],
            router: router(location),
        },
    }
}

fn router(id: LocationId) -> Router {
    let location = Location {
        id: id.clone(),
        name: "London".parse().unwrap(),
        kind: LocationKind::Dc,
        country: "GB".parse().unwrap(),
        postal_code: None,
        position: None,
        ships: true,
        accepts_returns: true,
        fulfilling: Fulfilling::default(),
        version: 1,
    };
    Router::new(&Network { locations: [(id, location)].into(), ..Network::default() }, Day::of_utc(at(0))).unwrap()
}

/// An order after these commands, and every event that led to it.
fn order(commands: &[Command]) -> (Order, Vec<Event>) {
    let mut state: Option<Order> = None;
    let mut history = Vec::new();
    let place = Command::Place(Box::new(placement()));
    for command in [&place].into_iter().chain(commands) {
        let events = Order::decide(state.as_ref(), command, at(1)).unwrap();
        state = events.iter().fold(state, |state, event| Order::apply(state, event, at(1)));
        history.extend(events);
    }
    (state.unwrap(), history)
}

fn allocated() -> (Order, Vec<Event>) {
    let hold = stock::HoldId::of_order(&ID.parse::<OrderId>().unwrap(), 0, 0);
    order(&[Command::Answered(vec![Answer::Held { hold }])])
}

#[test]
fn an_order_is_shown_as_the_contract_says() {
    let (order, _) = allocated();
    let view = OrderView::new(Recorded { order: &order, number: "63-17".to_owned(), version: 2, updated_at: at(2) });
    let gbp = |amount: i64| json!({"amount": amount, "currency": "GBP"});
    let expected = json!({
        "id": ID, "number": "63-17", "version": 2, "status": "allocated", "fulfillment_status": "unfulfilled", "payment_status": "none",
        "channel": "web", "external_ref": "SO-1001", "customer": {"id": "17850"},
        "ship_to": {"city": "London", "country": "GB", "latitude": 51.5, "longitude": -0.1},
        "currency": "GBP", "demand_class": "web", "shortage": "reject", "method": "ship",
        "lines": [{
            "line": 1, "sku": "85123A", "title": "Hanging heart", "unit": "each", "quantity": "2",
            "unit_price": gbp(255), "net": gbp(510), "tax": gbp(102), "total": gbp(612),
            "tax_class": "standard", "tax_rate": "20", "quantities": {"allocated": "2"},
        }],
        "totals": {"net": gbp(510), "tax": gbp(102), "total": gbp(612)},
        "holds": [],
        "fulfillments": [{
            "no": 1, "location": "ldn", "status": "open",
            "lines": [{"line": 1, "sku": "85123A", "quantity": "2"}],
            "carrier": null, "tracking": null, "actions": ["pick", "reject"],
        }],
        "returns": [], "actions": ["cancel", "hold"],
        "created_at": "2010-12-01T08:26:00.000Z",
        "updated_at": "2010-12-01T08:26:02.000Z",
    });
    assert_eq!(shown(&view), expected);
}

#[test]
fn history_names_every_event_by_its_type() {
    let (order, events) = allocated();
    let history = shown(&steps(order.id, 1, at(1), &events));
    let types: Vec<&str> = history.as_array().unwrap().iter().map(|step| step["type"].as_str().unwrap()).collect();
    assert_eq!(types, ["placed", "routed", "reserving", "held", "allocated"]);
    assert_eq!(history[0]["version"], 1);
    assert_eq!(history[0]["at"], "2010-12-01T08:26:01.000Z");
    let asked = json!([{"line": 1, "sku": "85123A", "location": "ldn", "quantity": "2"}]);
    assert_eq!(history[1]["locations"], json!(["ldn"]));
    assert_eq!(history[2]["lines"], asked);
}

#[test]
fn history_does_not_tell_that_errands_came_back() {
    let (order, mut events) = allocated();
    let hold = stock::HoldId::of_order(&order.id, 0, 0);
    events.extend([
        Event::Released { hold },
        Event::Consumed { no: 1, hold },
        Event::GivenBack { no: 1, hold, totals: vec![] },
        Event::Restocked { no: 1, object: 0 },
    ]);
    assert!(events.iter().skip(5).all(Event::is_quiet));
    assert_eq!(shown(&steps(order.id, 1, at(1), &events)).as_array().map(Vec::len), Some(5));
}

#[test]
fn a_refused_step_says_where_the_thing_stands_and_what_is_legal() {
    let (order, _) = allocated();
    let refusal =
        Order::decide(Some(&order), &Command::Ship { no: 1, carrier: None, tracking: None }, at(3)).unwrap_err();
    let about = About { order: Some(&order), part: Part::Fulfillment(1), lines: Some(&[]) };
    let problem = shown(&of_order(&refusal, about).with_request("req_1"));
    assert_eq!(problem["type"], "urn:estiba:problem:not_possible_now");
    assert_eq!(problem["status"], 409);
    assert_eq!(problem["current_status"], "open");
    assert_eq!(problem["actions"], json!(["pick", "reject"]));
    assert_eq!(problem["request_id"], "req_1");
    assert_eq!(problem["retry"], "after");
}

#[test]
fn a_refusal_points_at_the_line_of_the_request() {
    let returned = Refusal::TooMuchToReturn { line: 7, most: Quantity::ONE };
    let about = About { order: None, part: Part::Whole, lines: Some(&[3, 7]) };
    let problem = of_order(&returned, about);
    assert_eq!((problem.status(), problem.errors()[0].pointer.as_str()), (409, "/lines/1/quantity"));
    let unknown = Refusal::UnknownSku { line: 7, sku: "x".parse().unwrap() };
    let problem = of_order(&unknown, About { order: None, part: Part::Whole, lines: None });
    assert_eq!((problem.status(), problem.errors()[0].pointer.as_str()), (422, "/lines/6/sku"));
}

#[test]
fn what_is_wrong_with_a_stock_request_comes_before_what_is_not_there() {
    let line = |index, refusal| RefusedLine { index, asked: Quantity::ONE, refusal };
    let short = line(0, stock::Refusal::Insufficient { line: 1, sku: "a".parse().unwrap(), available: Quantity::ZERO });
    let wrong = line(4, stock::Refusal::UnknownSku { line: 2, sku: "b".parse().unwrap() });
    let problem = of_stock(&[short.clone(), wrong], Shape::Lines);
    assert_eq!((problem.status(), problem.errors()[0].pointer.as_str()), (422, "/lines/4/sku"));
    let problem = shown(&of_stock(&[short], Shape::Lines));
    assert_eq!(problem["code"], "insufficient_stock");
    assert_eq!(problem["lines"], json!([{"line": 1, "sku": "a", "requested": "1", "available": "0"}]));
}
