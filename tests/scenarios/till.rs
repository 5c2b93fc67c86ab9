//! Tills: set up, enrolled, signed, chained.

use oms_core::routing::Method;
use oms_tests::shop::{Shop, everywhere, in_memory};
use oms_tests::till::{Device, enrolled, till_body};
use serde_json::{Value, json};

use crate::rights::grant;
use crate::{in_order, look, settle_at, soon};

const DAY_MILLIS: u64 = 24 * 60 * 60 * 1_000;
/// So many prices of before are kept of an item.
const KEPT_PRICES: i64 = 40;

#[test]
fn a_device_is_enrolled_once_by_a_code_that_expires() {
    everywhere(|shop| {
        shop.open();
        let till = shop.post("/v1/tills", &till_body("till-1")).expect(201).body;
        let code = till["enrollment_code"].as_str().expect("a code").to_owned();
        assert_eq!(till["state"], "not_enrolled");
        let key = oms_tests::signature::DeviceKey::of("a").public();
        let guess = format!("{}Z", &code[..code.len() - 1]);
        let wrong = Device::try_enroll(shop, if guess == code { "demo.till-1.AAAAAAAA" } else { &guess }, &key);
        assert_eq!(wrong.expect(422).body["errors"][0]["code"], "unknown_code");
        let device = Device::enroll(shop, &code, "a");
        // The answer was lost: the same device is told the same; another one is not.
        Device::try_enroll(shop, &code, &key).expect(201);
        let other = oms_tests::signature::DeviceKey::of("b").public();
        Device::try_enroll(shop, &code, &other).expect(422);
        assert_eq!(device.get(shop, "/v1/till").expect(200).body["settings"]["series"], "TILL-1");
        assert_eq!(shop.get("/v1/tills/till-1").expect(200).body["state"], "active");
        assert_eq!(shop.get("/v1/tills").expect(200).body["data"][0]["id"], "till-1");
    });
    in_memory(|shop| {
        shop.open();
        let till = shop.post("/v1/tills", &till_body("till-1")).expect(201).body;
        shop.pass(16 * 60 * 1_000);
        let key = oms_tests::signature::DeviceKey::of("a").public();
        let late = Device::try_enroll(shop, till["enrollment_code"].as_str().expect("a code"), &key).expect(422);
        assert_eq!(late.body["errors"][0]["code"], "expired_code");
        let again = shop.post("/v1/tills/till-1/codes", &json!({})).expect(200).body;
        Device::enroll(shop, again["enrollment_code"].as_str().expect("a code"), "a");
    });
}

#[test]
fn a_request_is_a_devices_only_with_its_signature_and_on_time() {
    everywhere(|shop| {
        shop.open();
        let mut till = enrolled(shop, "till-1");
        till.get(shop, "/v1/till").expect(200);
        till.get(shop, "/v1/orders").expect(200);
        till.get(shop, "/v1/availability?sku=red").expect(200);
        assert_eq!(till.get(shop, "/v1/audit").expect(403).code(), "forbidden");
        assert_eq!(shop.get("/v1/till").expect(403).code(), "forbidden");
        let mut thief = till.clone();
        thief.skew = 1;
        let headers = till.headers(shop, "GET", "/v1/orders", "");
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(shop.raw("GET", "/v1/till", &headers, None).expect(401).code(), "unauthorized");
        till.skew = -6 * 60 * 1_000;
        let late = till.get(shop, "/v1/till").expect(401);
        assert_eq!(late.code(), "clock_off");
        assert!(late.body["now"].is_string(), "{}", late.text);
    });
}

/// The codes of what is odd about the entries of an upload.
pub(crate) fn variances(told: &Value) -> Vec<&str> {
    told["results"].as_array().expect("results").iter().flat_map(variances_of).collect()
}

/// The same of one entry.
fn variances_of(result: &Value) -> Vec<&str> {
    let found = result["variances"].as_array().expect("variances").iter();
    found.filter_map(|one| one["code"].as_str()).collect()
}

