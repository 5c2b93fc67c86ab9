//! What the bundle does, wherever it runs: the same cases under Node and in a browser.

mod till;

use js_sys::JSON;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

/// A plain object, evaluated from its source.
fn object(source: &str) -> JsValue {
    js_sys::eval(&format!("({source})")).unwrap()
}

fn json(answer: &JsValue) -> String {
    JSON::stringify(answer).unwrap().into()
}

/// The errors of a refusal as `pointer code`, which is what a page shows them by.
#[track_caller]
fn refused(answer: &JsValue) -> Vec<String> {
    let member = |value: &JsValue, name: &str| js_sys::Reflect::get(value, &name.into()).unwrap();
    assert_eq!(member(answer, "ok"), JsValue::FALSE, "{}", json(answer));
    let errors: js_sys::Array = member(&member(answer, "problem"), "errors").dyn_into().unwrap();
    let text = |error: &JsValue, name: &str| member(error, name).as_string().unwrap();
    errors.iter().map(|error| format!("{} {}", text(&error, "pointer"), text(&error, "code"))).collect()
}

#[wasm_bindgen_test]
fn what_is_malformed_is_pointed_at() {
    let errors = |members: &str| refused(&oms_browser::check_order(&new_order(members)));
    let line = |quantity: &str| format!("lines: [{{sku: '85123A', quantity: {quantity}}}]");
    for quantity in ["1", "null", "NaN", "{}"] {
        assert_eq!(errors(&line(quantity)), ["/lines/0/quantity wrong_type"]);
    }
    for quantity in ["'-1'", "'1e3'", "'1.0001'", "''", "'0'"] {
        assert_eq!(errors(&line(quantity)), ["/lines/0/quantity invalid_quantity"]);
    }
    assert_eq!(errors("currency: 'XXX', lines: []"), ["/currency invalid_currency", "/lines no_lines"]);
    assert_eq!(errors("lines: [{sku: 'a,b', quantity: '1'}]"), ["/lines/0/sku invalid_sku"]);
    assert_eq!(errors("lines: [{sku: 'a', quantity: '1', extra: 1}]"), ["/lines/0/extra unknown_field"]);
}

/// An order as the API's documentation has it, with other members in place of some.
fn new_order(members: &str) -> JsValue {
    object(&format!(
        r#"{{channel: "web", currency: "GBP", ship_to: {{country: "GB", latitude: 51.5, longitude: -0.1}},
            customer: {{id: "17850", email: "ada@example.com"}}, cart: "c1",
            lines: [{{sku: "85123A", quantity: "2", unit_price: {{amount: 255, currency: "GBP"}}}}], {members}}}"#
    ))
}

#[wasm_bindgen_test]
fn an_order_is_checked_as_the_edge_checks_it() {
    let digest = |order: &JsValue| {
        let answer = oms_browser::check_order(order);
        let value = js_sys::Reflect::get(&answer, &"value".into()).unwrap();
        assert_eq!(js_sys::Reflect::get(&value, &"lines".into()).unwrap(), JsValue::from(1), "{}", json(&answer));
        js_sys::Reflect::get(&value, &"digest".into()).unwrap().as_string().unwrap()
    };
    let plain = digest(&new_order(""));
    assert_eq!(plain.len(), 64);
    assert_eq!(plain, digest(&new_order(r#"external_ref: undefined, shortage: "reject", draft: false"#)));
    assert_ne!(plain, digest(&new_order(r#"channel: "till-1""#)));

    let errors = |members: &str| refused(&oms_browser::check_order(&new_order(members)));
    assert_eq!(errors(r#"channel: "Web Shop""#), ["/channel invalid_channel"]);
    assert_eq!(errors("lines: []"), ["/lines no_lines"]);
    assert_eq!(errors("ship_to: {}"), ["/ship_to/country missing_field"]);
    assert_eq!(errors(r#"coupon: "X""#), ["/coupon unknown_field"]);
    assert_eq!(errors(r#"currency: "EUR""#), ["/lines/0/unit_price/currency currency_mismatch"]);
    assert_eq!(errors(r#"lines: Array(201).fill({sku: "a", quantity: "1"})"#), ["/lines too_many_lines"]);
}

#[wasm_bindgen_test]
fn nothing_a_page_hands_over_makes_it_throw() {
    let odd = [
        "undefined",
        "null",
        "1",
        "'text'",
        "[]",
        "{}",
        "() => 1",
        "Symbol('x')",
        "10n",
        "{lines: 10n}",
        "(() => { const cycle = {}; cycle.cycle = cycle; return cycle; })()",
        "{get currency() { throw new Error('mine'); }}",
        "{toJSON() { throw new Error('mine'); }}",
        "(() => { let deep = []; for (let i = 0; i < 500; i += 1) deep = [deep]; return {lines: deep}; })()",
        "{currency: '\\ud800'}",
        "new Map([['currency', 'GBP']])",
        "new Proxy({}, {get() { throw new Error('mine'); }})",
    ];
    for source in odd {
        let argument = object(source);
        assert!(refused(&oms_browser::check_order(&argument)).len() <= 1, "{source}");
    }
}

#[wasm_bindgen_test]
fn an_order_id_is_new_and_tells_the_time() {
    let id = || -> oms_core::value::OrderId {
        let answer = oms_browser::new_order_id();
        js_sys::Reflect::get(&answer, &"value".into()).unwrap().as_string().unwrap().parse().unwrap()
    };
    let (before, first, second) = (js_sys::Date::now(), id(), id());
    let after = js_sys::Date::now();
    assert_ne!(first, second);
    #[expect(clippy::cast_precision_loss, reason = "milliseconds are far below 2^53")]
    let time = first.time().millis() as f64;
    assert!((before..=after).contains(&time));
}

#[wasm_bindgen_test]
fn the_version_is_the_one_of_the_api() {
    assert_eq!(oms_browser::version().split('.').count(), 3);
}
