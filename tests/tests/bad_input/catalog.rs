//! Locations, items and tax tables that are none.

use serde_json::{Value, json};

use crate::row::{Row, changed, without};

pub fn rows() -> Vec<Row> {
    [locations(), items(), taxes()].into_iter().flatten().collect()
}

fn locations() -> Vec<Row> {
    let good = || json!({"name": "York", "kind": "dc", "country": "GB", "latitude": 53.9, "longitude": -1.1});
    let with = |pointer: &str, value: Value| Row::put("/v1/locations/york", &changed(good(), pointer, value));
    vec![
        Row::put("/v1/locations/York", &good()).invalid("/id", "invalid_location"),
        Row::put("/v1/locations/yo%20rk", &good()).invalid("/id", "invalid_location"),
        Row::put(format!("/v1/locations/{}", "y".repeat(33)), &good()).invalid("/id", "invalid_location"),
        with("/id", json!("leeds")).invalid("/id", "id_mismatch"),
        with("/name", json!("")).invalid("/name", "invalid_text"),
        with("/name", json!("Yo\u{0}rk")).invalid("/name", "invalid_text"),
        with("/kind", json!("moon")).invalid("/kind", "unknown_value"),
        with("/country", json!("UKK")).invalid("/country", "invalid_country"),
        with("/latitude", json!(90.5)).invalid("/latitude", "out_of_range"),
        with("/longitude", json!(181)).invalid("/longitude", "out_of_range"),
        with("/longitude", Value::Null).invalid("/longitude", "missing_field"),
        with("/ships", json!("yes")).invalid("/ships", "wrong_type"),
        with("/capacity", json!(5)).invalid("/capacity", "unknown_field"),
        Row::put("/v1/locations/york", &without(good(), "/kind")).invalid("/kind", "missing_field"),
        Row::new("PUT", "/v1/locations/york").bytes("{]").malformed(),
        Row::new("PUT", "/v1/locations/york").malformed(),
        Row::new("DELETE", "/v1/locations/ldn").is(405, "method_not_allowed"),
        Row::get("/v1/locations/nowhere").not_found(),
        Row::get("/v1/locations/%00").not_found(),
    ]
}

fn items() -> Vec<Row> {
    let good = || {
        json!({"title": "Green", "prices": [{"amount": 1, "currency": "GBP"}], "safety_stock": [{"location": "ldn", "quantity": "1"}],
                        "kept_for_tills": [{"location": "ldn", "quantity": "1"}]})
    };
    let with = |pointer: &str, value: Value| Row::put("/v1/items/green", &changed(good(), pointer, value));
    let twice = json!([{"amount": 1, "currency": "GBP"}, {"amount": 2, "currency": "GBP"}]);
    let kept = json!([{"location": "ldn", "quantity": "1"}, {"location": "ldn", "quantity": "2"}]);
    vec![
        Row::put("/v1/items/a%2Fb", &good()).invalid("/sku", "invalid_sku"),
        Row::put("/v1/items/a%00b", &good()).invalid("/sku", "invalid_sku"),
        Row::put(format!("/v1/items/{}", "g".repeat(65)), &good()).invalid("/sku", "invalid_sku"),
        with("/sku", json!("blue")).invalid("/sku", "id_mismatch"),
        with("/title", json!("\u{0}")).invalid("/title", "invalid_text"),
        with("/unit", json!("")).invalid("/unit", "invalid_text"),
        with("/tax_class", json!("?!")).invalid("/tax_class", "invalid_tax_class"),
        with("/prices", json!({})).invalid("/prices", "wrong_type"),
        with("/prices", twice).invalid("/prices/1/currency", "named_twice"),
        with("/prices/0/amount", json!(-1)).invalid("/prices/0/amount", "negative_price"),
        with("/prices/0/amount", json!(9_007_199_254_740_992_i64)).invalid("/prices/0/amount", "invalid_amount"),
        with("/prices/0/currency", json!("QQQ")).invalid("/prices/0/currency", "invalid_currency"),
        with("/safety_stock", kept.clone()).invalid("/safety_stock/1/location", "named_twice"),
        with("/safety_stock/0/location", json!("nowhere")).invalid("/safety_stock/0/location", "unknown_location"),
        with("/safety_stock/0/quantity", json!("-1")).invalid("/safety_stock/0/quantity", "invalid_quantity"),
        with("/kept_for_tills", kept).invalid("/kept_for_tills/1/location", "named_twice"),
        with("/kept_for_tills/0/location", json!("nowhere")).invalid("/kept_for_tills/0/location", "unknown_location"),
        with("/kept_for_tills/0/quantity", json!("-1")).invalid("/kept_for_tills/0/quantity", "invalid_quantity"),
        with("/low_stock", json!("-1")).invalid("/low_stock", "invalid_quantity"),
        with("/low_stock", json!(10)).invalid("/low_stock", "wrong_type"),
        with("/weight", json!(10)).invalid("/weight", "unknown_field"),
        Row::put("/v1/items/green", &without(good(), "/title")).invalid("/title", "missing_field"),
        Row::get("/v1/items/green").not_found(),
        Row::get("/v1/items/a%2Fb").not_found(),
    ]
}

fn taxes() -> Vec<Row> {
    let good = || json!({"mode": "exclusive", "rates": [{"country": "GB", "class": "standard", "percent": "20"}]});
    let with = |pointer: &str, value: Value| Row::put("/v1/tax-table", &changed(good(), pointer, value));
    let rate = json!({"class": "standard", "percent": "20"});
    vec![
        with("/mode", json!("both")).invalid("/mode", "unknown_value"),
        with("/rates", json!([rate, rate])).invalid("/rates/1", "named_twice"),
        with("/rates", json!(7)).invalid("/rates", "wrong_type"),
        with("/rates/0/country", json!("UKK")).invalid("/rates/0/country", "invalid_country"),
        with("/rates/0/class", json!("")).invalid("/rates/0/class", "invalid_tax_class"),
        with("/rates/0/percent", json!("-5")).invalid("/rates/0/percent", "invalid_percent"),
        with("/rates/0/percent", json!("a lot")).invalid("/rates/0/percent", "invalid_percent"),
        with("/rates/0/percent", json!(20)).invalid("/rates/0/percent", "wrong_type"),
        with("/zones", json!([])).invalid("/zones", "unknown_field"),
        Row::put("/v1/tax-table", &without(good(), "/mode")).invalid("/mode", "missing_field"),
        Row::new("DELETE", "/v1/tax-table").is(405, "method_not_allowed"),
    ]
}