/// part: A11, H3
#[test]
fn a11_a_sale_without_a_network_is_an_order_and_can_be_brought_back_anywhere() {
    everywhere(|shop| {
        shop.open();
        let (mut one, mut two) = (enrolled(shop, "till-1"), enrolled(shop, "till-2"));
        grant(shop, "till-1", "red", "5");
        one.sync(shop).expect(200);
        // Nobody is reached for a while: the journal grows.
        let sale = one.sell(&[("red", "3", 1_000)]);
        let order = sale.entry.name().order_id(sale.entry.at);
        // Another till takes one back before the edge ever heard of the sale.
        two.refund(Some(order), "red", "1", 1_000);
        let early = two.sync(shop).expect(200).body;
        assert_eq!(early["results"][0]["outcome"], "pending", "{early:#}");
        let told = one.sync(shop).expect(200).body;
        assert_eq!((variances(&told), &told["results"][0]["outcome"]), (vec![], &json!("done")), "{told:#}");

        let id = json!({"id": order});
        soon(shop, "the return", |shop| look(shop, &id)["returns"].as_array().is_some_and(|all| all.len() == 1));
        let shown = look(shop, &id);
        assert_eq!((&shown["channel"], &shown["status"]), (&json!("pos"), &json!("delivered")), "{shown:#}");
        assert_eq!(shown["external_ref"], "TILL-1-000001");
        assert_eq!(shown["lines"][0]["quantities"], json!({"delivered": "2", "returned": "1"}));
        assert_eq!(shown["totals"]["total"]["amount"], 3_000);
        // Listed, and searched, as every order.
        soon(shop, "the list", |shop| crate::listed(shop, "channel=pos").len() == 1);
        // Three left, one came back.
        soon(shop, "the shelf", |shop| shop.shelf("red", "ldn")["on_hand"] == "8");
        // A blind return, and one of more than was sold.
        two.refund(None, "blue", "1", 250);
        two.refund(Some(order), "red", "3", 1_000);
        let told = two.sync(shop).expect(200).body;
        assert!(variances(&told).contains(&"returned"), "{told:#}");
        soon(shop, "the shelf", |shop| shop.shelf("blue", "ldn")["on_hand"] == "11");
        assert_eq!(look(shop, &id)["lines"][0]["quantities"], json!({"returned": "3"}));
        in_order(shop);
    });
}

#[test]
fn a_count_at_a_till_is_of_the_moment_it_was_made() {
    everywhere(|shop| {
        shop.open();
        let mut till = enrolled(shop, "till-1");
        till.sell(&[("red", "1", 1_000)]);
        till.count("red", "8");
        till.sell(&[("red", "2", 1_000)]);
        // Ten were there by the books, eight after one sale: one was missing. Two more were sold since.
        till.sync(shop).expect(200);
        soon(shop, "the shelf", |shop| shop.shelf("red", "ldn")["on_hand"] == "6");
        in_order(shop);
    });
}

/// An order for the store in London, placed once that hands over.
#[track_caller]
fn for_london(shop: &mut Shop, line: (&str, &str), method: &str) -> Value {
    let mut body = Shop::order(&[line]);
    body["method"] = json!(method);
    body["pick_up_at"] = json!("ldn");
    let mut order = Value::Null;
    soon(shop, "the store hands over", |shop| {
        let placed = shop.post("/v1/orders", &body);
        order = placed.body;
        placed.status == 201
    });
    order
}

/// part: E4
#[test]
fn e4_a_customer_fetches_an_online_order_at_the_till() {
    everywhere(|shop| {
        shop.open();
        settle_at(shop, "ldn", crate::LONDON, &json!({"kind": "store", "fulfillment": {"pick_up": true}}));
        let mut till = enrolled(shop, "till-1");
        let order = for_london(shop, ("red", "2"), "pick_up");
        let id = order["id"].as_str().expect("an id").to_owned();
        till.get(shop, &format!("/v1/orders/{id}")).expect(200);
        till.hand_over(&id, 1);
        let told = till.sync(shop).expect(200).body;
        assert_eq!((variances(&told), &told["results"][0]["order"]), (vec![], &json!(id)), "{told:#}");
        assert_eq!(look(shop, &order)["status"], "delivered");
        soon(shop, "the shelf", |shop| shop.shelf("red", "ldn")["on_hand"] == "8");
        // What is not there cannot be handed over: it stays on record, and is looked into.
        till.hand_over(&id, 7);
        let told = till.sync(shop).expect(200).body;
        assert_eq!(variances(&told), ["order_refused"], "{told:#}");
        in_order(shop);
    });
}

