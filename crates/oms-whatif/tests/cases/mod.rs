//! What the routing bundle does, wherever it runs: the same cases under Node and in a browser.

use js_sys::JSON;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

/// Two locations that have an article each, and two orders that want both.
const SERIES: &str = r#"{
    today: "2026-11-23",
    policy: {name: "test", costs: {short_unit: 400}, strategies: [{name: "all", criteria: ["cheapest"]}]},
    network: {
        locations: [
            {location: "east", kind: "dc", country: "PT", position: {lat_micro: 0, lon_micro: 900000}, allows: {ship: true},
             calendar: "always", carriers: ["post"], pick_pack: 50, capacity: {daily: 90000, window_days: 1}},
            {location: "west", kind: "store", country: "PT", position: {lat_micro: 0, lon_micro: -1800000}, allows: {ship: true},
             calendar: "always", carriers: ["post"], pick_pack: 90}],
        carriers: [{name: "post", zones: [{name: "all", reach: "anywhere"}], services: [{name: "parcel", calendar: "always",
            rates: [{zone: "all", days: [1, 2], steps: [{up_to_grams: 2000, price: 300}], beyond_per_kg: 30}]}]}],
        calendars: {always: {week: ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]}}},
    offers: [{sku: "A", location: "east", free: 3000}, {sku: "A", location: "west", free: 3000}, {sku: "B", location: "west", free: 1000}],
    orders: [1, 2].map((at) => ({channel: "web", to: {country: "PT", position: {lat_micro: 0, lon_micro: 0}}, placed_at: 1795428000000,
        lines: [{line: 1, sku: "A", quantity: 2000, unit_value: 900}, {line: 2, sku: "B", quantity: 1000, unit_value: 900}]}))}"#;

const PROBLEM: &str =
    "{lines: [{demand: 2, penalty: 5000}], locations: [{open_cost: 735, capacity: null}], arcs: [[0, 0, 120, 2]]}";

/// A plain object, evaluated from its source.
fn object(source: &str) -> JsValue {
    js_sys::eval(&format!("({source})")).unwrap()
}

/// The object with something done to it.
fn changed(source: &str, change: &str) -> JsValue {
    object(&format!("(() => {{ const it = {source}; {change}; return it; }})()"))
}

fn json(answer: &JsValue) -> serde_json::Value {
    let text: String = JSON::stringify(answer).unwrap().into();
    serde_json::from_str(&text).unwrap()
}

fn member(value: &JsValue, name: &str) -> JsValue {
    js_sys::Reflect::get(value, &name.into()).unwrap()
}

/// The errors of a refusal as `pointer code`, which is what a page shows them by.
#[track_caller]
fn refused(answer: &JsValue) -> Vec<String> {
    assert_eq!(member(answer, "ok"), JsValue::FALSE, "{}", json(answer));
    let errors: js_sys::Array = member(&member(answer, "problem"), "errors").dyn_into().unwrap();
    let text = |error: &JsValue, name: &str| member(error, name).as_string().unwrap();
    errors.iter().map(|error| format!("{} {}", text(&error, "pointer"), text(&error, "code"))).collect()
}

