//! Orders that wait for goods: who is served first, and what each is promised meanwhile.

use oms_tests::shop::{Shop, everywhere};
use serde_json::{Value, json};

use crate::supply::{QUIET_MILLIS, becomes};
use crate::{in_order, look, soon};

fn backordered(shop: &mut Shop, channel: &str, class: Option<&str>, quantity: &str) -> Value {
    let mut order = Shop::order(&[("red", quantity)]);
    order["shortage"] = json!("backorder");
    order["channel"] = json!(channel);
    if let Some(class) = class {
        order["customer"] = json!({"class": class});
    }
    let order = shop.post("/v1/orders", &order).expect(201).body;
    assert_eq!(order["status"], "backordered");
    order
}

/// rows: C7
#[test]
fn c7_who_is_served_first_when_goods_come_is_a_rule_of_the_tenant() {
    everywhere(|shop| {
        shop.location("ldn", 51.5, -0.1);
        shop.item("red", 250);
        let rules = json!({"rules": [{"customer_classes": ["gold"], "strategy": "win"},
            {"channels": ["outlet"], "strategy": "lose"}]});
        assert_eq!(shop.call("PUT", "/v1/backorder-policy", &rules).expect(200).body["version"], 1);
        let outlet = backordered(shop, "outlet", None, "2");
        let plain = backordered(shop, "web", None, "3");
        let gold = backordered(shop, "web", Some("gold"), "4");

        let coming = json!({"location": "ldn", "expected": "2099-01-05", "lines": [{"sku": "red", "quantity": "5"}]});
        shop.call("PUT", "/v1/purchase-orders/PO-1", &coming).expect(200);
        let told = shop.get("/v1/backorders?sku=red").expect(200).body;
        let told = told["data"].as_array().expect("who waits").clone();
        let seen: Vec<(&Value, &Value, &Value)> =
            told.iter().map(|one| (&one["order_id"], &one["strategy"], &one["short"])).collect();
        assert_eq!(
            seen,
            [
                (&gold["id"], &json!("win"), &json!("0")),
                (&plain["id"], &json!("redistribute"), &json!("2")),
                (&outlet["id"], &json!("lose"), &json!("2"))
            ]
        );
        assert_eq!(told[0]["promised"], json!([{"date": "2099-01-05", "quantity": "4"}]));

        let came = json!({"location": "ldn", "reference": "PO-1", "lines": [{"sku": "red", "quantity": "5"}]});
        shop.post("/v1/stock/receipts", &came).expect(201);
        becomes(shop, &gold, |order| order["status"] == "allocated");
        let served = becomes(shop, &plain, |order| order["lines"][0]["quantities"]["allocated"] == "1");
        assert_eq!(served["lines"][0]["quantities"]["backordered"], "2");
        assert_eq!(look(shop, &outlet)["status"], "backordered", "it had been there first");
        shop.settled();
        assert_eq!(shop.get("/v1/backorders?sku=red").expect(200).body["data"].as_array().map(Vec::len), Some(2));
        in_order(shop);
    });
}

/// rows: C7
#[test]
fn c7_who_cannot_take_what_is_there_leaves_it_to_those_behind() {
    everywhere(|shop| {
        shop.location("ldn", 51.5, -0.1);
        shop.location("man", 53.5, -2.2);
        shop.item("red", 250);
        let mut whole = Shop::order(&[("red", "5")]);
        whole["shortage"] = json!("backorder");
        whole["lines"][0]["whole"] = json!(true);
        let whole = shop.post("/v1/orders", &whole).expect(201).body;
        let behind = backordered(shop, "web", None, "1");
        shop.receive("red", "ldn", "3");
        shop.receive("red", "man", "2");
        becomes(shop, &behind, |order| order["status"] == "allocated");
        assert_eq!(look(shop, &whole)["status"], "backordered", "five are nowhere together");
        in_order(shop);
    });
}

