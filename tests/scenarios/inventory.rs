//! What lies where, and what of it can be sold.

use oms_tests::shop::{Shop, everywhere, in_memory};
use serde_json::{Value, json};

use crate::{in_order, look, nothing, parcels, path, quantities, soon};

const MINUTE: u64 = 60_000;

/// Stock documents answer with balances: the figures of one shelf.
fn balance(told: &Value, location: &str) -> (String, String) {
    let line = told["lines"].as_array().expect("lines").iter().find(|line| line["location"] == location);
    let line = line.unwrap_or_else(|| panic!("{location} is not in {told}"));
    let word = |name: &str| line[name].as_str().expect("a quantity").to_owned();
    (word("on_hand"), word("available"))
}

fn pair(on_hand: &str, available: &str) -> (String, String) {
    (on_hand.to_owned(), available.to_owned())
}

/// part: B1
#[test]
fn b1_one_view_of_the_network_by_location() {
    everywhere(|shop| {
        shop.open();
        shop.place(&[("red", "3"), ("blue", "1")]);
        let told = shop.get("/v1/availability?sku=red,blue").expect(200).body;
        let [red, blue] = told["data"].as_array().expect("data").as_slice() else { panic!("{told}") };
        assert_eq!((&red["sku"], &red["available"]), (&json!("red"), &json!("17")));
        assert_eq!((&blue["sku"], &blue["available"]), (&json!("blue"), &json!("9")));
        let shelves: Vec<_> = red["locations"].as_array().expect("locations").iter().map(figures).collect();
        assert_eq!(shelves, [figure("ldn", "10", "3", "7"), figure("man", "10", "0", "10")]);

        let told = shop.get("/v1/availability?sku=red&location=man").expect(200).body;
        assert_eq!(told["data"][0]["available"], "10", "of one location only");
        in_order(shop);
    });
}

fn figures(shelf: &Value) -> [String; 4] {
    ["location", "on_hand", "reserved", "available"].map(|name| shelf[name].as_str().expect("a word").to_owned())
}

fn figure(location: &str, on_hand: &str, reserved: &str, available: &str) -> [String; 4] {
    [location, on_hand, reserved, available].map(str::to_owned)
}

#[test]
fn b2_the_last_piece_is_sold_once_whoever_asks() {
    everywhere(|shop| {
        shop.open();
        shop.item("one", 500);
        shop.receive("one", "man", "1");
        let mut won = Vec::new();
        for channel in ["store", "web", "marketplace"] {
            let mut body = Shop::order(&[("one", "1")]);
            body["channel"] = json!(channel);
            let told = shop.post("/v1/orders", &body);
            match told.status {
                201 => won.push(told.body),
                _ => {
                    let told = told.expect(409);
                    assert_eq!(told.code(), "insufficient_stock");
                    let missing = json!([{"line": 1, "sku": "one", "requested": "1", "available": "0"}]);
                    assert_eq!(told.body["lines"], missing);
                }
            }
            assert_eq!(shop.availability("one")["available"], "0", "never below nothing");
        }
        assert_eq!(won.len(), 1);
        let cart = shop.post("/v1/carts/late/holds", &json!({"lines": [{"sku": "one", "quantity": "1"}]})).expect(409);
        assert_eq!(cart.body["lines"][0]["available"], "0");

        shop.act(&won[0], "cancel", &json!({"reason": "customer"}));
        soon(shop, "the piece is back", |shop| shop.availability("one")["available"] == "1");
        let again = shop.place(&[("one", "1")]);
        assert_eq!(again["status"], "allocated");
        shop.ship(&again, 1);
        soon(shop, "the piece left", |shop| shop.shelf("one", "man")["on_hand"] == "0");
        assert_eq!(shop.availability("one")["available"], "0");
        in_order(shop);
    });
}

