//! Goods that are still on their way are sold: promised for a day, never more than comes, and kept for whoever bought them.

use oms_core::value::Day;
use oms_tests::shop::{Shop, Told, everywhere, in_memory};
use serde_json::{Value, json};

use crate::{history, in_order, look, soon};

/// More than an alarm calls when goods come.
const MANY: usize = 100;
/// Longer than from one such alarm to the next, in milliseconds.
const ROUND_MILLIS: u64 = 11_000;
/// A little shorter than that, in milliseconds.
const SHORT_OF_A_ROUND_MILLIS: u64 = 9_900;

/// London works every day until midnight, takes a day, and a van takes another; it has no pies.
fn open(shop: &mut Shop) {
    let week = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    shop.call("PUT", "/v1/calendars/always", &json!({"week": week})).expect(201);
    let rate = json!({"zone": "gb", "days": [1, 1], "steps": [{"up_to_grams": 30_000, "price": 400}]});
    let carrier = json!({"zones": [{"name": "gb", "reach": {"to": {"country": "GB"}}}],
        "services": [{"name": "van", "calendar": "always", "rates": [rate]}]});
    shop.call("PUT", "/v1/carriers/post", &carrier).expect(201);
    let place = json!({"name": "London", "kind": "dc", "country": "GB",
        "fulfillment": {"calendar": "always", "processing_days": 1}});
    shop.call("PUT", "/v1/locations/ldn", &place).expect(201);
    shop.item("pie", 1_000);
    shop.item("box", 100);
    shop.receive("box", "ldn", "10");
}

fn day(shop: &Shop, ahead: i32) -> Day {
    Day::of_utc(shop.now()).saturating_add(ahead)
}

/// Ten pies come in so many days.
fn coming(shop: &mut Shop, number: &str, quantity: &str, ahead: i32) {
    let expected = day(shop, ahead).to_string();
    let body = json!({"location": "ldn", "expected": expected, "lines": [{"sku": "pie", "quantity": quantity}]});
    shop.call("PUT", &format!("/v1/purchase-orders/{number}"), &body).expect(200);
}

fn came(shop: &mut Shop, number: &str, quantity: &str) {
    let body = json!({"location": "ldn", "reference": number, "lines": [{"sku": "pie", "quantity": quantity}]});
    shop.post("/v1/stock/receipts", &body).expect(201);
}

fn order(lines: &[(&str, &str)]) -> Value {
    let mut order = Shop::order(lines);
    order["shortage"] = json!("preorder");
    order
}

/// A pie each for many, of a hundred that come in three days.
#[track_caller]
fn many_bought(shop: &mut Shop) -> Vec<Told> {
    coming(shop, "PO-1", "100", 3);
    let buyers: Vec<Value> = (0..MANY).map(|_| order(&[("pie", "1")])).collect();
    let buyers = shop.at_once("/v1/orders", &buyers);
    assert!(buyers.iter().all(|told| told.status == 201));
    buyers
}

fn promise(shop: &mut Shop, quantity: &str) -> Value {
    let wish = json!({"ship_to": {"country": "GB", "latitude": 51.4, "longitude": 0.0}, "may_split": false,
        "lines": [{"sku": "pie", "quantity": quantity}]});
    shop.post("/v1/promises", &wish).expect(200).body["deliver"].clone()
}

