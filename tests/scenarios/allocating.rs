//! Stock allocated to classes of demand: what a promise says is what an order placed right then gets.

use oms_tests::shop::{Shop, everywhere, in_memory};
use serde_json::{Value, json};

use crate::in_order;

/// London works every day until midnight and hands over at once; a van takes a day.
fn open(shop: &mut Shop) {
    let week = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    shop.call("PUT", "/v1/calendars/always", &json!({"week": week})).expect(201);
    let rate = json!({"zone": "gb", "days": [1, 1], "steps": [{"up_to_grams": 30_000, "price": 400}]});
    let carrier = json!({"zones": [{"name": "gb", "reach": {"to": {"country": "GB"}}}],
        "services": [{"name": "van", "calendar": "always", "rates": [rate]}]});
    shop.call("PUT", "/v1/carriers/post", &carrier).expect(201);
    let place = json!({"name": "London", "kind": "dc", "country": "GB", "fulfillment": {"calendar": "always"}});
    shop.call("PUT", "/v1/locations/ldn", &place).expect(201);
    for sku in ["pie", "box"] {
        shop.item(sku, 1_000);
        shop.receive(sku, "ldn", "20");
    }
}

fn allocate(shop: &mut Shop, classes: &Value) {
    let said = json!({"allocations": [{"location": "ldn", "classes": classes}]});
    shop.call("PUT", "/v1/items/pie/promising", &said).expect(200);
}

/// An order of pies as a class of demand.
fn order(class: &str, quantity: &str) -> Value {
    let mut order = Shop::order(&[("pie", quantity)]);
    order["demand_class"] = json!(class);
    order
}

/// Asks for a promise and places the order: both say the same.
#[track_caller]
fn placed(shop: &mut Shop, class: &str, quantity: &str) -> Option<Value> {
    let wish = |sku: &str| {
        json!({"ship_to": {"country": "GB"}, "demand_class": class, "may_split": false,
            "lines": [{"sku": sku, "quantity": quantity}]})
    };
    let soonest = shop.post("/v1/promises", &wish("box")).expect(200).body["deliver"].clone();
    let promised = shop.post("/v1/promises", &wish("pie")).expect(200).body;
    let told = shop.post("/v1/orders", &order(class, quantity));
    let at_once = promised["deliver"] == soonest;
    assert_eq!(at_once, told.status == 201, "{class} asks for {quantity}: {promised:#} {}", told.text);
    if !at_once {
        assert_eq!((told.status, told.code()), (409, "insufficient_stock"), "{}", told.text);
        return None;
    }
    assert_eq!(told.body["status"], "allocated", "{:#}", told.body);
    Some(told.body)
}

fn taken(shop: &mut Shop, class: &str) -> Value {
    let told = shop.get("/v1/items/pie/promising").expect(200).body;
    let all = told["taken"].as_array().cloned().unwrap_or_default();
    all.into_iter().find(|one| one["class"] == class).map_or(json!("0"), |one| one["quantity"].clone())
}

