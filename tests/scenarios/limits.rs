//! How far an order may be split.

use oms_tests::shop::{Shop, everywhere, in_memory};
use serde_json::json;

use crate::routing::{at, from, open_at, placed, sources, wanted};
use crate::{activate, in_order, look, nothing, parcels, quantities, routing, soon, told};

const MINUTE: u64 = 60_000;

/// part: E3
#[test]
fn e3_no_more_parcels_than_the_policy_allows() {
    everywhere(|shop| {
        shop.open();
        shop.location("edi", 55.9, -3.2);
        shop.receive("red", "edi", "10");
        let strategy = |most: u32| json!([{"name": "few", "criteria": ["least_short", "nearest"], "limits": {"max_shipments": most}}]);
        activate(shop, &strategy(2));
        let refused = shop.post("/v1/orders", &Shop::order(&[("red", "21")])).expect(409);
        assert_eq!(refused.body["lines"], json!([{"line": 1, "sku": "red", "requested": "21", "available": "20"}]));
        let order = shop.place(&[("red", "20")]);
        assert_eq!(sources(&order), [from("ldn", 1, "10"), from("man", 1, "10")]);
        let order = placed(shop, &[("red", "10")], &nothing());
        assert_eq!(sources(&order), [from("edi", 1, "10")]);
        in_order(shop);
    });
}

/// part: E3
#[test]
fn e3_a_small_value_is_no_parcel_of_its_own() {
    everywhere(|shop| {
        shop.open();
        let criteria = json!(["least_short", "nearest"]);
        activate(
            shop,
            &json!([
                {"name": "worth it", "criteria": criteria, "limits": {"value_floor": 3_000}, "accept": "everything"},
                {"name": "anyhow", "criteria": criteria}
            ]),
        );
        shop.item("gold", 9_000);
        shop.receive("gold", "man", "10");
        shop.receive("blue", "man", "10");
        let order = shop.place(&[("gold", "1"), ("blue", "2")]);
        assert_eq!(routing(shop, &order)["strategy"], "worth it");
        assert_eq!(parcels(&order), open_at("man"), "the nearest blue ones are not worth a parcel from London");
        let order = shop.place(&[("gold", "1"), ("red", "3")]);
        assert_eq!(parcels(&order), [at("ldn", "open"), at("man", "open")], "three at ten pounds are");
        let little = shop.place(&[("red", "2")]);
        assert_eq!((parcels(&little), &routing(shop, &little)["strategy"]), (open_at("ldn"), &json!("anyhow")));
        activate(shop, &json!([{"name": "worth it", "criteria": criteria, "limits": {"value_floor": 3_000}}]));
        let more = placed(shop, &[("red", "6")], &json!({"shortage": "backorder"}));
        assert_eq!(
            sources(&more),
            [from("man", 1, "6")],
            "and nothing of the five in London with a small one from Manchester"
        );
        let decision = routing(shop, &more);
        assert_eq!(decision["proof"]["proven"], false, "three from each would be nearer");
        let words = "No plan is better by the first 1 criteria, and that is proven; by later ones one may be.";
        assert!(told(&decision).iter().any(|text| text == words), "{:#?}", told(&decision));
        in_order(shop);
    });
}

