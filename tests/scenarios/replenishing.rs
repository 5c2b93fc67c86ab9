//! Goods between locations and from suppliers: what is expected, what is low, what to order.

use oms_tests::shop::{Shop, everywhere, in_memory};
use oms_tests::till::enrolled;
use serde_json::{Value, json};

use crate::in_order;

/// A week, in milliseconds.
const WEEK: u64 = 7 * 24 * 3_600_000;

fn open(shop: &mut Shop) {
    shop.location("ldn", 51.5, -0.1);
    shop.location("man", 53.5, -2.2);
    let supplier = json!({"name": "Acme", "kind": "supplier", "country": "GB", "ships": false});
    shop.call("PUT", "/v1/locations/acme", &supplier).expect(201);
    shop.item("red", 250);
}

fn receive(shop: &mut Shop, location: &str, quantity: &str) {
    let body = json!({"location": location, "lines": [{"sku": "red", "quantity": quantity}]});
    shop.post("/v1/stock/receipts", &body).expect(201);
}

fn sells(shop: &mut Shop, quantity: &str) {
    let order = shop.place(&[("red", quantity)]);
    shop.ship(&order, 1);
    shop.settled();
}

fn watch(shop: &mut Shop, body: &Value) -> Value {
    shop.call("PUT", "/v1/items/red/replenishment", body).expect(200).body
}

fn buying() -> Value {
    json!({"supplier": "acme", "locations": ["ldn"], "lead_days": 14, "service_permille": 950, "order_quantity": "30",
        "multiple": "12"})
}

fn inbound(shop: &mut Shop) -> Value {
    shop.get("/v1/inbound?sku=red").expect(200).body["data"][0].clone()
}

/// rows: B5
#[test]
fn b5_a_transfer_leaves_is_on_its_way_and_arrives_with_a_discrepancy() {
    everywhere(|shop| {
        open(shop);
        receive(shop, "man", "20");
        let order = |stage: &str| {
            json!({"from": "man", "location": "ldn", "ships": "2099-01-04", "expected": "2099-01-06", "stage": stage,
                "lines": [{"sku": "red", "quantity": "10"}]})
        };
        let path = "/v1/transfer-orders/TR-1";
        shop.call("PUT", path, &order("draft")).expect(200);
        assert_eq!(shop.shelf("red", "ldn"), Value::Null, "nobody counts on a draft");
        let told = shop.call("PUT", path, &order("ready")).expect(200).body;
        assert_eq!((&told["data"][0]["from"], &told["data"][0]["open"]), (&json!("man"), &json!("10")), "{told:#}");

        let leaves = |quantity: &str| json!({"transfer": "TR-1", "from": "man", "lines": [{"sku": "red", "quantity": quantity}]});
        let told = shop.post("/v1/stock/dispatches", &leaves("11")).expect(422).body;
        assert_eq!(told["errors"][0]["code"], "not_to_leave", "{told:#}");
        shop.post("/v1/stock/dispatches", &leaves("10")).expect(201);
        assert_eq!(shop.shelf("red", "man")["on_hand"], "10", "it has left");
        assert_eq!(shop.shelf("red", "ldn")["incoming"], "10");
        assert_eq!(inbound(shop)["stage"], "in_transit");
        let told = shop.call("PUT", path, &order("ready")).expect(422).body;
        assert_eq!(told["errors"][0]["pointer"], "/stage", "what has left has left: {told:#}");

        let came = json!({"location": "ldn", "reference": "TR-1", "lines": [{"sku": "red", "quantity": "9"}]});
        shop.post("/v1/stock/receipts", &came).expect(201);
        assert_eq!((&inbound(shop)["received"], &inbound(shop)["open"]), (&json!("9"), &json!("1")));
        shop.call("PUT", path, &order("closed")).expect(200);
        assert_eq!((&inbound(shop)["discrepancy"], &inbound(shop)["open"]), (&json!("-1"), &json!("0")));
        assert_eq!(shop.shelf("red", "ldn")["on_hand"], "9");
        let books = shop.settled();
        assert_eq!((books.units("received"), books.units("on_hand")), (20, 19), "one is lost between two places");
        in_order(shop);
    });
}

