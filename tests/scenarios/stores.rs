//! Stores that ship, and that hand over.

use oms_tests::shop::{Shop, everywhere};
use serde_json::{Value, json};

use crate::routing::{at, from, open_at, placed, post_office, sources, wanted};
use crate::{activate, history, in_order, look, nothing, parcels, routing, settle_at, soon, told};

/// A store near the customer, with 10 of each.
#[track_caller]
fn corner(shop: &mut Shop) {
    settle_at(
        shop,
        "corner",
        (51.41, 0.0),
        &json!({"kind": "store", "fulfillment": {"pick_up": true, "processing_days": 1}}),
    );
    shop.receive("red", "corner", "10");
}

/// part: E4
#[test]
fn e4_stores_ship_what_nobody_else_has() {
    everywhere(|shop| {
        shop.open();
        corner(shop);
        assert_eq!(parcels(&shop.place(&[("red", "1")])), open_at("corner"), "the nearest");
        activate(
            shop,
            &json!([{"name": "spare the stores", "criteria": ["least_short", "protect_stores", "fewest_shipments", "nearest"]}]),
        );
        assert_eq!(parcels(&shop.place(&[("red", "1")])), open_at("ldn"), "a store is for who comes to it");
        let order = shop.place(&[("red", "22")]);
        assert_eq!(
            sources(&order),
            [from("corner", 1, "3"), from("ldn", 1, "9"), from("man", 1, "10")],
            "three more than the others have"
        );
        in_order(shop);
    });
}

/// part: E4
#[test]
fn e4_who_comes_to_a_store_is_served_by_that_store() {
    everywhere(|shop| {
        shop.open();
        corner(shop);
        let here = |way: &str, place: &str| json!({"method": way, "pick_up_at": place});
        let order = placed(shop, &[("red", "2")], &here("pick_up", "corner"));
        assert_eq!((&order["method"], &order["pick_up_at"]), (&json!("pick_up"), &json!("corner")));
        assert_eq!(parcels(&order), open_at("corner"));
        let planned = &order["fulfillments"][0]["planned"];
        assert_eq!((planned.get("carrier"), &planned["ships"]), (None, &planned["delivers"]));
        assert_eq!(order["promised_by"], planned["ships"], "it lies ready on that day");
        let decision = routing(shop, &order);
        assert_eq!(
            decision["left_out"],
            json!([{"location": "ldn", "why": "not_allowed"}, {"location": "man", "why": "not_allowed"}])
        );
        assert!(
            told(&decision)
                .iter()
                .any(|text| text == "Not considered, as it does not hand over in this way: ldn, man.")
        );

        // There are 28 in all, but 8 where the customer comes.
        let refused = shop.post("/v1/orders", &wanted(&[("red", "9")], &here("pick_up", "corner"))).expect(409);
        assert_eq!(refused.body["lines"], json!([{"line": 1, "sku": "red", "requested": "9", "available": "8"}]));
        let nobody = shop.post("/v1/orders", &wanted(&[("red", "1")], &here("curbside", "corner"))).expect(422);
        assert_eq!(
            (&nobody.body["errors"][0]["pointer"], &nobody.body["errors"][0]["code"]),
            (&json!("/pick_up_at"), &json!("no_hand_over"))
        );
        settle_at(
            shop,
            "corner",
            (51.41, 0.0),
            &json!({"kind": "store", "ships": false, "fulfillment": {"pick_up": true, "curbside": true}}),
        );
        let order = placed(shop, &[("red", "8")], &here("curbside", "corner"));
        assert_eq!((parcels(&order), &order["method"]), (open_at("corner"), &json!("curbside")));
        let done = shop.ship(&order, 1);
        assert_eq!(done["status"], "shipped", "handed over");

        // Whoever stands at the counter finds what is picked up there, however much else is open.
        placed(shop, &[("red", "1")], &json!({}));
        let found = |shop: &mut Shop, query: &str| crate::listed(shop, query).len();
        soon(shop, "the index is told", |shop| {
            found(shop, "status=allocated") == 2 && found(shop, "status=shipped") == 1
        });
        assert_eq!(found(shop, "pick_up_at=corner&status=allocated"), 1);
        assert_eq!(found(shop, "pick_up_at=corner&status=allocated,shipped"), 2);
        assert_eq!(found(shop, "pick_up_at=ldn"), 0);
        in_order(shop);
    });
}

