//! What happens when goods come or are given up: open orders move to better plans, and share parcels.

use oms_core::value::{OrderId, Slot};
use oms_tests::shop::{Shop, everywhere};
use serde_json::{Value, json};

use crate::routing::post_office;
use crate::{activate, in_order, look, routing, told};

/// Looks, and time between them, that a story waits for what alarms do.
const LOOKS: u32 = 120;
const BETWEEN_MILLIS: u64 = 250;
/// Long enough for goods to be told of and every look upon them to be over.
pub const QUIET_MILLIS: u64 = 15_000;

/// Waits until an order is as it should be.
#[track_caller]
pub fn becomes(shop: &mut Shop, order: &Value, so: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..LOOKS {
        let now = look(shop, order);
        if so(&now) {
            return now;
        }
        shop.pass(BETWEEN_MILLIS);
    }
    panic!("it never became so: {:#}", look(shop, order));
}

/// The locations that work for an order, and what is left to do there.
fn works(order: &Value) -> Vec<(&str, &str)> {
    let fulfillments = order["fulfillments"].as_array().expect("fulfillments");
    fulfillments
        .iter()
        .filter(|one| one["status"] != "canceled")
        .map(|one| (one["location"].as_str().expect("a place"), one["status"].as_str().expect("a status")))
        .collect()
}

/// Red in London, blue in Manchester: an order of both is two parcels.
fn split(shop: &mut Shop) -> Value {
    shop.location("ldn", 51.5, -0.1);
    shop.location("man", 53.5, -2.2);
    for sku in ["red", "blue"] {
        shop.item(sku, 250);
    }
    shop.receive("red", "ldn", "10");
    shop.receive("blue", "man", "10");
    let order = shop.place(&[("red", "2"), ("blue", "1")]);
    assert_eq!(works(&order), [("ldn", "open"), ("man", "open")]);
    order
}

/// rows: E7, E9
#[test]
fn e9_a_receipt_brings_the_parcels_of_an_open_order_together() {
    everywhere(|shop| {
        let order = split(shop);
        shop.receive("blue", "ldn", "5");
        let moved = becomes(shop, &order, |order| works(order).len() == 1);
        assert_eq!(works(&moved), [("ldn", "open")], "{moved:#}");
        assert_eq!(moved["status"], "allocated");
        shop.settled();
        assert_eq!(shop.shelf("blue", "man")["reserved"], "0", "what it had there is free again");
        assert_eq!(shop.shelf("blue", "ldn")["reserved"], "1");

        let path = format!("/v1/orders/{}/routing", order["id"].as_str().expect("an id"));
        let told = shop.get(&path).expect(200).body;
        assert_eq!((&told["improved"]["shipments"], told["shipments"].as_array().map(Vec::len)), (&json!(1), Some(1)));
        let told = shop.get("/v1/routing/improvements").expect(200).body;
        assert_eq!((&told["moves"], &told["shipments_saved"]), (&json!(1), &json!(1)), "{told:#}");
        let no = moved["fulfillments"].as_array().expect("fulfillments").iter().find(|one| one["status"] == "open");
        let no = no.and_then(|one| one["no"].as_u64()).expect("a number");
        shop.ship(&order, u32::try_from(no).expect("small"));
        assert_eq!(look(shop, &order)["status"], "shipped");
        in_order(shop);
    });
}

/// rows: E9
#[test]
fn e9_a_cancellation_makes_room_for_the_order_that_saves_by_it() {
    everywhere(|shop| {
        shop.location("ldn", 51.5, -0.1);
        shop.location("man", 53.5, -2.2);
        for sku in ["red", "blue"] {
            shop.item(sku, 250);
        }
        shop.receive("red", "ldn", "10");
        shop.receive("blue", "ldn", "1");
        shop.receive("blue", "man", "10");
        let first = shop.place(&[("blue", "1")]);
        assert_eq!(works(&first), [("ldn", "open")]);
        let second = shop.place(&[("red", "2"), ("blue", "1")]);
        assert_eq!(works(&second), [("ldn", "open"), ("man", "open")]);
        shop.act(&first, "cancel", &json!({}));
        let moved = becomes(shop, &second, |order| works(order).len() == 1);
        assert_eq!(works(&moved), [("ldn", "open")], "{moved:#}");
        in_order(shop);
    });
}

