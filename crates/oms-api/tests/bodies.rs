//! What is read of a body, and every way it can be wrong: each fault is one code at one place.
#![expect(clippy::unwrap_used, reason = "a test may crash")]

use oms_api::problem::Problem;
use oms_api::{cart, item, location, order, returns, stock, tax};
use oms_core::order::Shortage;
use serde_json::{Value, json};

/// The status, and every fault as `pointer code`.
fn told<T>(read: Result<T, Problem>) -> (u16, Vec<String>) {
    match read {
        Ok(_) => (0, vec![]),
        Err(problem) => {
            let faults = problem.errors().iter().map(|fault| format!("{} {}", fault.pointer, fault.code));
            (problem.status(), faults.collect())
        }
    }
}

#[track_caller]
fn refused<T>(read: impl Fn(&[u8]) -> Result<T, Problem>, table: &[(&Value, &[&str])]) {
    for (body, faults) in table {
        assert_eq!(
            told(read(body.to_string().as_bytes())),
            (422, faults.iter().map(|fault| (*fault).to_owned()).collect()),
            "{body}"
        );
    }
}

/// The body with one member set, named by its pointer's last step; `null` takes the member out.
fn with(body: &Value, pointer: &str, value: Value) -> Value {
    let mut body = body.clone();
    let (parent, member) = pointer.rsplit_once('/').unwrap();
    let parent = body.pointer_mut(parent).unwrap();
    if value.is_null() {
        parent.as_object_mut().unwrap().remove(member);
    } else {
        parent[member] = value;
    }
    body
}

fn an_order() -> Value {
    json!({
        "channel": "web", "currency": "GBP", "ship_to": {"country": "GB"},
        "lines": [{"sku": "85123A", "quantity": "2", "unit_price": {"amount": 255, "currency": "GBP"}}, {"sku": "22423", "quantity": "1.5"}],
    })
}

#[test]
fn an_order_needs_a_channel_a_currency_a_country_and_lines() {
    let read = order::place(an_order().to_string().as_bytes()).unwrap();
    assert_eq!((read.id, read.to_confirm, read.head.shortage), (None, false, Shortage::Reject));
    assert_eq!(read.lines[1].quantity.to_string(), "1.5");
    for (member, fault) in [
        ("/channel", "/channel missing_field"),
        ("/currency", "/currency missing_field"),
        ("/ship_to", "/ship_to missing_field"),
        ("/ship_to/country", "/ship_to/country missing_field"),
        ("/lines", "/lines missing_field"),
        ("/lines/0/sku", "/lines/0/sku missing_field"),
        ("/lines/1/quantity", "/lines/1/quantity missing_field"),
        ("/lines/0/unit_price/amount", "/lines/0/unit_price/amount missing_field"),
    ] {
        refused(order::place, &[(&with(&an_order(), member, Value::Null), &[fault])]);
    }
}