/// rows: C8
#[test]
fn c8_goods_on_their_way_are_sold_for_a_day_and_never_more_than_come() {
    everywhere(|shop| {
        open(shop);
        assert_eq!(shop.post("/v1/orders", &order(&[("pie", "1")])).status, 409, "nothing is on its way");
        coming(shop, "PO-1", "10", 9);
        let promised = promise(shop, "6");
        assert_eq!(promised, json!(day(shop, 11).to_string()), "a day of work, a day on the way");
        let first = shop.post("/v1/orders", &order(&[("pie", "6"), ("box", "1")])).expect(201).body;
        assert_eq!(
            (&first["promised_by"], &first["lines"][0]["quantities"]),
            (&promised, &json!({"backordered": "6"}))
        );
        let ready = json!([{"line": 1, "location": "ldn", "quantity": "6", "ready": day(shop, 9).to_string()}]);
        assert_eq!(first["lines"][0]["coming"], ready, "{first:#}");

        let told = shop.post("/v1/orders", &order(&[("pie", "5")])).expect(409);
        assert_eq!(
            (told.code(), &told.body["lines"][0]["available"]),
            ("insufficient_stock", &json!("4")),
            "{}",
            told.text
        );
        assert_eq!(promise(shop, "5"), Value::Null, "a promise says the same");
        assert_eq!(promise(shop, "4"), promised);
        let second = shop.post("/v1/orders", &order(&[("pie", "4")])).expect(201).body;
        assert_eq!(second["promised_by"], promised);
        assert_eq!(shop.post("/v1/orders", &order(&[("pie", "1")])).status, 409);

        shop.act(&second, "cancel", &json!({}));
        shop.settled();
        let third = shop.post("/v1/orders", &order(&[("pie", "3")])).expect(201).body;
        assert_eq!(third["promised_by"], promised, "what is canceled may be bought again");
        in_order(shop);
    });
}

/// rows: C8
#[test]
fn c8_what_came_is_kept_for_whoever_bought_it() {
    everywhere(|shop| {
        open(shop);
        coming(shop, "PO-1", "10", 3);
        let bought = shop.post("/v1/orders", &order(&[("pie", "6")])).expect(201).body;
        came(shop, "PO-1", "10");
        assert_eq!(shop.post("/v1/orders", &Shop::order(&[("pie", "5")])).status, 409, "six of the ten are sold");
        assert_eq!(shop.availability("pie")["available"], "4");
        shop.place(&[("pie", "4")]);
        soon(shop, "what was bought is set aside", |shop| look(shop, &bought)["status"] == "allocated");
        shop.settled();
        let served = look(shop, &bought);
        assert_eq!(served["lines"][0]["coming"], Value::Null, "{served:#}");
        assert_eq!(served["promised_by"], json!(day(shop, 2).to_string()), "sooner than was promised");
        assert!(shop.get("/v1/backorders?sku=pie").expect(200).body["data"].as_array().is_some_and(Vec::is_empty));
        shop.ship(&served, 1);
        in_order(shop);
    });
}

/// rows: C8
#[test]
fn c8_when_supply_slips_or_shrinks_the_order_is_promised_anew() {
    everywhere(|shop| {
        open(shop);
        coming(shop, "PO-1", "10", 3);
        let first = shop.post("/v1/orders", &order(&[("pie", "6")])).expect(201).body;
        let second = shop.post("/v1/orders", &order(&[("pie", "4")])).expect(201).body;
        let promised = |shop: &Shop, ahead: i32| json!(day(shop, ahead).to_string());
        assert_eq!(first["promised_by"], promised(shop, 5));
        coming(shop, "PO-1", "10", 8);
        let later = promised(shop, 10);
        soon(shop, "a later day", |shop| look(shop, &first)["promised_by"] == later);
        soon(shop, "for both", |shop| look(shop, &second)["promised_by"] == later);
        coming(shop, "PO-1", "7", 8);
        soon(shop, "no day for the second", |shop| look(shop, &second)["promised_by"].is_null());
        assert_eq!(look(shop, &first)["promised_by"], later, "it bought first");
        coming(shop, "PO-2", "3", 12);
        let last = promised(shop, 14);
        soon(shop, "a day again", |shop| look(shop, &second)["promised_by"] == last);
        let told = history(shop, &second);
        let days: Vec<&Value> =
            told.iter().filter(|step| step["type"] == "bought").map(|step| &step["promised_by"]).collect();
        assert_eq!(days.len(), 4, "every day it was told is in its history: {days:?}");
        in_order(shop);
    });
}

