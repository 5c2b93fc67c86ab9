//! Calendars, carriers, policies and ways of delivery that make no sense.

use serde_json::{Value, json};

use crate::row::{Row, changed, order, without};

const NOBODY: &str = "/v1/orders/ord_3f01ARZ3NDEKTSV4RRFFQ69G5FAV";
/// One minor unit more than anything may cost.
const TOO_DEAR: u64 = 1_000_000_001;

pub fn rows() -> Vec<Row> {
    [calendars(), carriers(), rates(), policies(), strategies(), locations(), items(), orders(), paths()]
        .into_iter()
        .flatten()
        .collect()
}

fn calendars() -> Vec<Row> {
    let good =
        || json!({"week": ["monday"], "zone": {"offset_minutes": 60}, "cutoff": "14:00", "holidays": ["2025-12-25"]});
    let with = |pointer: &str, value: Value| Row::put("/v1/calendars/depot", &changed(good(), pointer, value));
    let change = |at: &str, minutes: i32| json!({"at": at, "offset_minutes": minutes});
    let turned = json!([change("2025-10-26T01:00:00.000Z", 0), change("2025-03-30T01:00:00.000Z", 60)]);
    vec![
        Row::put("/v1/calendars/Depot", &good()).invalid("/name", "invalid_code"),
        Row::put(format!("/v1/calendars/{}", "d".repeat(33)), &good()).invalid("/name", "invalid_code"),
        Row::put("/v1/calendars/every-day", &good()).invalid("/name", "reserved_name"),
        with("/week", json!([])).invalid("/week", "invalid_calendar"),
        with("/week", json!(["moonday"])).invalid("/week/0", "unknown_value"),
        with("/week", json!("monday")).invalid("/week", "wrong_type"),
        with("/holidays", json!(["2025-02-29"])).invalid("/holidays/0", "wrong_type"),
        with("/holidays", json!(["Christmas"])).invalid("/holidays/0", "wrong_type"),
        with("/holidays", json!(vec!["2025-12-25"; 2_001])).invalid("/holidays", "invalid_calendar"),
        with("/extra", json!([20_251_225])).invalid("/extra/0", "wrong_type"),
        with("/cutoff", json!("25:00")).invalid("/cutoff", "wrong_type"),
        with("/zone/offset_minutes", json!(1_081)).invalid("/zone/offset_minutes", "invalid_calendar"),
        with("/zone/offset_minutes", json!(0.5)).invalid("/zone/offset_minutes", "wrong_type"),
        with("/zone/changes", turned).invalid("/zone/changes/at", "invalid_calendar"),
        with("/zone/changes", json!([change("2025-03-30T01:00:00.000Z", 9_999)]))
            .invalid("/zone/changes/offset_minutes", "invalid_calendar"),
        with("/zone/changes", json!([change("spring", 60)])).invalid("/zone/changes/0/at", "invalid_time"),
        with("/zone/changes", json!([["2025-03-30T01:00:00.000Z", 60]])).invalid("/zone/changes/0", "wrong_type"),
        with("/zone", json!([60])).invalid("/zone", "wrong_type"),
        with("/zone/name", json!("Europe/London")).invalid("/zone/name", "unknown_field"),
        with("/days", json!([])).invalid("/days", "unknown_field"),
        Row::put("/v1/calendars/depot", &json!({"extra": []})).invalid("/week", "missing_field"),
        // All its days are over.
        Row::put("/v1/calendars/depot", &json!({"week": [], "extra": ["2001-01-01"]}))
            .invalid("/week", "invalid_calendar"),
        Row::new("PUT", "/v1/calendars/depot").bytes("[]").invalid("", "wrong_type"),
        Row::new("PUT", "/v1/calendars/depot").bytes("{").malformed(),
        Row::get("/v1/calendars/depot").not_found(),
    ]
}

fn carrier() -> Value {
    json!({"zones": [{"name": "all", "reach": "anywhere"}],
        "services": [{"name": "parcel", "calendar": "every-day", "rates": [
            {"zone": "all", "days": [1, 2], "steps": [{"up_to_grams": 1_000, "price": 300}], "beyond_per_kg": 50}]}]})
}

