//! Orders that are none.

use oms_tests::shop::Shop;
use serde_json::{Value, json};

use crate::row::{Row, order, without};

pub fn rows() -> Vec<Row> {
    [json(), shapes(), quantities(), money(), texts(), others(), imports()].into_iter().flatten().collect()
}

fn place(body: &Value) -> Row {
    Row::post("/v1/orders", body)
}

fn raw(body: impl Into<Vec<u8>>) -> Row {
    Row::new("POST", "/v1/orders").bytes(body)
}

/// What is not JSON at all.
fn json() -> Vec<Row> {
    let good = Shop::order(&[("red", "1")]).to_string();
    let utf16: Vec<u8> = good.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut not_utf8 = good.replace("web", "we!").into_bytes();
    let at = not_utf8.iter().position(|byte| *byte == b'!').expect("the mark");
    not_utf8[at] = 0xFF;
    let bodies: Vec<Vec<u8>> = vec![
        Vec::new(),
        b" ".to_vec(),
        b"{".to_vec(),
        b"{\"channel\":".to_vec(),
        b"channel=web&currency=GBP".to_vec(),
        b"<order/>".to_vec(),
        b"\0".to_vec(),
        format!("{good}{good}").into_bytes(),
        format!("{good}]").into_bytes(),
        format!("\u{feff}{good}").into_bytes(),
        good.replace('"', "'").into_bytes(),
        good.replace("\"1\"", "NaN").into_bytes(),
        good.replace("\"1\"", "01").into_bytes(),
        good.replace("\"1\"", "1e400").into_bytes(),
        good.replace("web", "w\\xeb").into_bytes(),
        good.replace("web", "\\ud800").into_bytes(),
        good.replace("web", "w\neb").into_bytes(),
        good.replace(",\"currency\"", ",,\"currency\"").into_bytes(),
        utf16,
        not_utf8,
    ];
    let mut rows: Vec<Row> = bodies.into_iter().map(|body| raw(body).malformed()).collect();
    rows.push(raw(good.replace("\"web\"", &"[".repeat(100_000))).malformed());
    rows.push(raw("[".repeat(100_000)).malformed());
    rows.push(raw("{\"lines\":".repeat(20_000)).malformed());
    rows
}

