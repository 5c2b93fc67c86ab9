//! When goods leave and when they arrive. Time passes here, so these stories are told in memory.

use oms_tests::shop::{Shop, in_memory};
use serde_json::{Value, json};

use crate::{LONDON, MANCHESTER, activate, activate_with, in_order, look, routing, settle_at, soon, told};

const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;

/// A carrier that goes everywhere, with services of a price and fewest and most days on the way.
#[track_caller]
fn carrier(shop: &mut Shop, name: &str, services: &[(&str, u64, [u32; 2])]) {
    let services = services.iter().map(|(name, price, days)| {
        let rate = json!({"zone": "all", "days": days, "steps": [{"up_to_grams": 30_000, "price": price}]});
        json!({"name": name, "calendar": "roads", "rates": [rate]})
    });
    let services: Vec<Value> = services.collect();
    let body = json!({"zones": [{"name": "all", "reach": "anywhere"}], "services": services});
    shop.call("PUT", &format!("/v1/carriers/{name}"), &body).expect(201);
}

/// How the first fulfillment is planned: the day it leaves and the day it arrives; and what is promised of the order.
fn dates(order: &Value) -> (String, String, String) {
    let word = |value: &Value| value.as_str().unwrap_or("no day").to_owned();
    let planned = &order["fulfillments"][0]["planned"];
    (word(&planned["ships"]), word(&planned["delivers"]), word(&order["promised_by"]))
}

fn are(ships: &str, delivers: &str, promised: &str) -> (String, String, String) {
    (ships.to_owned(), delivers.to_owned(), promised.to_owned())
}

/// London works from Monday to Friday until two o'clock of its summer time, and not on 16 June; carriers rest on Sunday.
#[track_caller]
fn june(shop: &mut Shop) {
    shop.open();
    let depot = json!({"week": ["monday", "tuesday", "wednesday", "thursday", "friday"], "holidays": ["2025-06-16"],
        "zone": {"offset_minutes": 60}, "cutoff": "14:00"});
    shop.call("PUT", "/v1/calendars/depot", &depot).expect(201);
    let roads = json!({"week": ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]});
    shop.call("PUT", "/v1/calendars/roads", &roads).expect(201);
}

#[test]
fn c9_dates_follow_calendars_holidays_cut_offs_and_transit() {
    in_memory(|shop| {
        june(shop);
        carrier(shop, "post", &[("parcel", 300, [1, 2])]);
        settle_at(shop, "ldn", LONDON, &json!({"fulfillment": {"calendar": "depot"}}));
        settle_at(shop, "man", MANCHESTER, &json!({"fulfillment": {"calendar": "depot", "processing_days": 3}}));
        // It is Sunday, 15 June 2025, 15:06:40 UTC.
        let order = shop.place(&[("red", "1")]);
        assert_eq!(order["created_at"].as_str().map(|at| &at[..16]), Some("2025-06-15T15:06"));
        assert_eq!(dates(&order), are("2025-06-17", "2025-06-19", "2025-06-19"), "not on Sunday, not on the holiday");
        let planned = &order["fulfillments"][0]["planned"];
        assert_eq!((&planned["carrier"], &planned["service"]), (&json!("post"), &json!("parcel")));

        shop.pass(45 * HOUR + 43 * MINUTE);
        let order = shop.place(&[("red", "1")]);
        assert_eq!(order["created_at"].as_str().map(|at| &at[..16]), Some("2025-06-17T12:49"));
        assert_eq!(dates(&order), are("2025-06-17", "2025-06-19", "2025-06-19"), "11 minutes before the cut-off");
        shop.pass(20 * MINUTE);
        let order = shop.place(&[("red", "1")]);
        assert_eq!(dates(&order), are("2025-06-18", "2025-06-20", "2025-06-20"), "9 minutes after it");
        assert_eq!(shop.get(&format!("/v1/orders/{}", order["id"].as_str().expect("an id"))).expect(200).body, order);

        shop.pass(49 * HOUR);
        let order = shop.place(&[("red", "1")]);
        assert_eq!(
            dates(&order),
            are("2025-06-20", "2025-06-23", "2025-06-23"),
            "on the road on Saturday, not on Sunday"
        );

        // Manchester takes three working days more, and the order is there when its last parcel is.
        let order = shop.place(&[("red", "12")]);
        assert_eq!(order["fulfillments"][1]["planned"]["delivers"], "2025-06-27");
        assert_eq!(dates(&order), are("2025-06-20", "2025-06-23", "2025-06-27"));
        shop.act(&order, "fulfillments/2/reject", &json!({"reason": "lost"}));
        soon(shop, "nobody has more", |shop| look(shop, &order)["status"] == "backordered");
        assert_eq!(look(shop, &order).get("promised_by"), None, "nothing is promised of what is not there");
        in_order(shop);
    });
}