fn carriers() -> Vec<Row> {
    let with = |pointer: &str, value: Value| Row::put("/v1/carriers/post", &changed(carrier(), pointer, value));
    let zone = json!({"name": "all", "reach": "anywhere"});
    let service = carrier()["services"][0].clone();
    vec![
        Row::put("/v1/carriers/The%20Post", &carrier()).invalid("/name", "invalid_code"),
        Row::put("/v1/carriers/any", &carrier()).invalid("/name", "reserved_name"),
        with("/zones", json!([]))
            .is(422, "validation_failed")
            .at("/zones", "empty")
            .at("/services/0/rates/0/zone", "unknown_name"),
        with("/zones", json!([zone, zone])).invalid("/zones/1/name", "named_twice"),
        with("/zones", json!([{"name": "all", "reach": "somewhere"}])).invalid("/zones/0/reach", "unknown_value"),
        with("/zones", json!([{"name": "all", "reach": {"within": {"meters": -1}}}]))
            .invalid("/zones/0/reach/within/meters", "wrong_type"),
        with("/zones", json!([{"name": "all", "reach": {"to": {"country": "Britain"}}}]))
            .invalid("/zones/0/reach/to/country", "wrong_type"),
        with("/services", json!([])).invalid("/services", "empty"),
        with("/services", json!([service, service])).invalid("/services/1/name", "named_twice"),
        with("/services/0/calendar", json!("lunar")).invalid("/services/0/calendar", "unknown_name"),
        with("/services/0/calendar", json!("")).invalid("/services/0/calendar", "wrong_type"),
        with("/services/0/heaviest_grams", json!(100_000_001)).invalid("/services/0/heaviest_grams", "out_of_range"),
        with("/services/0/rates", json!([])).invalid("/services/0/rates", "empty"),
        with("/services/0/insured", json!(true)).invalid("/services/0/insured", "unknown_field"),
        with("/color", json!("red")).invalid("/color", "unknown_field"),
        Row::put("/v1/carriers/post", &without(carrier(), "/zones")).invalid("/zones", "missing_field"),
        Row::new("PUT", "/v1/carriers/post").bytes("[[],[]]").invalid("", "wrong_type"),
        Row::get("/v1/carriers/post").not_found(),
        Row::get("/v1/carriers/any").not_found(),
    ]
}

fn rates() -> Vec<Row> {
    let with = |member: &str, value: Value| {
        Row::put("/v1/carriers/post", &changed(carrier(), &format!("/services/0/rates/0/{member}"), value))
    };
    let step = |grams: u64, price: i64| json!({"up_to_grams": grams, "price": price});
    vec![
        with("zone", json!("moon")).invalid("/services/0/rates/0/zone", "unknown_name"),
        with("days", json!([2, 1])).invalid("/services/0/rates/0/days", "not_ascending"),
        with("days", json!([1, 366])).invalid("/services/0/rates/0/days/1", "out_of_range"),
        with("days", json!([1])).invalid("/services/0/rates/0/days", "wrong_type"),
        with("days", json!([-1, 1])).invalid("/services/0/rates/0/days/0", "wrong_type"),
        with("steps", json!([])).invalid("/services/0/rates/0/steps", "empty"),
        with("steps", json!([step(2_000, 300), step(1_000, 400)]))
            .invalid("/services/0/rates/0/steps", "not_ascending"),
        with("steps", json!([step(1_000, 300), step(2_000, 200)]))
            .invalid("/services/0/rates/0/steps", "not_ascending"),
        with("steps", json!([step(1_000, -300)])).invalid("/services/0/rates/0/steps/0/price", "negative"),
        with("steps", json!([step(1_000, 1_000_000_001)])).invalid("/services/0/rates/0/steps/0/price", "out_of_range"),
        with("steps", json!([step(100_000_001, 1)])).invalid("/services/0/rates/0/steps/0/up_to_grams", "out_of_range"),
        with("steps", json!([{"up_to_grams": 1, "price": 2.5}]))
            .invalid("/services/0/rates/0/steps/0/price", "wrong_type"),
        with("steps", json!([{"up_to_grams": 1, "price": u64::MAX}]))
            .invalid("/services/0/rates/0/steps/0/price", "wrong_type"),
        with("beyond_per_kg", json!(-1)).invalid("/services/0/rates/0/beyond_per_kg", "negative"),
        with("beyond_per_kg", json!(TOO_DEAR)).invalid("/services/0/rates/0/beyond_per_kg", "out_of_range"),
    ]
}

fn policy() -> Value {
    json!({"name": "rules", "strategies": [{"name": "all", "criteria": ["least_short", "nearest"]}]})
}

