//! Orders on their way.

use oms_tests::shop::{Shop, everywhere, in_memory};
use oms_tests::simulation;
use serde_json::{Value, json};

use crate::{history, in_order, look, nothing, parcels, path, quantities, soon};

const MINUTE: u64 = 60_000;

/// The quantities of a line, which always sum to what was ordered.
#[track_caller]
fn stand(order: &Value, expected: &Value) {
    assert_eq!(quantities(order, 0), *expected);
    let counts = expected.as_object().expect("quantities").values();
    let sum: f64 = counts.map(|quantity| quantity.as_str().expect("text").parse::<f64>().expect("a number")).sum();
    let ordered: f64 = order["lines"][0]["quantity"].as_str().expect("text").parse().expect("a number");
    assert!((sum - ordered).abs() < 1e-9, "{expected} is not {ordered}");
}

#[test]
fn d2_a_line_is_counted_by_status_through_a_whole_life() {
    everywhere(|shop| {
        shop.open();
        let mut body = Shop::order(&[("red", "24.5")]);
        body["shortage"] = json!("backorder");
        let order = shop.post("/v1/orders", &body).expect(201).body;
        stand(&order, &json!({"allocated": "20", "backordered": "4.5"}));
        assert_eq!(order["status"], "backordered");
        assert_eq!(parcels(&order), [("ldn".to_owned(), "open".to_owned()), ("man".to_owned(), "open".to_owned())]);

        let after =
            shop.act(&order, "cancel", &json!({"reason": "customer", "lines": [{"line": 1, "quantity": "4.5"}]}));
        stand(&after, &json!({"allocated": "20", "canceled": "4.5"}));
        assert_eq!(after["status"], "allocated");

        let after = shop.act(&order, "fulfillments/1/pick", &nothing());
        stand(&after, &json!({"picked": "10", "allocated": "10", "canceled": "4.5"}));
        assert_eq!(after["status"], "in_fulfillment");
        let after = shop.act(&order, "fulfillments/1/pack", &nothing());
        stand(&after, &json!({"packed": "10", "allocated": "10", "canceled": "4.5"}));
        let after = shop.act(&order, "fulfillments/1/ship", &nothing());
        stand(&after, &json!({"shipped": "10", "allocated": "10", "canceled": "4.5"}));
        assert_eq!((&after["status"], &after["fulfillment_status"]), (&json!("part_shipped"), &json!("partial")));
        let after = shop.act(&order, "fulfillments/1/deliver", &nothing());
        stand(&after, &json!({"delivered": "10", "allocated": "10", "canceled": "4.5"}));
        let after = shop.ship(&order, 2);
        stand(&after, &json!({"delivered": "10", "shipped": "10", "canceled": "4.5"}));
        assert_eq!((&after["status"], &after["fulfillment_status"]), (&json!("shipped"), &json!("fulfilled")));
        let after = shop.act(&order, "fulfillments/2/deliver", &nothing());
        stand(&after, &json!({"delivered": "20", "canceled": "4.5"}));
        assert_eq!((&after["status"], &after["actions"]), (&json!("delivered"), &json!(["hold", "return"])));

        let back = json!({"lines": [{"line": 1, "quantity": "2"}]});
        let back = shop.post(&format!("{}/returns", path(&order)), &back).expect(201).body;
        let back = format!("/v1/returns/{}", back["id"].as_str().expect("an id"));
        shop.post(&format!("{back}/authorize"), &nothing()).expect(200);
        let came = json!({"location": "ldn", "lines": [{"line": 1, "quantity": "2", "disposition": "restock"}]});
        shop.post(&format!("{back}/receive"), &came).expect(200);
        stand(&look(shop, &order), &json!({"delivered": "18", "returned": "2", "canceled": "4.5"}));
        in_order(shop);
    });
}