/// rows: E9, C5
#[test]
fn e9_an_order_moves_to_what_its_class_may_have_and_no_further() {
    everywhere(|shop| {
        shop.location("ldn", 51.5, -0.1);
        shop.location("man", 53.5, -2.2);
        for sku in ["red", "blue"] {
            shop.item(sku, 250);
        }
        let kept = json!({"from": "2020-01-01", "until": "2099-01-01", "quantity": "5"});
        let classes = json!([{"name": "trade", "protections": [kept]}]);
        let said = json!({"allocations": [{"location": "ldn", "classes": classes}]});
        shop.call("PUT", "/v1/items/blue/promising", &said).expect(200);
        shop.receive("red", "ldn", "10");
        shop.receive("blue", "man", "10");
        let place = |shop: &mut Shop, class: &str| {
            let mut body = Shop::order(&[("red", "2"), ("blue", "1")]);
            body["demand_class"] = json!(class);
            let told = shop.post("/v1/orders", &body).expect(201).body;
            assert_eq!(works(&told), [("ldn", "open"), ("man", "open")]);
            told
        };
        let (web, trade) = (place(shop, "web"), place(shop, "trade"));
        shop.receive("blue", "ldn", "5");
        let moved = becomes(shop, &trade, |order| works(order).len() == 1);
        assert_eq!(works(&moved), [("ldn", "open")], "{moved:#}");
        shop.pass(QUIET_MILLIS);
        assert_eq!(works(&look(shop, &web)), [("ldn", "open"), ("man", "open")], "those are kept for trade");
        assert_eq!(shop.get("/v1/routing/improvements").expect(200).body["moves"], 1);
        in_order(shop);
    });
}

/// An order that lives beside the others of a story: orders of one object trade with each other.
fn beside(shop: &mut Shop, number: u128, lines: &[(&str, &str)]) -> Value {
    let mut body = Shop::order(lines);
    body["id"] = json!(OrderId::new(Slot::new(7), shop.now(), number).to_string());
    shop.post("/v1/orders", &body).expect(201).body
}

/// London has one blue, which an order of nothing else took; the next one is in two parcels for want of it.
fn in_each_others_way(shop: &mut Shop) -> (Value, Value) {
    shop.location("ldn", 51.5, -0.1);
    shop.location("man", 53.5, -2.2);
    for sku in ["red", "blue"] {
        shop.item(sku, 250);
    }
    shop.receive("red", "ldn", "10");
    shop.receive("blue", "ldn", "1");
    shop.receive("blue", "man", "1");
    let first = beside(shop, 1, &[("blue", "1")]);
    assert_eq!(works(&first), [("ldn", "open")]);
    let second = beside(shop, 2, &[("red", "2"), ("blue", "1")]);
    assert_eq!(works(&second), [("ldn", "open"), ("man", "open")]);
    (first, second)
}

