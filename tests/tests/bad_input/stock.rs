//! Stock documents and carts that are none.

use serde_json::{Value, json};

use crate::row::{Row, changed, without};

pub fn rows() -> Vec<Row> {
    [documents(), receipts(), adjustments(), counts(), transfers(), dispositions(), carts()]
        .into_iter()
        .flatten()
        .collect()
}

fn document(kind: &str) -> Value {
    match kind {
        "receipts" => json!({"location": "ldn", "reference": "PO-7", "lines": [{"sku": "red", "quantity": "1"}]}),
        "adjustments" => json!({"location": "ldn", "reason": "damaged", "lines": [{"sku": "red", "quantity": "-1"}]}),
        "counts" => json!({"location": "ldn", "lines": [{"sku": "red", "counted": "1"}]}),
        "dispositions" => {
            json!({"location": "ldn", "disposition": "scrap", "lines": [{"sku": "red", "quantity": "1"}]})
        }
        _ => json!({"from": "ldn", "to": "man", "lines": [{"sku": "red", "quantity": "1"}]}),
    }
}

fn post(kind: &str, body: &Value) -> Row {
    Row::post(format!("/v1/stock/{kind}"), body)
}

/// What all of them refuse alike.
fn documents() -> Vec<Row> {
    let mut rows = Vec::new();
    for kind in ["receipts", "adjustments", "counts", "transfers", "dispositions"] {
        let with = |pointer: &str, value: Value| post(kind, &changed(document(kind), pointer, value));
        let line = document(kind)["lines"][0].clone();
        rows.extend([
            post(kind, &document(kind)).without("idempotency-key").is(400, "idempotency_key_missing"),
            post(kind, &document(kind))
                .header("idempotency-key", "two words")
                .parameter("/idempotency-key", "invalid_key"),
            Row::new("POST", format!("/v1/stock/{kind}")).bytes("{\"lines\"").malformed(),
            Row::new("POST", format!("/v1/stock/{kind}")).bytes("[]").invalid("", "wrong_type"),
            Row::get(format!("/v1/stock/{kind}")).is(405, "method_not_allowed"),
            post(kind, &without(document(kind), "/lines")).invalid("/lines", "missing_field"),
            with("/lines", json!([])).invalid("/lines", "no_lines"),
            with("/lines", json!(vec![line; 201])).invalid("/lines", "too_many_lines"),
            with("/color", json!(1)).invalid("/color", "unknown_field"),
            with("/lines/0/color", json!(1)).invalid("/lines/0/color", "unknown_field"),
            with("/lines/0/sku", json!("pink")).invalid("/lines/0/sku", "unknown_sku"),
            with("/lines/0/sku", json!("")).invalid("/lines/0/sku", "invalid_sku"),
        ]);
        // Nothing is in quarantine: that comes before whose the key is.
        if kind != "dispositions" {
            let taken = post(kind, &document(kind)).header("idempotency-key", crate::TAKEN);
            rows.push(taken.is(422, "idempotency_key_reused"));
        }
    }
    rows
}

fn receipts() -> Vec<Row> {
    let with = |pointer: &str, value: Value| post("receipts", &changed(document("receipts"), pointer, value));
    let second =
        json!([{"sku": "red", "quantity": "1"}, {"sku": "pink", "quantity": "1"}, {"sku": "blue", "quantity": "0"}]);
    let unknown =
        json!([{"sku": "red", "quantity": "1"}, {"sku": "pink", "quantity": "1"}, {"sku": "blue", "quantity": "1"}]);
    let mut rows: Vec<Row> = ["0", "-1", "1.0001", "1e3", "9007199254740.992"]
        .map(|text| with("/lines/0/quantity", json!(text)).invalid("/lines/0/quantity", "invalid_quantity"))
        .into();
    rows.extend([
        with("/location", json!("nowhere")).invalid("/location", "unknown_location"),
        with("/location", json!("LDN")).invalid("/location", "invalid_location"),
        with("/reference", json!("PO\u{0}7")).invalid("/reference", "invalid_text"),
        with("/lines/0/quantity", json!("9007199254740.991")).invalid("/lines/0/quantity", "out_of_range"),
        with("/lines", second).invalid("/lines/2/quantity", "invalid_quantity"),
        with("/lines", unknown).invalid("/lines/1/sku", "unknown_sku"),
        with("/lines", json!([["red", "1"]])).invalid("/lines/0", "wrong_type"),
    ]);
    rows
}