/// rows: C9
/// part: U6
#[test]
fn u6_a_wanted_day_has_its_price_and_its_reason() {
    in_memory(|shop| {
        june(shop);
        carrier(shop, "post", &[("economy", 300, [4, 5]), ("express", 900, [1, 1])]);
        let strategies = json!([{"name": "cheapest", "criteria": ["least_short", "cheapest"]}]);
        activate_with(shop, &strategies, &json!({"late_parcel_day": 250}));
        let by = |day: &str| {
            let mut body = Shop::order(&[("red", "1")]);
            body["requested_by"] = json!(day);
            body
        };
        let decided = |shop: &mut Shop, body: &Value| {
            let order = shop.post("/v1/orders", body).expect(201).body;
            let decision = routing(shop, &order);
            let service = order["fulfillments"][0]["planned"]["service"].as_str().expect("a service").to_owned();
            (service, order["promised_by"].clone(), decision["cost"].clone())
        };
        let (service, promised, cost) = decided(shop, &Shop::order(&[("red", "1")]));
        assert_eq!(
            (service.as_str(), promised, &cost["total"]["amount"]),
            ("economy", json!("2025-06-20"), &json!(300))
        );
        // Two days late at 250 cost less than express, three do not.
        let (service, promised, cost) = decided(shop, &by("2025-06-18"));
        assert_eq!(
            (service.as_str(), promised, &cost["total"]["amount"]),
            ("economy", json!("2025-06-20"), &json!(800))
        );
        assert_eq!(cost["thousandths"]["lateness"], 500_000);
        let (service, promised, cost) = decided(shop, &by("2025-06-17"));
        assert_eq!(
            (service.as_str(), promised, &cost["total"]["amount"]),
            ("express", json!("2025-06-16"), &json!(900))
        );

        // Whoever must be there in time is brought there in time, whatever is cheaper; what cannot be is left out.
        let strategies = json!([
            {"name": "in time", "criteria": ["least_short", "cheapest"], "limits": {"on_time": true}, "accept": "everything"},
            {"name": "late", "criteria": ["least_short", "cheapest"]}
        ]);
        activate(shop, &strategies);
        let (service, promised, cost) = decided(shop, &by("2025-06-18"));
        assert_eq!(
            (service.as_str(), promised, &cost["total"]["amount"]),
            ("express", json!("2025-06-16"), &json!(900))
        );
        let order = shop.post("/v1/orders", &by("2025-06-15")).expect(201).body;
        let why = told(&routing(shop, &order));
        assert_eq!(why[0], "Strategy \"in time\" would leave 1 short, which it does not accept.");
        assert_eq!(routing(shop, &order)["strategy"], "late");
        assert_eq!(order["promised_by"], "2025-06-20");
        in_order(shop);
    });
}

/// SKUs and quantities.
type Lines<'a> = &'a [(&'a str, &'a str)];

/// What is promised of each line: from where, by which service, and when it is there.
fn foretold(shop: &mut Shop, lines: Lines<'_>, goal: &str) -> Vec<(Value, Value, Value)> {
    let order = Shop::order(lines);
    let wish = json!({"ship_to": order["ship_to"], "lines": order["lines"], "goal": goal});
    let promise = shop.post("/v1/promises", &wish).expect(200).body;
    let lines = promise["lines"].as_array().expect("lines").iter();
    let part = |line: &Value| line["parts"][0].clone();
    lines
        .map(part)
        .map(|part| (part["location"].clone(), part["service"].clone(), part["dates"]["deliver"].clone()))
        .collect()
}

/// A quick bike for what is light, a van, and a truck for what is dangerous; London has fifty of everything.
fn by_weight(shop: &mut Shop) {
    june(shop);
    let service = |name: &str, days: u32, steps: &[(u32, u32)], members: &Value| {
        let steps: Vec<Value> =
            steps.iter().map(|(up_to, price)| json!({"up_to_grams": up_to, "price": price})).collect();
        let mut service = json!({"name": name, "calendar": "roads",
            "rates": [{"zone": "all", "days": [days, days], "steps": steps}]});
        service.as_object_mut().expect("an object").extend(members.as_object().expect("an object").clone());
        service
    };
    let services = json!([
        service("bike", 1, &[(1_000, 200), (20_000, 2_000)], &json!({"heaviest_grams": 20_000})),
        service("van", 3, &[(30_000, 600)], &json!({})),
        service("truck", 5, &[(30_000, 900)], &json!({"hazmat": true}))
    ]);
    let body = json!({"zones": [{"name": "all", "reach": "anywhere"}], "services": services});
    shop.call("PUT", "/v1/carriers/post", &body).expect(201);
    settle_at(shop, "ldn", LONDON, &json!({"fulfillment": {"calendar": "depot", "hazmat": false}}));
    settle_at(shop, "man", MANCHESTER, &json!({"fulfillment": {"calendar": "depot"}}));
    let goods = [("card", 50, false), ("bell", 9_000, false), ("anvil", 25_000, false), ("fuel", 500, true)];
    for (sku, grams, hazmat) in goods {
        let item =
            json!({"title": sku, "prices": [{"amount": 900, "currency": "GBP"}], "grams": grams, "hazmat": hazmat});
        shop.call("PUT", &format!("/v1/items/{sku}"), &item).expect(201);
        shop.receive(sku, "ldn", "50");
    }
    shop.receive("fuel", "man", "50");
}

