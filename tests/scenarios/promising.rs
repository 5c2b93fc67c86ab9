//! By when something can be had, what stands in the way, and what is on its way.

use oms_tests::shop::{Shop, everywhere};
use serde_json::{Value, json};

use crate::in_order;

/// A Monday morning.
const MONDAY: &str = "2026-11-23T09:00:00Z";

/// London packs on weekdays until two and takes a day; a van brings things in two days, a courier in one, for more.
fn open(shop: &mut Shop) {
    shop.open();
    let weekdays = json!({"week": ["monday", "tuesday", "wednesday", "thursday", "friday"], "holidays": ["2026-12-25"],
        "cutoff": "14:00"});
    shop.call("PUT", "/v1/calendars/weekdays", &weekdays).expect(201);
    let service = |name: &str, days: u32, price: u32| {
        json!({"name": name, "calendar": "weekdays", "rates": [
            {"zone": "gb", "days": [days, days], "steps": [{"up_to_grams": 30_000, "price": price}]}]})
    };
    let carrier = json!({"zones": [{"name": "gb", "reach": {"to": {"country": "GB"}}}],
        "services": [service("van", 2, 400), service("courier", 1, 1200)]});
    shop.call("PUT", "/v1/carriers/post", &carrier).expect(201);
    for (id, name) in [("ldn", "London"), ("man", "Manchester")] {
        let mut place = json!({"name": name, "kind": "dc", "country": "GB",
            "fulfillment": {"calendar": "weekdays", "processing_days": 1}});
        if id == "man" {
            place["ships"] = json!(false);
        }
        shop.call("PUT", &format!("/v1/locations/{id}"), &place).expect(200);
    }
}

fn wish(quantity: &str) -> Value {
    json!({"ship_to": {"country": "GB"}, "placed_at": MONDAY, "lines": [{"sku": "red", "quantity": quantity}]})
}

fn ask(shop: &mut Shop, wish: &Value) -> Value {
    shop.post("/v1/promises", wish).expect(200).body
}

fn codes(binds: &Value) -> Vec<&str> {
    binds.as_array().expect("binds").iter().map(|bind| bind["code"].as_str().expect("a code")).collect()
}

/// part: C1
/// rows: C9
#[test]
fn c1_a_promise_counts_what_is_there_calendars_and_days_on_the_way() {
    everywhere(|shop| {
        open(shop);
        let told = ask(shop, &wish("3"));
        // Monday in time, packed by Tuesday, one day by courier: the soonest.
        assert_eq!(told["deliver"], "2026-11-25", "{told:#}");
        let line = &told["lines"][0];
        assert_eq!((&line["short"], &line["parts"][0]["location"]), (&json!("0"), &json!("ldn")));
        assert_eq!(line["parts"][0]["dates"]["ship"], "2026-11-24");
        assert_eq!(line["parts"][0]["order_by"], "2026-11-23T13:59:59.999Z", "the last moment for these dates");

        let mut late = wish("3");
        late["placed_at"] = json!("2026-11-23T15:00:00Z");
        let told = ask(shop, &late);
        assert_eq!(told["deliver"], "2026-11-26", "after the cut-off it counts for Tuesday: {told:#}");
        assert!(codes(&told["lines"][0]["binds"]).contains(&"cutoff"), "{told:#}");

        let mut feast = wish("3");
        feast["placed_at"] = json!("2026-12-24T09:00:00Z");
        assert_eq!(ask(shop, &feast)["deliver"], "2026-12-29", "over Christmas and a weekend");
        in_order(shop);
    });
}

/// part: C6
/// rows: U6
#[test]
fn c6_a_promise_says_what_binds_and_what_else_could_be_had() {
    everywhere(|shop| {
        open(shop);
        let mut cheap = wish("3");
        cheap["goal"] = json!("cheapest");
        let told = ask(shop, &cheap);
        let line = &told["lines"][0];
        assert_eq!((&told["deliver"], &told["cost"]), (&json!("2026-11-26"), &json!(400)), "{told:#}");
        assert!(codes(&line["binds"]).contains(&"transit"), "{told:#}");
        let sooner = &line["sooner"];
        assert_eq!((&sooner["days"], &sooner["cost"]), (&json!(-1), &json!(800)), "what a day sooner costs: {told:#}");
        assert!(!line["alternates"].as_array().expect("alternates").is_empty(), "{told:#}");
    });
}