fn adjustments() -> Vec<Row> {
    let with = |pointer: &str, value: Value| post("adjustments", &changed(document("adjustments"), pointer, value));
    vec![
        with("/reason", json!("eaten")).invalid("/reason", "unknown_value"),
        with("/location", json!("nowhere")).invalid("/location", "unknown_location"),
        with("/lines/0/quantity", json!("0")).invalid("/lines/0/quantity", "invalid_quantity"),
        with("/lines/0/quantity", json!("-0")).invalid("/lines/0/quantity", "invalid_quantity"),
        with("/lines/0/quantity", json!("--1")).invalid("/lines/0/quantity", "invalid_quantity"),
        with("/lines/0/quantity", json!(-1)).invalid("/lines/0/quantity", "wrong_type"),
        with("/lines/0/quantity", json!("-1000")).is(409, "insufficient_stock"),
        with("/lines", json!([{"sku": "red", "quantity": "-1"}, {"sku": "blue", "quantity": "-1000"}]))
            .is(409, "insufficient_stock"),
    ]
}

fn counts() -> Vec<Row> {
    let with = |pointer: &str, value: Value| post("counts", &changed(document("counts"), pointer, value));
    vec![
        with("/lines/0/counted", json!("-1")).invalid("/lines/0/counted", "invalid_quantity"),
        with("/lines/0/counted", json!("many")).invalid("/lines/0/counted", "invalid_quantity"),
        with("/lines/0/quantity", json!("1")).invalid("/lines/0/quantity", "unknown_field"),
        with("/location", json!("nowhere")).invalid("/location", "unknown_location"),
    ]
}

fn transfers() -> Vec<Row> {
    let with = |pointer: &str, value: Value| post("transfers", &changed(document("transfers"), pointer, value));
    vec![
        with("/to", json!("ldn")).invalid("/to", "same_location"),
        with("/to", json!("nowhere")).invalid("/to", "unknown_location"),
        with("/from", json!("nowhere")).invalid("/from", "unknown_location"),
        with("/lines/0/quantity", json!("-1")).invalid("/lines/0/quantity", "invalid_quantity"),
        with("/lines/0/quantity", json!("1000")).is(409, "insufficient_stock"),
    ]
}

fn dispositions() -> Vec<Row> {
    let with = |pointer: &str, value: Value| post("dispositions", &changed(document("dispositions"), pointer, value));
    vec![
        with("/disposition", json!("quarantine")).invalid("/disposition", "unknown_value"),
        with("/location", json!("nowhere")).invalid("/location", "unknown_location"),
        with("/reference", json!("")).invalid("/reference", "invalid_text"),
        with("/lines/0/quantity", json!("-1")).invalid("/lines/0/quantity", "invalid_quantity"),
        with("/lines/0/quantity", json!("0")).invalid("/lines/0/quantity", "invalid_quantity"),
        // Nothing is in quarantine.
        with("/lines/0/quantity", json!("1")).is(409, "insufficient_stock"),
    ]
}

fn carts() -> Vec<Row> {
    let hold = |cart: &str, lines: Value| Row::post(format!("/v1/carts/{cart}/holds"), &json!({"lines": lines}));
    let line = json!({"sku": "red", "quantity": "1"});
    vec![
        hold("a%20cart", json!([])).parameter("/cart", "invalid_cart"),
        hold(&"c".repeat(65), json!([])).parameter("/cart", "invalid_cart"),
        hold("c1", json!(vec![line; 201])).invalid("/lines", "too_many_lines"),
        hold("c1", json!([{"sku": "pink", "quantity": "1"}])).invalid("/lines/0/sku", "unknown_sku"),
        hold("c1", json!([{"sku": "red", "quantity": "0"}])).invalid("/lines/0/quantity", "invalid_quantity"),
        hold("c1", json!([{"sku": "red", "quantity": "1", "location": "nowhere"}]))
            .invalid("/lines/0/location", "unknown_location"),
        hold("c1", json!([{"sku": "red", "quantity": "1", "location": "?"}]))
            .invalid("/lines/0/location", "invalid_location"),
        hold("c1", json!([{"sku": "red", "quantity": "1000"}])).is(409, "insufficient_stock"),
        hold("c1", json!([{"sku": "red", "quantity": "1"}, {"sku": "blue", "quantity": "1000"}]))
            .is(409, "insufficient_stock"),
        Row::new("POST", "/v1/carts/c1/holds").bytes("[[]]").invalid("", "wrong_type"),
        Row::get("/v1/carts/c1/holds").is(405, "method_not_allowed"),
    ]
}