/// rows: C9
#[test]
fn c9_a_promise_goes_by_the_service_that_the_order_takes() {
    in_memory(|shop| {
        by_weight(shop);
        let stories: [(Lines<'_>, &str, &str); 6] = [
            (&[("card", "1")], "ldn", "bike"),
            (&[("bell", "1")], "ldn", "van"),
            (&[("card", "3")], "ldn", "bike"),
            (&[("anvil", "1")], "ldn", "van"),
            (&[("bell", "2"), ("card", "2")], "ldn", "van"),
            (&[("fuel", "2")], "man", "truck"),
        ];
        for (lines, location, by) in stories {
            let foretold = foretold(shop, lines, "cheapest");
            let order = shop.place(lines);
            let planned = &order["fulfillments"][0]["planned"];
            assert_eq!((&order["fulfillments"][0]["location"], &planned["service"]), (&json!(location), &json!(by)));
            for line in foretold {
                let service = json!(format!("post-{by}"));
                assert_eq!(line, (json!(location), service, order["promised_by"].clone()), "{lines:?}");
            }
        }
        // What only a bike could bring in time is too heavy for it, however dear.
        let soonest = |shop: &mut Shop, quantity: &str| foretold(shop, &[("bell", quantity)], "earliest")[0].1.clone();
        assert_eq!((soonest(shop, "2"), soonest(shop, "3")), (json!("post-bike"), json!("post-van")));
        let fuel = foretold(shop, &[("fuel", "1"), ("card", "1")], "earliest");
        assert_eq!(
            (&fuel[0].1, &fuel[1].1),
            (&json!("post-truck"), &json!("post-bike")),
            "London keeps no fuel: {fuel:?}"
        );
        in_order(shop);
    });
}

/// The service of the first line, and what all lines cost, where a wish is to be had as soon as may be.
fn soonest_by(shop: &mut Shop, lines: Lines<'_>, members: &Value) -> (Value, Value) {
    let order = Shop::order(lines);
    let mut wish = json!({"ship_to": order["ship_to"], "lines": order["lines"], "goal": "earliest"});
    wish.as_object_mut().expect("an object").extend(members.as_object().expect("an object").clone());
    let supposes = members.get("suppose").is_some();
    let path = if supposes { "/v1/promises/what-if" } else { "/v1/promises" };
    let told = shop.post(path, &wish).expect(200).body;
    let told = if supposes { &told["after"] } else { &told };
    (told["lines"][0]["parts"][0]["service"].clone(), told["cost"].clone())
}

/// part: C9, C10
#[test]
fn c10_what_is_supposed_is_weighed() {
    in_memory(|shop| {
        by_weight(shop);
        let gong = json!({"title": "gong", "prices": [{"amount": 900, "currency": "GBP"}], "grams": 9_000});
        shop.call("PUT", "/v1/items/gong", &gong).expect(201);
        shop.receive("gong", "ldn", "1");
        let stock = json!({"suppose": {"stock": [{"sku": "gong", "location": "ldn", "on_hand": "1000"}]}});
        assert_eq!(soonest_by(shop, &[("gong", "30")], &stock).0, "post-van");
        let comes = json!({"suppose": {"inbound": [
            {"sku": "gong", "location": "ldn", "quantity": "100", "expected": "2025-06-16"}]}});
        assert_eq!(soonest_by(shop, &[("gong", "30")], &comes).0, "post-van");
        in_order(shop);
    });
}

/// part: C9
#[test]
fn c9_what_may_go_instead_is_weighed() {
    in_memory(|shop| {
        by_weight(shop);
        let slip = json!({"title": "slip", "prices": [{"amount": 900, "currency": "GBP"}], "grams": 50});
        shop.call("PUT", "/v1/items/slip", &slip).expect(201);
        shop.call("PUT", "/v1/items/slip/promising", &json!({"substitutes": [{"sku": "anvil"}]})).expect(200);
        let either = json!({"may_substitute": true});
        assert_eq!(soonest_by(shop, &[("slip", "1")], &either).0, "post-van", "an anvil goes by no bike");
        in_order(shop);
    });
}

/// part: C9
#[test]
fn c9_lines_of_one_item_share_what_their_weight_costs() {
    in_memory(|shop| {
        by_weight(shop);
        let by_bike = |cost: u32| (json!("post-bike"), json!(cost));
        assert_eq!(soonest_by(shop, &[("bell", "2")], &json!({})), by_bike(2_000));
        assert_eq!(soonest_by(shop, &[("bell", "1"), ("bell", "1")], &json!({})), by_bike(2_200));
        in_order(shop);
    });
}
