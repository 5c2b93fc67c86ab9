//! Goods on their way, backorders and replenishment that make no sense.

use serde_json::{Value, json};

use crate::row::{Row, changed, without};

/// More than anything is counted in.
const TOO_MANY: &str = "281474976710.656";

pub fn rows() -> Vec<Row> {
    [inbound(), purchases(), transfers(), dispatches(), backorders(), watches(), buying(), proposals(), questions()]
        .into_iter()
        .flatten()
        .collect()
}

fn coming(kind: &str) -> Value {
    let body = json!({"location": "ldn", "expected": "2026-12-01", "lines": [{"sku": "red", "quantity": "5"}]});
    if kind == "purchase" {
        return body;
    }
    changed(changed(body, "/from", json!("man")), "/ships", json!("2026-11-29"))
}

/// What purchase and transfer orders refuse alike.
fn inbound() -> Vec<Row> {
    let mut rows = Vec::new();
    for kind in ["purchase", "transfer"] {
        let path = format!("/v1/{kind}-orders/PO-1");
        let put = |body: &Value| Row::put(&path, body);
        let with = |pointer: &str, value: Value| put(&changed(coming(kind), pointer, value));
        let line = json!({"sku": "red", "quantity": "5"});
        let many: Vec<Value> = (0..201).map(|no| json!({"sku": format!("sku-{no}"), "quantity": "5"})).collect();
        rows.extend([
            Row::put(format!("/v1/{kind}-orders/{}", "x".repeat(300)), &coming(kind)).invalid("/id", "invalid_text"),
            put(&without(coming(kind), "/location")).invalid("/location", "missing_field"),
            put(&without(coming(kind), "/expected")).invalid("/expected", "missing_field"),
            put(&without(coming(kind), "/lines")).invalid("/lines", "missing_field"),
            with("/location", json!("moon")).invalid("/location", "unknown_location"),
            with("/location", json!("Moon")).invalid("/location", "invalid_location"),
            with("/expected", json!("2026-02-30")).invalid("/expected", "invalid_date"),
            with("/stage", json!("lost")).invalid("/stage", "unknown_value"),
            with("/color", json!(1)).invalid("/color", "unknown_field"),
            with("/lines", json!([])).invalid("/lines", "no_lines"),
            with("/lines", json!(many)).invalid("/lines", "too_many_lines"),
            with("/lines", json!([line, line])).invalid("/lines/1/sku", "named_twice"),
            with("/lines/0/sku", json!("pink")).invalid("/lines/0/sku", "unknown_sku"),
            with("/lines/0/sku", json!("")).invalid("/lines/0/sku", "invalid_sku"),
            with("/lines/0/quantity", json!("0")).invalid("/lines/0/quantity", "invalid_quantity"),
            with("/lines/0/quantity", json!("-5")).invalid("/lines/0/quantity", "invalid_quantity"),
            with("/lines/0/quantity", json!(5)).invalid("/lines/0/quantity", "wrong_type"),
            with("/lines", json!([{"sku": "blue", "quantity": "5"}, {"sku": "red", "quantity": TOO_MANY}]))
                .invalid("/lines/1/quantity", "invalid_inbound"),
            with("/lines/0/expected", json!("soon")).invalid("/lines/0/expected", "invalid_date"),
            with("/lines/0/color", json!(1)).invalid("/lines/0/color", "unknown_field"),
            Row::new("PUT", &path).bytes("[]").invalid("", "wrong_type"),
            Row::new("PUT", &path).bytes("{").malformed(),
            Row::new("DELETE", &path).is(405, "method_not_allowed"),
        ]);
    }
    rows
}

fn purchases() -> Vec<Row> {
    let with = |pointer: &str, value: Value| {
        Row::put("/v1/purchase-orders/PO-1", &changed(coming("purchase"), pointer, value))
    };
    vec![
        with("/from", json!("man")).invalid("/from", "unknown_field"),
        with("/ships", json!("2026-11-29")).invalid("/ships", "unknown_field"),
        Row::post("/v1/purchase-orders/PO-1/accept", &json!({"skus": []})).invalid("/skus", "no_lines"),
        Row::post("/v1/purchase-orders/PO-1/accept", &json!({"skus": ["pink"]})).invalid("/skus/0", "unknown_sku"),
        Row::post("/v1/purchase-orders/PO-1/accept", &json!({"skus": ["red"]})).not_found(),
        Row::post("/v1/purchase-orders/PO-1/accept", &json!({})).invalid("/skus", "missing_field"),
    ]
}