/// rows: B5
#[test]
fn b5_one_purchase_order_of_several_goods_is_promised_from() {
    everywhere(|shop| {
        open(shop);
        shop.item("blue", 250);
        let order = json!({"location": "ldn", "expected": "2099-01-05",
            "lines": [{"sku": "red", "quantity": "5"}, {"sku": "blue", "quantity": "5"}]});
        shop.call("PUT", "/v1/purchase-orders/PO-9", &order).expect(200);
        let wish = json!({"ship_to": {"country": "GB"}, "placed_at": "2098-12-29T09:00:00Z",
            "lines": [{"sku": "red", "quantity": "2"}, {"sku": "blue", "quantity": "2"}]});
        let told = shop.post("/v1/promises", &wish).expect(200).body;
        assert_eq!(told["deliver"], "2099-01-05", "{told:#}");
        in_order(shop);
    });
}

/// rows: B6
#[test]
fn b6_a_crossing_is_told_once_in_its_order() {
    everywhere(|shop| {
        open(shop);
        watch(shop, &json!({"thresholds": {"low": "2", "medium": "5", "high": "8"}}));
        receive(shop, "ldn", "10");
        for quantity in ["1", "2", "1", "2", "2"] {
            shop.place(&[("red", quantity)]);
        }
        let told = shop.get("/v1/stock/crossings?sku=red").expect(200).body;
        let crossings: Vec<(&str, &str, &str)> = told["data"]
            .as_array()
            .expect("crossings")
            .iter()
            .rev()
            .map(|one| {
                let word = |member: &str| one[member].as_str().expect("a word");
                (word("from"), word("to"), word("available"))
            })
            .collect();
        assert_eq!(crossings, [("ample", "high", "7"), ("high", "medium", "4"), ("medium", "low", "2")]);
        receive(shop, "ldn", "50");
        let told = shop.get("/v1/stock/crossings?sku=red").expect(200).body;
        assert_eq!((&told["data"][0]["from"], &told["data"][0]["to"]), (&json!("low"), &json!("ample")));
        in_order(shop);
    });
}

/// Weeks pass: in memory only.
/// rows: B7, B4, B6
#[test]
fn b7_demand_is_forecast_from_what_left_and_says_what_to_keep_and_order() {
    in_memory(|shop| {
        open(shop);
        receive(shop, "ldn", "100");
        for quantity in ["8", "12", "9", "11", "10", "10"] {
            sells(shop, quantity);
            shop.pass(WEEK);
        }
        let told = shop.get("/v1/forecasts?sku=red&weeks=3").expect(200).body;
        let one = &told["data"][0];
        assert_eq!((&one["location"], &one["class"]), (&json!("ldn"), &json!("smooth")), "{told:#}");
        let weeks = |member: &str| one[member].as_array().expect("weeks").len();
        assert_eq!((weeks("history"), weeks("next")), (6, 3));
        let next: f64 = one["next"][0]["quantity"].as_str().and_then(|text| text.parse().ok()).expect("a number");
        assert!((8.0..=12.0).contains(&next), "{next}");

        let mut kept = buying();
        kept["keep_safety"] = json!(true);
        watch(shop, &json!({"buying": kept}));
        let told = shop.get("/v1/replenishment?sku=red").expect(200).body;
        let place = &told["data"][0];
        let number = |text: &Value| -> f64 { text.as_str().and_then(|text| text.parse().ok()).expect("a number") };
        let (safety, point) = (number(&place["safety_stock"]), number(&place["reorder_point"]));
        assert!(safety > 0.0 && point > safety + 15.0, "two weeks of demand and what is kept for safety: {told:#}");
        assert_eq!(number(&shop.shelf("red", "ldn")["safety_stock"]), safety, "it is kept back from selling");
        assert_eq!(told["proposals"], json!([]), "there is enough");

        sells(shop, "25");
        let told = shop.get("/v1/replenishment?sku=red").expect(200).body;
        let line = &told["proposals"][0]["lines"][0];
        assert_eq!(told["proposals"][0]["supplier"], "acme", "{told:#}");
        assert_eq!(number(&line["quantity"]) % 12.0, 0.0, "in the packs of the supplier");

        let headers = [("idempotency-key", "run-1")];
        let body = json!({"skus": ["red"]});
        let first = shop.call_with("POST", "/v1/replenishment", &headers, &body).expect(201).body;
        let again = shop.call_with("POST", "/v1/replenishment", &headers, &body).expect(201).body;
        assert_eq!(first, again, "a request that is sent twice proposes once");
        assert_eq!(shop.get("/v1/replenishment?sku=red").expect(200).body["proposals"], json!([]), "it is proposed");
        let id = first["data"][0]["purchase_order"].as_str().expect("a number").to_owned();
        assert_eq!((&inbound(shop)["stage"], &inbound(shop)["open"]), (&json!("draft"), &json!("0")));
        shop.post(&format!("/v1/purchase-orders/{id}/accept"), &body).expect(200);
        assert_eq!((&inbound(shop)["stage"], &inbound(shop)["ordered"]), (&json!("ready"), &line["quantity"]));
        let again = shop.call_with("POST", "/v1/replenishment", &headers, &body).expect(201).body;
        assert_eq!(inbound(shop)["stage"], "ready", "what was accepted stays so: {again:#}");
        in_order(shop);
    });
}