/// rows: C8
#[test]
fn c8_many_who_buy_at_once_buy_no_more_than_comes() {
    in_memory(|shop| {
        open(shop);
        coming(shop, "PO-1", "10", 3);
        let orders: Vec<Value> = (0..20).map(|_| order(&[("pie", "3")])).collect();
        let told = shop.at_once("/v1/orders", &orders);
        let had = told.iter().filter(|told| told.status == 201 && told.body["status"] == "backordered").count();
        assert_eq!(had, 3, "three of three, and one is left");
        assert!(told.iter().all(|told| told.status == 201 || told.status == 409));
        shop.settled();
        let told = shop.get("/v1/backorders?sku=pie").expect(200).body;
        let shorts: Vec<&Value> = told["data"].as_array().expect("who waits").iter().map(|one| &one["short"]).collect();
        assert_eq!(shorts, [&json!("0"); 3], "{told:#}");
        came(shop, "PO-1", "10");
        soon(shop, "nobody waits", |shop| {
            shop.get("/v1/backorders?sku=pie").expect(200).body["data"].as_array().is_some_and(Vec::is_empty)
        });
        assert_eq!(shop.shelf("pie", "ldn")["reserved"], "9");
        in_order(shop);
    });
}

/// rows: C7, C8
#[test]
fn c7_who_is_served_is_called_before_the_many_who_bought() {
    in_memory(|shop| {
        open(shop);
        let buyers = many_bought(shop);
        // Its goods stand behind pies in every list.
        shop.item("tart", 100);
        let mut waits = Shop::order(&[("tart", "2")]);
        waits["shortage"] = json!("backorder");
        let waits = shop.post("/v1/orders", &waits).expect(201).body;
        shop.pass(ROUND_MILLIS);

        coming(shop, "PO-1", "100", 8);
        shop.receive("tart", "ldn", "2");
        let later = json!(day(shop, 10).to_string());
        soon(shop, "who waits is served at once", |shop| look(shop, &waits)["status"] == "allocated");
        // Two rounds later all the others know, whoever did not fit included.
        shop.pass(2 * ROUND_MILLIS);
        let days: Vec<Value> = buyers.iter().map(|told| look(shop, &told.body)["promised_by"].clone()).collect();
        assert!(days.iter().all(|day| *day == later), "{days:?}");
        in_order(shop);
    });
}

/// rows: C7, C8
#[test]
fn c7_news_without_end_keeps_nobody_from_hearing() {
    in_memory(|shop| {
        open(shop);
        many_bought(shop);
        let mut waits = Shop::order(&[("pie", "4")]);
        waits["shortage"] = json!("backorder");
        shop.post("/v1/orders", &waits).expect(201);
        shop.settled();
        // Supply is told otherwise before every alarm, and one alarm is not enough for all who bought.
        for more in ["4", "5", "6", "7", "6"] {
            coming(shop, "PO-2", more, 6);
            shop.pass(SHORT_OF_A_ROUND_MILLIS);
        }
        let later = json!(day(shop, 8).to_string());
        assert_eq!((promise(shop, "3"), promise(shop, "2")), (Value::Null, later), "four were told to who waits");
        in_order(shop);
    });
}

/// rows: C8
#[test]
fn c8_who_bought_what_comes_hears_nothing_of_other_goods() {
    everywhere(|shop| {
        open(shop);
        coming(shop, "PO-1", "10", 3);
        let first = shop.post("/v1/orders", &order(&[("pie", "1")])).expect(201).body;
        let second = shop.post("/v1/orders", &order(&[("pie", "3")])).expect(201).body;
        shop.settled();
        let before = look(shop, &second);
        shop.receive("pie", "ldn", "1");
        soon(shop, "who bought first has it", |shop| look(shop, &first)["status"] == "allocated");
        shop.pass(ROUND_MILLIS);
        assert_eq!(look(shop, &second), before);
        in_order(shop);
    });
}

