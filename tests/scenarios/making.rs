//! Promises of what is not on a shelf: made, put together, bought in, allocated, and worth while.

use oms_core::value::Day;
use oms_tests::shop::{Shop, everywhere};
use serde_json::{Value, json};

use crate::{in_order, look, quantities, soon};

/// A Monday morning.
const MONDAY: &str = "2026-11-23T09:00:00Z";

/// London works on weekdays and hands over on the day; a van takes a day.
fn open(shop: &mut Shop) {
    let weekdays = json!({"week": ["monday", "tuesday", "wednesday", "thursday", "friday"], "cutoff": "14:00"});
    shop.call("PUT", "/v1/calendars/weekdays", &weekdays).expect(201);
    let rate = json!({"zone": "gb", "days": [1, 1], "steps": [{"up_to_grams": 30_000, "price": 400}]});
    let carrier = json!({"zones": [{"name": "gb", "reach": {"to": {"country": "GB"}}}],
        "services": [{"name": "van", "calendar": "weekdays", "rates": [rate]}]});
    shop.call("PUT", "/v1/carriers/post", &carrier).expect(201);
    for (id, name) in [("ldn", "London"), ("man", "Manchester")] {
        let place = json!({"name": name, "kind": "dc", "country": "GB", "fulfillment": {"calendar": "weekdays"}});
        shop.call("PUT", &format!("/v1/locations/{id}"), &place).expect(201);
    }
    for sku in ["cake", "flour", "box", "gift", "pie"] {
        shop.item(sku, 1_000);
    }
}

fn receive(shop: &mut Shop, location: &str, sku: &str, quantity: &str) {
    let body = json!({"location": location, "lines": [{"sku": sku, "quantity": quantity}]});
    shop.post("/v1/stock/receipts", &body).expect(201);
}

fn say(shop: &mut Shop, sku: &str, said: &Value) -> Value {
    shop.call("PUT", &format!("/v1/items/{sku}/promising"), said).expect(200).body
}

fn wish(sku: &str, quantity: &str) -> Value {
    json!({"ship_to": {"country": "GB"}, "placed_at": MONDAY, "lines": [{"sku": sku, "quantity": quantity}]})
}

fn ask(shop: &mut Shop, wish: &Value) -> Value {
    shop.post("/v1/promises", wish).expect(200).body
}

fn codes(promise: &Value) -> Vec<String> {
    let binds = promise["lines"][0]["binds"].as_array().expect("binds").iter();
    binds.filter_map(|bind| bind["code"].as_str().map(str::to_owned)).collect()
}

/// Two bags of flour a cake; the oven bakes ten a day.
fn bakery(shop: &mut Shop) {
    shop.call("PUT", "/v1/resources/oven", &json!({"calendar": "weekdays", "per_day": "10"})).expect(201);
    let made = json!({"mode": {"make": {"components": [{"sku": "flour", "per": "2"}], "resource": "oven", "per_unit": "1",
        "lead_days": 1}}});
    let said = say(shop, "cake", &made);
    assert_eq!(said["mode"], made["mode"], "it is told as it was said: {said:#}");
    receive(shop, "ldn", "flour", "100");
}

/// rows: C2
#[test]
fn c2_items_without_limit_and_items_with_a_lead_time_have_dates() {
    everywhere(|shop| {
        open(shop);
        assert_eq!(ask(shop, &wish("gift", "5"))["deliver"], Value::Null, "there is none");
        say(shop, "gift", &json!({"mode": "infinite"}));
        assert_eq!(ask(shop, &wish("gift", "100000"))["deliver"], "2026-11-24", "there is always enough");
        say(shop, "gift", &json!({"mode": {"lead_time": {"days": 3}}}));
        let told = ask(shop, &wish("gift", "7"));
        assert_eq!(told["deliver"], "2026-11-27", "three working days, and one on the way: {told:#}");
        assert_eq!(told["lines"][0]["parts"][0]["from"][0]["origin"], "lead_time");
        assert!(codes(&told).contains(&"lead_time".to_owned()), "{told:#}");
        let at = json!({"mode": "atp", "mode_at": [{"location": "man", "mode": {"lead_time": {"days": 1}}}]});
        say(shop, "gift", &at);
        assert_eq!(ask(shop, &wish("gift", "7"))["lines"][0]["parts"][0]["location"], "man", "made to order there");
        in_order(shop);
    });
}