/// part: D4
#[test]
fn d4_a_hold_keeps_goods_from_moving_on() {
    everywhere(|shop| {
        shop.open();
        let order = shop.place(&[("red", "1")]);
        let held = shop.act(&order, "hold", &json!({"name": "fraud", "reason": "new customer, high value"}));
        assert_eq!(held["holds"][0]["name"], "fraud");
        assert_eq!(held["holds"][0]["reason"], "new customer, high value");
        assert_eq!(held["status"], "allocated", "its goods stay set aside");
        assert_eq!(held["fulfillments"][0]["actions"], json!(["reject"]));
        shop.act(&order, "hold", &json!({"name": "address"}));
        let refused = shop.post(&format!("{}/fulfillments/1/pick", path(&order)), &nothing()).expect(409);
        assert_eq!(refused.code(), "on_hold");

        let after = shop.act(&order, "release", &json!({"name": "fraud"}));
        assert_eq!(after["holds"].as_array().map(Vec::len), Some(1));
        shop.post(&format!("{}/fulfillments/1/pick", path(&order)), &nothing()).expect(409);
        let unknown = shop.post(&format!("{}/release", path(&order)), &json!({"name": "fraud"})).expect(422);
        assert_eq!(unknown.body["errors"][0]["code"], "unknown_hold");
        shop.act(&order, "release", &json!({"name": "address"}));
        shop.act(&order, "fulfillments/1/pick", &nothing());
        shop.act(&order, "hold", &json!({"name": "recall"}));
        let refused = shop.post(&format!("{}/fulfillments/1/pack", path(&order)), &nothing()).expect(409);
        assert_eq!(refused.code(), "on_hold", "at any step");
        shop.act(&order, "release", &json!({"name": "recall"}));
        assert_eq!(shop.ship(&order, 1)["status"], "shipped");
        in_order(shop);
    });
}

#[test]
fn d7_cancellation_in_stages_with_its_reasons() {
    everywhere(|shop| {
        shop.open();
        let order = shop.place(&[("red", "5"), ("blue", "2")]);
        let part = |line: u32, quantity: &str, reason: &str| json!({"reason": reason, "lines": [{"line": line, "quantity": quantity}]});
        let after = shop.act(&order, "cancel", &part(1, "2", "one too many, twice"));
        assert_eq!(quantities(&after, 0), json!({"allocated": "3", "canceled": "2"}));
        soon(shop, "two are free", |shop| shop.shelf("red", "ldn")["available"] == "7");

        // Sent again, it cancels nothing more; the same key says nothing else.
        let cancel = format!("{}/cancel", path(&order));
        let key = [("idempotency-key", "two-of-blue")];
        let one = part(2, "1", "one too many");
        let first = shop.call_with("POST", &cancel, &key, &one).expect(200);
        let again = shop.call_with("POST", &cancel, &key, &one).expect(200);
        assert_eq!((again.header("idempotency-replayed"), &again.body), (Some("true"), &first.body));
        let other = shop.call_with("POST", &cancel, &key, &part(2, "2", "one too many")).expect(422);
        assert_eq!(other.code(), "idempotency_key_reused");
        let keyless = shop.call_with("POST", &cancel, &[], &one).expect(400);
        assert_eq!(keyless.code(), "idempotency_key_missing", "nobody could send it twice safely");

        let refused = shop.post(&format!("{}/cancel", path(&order)), &part(1, "3.001", "")).expect(422);
        assert_eq!(refused.body["errors"][0]["pointer"], "/reason");
        let refused = shop.post(&format!("{}/cancel", path(&order)), &part(1, "3.001", "x")).expect(409);
        assert_eq!(
            (refused.code(), &refused.body["errors"][0]["pointer"]),
            ("quantity_exceeded", &json!("/lines/0/quantity"))
        );

        let after = shop.act(&order, "cancel", &part(2, "1", "found it cheaper"));
        assert_eq!(quantities(&after, 1), json!({"canceled": "2"}));
        assert_eq!(after["status"], "allocated", "the rest is wanted");
        soon(shop, "blue is free", |shop| shop.shelf("blue", "ldn")["available"] == "10");

        shop.act(&order, "fulfillments/1/pick", &nothing());
        let refused = shop.post(&format!("{}/cancel", path(&order)), &nothing()).expect(409);
        assert_eq!(refused.code(), "not_possible_now", "what is picked is on its way");
        let shipped = {
            shop.act(&order, "fulfillments/1/pack", &nothing());
            shop.act(&order, "fulfillments/1/ship", &nothing())
        };
        assert_eq!(quantities(&shipped, 0), json!({"shipped": "3", "canceled": "2"}));
        let events = history(shop, &order);
        let reasons: Vec<&Value> =
            events.iter().filter(|event| event["type"] == "canceled").map(|event| &event["reason"]).collect();
        assert_eq!(reasons, ["one too many, twice", "one too many", "found it cheaper"]);
        in_order(shop);
    });
}