/// rows: E9
#[test]
fn e9_an_order_makes_room_for_another_that_saves_more_by_it() {
    everywhere(|shop| {
        let (first, second) = in_each_others_way(shop);
        // Nothing that either of them wants for itself: the first is where it is nearest, the second lacks London's blue.
        shop.receive("blue", "man", "5");
        let whole = becomes(shop, &second, |order| works(order).len() == 1);
        assert_eq!(works(&whole), [("ldn", "open")], "{whole:#}");
        let made_room = look(shop, &first);
        assert_eq!((works(&made_room), &made_room["status"]), (vec![("man", "open")], &json!("allocated")));
        shop.settled();
        assert_eq!(
            (&shop.shelf("blue", "ldn")["reserved"], &shop.shelf("blue", "man")["reserved"]),
            (&json!("1"), &json!("1"))
        );

        let told = shop.get("/v1/routing/improvements").expect(200).body;
        assert_eq!((&told["moves"], &told["made_room"], &told["shipments_saved"]), (&json!(2), &json!(1), &json!(1)));
        let why = routing(shop, &first);
        assert_eq!(why["improved"]["made_room_for"], second["id"], "{why:#}");
        assert_eq!(routing(shop, &second)["improved"]["shipments"], 1);
        // There is nothing left to gain: both stay.
        shop.receive("blue", "man", "1");
        shop.pass(QUIET_MILLIS);
        assert_eq!(shop.get("/v1/routing/improvements").expect(200).body["moves"], 2);
        for order in [&first, &second] {
            let no = u32::try_from(look(shop, order)["fulfillments"].as_array().map_or(0, Vec::len)).expect("few");
            let open = (1..=no).find(|no| look(shop, order)["fulfillments"][*no as usize - 1]["status"] == "open");
            shop.ship(order, open.expect("one is open"));
            assert_eq!(look(shop, order)["status"], "shipped");
        }
        in_order(shop);
    });
}

/// rows: E9
#[test]
fn e9_nobody_makes_room_to_come_later_than_promised() {
    everywhere(|shop| {
        post_office(shop);
        let (first, second) = in_each_others_way(shop);
        assert!(first["promised_by"].as_str() < second["promised_by"].as_str(), "Manchester takes a day longer");
        shop.receive("blue", "man", "5");
        shop.pass(QUIET_MILLIS);
        assert_eq!(works(&look(shop, &first)), [("ldn", "open")]);
        assert_eq!(works(&look(shop, &second)), [("ldn", "open"), ("man", "open")]);
        assert_eq!(shop.get("/v1/routing/improvements").expect(200).body["moves"], 0);
        in_order(shop);
    });
}

#[test]
fn what_is_in_hand_makes_no_room() {
    everywhere(|shop| {
        let (first, second) = in_each_others_way(shop);
        shop.act(&first, "fulfillments/1/pick", &json!({}));
        shop.receive("blue", "man", "5");
        shop.pass(QUIET_MILLIS);
        assert_eq!(works(&look(shop, &first)), [("ldn", "picked")]);
        assert_eq!(works(&look(shop, &second)), [("ldn", "open"), ("man", "open")]);
        in_order(shop);
    });
}

#[test]
fn what_is_being_picked_stays_where_it_is() {
    everywhere(|shop| {
        let order = split(shop);
        for no in [1, 2] {
            shop.act(&order, &format!("fulfillments/{no}/pick"), &json!({}));
        }
        shop.receive("blue", "ldn", "5");
        shop.pass(3_000);
        assert_eq!(works(&look(shop, &order)), [("ldn", "picked"), ("man", "picked")]);
        assert_eq!(shop.get("/v1/routing/improvements").expect(200).body["moves"], 0);
        in_order(shop);
    });
}

/// Red in both places, gold in Manchester only; a parcel from London costs three pounds, one from Manchester four and a half.
fn consolidating(shop: &mut Shop) {
    shop.open();
    post_office(shop);
    shop.item("gold", 900);
    shop.receive("gold", "man", "10");
    let criteria = json!(["least_short", "cheapest"]);
    let limits = json!({"consolidate": true});
    let strategies = json!([
        {"name": "by itself", "when": {"customer_classes": ["alone"]}, "criteria": criteria},
        {"name": "together", "criteria": criteria, "limits": limits}
    ]);
    activate(shop, &strategies);
}

fn of_customer(shop: &mut Shop, customer: &Value, street: &str, sku: &str) -> Value {
    let mut body = Shop::order(&[(sku, "1")]);
    body["customer"] = customer.clone();
    body["ship_to"]["line1"] = json!(street);
    shop.post("/v1/orders", &body).expect(201).body
}