/// What is promised now.
fn promised(shop: &mut Shop, lines: &[(&str, &str)]) -> Value {
    let lines: Vec<Value> = lines.iter().map(|(sku, quantity)| json!({"sku": sku, "quantity": quantity})).collect();
    let told = ask(shop, &json!({"ship_to": {"country": "GB"}, "lines": lines}))["deliver"].clone();
    assert!(told.is_string(), "there is a day");
    told
}

fn buying(shortage: &str, lines: &[(&str, &str)]) -> Value {
    let mut order = Shop::order(lines);
    order["shortage"] = json!(shortage);
    order
}

/// rows: C2
#[test]
fn c2_an_order_of_what_has_a_lead_time_is_accepted_for_the_day_that_was_promised() {
    everywhere(|shop| {
        open(shop);
        assert_eq!(shop.post("/v1/orders", &Shop::order(&[("gift", "100")])).status, 409, "there is none");
        say(shop, "gift", &json!({"mode": {"lead_time": {"days": 3}}}));
        let day = promised(shop, &[("gift", "100")]);
        let first = shop.post("/v1/orders", &Shop::order(&[("gift", "100")])).expect(201).body;
        assert_eq!((&first["promised_by"], &first["status"]), (&day, &json!("backordered")), "{first:#}");
        assert_eq!(quantities(&first, 0), json!({"backordered": "100"}), "nothing is set aside: there is none");

        // What is counted is sold as before, also beside what is not.
        let told = shop.post("/v1/orders", &Shop::order(&[("gift", "1"), ("pie", "1")])).expect(409);
        assert_eq!(
            (told.code(), &told.body["lines"][1]["available"]),
            ("insufficient_stock", &json!("0")),
            "{}",
            told.text
        );
        receive(shop, "ldn", "pie", "1");
        let second = shop.post("/v1/orders", &Shop::order(&[("gift", "2"), ("pie", "1")])).expect(201).body;
        assert_eq!((&second["promised_by"], quantities(&second, 1)), (&day, json!({"allocated": "1"})), "{second:#}");
        assert_eq!(shop.post("/v1/orders", &Shop::order(&[("pie", "1")])).status, 409, "it is sold");
        let third = shop.post("/v1/orders", &buying("backorder", &[("gift", "1")])).expect(201).body;
        assert_eq!(third["promised_by"], day, "however it says what becomes of what is short");
        shop.settled();

        receive(shop, "ldn", "gift", "60");
        let some = json!({"backordered": "40", "allocated": "60"});
        soon(shop, "who was first has what came", |shop| quantities(&look(shop, &first), 0) == some);
        assert_eq!(look(shop, &first)["promised_by"], day, "the rest comes as it was promised");
        receive(shop, "ldn", "gift", "43");
        for order in [&first, &second, &third] {
            soon(shop, "all is set aside", |shop| look(shop, order)["status"] == "allocated");
        }
        assert_eq!(shop.availability("gift")["available"], "0");
        shop.settled();
        let served = look(shop, &first);
        shop.ship(&served, 1);
        in_order(shop);
    });
}