/// rows: C5
#[test]
fn c5_an_order_gets_what_a_promise_says_and_never_what_is_kept_for_others() {
    everywhere(|shop| {
        open(shop);
        allocate(
            shop,
            &json!([
                {"name": "all", "limits": [{"per": "month", "quantity": "19"}]},
                {"name": "trade", "parent": "all", "protections": [{"from": "2020-01-01", "until": "2099-01-01", "quantity": "8"}]},
                {"name": "web", "parent": "all", "limits": [{"per": "month", "quantity": "7"}]},
                {"name": "gold", "parent": "web"}]),
        );
        assert!(placed(shop, "web", "8").is_none(), "seven a month");
        let first = placed(shop, "web", "5").expect("five of its seven");
        assert!(placed(shop, "gold", "3").is_none(), "what is under web counts for web");
        placed(shop, "gold", "2").expect("the rest of web's seven");
        assert!(placed(shop, "stranger", "6").is_none(), "eight of the thirteen that are left are kept for trade");
        placed(shop, "stranger", "5").expect("what is kept for nobody");
        assert!(placed(shop, "trade", "9").is_none(), "there are eight");
        let trade = placed(shop, "trade", "6").expect("its own");
        assert_eq!((taken(shop, "web"), taken(shop, "trade")), (json!("5"), json!("6")));

        shop.act(&first, "cancel", &json!({}));
        shop.settled();
        assert_eq!(taken(shop, "web"), "0", "what is canceled was not taken");
        assert!(placed(shop, "stranger", "6").is_none(), "two of the seven are kept for trade still");
        placed(shop, "web", "5").expect("it may have them again");
        shop.ship(&trade, 1);
        shop.settled();
        assert_eq!(taken(shop, "trade"), "6", "what left was taken");
        placed(shop, "trade", "2").expect("the rest of its own");
        in_order(shop);
    });
}

/// rows: C5
#[test]
fn c5_a_class_has_its_own_share_then_its_parents_then_its_siblings_by_rank() {
    everywhere(|shop| {
        open(shop);
        let classes = json!([
            {"name": "emea", "share": "4"},
            {"name": "north", "parent": "emea", "rank": 1, "share": "6"},
            {"name": "south", "parent": "emea", "rank": 2, "share": "10"}]);
        allocate(shop, &classes);
        assert!(placed(shop, "south", "15").is_none(), "its ten and the four above it: the north matters more");
        placed(shop, "north", "10").expect("its six, and the four of emea");
        assert!(placed(shop, "south", "11").is_none(), "emea's are gone");
        let borrowed = placed(shop, "north", "3").expect("the south matters less, so it lends");
        assert!(placed(shop, "south", "8").is_none(), "it has seven left");
        shop.act(&borrowed, "cancel", &json!({}));
        shop.settled();
        let south = placed(shop, "south", "10").expect("what was borrowed is back");
        assert!(placed(shop, "north", "1").is_none(), "there is nothing left to have");
        shop.ship(&south, 1);
        in_order(shop);
    });
}

/// rows: C5
#[test]
fn c5_a_share_begins_anew_on_a_day_that_is_said() {
    in_memory(|shop| {
        open(shop);
        let mut classes = json!([{"name": "north", "share": "10"}, {"name": "south", "share": "10"}]);
        allocate(shop, &classes);
        let sold = placed(shop, "south", "10").expect("its share");
        shop.ship(&sold, 1);
        shop.pass(25 * 60 * 60 * 1000);
        shop.receive("pie", "ldn", "10");
        assert!(placed(shop, "south", "1").is_none(), "its share is eaten, whatever comes");
        let today = &shop.now().to_string()[..10];
        classes[1]["since"] = json!(today);
        allocate(shop, &classes);
        assert!(placed(shop, "south", "11").is_none(), "ten again, no more");
        placed(shop, "south", "10").expect("its share again");
        assert!(placed(shop, "south", "1").is_none(), "and that is eaten too");
        classes[1]["since"] = json!("2999-01-01");
        let said = json!({"allocations": [{"location": "ldn", "classes": classes}]});
        let told = shop.call("PUT", "/v1/items/pie/promising", &said).expect(422).body;
        assert_eq!(told["errors"][0]["pointer"], "/allocations/0/classes/1/since", "{told:#}");
        in_order(shop);
    });
}