fn transfers() -> Vec<Row> {
    let put = |body: &Value| Row::put("/v1/transfer-orders/TR-1", body);
    let with = |pointer: &str, value: Value| put(&changed(coming("transfer"), pointer, value));
    vec![
        put(&without(coming("transfer"), "/from")).invalid("/from", "missing_field"),
        put(&without(coming("transfer"), "/ships")).invalid("/ships", "missing_field"),
        with("/from", json!("moon")).invalid("/from", "unknown_location"),
        with("/from", json!("Moon")).invalid("/from", "invalid_location"),
        with("/from", json!("ldn")).invalid("/location", "same_location"),
        with("/ships", json!("soon")).invalid("/ships", "invalid_date"),
        with("/ships", json!("2026-12-02")).invalid("/ships", "invalid_inbound"),
        with("/lines/0/expected", json!("2026-11-01")).invalid("/ships", "invalid_inbound"),
    ]
}

fn dispatches() -> Vec<Row> {
    let good = || json!({"transfer": "TR-1", "from": "man", "lines": [{"sku": "red", "quantity": "1"}]});
    let with = |pointer: &str, value: Value| Row::post("/v1/stock/dispatches", &changed(good(), pointer, value));
    vec![
        Row::post("/v1/stock/dispatches", &good()).invalid("/lines/0/quantity", "not_to_leave"),
        with("/transfer", json!("")).invalid("/transfer", "invalid_text"),
        with("/from", json!("moon")).invalid("/from", "unknown_location"),
        with("/lines", json!([])).invalid("/lines", "no_lines"),
        with("/lines/0/sku", json!("pink")).invalid("/lines/0/sku", "unknown_sku"),
        with("/lines/0/quantity", json!("0")).invalid("/lines/0/quantity", "invalid_quantity"),
        Row::post("/v1/stock/dispatches", &without(good(), "/transfer")).invalid("/transfer", "missing_field"),
        Row::post("/v1/stock/dispatches", &good()).without("idempotency-key").is(400, "idempotency_key_missing"),
    ]
}

fn backorders() -> Vec<Row> {
    let put = |rules: Value| Row::put("/v1/backorder-policy", &json!({"rules": rules}));
    let rule = |member: &str, value: Value| {
        put(json!([{"strategy": "win"}, changed(json!({"strategy": "win"}), &format!("/{member}"), value)]))
    };
    vec![
        put(json!(vec![json!({"strategy": "win"}); 51])).invalid("/rules", "too_many"),
        put(json!([{}])).invalid("/rules/0/strategy", "missing_field"),
        put(json!(["win"])).invalid("/rules/0", "wrong_type"),
        put(json!("win")).invalid("/rules", "wrong_type"),
        rule("strategy", json!("draw")).invalid("/rules/1/strategy", "unknown_value"),
        rule("channels", json!(["web", "The Web"])).invalid("/rules/1/channels/1", "invalid_channel"),
        rule("channels", json!(vec!["web"; 101])).invalid("/rules/1/channels", "too_many"),
        rule("customer_classes", json!(["Gold!"])).invalid("/rules/1/customer_classes/0", "invalid_code"),
        rule("customer_classes", json!(vec!["gold"; 101])).invalid("/rules/1/customer_classes", "too_many"),
        rule("customer_classes", json!("gold")).invalid("/rules/1/customer_classes", "wrong_type"),
        rule("until", json!("2026-12-01")).invalid("/rules/1/until", "unknown_field"),
        Row::put("/v1/backorder-policy", &json!({})).invalid("/rules", "missing_field"),
        Row::new("PUT", "/v1/backorder-policy").bytes("[]").invalid("", "wrong_type"),
        Row::new("PUT", "/v1/backorder-policy").bytes("{").malformed(),
        Row::post("/v1/backorder-policy", &json!({"rules": []})).is(405, "method_not_allowed"),
    ]
}

fn watch(body: &Value) -> Row {
    Row::put("/v1/items/red/replenishment", body)
}

fn watches() -> Vec<Row> {
    let bands = |thresholds: Value| watch(&json!({"thresholds": thresholds}));
    vec![
        bands(json!({"low": "5", "medium": "2"})).invalid("/thresholds/medium", "not_ascending"),
        bands(json!({"medium": "5", "high": "5"})).invalid("/thresholds/high", "not_ascending"),
        bands(json!({"low": "-1"})).invalid("/thresholds/low", "invalid_quantity"),
        bands(json!({"low": 1})).invalid("/thresholds/low", "wrong_type"),
        bands(json!({"lowest": "1"})).invalid("/thresholds/lowest", "unknown_field"),
        bands(json!("low")).invalid("/thresholds", "wrong_type"),
        watch(&json!({"color": 1})).invalid("/color", "unknown_field"),
        Row::new("PUT", "/v1/items/red/replenishment").bytes("[]").invalid("", "wrong_type"),
        Row::new("PUT", "/v1/items/red/replenishment").bytes("{").malformed(),
        Row::put("/v1/items/pink/replenishment", &json!({})).not_found(),
        Row::get("/v1/items/pink/replenishment").not_found(),
    ]
}