#[test]
fn d7_cancellation_of_the_whole_gives_everything_back() {
    everywhere(|shop| {
        shop.open();
        let order = shop.place(&[("red", "12"), ("blue", "3")]);
        assert_eq!(parcels(&order).len(), 2);
        let after = shop.act(&order, "cancel", &json!({"reason": "customer"}));
        assert_eq!((&after["status"], &after["actions"]), (&json!("canceled"), &json!([])));
        assert_eq!(quantities(&after, 0), json!({"canceled": "12"}));
        soon(shop, "all is free", |shop| {
            shop.availability("red")["available"] == "20" && shop.availability("blue")["available"] == "10"
        });
        let again = shop.act(&order, "cancel", &json!({"reason": "customer"}));
        assert_eq!(again["version"], look(shop, &order)["version"], "canceled once is canceled");
        in_order(shop);
    });
}

/// part: D12
#[test]
fn d12_a_backorder_is_tried_again_until_its_goods_come() {
    in_memory(|shop| {
        shop.open();
        let mut body = Shop::order(&[("blue", "12"), ("red", "1")]);
        body["shortage"] = json!("backorder");
        let order = shop.post("/v1/orders", &body).expect(201).body;
        assert_eq!(order["status"], "backordered");
        assert_eq!(quantities(&order, 0), json!({"allocated": "10", "backordered": "2"}));
        shop.pass(20 * MINUTE);
        assert_eq!(look(shop, &order)["status"], "backordered", "looked for, and not there");
        shop.receive("blue", "man", "5");
        shop.pass(40 * MINUTE);
        let after = look(shop, &order);
        assert_eq!((&after["status"], quantities(&after, 0)), (&json!("allocated"), json!({"allocated": "12"})));
        assert_eq!(shop.shelf("blue", "man")["available"], "3");
        in_order(shop);
    });
}

/// part: U9
#[test]
fn u9_an_order_over_several_objects_gets_all_or_nothing() {
    everywhere(|shop| {
        shop.open();
        // Of eight objects and more, each lives in one of its own: races.rs looks.
        let skus = ["amber", "birch", "coral"];
        for sku in skus {
            shop.item(sku, 100);
            shop.receive(sku, "ldn", if sku == "coral" { "1" } else { "5" });
        }
        let lines: Vec<(&str, &str)> = skus.map(|sku| (sku, "2")).to_vec();
        let refused = shop.post("/v1/orders", &Shop::order(&lines)).expect(409);
        assert_eq!(refused.body["lines"], json!([{"line": 3, "sku": "coral", "requested": "2", "available": "1"}]));
        for sku in skus {
            soon(shop, "nothing is kept", |shop| shop.shelf(sku, "ldn")["reserved"] == "0");
        }
        assert_eq!(shop.books().counts["orders"], 0, "and nothing is on record");
        shop.receive("coral", "man", "1");
        let placed = shop.place(&lines);
        assert_eq!(placed["status"], "allocated");
        for sku in skus {
            assert_eq!(shop.shelf(sku, "ldn")["reserved"], if sku == "coral" { "1" } else { "2" });
        }
        in_order(shop);
    });
}

#[test]
fn u7_the_house_stands_after_bad_days() {
    // tests/tests/simulation.rs has some hundred days more.
    for seed in 9_000..9_006 {
        let day = simulation::run(seed, [1, 8, 256][(seed % 3) as usize]);
        assert!(day.complaints.is_empty(), "seed {seed}: {:#?}", day.complaints);
    }
}

#[test]
fn an_order_tells_its_history() {
    everywhere(|shop| {
        shop.open();
        let order = shop.place(&[("red", "1")]);
        shop.act(&order, "hold", &json!({"name": "fraud"}));
        shop.act(&order, "release", &json!({"name": "fraud"}));
        shop.ship(&order, 1);
        soon(shop, "the goods left", |shop| shop.shelf("red", "ldn")["on_hand"] == "9");
        let events = history(shop, &order);
        // What else is there says how orders and shelves came to agree.
        let told = ["placed", "allocated", "hold_put", "hold_lifted", "picked", "packed", "shipped"];
        let types = events.iter().map(|event| event["type"].as_str().expect("a type"));
        assert_eq!(types.filter(|one| told.contains(one)).collect::<Vec<_>>(), told);
        let versions: Vec<u64> = events.iter().map(|event| event["version"].as_u64().expect("a version")).collect();
        assert!(versions.is_sorted() && versions.first() == Some(&1), "{versions:?}");
        assert_eq!(versions.last().copied(), look(shop, &order)["version"].as_u64());
        let times: Vec<&str> = events.iter().map(|event| event["at"].as_str().expect("a time")).collect();
        assert!(times.is_sorted(), "{times:?}");
        in_order(shop);
    });
}