#[test]
fn b2_goods_that_turn_out_to_be_lost_are_not_sold_again() {
    everywhere(|shop| {
        shop.open();
        let order = shop.place(&[("blue", "8")]);
        let lines = json!([{"sku": "blue", "quantity": "-5"}]);
        let told = shop.post("/v1/stock/adjustments", &json!({"location": "ldn", "reason": "lost", "lines": lines}));
        assert_eq!(balance(&told.expect(201).body, "ldn"), pair("5", "0"), "three are promised that are not there");
        let refused = shop.post("/v1/orders", &Shop::order(&[("blue", "1")])).expect(409);
        assert_eq!(refused.body["lines"][0]["available"], "0");
        shop.receive("blue", "ldn", "3");
        assert_eq!(shop.availability("blue")["available"], "0", "what comes first covers what is promised");
        shop.receive("blue", "ldn", "1");
        assert_eq!(shop.availability("blue")["available"], "1");
        assert_eq!(shop.ship(&order, 1)["status"], "shipped");
        soon(shop, "the goods left", |shop| shop.shelf("blue", "ldn")["on_hand"] == "1");
        in_order(shop);
    });
}

#[test]
fn b3_a_cart_s_hold_lapses_and_an_order_s_does_not() {
    in_memory(|shop| {
        shop.open();
        let held = shop.post("/v1/carts/c1/holds", &json!({"lines": [{"sku": "blue", "quantity": "6"}]})).expect(201);
        assert_eq!(held.body["lines"], json!([{"sku": "blue", "location": "ldn", "quantity": "6"}]));
        assert_eq!(shop.availability("blue")["available"], "4");
        let refused = shop.post("/v1/orders", &Shop::order(&[("blue", "5")])).expect(409);
        assert_eq!(refused.body["lines"][0]["available"], "4", "a cart's goods are nobody else's");
        let order = shop.place(&[("blue", "4")]);

        shop.pass(9 * MINUTE);
        assert_eq!(shop.availability("blue")["available"], "0", "not yet");
        shop.pass(2 * MINUTE);
        assert_eq!(shop.availability("blue")["available"], "6", "ten minutes are over");
        shop.pass(7 * 24 * 60 * MINUTE);
        assert_eq!(shop.shelf("blue", "ldn")["reserved"], "4", "an order's goods wait for it");
        assert_eq!(look(shop, &order)["status"], "allocated");
        in_order(shop);
    });
}

#[test]
fn b3_a_cart_never_stands_in_the_way_of_its_own_order() {
    everywhere(|shop| {
        shop.open();
        shop.post("/v1/carts/c1/holds", &json!({"lines": [{"sku": "blue", "quantity": "10"}]})).expect(201);
        assert_eq!(shop.post("/v1/orders", &Shop::order(&[("blue", "1")])).expect(409).code(), "insufficient_stock");
        let mut body = Shop::order(&[("blue", "10")]);
        body["cart"] = json!("c1");
        let order = shop.post("/v1/orders", &body).expect(201).body;
        assert_eq!(order["status"], "allocated");
        let shelf = shop.shelf("blue", "ldn");
        assert_eq!(
            (&shelf["reserved"], &shelf["available"]),
            (&json!("10"), &json!("0")),
            "the order's, and nothing twice"
        );
        in_order(shop);
    });
}