/// JSON of another shape.
fn shapes() -> Vec<Row> {
    let good = || Shop::order(&[("red", "1")]);
    let doubled = good().to_string().replacen('{', "{\"currency\":\"EUR\",", 1);
    let in_a_line = good().to_string().replace("\"sku\":\"red\"", "\"sku\":\"red\",\"sku\":\"blue\"");
    let mut rows = vec![
        raw("null").invalid("", "wrong_type"),
        raw("7").invalid("", "wrong_type"),
        raw("\"order\"").invalid("", "wrong_type"),
        raw("[]").invalid("", "wrong_type"),
        raw(format!("[{}]", good())).invalid("", "wrong_type"),
        // The members of an order in a row, without their names.
        raw(
            r#"[null,"web",null,null,{"country":"GB"},"GBP",false,null,null,[{"sku":"red","quantity":"1"}],null,null]"#,
        )
        .invalid("", "wrong_type"),
        place(&order("/lines", json!([["red", "1", null]]))).invalid("/lines/0", "wrong_type"),
        place(&order("/lines/0/unit_price", json!([899, "GBP"]))).invalid("/lines/0/unit_price", "wrong_type"),
        place(&order("/ship_to", json!([null, null, null, null, null, "GB", null, null])))
            .invalid("/ship_to", "wrong_type"),
        place(&order("/customer", json!([]))).invalid("/customer", "wrong_type"),
        raw("{}").invalid("/channel", "missing_field"),
        raw(doubled).invalid("/currency", "duplicate_field"),
        raw(in_a_line).invalid("/lines/0/sku", "duplicate_field"),
        place(&order("/color", json!("red"))).invalid("/color", "unknown_field"),
        place(&order("/a~b", json!(1))).invalid("/a~0b", "unknown_field"),
        place(&order("/ship_to/zip", json!("E1"))).invalid("/ship_to/zip", "unknown_field"),
        place(&order("/lines/0/unit_price", json!({"amount": 1, "currency": "GBP", "net": true})))
            .invalid("/lines/0/unit_price/net", "unknown_field"),
        place(&order("/customer", json!({"vip": true}))).invalid("/customer/vip", "unknown_field"),
        place(&order("/key", json!("k"))).invalid("/key", "unknown_field"),
        place(&order("/placed_at", json!("2010-12-01T08:26:00.000Z"))).invalid("/placed_at", "unknown_field"),
        place(&order("/lines/0/unit_price", json!({"amount": 1})))
            .invalid("/lines/0/unit_price/currency", "missing_field"),
    ];
    for (member, pointer) in
        ["/channel", "/currency", "/ship_to", "/lines", "/ship_to/country", "/lines/0/sku", "/lines/0/quantity"]
            .map(|member| (member, member))
    {
        rows.push(place(&without(good(), member)).invalid(pointer, "missing_field"));
    }
    let types: [(&'static str, Value); 14] = [
        ("/channel", json!(7)),
        ("/channel", Value::Null),
        ("/currency", json!(["GBP"])),
        ("/ship_to", json!("London")),
        ("/ship_to/country", json!(44)),
        ("/ship_to/latitude", json!("north")),
        ("/lines", json!({"sku": "red"})),
        ("/lines", json!("red")),
        ("/lines/0/quantity", json!(1)),
        ("/lines/0/quantity", json!(1.5)),
        ("/draft", json!("yes")),
        ("/customer", json!("Ada")),
        ("/external_ref", json!(1001)),
        ("/id", json!(true)),
    ];
    rows.extend(types.into_iter().map(|(pointer, value)| place(&order(pointer, value)).invalid(pointer, "wrong_type")));
    rows
}

fn quantities() -> Vec<Row> {
    let bad = [
        "",
        "0",
        "0.000",
        "-1",
        "-0.5",
        "+1",
        "1.0001",
        "0.0001",
        "1.",
        ".5",
        "01",
        "1,5",
        "1e3",
        "0x10",
        " 1",
        "1 ",
        "one",
        "NaN",
        "Infinity",
        "\u{ff11}",
        "1\u{0}",
        "9007199254740.992",
        "99999999999999999999999999999",
    ];
    let rows = bad
        .map(|text| place(&order("/lines/0/quantity", json!(text))).invalid("/lines/0/quantity", "invalid_quantity"));
    rows.into()
}

fn money() -> Vec<Row> {
    let priced =
        |amount: Value, currency: &str| order("/lines/0/unit_price", json!({"amount": amount, "currency": currency}));
    let dear = json!([{"sku": "red", "quantity": "9007199254740", "unit_price": {"amount": 9_007_199_254_740_991_i64, "currency": "GBP"}}]);
    let amount = "/lines/0/unit_price/amount";
    vec![
        place(&priced(json!(-1), "GBP")).invalid(amount, "negative_price"),
        place(&priced(json!(9_007_199_254_740_992_i64), "GBP")).invalid(amount, "invalid_amount"),
        place(&priced(json!(i64::MIN), "GBP")).invalid(amount, "invalid_amount"),
        place(&priced(json!(u64::MAX), "GBP")).invalid(amount, "wrong_type"),
        place(&priced(json!(2.55), "GBP")).invalid(amount, "wrong_type"),
        place(&priced(json!("255"), "GBP")).invalid(amount, "wrong_type"),
        raw(priced(json!(7), "GBP").to_string().replace(":7,", ":123456789012345678901234567890,"))
            .invalid(amount, "wrong_type"),
        place(&priced(json!(255), "EUR")).invalid("/lines/0/unit_price/currency", "currency_mismatch"),
        place(&priced(json!(255), "pounds")).invalid("/lines/0/unit_price/currency", "invalid_currency"),
        place(&order("/currency", json!("QQQ"))).invalid("/currency", "invalid_currency"),
        place(&order("/currency", json!("gbp"))).invalid("/currency", "invalid_currency"),
        place(&order("/currency", json!(""))).invalid("/currency", "invalid_currency"),
        place(&order("/currency", json!("USD"))).invalid("/lines/0/sku", "no_price"),
        place(&order("/lines", dear)).invalid("/lines/0/quantity", "too_much_money"),
    ]
}

/// Names and codes.
fn texts() -> Vec<Row> {
    let long = |count: usize| "a".repeat(count);
    let cases: Vec<(&'static str, String, &'static str)> = vec![
        ("/channel", String::new(), "invalid_channel"),
        ("/channel", "WEB".into(), "invalid_channel"),
        ("/channel", "w e b".into(), "invalid_channel"),
        ("/channel", long(33), "invalid_channel"),
        ("/lines/0/sku", String::new(), "invalid_sku"),
        ("/lines/0/sku", "a/b".into(), "invalid_sku"),
        ("/lines/0/sku", "a,b".into(), "invalid_sku"),
        ("/lines/0/sku", " red".into(), "invalid_sku"),
        ("/lines/0/sku", "re\u{0}d".into(), "invalid_sku"),
        ("/lines/0/sku", "r\u{e9}d".into(), "invalid_sku"),
        ("/lines/0/sku", long(65), "invalid_sku"),
        ("/lines/0/sku", "'; DROP--".into(), "invalid_sku"),
        ("/ship_to/country", "gb".into(), "invalid_country"),
        ("/ship_to/country", "England".into(), "invalid_country"),
        ("/ship_to/country", String::new(), "invalid_country"),
        ("/external_ref", String::new(), "invalid_text"),
        ("/external_ref", "SO\u{0}1".into(), "invalid_text"),
        ("/external_ref", "SO\n1".into(), "invalid_text"),
        ("/external_ref", long(201), "invalid_text"),
        ("/ship_to/line1", "1 High\u{1b}[2J St".into(), "invalid_text"),
        ("/ship_to/city", "Lon\u{2028}don".into(), "invalid_text"),
        ("/ship_to/name", "  \t ".into(), "invalid_text"),
        ("/cart", "a cart".into(), "invalid_cart"),
        ("/cart", long(65), "invalid_cart"),
        ("/shortage", "maybe".into(), "unknown_value"),
        ("/id", "ord_1".into(), "invalid_order_id"),
        ("/id", "ord_3f01ARZ3NDEKTSV4RRFFQ69G5FAU\u{0}".into(), "invalid_order_id"),
        ("/id", "ord_zz01ARZ3NDEKTSV4RRFFQ69G5FAV".into(), "invalid_order_id"),
        ("/id", "../../etc/passwd".into(), "invalid_order_id"),
    ];
    let mut rows: Vec<Row> = cases
        .into_iter()
        .map(|(pointer, text, code)| place(&order(pointer, json!(text))).invalid(pointer, code))
        .collect();
    for (member, text) in [("name", "A\u{7}da"), ("email", ""), ("phone", "\u{7f}"), ("id", "\u{0}")] {
        let pointer = match member {
            "name" => "/customer/name",
            "email" => "/customer/email",
            "phone" => "/customer/phone",
            _ => "/customer/id",
        };
        rows.push(place(&order("/customer", json!({member: text}))).invalid(pointer, "invalid_text"));
    }
    rows
}

fn others() -> Vec<Row> {
    let lines = |count: usize| json!(vec![json!({"sku": "red", "quantity": "0.001"}); count]);
    let two = json!([{"sku": "red", "quantity": "1"}, {"sku": "pink", "quantity": "1"}]);
    let many_faults = json!({"channel": "", "currency": "?", "ship_to": {"country": "?", "latitude": 91.0, "longitude": 0.0},
        "lines": [{"sku": "red", "quantity": "0"}, {"sku": "", "quantity": "x"}]});
    vec![
        place(&order("/lines", json!([]))).invalid("/lines", "no_lines"),
        place(&order("/lines", lines(201))).invalid("/lines", "too_many_lines"),
        place(&order("/lines", two)).invalid("/lines/1/sku", "unknown_sku"),
        place(&order("/lines/0/sku", json!("RED"))).invalid("/lines/0/sku", "unknown_sku"),
        place(&order("/ship_to/latitude", json!(91))).invalid("/ship_to/latitude", "out_of_range"),
        place(&order("/ship_to/longitude", json!(-180.5))).invalid("/ship_to/longitude", "out_of_range"),
        place(&order("/ship_to", json!({"country": "GB", "latitude": 1})))
            .invalid("/ship_to/longitude", "missing_field"),
        place(&order("/ship_to", json!({"country": "GB", "longitude": 1})))
            .invalid("/ship_to/latitude", "missing_field"),
        place(&order("/lines/0/quantity", json!("1000"))).is(409, "insufficient_stock"),
        place(&order("/lines/0/quantity", json!("9007199254740.991"))).invalid("/lines/0/quantity", "unroutable"),
        place(&many_faults)
            .is(422, "validation_failed")
            .at("/channel", "invalid_channel")
            .at("/ship_to/country", "invalid_country")
            .at("/ship_to/latitude", "out_of_range")
            .at("/currency", "invalid_currency")
            .at("/lines/0/quantity", "invalid_quantity")
            .at("/lines/1/sku", "invalid_sku")
            .at("/lines/1/quantity", "invalid_quantity"),
    ]
}

/// An import as a whole; what a line is told stands in the scenarios.
fn imports() -> Vec<Row> {
    let lines = "{}\n".repeat(5_001);
    vec![
        Row::new("POST", "/v1/imports/orders").bytes(lines.clone()).invalid("", "too_many_lines"),
        Row::new("POST", "/v1/imports/stock").bytes(lines).invalid("", "too_many_lines"),
        Row::new("POST", "/v1/imports/prices").bytes("{}").not_found(),
        Row::get("/v1/imports/orders").is(405, "method_not_allowed"),
        Row::new("POST", "/v1/imports/orders")
            .bytes("a,b")
            .header("content-type", "text/csv")
            .is(415, "unsupported_media_type"),
    ]
}
