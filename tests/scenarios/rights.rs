//! Rights of tills: granted to a till or kept for a store's tills together, given back, asked back.

use oms_tests::shop::{Shop, Told, everywhere};
use oms_tests::till::{Device, enrolled};
use serde_json::{Value, json};

use crate::till::variances;
use crate::{in_order, look, soon};

/// Longer than a till waits between two refills.
const PAST_A_REFILL_MILLIS: u64 = 16 * 60 * 1_000;

/// What a till is granted.
#[track_caller]
pub(crate) fn grant(shop: &mut Shop, till: &str, sku: &str, quantity: &str) {
    let body = json!({"lines": [{"sku": sku, "quantity": quantity}]});
    shop.post(&format!("/v1/tills/{till}/grants"), &body).expect(200);
}

/// So much of the blue is kept for the tills of places together.
fn keep_for_tills(shop: &mut Shop, kept: &Value) -> Told {
    let item = json!({"title": "The blue", "prices": [{"amount": 250, "currency": "GBP"}], "kept_for_tills": kept});
    shop.call("PUT", "/v1/items/blue", &item)
}

/// The blue in London: on hand, what tills may sell, what is kept for them besides, and what anybody may have.
fn blue(shop: &mut Shop) -> [String; 4] {
    let shelf = shop.shelf("blue", "ldn");
    ["on_hand", "allotted", "kept_for_tills", "available"]
        .map(|name| shelf[name].as_str().unwrap_or_default().to_owned())
}

