//! Which location serves what, by whose rules, and why.

use oms_core::routing::{
    Destination, Effort, ItemFacts, LineFacts, Method, NetworkFacts, OfferFacts, OrderFacts, Policy, Prepared, route,
};
use oms_core::value::{Amount, Day, Position, Sku, Timestamp};
use oms_tests::shop::{Shop, everywhere};
use serde_json::{Value, json};

use crate::{LONDON, activate, in_order, look, nothing, parcels, routing, settle_at, soon, told};

pub fn at(location: &str, status: &str) -> (String, String) {
    (location.to_owned(), status.to_owned())
}

pub fn open_at(location: &str) -> Vec<(String, String)> {
    vec![at(location, "open")]
}

/// An order with members of its own.
pub fn wanted(lines: &[(&str, &str)], members: &Value) -> Value {
    let mut body = Shop::order(lines);
    for (member, value) in members.as_object().expect("an object") {
        body[member] = value.clone();
    }
    body
}

#[track_caller]
pub fn placed(shop: &mut Shop, lines: &[(&str, &str)], members: &Value) -> Value {
    shop.post("/v1/orders", &wanted(lines, members)).expect(201).body
}

/// Where each line comes from, and how much of it.
pub fn sources(order: &Value) -> Vec<(String, u64, String)> {
    let mut found = Vec::new();
    for fulfillment in order["fulfillments"].as_array().expect("fulfillments") {
        for line in fulfillment["lines"].as_array().expect("lines") {
            let word = |value: &Value| value.as_str().expect("a word").to_owned();
            found.push((
                word(&fulfillment["location"]),
                line["line"].as_u64().expect("a line"),
                word(&line["quantity"]),
            ));
        }
    }
    found
}

pub fn from(location: &str, line: u64, quantity: &str) -> (String, u64, String) {
    (location.to_owned(), line, quantity.to_owned())
}

/// A carrier that goes everywhere: three pounds within a hundred kilometers, four and a half beyond.
#[track_caller]
pub fn post_office(shop: &mut Shop) {
    shop.call(
        "PUT",
        "/v1/calendars/daily",
        &json!({"week": ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]}),
    )
    .expect(201);
    let rate = |zone: &str, days: [u32; 2], price: u64| json!({"zone": zone, "days": days, "steps": [{"up_to_grams": 30_000, "price": price}]});
    let carrier = json!({
        "zones": [{"name": "near", "reach": {"within": {"meters": 100_000}}}, {"name": "far", "reach": "anywhere"}],
        "services": [{"name": "parcel", "calendar": "daily", "rates": [rate("near", [1, 1], 300), rate("far", [1, 2], 450)]}]});
    shop.call("PUT", "/v1/carriers/post", &carrier).expect(201);
}

