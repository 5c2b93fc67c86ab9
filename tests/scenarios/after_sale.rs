//! Goods come back.

use oms_tests::shop::{Shop, everywhere};
use serde_json::{Value, json};

use crate::{history, in_order, look, nothing, path, quantities, soon};

/// An order of these that has been shipped.
#[track_caller]
fn shipped(shop: &mut Shop, lines: &[(&str, &str)]) -> Value {
    let order = shop.place(lines);
    let order = shop.ship(&order, 1);
    soon(shop, "the goods left", |shop| shop.settled().units("reserved") == 0);
    order
}

#[track_caller]
fn ask_back(shop: &mut Shop, order: &Value, line: u32, quantity: &str) -> Value {
    let body = json!({"lines": [{"line": line, "quantity": quantity, "reason": "too small"}]});
    shop.post(&format!("{}/returns", path(order)), &body).expect(201).body
}

fn of(back: &Value, action: &str) -> String {
    format!("/v1/returns/{}/{action}", back["id"].as_str().expect("an id"))
}

/// part: H6
#[test]
fn h6_what_is_kept_apart_is_judged_and_sold_again_or_scrapped() {
    everywhere(|shop| {
        shop.open();
        let order = shipped(shop, &[("red", "5")]);
        let back = ask_back(shop, &order, 1, "4");
        shop.post(&of(&back, "authorize"), &nothing()).expect(200);
        let came = json!({"location": "man", "lines": [{"line": 1, "quantity": "4", "disposition": "quarantine"}]});
        shop.post(&of(&back, "receive"), &came).expect(200);
        soon(shop, "they are kept apart", |shop| shop.shelf("red", "man")["quarantined"] == "4");
        assert_eq!(shop.shelf("red", "man")["available"], "10", "nobody buys them");

        let judge = |disposition: &str, quantity: &str| {
            json!({"location": "man", "disposition": disposition,
            "reference": "QC-1", "lines": [{"sku": "red", "quantity": quantity}]})
        };
        let refused = shop.post("/v1/stock/dispositions", &judge("restock", "4.5")).expect(409);
        let missing = json!([{"line": 1, "sku": "red", "location": "man", "requested": "4.5", "available": "4"}]);
        assert_eq!(refused.body["lines"], missing, "no more than is kept apart");
        let key = [("idempotency-key", "QC-1")];
        let good = shop.call_with("POST", "/v1/stock/dispositions", &key, &judge("restock", "3")).expect(201);
        assert_eq!(
            (&good.body["lines"][0]["on_hand"], &good.body["lines"][0]["available"]),
            (&json!("14"), &json!("13"))
        );
        let again = shop.call_with("POST", "/v1/stock/dispositions", &key, &judge("restock", "3")).expect(201);
        assert_eq!((again.header("idempotency-replayed"), &again.body), (Some("true"), &good.body));
        let bad = shop.post("/v1/stock/dispositions", &judge("scrap", "1")).expect(201).body;
        assert_eq!((&bad["lines"][0]["on_hand"], &bad["lines"][0]["available"]), (&json!("13"), &json!("13")));
        assert_eq!(shop.shelf("red", "man")["quarantined"], "0");
        assert_eq!(shop.settled().units("adjusted"), -1, "what was scrapped is in the books");
        in_order(shop);
    });
}

/// part: H1
#[test]
fn h1_a_return_from_the_request_to_the_shelf() {
    everywhere(|shop| {
        shop.open();
        let order = shipped(shop, &[("red", "4"), ("blue", "1")]);
        assert_eq!(order["actions"], json!(["hold", "return"]));
        let back = ask_back(shop, &order, 1, "3");
        assert_eq!((&back["order_id"], &back["status"]), (&order["id"], &json!("requested")));
        assert_eq!(back["lines"], json!([{"line": 1, "quantity": "3", "reason": "too small"}]));
        assert_eq!(back["actions"], json!(["authorize", "cancel"]));

        let came = json!({"location": "ldn", "lines": [
            {"line": 1, "quantity": "1", "disposition": "restock"}, {"line": 1, "quantity": "1", "disposition": "quarantine"}]});
        let early = shop.post(&of(&back, "receive"), &came).expect(409);
        assert_eq!((early.code(), &early.body["actions"]), ("not_possible_now", &json!(["authorize", "cancel"])));
        let authorized = shop.post(&of(&back, "authorize"), &nothing()).expect(200).body;
        assert_eq!(authorized["actions"], json!(["receive", "cancel"]));
        let received = shop.post(&of(&back, "receive"), &came).expect(200).body;
        assert_eq!((&received["status"], &received["actions"]), (&json!("received"), &json!([])));
        assert_eq!(received["received"]["location"], "ldn");

        // Two of three came: one can be sold again, one is looked at first.
        soon(shop, "they are on the shelf", |shop| shop.shelf("red", "ldn")["on_hand"] == "8");
        let shelf = shop.shelf("red", "ldn");
        assert_eq!((&shelf["quarantined"], &shelf["available"]), (&json!("1"), &json!("7")));
        let after = look(shop, &order);
        assert_eq!(quantities(&after, 0), json!({"shipped": "2", "returned": "2"}));
        assert_eq!(after["returns"][0]["status"], "received");
        let again = shop.post(&of(&back, "receive"), &came).expect(200).body;
        assert_eq!(again, received, "what was received once is received");
        let types: Vec<Value> = history(shop, &order).iter().map(|event| event["type"].clone()).collect();
        assert!(
            ["return_requested", "return_authorized", "return_received"].iter().all(|one| types.contains(&json!(one))),
            "{types:?}"
        );
        assert_eq!(shop.settled().units("returned"), 2);
        in_order(shop);
    });
}