/// rows: C5
#[test]
fn c5_the_class_of_an_order_is_said_or_its_customers_or_its_channel() {
    everywhere(|shop| {
        open(shop);
        allocate(
            shop,
            &json!([{"name": "web", "fence": "1"}, {"name": "gold", "fence": "2"}, {"name": "vip", "fence": "3"}]),
        );
        let mut wish = json!({"ship_to": {"country": "GB"}, "lines": [{"sku": "pie", "quantity": "1"}]});
        let mut order = Shop::order(&[("pie", "1")]);
        let mut last = Value::Null;
        for (class, member, value) in [
            ("web", "channel", json!("web")),
            ("gold", "customer", json!({"class": "gold"})),
            ("vip", "demand_class", json!("vip")),
        ] {
            order[member] = value.clone();
            let asked = if member == "customer" { "customer_class" } else { member };
            wish[asked] = if member == "customer" { value["class"].clone() } else { value };
            let most =
                shop.get(&format!("/v1/items/pie/atp?location=ldn&demand_class={class}&days=1")).expect(200).body;
            let promised = shop.post("/v1/promises", &wish).expect(200).body;
            assert_eq!(promised["lines"][0]["short"], "0", "{promised:#}");
            last = shop.post("/v1/orders", &order).expect(201).body;
            assert_eq!((&last["demand_class"], taken(shop, class)), (&json!(class), json!("1")));
            let left =
                shop.get(&format!("/v1/items/pie/atp?location=ldn&demand_class={class}&days=1")).expect(200).body;
            let units = |told: &Value| told["days"][0]["available"].as_str().and_then(|units| units.parse().ok());
            assert_eq!(units(&left).map(|left: u32| left + 1), units(&most), "{most:#} {left:#}");
        }
        assert_eq!(last["status"], "allocated");
        order["demand_class"] = json!("Very Important");
        let told = shop.post("/v1/orders", &order).expect(422).body;
        assert_eq!(told["errors"][0]["pointer"], "/demand_class");
        in_order(shop);
    });
}

/// rows: C5
#[test]
fn c5_a_cart_holds_for_its_class_and_its_order_takes_that_over() {
    everywhere(|shop| {
        open(shop);
        allocate(shop, &json!([{"name": "web", "fence": "12"}, {"name": "trade", "fence": "8"}]));
        let hold = |shop: &mut Shop, class: &str, quantity: &str| {
            let body = json!({"demand_class": class, "lines": [{"sku": "pie", "quantity": quantity}]});
            shop.post("/v1/carts/c-1/holds", &body)
        };
        assert_eq!(hold(shop, "web", "13").status, 409);
        hold(shop, "web", "12").expect(201);
        assert!(placed(shop, "web", "1").is_none(), "the cart has them");
        let mut mine = order("web", "12");
        mine["cart"] = json!("c-1");
        shop.post("/v1/orders", &mine).expect(201);
        assert_eq!(taken(shop, "web"), "12");
        placed(shop, "trade", "8").expect("its own");
        in_order(shop);
    });
}

/// rows: C5
#[test]
fn c5_many_at_once_take_nothing_of_what_is_kept_for_others() {
    in_memory(|shop| {
        open(shop);
        let kept = json!([{"from": "2020-01-01", "until": "2099-01-01", "quantity": "8"}]);
        allocate(
            shop,
            &json!([{"name": "trade", "protections": kept}, {"name": "web", "limits": [{"per": "month", "quantity": "9"}]}]),
        );
        let orders: Vec<Value> = (0..30).map(|_| order("web", "2")).collect();
        let told = shop.at_once("/v1/orders", &orders);
        let had = told.iter().filter(|told| told.status == 201).count();
        assert_eq!((had, taken(shop, "web")), (4, json!("8")), "four of two, and one of nine is left");
        let orders: Vec<Value> = (0..30).map(|at| order(["stranger", "trade"][at % 2], "3")).collect();
        shop.at_once("/v1/orders", &orders);
        shop.settled();
        let units = |value: Value| value.as_str().and_then(|units| units.parse::<u32>().ok()).expect("units");
        let (trade, strangers) = (units(taken(shop, "trade")), units(taken(shop, "stranger")));
        assert!(strangers <= 4, "twelve are left, and eight of them are kept: {strangers}");
        assert!(12 - trade - strangers < 3, "nothing is kept from whom it is kept for: {trade}, {strangers}");
        in_order(shop);
    });
}