#[test]
fn e1_a_draft_routes_nothing_until_it_is_in_force() {
    everywhere(|shop| {
        shop.open();
        let none = shop.get("/v1/routing/policy").expect(200).body;
        assert_eq!(none, json!({"active": null, "draft": null}));
        let order = shop.place(&[("red", "1")]);
        assert_eq!(parcels(&order), open_at("ldn"));
        let decision = routing(shop, &order);
        assert_eq!(decision["policy"], "standard");
        assert_eq!(told(&decision)[1], "ldn serves 1 on 1 line from 13 km.", "no carrier is known, and no day");
        assert_eq!((decision["shipments"][0].get("delivers"), order.get("promised_by")), (None, None));

        let north =
            json!([{"name": "north first", "criteria": ["least_short", {"priority": {"lists": [["man"], ["ldn"]]}}]}]);
        let body = json!({"name": "winter", "strategies": north});
        let drafted = shop.call("PUT", "/v1/routing/policy", &body).expect(200).body;
        assert_eq!((&drafted["active"], &drafted["draft"]["stage"]), (&Value::Null, &json!("draft")));
        assert_eq!(drafted["draft"]["version"], 1);
        assert_eq!(parcels(&shop.place(&[("red", "1")])), open_at("ldn"), "a draft routes nothing");

        let active = shop.post("/v1/routing/policy/activate", &nothing()).expect(200).body;
        assert_eq!((&active["active"]["name"], &active["active"]["stage"]), (&json!("winter"), &json!("active")));
        assert_eq!(active["draft"], Value::Null);
        let order = shop.place(&[("red", "1")]);
        assert_eq!(parcels(&order), open_at("man"));
        let decision = routing(shop, &order);
        assert_eq!((&decision["policy"], &decision["policy_version"]), (&json!("winter"), &json!(1)));
        assert_eq!(decision["strategy"], "north first");
        let again = shop.post("/v1/routing/policy/activate", &nothing()).expect(200).body;
        assert_eq!(again, active, "what is in force is in force");

        // The next one is written while this one routes.
        let south = json!({"name": "summer", "strategies": [{"name": "as few as can be", "criteria": ["least_short", "fewest_shipments", "nearest"]}]});
        let drafted = shop.call("PUT", "/v1/routing/policy", &south).expect(200).body;
        assert_eq!((&drafted["active"], &drafted["draft"]["version"]), (&active["active"], &json!(2)));
        assert_eq!(parcels(&shop.place(&[("red", "1")])), open_at("man"));
        shop.post("/v1/routing/policy/activate", &nothing()).expect(200);
        let order = shop.place(&[("red", "1")]);
        assert_eq!((parcels(&order), &routing(shop, &order)["policy_version"]), (open_at("ldn"), &json!(2)));
        in_order(shop);
    });
}

#[test]
fn e1_who_orders_what_from_where_chooses_the_strategy() {
    everywhere(|shop| {
        shop.open();
        shop.location("edi", 55.9, -3.2);
        shop.receive("red", "edi", "2");
        let only = |location: &str| json!({"only": [location]});
        let criteria = json!(["least_short", "nearest"]);
        activate(
            shop,
            &json!([
                {"name": "gold customers", "when": {"customer_classes": ["gold"]}, "from": only("man"), "criteria": criteria},
                {"name": "France", "when": {"countries": ["FR"]}, "from": only("ldn"), "criteria": criteria},
                {"name": "phone", "when": {"channels": ["phone"]}, "from": only("edi"), "criteria": criteria, "accept": "everything"},
                {"name": "large", "when": {"value_from": 8_000}, "from": only("man"), "criteria": criteria},
                {"name": "the rest", "from": {"never": ["man"]}, "criteria": criteria}
            ]),
        );
        let one = [("red", "1")];
        let mut decided = |lines: &[(&str, &str)], members: Value| {
            let order = placed(shop, lines, &members);
            (routing(shop, &order)["strategy"].as_str().expect("a name").to_owned(), parcels(&order), order)
        };
        let is = |found: &(String, Vec<(String, String)>, Value), strategy: &str, location: &str| {
            assert_eq!((found.0.as_str(), &found.1), (strategy, &open_at(location)));
        };
        is(&decided(&one, json!({"customer": {"class": "gold"}})), "gold customers", "man");
        is(&decided(&one, json!({"customer": {"class": "silver"}})), "the rest", "ldn");
        is(&decided(&one, json!({"ship_to": {"country": "FR"}})), "France", "ldn");
        is(&decided(&one, json!({"channel": "phone"})), "phone", "edi");
        is(&decided(&[("red", "8")], json!({})), "large", "man");
        // One is left in Edinburgh, which is not enough: the next one that is for it decides.
        let fallback = decided(&[("red", "2")], json!({"channel": "phone"}));
        is(&fallback, "the rest", "ldn");
        assert_eq!(
            told(&routing(shop, &fallback.2))[..5],
            [
                "Strategy \"gold customers\" is not for this order.",
                "Strategy \"France\" is not for this order.",
                "Strategy \"phone\" would leave 1 short, which it does not accept.",
                "Strategy \"large\" is not for this order.",
                "Decided by strategy \"the rest\" of policy \"house rules\", version 1.",
            ]
        );
        in_order(shop);
    });
}