/// part: H3
#[test]
fn h3_bought_online_returned_in_a_store() {
    everywhere(|shop| {
        shop.open();
        let store = |accepts: bool| json!({"name": "Store", "kind": "store", "country": "GB", "ships": false, "accepts_returns": accepts});
        shop.call("PUT", "/v1/locations/bath", &store(true)).expect(201);
        shop.call("PUT", "/v1/locations/kiosk", &store(false)).expect(201);
        let order = shipped(shop, &[("red", "2")]);
        let back = ask_back(shop, &order, 1, "2");
        shop.post(&of(&back, "authorize"), &nothing()).expect(200);
        let came = |location: &str| json!({"location": location, "lines": [{"line": 1, "quantity": "2", "disposition": "restock"}]});
        let refused = shop.post(&of(&back, "receive"), &came("kiosk")).expect(409);
        assert_eq!(refused.body["errors"][0]["code"], "location_takes_no_returns");
        let refused = shop.post(&of(&back, "receive"), &came("nowhere")).expect(422);
        assert_eq!(
            refused.body["errors"][0],
            json!({"pointer": "/location", "code": "unknown_location", "detail": "there is no such location"})
        );
        shop.post(&of(&back, "receive"), &came("bath")).expect(200);
        soon(shop, "they are in the store", |shop| shop.shelf("red", "bath")["on_hand"] == "2");
        assert_eq!(shop.shelf("red", "ldn")["on_hand"], "8");
        in_order(shop);
    });
}

#[test]
fn no_more_comes_back_than_went_out() {
    everywhere(|shop| {
        shop.open();
        let order = shop.place(&[("red", "3")]);
        let ask = |quantity: &str| json!({"lines": [{"line": 1, "quantity": quantity}]});
        let returns = format!("{}/returns", path(&order));
        let refused = shop.post(&returns, &ask("1")).expect(409);
        assert_eq!(
            (refused.code(), &refused.body["errors"][0]["pointer"]),
            ("quantity_exceeded", &json!("/lines/0/quantity"))
        );
        shop.ship(&order, 1);

        let key = [("idempotency-key", "ret-1")];
        let first = shop.call_with("POST", &returns, &key, &ask("2")).expect(201).body;
        let again = shop.call_with("POST", &returns, &key, &ask("2")).expect(201);
        assert_eq!((&again.body["id"], again.header("idempotency-replayed")), (&first["id"], Some("true")));
        let reused = shop.call_with("POST", &returns, &key, &ask("1")).expect(422);
        assert_eq!(reused.code(), "idempotency_key_reused");
        shop.post(&returns, &ask("2")).expect(409);
        let second = shop.post(&returns, &ask("1")).expect(201).body;
        assert_ne!(first["id"], second["id"]);

        let canceled = shop.post(&of(&first, "cancel"), &json!({"reason": "kept after all"})).expect(200).body;
        assert_eq!(canceled["status"], "canceled");
        let third = shop.post(&returns, &ask("2")).expect(201).body;
        assert_eq!(shop.post(&of(&first, "authorize"), &nothing()).expect(409).code(), "not_possible_now");
        shop.post(&of(&third, "authorize"), &nothing()).expect(200);
        let came = json!({"location": "man", "lines": [{"line": 1, "quantity": "2.5", "disposition": "restock"}]});
        assert_eq!(shop.post(&of(&third, "receive"), &came).expect(409).code(), "quantity_exceeded");
        in_order(shop);
    });
}
