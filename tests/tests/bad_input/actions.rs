//! What cannot be done with an order where it stands.

use serde_json::{Value, json};

use crate::Standing;
use crate::row::Row;

pub fn rows(standing: &Standing) -> Vec<Row> {
    let tables = [cancel(standing), holds(standing), fulfillments(standing), ask_back(standing), returns(standing)];
    tables.into_iter().flatten().collect()
}

fn on(id: &str, action: &str, body: Value) -> Row {
    Row::post(format!("/v1/orders/{id}/{action}"), &body)
}

fn lines(line: Value, quantity: &str) -> Value {
    json!({"reason": "customer", "lines": [{"line": line, "quantity": quantity}]})
}

fn cancel(standing: &Standing) -> Vec<Row> {
    let cancel = |body: Value| on(&standing.allocated, "cancel", body);
    let twice = json!({"lines": [{"line": 1, "quantity": "1"}, {"line": 1, "quantity": "1"}]});
    vec![
        cancel(lines(json!(1), "2.001")).is(409, "quantity_exceeded").at("/lines/0/quantity", "quantity_exceeded"),
        cancel(lines(json!(1), "0")).invalid("/lines/0/quantity", "invalid_quantity"),
        cancel(lines(json!(1), "-1")).invalid("/lines/0/quantity", "invalid_quantity"),
        cancel(lines(json!(0), "1")).invalid("/lines/0/line", "unknown_line"),
        cancel(lines(json!(3), "1")).invalid("/lines/0/line", "unknown_line"),
        cancel(lines(json!(-1), "1")).invalid("/lines/0/line", "wrong_type"),
        cancel(lines(json!("1"), "1")).invalid("/lines/0/line", "wrong_type"),
        cancel(lines(json!(4_294_967_296_u64), "1")).invalid("/lines/0/line", "wrong_type"),
        cancel(twice).invalid("/lines/1/line", "named_twice"),
        cancel(json!({"lines": []})).invalid("/lines", "no_lines"),
        cancel(json!({"reason": "\u{0}"})).invalid("/reason", "invalid_text"),
        cancel(json!({"because": "x"})).invalid("/because", "unknown_field"),
        cancel(json!([])).invalid("", "wrong_type"),
        cancel(json!([null, null])).invalid("", "wrong_type"),
        cancel(json!({})).header("idempotency-key", "two words").parameter("/idempotency-key", "invalid_key"),
        cancel(lines(json!(1), "1")).without("idempotency-key").is(400, "idempotency_key_missing"),
        cancel(lines(json!(1), "1")).without("idempotency-key").header("if-match", "\"v77\"").is(412, "stale_version"),
        cancel(lines(json!(1), "1")).header("if-match", "\"v77\"").is(412, "stale_version"),
        on(&standing.shipped, "cancel", json!({})).is(409, "not_possible_now"),
        on(&standing.shipped, "cancel", lines(json!(1), "1"))
            .is(409, "quantity_exceeded")
            .at("/lines/0/quantity", "quantity_exceeded"),
    ]
}

fn holds(standing: &Standing) -> Vec<Row> {
    vec![
        on(&standing.allocated, "release", json!({"name": "fraud"})).invalid("/name", "unknown_hold"),
        on(&standing.allocated, "hold", json!({})).invalid("/name", "missing_field"),
        on(&standing.allocated, "hold", json!({"name": ""})).invalid("/name", "invalid_text"),
        on(&standing.allocated, "hold", json!({"name": "a".repeat(201)})).invalid("/name", "invalid_text"),
        on(&standing.canceled, "hold", json!({"name": "fraud"})).is(409, "not_possible_now"),
        on(&standing.canceled, "confirm", json!({"now": true})).invalid("/now", "unknown_field"),
        Row::new("POST", format!("/v1/orders/{}/confirm", standing.allocated)).bytes("[]").invalid("", "wrong_type"),
    ]
}