#[test]
fn every_fault_of_an_order_has_a_code_and_a_place() {
    for (pointer, value, fault) in [
        ("/chanel", json!("web"), "/chanel unknown_field"),
        ("/lines/1/colour", json!("red"), "/lines/1/colour unknown_field"),
        ("/ship_to/planet", json!("Earth"), "/ship_to/planet unknown_field"),
        ("/key", json!("k"), "/key unknown_field"),
        ("/placed_at", json!("2010-12-01T08:26:00Z"), "/placed_at unknown_field"),
        ("/channel", json!("Web Shop"), "/channel invalid_channel"),
        ("/channel", json!(7), "/channel wrong_type"),
        ("/currency", json!("XXX"), "/currency invalid_currency"),
        ("/external_ref", json!(""), "/external_ref invalid_text"),
        ("/id", json!("ord_1"), "/id invalid_order_id"),
        ("/cart", json!("a cart"), "/cart invalid_cart"),
        ("/shortage", json!("wait"), "/shortage unknown_value"),
        ("/draft", json!("yes"), "/draft wrong_type"),
        ("/customer", json!({"email": "a\nb"}), "/customer/email invalid_text"),
        ("/ship_to/country", json!("gb"), "/ship_to/country invalid_country"),
        ("/ship_to/latitude", json!(51.5), "/ship_to/longitude missing_field"),
        ("/lines", json!([]), "/lines no_lines"),
        ("/lines", json!({}), "/lines wrong_type"),
        ("/lines", json!(["85123A"]), "/lines/0 wrong_type"),
        ("/lines/0/sku", json!("a/b"), "/lines/0/sku invalid_sku"),
        ("/lines/0/quantity", json!("-1"), "/lines/0/quantity invalid_quantity"),
        ("/lines/0/quantity", json!("1.2345"), "/lines/0/quantity invalid_quantity"),
        ("/lines/0/quantity", json!("0"), "/lines/0/quantity invalid_quantity"),
        ("/lines/0/quantity", json!("1e3"), "/lines/0/quantity invalid_quantity"),
        ("/lines/0/quantity", json!(2), "/lines/0/quantity wrong_type"),
        ("/lines/0/unit_price/amount", json!(2.5), "/lines/0/unit_price/amount wrong_type"),
        ("/lines/0/unit_price/amount", json!(-1), "/lines/0/unit_price/amount negative_price"),
        ("/lines/0/unit_price/amount", json!(9_007_199_254_740_992_i64), "/lines/0/unit_price/amount invalid_amount"),
        ("/lines/0/unit_price/currency", json!("EUR"), "/lines/0/unit_price/currency currency_mismatch"),
    ] {
        refused(order::place, &[(&with(&an_order(), pointer, value), &[fault])]);
    }
}

#[test]
fn all_faults_are_told_at_once() {
    let body = json!({
        "channel": "W", "currency": "gbp", "ship_to": {"country": "Britain", "latitude": 91, "longitude": 0},
        "lines": [{"sku": "", "quantity": "x"}, {"sku": "ok", "quantity": "1"}, {"sku": "a,b", "quantity": "1"}],
    });
    refused(
        order::place,
        &[(
            &body,
            &[
                "/channel invalid_channel",
                "/ship_to/country invalid_country",
                "/ship_to/latitude out_of_range",
                "/currency invalid_currency",
                "/lines/0/sku invalid_sku",
                "/lines/0/quantity invalid_quantity",
                "/lines/2/sku invalid_sku",
            ],
        )],
    );
}

#[test]
fn what_is_no_json_is_malformed() {
    for body in ["", "{", "{\"channel\":}", "nonsense", "{}}", "{} {}", "\u{feff}{}", "[1,", "{\"a\":\"\u{1}\"}"] {
        let problem = order::place(body.as_bytes()).unwrap_err();
        // A body that is whole JSON followed by something is read first, and refused for what it is.
        assert!(matches!(problem.code(), "malformed_json" | "validation_failed"), "{body:?}: {}", problem.code());
    }
    assert_eq!(order::place(b"{").unwrap_err().status(), 400);
    assert_eq!(order::place(b"\xff\xfe").unwrap_err().status(), 400);
    let mut twice = an_order().to_string().into_bytes();
    twice.extend(b"{}");
    assert_eq!(order::place(&twice).unwrap_err().code(), "malformed_json");
    assert_eq!(told(order::place(b"[]")), (422, vec![" wrong_type".to_owned()]));
    assert_eq!(told(order::nothing(b"{\"a\":1,\"a\":2}")), (422, vec!["/a unknown_field".to_owned()]));
    assert_eq!(
        told(order::release(b"{\"name\":\"a\",\"name\":\"b\"}")),
        (422, vec!["/name duplicate_field".to_owned()])
    );
}

#[test]
fn deep_nesting_is_refused_and_harms_nobody() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(order::place(deep.as_bytes()).unwrap_err().code(), "malformed_json");
    let inside = format!("{{\"lines\":{deep}}}");
    assert_eq!(order::place(inside.as_bytes()).unwrap_err().code(), "malformed_json");
}