/// part: B3
#[test]
fn b3_a_cart_changes_its_mind() {
    everywhere(|shop| {
        shop.open();
        let hold = |shop: &mut Shop, lines: Value| shop.post("/v1/carts/c-2/holds", &json!({"lines": lines}));
        hold(shop, json!([{"sku": "red", "quantity": "8"}, {"sku": "blue", "quantity": "1"}])).expect(201);
        assert_eq!(
            (shop.availability("red")["available"].clone(), shop.availability("blue")["available"].clone()),
            (json!("12"), json!("9"))
        );
        let too_much =
            hold(shop, json!([{"sku": "red", "quantity": "2"}, {"sku": "blue", "quantity": "11"}])).expect(409);
        assert_eq!(too_much.body["lines"], json!([{"line": 2, "sku": "blue", "requested": "11", "available": "10"}]));
        assert_eq!(shop.availability("red")["available"], "12", "a refusal leaves the cart as it is");
        let moved = hold(shop, json!([{"sku": "red", "quantity": "3", "location": "man"}])).expect(201);
        assert_eq!(moved.body["lines"], json!([{"sku": "red", "location": "man", "quantity": "3"}]));
        assert_eq!(shop.availability("blue")["available"], "10", "what it held before is free");
        let empty = hold(shop, json!([])).expect(201);
        assert_eq!(empty.body["expires_at"], Value::Null);
        assert_eq!(shop.availability("red")["available"], "20");
        in_order(shop);
    });
}

/// part: B4
#[test]
fn b4_safety_stock_is_kept_back_at_its_location() {
    everywhere(|shop| {
        shop.open();
        let item = |safety: Value| json!({"title": "The blue", "prices": [{"amount": 250, "currency": "GBP"}], "safety_stock": safety});
        shop.call("PUT", "/v1/items/blue", &item(json!([{"location": "ldn", "quantity": "4"}]))).expect(200);
        let shelf = shop.shelf("blue", "ldn");
        assert_eq!(
            (&shelf["on_hand"], &shelf["safety_stock"], &shelf["available"]),
            (&json!("10"), &json!("4"), &json!("6"))
        );
        let refused = shop.post("/v1/orders", &Shop::order(&[("blue", "7")])).expect(409);
        assert_eq!(refused.body["lines"][0]["available"], "6");
        shop.place(&[("blue", "6")]);
        shop.call("PUT", "/v1/items/blue", &item(json!([]))).expect(200);
        assert_eq!(shop.place(&[("blue", "4")])["status"], "allocated", "the rule is gone, the goods can be had");
        in_order(shop);
    });
}

/// part: B5
#[test]
fn b5_a_transfer_moves_what_is_free() {
    everywhere(|shop| {
        shop.open();
        shop.place(&[("blue", "7")]);
        let body =
            |quantity: &str| json!({"from": "ldn", "to": "man", "lines": [{"sku": "blue", "quantity": quantity}]});
        let refused = shop.post("/v1/stock/transfers", &body("4")).expect(409);
        let missing = json!([{"line": 1, "sku": "blue", "location": "ldn", "requested": "4", "available": "3"}]);
        assert_eq!(refused.body["lines"], missing, "what is promised stays");
        let moved = shop.post("/v1/stock/transfers", &body("3")).expect(201).body;
        assert_eq!((balance(&moved, "ldn"), balance(&moved, "man")), (pair("7", "0"), pair("3", "3")));
        let order = shop.place(&[("blue", "2")]);
        assert_eq!(parcels(&order), [("man".to_owned(), "open".to_owned())]);
        in_order(shop);
    });
}

/// part: B6
#[test]
fn b6_a_shelf_says_that_it_runs_low_until_it_is_filled() {
    everywhere(|shop| {
        shop.open();
        let item = json!({"title": "The blue", "prices": [{"amount": 250, "currency": "GBP"}], "low_stock": "3"});
        shop.call("PUT", "/v1/items/blue", &item).expect(200);
        let is_low = |shop: &mut Shop| shop.shelf("blue", "ldn")["low_stock"].clone();
        assert_eq!(is_low(shop), false);
        shop.place(&[("blue", "6")]);
        assert_eq!(is_low(shop), false, "four are left");
        let last = shop.place(&[("blue", "1")]);
        assert_eq!(is_low(shop), true, "three are left");
        shop.place(&[("blue", "1")]);
        assert_eq!(is_low(shop), true);
        shop.receive("blue", "ldn", "1");
        assert_eq!(is_low(shop), true, "three again: still low");
        shop.act(&last, "cancel", &nothing());
        soon(shop, "no longer low", |shop| is_low(shop) == false);
        in_order(shop);
    });
}