/// Weeks pass: in memory only.
/// rows: B7
#[test]
fn b7_what_a_till_sells_is_demand_like_what_an_order_takes() {
    in_memory(|shop| {
        open(shop);
        receive(shop, "ldn", "100");
        let mut till = enrolled(shop, "till-1");
        let grant = json!({"lines": [{"sku": "red", "quantity": "7"}]});
        shop.post("/v1/tills/till-1/grants", &grant).expect(200);
        till.sync(shop).expect(200);
        // In the third week it has no right left, and sells what is free.
        for (over_the_counter, by_order) in [("4", "5"), ("3", "6"), ("2", "7")] {
            till.sell(&[("red", over_the_counter, 250)]);
            till.sync(shop).expect(200);
            sells(shop, by_order);
            shop.pass(WEEK);
        }
        till.surrender("red", "7");
        till.sync(shop).expect(200);
        shop.settled();
        let told = shop.get("/v1/forecasts?sku=red").expect(200).body;
        let history = told["data"][0]["history"].as_array().expect("weeks");
        let weeks: Vec<&Value> = history.iter().map(|week| &week["quantity"]).collect();
        assert_eq!(weeks, ["9", "9", "9"], "what is given back was not sold: {told:#}");
        in_order(shop);
    });
}

#[test]
fn replenishment_without_sense_is_refused_where_it_is_wrong() {
    everywhere(|shop| {
        open(shop);
        let wrong = |shop: &mut Shop, body: &Value, pointer: &str| {
            let told = shop.call("PUT", "/v1/items/red/replenishment", body).expect(422).body;
            assert_eq!(told["errors"][0]["pointer"], pointer, "{told:#}");
        };
        wrong(shop, &json!({"thresholds": {"low": "5", "medium": "5"}}), "/thresholds/medium");
        for (member, value) in [
            ("lead_days", json!(-1)),
            ("service_permille", json!(1000)),
            ("lead_deviation_days", json!(731)),
            ("order_quantity", json!("0")),
            ("supplier", json!("NOBODY")),
        ] {
            let mut buying = buying();
            buying[member] = value;
            wrong(shop, &json!({"buying": buying}), &format!("/buying/{member}"));
        }
        let mut moon = buying();
        moon["locations"] = json!(["ldn", "moon"]);
        wrong(shop, &json!({"buying": moon}), "/buying/locations/1");
        let transfer = json!({"from": "man", "location": "ldn", "ships": "2099-01-09", "expected": "2099-01-06",
            "lines": [{"sku": "red", "quantity": "1"}]});
        let told = shop.call("PUT", "/v1/transfer-orders/TR-2", &transfer).expect(422).body;
        assert_eq!(told["errors"][0]["pointer"], "/ships", "it arrives before it leaves: {told:#}");
        shop.get("/v1/forecasts?sku=red&weeks=0").expect(400);
    });
}