fn buying() -> Vec<Row> {
    let good = || json!({"supplier": "acme", "locations": ["ldn"], "lead_days": 14, "service_permille": 950});
    let with = |member: &str, value: Value| watch(&json!({"buying": changed(good(), &format!("/{member}"), value)}));
    let missing = |member: &str| watch(&json!({"buying": without(good(), &format!("/{member}"))}));
    let costs = |order: i64, holding: i64| {
        let body = changed(good(), "/order_cost", json!(order));
        watch(&json!({"buying": changed(body, "/holding_cost", json!(holding))}))
    };
    vec![
        missing("supplier").invalid("/buying/supplier", "missing_field"),
        missing("locations").invalid("/buying/locations", "missing_field"),
        missing("lead_days").invalid("/buying/lead_days", "missing_field"),
        missing("service_permille").invalid("/buying/service_permille", "missing_field"),
        // Nobody of that name.
        watch(&json!({"buying": good()})).invalid("/buying/supplier", "unknown_location"),
        with("supplier", json!("Acme Ltd")).invalid("/buying/supplier", "invalid_location"),
        with("locations", json!([])).invalid("/buying/locations", "empty"),
        with("locations", json!(["ldn", "ldn"])).invalid("/buying/locations/1", "named_twice"),
        with("locations", json!(["Moon"])).invalid("/buying/locations/0", "invalid_location"),
        watch(&json!({"buying": changed(changed(good(), "/supplier", json!("man")), "/locations", json!(["ldn", "moon"]))}))
            .invalid("/buying/locations/1", "unknown_location"),
        with("lead_days", json!(-1)).invalid("/buying/lead_days", "out_of_range"),
        with("lead_days", json!(100_000)).invalid("/buying/lead_days", "out_of_range"),
        with("lead_days", json!("14")).invalid("/buying/lead_days", "wrong_type"),
        with("lead_deviation_days", json!(-1)).invalid("/buying/lead_deviation_days", "out_of_range"),
        with("service_permille", json!(499)).invalid("/buying/service_permille", "out_of_range"),
        with("service_permille", json!(1_000)).invalid("/buying/service_permille", "out_of_range"),
        with("order_quantity", json!("0")).invalid("/buying/order_quantity", "invalid_quantity"),
        with("order_cost", json!(5)).invalid("/buying", "missing_field"),
        with("holding_cost", json!(5)).invalid("/buying", "missing_field"),
        costs(-1, 5).invalid("/buying/order_cost", "out_of_range"),
        costs(5, 0).invalid("/buying/holding_cost", "out_of_range"),
        costs(5, 1_000_000_001).invalid("/buying/holding_cost", "out_of_range"),
        watch(&json!({"buying": changed(changed(good(), "/order_quantity", json!("5")), "/order_cost", json!(5))}))
            .invalid("/buying/order_quantity", "excluded"),
        with("multiple", json!("-12")).invalid("/buying/multiple", "invalid_quantity"),
        with("least", json!("a few")).invalid("/buying/least", "invalid_quantity"),
        with("keep_safety", json!("yes")).invalid("/buying/keep_safety", "wrong_type"),
        with("color", json!(1)).invalid("/buying/color", "unknown_field"),
    ]
}

fn proposals() -> Vec<Row> {
    let post = |body: &Value| Row::post("/v1/replenishment", body);
    vec![
        post(&json!({"skus": ["red"]})).without("idempotency-key").is(400, "idempotency_key_missing"),
        post(&json!({})).invalid("/skus", "missing_field"),
        post(&json!({"skus": []})).invalid("/skus", "no_lines"),
        post(&json!({"skus": ["red", ""]})).invalid("/skus/1", "invalid_sku"),
        post(&json!({"skus": ["red", "pink"]})).invalid("/skus/1", "unknown_sku"),
        post(&json!({"skus": "red"})).invalid("/skus", "wrong_type"),
        post(&json!({"skus": ["red"], "color": 1})).invalid("/color", "unknown_field"),
    ]
}

/// What is asked about supply and demand.
fn questions() -> Vec<Row> {
    let mut rows = Vec::new();
    for path in ["inbound", "stock/crossings", "forecasts", "replenishment", "backorders"] {
        rows.extend([
            Row::get(format!("/v1/{path}")).parameter("/sku", "missing_parameter"),
            Row::get(format!("/v1/{path}?sku=red&color=1")).parameter("/color", "unknown_parameter"),
            Row::get(format!("/v1/{path}?sku=red,")).parameter("/sku/1", "invalid_sku"),
            Row::get(format!("/v1/{path}?sku=red,pink")).not_found().at("/sku/1", "unknown_sku"),
        ]);
    }
    rows.extend([
        Row::get("/v1/forecasts?sku=red&weeks=0").parameter("/weeks", "out_of_range"),
        Row::get("/v1/forecasts?sku=red&weeks=-1").parameter("/weeks", "out_of_range"),
        Row::get("/v1/forecasts?sku=red&weeks=1000").parameter("/weeks", "out_of_range"),
        Row::get("/v1/forecasts?sku=red&location=Moon").parameter("/location", "invalid_location"),
    ]);
    rows
}