fn policies() -> Vec<Row> {
    let with = |pointer: &str, value: Value| Row::put("/v1/routing/policy", &changed(policy(), pointer, value));
    let strategy = json!({"name": "all", "criteria": ["least_short"]});
    let many = |count: usize| -> Vec<Value> {
        (0..count).map(|number| json!({"name": format!("s{number}"), "criteria": ["least_short"]})).collect()
    };
    vec![
        with("/strategies", json!([])).invalid("/strategies", "empty"),
        with("/strategies", json!([strategy, strategy])).invalid("/strategies/1/name", "named_twice"),
        with("/strategies", json!(many(33))).invalid("/strategies", "too_many"),
        with("/name", json!("")).invalid("/name", "wrong_type"),
        with("/stage", json!("retired")).invalid("/stage", "unknown_value"),
        with("/costs", json!({"reroute": -1})).invalid("/costs/reroute", "negative"),
        with("/costs", json!({"late_parcel_day": TOO_DEAR})).invalid("/costs/late_parcel_day", "out_of_range"),
        with("/costs", json!({"late_unit_day": i64::MAX})).invalid("/costs/late_unit_day", "wrong_type"),
        with("/costs", json!({"short_permille": 10_001})).invalid("/costs/short_permille", "out_of_range"),
        with("/costs", json!({"backlog_day": "much"})).invalid("/costs/backlog_day", "wrong_type"),
        with("/costs", json!({"postage": 1})).invalid("/costs/postage", "unknown_field"),
        with("/rules", json!([])).invalid("/rules", "unknown_field"),
        Row::put("/v1/routing/policy", &json!({"name": "rules"})).invalid("/strategies", "missing_field"),
        Row::new("PUT", "/v1/routing/policy").bytes("[]").invalid("", "wrong_type"),
        Row::new("PUT", "/v1/routing/policy").malformed(),
        Row::post("/v1/routing/policy/activate", &json!({})).not_found(),
        Row::post("/v1/routing/policy/activate", &json!({"version": 1})).invalid("/version", "unknown_field"),
    ]
}

fn strategies() -> Vec<Row> {
    let with = |member: &str, value: Value| {
        Row::put("/v1/routing/policy", &changed(policy(), &format!("/strategies/0/{member}"), value))
    };
    let lists = |lists: Value| json!(["least_short", {"priority": {"lists": lists}}]);
    vec![
        with("criteria", json!([])).invalid("/strategies/0/criteria", "empty"),
        with("criteria", json!(["nearest"])).invalid("/strategies/0/criteria", "ships_nothing"),
        with("criteria", json!(["cheapest"])).invalid("/strategies/0/criteria", "ships_nothing"),
        with("criteria", json!(["cheapst"])).invalid("/strategies/0/criteria/0", "unknown_value"),
        with("criteria", json!(vec!["least_short"; 6])).invalid("/strategies/0/criteria", "too_many"),
        with("criteria", lists(json!([]))).invalid("/strategies/0/criteria/1/priority/lists", "empty"),
        with("criteria", lists(json!([[]]))).invalid("/strategies/0/criteria/1/priority/lists/0", "empty"),
        with("criteria", lists(json!([["moon"]])))
            .invalid("/strategies/0/criteria/1/priority/lists/0/0", "unknown_name"),
        with("criteria", lists(json!([["ldn"], ["ldn"]])))
            .invalid("/strategies/0/criteria/1/priority/lists", "named_twice"),
        with("from", json!({"only": ["moon"]})).invalid("/strategies/0/from/only/0", "unknown_name"),
        with("from", json!({"never": ["ldn", "moon"]})).invalid("/strategies/0/from/never/1", "unknown_name"),
        with("from", json!({"kinds": ["moon"]})).invalid("/strategies/0/from/kinds/0", "unknown_value"),
        with("from", json!({"near": true})).invalid("/strategies/0/from/near", "unknown_field"),
        with("when", json!({"channels": ["web"]})).invalid("/strategies/0", "no_catch_all"),
        with("when", json!({"countries": ["England"]})).invalid("/strategies/0/when/countries/0", "wrong_type"),
        with("when", json!({"methods": ["drone"]})).invalid("/strategies/0/when/methods/0", "unknown_value"),
        with("when", json!({"any_line": {"color": "red"}}))
            .invalid("/strategies/0/when/any_line/color", "unknown_field"),
        with("when", json!({"value_from": -1}))
            .is(422, "validation_failed")
            .at("/strategies/0/when/value_from", "negative")
            .at("/strategies/0", "no_catch_all"),
        with("when", json!({"value_from": 5, "value_below": 5}))
            .is(422, "validation_failed")
            .at("/strategies/0/when/value_below", "not_ascending")
            .at("/strategies/0", "no_catch_all"),
        with("accept", json!("everything")).invalid("/strategies/0", "no_catch_all"),
        with("accept", json!("maybe")).invalid("/strategies/0/accept", "unknown_value"),
        with("limits", json!({"work": 0})).invalid("/strategies/0/limits/work", "zero"),
        with("limits", json!({"max_shipments": 0})).invalid("/strategies/0/limits/max_shipments", "zero"),
        with("limits", json!({"value_floor": -1})).invalid("/strategies/0/limits/value_floor", "negative"),
        with("limits", json!({"value_floor": TOO_DEAR})).invalid("/strategies/0/limits/value_floor", "out_of_range"),
        with("limits", json!({"on_time": "yes"})).invalid("/strategies/0/limits/on_time", "wrong_type"),
        with("limits", json!({"distance": 5})).invalid("/strategies/0/limits/distance", "unknown_field"),
    ]
}