/// rows: C2
#[test]
fn c2_what_is_without_limit_is_sold_from_where_it_is_had_soonest() {
    everywhere(|shop| {
        open(shop);
        say(shop, "gift", &json!({"mode": "infinite"}));
        let day = promised(shop, &[("gift", "100000")]);
        let order = shop.post("/v1/orders", &Shop::order(&[("gift", "100000")])).expect(201).body;
        assert_eq!(order["promised_by"], day, "{order:#}");
        // Nobody carries anything from Paris to Britain, however soon it is there.
        let rate = json!({"zone": "fr", "days": [1, 1], "steps": [{"up_to_grams": 30_000, "price": 400}]});
        let carrier = json!({"zones": [{"name": "fr", "reach": {"to": {"country": "FR"}}}],
            "services": [{"name": "moto", "calendar": "weekdays", "rates": [rate]}]});
        shop.call("PUT", "/v1/carriers/moto", &carrier).expect(201);
        let paris = json!({"name": "Paris", "kind": "dc", "country": "FR",
            "fulfillment": {"calendar": "weekdays", "carriers": ["moto"]}});
        shop.call("PUT", "/v1/locations/cdg", &paris).expect(201);
        let at = json!({"mode": {"lead_time": {"days": 9}}, "mode_at": [{"location": "cdg", "mode": "infinite"},
            {"location": "man", "mode": {"lead_time": {"days": 2}}}]});
        say(shop, "pie", &at);
        let day = promised(shop, &[("pie", "7")]);
        let order = shop.post("/v1/orders", &Shop::order(&[("pie", "7")])).expect(201).body;
        assert_eq!(order["promised_by"], day, "{order:#}");
        assert_eq!(order["lines"][0]["coming"][0]["location"], "man", "{order:#}");
        in_order(shop);
    });
}

/// rows: C2, C8
#[test]
fn c8_goods_on_their_way_are_bought_before_more_is_made() {
    everywhere(|shop| {
        open(shop);
        say(shop, "gift", &json!({"mode": {"lead_time": {"days": 30}}}));
        let expected = Day::of_utc(shop.now()).saturating_add(2).to_string();
        let body = json!({"location": "man", "expected": expected, "lines": [{"sku": "gift", "quantity": "15"}]});
        shop.call("PUT", "/v1/purchase-orders/PO-1", &body).expect(200);
        let first = shop.post("/v1/orders", &buying("preorder", &[("gift", "10")])).expect(201).body;
        let comes = json!([{"line": 1, "location": "man", "quantity": "10", "ready": expected}]);
        assert_eq!(first["lines"][0]["coming"], comes, "{first:#}");
        shop.settled();
        let day = promised(shop, &[("gift", "10")]);
        let second = shop.post("/v1/orders", &buying("preorder", &[("gift", "10")])).expect(201).body;
        let coming = &second["lines"][0]["coming"];
        assert_eq!((&coming[0]["quantity"], &coming[0]["ready"]), (&json!("5"), &json!(expected)), "{second:#}");
        assert_eq!((&coming[1]["quantity"], &second["promised_by"]), (&json!("5"), &day), "{second:#}");
        shop.settled();
        let body = json!({"location": "man", "reference": "PO-1", "lines": [{"sku": "gift", "quantity": "15"}]});
        shop.post("/v1/stock/receipts", &body).expect(201);
        soon(shop, "who bought has it", |shop| look(shop, &first)["status"] == "allocated");
        let some = json!({"backordered": "5", "allocated": "5"});
        soon(shop, "what came of it", |shop| quantities(&look(shop, &second), 0) == some);
        assert_eq!(look(shop, &second)["promised_by"], day, "the rest is made");
        in_order(shop);
    });
}

