//! Who serves what, and how it leaves the house.

use oms_tests::shop::{Shop, everywhere};
use serde_json::{Value, json};

use crate::{history, in_order, look, nothing, parcels, path, quantities, soon};

fn at(location: &str, status: &str) -> (String, String) {
    (location.to_owned(), status.to_owned())
}

/// part: E3
#[test]
fn e3_few_parcels_first_then_short_ways() {
    everywhere(|shop| {
        shop.open();
        assert_eq!(parcels(&shop.place(&[("red", "1")])), [at("ldn", "open")], "the nearest of those that can");
        shop.receive("blue", "man", "10");
        shop.item("gold", 9_000);
        shop.receive("gold", "man", "10");
        let together = shop.place(&[("red", "1"), ("blue", "1"), ("gold", "1")]);
        assert_eq!(parcels(&together), [at("man", "open")], "one parcel from afar before two");
        let far = json!({"country": "GB", "latitude": 55.9, "longitude": -3.2});
        let mut north = Shop::order(&[("red", "1")]);
        north["ship_to"] = far;
        assert_eq!(parcels(&shop.post("/v1/orders", &north).expect(201).body), [at("man", "open")]);
        let split = shop.place(&[("red", "14")]);
        assert_eq!(parcels(&split), [at("ldn", "open"), at("man", "open")], "two where one cannot");
        in_order(shop);
    });
}

#[test]
fn e5_a_rejected_fulfillment_is_sourced_again() {
    everywhere(|shop| {
        shop.open();
        let order = shop.place(&[("red", "2")]);
        shop.act(&order, "fulfillments/1/pick", &nothing());
        let after = shop.act(&order, "fulfillments/1/reject", &json!({"reason": "not on the shelf"}));
        assert_eq!(after["fulfillments"][0]["status"], "rejected");
        soon(shop, "it is served from elsewhere", |shop| look(shop, &order)["status"] == "allocated");
        let after = look(shop, &order);
        assert_eq!(parcels(&after), [at("ldn", "rejected"), at("man", "open")]);
        assert_eq!(quantities(&after, 0), json!({"allocated": "2"}));
        soon(shop, "London's are free", |shop| shop.shelf("red", "ldn")["available"] == "10");
        let reason = history(shop, &order).into_iter().find(|event| event["type"] == "fulfillment_rejected");
        assert_eq!(reason.map(|event| event["reason"].clone()), Some(json!("not on the shelf")));

        // The last location can't either: the order waits, and never goes back to who refused.
        shop.act(&order, "fulfillments/2/reject", &json!({"reason": "flooded"}));
        soon(shop, "it waits", |shop| look(shop, &order)["status"] == "backordered");
        assert_eq!(quantities(&look(shop, &order), 0), json!({"backordered": "2"}));
        soon(shop, "Manchester's are free", |shop| shop.shelf("red", "man")["available"] == "10");
        in_order(shop);
    });
}

/// part: F5
#[test]
fn f5_a_parcel_is_shipped_and_delivered() {
    everywhere(|shop| {
        shop.open();
        let order = shop.place(&[("red", "2"), ("blue", "1")]);
        let step =
            |shop: &mut Shop, action: &str, body: Value| shop.act(&order, &format!("fulfillments/1/{action}"), &body);
        assert_eq!(order["fulfillments"][0]["actions"], json!(["pick", "reject"]));
        assert_eq!(step(shop, "pick", nothing())["fulfillments"][0]["actions"], json!(["pack", "reject"]));
        assert_eq!(step(shop, "pack", nothing())["fulfillments"][0]["actions"], json!(["ship"]));
        let shipped = step(shop, "ship", json!({"carrier": "DHL", "tracking": "JD01"}));
        let parcel = &shipped["fulfillments"][0];
        assert_eq!((&parcel["carrier"], &parcel["tracking"]), (&json!("DHL"), &json!("JD01")));
        assert_eq!((&parcel["status"], &parcel["actions"]), (&json!("shipped"), &json!(["deliver"])));
        soon(shop, "the goods left the shelf", |shop| shop.shelf("red", "ldn")["on_hand"] == "8");
        assert_eq!(shop.shelf("red", "ldn")["reserved"], "0");
        let delivered = step(shop, "deliver", nothing());
        assert_eq!(
            (&delivered["status"], &delivered["fulfillments"][0]["status"]),
            (&json!("delivered"), &json!("delivered"))
        );
        in_order(shop);
    });
}

#[test]
fn a_step_repeated_changes_nothing_and_one_out_of_turn_is_refused() {
    everywhere(|shop| {
        shop.open();
        let order = shop.place(&[("red", "1")]);
        let at = |action: &str| format!("{}/fulfillments/1/{action}", path(&order));
        for early in ["pack", "ship", "deliver"] {
            let refused = shop.post(&at(early), &nothing()).expect(409);
            assert_eq!((refused.code(), &refused.body["current_status"]), ("not_possible_now", &json!("open")));
            assert_eq!(refused.body["actions"], json!(["pick", "reject"]));
        }
        let shipped = shop.ship(&order, 1);
        for late in ["pick", "pack", "ship"] {
            let again = shop.raw("POST", &at(late), &[], None).expect(200);
            assert_eq!(again.body["fulfillments"], shipped["fulfillments"], "{late} again");
        }
        let refused = shop.post(&at("reject"), &json!({"reason": "too late"})).expect(409);
        assert_eq!(refused.code(), "not_possible_now");
        assert_eq!(
            shop.post(&format!("{}/fulfillments/2/pick", path(&order)), &nothing()).expect(404).code(),
            "not_found"
        );
        soon(shop, "one left", |shop| shop.shelf("red", "ldn")["on_hand"] == "9");
        in_order(shop);
    });
}