/// What a till is asked to give back, as it is told.
fn recalled(shop: &mut Shop, till: &Device) -> Value {
    till.get(shop, "/v1/till").expect(200).body["recall"].clone()
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

#[test]
fn u1_what_is_kept_for_the_tills_of_a_store_is_nobody_elses() {
    everywhere(|shop| {
        shop.open();
        let kept = json!([{"location": "ldn", "quantity": "4"}]);
        assert_eq!(keep_for_tills(shop, &kept).expect(200).body["kept_for_tills"], kept);
        assert_eq!(blue(shop), ["10", "0", "4", "6"]);
        // Neither an order nor a cart gets at it.
        let refused = shop.post("/v1/orders", &Shop::order(&[("blue", "7")])).expect(409);
        assert_eq!(refused.body["lines"][0]["available"], "6");
        shop.post("/v1/carts/c1/holds", &json!({"lines": [{"sku": "blue", "quantity": "7"}]})).expect(409);

        // Tills have it first, and then what is free.
        let (mut one, mut two) = (enrolled(shop, "till-1"), enrolled(shop, "till-2"));
        grant(shop, "till-1", "blue", "3");
        assert_eq!(blue(shop), ["10", "3", "1", "6"]);
        grant(shop, "till-2", "blue", "3");
        assert_eq!(blue(shop), ["10", "6", "0", "4"]);
        let books = shop.settled();
        assert_eq!((books.units("allotted"), books.units("kept_for_tills")), (6, 0));

        // What a till gives back is the store's again, up to what is kept.
        one.sync(shop).expect(200);
        two.sync(shop).expect(200);
        two.sell(&[("blue", "1", 250)]);
        two.surrender("blue", "2");
        let told = two.sync(shop).expect(200).body;
        assert_eq!(variances(&told), Vec::<&str>::new(), "{told:#}");
        assert_eq!(blue(shop), ["9", "3", "1", "5"]);
        one.surrender("blue", "3");
        one.sync(shop).expect(200);
        assert_eq!(blue(shop), ["9", "0", "4", "5"]);
        shop.place(&[("blue", "5")]);
        shop.post("/v1/orders", &Shop::order(&[("blue", "1")])).expect(409);
        assert_eq!(shop.settled().units("kept_for_tills"), 4);
        in_order(shop);
    });
}

#[test]
fn u1_rights_that_are_recalled_are_free_when_the_till_says_so_and_not_before() {
    everywhere(|shop| {
        shop.open();
        let (mut near, mut far) = (enrolled(shop, "till-1"), enrolled(shop, "till-2"));
        let all = json!({"lines": [{"sku": "blue"}]});
        assert_eq!(shop.post("/v1/locations/ldn/recalls", &all).expect(200).body["data"], json!([]), "nobody has any");
        grant(shop, "till-1", "blue", "5");
        grant(shop, "till-2", "blue", "4");
        near.sync(shop).expect(200);
        far.sync(shop).expect(200);

        // Of one till, as much as is wanted.
        let two = json!({"lines": [{"sku": "blue", "quantity": "2"}]});
        shop.post("/v1/tills/till-1/recalls", &two).expect(200);
        assert_eq!(recalled(shop, &near), json!([{"sku": "blue", "quantity": "2"}]));
        assert_eq!(blue(shop), ["10", "9", "0", "1"], "asking back frees nothing");
        near.surrender("blue", "2");
        assert_eq!(near.sync(shop).expect(200).body["recall"], json!([]));
        assert_eq!(blue(shop), ["10", "7", "0", "3"]);

        // Of all tills of the store, all there is.
        let asked = shop.post("/v1/locations/ldn/recalls", &all).expect(200).body;
        let of = |till: &str, quantity: &str| json!({"till": till, "lines": [{"sku": "blue", "quantity": quantity}]});
        assert_eq!(asked["data"], json!([of("till-1", "3"), of("till-2", "4")]));
        near.surrender("blue", "3");
        near.sync(shop).expect(200);

        // The other one is not reached. It goes on selling what it may, and nobody else is promised that.
        assert_eq!(blue(shop), ["10", "4", "0", "6"]);
        far.sell(&[("blue", "3", 250)]);
        shop.post("/v1/orders", &Shop::order(&[("blue", "7")])).expect(409);
        shop.place(&[("blue", "6")]);
        if shop.is_virtual() {
            shop.pass(PAST_A_REFILL_MILLIS);
            far.now += PAST_A_REFILL_MILLIS as i64;
        }
        let told = far.sync(shop).expect(200).body;
        assert_eq!(variances(&told), Vec::<&str>::new(), "{told:#}");
        // Of what is asked back it has one left, and is granted no more meanwhile.
        assert_eq!(
            (&told["recall"], &told["rights"]["blue"]),
            (&json!([{"sku": "blue", "quantity": "1"}]), &json!("4"))
        );
        far.surrender("blue", "1");
        assert_eq!(far.sync(shop).expect(200).body["recall"], json!([]));
        assert_eq!(blue(shop), ["7", "0", "0", "1"]);
        in_order(shop);
    });
}

/// An order of the blue that waits for what it lacks.
fn waits_for(shop: &mut Shop, quantity: &str) -> Value {
    let mut body = Shop::order(&[("blue", quantity)]);
    body["shortage"] = json!("backorder");
    let order = shop.post("/v1/orders", &body).expect(201).body;
    soon(shop, "the order waits", |shop| look(shop, &order)["status"] == "backordered");
    order
}

#[track_caller]
fn gets_it(shop: &mut Shop, order: &Value, why: &str) {
    // Who waits for a SKU is told of it every ten seconds.
    shop.pass(3_000);
    soon(shop, why, |shop| look(shop, order)["status"] == "allocated");
}

/// part: D12
#[test]
fn d12_a_backorder_gets_what_tills_give_back_and_what_is_no_longer_kept() {
    everywhere(|shop| {
        shop.open();
        let mut till = enrolled(shop, "till-1");
        grant(shop, "till-1", "blue", "10");
        till.sync(shop).expect(200);
        let first = waits_for(shop, "3");
        till.surrender("blue", "3");
        till.sync(shop).expect(200);
        gets_it(shop, &first, "what the till gave back");

        let second = waits_for(shop, "3");
        shop.post("/v1/tills/till-1/revoke", &json!({})).expect(200);
        gets_it(shop, &second, "what was the lost till's");

        keep_for_tills(shop, &json!([{"location": "ldn", "quantity": "4"}])).expect(200);
        let third = waits_for(shop, "3");
        keep_for_tills(shop, &json!([{"location": "ldn", "quantity": "1"}])).expect(200);
        gets_it(shop, &third, "what is no longer kept for tills");
        assert_eq!(blue(shop), ["10", "0", "1", "0"]);
        in_order(shop);
    });
}
