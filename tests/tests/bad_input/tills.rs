//! Tills that are none, and requests that no device made.

use oms_tests::till::till_body;
use serde_json::{Value, json};

use crate::row::{Row, changed, without};

pub fn rows() -> Vec<Row> {
    [setup(), rights(), enrollment(), devices()].into_iter().flatten().collect()
}

fn setup() -> Vec<Row> {
    let with = |pointer: &str, value: Value| Row::post("/v1/tills", &changed(till_body("till-9"), pointer, value));
    let left = |pointer: &str| Row::post("/v1/tills", &without(till_body("till-9"), pointer));
    vec![
        Row::new("POST", "/v1/tills").bytes("{\"id\"").malformed(),
        Row::new("DELETE", "/v1/tills").is(405, "method_not_allowed"),
        left("/id").invalid("/id", "missing_field"),
        left("/series").invalid("/series", "missing_field"),
        left("/cashiers").invalid("/cashiers", "missing_field"),
        with("/color", json!(1)).invalid("/color", "unknown_field"),
        with("/id", json!("Till 9")).invalid("/id", "invalid_till"),
        with("/series", json!("s042")).invalid("/series", "invalid_series"),
        with("/series", json!("-S")).invalid("/series", "invalid_series"),
        with("/location", json!("nowhere")).invalid("/location", "unknown_location"),
        with("/currency", json!("pounds")).invalid("/currency", "invalid_currency"),
        with("/country", json!("Britain")).invalid("/country", "invalid_country"),
        with("/cash_step", json!(0)).invalid("/cash_step", "out_of_range"),
        with("/oversell", json!("always")).invalid("/oversell", "unknown_value"),
        with("/cashiers", json!([])).invalid("/cashiers", "no_lines"),
        with("/cashiers/0/pin", json!("12")).invalid("/cashiers/0/pin", "invalid_pin"),
        with("/cashiers/0/pin", json!("12ab")).invalid("/cashiers/0/pin", "invalid_pin"),
        with("/cashiers/0/may", json!(["fly"])).invalid("/cashiers/0/may/0", "unknown_value"),
        with("/cashiers/0/discount", json!("-5")).invalid("/cashiers/0/discount", "invalid_percent"),
        with("/header", json!(vec!["line"; 21])).invalid("/header", "too_many_lines"),
        Row::put("/v1/tills/till-9", &till_body("till-8")).invalid("/id", "id_mismatch"),
        Row::put("/v1/tills/till-9", &till_body("till-9")).is(404, "not_found"),
        Row::get("/v1/tills/till-9").is(404, "not_found"),
        Row::get("/v1/tills/Till%209").is(404, "not_found"),
        Row::get("/v1/tills?cursor=A%20B").parameter("/cursor", "malformed_cursor"),
        Row::get("/v1/tills/till-9/entries?cursor=zz").parameter("/cursor", "malformed_cursor"),
        Row::get("/v1/tills/till-9/exceptions?since=1").parameter("/since", "unknown_parameter"),
    ]
}

fn rights() -> Vec<Row> {
    let body = json!({"lines": [{"sku": "red", "quantity": "1"}]});
    let grant = |body: &Value| Row::post("/v1/tills/till-9/grants", body);
    let with = |pointer: &str, value: Value| grant(&changed(body.clone(), pointer, value));
    vec![
        grant(&body).is(404, "not_found"),
        grant(&body).without("idempotency-key").is(400, "idempotency_key_missing"),
        with("/lines", json!([])).invalid("/lines", "no_lines"),
        with("/lines/0/sku", json!("pink")).invalid("/lines/0/sku", "unknown_sku"),
        with("/lines/0/quantity", json!("0")).invalid("/lines/0/quantity", "invalid_quantity"),
        grant(&json!({"lines": [{"sku": "red"}]})).invalid("/lines/0/quantity", "missing_field"),
        Row::post("/v1/tills/till-9/recalls", &json!({"lines": [{"sku": "red"}, {"sku": "red"}]}))
            .invalid("/lines/1/sku", "named_twice"),
        Row::post("/v1/tills/till-9/recalls", &body).is(404, "not_found"),
        Row::post("/v1/locations/ldn/recalls", &json!({"lines": [{"sku": "pink"}]}))
            .invalid("/lines/0/sku", "unknown_sku"),
        Row::post("/v1/locations/ldn/recalls", &json!({"lines": [{"sku": "red", "quantity": "0"}]}))
            .invalid("/lines/0/quantity", "invalid_quantity"),
        Row::post("/v1/locations/nowhere/recalls", &body).is(404, "not_found"),
        Row::post("/v1/tills/till-9/revoke", &json!({"why": "lost"})).invalid("/why", "unknown_field"),
        Row::post("/v1/tills/till-9/revoke", &json!({})).is(404, "not_found"),
        Row::post("/v1/tills/till-9/codes", &json!({"minutes": 5})).invalid("/minutes", "unknown_field"),
    ]
}

fn enrollment() -> Vec<Row> {
    // The generator of the curve: a point that everybody knows.
    let key = json!({"kty": "EC", "crv": "P-256", "x": "axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY",
                     "y": "T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU"});
    let body = json!({"code": "demo.till-9.K7Q2M9XW", "public_key": key});
    let with = |pointer: &str, value: Value| Row::post("/v1/enrollments", &changed(body.clone(), pointer, value));
    vec![
        Row::post("/v1/enrollments", &body).invalid("/code", "unknown_code"),
        Row::new("POST", "/v1/enrollments").bytes("{").malformed(),
        Row::get("/v1/enrollments").is(405, "method_not_allowed"),
        with("/code", json!("K7Q2M9XW")).invalid("/code", "invalid_code"),
        with("/code", json!("nobody.till-9.K7Q2M9XW")).invalid("/code", "unknown_code"),
        with("/public_key/crv", json!("P-384")).invalid("/public_key", "invalid_key"),
        with("/public_key/x", json!("AAAA")).invalid("/public_key", "invalid_key"),
        with("/public_key/y", json!("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"))
            .invalid("/public_key", "invalid_key"),
        with("/public_key/d", json!("secret")).invalid("/public_key/d", "unknown_field"),
    ]
}

fn devices() -> Vec<Row> {
    let as_till = |row: Row| row.header("estiba-device", "demo/till-9/1");
    let time = "2026-11-22T12:00:00.000Z";
    vec![
        Row::get("/v1/till").is(403, "forbidden"),
        Row::get("/v1/till/catalog").is(403, "forbidden"),
        as_till(Row::get("/v1/till")).parameter("/estiba-time", "missing_header"),
        as_till(Row::get("/v1/till")).header("estiba-time", time).parameter("/estiba-signature", "missing_header"),
        as_till(Row::get("/v1/till"))
            .header("estiba-time", "noon")
            .header("estiba-signature", "AA")
            .parameter("/estiba-time", "invalid_time"),
        as_till(Row::get("/v1/till"))
            .header("estiba-time", time)
            .header("estiba-signature", "AA")
            .is(401, "unauthorized"),
        Row::get("/v1/till").header("estiba-device", "nobody/till-9/1").is(401, "unauthorized"),
        Row::get("/v1/till").header("estiba-device", "demo/till-9").is(401, "unauthorized"),
    ]
}