#[test]
fn an_order_has_at_most_200_lines_and_an_import_2000() {
    let lines = |count: usize| json!(vec![json!({"sku": "a", "quantity": "1"}); count]);
    assert!(order::place(with(&an_order(), "/lines", lines(200)).to_string().as_bytes()).is_ok());
    refused(order::place, &[(&with(&an_order(), "/lines", lines(201)), &["/lines too_many_lines"])]);
    let import = with(&an_order(), "/key", json!("k-1"));
    assert!(order::place_import(with(&import, "/lines", lines(2000)).to_string().as_bytes()).is_ok());
    refused(order::place_import, &[(&with(&import, "/lines", lines(2001)), &["/lines too_many_lines"])]);
}

#[test]
fn an_imported_order_has_a_key_and_may_say_when_it_was_placed() {
    let body = with(&with(&an_order(), "/key", json!("k-1")), "/placed_at", json!("2010-12-01T08:26:00Z"));
    let (order, key) = order::place_import(body.to_string().as_bytes()).unwrap();
    assert_eq!((key.as_str(), order.placed_at.unwrap().to_string().as_str()), ("k-1", "2010-12-01T08:26:00.000Z"));
    refused(
        order::place_import,
        &[
            (&an_order(), &["/key missing_field"]),
            (&with(&body, "/key", json!("two words")), &["/key invalid_key"]),
            (&with(&body, "/placed_at", json!("yesterday")), &["/placed_at invalid_time"]),
        ],
    );
}

#[test]
fn actions_say_what_is_wrong_with_them() {
    refused(order::nothing, &[(&json!({"now": true}), &["/now unknown_field"])]);
    refused(
        order::cancel,
        &[
            (&json!({"lines": []}), &["/lines no_lines"]),
            (&json!({"lines": [{"line": 1, "quantity": "0"}]}), &["/lines/0/quantity invalid_quantity"]),
            (&json!({"lines": [{"line": -1, "quantity": "1"}]}), &["/lines/0/line wrong_type"]),
            (&json!({"reason": ""}), &["/reason invalid_text"]),
        ],
    );
    refused(order::hold, &[(&json!({}), &["/name missing_field"]), (&json!({"name": " "}), &["/name invalid_text"])]);
    refused(order::release, &[(&json!({"name": 1}), &["/name wrong_type"])]);
    refused(order::ship, &[(&json!({"carrier": "\u{7}"}), &["/carrier invalid_text"])]);
    refused(returns::request, &[(&json!({"lines": []}), &["/lines no_lines"])]);
    let lost = json!({"location": "L", "lines": [{"line": 1, "quantity": "1", "disposition": "lost"}]});
    refused(returns::receive, &[(&lost, &["/location invalid_location", "/lines/0/disposition unknown_value"])]);
    assert!(order::cancel(b"{}").unwrap().lines.is_none());
}

