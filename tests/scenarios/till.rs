//! Tills: set up, enrolled, signed, chained.

use oms_tests::shop::{Shop, everywhere, in_memory};
use oms_tests::till::{Device, enrolled, till_body};
use serde_json::json;

use crate::in_order;

/// What a till is granted.
#[track_caller]
fn grant(shop: &mut Shop, till: &str, sku: &str, quantity: &str) {
    let body = json!({"lines": [{"sku": sku, "quantity": quantity}]});
    shop.post(&format!("/v1/tills/{till}/grants"), &body).expect(200);
}

#[test]
fn u10_a_journal_is_signed_chained_and_taken_in_once() {
    everywhere(|shop| {
        shop.open();
        let mut till = enrolled(shop, "till-1");
        let first = till.sell(&[("red", "1", 1_000)]);
        let second = till.sell(&[("blue", "2", 250)]);
        let third = till.sell(&[("red", "1", 1_000)]);

        // What comes too early is asked for again from where it is missing.
        let early = till.upload(shop, &[third.clone(), second.clone()]).expect(200).body;
        assert_eq!((&early["ack_upto"], &early["need_from"]), (&json!(0), &json!(1)));
        assert_eq!(early["results"][0]["code"], "gap");

        // In any batches, any number of times: the same.
        let told = till.upload(shop, &[first.clone(), second.clone()]).expect(200).body;
        assert_eq!((&told["ack_upto"], &told["state"]), (&json!(2), &json!("active")));
        assert_eq!(told["results"][0]["order"], json!(first.entry.name().order_id(first.entry.at)));
        let told = till.upload(shop, &[second.clone(), third.clone()]).expect(200).body;
        let statuses: Vec<_> = told["results"].as_array().expect("results").iter().map(|one| &one["status"]).collect();
        assert_eq!((statuses, &told["ack_upto"]), (vec![&json!("known"), &json!("recorded")], &json!(3)));

        // Another entry under a number that is taken: the journal is not what it was.
        let mut twin = till.clone();
        twin.journal.truncate(2);
        let mut forked = third.clone();
        forked.entry.at = forked.entry.at.saturating_add_millis(1);
        forked.hash = forked.entry.hash().expect("a hash");
        let told = till.upload(shop, &[forked]).expect(200).body;
        assert_eq!((&told["results"][0]["code"], &told["state"]), (&json!("fork"), &json!("quarantined")));

        let entries = shop.get("/v1/tills/till-1/entries").expect(200).body;
        assert_eq!(entries["data"].as_array().map(Vec::len), Some(3));
        assert_eq!(entries["data"][1]["hash"], json!(second.hash));
        let odd = shop.get("/v1/tills/till-1/exceptions").expect(200).body;
        assert!(odd["data"].as_array().expect("exceptions").iter().any(|one| one["code"] == "fork"), "{odd:#}");
    });
}

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

#[test]
fn u1_what_a_till_may_sell_is_kept_for_it() {
    everywhere(|shop| {
        shop.open();
        let mut till = enrolled(shop, "till-1");
        grant(shop, "till-1", "red", "4");
        assert_eq!(shop.shelf("red", "ldn")["available"], "6");
        // More than there is cannot be granted: what is free is.
        grant(shop, "till-1", "red", "100");
        assert_eq!(till.get(shop, "/v1/till").expect(200).body["rights"]["red"], "10");
        assert_eq!(shop.shelf("red", "ldn")["available"], "0");
        till.sync(shop).expect(200);
        till.sell(&[("red", "3", 1_000)]);
        till.surrender("red", "5");
        let told = till.sync(shop).expect(200).body;
        assert_eq!(told["results"][0]["variances"], json!([]), "{told:#}");
        let shelf = shop.shelf("red", "ldn");
        assert_eq!((&shelf["on_hand"], &shelf["available"]), (&json!("7"), &json!("5")), "{shelf:#}");
        in_order(shop);
    });
}
