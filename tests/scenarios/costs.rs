//! What it costs to take goods from here or there, and lines that ask for more than the cheapest.

use oms_core::value::Day;
use oms_tests::shop::{Shop, everywhere};
use serde_json::{Value, json};

use crate::routing::{from, open_at, post_office, sources};
use crate::{LONDON, activate, in_order, look, nothing, parcels, routing, settle_at, soon, told};

/// Says what is at stake when red leaves a location, and waits until nobody remembers what was said before.
#[track_caller]
fn at_stake(shop: &mut Shop, stakes: &Value) -> Value {
    let prices = json!([{"amount": 1_000, "currency": "GBP"}]);
    let item = json!({"title": "Red", "prices": prices, "stakes": stakes});
    let put = shop.call("PUT", "/v1/items/red", &item).expect(200).body;
    shop.pass(2_000);
    put["stakes"].clone()
}

/// What the last decision of an order pays for by markdown and by later sales, in thousandths.
fn stakes(decision: &Value) -> (i64, i64) {
    let mills = |part: &str| decision["cost"]["thousandths"][part].as_i64().expect("a number");
    (mills("markdown"), mills("stock_out"))
}

#[test]
fn e2_goods_go_where_they_would_be_marked_down_and_stay_where_they_would_run_out() {
    everywhere(|shop| {
        shop.open();
        post_office(shop);
        activate(shop, &json!([{"name": "cheapest", "criteria": ["least_short", "cheapest"]}]));
        assert_eq!(parcels(&shop.place(&[("red", "1")])), open_at("ldn"), "a near parcel is the cheapest");

        // Manchester is about to mark its own down by two pounds.
        let put = at_stake(shop, &json!([{"location": "man", "markdown": 200}]));
        assert_eq!(put, json!([{"location": "man", "markdown": 200, "stock_out": 0, "below": "0"}]));
        let order = shop.place(&[("red", "1")]);
        assert_eq!(parcels(&order), open_at("man"));
        let decision = routing(shop, &order);
        assert_eq!((stakes(&decision), &decision["cost"]["total"]["amount"]), ((-200_000, 0), &json!(250)));
        assert!(
            told(&decision).contains(&"It costs 250 minor units in all, with 200 of markdown avoided.".to_owned()),
            "{decision:#}"
        );

        // London has nine left. Every one below eight is a sale that will be lost there.
        at_stake(
            shop,
            &json!([{"stock_out": 10, "below": "100"}, {"location": "ldn", "stock_out": 200, "below": "8"}]),
        );
        let order = shop.place(&[("red", "1")]);
        assert_eq!(parcels(&order), open_at("ldn"), "eight are left");
        assert_eq!(stakes(&routing(shop, &order)), (0, 0));
        // What the stock told is remembered for a second.
        shop.pass(2_000);
        let order = shop.place(&[("red", "1")]);
        assert_eq!(parcels(&order), open_at("man"), "the eighth is worth two pounds");
        let decision = routing(shop, &order);
        assert_eq!(stakes(&decision), (0, 10_000), "what is said of no place holds everywhere else");
        assert!(
            told(&decision).contains(&"It costs 460 minor units in all, with 10 for later sales at risk.".to_owned()),
            "{decision:#}"
        );
        let other = &decision["runner_up"]["cost"]["thousandths"];
        assert_eq!((&other["parcel"], &other["stock_out"]), (&json!(300_000), &json!(200_000)));
        in_order(shop);
    });
}

/// rows: E9, E2
#[test]
fn e9_a_move_is_held_against_what_the_goods_cost_where_they_are() {
    everywhere(|shop| {
        shop.open();
        post_office(shop);
        activate(shop, &json!([{"name": "cheapest", "criteria": ["least_short", "cheapest"]}]));
        at_stake(shop, &json!([{"location": "man", "stock_out": 200, "below": "8"}]));
        shop.place(&[("red", "10")]);
        shop.pass(2_000);
        let order = shop.place(&[("red", "4")]);
        assert_eq!(parcels(&order), open_at("man"), "London has none");
        assert_eq!(stakes(&routing(shop, &order)), (0, 400_000), "two of Manchester's last ten would be missed");
        shop.receive("red", "ldn", "10");
        let open = |shop: &mut Shop| {
            let parcels = parcels(&look(shop, &order)).into_iter();
            parcels.filter(|(_, status)| status == "open").collect::<Vec<_>>()
        };
        soon(shop, "it moves to London", |shop| open(shop) == open_at("ldn"));
        // 850 before, 300 now: neither as if it held the last four, nor as if nobody missed any.
        assert_eq!(routing(shop, &order)["improved"]["saved"]["amount"], 550);
        in_order(shop);
    });
}