/// rows: C3
#[test]
fn c3_what_is_made_is_promised_through_components_and_capacity() {
    everywhere(|shop| {
        open(shop);
        bakery(shop);
        let told = ask(shop, &wish("cake", "8"));
        assert_eq!(told["deliver"], "2026-11-25", "baked on Monday, there on Tuesday, out and delivered: {told:#}");
        let told = ask(shop, &wish("cake", "25"));
        assert_eq!(told["deliver"], "2026-11-27", "two days more in the oven: {told:#}");
        assert!(codes(&told).contains(&"capacity".to_owned()), "{told:#}");
        let told = ask(shop, &wish("cake", "60"));
        assert_eq!(
            (&told["deliver"], &told["lines"][0]["short"]),
            (&Value::Null, &json!("60")),
            "there is flour for fifty"
        );

        say(
            shop,
            "gift",
            &json!({"mode": {"kit": {"components": [{"sku": "pie", "per": "1"}, {"sku": "box", "per": "1"}]}}}),
        );
        receive(shop, "ldn", "pie", "5");
        receive(shop, "man", "box", "5");
        assert_eq!(ask(shop, &wish("gift", "1"))["deliver"], Value::Null, "its parts are apart");
        receive(shop, "ldn", "box", "3");
        assert_eq!(ask(shop, &wish("gift", "3"))["deliver"], "2026-11-24");
        assert_eq!(ask(shop, &wish("gift", "4"))["deliver"], Value::Null, "three can be put together");
        in_order(shop);
    });
}

/// rows: C4
#[test]
fn c4_a_promise_that_pays_waits_for_cheaper_supply_and_leaves_dear_supply_to_others() {
    everywhere(|shop| {
        open(shop);
        receive(shop, "ldn", "pie", "10");
        receive(shop, "man", "pie", "10");
        say(
            shop,
            "pie",
            &json!({"unit_costs": [{"location": "ldn", "amount": 700}, {"location": "man", "amount": 300}]}),
        );
        let mut paid = wish("pie", "2");
        paid["goal"] = json!("profit");
        let told = shop.post("/v1/promises", &paid).expect(422).body;
        assert_eq!(told["errors"][0]["pointer"], "/lines/0/unit_price", "{told:#}");
        paid["lines"][0]["unit_price"] = json!(1_000);
        let told = ask(shop, &paid);
        assert_eq!(told["lines"][0]["parts"][0]["location"], "man", "it costs less there: {told:#}");
        let bids = json!({"unit_costs": [{"location": "ldn", "amount": 700}, {"location": "man", "amount": 300}],
            "bids": [{"location": "man", "from": "2026-11-01", "price": 600}]});
        say(shop, "pie", &bids);
        let told = ask(shop, &paid);
        assert_eq!(told["lines"][0]["parts"][0]["location"], "ldn", "somebody else pays more for that one: {told:#}");
        in_order(shop);
    });
}

/// rows: C5
#[test]
fn c5_classes_of_demand_have_their_own_in_levels() {
    everywhere(|shop| {
        open(shop);
        receive(shop, "ldn", "pie", "20");
        let classes = json!([
            {"name": "all", "limits": [{"per": "week", "quantity": "18"}]},
            {"name": "trade", "parent": "all", "protections": [{"from": "2026-11-01", "until": "2027-01-01", "quantity": "8"}]},
            {"name": "web", "parent": "all", "limits": [{"per": "day", "quantity": "5"}]}]);
        say(shop, "pie", &json!({"allocations": [{"location": "ldn", "classes": classes}]}));
        let of = |shop: &mut Shop, class: &str, quantity: &str| {
            let mut wish = wish("pie", quantity);
            wish["demand_class"] = json!(class);
            wish["may_split"] = json!(false);
            ask(shop, &wish)
        };
        assert_eq!(of(shop, "web", "5")["deliver"], "2026-11-24");
        let told = of(shop, "web", "6");
        assert_ne!(told["deliver"], "2026-11-24", "five a day: {told:#}");
        assert_eq!(
            of(shop, "trade", "18")["deliver"],
            "2026-11-24",
            "its own and what is free, up to what all may have"
        );
        assert_ne!(of(shop, "trade", "19")["deliver"], "2026-11-24");
        in_order(shop);
    });
}