#[test]
fn e1_a_policy_without_sense_is_refused_where_it_is_wrong() {
    everywhere(|shop| {
        shop.open();
        let good = json!({"name": "rules", "strategies": [{"name": "all", "criteria": ["least_short"]}]});
        let drafted = shop.call("PUT", "/v1/routing/policy", &good).expect(200).body;
        let bad = json!({"name": "rules", "costs": {"reroute": -1}, "strategies": [
            {"name": "a", "criteria": []},
            {"name": "a", "criteria": ["nearest"], "from": {"only": ["ldn", "moon"]}, "limits": {"max_shipments": 0}, "accept": "everything"}]});
        let refused = shop.call("PUT", "/v1/routing/policy", &bad).expect(422);
        let errors = refused.body["errors"].as_array().expect("errors");
        let word = |value: &Value| value.as_str().expect("a word").to_owned();
        let found: Vec<(String, String)> =
            errors.iter().map(|error| (word(&error["pointer"]), word(&error["code"]))).collect();
        let expected = [
            ("/costs/reroute", "negative"),
            ("/strategies/1/name", "named_twice"),
            ("/strategies/0/criteria", "empty"),
            ("/strategies/1/criteria", "ships_nothing"),
            ("/strategies/1/from/only/1", "unknown_name"),
            ("/strategies/1/limits/max_shipments", "zero"),
            ("/strategies/1", "no_catch_all"),
        ];
        assert_eq!(found, expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned())));
        assert_eq!(shop.get("/v1/routing/policy").expect(200).body, drafted, "the draft is what it was");
    });
}

#[test]
fn e2_an_order_carries_a_proven_decision_that_says_why() {
    everywhere(|shop| {
        shop.open();
        post_office(shop);
        // London is near, but a parcel that is packed there costs five pounds more.
        settle_at(shop, "ldn", LONDON, &json!({"fulfillment": {"pick_pack": 500}}));
        let near = shop.place(&[("red", "2")]);
        assert_eq!(parcels(&near), open_at("ldn"), "without a policy of its own, the nearest");

        let cheap = json!([{"name": "cheapest", "criteria": ["least_short", "cheapest"]}]);
        activate(shop, &cheap);
        let order = shop.place(&[("red", "2")]);
        assert_eq!(parcels(&order), open_at("man"), "450 for the way, where 300 and 500 were to be paid");
        let decision = routing(shop, &order);
        assert_eq!(decision["cost"]["total"], json!({"amount": 450, "currency": "GBP"}));
        assert_eq!(decision["cost"]["thousandths"]["parcel"], 450_000);
        let proof = &decision["proof"];
        assert_eq!((&proof["proven"], &proof["gap_permille"]), (&json!(true), &json!(0)));
        assert_eq!(proof["objective"], proof["lower_bound"]);
        let other = &decision["runner_up"];
        assert_eq!((&other["without"], &other["locations"]), (&json!("man"), &json!(["ldn"])));
        assert_eq!(other["dearer_by"], json!({"amount": 350, "currency": "GBP"}));
        let delivers = decision["shipments"][0]["delivers"].as_str().expect("a day").to_owned();
        assert_eq!(
            told(&decision),
            [
                "Decided by strategy \"cheapest\" of policy \"house rules\", version 1.".to_owned(),
                format!("man serves 2 on 1 line from 277 km by post parcel, there by {delivers}."),
                "It costs 450 minor units in all.".to_owned(),
                "No plan is better, and that is proven.".to_owned(),
                "Without man it would cost 350 minor units more, from ldn.".to_owned(),
            ]
        );
        let both = shop.place(&[("red", "12")]);
        assert_eq!(parcels(&both), [at("ldn", "open"), at("man", "open")]);
        let decision = routing(shop, &both);
        assert_eq!(decision["cost"]["total"]["amount"], 1_250);
        assert_eq!(
            told(&decision)[4..],
            [
                "No plan is better, and that is proven.",
                "ldn ships all it has of red.",
                "Without ldn it would cost 800 minor units less, from man, with 4 short."
            ]
        );
        in_order(shop);
    });
}