#[test]
fn e3_a_line_that_is_to_come_whole_does_though_it_is_dearer() {
    everywhere(|shop| {
        shop.open();
        post_office(shop);
        // Edinburgh has plenty, and packs for ten pounds.
        settle_at(shop, "edi", (55.9, -3.2), &json!({"fulfillment": {"pick_pack": 1_000}}));
        shop.receive("red", "edi", "50");
        activate(shop, &json!([{"name": "cheapest", "criteria": ["least_short", "cheapest"]}]));
        let mut body = Shop::order(&[("red", "15")]);
        body["lines"][0]["whole"] = json!(true);
        let order = shop.post("/v1/orders", &body).expect(201).body;
        assert_eq!((sources(&order), &order["lines"][0]["whole"]), (vec![from("edi", 1, "15")], &json!(true)));
        let decision = routing(shop, &order);
        assert_eq!(decision["cost"]["total"]["amount"], 1_450);
        let words = told(&decision);
        assert!(words.contains(&"ldn has too little of red, which may not be split.".to_owned()), "{words:#?}");

        let order = shop.place(&[("red", "15")]);
        assert_eq!(sources(&order), [from("ldn", 1, "10"), from("man", 1, "5")]);
        assert_eq!(routing(shop, &order)["cost"]["total"]["amount"], 750, "two parcels are cheaper");
        assert_eq!(order["lines"][0].get("whole"), None);
        in_order(shop);
    });
}

#[test]
fn e2_a_line_that_is_wanted_by_a_day_is_there_in_time_though_it_is_dearer() {
    everywhere(|shop| {
        shop.open();
        post_office(shop);
        // London takes three days to pack.
        settle_at(shop, "ldn", LONDON, &json!({"fulfillment": {"processing_days": 3}}));
        let prompt = json!({"name": "prompt", "when": {"channels": ["prompt"]}, "limits": {"on_time": true},
            "criteria": ["least_short", "cheapest"], "accept": "everything"});
        let policy = json!({"name": "dated", "costs": {"late_unit_day": 100},
            "strategies": [prompt, {"name": "cheapest", "criteria": ["least_short", "cheapest"]}]});
        shop.call("PUT", "/v1/routing/policy", &policy).expect(200);
        shop.post("/v1/routing/policy/activate", &nothing()).expect(200);
        let today = Day::of_utc(shop.now());
        let by = |quantity: &str, days: i32| {
            let mut body = Shop::order(&[("red", quantity)]);
            body["lines"][0]["requested_by"] = json!(today.checked_add(days).expect("a day").to_string());
            body
        };
        let dated = |shop: &mut Shop, body: &Value| {
            let order = shop.post("/v1/orders", body).expect(201).body;
            let decision = routing(shop, &order);
            let lateness = decision["cost"]["thousandths"]["lateness"].clone();
            (parcels(&order), decision["cost"]["total"]["amount"].clone(), lateness, order)
        };
        let (at, cost, ..) = dated(shop, &Shop::order(&[("red", "1")]));
        assert_eq!((at, cost), (open_at("ldn"), json!(300)), "nobody waits for it");
        let (at, cost, lateness, order) = dated(shop, &by("1", 2));
        assert_eq!((at, cost, lateness), (open_at("man"), json!(450), json!(0)), "two days late would cost two pounds");
        assert_eq!(order["lines"][0]["requested_by"], today.checked_add(2).expect("a day").to_string());
        let (at, cost, lateness, _) = dated(shop, &by("1", 3));
        assert_eq!((at, cost, lateness), (open_at("ldn"), json!(400), json!(100_000)), "one day late is not worth it");

        // Who must be in time has it brought by whoever is.
        let rate = json!({"zone": "all", "days": [0, 0], "steps": [{"up_to_grams": 30_000, "price": 900}]});
        let courier = json!({"zones": [{"name": "all", "reach": "anywhere"}],
            "services": [{"name": "today", "calendar": "daily", "rates": [rate]}]});
        shop.call("PUT", "/v1/carriers/courier", &courier).expect(201);
        let mut prompt = by("1", 0);
        prompt["channel"] = json!("prompt");
        let (at, cost, lateness, order) = dated(shop, &prompt);
        assert_eq!((at, cost, lateness), (open_at("man"), json!(900), json!(0)));
        assert_eq!(order["fulfillments"][0]["planned"]["carrier"], "courier");
        assert_eq!(routing(shop, &order)["left_out"], json!([{"location": "ldn", "why": "late"}]));
        // So has who would pay more for many days of many units.
        let (at, cost, _, order) = dated(shop, &by("5", 0));
        assert_eq!((at, cost), (open_at("man"), json!(900)));
        assert_eq!(order["fulfillments"][0]["planned"]["carrier"], "courier");
        in_order(shop);
    });
}
