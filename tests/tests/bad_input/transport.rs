//! Headers, paths, methods and sizes.

use oms_tests::shop::Shop;
use serde_json::{Value, json};

use crate::row::Row;
use crate::{Standing, TAKEN};

const NOBODY: &str = "/v1/orders/ord_3f01ARZ3NDEKTSV4RRFFQ69G5FAV";

pub fn rows(standing: &Standing) -> Vec<Row> {
    [credentials(), keys(), versions(standing), types_and_sizes(), paths(), methods()].into_iter().flatten().collect()
}

fn good() -> Value {
    Shop::order(&[("red", "1")])
}

fn credentials() -> Vec<Row> {
    let bad = [
        "",
        "Bearer",
        "Bearer ",
        "Bearer wrong",
        "Bearer oms_dev_estiba_local_only_0002",
        "Basic b21zOm9tcw==",
        "oms_dev_estiba_local_only_0001",
    ];
    let mut rows: Vec<Row> =
        bad.map(|value| Row::post("/v1/orders", &good()).header("authorization", value).is(401, "unauthorized")).into();
    for path in ["/v1/orders", "/v1/audit", "/v1/stats", "/v1/items/red", NOBODY, "/v1/nothing"] {
        rows.push(Row::get(path).header("authorization", "Bearer wrong").is(401, "unauthorized"));
    }
    rows
}

fn keys() -> Vec<Row> {
    let place = |key: &str| Row::post("/v1/orders", &good()).header("idempotency-key", key);
    let invalid = |row: Row| row.parameter("/idempotency-key", "invalid_key");
    vec![
        Row::post("/v1/orders", &good()).without("idempotency-key").is(400, "idempotency_key_missing"),
        Row::post(format!("{NOBODY}/returns"), &json!({"lines": []}))
            .without("idempotency-key")
            .is(400, "idempotency_key_missing"),
        invalid(place("two words")),
        invalid(place(&"k".repeat(256))),
        invalid(place("tab\tbed")),
        invalid(place("cl\u{e9}")).in_memory_only(),
        invalid(place("nul\u{0}")).in_memory_only(),
        invalid(place("")),
        place(TAKEN).is(422, "idempotency_key_reused"),
    ]
}

fn versions(standing: &Standing) -> Vec<Row> {
    let hold = |version: &str| {
        let path = format!("/v1/orders/{}/hold", standing.allocated);
        Row::post(path, &json!({"name": "late"})).header("if-match", version)
    };
    let mut rows: Vec<Row> =
        ["v1", "\"1\"", "W/\"v1\"", "\"v-1\"", "\"v1\", \"v2\"", "\"v99999999999999999999\"", "\"v\""]
            .map(|version| hold(version).parameter("/if-match", "invalid_version"))
            .into();
    rows.push(hold("\"v99\"").is(412, "stale_version"));
    rows.push(hold("\"v0\"").is(412, "stale_version"));
    rows
}

fn types_and_sizes() -> Vec<Row> {
    let mut rows: Vec<Row> = [
        "text/plain",
        "application/xml",
        "multipart/form-data; boundary=x",
        "application/jsonx",
        "json",
        "application/x-ndjson",
    ]
    .map(|kind| Row::post("/v1/orders", &good()).header("content-type", kind).is(415, "unsupported_media_type"))
    .into();
    let long = |method: &'static str, path: &str, bytes: usize| {
        // It is refused by its length, before the body is read: a client that asks first is told first.
        let row = Row::new(method, path).bytes(vec![b' '; bytes]).header("expect", "100-continue");
        row.is(413, "body_too_large")
    };
    rows.extend([
        long("POST", "/v1/orders", 256 * 1024 + 1),
        long("POST", "/v1/orders", 300 * 1024),
        long("POST", "/v1/stock/receipts", 256 * 1024 + 1),
        long("PUT", "/v1/items/red", 1024 * 1024),
        long("POST", &format!("{NOBODY}/cancel"), 256 * 1024 + 1),
        long("POST", "/v1/imports/items", 8 * 1024 * 1024 + 1),
    ]);
    rows
}

fn paths() -> Vec<Row> {
    let mut rows: Vec<Row> = [
        "/v1",
        "/v1/",
        "/v1/nothing",
        "/v2/orders",
        "/V1/orders",
        "/v1/Orders",
        "/v1//orders",
        "/v1/orders/",
        "/v1/health/",
        "/v1/locations/ldn/items",
    ]
    .map(|path| Row::get(path).not_found())
    .into();
    rows.extend(
        [
            "ord_",
            "ord_zz",
            "1",
            "%00",
            "..%2F..",
            "%F0%9F%92%A3",
            "ORD_3f01ARZ3NDEKTSV4RRFFQ69G5FAV",
            "ret_3f01ARZ3NDEKTSV4RRFFQ69G5FAV-1",
        ]
        .map(|id| Row::get(format!("/v1/orders/{id}")).not_found()),
    );
    rows.extend(
        ["%zz", "%", "%f", "%ff", "%C3%28", "%ED%A0%80"]
            .map(|id| Row::get(format!("/v1/orders/{id}")).parameter("/path", "malformed_path")),
    );
    rows.extend([
        Row::get(NOBODY).not_found(),
        Row::get(format!("{NOBODY}/events")).not_found(),
        Row::get(format!("/v1/orders/{}", "o".repeat(4_000))).not_found(),
        Row::get("/v1/orders/ord _").not_found().in_memory_only(),
        Row::get("/v1/orders/\u{0}").not_found().in_memory_only(),
        Row::get("v1/orders/\u{e9}").not_found().in_memory_only(),
    ]);
    for action in ["confirm", "cancel", "fulfillments/1/pick", "fulfillments/1/ship", "returns/1"] {
        rows.push(Row::post(format!("{NOBODY}/{action}"), &json!({})).not_found());
    }
    for id in [
        "ret_1",
        "ret_3f01ARZ3NDEKTSV4RRFFQ69G5FAV",
        "ret_3f01ARZ3NDEKTSV4RRFFQ69G5FAV-0",
        "ret_3f01ARZ3NDEKTSV4RRFFQ69G5FAV-1",
        "ret_3f01ARZ3NDEKTSV4RRFFQ69G5FAV--1",
        "ord_3f01ARZ3NDEKTSV4RRFFQ69G5FAV",
    ] {
        rows.push(Row::post(format!("/v1/returns/{id}/authorize"), &json!({})).not_found());
    }
    rows
}

fn methods() -> Vec<Row> {
    let cases = [
        ("DELETE", "/v1/orders"),
        ("PUT", "/v1/orders"),
        ("PATCH", NOBODY),
        ("DELETE", NOBODY),
        ("OPTIONS", "/v1/orders"),
        ("POST", "/v1/items/red"),
        ("POST", "/v1/availability"),
        ("POST", "/v1/health"),
        ("DELETE", "/v1/version"),
    ];
    let mut rows: Vec<Row> = cases.map(|(method, path)| Row::new(method, path).is(405, "method_not_allowed")).into();
    rows.push(Row::get(format!("{NOBODY}/cancel")).is(405, "method_not_allowed"));
    rows.push(Row::get(format!("{NOBODY}/fulfillments/1/ship")).is(405, "method_not_allowed"));
    rows.push(Row::new("BREW", "/v1/orders").is(405, "method_not_allowed").in_memory_only());
    rows
}