/// part: E4
#[test]
fn e4_what_was_sent_to_a_store_is_handed_over_at_its_till() {
    everywhere(|shop| {
        shop.open();
        settle_at(shop, "ldn", crate::LONDON, &json!({"kind": "store", "fulfillment": {"pick_up": true}}));
        shop.item("jar", 700);
        shop.receive("jar", "man", "2");
        let mut till = enrolled(shop, "till-1");
        let order = for_london(shop, ("jar", "1"), "ship_to_store");
        let id = order["id"].as_str().expect("an id").to_owned();
        // While it is in Manchester nobody hands it over in London.
        till.hand_over(&id, 1);
        assert_eq!(variances(&till.sync(shop).expect(200).body), ["order_refused"]);
        shop.ship(&order, 1);
        shop.act(&order, "fulfillments/1/arrive", &json!({}));
        let seen = till.get(shop, &format!("/v1/orders/{id}")).expect(200).body;
        assert_eq!(seen["fulfillments"][0]["actions"], json!(["deliver"]), "the till sees that it can be handed over");
        // Two cashiers press the same button.
        for _ in 0..2 {
            till.hand_over(&id, 1);
            let told = till.sync(shop).expect(200).body;
            assert_eq!(variances(&told), Vec::<&str>::new(), "{told:#}");
        }
        assert_eq!(look(shop, &order)["status"], "delivered");
        in_order(shop);
    });
}

#[test]
fn a_till_fetches_the_catalog_and_then_what_changed() {
    everywhere(|shop| {
        shop.open();
        let item = json!({"title": "The green", "prices": [{"amount": 500, "currency": "GBP"}],
                          "barcodes": ["2000000000015"], "category": "colours"});
        assert_eq!(shop.call("PUT", "/v1/items/green", &item).expect(201).body["barcodes"], json!(["2000000000015"]));
        let till = enrolled(shop, "till-1");
        let fetch = |shop: &mut Shop, since: &Value| {
            let (mut items, mut path) = (Vec::new(), format!("/v1/till/catalog?since={since}"));
            loop {
                let page = till.get(shop, &path).expect(200).body;
                items.extend(page["data"].as_array().expect("items").clone());
                match page["next_cursor"].as_str() {
                    Some(cursor) => path = format!("/v1/till/catalog?since={since}&cursor={cursor}"),
                    None => return (items, page["version"].clone()),
                }
            }
        };
        let (items, version) = fetch(shop, &json!(0));
        assert_eq!(items.len(), 3, "{items:#?}");
        let green = items.iter().find(|item| item["sku"] == "green").expect("green");
        assert_eq!((&green["barcodes"][0], &green["category"]), (&json!("2000000000015"), &json!("colours")));
        assert_eq!(green["price"]["prices"]["GBP"], 500);
        assert!(version.as_i64().is_some_and(|version| version > 0), "{version}");
        if shop.is_virtual() {
            shop.pass(10 * 60 * 1_000);
            let (none, later) = fetch(shop, &json!(shop.now().millis() - 60_000));
            assert!(none.is_empty() && later.as_i64() > version.as_i64());
            shop.item("red", 1_100);
            assert_eq!(fetch(shop, &later).0.len(), 1);
        }
    });
}

#[test]
fn a_device_that_is_lost_is_given_up_and_what_it_sold_is_still_taken_in() {
    everywhere(|shop| {
        shop.open();
        let mut till = enrolled(shop, "till-1");
        grant(shop, "till-1", "red", "6");
        till.sync(shop).expect(200);
        till.sell(&[("red", "2", 1_000)]);
        let shown = shop.get("/v1/tills/till-1").expect(200).body;
        assert_eq!(shown["exposure"], json!([{"sku": "red", "quantity": "6"}]));
        let revoked = shop.post("/v1/tills/till-1/revoke", &json!({"reason": "left in a taxi"})).expect(200).body;
        assert_eq!((&revoked["state"], &revoked["exposure"]), (&json!("revoked"), &json!([])), "{revoked:#}");
        assert_eq!(shop.shelf("red", "ldn")["available"], "10");
        assert_eq!(till.get(shop, "/v1/orders").expect(403).code(), "device_revoked");
        // It was found after all: facts are facts.
        let told = till.sync(shop).expect(200).body;
        assert_eq!((&told["state"], &told["ack_upto"], &told["rights"]), (&json!("revoked"), &json!(1), &json!({})));
        assert_eq!(variances(&told), ["rights", "after_revocation"], "{told:#}");
        assert_eq!(shop.shelf("red", "ldn")["on_hand"], "8");
        in_order(shop);
    });
}