/// How a location fulfills.
fn locations() -> Vec<Row> {
    let with = |fulfillment: Value| {
        let body = json!({"name": "York", "kind": "dc", "country": "GB", "fulfillment": fulfillment});
        Row::put("/v1/locations/york", &body)
    };
    let can = |daily: &str, window: u32| json!({"capacity": {"daily": daily, "window_days": window}});
    vec![
        with(json!([])).invalid("/fulfillment", "wrong_type"),
        with(json!({"drone": true})).invalid("/fulfillment/drone", "unknown_field"),
        with(json!({"calendar": "lunar"})).invalid("/fulfillment/calendar", "unknown_name"),
        with(json!({"calendar": "?"})).invalid("/fulfillment/calendar", "invalid_code"),
        with(json!({"carriers": ["pigeon"]})).invalid("/fulfillment/carriers/0", "unknown_name"),
        with(json!({"carriers": ["Pigeon"]})).invalid("/fulfillment/carriers/0", "invalid_code"),
        with(json!({"carriers": []})).invalid("/fulfillment/carriers", "empty"),
        with(json!({"processing_days": 366})).invalid("/fulfillment/processing_days", "out_of_range"),
        with(json!({"processing_days": -1})).invalid("/fulfillment/processing_days", "wrong_type"),
        with(json!({"acceptance_permille": 1_001})).invalid("/fulfillment/acceptance_permille", "out_of_range"),
        with(json!({"pick_pack": -1})).invalid("/fulfillment/pick_pack", "negative"),
        with(json!({"pick_pack": TOO_DEAR})).invalid("/fulfillment/pick_pack", "out_of_range"),
        with(json!({"handling": i64::MAX})).invalid("/fulfillment/handling", "invalid_amount"),
        with(json!({"handling": 0.5})).invalid("/fulfillment/handling", "wrong_type"),
        with(can("0", 1)).invalid("/fulfillment/capacity/daily", "invalid_quantity"),
        with(can("-1", 1)).invalid("/fulfillment/capacity/daily", "invalid_quantity"),
        with(can("1", 0)).invalid("/fulfillment/capacity/window_days", "zero"),
        with(can("1", 366)).invalid("/fulfillment/capacity/window_days", "out_of_range"),
        with(json!({"capacity": {"daily": "1"}})).invalid("/fulfillment/capacity/window_days", "missing_field"),
        with(json!({"pick_pack": -1, "calendar": "lunar", "processing_days": 999}))
            .is(422, "validation_failed")
            .at("/fulfillment/calendar", "unknown_name")
            .at("/fulfillment/processing_days", "out_of_range")
            .at("/fulfillment/pick_pack", "negative"),
    ]
}

/// What routing asks of an item.
fn items() -> Vec<Row> {
    let with = |member: &str, value: Value| {
        let body = json!({"title": "Green", "prices": [{"amount": 1, "currency": "GBP"}]});
        Row::put("/v1/items/green", &changed(body, member, value))
    };
    vec![
        with("/grams", json!(100_000_001)).invalid("/grams", "out_of_range"),
        with("/grams", json!(-1)).invalid("/grams", "wrong_type"),
        with("/grams", json!("heavy")).invalid("/grams", "wrong_type"),
        with("/hazmat", json!("a bit")).invalid("/hazmat", "wrong_type"),
        with("/class", json!("Garden Furniture")).invalid("/class", "invalid_code"),
        with("/stakes", json!([{"markdown": 1}, {"location": "moon"}]))
            .invalid("/stakes/1/location", "unknown_location"),
        with("/stakes", json!([{"location": "Moon"}])).invalid("/stakes/0/location", "invalid_location"),
        with("/stakes", json!([{"location": "ldn"}, {"location": "ldn"}])).invalid("/stakes/1/location", "named_twice"),
        with("/stakes", json!([{"markdown": 1}, {"markdown": 2}])).invalid("/stakes/1/location", "named_twice"),
        with("/stakes", json!([{"markdown": -1}])).invalid("/stakes/0/markdown", "out_of_range"),
        with("/stakes", json!([{"markdown": TOO_DEAR}])).invalid("/stakes/0/markdown", "out_of_range"),
        with("/stakes", json!([{"stock_out": -1, "below": "5"}])).invalid("/stakes/0/stock_out", "out_of_range"),
        with("/stakes", json!([{"stock_out": u64::MAX, "below": "5"}])).invalid("/stakes/0/stock_out", "wrong_type"),
        with("/stakes", json!([{"stock_out": 5}])).invalid("/stakes/0/below", "missing_field"),
        with("/stakes", json!([{"stock_out": 5, "below": "-5"}])).invalid("/stakes/0/below", "invalid_quantity"),
        with("/stakes", json!([{"percent": 5}])).invalid("/stakes/0/percent", "unknown_field"),
        with("/stakes", json!({})).invalid("/stakes", "wrong_type"),
    ]
}

