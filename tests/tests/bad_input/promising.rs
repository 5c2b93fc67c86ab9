//! What nothing can be promised by, and promises that nobody can give.

use serde_json::{Value, json};

use crate::row::{Row, changed, without};

/// More than anything is counted in.
const TOO_MANY: &str = "281474976710.656";

pub fn rows() -> Vec<Row> {
    [
        resources(),
        modes(),
        bills(),
        lists(),
        allocations(),
        atp(),
        promises(),
        lines(),
        suppositions(),
        supposed_items(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn resources() -> Vec<Row> {
    let good = || json!({"calendar": "weekdays", "per_day": "10"});
    let with = |pointer: &str, value: Value| Row::put("/v1/resources/kiln", &changed(good(), pointer, value));
    vec![
        Row::put("/v1/resources/The%20Kiln", &good()).invalid("/name", "invalid_code"),
        Row::put(format!("/v1/resources/{}", "k".repeat(33)), &good()).invalid("/name", "invalid_code"),
        with("/calendar", json!("lunar")).invalid("/calendar", "unknown_name"),
        with("/calendar", json!("")).invalid("/calendar", "invalid_code"),
        with("/calendar", json!(7)).invalid("/calendar", "wrong_type"),
        with("/per_day", json!("0")).invalid("/per_day", "invalid_quantity"),
        with("/per_day", json!("-1")).invalid("/per_day", "invalid_quantity"),
        with("/per_day", json!(10)).invalid("/per_day", "wrong_type"),
        with("/per_day", json!(TOO_MANY)).invalid("/per_day", "out_of_range"),
        with("/used", json!([])).invalid("/used", "unknown_field"),
        Row::put("/v1/resources/kiln", &without(good(), "/calendar")).invalid("/calendar", "missing_field"),
        Row::put("/v1/resources/kiln", &without(good(), "/per_day")).invalid("/per_day", "missing_field"),
        Row::new("PUT", "/v1/resources/kiln").bytes("[]").invalid("", "wrong_type"),
        Row::new("PUT", "/v1/resources/kiln").bytes("{").malformed(),
        Row::get("/v1/resources/kiln").not_found(),
        Row::new("DELETE", "/v1/resources/oven").is(405, "method_not_allowed"),
    ]
}

fn said(body: &Value) -> Row {
    Row::put("/v1/items/red/promising", body)
}

/// Where supply comes from, how it is netted, and fences.
fn modes() -> Vec<Row> {
    let mode = |mode: Value| said(&json!({"mode": mode}));
    let there = |location: &str, mode: Value| json!({"location": location, "mode": mode});
    let fence = |member: &str, value: Value| said(&json!({"fences": {member: value}}));
    vec![
        mode(json!("magic")).invalid("/mode", "unknown_value"),
        mode(json!(1)).invalid("/mode", "wrong_type"),
        mode(json!({"lead_time": {"days": -1}})).invalid("/mode/lead_time/days", "cannot_be_promised"),
        mode(json!({"lead_time": {"days": 1_001}})).invalid("/mode/lead_time/days", "cannot_be_promised"),
        mode(json!({"lead_time": {"days": 1.5}})).invalid("/mode/lead_time/days", "wrong_type"),
        mode(json!({"lead_time": {"days": u64::MAX}})).invalid("/mode/lead_time/days", "wrong_type"),
        mode(json!({"lead_time": {}})).invalid("/mode/lead_time/days", "missing_field"),
        said(&json!({"mode_at": [there("moon", json!("infinite"))]}))
            .invalid("/mode_at/0/location", "cannot_be_promised"),
        said(&json!({"mode_at": [there("ldn", json!("atp")), there("Moon", json!("atp"))]}))
            .invalid("/mode_at/1/location", "invalid_location"),
        said(&json!({"mode_at": [there("ldn", json!("atp")), there("ldn", json!("infinite"))]}))
            .invalid("/mode_at/1/location", "named_twice"),
        said(&json!({"mode_at": [there("man", json!("atp")), there("ldn", json!({"lead_time": {"days": -1}}))]}))
            .invalid("/mode_at/1/mode/lead_time/days", "cannot_be_promised"),
        said(&json!({"mode_at": vec![there("ldn", json!("atp")); 501]})).invalid("/mode_at", "too_many"),
        said(&json!({"method": "guess"})).invalid("/method", "unknown_value"),
        said(&json!({"method": {"backward": {"window_days": -1}}}))
            .invalid("/method/backward/window_days", "wrong_type"),
        fence("late_supply", json!({"keep_days": -1})).invalid("/fences/late_supply/keep_days", "cannot_be_promised"),
        fence("late_demand", json!({"offset_days": -1}))
            .invalid("/fences/late_demand/offset_days", "cannot_be_promised"),
        fence("infinite_after_days", json!(1_001)).invalid("/fences/infinite_after_days", "cannot_be_promised"),
        fence("late_supply", json!({"forget": 1})).invalid("/fences/late_supply/forget", "unknown_field"),
        fence("electric", json!(1)).invalid("/fences/electric", "unknown_field"),
        said(&json!({"color": 1})).invalid("/color", "unknown_field"),
        Row::new("PUT", "/v1/items/red/promising").bytes("[]").invalid("", "wrong_type"),
        Row::new("PUT", "/v1/items/red/promising").bytes("{").malformed(),
        Row::put("/v1/items/pink/promising", &json!({})).not_found(),
        Row::get("/v1/items/pink/promising").not_found(),
        Row::post("/v1/items/red/promising", &json!({})).is(405, "method_not_allowed"),
    ]
}

/// What it is made of. `pie` is put together of `red`.
fn bills() -> Vec<Row> {
    let make = |make: Value| said(&json!({"mode": {"make": make}}));
    let kit = |components: Value| said(&json!({"mode": {"kit": {"components": components}}}));
    let part = |sku: &str, per: &str| json!({"sku": sku, "per": per});
    vec![
        kit(json!([])).invalid("/mode/kit/components", "cannot_be_promised"),
        kit(json!([part("red", "1")])).invalid("/mode", "cannot_be_promised"),
        kit(json!([part("pie", "1")])).invalid("/mode", "cannot_be_promised"),
        kit(json!([part("blue", "1"), part("pink", "1")])).invalid("/mode/kit/components/1/sku", "unknown_sku"),
        kit(json!([part("", "1")])).invalid("/mode/kit/components/0/sku", "invalid_sku"),
        kit(json!([part("blue", "0")])).invalid("/mode/kit/components/0/per", "invalid_quantity"),
        kit(json!([part("blue", "-1")])).invalid("/mode/kit/components/0/per", "invalid_quantity"),
        kit(json!([part("blue", TOO_MANY)])).invalid("/mode/kit/components/0/per", "cannot_be_promised"),
        kit(json!(vec![part("blue", "1"); 501])).invalid("/mode/kit/components", "too_many"),
        kit(json!([["blue", "1"]])).invalid("/mode/kit/components/0", "wrong_type"),
        make(json!({"components": [part("pie", "1")]})).invalid("/mode", "cannot_be_promised"),
        make(json!({"components": [part("pink", "1")]})).invalid("/mode/make/components/0/sku", "unknown_sku"),
        make(json!({"components": [part("blue", TOO_MANY)]}))
            .invalid("/mode/make/components/0/per", "cannot_be_promised"),
        make(json!({"lead_days": -2})).invalid("/mode/make/lead_days", "cannot_be_promised"),
        make(json!({"lead_days": 1_001})).invalid("/mode/make/lead_days", "cannot_be_promised"),
        make(json!({"lead_days": "2"})).invalid("/mode/make/lead_days", "wrong_type"),
        make(json!({"resource": "kiln", "per_unit": "1"})).invalid("/mode/make/resource", "cannot_be_promised"),
        make(json!({"resource": "The Kiln", "per_unit": "1"})).invalid("/mode/make/resource", "invalid_code"),
        make(json!({"resource": "oven", "per_unit": "0"})).invalid("/mode/make/per_unit", "invalid_quantity"),
        make(json!({"resource": "oven", "per_unit": TOO_MANY})).invalid("/mode/make/per_unit", "cannot_be_promised"),
        make(json!({"resource": "oven"})).invalid("/mode/make", "missing_field"),
        make(json!({"per_unit": "1"})).invalid("/mode/make", "missing_field"),
        make(json!({"hands": 2})).invalid("/mode/make/hands", "unknown_field"),
        said(&json!({"mode_at": [{"location": "ldn", "mode": {"kit": {"components": [part("pink", "1")]}}}]}))
            .invalid("/mode_at/0/mode/kit/components/0/sku", "unknown_sku"),
        said(&json!({"mode_at": [{"location": "ldn", "mode": {"make": {"lead_days": -1}}}]}))
            .invalid("/mode_at/0/mode/make/lead_days", "cannot_be_promised"),
    ]
}

/// Substitutes, costs and bids.
fn lists() -> Vec<Row> {
    let other = |other: Value| said(&json!({"substitutes": [{"sku": "blue"}, other]}));
    let cost = |location: &str, amount: Value| json!({"location": location, "amount": amount});
    let bid = |location: &str, from: &str, price: Value| {
        said(&json!({"bids": [{"location": location, "from": from, "price": price}]}))
    };
    vec![
        other(json!({"sku": "pink"})).invalid("/substitutes/1/sku", "unknown_sku"),
        other(json!({"sku": "red"})).invalid("/substitutes/1/sku", "cannot_be_promised"),
        other(json!({"sku": ""})).invalid("/substitutes/1/sku", "wrong_type"),
        other(json!({"sku": "pie", "unit_cost": -1})).invalid("/substitutes/1/unit_cost", "cannot_be_promised"),
        other(json!({"sku": "pie", "unit_cost": 0.5})).invalid("/substitutes/1/unit_cost", "wrong_type"),
        said(&json!({"substitutes": vec![json!({"sku": "blue"}); 501]})).invalid("/substitutes", "too_many"),
        said(&json!({"unit_costs": [cost("ldn", json!(1)), cost("moon", json!(1))]}))
            .invalid("/unit_costs/1/location", "cannot_be_promised"),
        said(&json!({"unit_costs": [cost("man", json!(1)), cost("ldn", json!(-1))]}))
            .invalid("/unit_costs/1/amount", "cannot_be_promised"),
        // Nothing is there of it.
        Row::put("/v1/items/pie/promising", &json!({"unit_costs": [cost("ldn", json!(-1))]}))
            .invalid("/unit_costs/0/amount", "cannot_be_promised"),
        said(&json!({"unit_costs": [cost("ldn", json!(1)), cost("ldn", json!(2))]}))
            .invalid("/unit_costs/1/location", "named_twice"),
        said(&json!({"unit_costs": [cost("L D N", json!(1))]})).invalid("/unit_costs/0/location", "invalid_location"),
        said(&json!({"unit_costs": [cost("ldn", json!(i64::MAX))]})).invalid("/unit_costs/0/amount", "wrong_type"),
        said(&json!({"unit_costs": [{"location": "ldn"}]})).invalid("/unit_costs/0/amount", "missing_field"),
        bid("moon", "2026-11-01", json!(5)).invalid("/bids/0/location", "cannot_be_promised"),
        bid("Moon", "2026-11-01", json!(5)).invalid("/bids/0/location", "wrong_type"),
        bid("ldn", "2026-02-30", json!(5)).invalid("/bids/0/from", "wrong_type"),
        bid("ldn", "2026-11-01", json!(-5)).invalid("/bids/0/price", "cannot_be_promised"),
        bid("ldn", "2026-11-01", json!("5")).invalid("/bids/0/price", "wrong_type"),
    ]
}

/// Who may have what.
fn allocations() -> Vec<Row> {
    let pools = |pools: Value| said(&json!({"allocations": pools}));
    let pool = |location: &str, classes: Value| json!({"location": location, "classes": classes});
    let classes = |classes: Value| pools(json!([pool("man", json!([])), pool("ldn", classes)]));
    let web = |member: &str, value: Value| classes(json!([{"name": "shop"}, {"name": "web", member: value}]));
    let kept = |from: &str, until: &str, quantity: &str| json!({"from": from, "until": until, "quantity": quantity});
    let chain: Vec<Value> = (0..30)
        .map(|level: u32| match level.checked_sub(1) {
            None => json!({"name": "c0"}),
            Some(above) => json!({"name": format!("c{level}"), "parent": format!("c{above}")}),
        })
        .collect();
    vec![
        pools(json!([pool("moon", json!([]))])).invalid("/allocations/0/location", "cannot_be_promised"),
        pools(json!([pool("Moon", json!([]))])).invalid("/allocations/0/location", "invalid_location"),
        pools(json!([pool("ldn", json!([])), pool("ldn", json!([]))]))
            .invalid("/allocations/1/location", "named_twice"),
        pools(json!([{"location": "ldn"}])).invalid("/allocations/0/classes", "missing_field"),
        classes(json!([{"name": "web"}, {"name": "web"}]))
            .invalid("/allocations/1/classes/1/name", "cannot_be_promised"),
        classes(json!([{"name": "The Web"}])).invalid("/allocations/1/classes/0/name", "invalid_code"),
        classes(json!([{"name": "a", "parent": "b"}, {"name": "b", "parent": "a"}]))
            .invalid("/allocations/1/classes/0/parent", "cannot_be_promised"),
        classes(json!(chain)).invalid("/allocations/1/classes/16/parent", "cannot_be_promised"),
        web("parent", json!("web")).invalid("/allocations/1/classes/1/parent", "cannot_be_promised"),
        web("parent", json!("nobody")).invalid("/allocations/1/classes/1/parent", "cannot_be_promised"),
        web("parent", json!("No Body")).invalid("/allocations/1/classes/1/parent", "invalid_code"),
        web("rank", json!(-1)).invalid("/allocations/1/classes/1/rank", "wrong_type"),
        web("limits", json!([{"per": "hour", "quantity": "1"}]))
            .invalid("/allocations/1/classes/1/limits/0/per", "unknown_value"),
        web("limits", json!([{"per": "day", "quantity": "-1"}]))
            .invalid("/allocations/1/classes/1/limits/0/quantity", "invalid_quantity"),
        web("limits", json!([{"per": "day", "quantity": "1"}, {"per": "ever", "quantity": TOO_MANY}]))
            .invalid("/allocations/1/classes/1/limits/1/quantity", "cannot_be_promised"),
        web("protections", json!([kept("2026-11-02", "2026-11-02", "1")]))
            .invalid("/allocations/1/classes/1/protections/0/until", "cannot_be_promised"),
        web("protections", json!([kept("2026-11-02", "2026-11-03", "1"), kept("2026-11-02", "2026-11-03", TOO_MANY)]))
            .invalid("/allocations/1/classes/1/protections/1/quantity", "cannot_be_promised"),
        web("protections", json!([kept("soon", "2026-11-03", "1")]))
            .invalid("/allocations/1/classes/1/protections/0/from", "wrong_type"),
        web("fence", json!(TOO_MANY)).invalid("/allocations/1/classes/1/fence", "cannot_be_promised"),
        web("fence", json!("-1")).invalid("/allocations/1/classes/1/fence", "invalid_quantity"),
        web("share", json!(TOO_MANY)).invalid("/allocations/1/classes/1/share", "cannot_be_promised"),
        web("since", json!("9999-12-31")).invalid("/allocations/1/classes/1/since", "in_the_future"),
        web("since", json!("once")).invalid("/allocations/1/classes/1/since", "wrong_type"),
        web("color", json!(1)).invalid("/allocations/1/classes/1/color", "unknown_field"),
        said(&json!({"method": "discrete", "allocations": [pool("ldn", json!([{"name": "web"}]))]}))
            .invalid("/method", "cannot_be_promised"),
    ]
}

fn atp() -> Vec<Row> {
    let ask = |query: &str| Row::get(format!("/v1/items/red/atp?{query}"));
    vec![
        ask("").parameter("/location", "invalid_parameter"),
        ask("location=Moon").parameter("/location", "invalid_parameter"),
        ask("location=moon").parameter("/location", "unknown_location"),
        ask("location=ldn&demand_class=The%20Web").parameter("/demand_class", "invalid_parameter"),
        ask("location=ldn&days=0").parameter("/days", "invalid_parameter"),
        ask("location=ldn&days=401").parameter("/days", "invalid_parameter"),
        ask("location=ldn&days=-1").parameter("/days", "invalid_parameter"),
        ask("location=ldn&weeks=1").parameter("/weeks", "unknown_parameter"),
        Row::get("/v1/items/pink/atp?location=ldn").not_found(),
    ]
}

fn wish() -> Value {
    json!({"ship_to": {"country": "GB"}, "lines": [{"sku": "red", "quantity": "1"}]})
}

/// Two of what costs all the money there is cannot be counted.
fn two() -> Value {
    changed(wish(), "/lines/0/quantity", json!("2"))
}

fn promises() -> Vec<Row> {
    let ask = |body: &Value| Row::post("/v1/promises", body);
    let with = |pointer: &str, value: Value| ask(&changed(wish(), pointer, value));
    vec![
        ask(&without(wish(), "/ship_to")).invalid("/ship_to", "missing_field"),
        ask(&without(wish(), "/lines")).invalid("/lines", "missing_field"),
        with("/ship_to", json!({})).invalid("/ship_to/country", "missing_field"),
        with("/ship_to/country", json!("Britain")).invalid("/ship_to/country", "invalid_country"),
        with("/ship_to/postal_code", json!("")).invalid("/ship_to/postal_code", "invalid_text"),
        with("/ship_to/latitude", json!(51.5)).invalid("/ship_to/longitude", "missing_field"),
        with("/ship_to/planet", json!("Mars")).invalid("/ship_to/planet", "unknown_field"),
        with("/lines", json!([])).invalid("/lines", "no_lines"),
        with("/lines", json!(vec![json!({"sku": "red", "quantity": "1"}); 201])).invalid("/lines", "too_many_lines"),
        with("/goal", json!("fastest")).invalid("/goal", "unknown_value"),
        with("/wanted", json!("tomorrow")).invalid("/wanted", "invalid_date"),
        with("/placed_at", json!("now")).invalid("/placed_at", "invalid_time"),
        with("/demand_class", json!("The Web")).invalid("/demand_class", "invalid_code"),
        with("/customer_class", json!("")).invalid("/customer_class", "invalid_code"),
        with("/channel", json!("The Web")).invalid("/channel", "invalid_code"),
        with("/ship_complete", json!("yes")).invalid("/ship_complete", "wrong_type"),
        with("/may_split", json!(1)).invalid("/may_split", "wrong_type"),
        with("/may_substitute", json!("no")).invalid("/may_substitute", "wrong_type"),
        with("/late_per_day", json!(-1)).invalid("/late_per_day", "negative"),
        with("/suppose", json!({})).invalid("/suppose", "unknown_field"),
        with("/color", json!(1)).invalid("/color", "unknown_field"),
        Row::new("POST", "/v1/promises").bytes("[]").invalid("", "wrong_type"),
        Row::new("POST", "/v1/promises").bytes("{").malformed(),
        Row::get("/v1/promises").is(405, "method_not_allowed"),
    ]
}

fn lines() -> Vec<Row> {
    let with =
        |member: &str, value: Value| Row::post("/v1/promises", &changed(wish(), &format!("/lines/0/{member}"), value));
    let profit = |price: i64| {
        let body = changed(two(), "/goal", json!("profit"));
        Row::post("/v1/promises", &changed(body, "/lines/0/unit_price", json!(price)))
    };
    let second = json!([{"sku": "red", "quantity": "1"}, {"sku": "pink", "quantity": "1"}]);
    vec![
        with("sku", json!("")).invalid("/lines/0/sku", "invalid_sku"),
        with("sku", json!("pink")).invalid("/lines/0/sku", "unknown_sku"),
        Row::post("/v1/promises", &changed(wish(), "/lines", second)).invalid("/lines/1/sku", "unknown_sku"),
        with("quantity", json!("0")).invalid("/lines/0/quantity", "invalid_quantity"),
        with("quantity", json!("-1")).invalid("/lines/0/quantity", "invalid_quantity"),
        with("quantity", json!(TOO_MANY)).invalid("/lines/0/quantity", "cannot_be_promised"),
        with("wanted", json!("2026-02-30")).invalid("/lines/0/wanted", "invalid_date"),
        with("only_from", json!(["ldn", "moon"])).invalid("/lines/0/only_from/1", "cannot_be_promised"),
        with("only_from", json!(["ldn", "Moon"])).invalid("/lines/0/only_from/1", "invalid_location"),
        with("only_from", json!("ldn")).invalid("/lines/0/only_from", "wrong_type"),
        with("unit_price", json!(5)).invalid("/lines/0/unit_price", "unknown_field"),
        Row::post("/v1/promises", &changed(wish(), "/goal", json!("profit")))
            .invalid("/lines/0/unit_price", "missing_field"),
        profit(9_007_199_254_740_991).invalid("/lines/0/quantity", "cannot_be_promised"),
        profit(-5).invalid("/lines/0/unit_price", "negative"),
        with("color", json!(1)).invalid("/lines/0/color", "unknown_field"),
    ]
}

fn suppose(member: &str, value: Value) -> Row {
    Row::post("/v1/promises/what-if", &changed(wish(), "/suppose", json!({member: value})))
}

fn suppositions() -> Vec<Row> {
    let stock = |sku: &str, location: &str, on_hand: &str| {
        let one = json!({"sku": sku, "location": location, "on_hand": on_hand});
        suppose("stock", json!([{"sku": "red", "location": "ldn", "on_hand": "1"}, one]))
    };
    let inbound = |member: &str, value: Value| {
        let one = json!({"sku": "red", "location": "ldn", "quantity": "1", "expected": "2026-12-01"});
        suppose("inbound", json!([one, changed(one.clone(), &format!("/{member}"), value)]))
    };
    let resource = |member: &str, value: Value| {
        let one = json!({"name": "oven", "calendar": "weekdays", "per_day": "1"});
        suppose("resources", json!([changed(one, &format!("/{member}"), value)]))
    };
    let many = vec![json!({"sku": "red", "location": "ldn", "on_hand": "1"}); 201];
    vec![
        Row::post("/v1/promises/what-if", &wish()).invalid("/suppose", "missing_field"),
        Row::post("/v1/promises/what-if", &changed(wish(), "/suppose", json!([]))).invalid("/suppose", "wrong_type"),
        suppose("luck", json!([])).invalid("/suppose/luck", "unknown_field"),
        suppose("stock", json!(many)).invalid("/suppose", "too_many_lines"),
        stock("red", "moon", "1").invalid("/suppose/stock/1/location", "cannot_be_promised"),
        stock("red", "Moon", "1").invalid("/suppose/stock/1/location", "invalid_location"),
        stock("red", "ldn", "-1").invalid("/suppose/stock/1/on_hand", "invalid_quantity"),
        stock("red", "man", TOO_MANY).invalid("/suppose/stock/1/on_hand", "cannot_be_promised"),
        stock("", "ldn", "1").invalid("/suppose/stock/1/sku", "invalid_sku"),
        inbound("location", json!("moon")).invalid("/suppose/inbound/1/location", "cannot_be_promised"),
        inbound("quantity", json!("0")).invalid("/suppose/inbound/1/quantity", "invalid_quantity"),
        inbound("quantity", json!(TOO_MANY)).invalid("/suppose/inbound/1/quantity", "cannot_be_promised"),
        inbound("expected", json!("soon")).invalid("/suppose/inbound/1/expected", "invalid_date"),
        inbound("stage", json!("ready")).invalid("/suppose/inbound/1/stage", "unknown_field"),
        suppose("without", json!(["ldn", "moon"])).invalid("/suppose/without/1", "cannot_be_promised"),
        suppose("without", json!(["Moon"])).invalid("/suppose/without/0", "invalid_location"),
        suppose("without", json!("ldn")).invalid("/suppose/without", "wrong_type"),
        resource("calendar", json!("lunar")).invalid("/suppose/resources/0/calendar", "cannot_be_promised"),
        resource("name", json!("The Oven")).invalid("/suppose/resources/0/name", "invalid_code"),
        resource("per_day", json!("0")).invalid("/suppose/resources/0/per_day", "invalid_quantity"),
        resource("per_day", json!(TOO_MANY)).invalid("/suppose/resources/0/per_day", "cannot_be_promised"),
        resource("color", json!(1)).invalid("/suppose/resources/0/color", "unknown_field"),
        Row::get("/v1/promises/what-if").is(405, "method_not_allowed"),
    ]
}

/// Items that are supposed to be promised as none can be; the first one is always well.
fn supposed_items() -> Vec<Row> {
    let item = |sku: &str, promising: Value| {
        let first = json!({"sku": "blue", "promising": {"unit_costs": [{"location": "ldn", "amount": 1}]}});
        suppose("items", json!([first, {"sku": sku, "promising": promising}]))
    };
    let at = |member: Value| item("red", member);
    vec![
        item("", json!({})).invalid("/suppose/items/1/sku", "invalid_sku"),
        at(json!({"mode": {"lead_time": {"days": -1}}}))
            .invalid("/suppose/items/1/promising/mode/lead_time/days", "cannot_be_promised"),
        at(json!({"mode": {"make": {"lead_days": -1}}}))
            .invalid("/suppose/items/1/promising/mode/make/lead_days", "cannot_be_promised"),
        at(json!({"mode": {"make": {"resource": "kiln", "per_unit": "1"}}}))
            .invalid("/suppose/items/1/promising/mode/make/resource", "cannot_be_promised"),
        at(json!({"mode": {"kit": {"components": [{"sku": "pie", "per": "1"}]}}}))
            .invalid("/suppose/items/1/promising/mode", "cannot_be_promised"),
        at(json!({"mode": {"kit": {"components": [{"sku": "pink", "per": "1"}]}}}))
            .invalid("/suppose/items/1/promising/mode/kit/components/0/sku", "unknown_sku"),
        at(json!({"mode_at": [{"location": "moon", "mode": "infinite"}]}))
            .invalid("/suppose/items/1/promising/mode_at/0/location", "cannot_be_promised"),
        at(json!({"substitutes": [{"sku": "red"}]}))
            .invalid("/suppose/items/1/promising/substitutes/0/sku", "cannot_be_promised"),
        at(json!({"substitutes": [{"sku": "pink"}]}))
            .invalid("/suppose/items/1/promising/substitutes/0/sku", "unknown_sku"),
        at(json!({"unit_costs": [{"location": "moon", "amount": 1}]}))
            .invalid("/suppose/items/1/promising/unit_costs/0/location", "cannot_be_promised"),
        at(json!({"unit_costs": [{"location": "ldn", "amount": -1}]}))
            .invalid("/suppose/items/1/promising/unit_costs/0/amount", "cannot_be_promised"),
        at(json!({"bids": [{"location": "moon", "from": "2026-11-01", "price": 5}]}))
            .invalid("/suppose/items/1/promising/bids/0/location", "cannot_be_promised"),
        at(json!({"allocations": [{"location": "ldn", "classes": [{"name": "web", "parent": "web"}]}]}))
            .invalid("/suppose/items/1/promising/allocations/0/classes/0/parent", "cannot_be_promised"),
        at(json!({"fences": {"infinite_after_days": -1}}))
            .invalid("/suppose/items/1/promising/fences/infinite_after_days", "cannot_be_promised"),
        at(json!({"color": 1})).invalid("/suppose/items/1/promising/color", "unknown_field"),
        Row::post(
            "/v1/promises/what-if",
            &changed(
                two(),
                "/suppose",
                json!({"items": [{"sku": "red", "promising":
            {"unit_costs": [{"location": "ldn", "amount": 9_007_199_254_740_991_i64}]}}]}),
            ),
        )
        .invalid("/lines/0/quantity", "cannot_be_promised"),
    ]
}