#[test]
fn what_was_sold_over_the_counter_beats_the_youngest_order_nobody_picked() {
    everywhere(|shop| {
        shop.open();
        let mut till = enrolled(shop, "till-1");
        // Three in London only: an order that waits if it must, one that wants all or nothing, one that is being picked.
        shop.item("jar", 700);
        shop.receive("jar", "ldn", "3");
        let mut body = Shop::order(&[("jar", "1")]);
        let picked = shop.post("/v1/orders", &body).expect(201).body;
        shop.act(&picked, "fulfillments/1/pick", &json!({}));
        shop.pass(5);
        let strict = shop.post("/v1/orders", &body).expect(201).body;
        shop.pass(5);
        body["shortage"] = json!("backorder");
        let patient = shop.post("/v1/orders", &body).expect(201).body;
        soon(shop, "all are held", |shop| shop.shelf("jar", "ldn")["reserved"] == "3");

        // One was in a customer's hands: the youngest makes room, and waits.
        till.sell(&[("jar", "1", 700)]);
        let told = till.sync(shop).expect(200).body;
        assert_eq!(variances(&told), ["beyond"], "{told:#}");
        soon(shop, "room", |shop| look(shop, &patient)["status"] == "backordered");
        assert_eq!(look(shop, &strict)["status"], "allocated");
        // And another: who wants all or nothing is canceled.
        till.sell(&[("jar", "1", 700)]);
        till.sync(shop).expect(200);
        soon(shop, "room", |shop| look(shop, &strict)["status"] == "canceled");
        // What is being picked stays; the shortage is on record.
        till.sell(&[("jar", "1", 700)]);
        till.sync(shop).expect(200);
        shop.pass(3_000);
        assert_eq!(look(shop, &picked)["status"], "in_fulfillment");
        assert_eq!(shop.shelf("jar", "ldn")["on_hand"], "0");
        assert!(shop.settled().violations.is_empty());

        // Where others have it, it comes from there.
        let order = shop.place(&[("red", "10")]);
        let served = crate::parcels(&look(shop, &order));
        assert_eq!(served[0].0, "ldn", "{served:?}");
        till.sell(&[("red", "1", 1_000)]);
        till.sync(shop).expect(200);
        soon(shop, "Manchester", |shop| {
            crate::parcels(&look(shop, &order)).iter().any(|(place, status)| place == "man" && status == "open")
        });
    });
}

#[test]
fn an_entry_from_the_future_is_recorded_and_its_clock_is_named() {
    everywhere(|shop| {
        shop.open();
        let mut till = enrolled(shop, "till-1");
        grant(shop, "till-1", "red", "2");
        till.sync(shop).expect(200);
        till.sell(&[("red", "1", 1_000)]);
        till.now += 60 * 60 * 1000;
        till.sell(&[("red", "1", 1_000)]);
        let told = till.sync(shop).expect(200).body;
        let found = |at: usize| variances_of(&told["results"][at]);
        assert_eq!((found(0), found(1)), (vec![], vec!["clock"]), "{told:#}");
        in_order(shop);
    });
}