#[test]
fn b10_counts_and_adjustments_correct_the_book() {
    everywhere(|shop| {
        shop.open();
        shop.place(&[("blue", "2")]);
        let count = |counted: &str| json!({"location": "ldn", "lines": [{"sku": "blue", "counted": counted}]});
        let told = shop.post("/v1/stock/counts", &count("9")).expect(201).body;
        assert_eq!(balance(&told, "ldn"), pair("9", "7"), "one is missing");
        assert!(told["id"].as_str().expect("an id").starts_with("mov_"));
        let told = shop.post("/v1/stock/counts", &count("9")).expect(201).body;
        assert_eq!(balance(&told, "ldn"), pair("9", "7"), "what is right stays");
        let told = shop.post("/v1/stock/counts", &count("12.5")).expect(201).body;
        assert_eq!(balance(&told, "ldn"), pair("12.5", "10.5"), "found again");

        let adjust = |reason: &str, by: &str| json!({"location": "ldn", "reason": reason, "lines": [{"sku": "blue", "quantity": by}]});
        let told = shop.post("/v1/stock/adjustments", &adjust("damaged", "-2.5")).expect(201).body;
        assert_eq!(balance(&told, "ldn"), pair("10", "8"));
        let told = shop.post("/v1/stock/adjustments", &adjust("found", "3")).expect(201).body;
        assert_eq!(balance(&told, "ldn"), pair("13", "11"));
        let refused = shop.post("/v1/stock/adjustments", &adjust("lost", "-14")).expect(409);
        assert_eq!(refused.body["lines"][0]["available"], "13", "no more can go than was there");
        let books = shop.settled();
        assert_eq!((books.units("adjusted"), books.units("on_hand")), (3, 33));
        in_order(shop);
    });
}

#[test]
fn b10_a_picker_who_finds_too_little_corrects_the_book_and_the_order() {
    everywhere(|shop| {
        shop.open();
        let order = shop.place(&[("red", "5")]);
        assert_eq!(parcels(&order), [("ldn".to_owned(), "open".to_owned())]);
        // Three are on the shelf, where the book says ten.
        let count = json!({"location": "ldn", "lines": [{"sku": "red", "counted": "3"}]});
        let told = shop.post("/v1/stock/counts", &count).expect(201).body;
        assert_eq!(balance(&told, "ldn"), pair("3", "0"), "less than is promised, and nothing to sell");
        shop.act(&order, "fulfillments/1/reject", &json!({"reason": "three of five"}));
        soon(shop, "the other location serves", |shop| look(shop, &order)["fulfillments"][1]["location"] == "man");
        soon(shop, "the three can be sold", |shop| shop.shelf("red", "ldn")["available"] == "3");
        let after = look(shop, &order);
        assert_eq!(quantities(&after, 0), json!({"allocated": "5"}));
        assert_eq!(shop.ship(&order, 2)["status"], "shipped");
        in_order(shop);
    });
}

#[test]
fn a_stock_document_is_posted_once_and_as_a_whole() {
    everywhere(|shop| {
        shop.open();
        let body = json!({"location": "man", "reference": "PO-7",
            "lines": [{"sku": "red", "quantity": "5"}, {"sku": "blue", "quantity": "7"}]});
        let key = [("idempotency-key", "PO-7")];
        let first = shop.call_with("POST", "/v1/stock/receipts", &key, &body).expect(201);
        let again = shop.call_with("POST", "/v1/stock/receipts", &key, &body).expect(201);
        assert_eq!((again.header("idempotency-replayed"), &again.body["id"]), (Some("true"), &first.body["id"]));
        assert_eq!(shop.shelf("red", "man")["on_hand"], "15");
        let other = json!({"location": "man", "lines": [{"sku": "red", "quantity": "6"}]});
        let reused = shop.call_with("POST", "/v1/stock/receipts", &key, &other).expect(422);
        assert_eq!(reused.code(), "idempotency_key_reused");

        let body = json!({"from": "man", "to": "ldn",
            "lines": [{"sku": "red", "quantity": "5"}, {"sku": "blue", "quantity": "8"}]});
        let refused = shop.post("/v1/stock/transfers", &body).expect(409);
        assert_eq!(refused.body["lines"][0]["line"], 2);
        assert_eq!(shop.shelf("red", "man")["on_hand"], "15", "one line that cannot be, no line is");
        assert_eq!(shop.shelf("blue", "man")["on_hand"], "7");
        in_order(shop);
    });
}