/// rows: C8
#[test]
fn c8_what_another_location_sends_is_sold_before_it_arrives() {
    everywhere(|shop| {
        open(shop);
        // Manchester ships nothing to customers.
        shop.call(
            "PUT",
            "/v1/locations/man",
            &json!({"name": "Manchester", "kind": "dc", "country": "GB", "ships": false}),
        )
        .expect(201);
        shop.receive("pie", "man", "5");
        assert_eq!(shop.post("/v1/orders", &order(&[("pie", "1")])).status, 409, "nobody ships what lies there");
        let expected = day(shop, 4).to_string();
        let body = json!({"location": "ldn", "from": "man", "ships": day(shop, 1).to_string(), "expected": expected,
            "lines": [{"sku": "pie", "quantity": "5"}]});
        shop.call("PUT", "/v1/transfer-orders/TO-1", &body).expect(200);
        let bought = shop.post("/v1/orders", &order(&[("pie", "3")])).expect(201).body;
        assert_eq!(bought["promised_by"], json!(day(shop, 6).to_string()), "{bought:#}");
        let leaves = json!({"from": "man", "transfer": "TO-1", "lines": [{"sku": "pie", "quantity": "5"}]});
        shop.post("/v1/stock/dispatches", &leaves).expect(201);
        came(shop, "TO-1", "5");
        soon(shop, "it is set aside", |shop| look(shop, &bought)["status"] == "allocated");
        assert_eq!(shop.post("/v1/orders", &order(&[("pie", "3")])).status, 409, "two are left, and none comes");
        in_order(shop);
    });
}

/// rows: C8
#[test]
fn c8_an_order_says_what_becomes_of_what_is_short() {
    everywhere(|shop| {
        open(shop);
        let mut wrong = order(&[("pie", "1")]);
        wrong["shortage"] = json!("hope");
        let told = shop.post("/v1/orders", &wrong).expect(422).body;
        assert_eq!(told["errors"][0]["pointer"], "/shortage");
        coming(shop, "PO-1", "10", 3);
        assert_eq!(
            shop.post("/v1/orders", &Shop::order(&[("pie", "1")])).status,
            409,
            "it is there at once, or not at all"
        );
        let bought = shop.post("/v1/orders", &order(&[("pie", "6")])).expect(201).body;
        let mut waits = Shop::order(&[("pie", "50")]);
        waits["shortage"] = json!("backorder");
        let waits = shop.post("/v1/orders", &waits).expect(201).body;
        assert_eq!((&waits["status"], &waits["promised_by"]), (&json!("backordered"), &Value::Null));
        shop.settled();
        came(shop, "PO-1", "10");
        soon(shop, "who bought has them", |shop| look(shop, &bought)["status"] == "allocated");
        let left = json!({"backordered": "46", "allocated": "4"});
        soon(shop, "who waits has what is left", |shop| look(shop, &waits)["lines"][0]["quantities"] == left);
        in_order(shop);
    });
}

/// rows: C7, C8
#[test]
fn c8_what_those_who_wait_were_told_is_neither_promised_nor_sold_again() {
    everywhere(|shop| {
        open(shop);
        coming(shop, "PO-1", "10", 3);
        let mut waits = Shop::order(&[("pie", "4")]);
        waits["shortage"] = json!("backorder");
        let waits = shop.post("/v1/orders", &waits).expect(201).body;
        soon(shop, "it is on the list", |shop| {
            shop.get("/v1/backorders?sku=pie").expect(200).body["data"][0]["earlier"][0]["quantity"] == "4"
        });
        let promised = json!(day(shop, 5).to_string());
        assert_eq!((promise(shop, "7"), promise(shop, "6")), (Value::Null, promised.clone()));
        let told = shop.post("/v1/orders", &order(&[("pie", "7")])).expect(409);
        assert_eq!(told.body["lines"][0]["available"], "6", "{}", told.text);
        let bought = shop.post("/v1/orders", &order(&[("pie", "6")])).expect(201).body;
        assert_eq!((&bought["promised_by"], promise(shop, "1")), (&promised, Value::Null));

        // More comes, later, and is nobody's; whoever gives up waiting leaves its part to others.
        coming(shop, "PO-2", "2", 6);
        let later = json!(day(shop, 8).to_string());
        assert_eq!((promise(shop, "3"), promise(shop, "2")), (Value::Null, later));
        shop.act(&waits, "cancel", &json!({}));
        shop.settled();
        assert_eq!(promise(shop, "4"), promised);
        came(shop, "PO-1", "10");
        soon(shop, "who bought has them", |shop| look(shop, &bought)["status"] == "allocated");
        in_order(shop);
    });
}