#[test]
fn stock_documents_say_what_is_wrong_with_them() {
    let lines = json!([{"sku": "85123A", "quantity": "100"}]);
    let receipt = json!({"location": "ldn", "reference": "PO-7", "lines": lines});
    assert_eq!(stock::receipt(receipt.to_string().as_bytes()).unwrap().lines.len(), 1);
    refused(
        stock::receipt,
        &[
            (&with(&receipt, "/location", json!("L!")), &["/location invalid_location"]),
            (&with(&receipt, "/lines/0/quantity", json!("-3")), &["/lines/0/quantity invalid_quantity"]),
            (&with(&receipt, "/reason", json!("found")), &["/reason unknown_field"]),
        ],
    );
    let adjustment = json!({"location": "ldn", "reason": "lost", "lines": [{"sku": "85123A", "quantity": "-3"}]});
    assert!(stock::adjustment(adjustment.to_string().as_bytes()).is_ok());
    refused(
        stock::adjustment,
        &[
            (&with(&adjustment, "/reason", json!("eaten")), &["/reason unknown_value"]),
            (&with(&adjustment, "/lines/0/quantity", json!("0")), &["/lines/0/quantity invalid_quantity"]),
        ],
    );
    let count = json!({"location": "ldn", "lines": [{"sku": "85123A", "counted": "0"}]});
    assert!(stock::count(count.to_string().as_bytes()).is_ok());
    let transfer = json!({"from": "ldn", "to": "ldn", "lines": lines});
    refused(stock::transfer, &[(&transfer, &["/to same_location"])]);
    let import = json!({"key": "k", "sku": "85123A", "location": "ldn", "quantity": "0"});
    refused(stock::receipt_import, &[(&import, &["/quantity invalid_quantity"])]);
    let hold = json!({"lines": [{"sku": "85123A", "quantity": "1", "location": "?"}]});
    refused(cart::hold, &[(&hold, &["/lines/0/location invalid_location"])]);
    assert!(cart::hold(br#"{"lines":[]}"#).unwrap().1.is_empty());
}

#[test]
fn items_locations_and_taxes_say_what_is_wrong_with_them() {
    let item = json!({
        "title": "Hanging heart", "prices": [{"amount": 255, "currency": "GBP"}, {"amount": 300, "currency": "GBP"}],
        "safety_stock": [{"location": "ldn", "quantity": "5"}, {"location": "ldn", "quantity": "6"}],
    });
    refused(
        |body| item::put("85123A", body),
        &[(&item, &["/prices/1/currency named_twice", "/safety_stock/1/location named_twice"])],
    );
    refused(|body| item::put("a,b", body), &[(&json!({"title": "x", "prices": []}), &["/sku invalid_sku"])]);
    refused(item::put_import, &[(&json!({"title": "x", "prices": []}), &["/sku missing_field"])]);
    let location =
        json!({"name": "London DC", "kind": "dc", "country": "GB", "latitude": 51.50853, "longitude": -0.12574});
    let read = location::put("ldn", location.to_string().as_bytes()).unwrap();
    assert!(read.ships && read.accepts_returns);
    refused(
        |body| location::put("ldn", body),
        &[
            (&with(&location, "/kind", json!("warehouse")), &["/kind unknown_value"]),
            (&with(&location, "/longitude", json!(181)), &["/longitude out_of_range"]),
            (&with(&location, "/id", json!("man")), &["/id id_mismatch"]),
        ],
    );
    refused(location::put_import, &[(&location, &["/id missing_field"])]);
    let rates = json!([{"class": "standard", "percent": "20"}, {"class": "standard", "percent": "-1"}, {"class": "standard", "percent": "5"}]);
    refused(
        tax::put,
        &[(
            &json!({"mode": "both", "rates": rates}),
            &["/mode unknown_value", "/rates/1/percent invalid_percent", "/rates/2 named_twice"],
        )],
    );
}

#[test]
fn an_array_is_no_object_wherever_one_is_due() {
    let order = an_order();
    let priced = with(&order, "/lines/0/unit_price", json!([255, "GBP"]));
    let addressed = with(&order, "/ship_to", json!([null, null, null, null, null, "GB", null, null]));
    refused(
        order::place,
        &[
            (&json!([]), &[" wrong_type"]),
            (&priced, &["/lines/0/unit_price wrong_type"]),
            (&addressed, &["/ship_to wrong_type"]),
            (&with(&order, "/customer", json!([])), &["/customer wrong_type"]),
        ],
    );
    refused(order::nothing, &[(&json!([]), &[" wrong_type"])]);
    let rates = json!({"mode": "exclusive", "rates": [["GB", "standard", "20"]]});
    refused(tax::put, &[(&rates, &["/rates/0 wrong_type"])]);
    let received = json!({"location": "ldn", "lines": [[1, "1", "restock"]]});
    refused(returns::receive, &[(&received, &["/lines/0 wrong_type"])]);
    let canceled = json!({"lines": [[1, "1"]]});
    refused(order::cancel, &[(&canceled, &["/lines/0 wrong_type"])]);
}