/// rows: E2
/// part: U3
#[test]
fn u3_whoever_knows_the_inputs_comes_to_the_same_decision() {
    everywhere(|shop| {
        shop.open();
        post_office(shop);
        activate(shop, &json!([{"name": "cheapest", "criteria": ["least_short", "cheapest"]}]));
        let shelves = shop.availability("red")["locations"].as_array().expect("shelves").clone();
        let order = shop.place(&[("red", "12")]);
        let decision = routing(shop, &order);
        let snapshot = shop.get("/v1/routing/snapshot").expect(200).body;

        let policy: Policy = serde_json::from_value(snapshot["policy"].clone()).expect("a policy");
        let network: NetworkFacts = serde_json::from_value(snapshot["network"].clone()).expect("a network");
        let sku: Sku = "red".parse().expect("a SKU");
        let offers = shelves.iter().map(|shelf| OfferFacts {
            sku: sku.clone(),
            location: shelf["location"].as_str().expect("a location").parse().expect("a location"),
            free: shelf["available"].as_str().expect("a quantity").parse().expect("a quantity"),
            markdown: Amount::ZERO,
            stock_out: Amount::ZERO,
        });
        let offers: Vec<OfferFacts> = offers.collect();
        let moment = |value: &Value| -> Timestamp { value.as_str().expect("a time").parse().expect("a time") };
        let (first, last) = (moment(&order["created_at"]), moment(&decision["at"]));
        let quantity = "12".parse().expect("a quantity");
        let unit_value = Amount::new(1_000).expect("an amount");
        let line = LineFacts { line: 1, sku: sku.clone(), quantity, unit_value, whole: false, requested_by: None };
        let facts = |placed_at: Timestamp| OrderFacts {
            channel: "web".parse().expect("a channel"),
            customer_class: None,
            method: Method::Ship,
            to: Destination {
                country: "GB".parse().expect("a country"),
                postal_code: None,
                position: Position::from_degrees(51.4, 0.0),
            },
            placed_at,
            requested_by: None,
            ship_complete: false,
            excluded: vec![],
            lines: vec![line.clone()],
            items: vec![ItemFacts { sku: sku.clone(), grams: 0, hazmat: false, class: None, stakes: vec![] }],
            parcels: vec![],
        };
        let prepared = Prepared::new(&policy, &network, Day::of_utc(last)).expect("a network to route by");
        // It was decided at some moment between the order's coming and its being written.
        let mut moments = (first.millis()..=last.millis()).filter_map(|at| Timestamp::from_millis(at).map(facts));
        let inputs = |facts: &OrderFacts| prepared.digest(facts, &offers).expect("a digest").to_string();
        let facts = moments.find(|facts| decision["inputs"] == inputs(facts)).expect("the inputs of the certificate");
        let again = route(&prepared, &facts, &offers, Effort::RunnerUp).expect("a decision");
        let words: Vec<String> = again.explain().iter().map(ToString::to_string).collect();
        assert_eq!(words, told(&decision));
        assert_eq!(again.proof.objective, decision["proof"]["objective"].as_i64().expect("a number"));
        in_order(shop);
    });
}