#[wasm_bindgen_test]
fn orders_are_routed_from_what_is_left() {
    let answer = json(&oms_whatif::route_orders(&object(SERIES)));
    assert_eq!(answer["ok"], true, "{answer}");
    let value = &answer["value"];
    let sites = |at: usize| -> Vec<String> {
        let shipments = value["decisions"][at]["shipments"].as_array().unwrap();
        shipments.iter().map(|shipment| shipment["location"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!((sites(0), sites(1)), (vec!["west".to_owned()], vec!["east".to_owned()]));
    let totals = &value["totals"];
    assert_eq!((&totals["shipments"], &totals["splits"], &totals["short"]), (&2.into(), &0.into(), &1_000.into()));
    assert_eq!((&totals["cost"], &totals["proven"]), (&(390_000 + 350_000 + 400_000).into(), &2.into()));
    let texts: Vec<&str> =
        value["explanations"][1].as_array().unwrap().iter().map(|told| told["text"].as_str().unwrap()).collect();
    assert!(texts.contains(&"Of line 2, 1 of B cannot be served."), "{texts:?}");
    assert_eq!(value["explanations"][1][0]["sentence"]["code"], "decided");
}

#[wasm_bindgen_test]
fn the_answer_is_the_one_the_core_gives() {
    let text: String = JSON::stringify(&object(SERIES)).unwrap().into();
    let series: oms_core::routing::Series = serde_json::from_str(&text).unwrap();
    let routed = serde_json::to_value(series.route(oms_core::routing::Effort::Plan).unwrap()).unwrap();
    let answer = json(&oms_whatif::route_orders(&object(SERIES)));
    assert_eq!(answer["value"]["decisions"], routed["decisions"]);
    assert_eq!(answer["value"]["totals"], routed["totals"]);
}

#[wasm_bindgen_test]
fn a_rule_may_stand_in_for_the_policy() {
    let answer = json(&oms_whatif::route_orders(&changed(SERIES, "it.rule = 'nearest'")));
    assert_eq!(answer["value"]["totals"]["shipments"], 4, "the near one first, then what is left: {answer}");
    let errors = refused(&oms_whatif::route_orders(&changed(SERIES, "it.rule = 'coin'")));
    assert_eq!(errors.len(), 1, "{errors:?}");
}

#[wasm_bindgen_test]
fn what_cannot_be_routed_is_pointed_at() {
    let cases = [
        ("it.orders[1].lines[0].quantity = 0", "/orders/1/lines/0/quantity zero"),
        ("it.orders[1].lines[0].quantity = 'x'", "/orders/1/lines/0/quantity wrong_type"),
        ("it.orders[0].coupon = 1", "/orders/0/coupon unknown_field"),
        ("delete it.today", "/today missing_field"),
        ("it.offers[2] = {...it.offers[1]}", "/offers/2/sku named_twice"),
        ("it.policy.costs.short_unit = -1", "/policy/costs/short_unit negative"),
        ("it.policy.strategies = []", "/policy/strategies empty"),
        ("it.network.locations[0].calendar = 'none'", "/network/locations/0/calendar unknown_name"),
    ];
    for (change, error) in cases {
        assert_eq!(refused(&oms_whatif::route_orders(&changed(SERIES, change))), [error], "{change}");
    }
}

#[wasm_bindgen_test]
fn a_problem_in_integers_is_solved_with_its_proof() {
    let answer = json(&oms_whatif::optimize(&object(PROBLEM)));
    let value = &answer["value"];
    assert_eq!((&value["cost"], &value["proven"]), (&975.into(), &true.into()), "{answer}");
    assert_eq!(value["flows"], serde_json::json!([[0, 0, 2]]));
    let cases = [
        ("it.lines[0].penalty = -1", "/lines/0/penalty"),
        ("it.arcs[0][1] = 7", "/arcs/0/1"),
        ("it.arcs.push([0, 0, 1, 1])", "/arcs/1"),
        ("it.work_limit = 0", "/work_limit"),
        ("it.lines[0].demand = 2 ** 41", "/lines/0/demand"),
    ];
    for (change, pointer) in cases {
        let errors = refused(&oms_whatif::optimize(&changed(PROBLEM, change)));
        assert!(matches!(errors.as_slice(), [one] if one.split(' ').next() == Some(pointer)), "{change}: {errors:?}");
    }
}

#[wasm_bindgen_test]
fn nothing_a_page_hands_over_makes_it_throw() {
    let odd = [
        "undefined",
        "null",
        "'text'",
        "[]",
        "{}",
        "() => 1",
        "{lines: 10n}",
        "{get policy() { throw new Error('mine'); }}",
        "(() => { const cycle = {}; cycle.cycle = cycle; return cycle; })()",
        "{policy: '\\ud800'}",
    ];
    for source in odd {
        for function in [oms_whatif::route_orders, oms_whatif::optimize] {
            assert!(refused(&function(&object(source))).len() <= 1, "{source}");
        }
    }
}

#[wasm_bindgen_test]
fn the_version_is_the_one_of_the_api() {
    assert_eq!(oms_whatif::version().split('.').count(), 3);
}
