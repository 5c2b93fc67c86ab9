//! What users do, told through the public API: in memory with 1, 8 and 256 objects of a kind, and, when `cargo xtask test`
//! names the built Worker, on workerd. A name that begins with a row shows that row of docs/capabilities.md.

mod after_sale;
mod allocating;
mod backorders;
mod capture;
mod costs;
mod dates;
mod fulfillment;
mod inventory;
mod journal;
mod limits;
mod lists;
mod making;
mod money;
mod orchestration;
mod preordering;
mod promising;
mod races;
mod replenishing;
mod rights;
mod routing;
mod sending;
mod stores;
mod supply;
mod till;

use oms_tests::shop::Shop;
use serde_json::{Value, json};

/// Looks at something that follows in a while, and time between them.
const LOOKS: u32 = 100;
const LOOK_MILLIS: u64 = 100;

/// Looks again until it is so: what an order owes to shelves and lists follows in a moment.
#[track_caller]
fn soon(shop: &mut Shop, what: &str, mut is_so: impl FnMut(&mut Shop) -> bool) {
    for _ in 0..LOOKS {
        if is_so(shop) {
            return;
        }
        shop.pass(LOOK_MILLIS);
    }
    panic!("it never came: {what}");
}

/// Everything is done, and everything adds up.
#[track_caller]
fn in_order(shop: &mut Shop) {
    let books = shop.settled();
    assert!(books.violations.is_empty(), "{:#?}", books.violations);
    let balance = books.units("received") + books.units("returned") + books.units("adjusted") - books.units("shipped");
    let balance = balance - books.units("in_transit");
    assert_eq!(books.units("on_hand"), balance, "{books:#?}");
    assert_eq!(books.units("reserved"), books.units("allocated"), "{books:#?}");
}

/// An order as it is now.
#[track_caller]
fn look(shop: &mut Shop, order: &Value) -> Value {
    shop.get(&path(order)).expect(200).body
}

/// The path of an order.
fn path(order: &Value) -> String {
    format!("/v1/orders/{}", order["id"].as_str().expect("an id"))
}

/// The quantities of a line by status.
fn quantities(order: &Value, line: usize) -> Value {
    order["lines"][line]["quantities"].clone()
}

/// An order's fulfillments: where, and how far.
fn parcels(order: &Value) -> Vec<(String, String)> {
    let word = |value: &Value| value.as_str().expect("a word").to_owned();
    let all = order["fulfillments"].as_array().expect("fulfillments");
    all.iter().map(|one| (word(&one["location"]), word(&one["status"]))).collect()
}

/// The types of the events of an order.
#[track_caller]
fn history(shop: &mut Shop, order: &Value) -> Vec<Value> {
    let told = shop.get(&format!("{}/events", path(order))).expect(200);
    told.body["data"].as_array().expect("events").clone()
}

/// The ids of a list.
#[track_caller]
fn listed(shop: &mut Shop, query: &str) -> Vec<String> {
    let told = shop.get(&format!("/v1/orders?{query}")).expect(200);
    let data = told.body["data"].as_array().expect("a list").clone();
    data.iter().map(|entry| entry["id"].as_str().expect("an id").to_owned()).collect()
}

/// Nothing to say.
fn nothing() -> Value {
    json!({})
}

/// A routing policy of these strategies is written and put in force.
#[track_caller]
fn activate(shop: &mut Shop, strategies: &Value) -> Value {
    activate_with(shop, strategies, &nothing())
}

/// The same with costs that no carrier bills.
#[track_caller]
fn activate_with(shop: &mut Shop, strategies: &Value, costs: &Value) -> Value {
    let policy = json!({"name": "house rules", "strategies": strategies, "costs": costs});
    shop.call("PUT", "/v1/routing/policy", &policy).expect(200);
    shop.post("/v1/routing/policy/activate", &nothing()).expect(200).body["active"].clone()
}

/// How an order was routed.
#[track_caller]
fn routing(shop: &mut Shop, order: &Value) -> Value {
    shop.get(&format!("{}/routing", path(order))).expect(200).body
}

/// A decision in sentences.
fn told(routing: &Value) -> Vec<String> {
    let explanation = routing["explanation"].as_array().expect("an explanation");
    explanation.iter().map(|sentence| sentence["text"].as_str().expect("a sentence").to_owned()).collect()
}

/// A location with members of its own, besides a name, a kind and where it is.
#[track_caller]
fn settle_at(shop: &mut Shop, id: &str, place: (f64, f64), members: &Value) {
    let (latitude, longitude) = place;
    let mut body = json!({"name": id, "kind": "dc", "country": "GB", "latitude": latitude, "longitude": longitude});
    for (member, value) in members.as_object().expect("an object") {
        body[member] = value.clone();
    }
    let put = shop.call("PUT", &format!("/v1/locations/{id}"), &body);
    assert!(put.status < 300, "{}", put.text);
}

/// London.
const LONDON: (f64, f64) = (51.5, -0.1);
/// Manchester.
const MANCHESTER: (f64, f64) = (53.5, -2.2);