#[test]
fn e5_a_rejected_fulfillment_is_routed_anew_without_who_refused() {
    everywhere(|shop| {
        shop.open();
        post_office(shop);
        activate(shop, &json!([{"name": "cheapest", "criteria": ["least_short", "cheapest"]}]));
        let order = shop.place(&[("red", "2"), ("blue", "1")]);
        assert_eq!(parcels(&order), open_at("ldn"));
        let first = routing(shop, &order);
        shop.receive("blue", "man", "5");
        shop.act(&order, "fulfillments/1/reject", &json!({"reason": "roof leaks"}));
        soon(shop, "it is served from elsewhere", |shop| look(shop, &order)["status"] == "allocated");
        let after = look(shop, &order);
        assert_eq!(parcels(&after), [at("ldn", "rejected"), at("man", "open")]);
        let second = routing(shop, &order);
        assert!(second["version"].as_u64() > first["version"].as_u64(), "a decision of its own");
        assert_ne!(second["inputs"], first["inputs"]);
        let listed = second["decisions"].as_array().expect("decisions").clone();
        let seen: Vec<_> =
            listed.iter().map(|one| (&one["decision"], &one["locations"], &one["cost"]["amount"])).collect();
        assert_eq!(seen, [(&json!(1), &json!(["ldn"]), &json!(300)), (&json!(2), &json!(["man"]), &json!(450))]);
        let path = format!("/v1/orders/{}/routing", order["id"].as_str().expect("an id"));
        let again = shop.get(&format!("{path}?decision=1")).expect(200).body;
        assert_eq!(
            (&again["inputs"], &again["explanation"]),
            (&first["inputs"], &first["explanation"]),
            "as it was told then"
        );
        assert_eq!(shop.get(&format!("{path}?decision=2")).expect(200).body, second);
        assert_eq!(shop.get(&format!("{path}?decision=3")).expect(404).code(), "not_found");
        for bad in ["0", "x", "-1", "1.5"] {
            let told = shop.get(&format!("{path}?decision={bad}")).expect(400).body;
            assert_eq!(told["errors"][0]["pointer"], "/decision", "{told:#}");
        }
        assert_eq!(second["left_out"], json!([{"location": "ldn", "why": "excluded"}]));
        assert_eq!((&second["cost"]["total"]["amount"], &second["runner_up"]["short"]), (&json!(450), &json!("3")));
        let why = told(&second);
        assert!(why.iter().any(|text| text == "Not considered, as it refused or is excluded: ldn."), "{why:#?}");
        assert_eq!(after["promised_by"], second["shipments"][0]["delivers"]);
        in_order(shop);
    });
}

/// part: E6
#[test]
fn e6_an_order_takes_no_more_from_a_place_than_it_can_do() {
    everywhere(|shop| {
        shop.open();
        settle_at(shop, "ldn", LONDON, &json!({"fulfillment": {"capacity": {"daily": "3", "window_days": 2}}}));
        let order = shop.place(&[("red", "9")]);
        assert_eq!(parcels(&order), open_at("man"), "one who can do it all");
        shop.receive("red", "ldn", "10");
        let order = shop.place(&[("red", "7")]);
        assert_eq!(sources(&order), [from("ldn", 1, "6"), from("man", 1, "1")]);
        let why = told(&routing(shop, &order));
        assert!(why.iter().any(|text| text == "ldn ships all it can do."), "{why:#?}");
        // What one object's orders take is known to the others in some seconds.
        shop.pass(6_000);
        let refused = shop.post("/v1/orders", &Shop::order(&[("red", "7")])).expect(409);
        assert_eq!(refused.body["lines"][0]["available"], "0", "its two days are given away");
        in_order(shop);
    });
}

#[test]
fn dangerous_goods_go_where_they_may() {
    everywhere(|shop| {
        shop.open();
        post_office(shop);
        let fuel =
            json!({"title": "Fuel", "prices": [{"amount": 900, "currency": "GBP"}], "grams": 1_000, "hazmat": true});
        shop.call("PUT", "/v1/items/fuel", &fuel).expect(201);
        shop.receive("fuel", "ldn", "5");
        let refused = shop.post("/v1/orders", &Shop::order(&[("fuel", "1")])).expect(409);
        assert_eq!(refused.body["lines"][0]["available"], "0", "the post takes none of it");
        in_order(shop);
    });
}

#[test]
fn what_is_worth_a_fortune_is_routed_like_anything() {
    everywhere(|shop| {
        shop.open();
        let mut body = Shop::order(&[("red", "2")]);
        body["lines"][0]["unit_price"] = json!({"amount": 4_000_000_000_000_u64, "currency": "GBP"});
        assert_eq!(parcels(&shop.post("/v1/orders", &body).expect(201).body), open_at("ldn"));
        in_order(shop);
    });
}
