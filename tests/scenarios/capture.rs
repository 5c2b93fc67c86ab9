//! Orders come in.

use std::collections::BTreeSet;

use oms_tests::shop::{Shop, everywhere};
use serde_json::{Value, json};

use crate::{in_order, listed, look, nothing, path, quantities, soon};

const CHANNELS: [&str; 6] = ["web", "mobile", "call_center", "store", "marketplace", "edi"];

/// The members of an object.
fn members(value: &Value) -> BTreeSet<String> {
    value.as_object().expect("an object").keys().cloned().collect()
}

#[test]
fn a1_every_channel_makes_one_kind_of_order() {
    everywhere(|shop| {
        shop.open();
        let mut orders = Vec::new();
        for channel in CHANNELS {
            let mut body = Shop::order(&[("red", "1")]);
            body["channel"] = json!(channel);
            orders.push(shop.post("/v1/orders", &body).expect(201).body);
        }
        let [first, ..] = orders.as_slice() else { panic!("no orders") };
        for (order, channel) in orders.iter().zip(CHANNELS) {
            assert_eq!(order["channel"], channel);
            assert_eq!(order["status"], "allocated");
            assert_eq!(order["actions"], first["actions"]);
            assert_eq!(members(order), members(first));
            assert_eq!(members(&order["lines"][0]), members(&first["lines"][0]));
            assert_eq!(order["totals"], first["totals"], "the list price holds in every channel");
        }
        for (order, channel) in orders.iter().zip(CHANNELS) {
            let id = order["id"].as_str().expect("an id").to_owned();
            soon(shop, channel, |shop| listed(shop, &format!("channel={channel}")) == [id.clone()]);
        }
        assert_eq!(shop.shelf("red", "ldn")["reserved"], "6", "all channels sell what lies on the same shelf");
        in_order(shop);
    });
}

#[test]
fn a1_a_channel_may_have_prices_of_its_own_and_orders_from_the_past() {
    everywhere(|shop| {
        shop.open();
        let mut sold = Shop::order(&[("red", "2")]);
        sold["channel"] = json!("marketplace");
        sold["lines"][0]["unit_price"] = json!({"amount": 899, "currency": "GBP"});
        let sold = shop.post("/v1/orders", &sold).expect(201).body;
        assert_eq!(sold["lines"][0]["unit_price"], json!({"amount": 899, "currency": "GBP"}));
        assert_eq!(sold["totals"]["total"], json!({"amount": 1798, "currency": "GBP"}));

        let mut filed = Shop::order(&[("blue", "1")]);
        filed["channel"] = json!("edi");
        filed["key"] = json!("edi-7");
        filed["placed_at"] = json!("2010-12-01T08:26:00.000Z");
        let told = shop.post("/v1/imports/orders", &filed).expect(200);
        assert_eq!((told.body["status"].as_u64(), &told.body["order_status"]), (Some(201), &json!("allocated")));
        let filed = look(shop, &told.body);
        assert_eq!(filed["created_at"], "2010-12-01T08:26:00.000Z");
        assert_eq!(members(&filed["lines"][0]), members(&sold["lines"][0]));
        in_order(shop);
    });
}

#[test]
fn a2_a_draft_is_checked_by_staff_and_confirmed() {
    everywhere(|shop| {
        shop.open();
        let mut body = Shop::order(&[("red", "4")]);
        body["draft"] = json!(true);
        body["channel"] = json!("call_center");
        let draft = shop.post("/v1/orders", &body).expect(201).body;
        assert_eq!(draft["status"], "draft");
        assert_eq!(draft["actions"], json!(["confirm", "cancel", "hold"]));
        assert_eq!(draft["totals"]["total"]["amount"], 4_000, "it is priced already");
        assert_eq!(shop.availability("red")["available"], "20", "a draft sets nothing aside");

        shop.act(&draft, "hold", &json!({"name": "address", "reason": "no house number"}));
        let refused = shop.post(&format!("{}/confirm", path(&draft)), &nothing()).expect(409);
        assert_eq!(refused.code(), "on_hold");
        assert_eq!(refused.body["actions"], json!(["cancel", "hold", "release"]));
        shop.act(&draft, "release", &json!({"name": "address"}));

        let placed = shop.act(&draft, "confirm", &nothing());
        assert_eq!(placed["status"], "allocated");
        assert_eq!(placed["totals"], draft["totals"]);
        assert_eq!(quantities(&placed, 0), json!({"allocated": "4"}));
        assert_eq!(shop.availability("red")["available"], "16");
        let again = shop.act(&draft, "confirm", &nothing());
        assert_eq!(again["version"], placed["version"], "confirmed once is confirmed");
        in_order(shop);
    });
}

