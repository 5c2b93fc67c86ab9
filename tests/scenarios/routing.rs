//! Which location serves what, by whose rules, and why.

use oms_core::routing::{
    Destination, Effort, ItemFacts, LineFacts, Method, NetworkFacts, OfferFacts, OrderFacts, Policy, Prepared, route,
};
use oms_core::value::{Amount, Day, Position, Sku, Timestamp};
use oms_tests::shop::{Shop, everywhere, in_memory};
use serde_json::{Value, json};

use crate::{LONDON, activate, history, in_order, look, nothing, parcels, quantities, routing, settle_at, soon, told};

const MINUTE: u64 = 60_000;

fn at(location: &str, status: &str) -> (String, String) {
    (location.to_owned(), status.to_owned())
}

pub fn open_at(location: &str) -> Vec<(String, String)> {
    vec![at(location, "open")]
}

/// An order with members of its own.
fn wanted(lines: &[(&str, &str)], members: &Value) -> Value {
    let mut body = Shop::order(lines);
    for (member, value) in members.as_object().expect("an object") {
        body[member] = value.clone();
    }
    body
}

#[track_caller]
fn placed(shop: &mut Shop, lines: &[(&str, &str)], members: &Value) -> Value {
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

/// A store near the customer, with 10 of each.
#[track_caller]
fn corner(shop: &mut Shop) {
    settle_at(
        shop,
        "corner",
        (51.41, 0.0),
        &json!({"kind": "store", "fulfillment": {"pick_up": true, "processing_days": 1}}),
    );
    shop.receive("red", "corner", "10");
}

/// part: E4
#[test]
fn e4_stores_ship_what_nobody_else_has() {
    everywhere(|shop| {
        shop.open();
        corner(shop);
        assert_eq!(parcels(&shop.place(&[("red", "1")])), open_at("corner"), "the nearest");
        activate(
            shop,
            &json!([{"name": "spare the stores", "criteria": ["least_short", "protect_stores", "fewest_shipments", "nearest"]}]),
        );
        assert_eq!(parcels(&shop.place(&[("red", "1")])), open_at("ldn"), "a store is for who comes to it");
        let order = shop.place(&[("red", "22")]);
        assert_eq!(
            sources(&order),
            [from("corner", 1, "3"), from("ldn", 1, "9"), from("man", 1, "10")],
            "three more than the others have"
        );
        in_order(shop);
    });
}

/// part: E4
#[test]
fn e4_who_comes_to_a_store_is_served_by_that_store() {
    everywhere(|shop| {
        shop.open();
        corner(shop);
        let here = |way: &str, place: &str| json!({"method": way, "pick_up_at": place});
        let order = placed(shop, &[("red", "2")], &here("pick_up", "corner"));
        assert_eq!((&order["method"], &order["pick_up_at"]), (&json!("pick_up"), &json!("corner")));
        assert_eq!(parcels(&order), open_at("corner"));
        let planned = &order["fulfillments"][0]["planned"];
        assert_eq!((planned.get("carrier"), &planned["ships"]), (None, &planned["delivers"]));
        assert_eq!(order["promised_by"], planned["ships"], "it lies ready on that day");
        let decision = routing(shop, &order);
        assert_eq!(
            decision["left_out"],
            json!([{"location": "ldn", "why": "not_allowed"}, {"location": "man", "why": "not_allowed"}])
        );
        assert!(
            told(&decision)
                .iter()
                .any(|text| text == "Not considered, as it does not hand over in this way: ldn, man.")
        );

        // There are 28 in all, but 8 where the customer comes.
        let refused = shop.post("/v1/orders", &wanted(&[("red", "9")], &here("pick_up", "corner"))).expect(409);
        assert_eq!(refused.body["lines"], json!([{"line": 1, "sku": "red", "requested": "9", "available": "8"}]));
        let nobody = shop.post("/v1/orders", &wanted(&[("red", "1")], &here("curbside", "corner"))).expect(422);
        assert_eq!(
            (&nobody.body["errors"][0]["pointer"], &nobody.body["errors"][0]["code"]),
            (&json!("/pick_up_at"), &json!("no_hand_over"))
        );
        settle_at(
            shop,
            "corner",
            (51.41, 0.0),
            &json!({"kind": "store", "ships": false, "fulfillment": {"pick_up": true, "curbside": true}}),
        );
        let order = placed(shop, &[("red", "8")], &here("curbside", "corner"));
        assert_eq!((parcels(&order), &order["method"]), (open_at("corner"), &json!("curbside")));
        let done = shop.ship(&order, 1);
        assert_eq!(done["status"], "shipped", "handed over");

        // Whoever stands at the counter finds what is picked up there, however much else is open.
        placed(shop, &[("red", "1")], &json!({}));
        let found = |shop: &mut Shop, query: &str| crate::listed(shop, query).len();
        soon(shop, "the index is told", |shop| {
            found(shop, "status=allocated") == 2 && found(shop, "status=shipped") == 1
        });
        assert_eq!(found(shop, "pick_up_at=corner&status=allocated"), 1);
        assert_eq!(found(shop, "pick_up_at=corner&status=allocated,shipped"), 2);
        assert_eq!(found(shop, "pick_up_at=ldn"), 0);
        in_order(shop);
    });
}

/// rows: E4
#[test]
fn e4_what_a_store_lacks_is_shipped_there_and_handed_over() {
    everywhere(|shop| {
        shop.open();
        post_office(shop);
        corner(shop);
        let here = json!({"method": "ship_to_store", "pick_up_at": "corner"});
        let order = placed(shop, &[("red", "2")], &here);
        assert_eq!((&order["method"], &order["pick_up_at"]), (&json!("ship_to_store"), &json!("corner")));
        assert_eq!(parcels(&order), open_at("corner"), "what lies there is not shipped");
        assert_eq!(order["fulfillments"][0]["planned"].get("carrier"), None);
        let done = shop.ship(&order, 1);
        assert_eq!(done["fulfillments"][0]["actions"], json!(["deliver"]), "it is there already");

        // Blue comes from London, to the store and not to the customer, who lives far from both.
        let mut far = here.clone();
        far["ship_to"] = json!({"country": "GB", "latitude": 57.1, "longitude": -2.1});
        let order = placed(shop, &[("blue", "1")], &far);
        assert_eq!(parcels(&order), open_at("ldn"));
        let shipment = &routing(shop, &order)["shipments"][0];
        assert_eq!(
            (&shipment["carrier"], &shipment["tariff"]["amount"]),
            (&json!("post"), &json!(300)),
            "it is near the store"
        );
        assert_eq!(order["promised_by"], shipment["delivers"], "the day it is at the store");
        let sent = shop.ship(&order, 1);
        assert_eq!((&sent["status"], &sent["fulfillments"][0]["actions"]), (&json!("shipped"), &json!(["arrive"])));
        let path = format!("/v1/orders/{}/fulfillments/1", order["id"].as_str().expect("an id"));
        assert_eq!(
            shop.post(&format!("{path}/deliver"), &nothing()).expect(409).code(),
            "not_possible_now",
            "nobody hands over what is on its way"
        );
        shop.act(&order, "fulfillments/1/arrive", &nothing());
        let ready = look(shop, &order);
        assert_eq!((&ready["status"], parcels(&ready)), (&json!("shipped"), vec![at("ldn", "arrived")]));
        assert!(ready["fulfillments"][0]["arrived_at"].is_string(), "{ready:#}");
        shop.act(&order, "fulfillments/1/arrive", &nothing());
        shop.act(&order, "fulfillments/1/deliver", &nothing());
        assert_eq!(
            (&look(shop, &order)["status"], parcels(&look(shop, &order))),
            (&json!("delivered"), vec![at("ldn", "delivered")])
        );
        let told: Vec<Value> = history(shop, &order).iter().map(|event| event["type"].clone()).collect();
        assert_eq!(told.iter().filter(|of| **of == "arrived").count(), 1, "asked twice, written once");

        let nobody = json!({"method": "ship_to_store", "pick_up_at": "man"});
        let refused = shop.post("/v1/orders", &wanted(&[("red", "1")], &nobody)).expect(422);
        assert_eq!(
            (&refused.body["errors"][0]["pointer"], &refused.body["errors"][0]["code"]),
            (&json!("/pick_up_at"), &json!("no_hand_over"))
        );
        let nowhere =
            shop.post("/v1/orders", &wanted(&[("red", "1")], &json!({"method": "ship_to_store"}))).expect(422);
        assert_eq!(nowhere.body["errors"][0]["pointer"], "/pick_up_at");
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
