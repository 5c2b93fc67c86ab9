//! Questions that cannot be answered.

use crate::row::Row;

/// `d:0:ord_x` sealed as a cursor is: right form, wrong order.
const FORGED: &str = "643a303a6f72645f78";

pub fn rows() -> Vec<Row> {
    [lists(), availability(), house()].into_iter().flatten().collect()
}

fn lists() -> Vec<Row> {
    let get = |query: &str| Row::get(format!("/v1/orders?{query}"));
    let long = format!("q={}", "a".repeat(201));
    let words = format!("q={}", ["a"; 11].join("+"));
    let mut rows: Vec<Row> = ["0", "101", "-1", "1.5", "ten", "99999999999999999999"]
        .map(|limit| get(&format!("limit={limit}")).parameter("/limit", "out_of_range"))
        .into();
    rows.extend(
        ["zz", "6", "64", "ff", FORGED, &"64".repeat(300)]
            .map(|cursor| get(&format!("cursor={cursor}")).parameter("/cursor", "malformed_cursor")),
    );
    rows.extend([
        get("sort=price").parameter("/sort", "unknown_value"),
        get("status=lost").parameter("/status", "unknown_value"),
        get("status=allocated,lost").parameter("/status", "unknown_value"),
        get("channel=WEB").parameter("/channel", "invalid_channel"),
        get("customer=%00").parameter("/customer", "invalid_text"),
        get("external_ref=%0a").parameter("/external_ref", "invalid_text"),
        get("created_at[gte]=yesterday").parameter("/created_at[gte]", "invalid_time"),
        get("created_at[lt]=2010-02-30T00:00:00.000Z").parameter("/created_at[lt]", "invalid_time"),
        get("created_at%5Blt%5D=1").parameter("/created_at[lt]", "invalid_time"),
        get(&long).parameter("/q", "too_long"),
        get(&words).parameter("/q", "too_long"),
        get("page=2").parameter("/page", "unknown_parameter"),
        get("Limit=2").parameter("/Limit", "unknown_parameter"),
        get("limit=2&limit=3").parameter("/limit", "named_twice"),
        get("q=%zz").parameter("/query", "malformed_query"),
        get("q=%ff").parameter("/query", "malformed_query"),
        get("q=100%").parameter("/query", "malformed_query"),
        get("%e9=1").parameter("/query", "malformed_query"),
    ]);
    rows
}

fn availability() -> Vec<Row> {
    let many = format!("/v1/availability?sku={}", ["red"; 101].join(","));
    vec![
        Row::get("/v1/availability").parameter("/sku", "missing_parameter"),
        Row::get("/v1/availability?sku=").parameter("/sku", "missing_parameter"),
        Row::get("/v1/availability?sku=red,,blue").parameter("/sku/1", "invalid_sku"),
        Row::get("/v1/availability?sku=a%2Fb").parameter("/sku/0", "invalid_sku"),
        Row::get(many).parameter("/sku", "too_many_skus"),
        Row::get("/v1/availability?sku=red,pink,blue,gray")
            .not_found()
            .at("/sku/1", "unknown_sku")
            .at("/sku/3", "unknown_sku"),
        Row::get("/v1/availability?sku=red&location=nowhere").not_found().at("/location", "unknown_location"),
        Row::get("/v1/availability?sku=red&location=%00").not_found().at("/location", "unknown_location"),
        Row::get("/v1/availability?sku=red&where=ldn").parameter("/where", "unknown_parameter"),
        Row::get("/v1/availability?sku=%c3%28").parameter("/query", "malformed_query"),
    ]
}

fn house() -> Vec<Row> {
    vec![
        Row::get("/v1/audit?cursor=zz").parameter("/cursor", "malformed_cursor"),
        // "512": an object that no topology has.
        Row::get("/v1/audit?cursor=353132").parameter("/cursor", "malformed_cursor"),
        Row::get("/v1/audit?limit=1").parameter("/limit", "unknown_parameter"),
        Row::get("/v1/stats?all=1").parameter("/all", "unknown_parameter"),
        Row::new("POST", "/v1/audit").bytes("{}").is(405, "method_not_allowed"),
    ]
}