fn fulfillments(standing: &Standing) -> Vec<Row> {
    let mut rows = Vec::new();
    for early in ["pack", "ship", "deliver"] {
        rows.push(on(&standing.allocated, &format!("fulfillments/1/{early}"), json!({})).is(409, "not_possible_now"));
    }
    for (id, action) in [(&standing.shipped, "reject"), (&standing.canceled, "pick"), (&standing.canceled, "reject")] {
        rows.push(on(id, &format!("fulfillments/1/{action}"), json!({})).is(409, "not_possible_now"));
    }
    for no in ["0", "2", "x", "-1", "1.0", "4294967296", "%31%00"] {
        rows.push(on(&standing.allocated, &format!("fulfillments/{no}/pick"), json!({})).not_found());
    }
    let ship = |body: Value| on(&standing.allocated, "fulfillments/1/ship", body);
    rows.extend([
        on(&standing.held, "fulfillments/1/pick", json!({})).is(409, "on_hold"),
        on(&standing.allocated, "fulfillments/1/explode", json!({})).not_found(),
        on(&standing.allocated, "fulfillments/1/pick", json!({"quantity": "1"})).invalid("/quantity", "unknown_field"),
        ship(json!({"carrier": ""})).invalid("/carrier", "invalid_text"),
        ship(json!({"tracking": "JD\u{0}"})).invalid("/tracking", "invalid_text"),
        ship(json!({"tracking": 7})).invalid("/tracking", "wrong_type"),
        Row::new("POST", format!("/v1/orders/{}/fulfillments/1/pick", standing.allocated)).bytes("{").malformed(),
        Row::new("POST", format!("/v1/orders/{}/fulfillments/1/pick", standing.allocated))
            .bytes("pick")
            .header("content-type", "text/plain")
            .is(415, "unsupported_media_type"),
    ]);
    rows
}

fn ask_back(standing: &Standing) -> Vec<Row> {
    let ask = |id: &str, body: Value| on(id, "returns", body);
    let one = |line: u32, quantity: &str| json!({"lines": [{"line": line, "quantity": quantity}]});
    vec![
        ask(&standing.allocated, one(1, "1")).is(409, "quantity_exceeded").at("/lines/0/quantity", "quantity_exceeded"),
        ask(&standing.shipped, one(1, "1.5")).is(409, "quantity_exceeded").at("/lines/0/quantity", "quantity_exceeded"),
        ask(&standing.shipped, one(2, "1")).invalid("/lines/0/line", "unknown_line"),
        ask(&standing.shipped, one(1, "0")).invalid("/lines/0/quantity", "invalid_quantity"),
        ask(&standing.shipped, json!({"lines": []})).invalid("/lines", "no_lines"),
        ask(&standing.shipped, json!({})).invalid("/lines", "missing_field"),
        ask(&standing.shipped, json!({"lines": [{"line": 1, "quantity": "1", "reason": "\u{0}"}]}))
            .invalid("/lines/0/reason", "invalid_text"),
        ask(&standing.shipped, one(1, "1")).without("idempotency-key").is(400, "idempotency_key_missing"),
    ]
}

fn returns(standing: &Standing) -> Vec<Row> {
    let on = |action: &str, body: Value| Row::post(format!("/v1/returns/{}/{action}", standing.requested), &body);
    let came = |location: &str, line: u32, quantity: &str, disposition: &str| json!({"location": location, "lines": [{"line": line, "quantity": quantity, "disposition": disposition}]});
    vec![
        on("receive", came("ldn", 1, "1", "restock")).is(409, "not_possible_now"),
        on("receive", came("ldn", 1, "1", "burn")).invalid("/lines/0/disposition", "unknown_value"),
        on("receive", came("ldn", 1, "-1", "restock")).invalid("/lines/0/quantity", "invalid_quantity"),
        on("receive", came("nowhere", 1, "1", "restock")).invalid("/location", "unknown_location"),
        on("receive", came("kiosk", 1, "1", "restock"))
            .is(409, "not_possible_now")
            .at("/location", "location_takes_no_returns"),
        on("receive", json!({})).invalid("/location", "missing_field"),
        on("authorize", json!({"by": "me"})).invalid("/by", "unknown_field"),
        on("cancel", json!({"reason": 7})).invalid("/reason", "wrong_type"),
        on("explode", json!({})).not_found(),
    ]
}