/// rows: C10
#[test]
fn c10_what_if_with_other_rules_and_capacity() {
    everywhere(|shop| {
        open(shop);
        bakery(shop);
        let mut wish = wish("cake", "25");
        wish["suppose"] = json!({"resources": [{"name": "oven", "calendar": "weekdays", "per_day": "30"}]});
        let told = shop.post("/v1/promises/what-if", &wish).expect(200).body;
        assert_eq!(
            (&told["before"]["deliver"], &told["after"]["deliver"]),
            (&json!("2026-11-27"), &json!("2026-11-25"))
        );
        wish["suppose"] = json!({"items": [{"sku": "cake", "promising": {"mode": {"lead_time": {"days": 10}}}}]});
        let told = shop.post("/v1/promises/what-if", &wish).expect(200).body;
        assert_eq!(told["after"]["deliver"], "2026-12-08", "{told:#}");
        assert_eq!(
            ask(
                shop,
                &json!({"ship_to": {"country": "GB"}, "placed_at": MONDAY,
            "lines": [{"sku": "cake", "quantity": "25"}]})
            )["deliver"],
            "2026-11-27",
            "nothing was changed"
        );
        in_order(shop);
    });
}

#[test]
fn what_no_item_can_be_promised_by_is_refused_where_it_is_wrong() {
    everywhere(|shop| {
        open(shop);
        bakery(shop);
        let wrong = |shop: &mut Shop, sku: &str, said: &Value, pointer: &str| {
            let told = shop.call("PUT", &format!("/v1/items/{sku}/promising"), said).expect(422).body;
            assert_eq!(told["errors"][0]["pointer"], pointer, "{told:#}");
        };
        let of = |sku: &str| json!({"mode": {"kit": {"components": [{"sku": sku, "per": "1"}]}}});
        wrong(shop, "flour", &of("cake"), "/mode");
        wrong(shop, "pie", &of("pie"), "/mode");
        wrong(shop, "pie", &json!({"mode": {"lead_time": {"days": -1}}}), "/mode/lead_time/days");
        wrong(shop, "pie", &json!({"mode": {"make": {"lead_days": -2}}}), "/mode/make/lead_days");
        wrong(shop, "pie", &json!({"mode": {"make": {"resource": "kiln", "per_unit": "1"}}}), "/mode/make/resource");
        wrong(shop, "pie", &json!({"mode": {"kit": {"components": []}}}), "/mode/kit/components");
        wrong(
            shop,
            "pie",
            &json!({"mode": {"kit": {"components": [{"sku": "box", "per": "0"}]}}}),
            "/mode/kit/components/0/per",
        );
        wrong(shop, "pie", &json!({"mode_at": [{"location": "moon", "mode": "infinite"}]}), "/mode_at/0/location");
        wrong(shop, "pie", &json!({"fences": {"infinite_after_days": -3}}), "/fences/infinite_after_days");
        let classes = json!({"allocations": [{"location": "ldn", "classes": [{"name": "a", "parent": "b"}, {"name": "b", "parent": "a"}]}]});
        wrong(shop, "pie", &classes, "/allocations/0/classes/0/parent");
        // Two of what costs all the money there is cannot be counted.
        say(shop, "pie", &json!({"unit_costs": [{"location": "ldn", "amount": 9_007_199_254_740_991_i64}]}));
        receive(shop, "ldn", "pie", "5");
        let told = shop.post("/v1/promises", &wish("pie", "2")).expect(422).body;
        assert_eq!(told["errors"][0]["pointer"], "/lines/0/quantity", "{told:#}");
        say(shop, "pie", &json!({}));
        let told =
            shop.call("PUT", "/v1/resources/kiln", &json!({"calendar": "never", "per_day": "1"})).expect(422).body;
        assert_eq!(told["errors"][0]["pointer"], "/calendar");
        shop.call("PUT", "/v1/resources/kiln", &json!({"calendar": "weekdays", "per_day": "0"})).expect(422);
    });
}
