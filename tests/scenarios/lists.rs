//! Orders are found again, and whole files are taken in.

use std::collections::BTreeSet;

use oms_tests::shop::{Shop, everywhere};
use serde_json::{Value, json};

use crate::{in_order, listed, look, nothing, soon};

fn id(order: &Value) -> String {
    order["id"].as_str().expect("an id").to_owned()
}

/// An order of one blue, with what makes it findable.
#[track_caller]
fn from(shop: &mut Shop, channel: &str, number: usize, customer: &Value) -> Value {
    let mut body = Shop::order(&[("blue", "1")]);
    body["channel"] = json!(channel);
    body["external_ref"] = json!(format!("SO-{number}"));
    body["customer"] = customer.clone();
    shop.post("/v1/orders", &body).expect(201).body
}

#[test]
fn orders_are_found_by_what_people_remember() {
    everywhere(|shop| {
        shop.open();
        let ada = json!({"id": "17850", "name": "Ada Lovelace", "email": "ada@example.com"});
        let zoe = json!({"id": "13047", "name": "Zoë O'Neill"});
        let first = from(shop, "web", 1, &ada);
        shop.pass(5);
        let second = from(shop, "store", 2, &ada);
        shop.pass(5);
        let third = from(shop, "web", 3, &zoe);
        shop.ship(&second, 1);
        shop.act(&third, "cancel", &nothing());
        let ids = |orders: &[&Value]| -> Vec<String> { orders.iter().map(|order| id(order)).collect() };
        soon(shop, "all three", |shop| {
            listed(shop, "status=shipped").len() == 1
                && listed(shop, "status=canceled").len() == 1
                && listed(shop, "").len() == 3
        });
        let expect =
            |shop: &mut Shop, query: &str, orders: &[&Value]| assert_eq!(listed(shop, query), ids(orders), "{query}");
        expect(shop, "", &[&third, &second, &first]);
        expect(shop, "sort=created_at", &[&first, &second, &third]);
        expect(shop, "status=shipped", &[&second]);
        expect(shop, "status=shipped,canceled", &[&third, &second]);
        expect(shop, "channel=web", &[&third, &first]);
        expect(shop, "customer=17850", &[&second, &first]);
        expect(shop, "external_ref=SO-3", &[&third]);
        expect(shop, "q=lovelace", &[&second, &first]);
        expect(shop, "q=LOVE+ada", &[&second, &first]);
        expect(shop, "q=zo%C3%AB", &[&third]);
        expect(shop, "q=SO-2", &[&second]);
        expect(shop, "q=nobody", &[]);
        expect(shop, "q=lovelace&channel=store&status=shipped", &[&second]);
        let at = |order: &Value| order["created_at"].as_str().expect("a time").to_owned();
        expect(shop, &format!("created_at[gte]={}&sort=created_at", at(&second)), &[&second, &third]);
        expect(shop, &format!("created_at%5Blt%5D={}", at(&second)), &[&first]);

        let told = shop.get("/v1/orders?external_ref=SO-2").expect(200).body;
        let entry = &told["data"][0];
        let now = look(shop, &second);
        for member in ["id", "status", "channel", "external_ref", "created_at"] {
            assert_eq!(entry[member], now[member], "{member}");
        }
        assert_eq!((&entry["customer_id"], &entry["total"]), (&json!("17850"), &now["totals"]["total"]));
        in_order(shop);
    });
}

#[test]
fn a_long_list_has_pages() {
    everywhere(|shop| {
        shop.open();
        let mut placed = Vec::new();
        for number in 0..10 {
            placed.push(id(&from(shop, "web", number, &json!({}))));
            shop.pass(2);
        }
        soon(shop, "all ten", |shop| listed(shop, "limit=100").len() == 10);
        for (sort, expected) in
            [("created_at", placed.clone()), ("-created_at", placed.iter().rev().cloned().collect())]
        {
            let mut seen = Vec::new();
            let mut path = format!("/v1/orders?limit=3&channel=web&sort={sort}");
            loop {
                let page = shop.get(&path).expect(200).body;
                let data = page["data"].as_array().expect("a list");
                assert!(data.len() <= 3);
                seen.extend(data.iter().map(id));
                let Some(cursor) = page["next_cursor"].as_str() else { break };
                path = format!("/v1/orders?limit=3&channel=web&cursor={cursor}");
            }
            assert_eq!(seen, expected, "{sort}");
        }
        in_order(shop);
    });
}

/// Sends lines and gives the results, one a line.
#[track_caller]
fn import(shop: &mut Shop, kind: &str, lines: &[String]) -> Vec<Value> {
    let headers = [("content-type", "application/x-ndjson")];
    let told = shop.raw("POST", &format!("/v1/imports/{kind}"), &headers, Some(&lines.join("\n"))).expect(200);
    told.text.lines().map(|line| serde_json::from_str(line).expect("a result")).collect()
}

fn statuses(results: &[Value]) -> Vec<(u64, u64)> {
    let number = |value: &Value| value.as_u64().expect("a number");
    results.iter().map(|result| (number(&result["line"]), number(&result["status"]))).collect()
}

