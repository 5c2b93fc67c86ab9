//! Requests are sent twice, late, and past each other.

use oms_tests::shop::{Shop, everywhere};
use serde_json::json;

use crate::{in_order, look, nothing, path};

#[test]
fn an_order_sent_twice_is_placed_once() {
    everywhere(|shop| {
        shop.open();
        let body = Shop::order(&[("red", "2")]);
        let key = [("idempotency-key", "checkout-1")];
        let first = shop.call_with("POST", "/v1/orders", &key, &body).expect(201);
        assert_eq!(first.header("idempotency-replayed"), None);
        let place = format!("/v1/orders/{}", first.body["id"].as_str().expect("an id"));
        assert_eq!(first.header("location"), Some(place.as_str()));
        let again = shop.call_with("POST", "/v1/orders", &key, &body).expect(201);
        assert_eq!(again.header("idempotency-replayed"), Some("true"));
        assert_eq!(again.body, first.body);

        // The same order in other words: members in another order, white space, a quantity with zeros behind it.
        let spelled = r#" { "lines": [ {"quantity":"2.000", "sku":"red"} ],
            "ship_to": {"longitude": 0.0, "latitude": 51.4, "country":"GB"}, "currency":"GBP", "channel":"web" } "#;
        let headers = [("idempotency-key", "checkout-1"), ("content-type", "application/json; charset=utf-8")];
        let again = shop.raw("POST", "/v1/orders", &headers, Some(spelled)).expect(201);
        assert_eq!(again.body["id"], first.body["id"]);

        let other = shop.call_with("POST", "/v1/orders", &key, &Shop::order(&[("red", "3")])).expect(422);
        assert_eq!(other.code(), "idempotency_key_reused");
        assert_eq!(shop.availability("red")["available"], "18");
        assert_eq!(shop.books().counts["orders"], 1);
        in_order(shop);
    });
}

#[test]
fn a_key_that_placed_nothing_can_be_used_again() {
    everywhere(|shop| {
        shop.open();
        let key = [("idempotency-key", "checkout-2")];
        let body = Shop::order(&[("green", "1")]);
        shop.call_with("POST", "/v1/orders", &key, &body).expect(422);
        shop.item("green", 300);
        shop.receive("green", "man", "1");
        let placed = shop.call_with("POST", "/v1/orders", &key, &body).expect(201);
        assert_eq!((placed.header("idempotency-replayed"), &placed.body["status"]), (None, &json!("allocated")));
        in_order(shop);
    });
}

#[test]
fn a_client_may_name_its_order() {
    everywhere(|shop| {
        shop.open();
        let mut body = Shop::order(&[("red", "1")]);
        body["id"] = json!("ord_3f01ARZ3NDEKTSV4RRFFQ69G5FAV");
        let placed = shop.post("/v1/orders", &body).expect(201).body;
        assert_eq!(placed["id"], body["id"]);
        let taken = shop.post("/v1/orders", &body).expect(409);
        assert_eq!((taken.code(), &taken.body["errors"][0]["pointer"]), ("already_exists", &json!("/id")));
        assert_eq!(shop.availability("red")["available"], "19");
        in_order(shop);
    });
}

#[test]
fn two_people_do_not_overwrite_each_other() {
    everywhere(|shop| {
        shop.open();
        let order = shop.place(&[("red", "2")]);
        let read = shop.get(&path(&order)).expect(200);
        let tag = read.header("etag").expect("a tag").to_owned();
        assert_eq!(tag, format!("\"v{}\"", read.body["version"]));
        let cancel = format!("{}/cancel", path(&order));
        let one = json!({"reason": "customer", "lines": [{"line": 1, "quantity": "1"}]});
        let done = shop.call_with("POST", &cancel, &[("if-match", &tag)], &one).expect(200);
        assert_ne!(done.header("etag"), Some(tag.as_str()));
        let stale = shop.call_with("POST", &cancel, &[("if-match", &tag)], &one).expect(412);
        assert_eq!(stale.code(), "stale_version");
        let current = stale.body["current_version"].as_u64().expect("a version");
        assert_eq!(Some(current), look(shop, &order)["version"].as_u64());
        let tag = format!("\"v{current}\"");
        shop.call_with("POST", &cancel, &[("if-match", &tag)], &one).expect(200);
        assert_eq!(look(shop, &order)["status"], "canceled");
        in_order(shop);
    });
}

#[test]
fn a_cancellation_with_a_key_takes_away_once() {
    everywhere(|shop| {
        shop.open();
        let order = shop.place(&[("red", "5")]);
        let cancel = format!("{}/cancel", path(&order));
        let one = json!({"reason": "customer", "lines": [{"line": 1, "quantity": "1"}]});
        for _ in 0..3 {
            let told = shop.call_with("POST", &cancel, &[("idempotency-key", "cancel-1")], &one).expect(200);
            assert_eq!(told.body["lines"][0]["quantities"], json!({"allocated": "4", "canceled": "1"}));
        }
        in_order(shop);
    });
}

#[test]
fn anybody_may_ask_how_the_house_is() {
    everywhere(|shop| {
        let health = shop.raw("GET", "/v1/health", &[("authorization", "none")], None).expect(200);
        assert_eq!(health.body["status"], "ok");
        assert!(health.header("x-request-id").is_some());
        shop.open();
        shop.place(&[("red", "1")]);
        shop.pass(3_000);
        let stats = shop.get("/v1/stats").expect(200).body;
        assert_eq!(
            (&stats["skus"], &stats["locations"], &stats["orders"]),
            (&json!(2), &json!(2), &json!({"allocated": 1}))
        );
        shop.post("/v1/orders/ord_3f01ARZ3NDEKTSV4RRFFQ69G5FAV/cancel", &nothing()).expect(404);
        in_order(shop);
    });
}