#[test]
fn the_map_and_the_catalog_keep_their_versions() {
    everywhere(|shop| {
        let body = json!({"name": "London DC", "kind": "dc", "country": "GB", "postal_code": "E16",
            "latitude": 51.50853, "longitude": -0.12574});
        let first = shop.call("PUT", "/v1/locations/ldn", &body).expect(201);
        assert_eq!((first.header("etag"), &first.body["ships"]), (Some("\"v1\""), &json!(true)));
        assert_eq!((&first.body["latitude"], &first.body["longitude"]), (&json!(51.50853), &json!(-0.12574)));
        let same = shop.call("PUT", "/v1/locations/ldn", &body).expect(200);
        assert_eq!(same.body, first.body, "the same again is nothing new");
        let mut closed = body.clone();
        closed["ships"] = json!(false);
        let closed = shop.call("PUT", "/v1/locations/ldn", &closed).expect(200);
        assert_eq!((closed.header("etag"), &closed.body["ships"]), (Some("\"v2\""), &json!(false)));
        assert_eq!(shop.get("/v1/locations/ldn").expect(200).body, closed.body);

        let body = json!({"title": "White hanging heart", "tax_class": "standard", "low_stock": "10",
            "prices": [{"amount": 255, "currency": "GBP"}, {"amount": 299, "currency": "EUR"}],
            "safety_stock": [{"location": "ldn", "quantity": "5"}]});
        let path = "/v1/items/85123A%20red";
        let first = shop.call("PUT", path, &body).expect(201);
        assert_eq!((&first.body["sku"], first.header("etag")), (&json!("85123A red"), Some("\"v1\"")));
        assert_eq!(shop.call("PUT", path, &body).expect(200).body["version"], 1);
        let read = shop.get(path).expect(200).body;
        assert_eq!(read, first.body);
        assert_eq!((&read["unit"], &read["low_stock"]), (&json!("each"), &json!("10")));
        assert_eq!(read["safety_stock"], json!([{"location": "ldn", "quantity": "5"}]));
        assert_eq!(shop.get("/v1/items/nobody").expect(404).code(), "not_found");
        assert_eq!(shop.get("/v1/locations/nowhere").expect(404).code(), "not_found");
    });
}

#[test]
fn a_location_that_does_not_ship_is_not_asked_to() {
    everywhere(|shop| {
        shop.open();
        let body =
            json!({"name": "ldn", "kind": "dc", "country": "GB", "latitude": 51.5, "longitude": -0.1, "ships": false});
        shop.call("PUT", "/v1/locations/ldn", &body).expect(200);
        let order = soon_from(shop, "man");
        assert_eq!(shop.post(&format!("{}/cancel", path(&order)), &nothing()).expect(200).body["status"], "canceled");
        in_order(shop);
    });
}

/// Orders until one is served from there: a change of the map reaches every object in a moment. The others are canceled.
#[track_caller]
fn soon_from(shop: &mut Shop, location: &str) -> Value {
    for _ in 0..50 {
        let order = shop.place(&[("red", "1")]);
        if parcels(&order) == [(location.to_owned(), "open".to_owned())] {
            return order;
        }
        shop.act(&order, "cancel", &nothing());
        shop.pass(1_000);
    }
    panic!("no order is served from {location}");
}