/// rows: E7
#[test]
fn e7_orders_of_a_customer_to_one_address_leave_in_one_parcel() {
    everywhere(|shop| {
        consolidating(shop);
        let ada = json!({"id": "ada"});
        let first = of_customer(shop, &ada, "High Street 1", "gold");
        assert_eq!(works(&first), [("man", "open")]);
        shop.pass(HEARD_MILLIS);

        let second = of_customer(shop, &ada, "High Street 1", "red");
        assert_eq!(works(&second), [("man", "open")], "dearer alone, but there her parcel waits: {second:#}");
        let (planned, before) = (&second["fulfillments"][0]["planned"], &first["fulfillments"][0]["planned"]);
        assert_eq!((&planned["joins"], &planned["ships"]), (&first["id"], &before["ships"]));
        let why = routing(shop, &second);
        assert_eq!((&why["cost"]["total"]["amount"], &why["shipments"][0]["joins"]), (&json!(0), &first["id"]));
        let words = format!(
            "man packs it with what it has for order {} of the same customer.",
            first["id"].as_str().expect("an id")
        );
        assert!(told(&why).contains(&words), "{:#?}", told(&why));

        // Nobody else's goods, and hers to nowhere else, go with it.
        for (customer, street) in [
            (json!({"id": "bob"}), "High Street 1"),
            (ada.clone(), "Low Street 2"),
            (json!({"name": "Ada"}), "High Street 1"),
        ] {
            let other = of_customer(shop, &customer, street, "red");
            assert_eq!(
                (works(&other), other["fulfillments"][0]["planned"].get("joins")),
                (vec![("ldn", "open")], None)
            );
        }
        let alone = of_customer(shop, &json!({"id": "ada", "class": "alone"}), "High Street 1", "red");
        assert_eq!(works(&alone), [("ldn", "open")], "her strategy does not ask for it");

        // What is in hand is closed.
        shop.act(&first, "fulfillments/1/pick", &json!({}));
        shop.act(&second, "fulfillments/1/pick", &json!({}));
        shop.act(&alone, "cancel", &json!({}));
        shop.pass(HEARD_MILLIS);
        let late = of_customer(shop, &ada, "High Street 1", "red");
        assert_eq!((works(&late), late["fulfillments"][0]["planned"].get("joins")), (vec![("ldn", "open")], None));
        in_order(shop);
    });
}

/// Longer than what one object knows of the others is old, in milliseconds.
const HEARD_MILLIS: u64 = 6_000;

/// rows: E6
#[test]
fn e6_what_waits_at_a_location_counts_against_its_day() {
    everywhere(|shop| {
        let place = json!({"name": "London", "kind": "dc", "country": "GB", "latitude": 51.5, "longitude": -0.1,
            "fulfillment": {"capacity": {"daily": "10", "window_days": 1}}});
        shop.call("PUT", "/v1/locations/ldn", &place).expect(201);
        shop.location("man", 53.5, -2.2);
        shop.item("red", 250);
        shop.receive("red", "ldn", "50");
        shop.receive("red", "man", "50");
        let first = shop.place(&[("red", "6")]);
        assert_eq!(works(&first), [("ldn", "open")], "the nearest");
        shop.pass(HEARD_MILLIS);
        let second = shop.place(&[("red", "6")]);
        assert_eq!(works(&second), [("man", "open")], "four are left of London's day: {second:#}");
        let third = shop.place(&[("red", "4")]);
        assert_eq!(works(&third), [("ldn", "open")], "which are enough for this one: {third:#}");
        shop.ship(&first, 1);
        shop.pass(HEARD_MILLIS);
        let fourth = shop.place(&[("red", "6")]);
        assert_eq!(works(&fourth), [("ldn", "open")], "what has left is done: {fourth:#}");
        in_order(shop);
    });
}