/// rows: E4
#[test]
fn e4_what_a_store_lacks_is_shipped_there_and_handed_over() {
    everywhere(|shop| {
        shop.open();
        post_office(shop);
        corner(shop);
        let here = json!({"method": "ship_to_store", "pick_up_at": "corner"});
        let order = placed(shop, &[("red", "2")], &here);
        assert_eq!((&order["method"], &order["pick_up_at"]), (&json!("ship_to_store"), &json!("corner")));
        assert_eq!(parcels(&order), open_at("corner"), "what lies there is not shipped");
        assert_eq!(order["fulfillments"][0]["planned"].get("carrier"), None);
        let done = shop.ship(&order, 1);
        assert_eq!(done["fulfillments"][0]["actions"], json!(["deliver"]), "it is there already");

        // Blue comes from London, to the store and not to the customer, who lives far from both.
        let mut far = here.clone();
        far["ship_to"] = json!({"country": "GB", "latitude": 57.1, "longitude": -2.1});
        let order = placed(shop, &[("blue", "1")], &far);
        assert_eq!(parcels(&order), open_at("ldn"));
        let shipment = &routing(shop, &order)["shipments"][0];
        assert_eq!(
            (&shipment["carrier"], &shipment["tariff"]["amount"]),
            (&json!("post"), &json!(300)),
            "it is near the store"
        );
        assert_eq!(order["promised_by"], shipment["delivers"], "the day it is at the store");
        let sent = shop.ship(&order, 1);
        assert_eq!((&sent["status"], &sent["fulfillments"][0]["actions"]), (&json!("shipped"), &json!(["arrive"])));
        let path = format!("/v1/orders/{}/fulfillments/1", order["id"].as_str().expect("an id"));
        assert_eq!(
            shop.post(&format!("{path}/deliver"), &nothing()).expect(409).code(),
            "not_possible_now",
            "nobody hands over what is on its way"
        );
        shop.act(&order, "fulfillments/1/arrive", &nothing());
        let ready = look(shop, &order);
        assert_eq!((&ready["status"], parcels(&ready)), (&json!("shipped"), vec![at("ldn", "arrived")]));
        assert!(ready["fulfillments"][0]["arrived_at"].is_string(), "{ready:#}");
        shop.act(&order, "fulfillments/1/arrive", &nothing());
        shop.act(&order, "fulfillments/1/deliver", &nothing());
        assert_eq!(
            (&look(shop, &order)["status"], parcels(&look(shop, &order))),
            (&json!("delivered"), vec![at("ldn", "delivered")])
        );
        let told: Vec<Value> = history(shop, &order).iter().map(|event| event["type"].clone()).collect();
        assert_eq!(told.iter().filter(|of| **of == "arrived").count(), 1, "asked twice, written once");

        let nobody = json!({"method": "ship_to_store", "pick_up_at": "man"});
        let refused = shop.post("/v1/orders", &wanted(&[("red", "1")], &nobody)).expect(422);
        assert_eq!(
            (&refused.body["errors"][0]["pointer"], &refused.body["errors"][0]["code"]),
            (&json!("/pick_up_at"), &json!("no_hand_over"))
        );
        let nowhere =
            shop.post("/v1/orders", &wanted(&[("red", "1")], &json!({"method": "ship_to_store"}))).expect(422);
        assert_eq!(nowhere.body["errors"][0]["pointer"], "/pick_up_at");
        in_order(shop);
    });
}