/// part: B5, B1, C8
#[test]
fn b5_goods_on_their_way_are_seen_promised_and_received_under_their_number() {
    everywhere(|shop| {
        open(shop);
        let order = json!({"location": "ldn", "expected": "2026-12-01", "lines": [{"sku": "red", "quantity": "50"}]});
        let told = shop.call("PUT", "/v1/purchase-orders/PO-7", &order).expect(200).body;
        assert_eq!((&told["data"][0]["open"], &told["data"][0]["stage"]), (&json!("50"), &json!("ready")), "{told:#}");
        shop.call("PUT", "/v1/purchase-orders/PO-7", &order).expect(200);
        assert_eq!(shop.shelf("red", "ldn")["incoming"], "50", "told twice, it comes once");

        let told = ask(shop, &wish("30"));
        let line = &told["lines"][0];
        assert_eq!(told["deliver"], "2026-12-03", "it waits for Tuesday's delivery: {told:#}");
        let binds = line["binds"].as_array().expect("binds");
        let supply = binds.iter().find(|bind| bind["code"] == "supply").unwrap_or_else(|| panic!("{told:#}"));
        assert_eq!(supply["inbound"], "PO-7");

        let came = json!({"location": "ldn", "reference": "PO-7", "lines": [{"sku": "red", "quantity": "48"}]});
        shop.post("/v1/stock/receipts", &came).expect(201);
        let mut closed = order.clone();
        closed["stage"] = json!("closed");
        shop.call("PUT", "/v1/purchase-orders/PO-7", &closed).expect(200);
        let told = shop.get("/v1/inbound?sku=red").expect(200).body;
        let seen = &told["data"][0];
        assert_eq!((&seen["received"], &seen["discrepancy"], &seen["open"]), (&json!("48"), &json!("-2"), &json!("0")));
        assert_eq!(ask(shop, &wish("30"))["deliver"], "2026-11-25", "it is there now");
        in_order(shop);
    });
}

/// part: C10
#[test]
fn c10_what_if_takes_nothing_and_tells_both_apart() {
    everywhere(|shop| {
        open(shop);
        let before = shop.availability("red");
        let mut wish = wish("30");
        wish["suppose"] = json!({"inbound": [
            {"sku": "red", "location": "ldn", "quantity": "100", "expected": "2026-11-27"}]});
        let told = shop.post("/v1/promises/what-if", &wish).expect(200).body;
        assert_eq!(told["before"]["deliver"], Value::Null, "there are not thirty: {told:#}");
        assert_eq!(told["after"]["deliver"], "2026-12-01", "{told:#}");
        assert_eq!((&told["changes"][0]["line"], &told["changes"][0]["short"]), (&json!(1), &json!("-20")));
        assert_eq!(shop.availability("red")["available"], before["available"], "nothing was taken");

        wish["suppose"] = json!({"without": ["ldn"]});
        wish["lines"][0]["quantity"] = json!("1");
        let told = shop.post("/v1/promises/what-if", &wish).expect(200).body;
        assert_eq!(told["after"]["deliver"], Value::Null, "only London ships: {told:#}");
        in_order(shop);
    });
}

/// part: C1
#[test]
fn c1_what_orders_have_set_aside_is_not_promised_again() {
    everywhere(|shop| {
        open(shop);
        let placed = shop.place(&[("red", "8")]);
        assert_eq!(placed["status"], "allocated");
        let told = ask(shop, &wish("2"));
        assert_eq!(told["lines"][0]["short"], "0", "{told:#}");
        let told = ask(shop, &wish("3"));
        assert_eq!(told["deliver"], Value::Null, "{told:#}");
        assert_eq!(told["lines"][0]["short"], "1");
        in_order(shop);
    });
}

#[test]
fn what_cannot_be_promised_is_said_where_it_is_wrong() {
    everywhere(|shop| {
        open(shop);
        let wrong = |shop: &mut Shop, path: &str, body: &Value, pointer: &str| {
            let told = shop.post(path, body).expect(422).body;
            assert_eq!(told["errors"][0]["pointer"], pointer, "{told:#}");
        };
        let mut unknown = wish("1");
        unknown["lines"][0]["sku"] = json!("nothing");
        wrong(shop, "/v1/promises", &unknown, "/lines/0/sku");
        wrong(shop, "/v1/promises", &wish("0"), "/lines/0/quantity");
        let mut early = wish("1");
        early["wanted"] = json!("tomorrow");
        wrong(shop, "/v1/promises", &early, "/wanted");
        wrong(shop, "/v1/promises/what-if", &wish("1"), "/suppose");
        let mut supposed = wish("1");
        supposed["suppose"] = json!({"stock": [{"sku": "red", "location": "ldn", "on_hand": "-1"}]});
        wrong(shop, "/v1/promises/what-if", &supposed, "/suppose/stock/0/on_hand");
        let order = json!({"location": "moon", "expected": "2026-12-01", "lines": [{"sku": "red", "quantity": "1"}]});
        let told = shop.call("PUT", "/v1/purchase-orders/PO-8", &order).expect(422).body;
        assert_eq!(told["errors"][0]["pointer"], "/location");
    });
}