#[test]
fn a_till_that_was_away_is_priced_by_the_book_that_it_had() {
    everywhere(|shop| {
        shop.open();
        let mut till = enrolled(shop, "till-1");
        grant(shop, "till-1", "red", "10");
        till.sync(shop).expect(200);
        // Prices and taxes change while nobody reaches it.
        let mut away = till.clone();
        shop.item("red", 1_200);
        let table = json!({"mode": "exclusive", "rates": [{"country": "GB", "class": "standard", "percent": "20"}]});
        shop.call("PUT", "/v1/tax-table", &table);
        shop.item("red", 1_300);
        if shop.is_virtual() {
            shop.pass(3 * DAY_MILLIS);
        }
        away.now = shop.now().millis();
        away.sell(&[("red", "1", 1_000)]);
        // Bits that do not follow from its own book have a name.
        away.sell(&[("red", "1", 999)]);
        away.pages = 2;
        away.sell(&[("red", "1", 1_200)]);
        away.pages = 9;
        away.sell(&[("red", "1", 1_300)]);
        (away.pages, away.taxes) = (1, away.taxes + 1);
        away.sell(&[("red", "1", 1_000)]);
        let told = away.sync(shop).expect(200).body;
        // That there is another table is heard of now and then.
        let by_table = if shop.is_virtual() { vec!["tax"] } else { vec![] };
        let found = |at: usize| variances_of(&told["results"][at]);
        assert_eq!((found(0), found(1), found(2)), (vec![], vec!["price"], vec![]), "{told:#}");
        // A version that never was, and a rate that its table does not have.
        assert_eq!((found(3), found(4)), (vec!["price"], by_table), "{told:#}");

        // What is older than all that is kept cannot be told any more.
        for pence in 0..KEPT_PRICES {
            shop.item("red", 2_000 + pence);
        }
        // What is put again and again for other reasons than its price drives nothing out.
        for low in 1..=KEPT_PRICES {
            let prices = json!([{"amount": 2_000 + KEPT_PRICES - 1, "currency": "GBP"}]);
            let item = json!({"title": "The red", "prices": prices, "low_stock": low.to_string()});
            shop.call("PUT", "/v1/items/red", &item).expect(200);
        }
        (away.pages, away.taxes) = (1, away.taxes - 1);
        away.sell(&[("red", "1", 1_000)]);
        for (version, price) in [(4, 2_000), (50, 2_039), (83, 2_039), (84, 2_039)] {
            away.pages = version;
            away.sell(&[("red", "1", price)]);
        }
        let told = away.sync(shop).expect(200).body;
        let found: Vec<Vec<&str>> = (0..5).map(|at| variances_of(&told["results"][at])).collect();
        assert_eq!(found, [vec!["stale_book"], vec![], vec![], vec![], vec!["price"]], "{told:#}");
        in_order(shop);
    });
    in_memory(|shop| {
        // Neither can what has not been in force for more than a month.
        shop.open();
        let mut till = enrolled(shop, "till-1");
        shop.item("red", 1_200);
        shop.pass(36 * DAY_MILLIS);
        shop.item("red", 1_300);
        shop.item("red", 1_400);
        till.now = shop.now().millis();
        till.sell(&[("red", "1", 1_000)]);
        till.pages = 2;
        till.sell(&[("red", "1", 1_200)]);
        let told = till.sync(shop).expect(200).body;
        assert!(variances_of(&told["results"][0]).contains(&"stale_book"), "{told:#}");
        assert_eq!(variances_of(&told["results"][1]), ["beyond"], "{told:#}");
    });
}

#[test]
fn what_a_till_asks_for_is_had_or_refused_and_it_hears_which() {
    everywhere(|shop| {
        shop.open();
        settle_at(shop, "man", crate::MANCHESTER, &json!({"kind": "store", "fulfillment": {"pick_up": true}}));
        let mut till = enrolled(shop, "till-1");
        let elsewhere = Method::PickUp { location: "man".parse().expect("a place") };
        let asked = [
            till.request(Method::Ship, &[("red", "2")]),
            till.request(Method::Ship, &[("red", "500")]),
            till.request(elsewhere.clone(), &[("red", "3")]),
            till.request(elsewhere, &[("red", "500")]),
        ];
        let ids: Vec<Value> = asked.iter().map(|one| json!({"id": one.entry.name().order_id(one.entry.at)})).collect();
        let told = till.sync(shop).expect(200).body;
        for (at, refused) in [false, true, false, true].into_iter().enumerate() {
            let result = &told["results"][at];
            let found = if refused { vec!["order_refused"] } else { vec![] };
            assert_eq!((&result["status"], variances_of(result)), (&json!("recorded"), found), "{told:#}");
            assert_eq!((&result["order"], &result["outcome"]), (&ids[at]["id"], &json!("done")), "{told:#}");
            if refused {
                // Nothing came of it, and both sides see that.
                till.get(shop, &crate::path(&ids[at])).expect(404);
                shop.get(&crate::path(&ids[at])).expect(404);
                continue;
            }
            soon(shop, "it is set aside", |shop| look(shop, &ids[at])["status"] == "allocated");
            let seen = till.get(shop, &crate::path(&ids[at])).expect(200).body;
            assert_eq!((&seen["status"], &seen["channel"]), (&json!("allocated"), &json!("pos")), "{seen:#}");
        }
        assert_eq!(crate::parcels(&look(shop, &ids[2]))[0].0, "man");
        let reserved =
            |shop: &mut Shop| [shop.shelf("red", "ldn"), shop.shelf("red", "man")].map(|one| one["reserved"].clone());
        let before = reserved(shop);

        // The answer was lost: all of it again is nothing more, and the same is heard.
        let again = till.upload(shop, &asked).expect(200).body;
        for (one, other) in
            told["results"].as_array().expect("results").iter().zip(again["results"].as_array().expect("results"))
        {
            assert_eq!(other["status"], "known");
            assert_eq!(
                [&one["variances"], &one["order"], &one["outcome"]],
                [&other["variances"], &other["order"], &other["outcome"]]
            );
        }
        soon(shop, "the list", |shop| crate::listed(shop, "channel=pos").len() == 2);
        assert_eq!(reserved(shop), before);
        in_order(shop);
    });
}