/// part: E3
#[test]
fn e3_a_line_comes_from_one_place() {
    everywhere(|shop| {
        shop.open();
        let lines = [("red", "8"), ("blue", "2")];
        // Of London's ten red ones three are kept back.
        let keep = json!({"title": "Red", "prices": [{"amount": 1_000, "currency": "GBP"}], "safety_stock": [{"location": "ldn", "quantity": "3"}]});
        shop.call("PUT", "/v1/items/red", &keep).expect(200);
        let split = shop.place(&lines);
        assert_eq!(sources(&split), [from("ldn", 1, "7"), from("ldn", 2, "2"), from("man", 1, "1")]);
        shop.act(&split, "cancel", &nothing());
        soon(shop, "all is free", |shop| {
            shop.shelf("red", "man")["available"] == "10" && shop.shelf("red", "ldn")["available"] == "7"
        });
        activate(
            shop,
            &json!([{"name": "whole", "criteria": ["least_short", "fewest_shipments", "nearest"], "limits": {"whole_lines": true}}]),
        );
        shop.pass(2_000);
        let whole = shop.place(&lines);
        assert_eq!(sources(&whole), [from("ldn", 2, "2"), from("man", 1, "8")]);
        let decision = routing(shop, &whole);
        assert!(
            told(&decision).iter().any(|text| text == "ldn has too little of red, which may not be split."),
            "{:#?}",
            told(&decision)
        );
        in_order(shop);
    });
}

/// rows: E3
#[test]
fn e3_what_is_worth_little_is_not_split() {
    everywhere(|shop| {
        shop.open();
        let criteria = json!(["least_short", "nearest"]);
        let whole = json!({"max_shipments": 1, "ship_complete": true});
        activate(
            shop,
            &json!([
                {"name": "small", "when": {"value_below": 5_000}, "criteria": criteria, "limits": whole},
                {"name": "large", "criteria": criteria, "limits": {"max_shipments": 2}}
            ]),
        );
        shop.item("gold", 3_000);
        shop.receive("gold", "man", "10");
        shop.receive("red", "man", "1");
        // Red is nearer in London, but gold only lies in Manchester.
        let small = shop.place(&[("gold", "1"), ("red", "1")]);
        assert_eq!((&routing(shop, &small)["strategy"], parcels(&small)), (&json!("small"), open_at("man")));
        let large = shop.place(&[("gold", "2"), ("red", "1")]);
        assert_eq!(routing(shop, &large)["strategy"], "large");
        assert_eq!(parcels(&large), [at("ldn", "open"), at("man", "open")]);
        // Blue lies in London only: rather nothing than two parcels.
        let refused = shop.post("/v1/orders", &Shop::order(&[("gold", "1"), ("blue", "1")])).expect(409);
        assert_eq!(refused.code(), "insufficient_stock");
        assert_eq!(
            (shop.shelf("gold", "man")["reserved"].clone(), shop.shelf("blue", "ldn")["reserved"].clone()),
            (json!("3"), json!("0"))
        );
        in_order(shop);
    });
}

/// part: E3
#[test]
fn e3_what_ships_complete_waits_until_all_of_it_is_there() {
    in_memory(|shop| {
        shop.open();
        let refused =
            shop.post("/v1/orders", &wanted(&[("red", "25"), ("blue", "1")], &json!({"ship_complete": true})));
        let short = json!([{"line": 1, "sku": "red", "requested": "25", "available": "20"}]);
        assert_eq!(refused.expect(409).body["lines"], short, "what could be had, and nothing of what is there");
        let members = json!({"ship_complete": true, "shortage": "backorder"});
        let order = placed(shop, &[("red", "25"), ("blue", "1")], &members);
        assert_eq!((&order["status"], &order["ship_complete"]), (&json!("backordered"), &json!(true)));
        assert_eq!(
            (quantities(&order, 0), quantities(&order, 1)),
            (json!({"backordered": "25"}), json!({"backordered": "1"}))
        );
        assert_eq!(shop.shelf("red", "ldn")["reserved"], "0", "nothing is kept from others");
        let why = told(&routing(shop, &order));
        assert!(why.iter().any(|text| text == "It must ship complete, and not everything can be served."), "{why:#?}");
        shop.pass(20 * MINUTE);
        assert_eq!(look(shop, &order)["status"], "backordered");
        shop.receive("red", "man", "5");
        shop.pass(60 * MINUTE);
        let after = look(shop, &order);
        assert_eq!((&after["status"], quantities(&after, 0)), (&json!("allocated"), json!({"allocated": "25"})));
        in_order(shop);
    });
}