#[test]
fn a2_a_draft_of_more_than_there_is_ends_on_record() {
    everywhere(|shop| {
        shop.open();
        let mut body = Shop::order(&[("red", "21")]);
        body["draft"] = json!(true);
        let draft = shop.post("/v1/orders", &body).expect(201).body;
        let refused = shop.post(&format!("{}/confirm", path(&draft)), &nothing()).expect(409);
        assert_eq!(refused.code(), "insufficient_stock");
        assert_eq!(refused.body["order_id"], draft["id"]);
        assert_eq!(refused.body["lines"], json!([{"line": 1, "sku": "red", "requested": "21", "available": "20"}]));
        let after = look(shop, &draft);
        assert_eq!((&after["status"], &after["actions"]), (&json!("rejected"), &json!([])));
        assert_eq!(shop.availability("red")["available"], "20");

        let mut other = Shop::order(&[("red", "1")]);
        other["draft"] = json!(true);
        let other = shop.post("/v1/orders", &other).expect(201).body;
        let canceled = shop.act(&other, "cancel", &json!({"reason": "changed my mind"}));
        assert_eq!(canceled["status"], "canceled");
        in_order(shop);
    });
}

#[test]
fn d13_an_external_reference_makes_one_order() {
    everywhere(|shop| {
        shop.open();
        let mut body = Shop::order(&[("red", "1")]);
        body["external_ref"] = json!("SO-1001");
        let first = shop.post("/v1/orders", &body).expect(201).body;
        assert_eq!(first["external_ref"], "SO-1001");
        for _ in 0..3 {
            // Every call has a key of its own: it is the reference that is known.
            let again = shop.post("/v1/orders", &body).expect(201);
            assert_eq!(
                (again.body["id"].as_str(), again.header("idempotency-replayed")),
                (first["id"].as_str(), Some("true"))
            );
        }
        let mut changed = body.clone();
        changed["lines"][0]["quantity"] = json!("5");
        let changed = shop.post("/v1/orders", &changed).expect(201);
        assert_eq!(changed.body["id"], first["id"], "a reference is one order, whatever else is said");
        assert_eq!(changed.body["lines"][0]["quantity"], "1");

        let mut line = body.clone();
        line["key"] = json!("import-1");
        let imported = shop.post("/v1/imports/orders", &line).expect(200).body;
        assert_eq!((imported["status"].as_u64(), &imported["id"]), (Some(200), &first["id"]));

        let mut elsewhere = body.clone();
        elsewhere["channel"] = json!("marketplace");
        let elsewhere = shop.post("/v1/orders", &elsewhere).expect(201).body;
        assert_ne!(elsewhere["id"], first["id"], "numbers are the channel's own");

        let both: BTreeSet<String> =
            [&first, &elsewhere].map(|one| one["id"].as_str().expect("an id").to_owned()).into();
        soon(shop, "both in the list", |shop| {
            listed(shop, "external_ref=SO-1001").into_iter().collect::<BTreeSet<_>>() == both
        });
        assert_eq!(shop.books().counts["orders"], 2);
        assert_eq!(shop.shelf("red", "ldn")["reserved"], "2");
        in_order(shop);
    });
}

#[test]
fn what_could_not_be_placed_leaves_its_reference_free() {
    everywhere(|shop| {
        shop.open();
        let mut body = Shop::order(&[("blue", "11")]);
        body["external_ref"] = json!("SO-1");
        let refused = shop.post("/v1/orders", &body).expect(409);
        assert_eq!(refused.code(), "insufficient_stock");
        assert_eq!(refused.body["order_id"], Value::Null, "nothing is on record");
        shop.receive("blue", "ldn", "1");
        let placed = shop.post("/v1/orders", &body).expect(201).body;
        assert_eq!(placed["status"], "allocated");
        in_order(shop);
    });
}

/// part: D13
#[test]
fn d13_an_order_refused_for_want_of_stock_stays_refused_under_its_key() {
    everywhere(|shop| {
        shop.open();
        let mut body = Shop::order(&[("blue", "11")]);
        body["external_ref"] = json!("SO-77");
        let first = shop.call_with("POST", "/v1/orders", &[("idempotency-key", "late")], &body).expect(409);
        assert_eq!(first.code(), "insufficient_stock");
        shop.receive("blue", "ldn", "5");
        let again = shop.call_with("POST", "/v1/orders", &[("idempotency-key", "late")], &body).expect(409);
        assert_eq!(again.body["lines"], first.body["lines"], "the same request has the same answer");
        shop.call_with("POST", "/v1/orders", &[("idempotency-key", "later")], &body).expect(201);
        assert!(shop.violations().is_empty());
    });
}