/// How an order is to reach its customer.
fn orders() -> Vec<Row> {
    let place = |body: &Value| Row::post("/v1/orders", body);
    let fetched = |way: &str, at: Value| {
        let body = order("/method", json!(way));
        if at.is_null() { body } else { changed(body, "/pick_up_at", at) }
    };
    vec![
        place(&fetched("drone", Value::Null)).invalid("/method", "unknown_value"),
        place(&fetched("pick_up", Value::Null)).invalid("/pick_up_at", "missing_field"),
        place(&fetched("curbside", Value::Null)).invalid("/pick_up_at", "missing_field"),
        place(&fetched("pick_up", json!("nowhere"))).invalid("/pick_up_at", "unknown_location"),
        place(&fetched("pick_up", json!("No Where"))).invalid("/pick_up_at", "invalid_location"),
        place(&fetched("pick_up", json!("ldn"))).invalid("/pick_up_at", "no_hand_over"),
        place(&fetched("curbside", json!("ldn"))).invalid("/pick_up_at", "no_hand_over"),
        place(&fetched("ship", json!("ldn"))).invalid("/pick_up_at", "not_for_this"),
        place(&order("/pick_up_at", json!("ldn"))).invalid("/pick_up_at", "not_for_this"),
        place(&order("/method", json!({"pick_up": {}}))).invalid("/method", "wrong_type"),
        place(&order("/requested_by", json!("tomorrow"))).invalid("/requested_by", "invalid_date"),
        place(&order("/requested_by", json!("2025-02-29"))).invalid("/requested_by", "invalid_date"),
        place(&order("/requested_by", json!("2025-12-24T00:00:00.000Z"))).invalid("/requested_by", "invalid_date"),
        place(&order("/requested_by", json!(20_251_224))).invalid("/requested_by", "wrong_type"),
        place(&order("/lines/0/requested_by", json!("2025-02-29"))).invalid("/lines/0/requested_by", "invalid_date"),
        place(&order("/lines/0/requested_by", json!(7))).invalid("/lines/0/requested_by", "wrong_type"),
        place(&order("/lines/0/whole", json!("yes"))).invalid("/lines/0/whole", "wrong_type"),
        place(&order("/ship_complete", json!("yes"))).invalid("/ship_complete", "wrong_type"),
        place(&order("/customer", json!({"class": "Gold!"}))).invalid("/customer/class", "invalid_code"),
        place(&order("/lines/0/quantity", json!("1000000000.001"))).invalid("/lines/0/quantity", "unroutable"),
    ]
}

fn paths() -> Vec<Row> {
    vec![
        Row::new("DELETE", "/v1/carriers/post").is(405, "method_not_allowed"),
        Row::new("DELETE", "/v1/calendars/depot").is(405, "method_not_allowed"),
        Row::post("/v1/routing/policy", &json!({})).is(405, "method_not_allowed"),
        Row::get("/v1/routing/policy/activate").is(405, "method_not_allowed"),
        Row::put("/v1/routing/snapshot", &json!({})).is(405, "method_not_allowed"),
        Row::get("/v1/routing").not_found(),
        Row::get("/v1/carriers/%00").not_found(),
        Row::get(format!("{NOBODY}/routing")).not_found(),
        Row::get("/v1/orders/1/routing").not_found(),
        Row::post(format!("{NOBODY}/routing"), &json!({})).is(405, "method_not_allowed"),
        Row::get("/v1/routing/policy").header("authorization", "Bearer wrong").is(401, "unauthorized"),
    ]
}