/// Three of a SKU come; an order for five was told of them before another one for three, which is wanted by a day.
fn told_before(shop: &mut Shop, sku: &str, class: &str) -> (Value, Value) {
    shop.item(sku, 250);
    let number = format!("PO-{sku}");
    let coming = json!({"location": "ldn", "expected": "2099-01-05", "lines": [{"sku": sku, "quantity": "3"}]});
    shop.call("PUT", &format!("/v1/purchase-orders/{number}"), &coming).expect(200);
    let mut wait = |quantity: &str, by: Option<&str>, number: usize| {
        let mut body = Shop::order(&[(sku, quantity)]);
        body["shortage"] = json!("backorder");
        body["customer"] = json!({"class": class});
        body["requested_by"] = json!(by);
        let order = shop.post("/v1/orders", &body).expect(201).body;
        soon(shop, "it is on the list", |shop| who_waits(shop, sku).len() == number);
        order
    };
    (wait("5", None, 1), wait("3", Some("2099-02-01"), 2))
}

fn who_waits(shop: &mut Shop, sku: &str) -> Vec<Value> {
    let told = shop.get(&format!("/v1/backorders?sku={sku}")).expect(200).body;
    told["data"].as_array().expect("who waits").clone()
}

/// What was told to an order, and what it is promised.
fn told_to(shop: &mut Shop, sku: &str, order: &Value) -> (Value, Value) {
    let all = who_waits(shop, sku);
    let row = all.iter().find(|row| row["order_id"] == order["id"]).expect("it waits");
    (row["earlier"].clone(), row["promised"].clone())
}

/// rows: C7
#[test]
fn c7_what_was_promised_before_counts_as_the_strategy_says() {
    everywhere(|shop| {
        shop.location("ldn", 51.5, -0.1);
        let rules = json!({"rules": [{"customer_classes": ["gold"], "strategy": "gain"},
            {"customer_classes": ["tin"], "strategy": "fill"}]});
        shop.call("PUT", "/v1/backorder-policy", &rules).expect(200);
        let (nothing, three) = (json!([]), json!([{"date": "2099-01-05", "quantity": "3"}]));
        let came = |shop: &mut Shop, sku: &str| {
            let lines = json!([{"sku": sku, "quantity": "3"}]);
            let receipt = json!({"location": "ldn", "reference": format!("PO-{sku}"), "lines": lines});
            shop.post("/v1/stock/receipts", &receipt).expect(201);
        };

        // Whoever has to have it by a day is served first, and the other one loses what it was told.
        let (first, second) = told_before(shop, "red", "plain");
        assert_eq!(told_to(shop, "red", &first), (three.clone(), nothing.clone()));
        assert_eq!(told_to(shop, "red", &second), (nothing.clone(), three.clone()));
        came(shop, "red");
        becomes(shop, &second, |order| order["status"] == "allocated");
        assert_eq!(look(shop, &first)["status"], "backordered");
        shop.settled();
        soon(shop, "it is told so", |shop| told_to(shop, "red", &first) == (nothing.clone(), nothing.clone()));

        // Whoever has at least what it was told has it.
        let (first, second) = told_before(shop, "blue", "gold");
        assert_eq!(told_to(shop, "blue", &first), (three.clone(), three.clone()));
        assert_eq!(told_to(shop, "blue", &second), (nothing.clone(), nothing.clone()));
        came(shop, "blue");
        let served = becomes(shop, &first, |order| order["lines"][0]["quantities"]["allocated"] == "3");
        assert_eq!(served["lines"][0]["quantities"]["backordered"], "2");
        assert_eq!(look(shop, &second)["status"], "backordered");

        // Whoever has at most what it was told has it then, and not sooner.
        let (first, second) = told_before(shop, "green", "tin");
        came(shop, "green");
        shop.pass(QUIET_MILLIS);
        assert_eq!(told_to(shop, "green", &first), (three.clone(), three));
        assert_eq!(told_to(shop, "green", &second), (nothing.clone(), nothing));
        assert_eq!(look(shop, &first)["status"], "backordered");
        in_order(shop);
    });
}

#[test]
fn a_backorder_policy_without_sense_is_refused_where_it_is_wrong() {
    everywhere(|shop| {
        let rules = json!({"rules": [{"customer_classes": ["GOLD"], "strategy": "first"}]});
        let told = shop.call("PUT", "/v1/backorder-policy", &rules).expect(422).body;
        let pointers: Vec<&str> =
            told["errors"].as_array().expect("faults").iter().filter_map(|fault| fault["pointer"].as_str()).collect();
        assert_eq!(pointers, ["/rules/0/customer_classes/0", "/rules/0/strategy"], "{told:#}");
    });
}