#[test]
fn a_bad_line_never_stops_an_import() {
    everywhere(|shop| {
        let locations = [
            json!({"id": "ldn", "name": "London", "kind": "dc", "country": "GB"}).to_string(),
            json!({"id": "LDN!", "name": "London", "kind": "dc", "country": "GB"}).to_string(),
            String::new(),
            json!({"id": "man", "name": "Manchester", "kind": "dc", "country": "GB"}).to_string(),
        ];
        let told = import(shop, "locations", &locations);
        assert_eq!(statuses(&told), [(1, 201), (2, 422), (4, 201)]);
        assert_eq!(told[1]["problem"]["errors"][0]["pointer"], "/id");
        assert_eq!(statuses(&import(shop, "locations", &locations)), [(1, 200), (2, 422), (4, 200)]);

        let price = json!([{"amount": 250, "currency": "GBP"}]);
        let items = [
            json!({"sku": "red", "title": "Red", "prices": price}).to_string(),
            "{\"sku\": \"blue\", \"title\"".to_owned(),
            json!({"sku": "blue", "title": "Blue", "prices": price}).to_string(),
        ];
        let told = import(shop, "items", &items);
        assert_eq!(statuses(&told), [(1, 201), (2, 400), (3, 201)]);
        assert_eq!(told[1]["problem"]["code"], "malformed_json");

        let stock = [
            json!({"key": "s1", "sku": "red", "location": "ldn", "quantity": "10"}).to_string(),
            json!({"key": "s2", "sku": "pink", "location": "ldn", "quantity": "10"}).to_string(),
            json!({"key": "s3", "sku": "blue", "location": "nowhere", "quantity": "10"}).to_string(),
            json!({"key": "s4", "sku": "blue", "location": "man", "quantity": "10"}).to_string(),
        ];
        let told = import(shop, "stock", &stock);
        assert_eq!(statuses(&told), [(1, 201), (2, 422), (3, 422), (4, 201)]);
        assert_eq!(told[1]["problem"]["errors"][0]["code"], "unknown_sku");
        assert_eq!(told[2]["problem"]["errors"][0]["code"], "unknown_location");
        assert_eq!(statuses(&import(shop, "stock", &stock)), [(1, 200), (2, 422), (3, 422), (4, 200)]);
        assert_eq!(shop.availability("red")["available"], "10", "the same line twice is one receipt");

        let order = |key: &str, sku: &str, quantity: &str| {
            let mut order = Shop::order(&[(sku, quantity)]);
            order["key"] = json!(key);
            order.to_string()
        };
        let orders =
            [order("o1", "red", "4"), order("o2", "red", "-4"), order("o3", "blue", "2"), order("o4", "red", "7")];
        let told = import(shop, "orders", &orders);
        assert_eq!(statuses(&told), [(1, 201), (2, 422), (3, 201), (4, 409)]);
        assert_eq!(told[0]["order_status"], "allocated");
        assert_eq!(told[3]["problem"]["code"], "insufficient_stock");
        let again = import(shop, "orders", &orders);
        assert_eq!(statuses(&again), [(1, 200), (2, 422), (3, 200), (4, 409)]);
        assert_eq!((&again[0]["id"], &again[2]["id"]), (&told[0]["id"], &told[2]["id"]));
        assert_eq!(shop.availability("red")["available"], "6");
        in_order(shop);
    });
}

#[test]
fn an_order_has_a_number_to_call_it_by() {
    everywhere(|shop| {
        shop.open();
        let orders: Vec<Value> = (0..6).map(|_| shop.place(&[("red", "1")])).collect();
        let numbers: BTreeSet<&str> = orders.iter().map(|order| order["number"].as_str().expect("a number")).collect();
        assert_eq!(numbers.len(), orders.len(), "{numbers:?}");
        for order in &orders {
            let number = order["number"].as_str().expect("a number");
            assert!(number.split('-').all(|part| part.parse::<u64>().is_ok()), "{number}");
            let after = shop.act(order, "hold", &json!({"name": "call back"}));
            assert_eq!(after["number"], order["number"], "it stays");
            soon(shop, "it is found by its number", |shop| {
                let found = shop.get(&format!("/v1/orders?q={number}")).expect(200);
                let found = found.body["data"].as_array().expect("a list").clone();
                found.iter().any(|entry| entry["id"] == order["id"] && entry["number"] == order["number"])
            });
        }
    });
}

#[test]
fn a_file_of_orders_makes_each_once() {
    everywhere(|shop| {
        shop.open();
        let lines: Vec<String> = (0..30)
            .map(|number| {
                let mut order = Shop::order(&[("red", "0.5"), ("blue", "0.25")]);
                order["key"] = json!(format!("file-{}", number % 20));
                order["external_ref"] = json!(format!("INV-{}", number % 20));
                order.to_string()
            })
            .collect();
        let told = import(shop, "orders", &lines);
        assert_eq!(told.len(), 30);
        let made = told.iter().filter(|result| result["status"] == 201).count();
        assert_eq!(made, 20, "{told:#?}");
        let ids: BTreeSet<&str> = told.iter().filter_map(|result| result["id"].as_str()).collect();
        assert_eq!(ids.len(), 20);
        assert_eq!(shop.settled().counts["orders"], 20);
        assert_eq!(shop.availability("red")["available"], "10");
        in_order(shop);
    });
}
