//! By when something can be had, what stands in the way, and what is on its way.

use oms_tests::shop::{Shop, everywhere};
use serde_json::{Value, json};

use crate::in_order;

/// A Monday morning.
const MONDAY: &str = "2026-11-23T09:00:00Z";

/// London packs on weekdays until two and takes a day; a van brings things in two days, a courier in one, for more.
fn open(shop: &mut Shop) {
    shop.open();
    let weekdays = json!({"week": ["monday", "tuesday", "wednesday", "thursday", "friday"], "holidays": ["2026-12-25"],
        "cutoff": "14:00"});
    shop.call("PUT", "/v1/calendars/weekdays", &weekdays).expect(201);
    let service = |name: &str, days: u32, price: u32| {
        json!({"name": name, "calendar": "weekdays", "rates": [
            {"zone": "gb", "days": [days, days], "steps": [{"up_to_grams": 30_000, "price": price}]}]})
    };
    let carrier = json!({"zones": [{"name": "gb", "reach": {"to": {"country": "GB"}}}],
        "services": [service("van", 2, 400), service("courier", 1, 1200)]});
    shop.call("PUT", "/v1/carriers/post", &carrier).expect(201);
    for (id, name) in [("ldn", "London"), ("man", "Manchester")] {
        let mut place = json!({"name": name, "kind": "dc", "country": "GB",
            "fulfillment": {"calendar": "weekdays", "processing_days": 1}});
        if id == "man" {
            place["ships"] = json!(false);
        }
        shop.call("PUT", &format!("/v1/locations/{id}"), &place).expect(200);
    }
}

fn wish(quantity: &str) -> Value {
    json!({"ship_to": {"country": "GB"}, "placed_at": MONDAY, "lines": [{"sku": "red", "quantity": quantity}]})
}

fn ask(shop: &mut Shop, wish: &Value) -> Value {
    shop.post("/v1/promises", wish).expect(200).body
}

fn codes(binds: &Value) -> Vec<&str> {
    binds.as_array().expect("binds").iter().map(|bind| bind["code"].as_str().expect("a code")).collect()
}

/// rows: C1, C9
#[test]
fn c1_a_promise_counts_what_is_there_calendars_and_days_on_the_way() {
    everywhere(|shop| {
        open(shop);
        let told = ask(shop, &wish("3"));
        // Monday in time, packed by Tuesday, one day by courier: the soonest.
        assert_eq!(told["deliver"], "2026-11-25", "{told:#}");
        let line = &told["lines"][0];
        assert_eq!((&line["short"], &line["parts"][0]["location"]), (&json!("0"), &json!("ldn")));
        assert_eq!(line["parts"][0]["dates"]["ship"], "2026-11-24");
        assert_eq!(line["parts"][0]["order_by"], "2026-11-23T13:59:59.999Z", "the last moment for these dates");

        let mut late = wish("3");
        late["placed_at"] = json!("2026-11-23T15:00:00Z");
        let told = ask(shop, &late);
        assert_eq!(told["deliver"], "2026-11-26", "after the cut-off it counts for Tuesday: {told:#}");
        assert!(codes(&told["lines"][0]["binds"]).contains(&"cutoff"), "{told:#}");

        let mut feast = wish("3");
        feast["placed_at"] = json!("2026-12-24T09:00:00Z");
        assert_eq!(ask(shop, &feast)["deliver"], "2026-12-29", "over Christmas and a weekend");
        in_order(shop);
    });
}

/// rows: C6, U6
#[test]
fn c6_a_promise_says_what_binds_and_what_else_could_be_had() {
    everywhere(|shop| {
        open(shop);
        let mut cheap = wish("3");
        cheap["goal"] = json!("cheapest");
        let told = ask(shop, &cheap);
        let line = &told["lines"][0];
        assert_eq!((&told["deliver"], &told["cost"]), (&json!("2026-11-26"), &json!(400)), "{told:#}");
        assert!(codes(&line["binds"]).contains(&"transit"), "{told:#}");
        let sooner = &line["sooner"];
        assert_eq!((&sooner["days"], &sooner["cost"]), (&json!(-1), &json!(800)), "what a day sooner costs: {told:#}");
        assert!(!line["alternates"].as_array().expect("alternates").is_empty(), "{told:#}");
    });
}

/// part: B5, B1
/// rows: C8
#[test]
fn b5_goods_on_their_way_are_seen_promised_and_received_under_their_number() {
    everywhere(|shop| {
        open(shop);
        let order = json!({"location": "ldn", "expected": "2026-12-01", "lines": [{"sku": "red", "quantity": "50"}]});
        let told = shop.call("PUT", "/v1/purchase-orders/PO-7", &order).expect(200).body;
        assert_eq!((&told["data"][0]["open"], &told["data"][0]["stage"]), (&json!("50"), &json!("ready")), "{told:#}");
        shop.call("PUT", "/v1/purchase-orders/PO-7", &order).expect(200);
        assert_eq!(shop.shelf("red", "ldn")["incoming"], "50", "told twice, it comes once");

        let told = ask(shop, &wish("30"));
        let line = &told["lines"][0];
        assert_eq!(told["deliver"], "2026-12-03", "it waits for Tuesday's delivery: {told:#}");
        let binds = line["binds"].as_array().expect("binds");
        let supply = binds.iter().find(|bind| bind["code"] == "supply").unwrap_or_else(|| panic!("{told:#}"));
        assert_eq!(supply["inbound"], "PO-7");

        let came = json!({"location": "ldn", "reference": "PO-7", "lines": [{"sku": "red", "quantity": "48"}]});
        shop.post("/v1/stock/receipts", &came).expect(201);
        let mut closed = order.clone();
        closed["stage"] = json!("closed");
        shop.call("PUT", "/v1/purchase-orders/PO-7", &closed).expect(200);
        let told = shop.get("/v1/inbound?sku=red").expect(200).body;
        let seen = &told["data"][0];
        assert_eq!((&seen["received"], &seen["discrepancy"], &seen["open"]), (&json!("48"), &json!("-2"), &json!("0")));
        assert_eq!(ask(shop, &wish("30"))["deliver"], "2026-11-25", "it is there now");
        in_order(shop);
    });
}

/// part: C10
#[test]
fn c10_what_if_takes_nothing_and_tells_both_apart() {
    everywhere(|shop| {
        open(shop);
        let before = shop.availability("red");
        let mut wish = wish("30");
        wish["suppose"] = json!({"inbound": [
            {"sku": "red", "location": "ldn", "quantity": "100", "expected": "2026-11-27"}]});
        let told = shop.post("/v1/promises/what-if", &wish).expect(200).body;
        assert_eq!(told["before"]["deliver"], Value::Null, "there are not thirty: {told:#}");
        assert_eq!(told["after"]["deliver"], "2026-12-01", "{told:#}");
        assert_eq!((&told["changes"][0]["line"], &told["changes"][0]["short"]), (&json!(1), &json!("-20")));
        assert_eq!(shop.availability("red")["available"], before["available"], "nothing was taken");

        wish["suppose"] = json!({"without": ["ldn"]});
        wish["lines"][0]["quantity"] = json!("1");
        let told = shop.post("/v1/promises/what-if", &wish).expect(200).body;
        assert_eq!(told["after"]["deliver"], Value::Null, "only London ships: {told:#}");
        in_order(shop);
    });
}

/// rows: C1
#[test]
fn c1_what_orders_have_set_aside_is_not_promised_again() {
    everywhere(|shop| {
        open(shop);
        let placed = shop.place(&[("red", "8")]);
        assert_eq!(placed["status"], "allocated");
        let told = ask(shop, &wish("2"));
        assert_eq!(told["lines"][0]["short"], "0", "{told:#}");
        let told = ask(shop, &wish("3"));
        assert_eq!(told["deliver"], Value::Null, "{told:#}");
        assert_eq!(told["lines"][0]["short"], "1");
        in_order(shop);
    });
}

#[test]
fn what_cannot_be_promised_is_said_where_it_is_wrong() {
    everywhere(|shop| {
        open(shop);
        let wrong = |shop: &mut Shop, path: &str, body: &Value, pointer: &str| {
            let told = shop.post(path, body).expect(422).body;
            assert_eq!(told["errors"][0]["pointer"], pointer, "{told:#}");
        };
        let mut unknown = wish("1");
        unknown["lines"][0]["sku"] = json!("nothing");
        wrong(shop, "/v1/promises", &unknown, "/lines/0/sku");
        wrong(shop, "/v1/promises", &wish("0"), "/lines/0/quantity");
        let mut early = wish("1");
        early["wanted"] = json!("tomorrow");
        wrong(shop, "/v1/promises", &early, "/wanted");
        wrong(shop, "/v1/promises/what-if", &wish("1"), "/suppose");
        let mut supposed = wish("1");
        supposed["suppose"] = json!({"stock": [{"sku": "red", "location": "ldn", "on_hand": "-1"}]});
        wrong(shop, "/v1/promises/what-if", &supposed, "/suppose/stock/0/on_hand");
        let order = json!({"location": "moon", "expected": "2026-12-01", "lines": [{"sku": "red", "quantity": "1"}]});
        let told = shop.call("PUT", "/v1/purchase-orders/PO-8", &order).expect(422).body;
        assert_eq!(told["errors"][0]["pointer"], "/location");
    });
}

const VECTORS: &str = include_str!("../data/vectors/atp.json");

fn vector(id: &str) -> Value {
    let all: Vec<Value> = serde_json::from_str(VECTORS).expect("vectors");
    all.into_iter().find(|vector| vector["id"] == id).expect("the vector")
}

fn row(value: &Value) -> Vec<i64> {
    value.as_array().expect("a row").iter().map(|number| number.as_i64().expect("a number")).collect()
}

fn atp(shop: &mut Shop, sku: &str, days: usize) -> Vec<Value> {
    let path = format!("/v1/items/{sku}/atp?location=ldn&days={days}");
    shop.get(&path).expect(200).body["days"].as_array().expect("days").clone()
}

fn units(days: &[Value], member: &str) -> Vec<i64> {
    days.iter().map(|day| day[member].as_str().expect("a quantity").parse().expect("whole units")).collect()
}

/// A new item with what a vector says: on hand at once, supply as purchase orders, demand as transfers that leave.
fn lay_out(shop: &mut Shop, sku: &str, vector: &Value) {
    shop.item(sku, 1_000);
    if let Some(on_hand) = vector["onhand"].as_u64().filter(|on_hand| *on_hand > 0) {
        shop.receive(sku, "ldn", &on_hand.to_string());
    }
    let (supply, demand) = (row(&vector["supply"]), row(&vector["demand"]));
    let days = atp(shop, sku, supply.len());
    for (at, day) in days.iter().enumerate() {
        let date = &day["date"];
        let lines = |quantity: i64| json!([{"sku": sku, "quantity": quantity.to_string()}]);
        if supply[at] > 0 {
            let body = json!({"location": "ldn", "expected": date, "lines": lines(supply[at])});
            shop.call("PUT", &format!("/v1/purchase-orders/{sku}-in-{at}"), &body).expect(200);
        }
        if demand[at] > 0 {
            let body =
                json!({"location": "man", "from": "ldn", "ships": date, "expected": date, "lines": lines(demand[at])});
            shop.call("PUT", &format!("/v1/transfer-orders/{sku}-out-{at}"), &body).expect(200);
        }
    }
}

/// rows: C1
#[test]
fn c1_what_can_be_promised_by_a_date_is_counted_as_the_item_says() {
    everywhere(|shop| {
        open(shop);
        let method = |shop: &mut Shop, sku: &str, method: &Value| {
            let said = json!({"method": method});
            shop.call("PUT", &format!("/v1/items/{sku}/promising"), &said).expect(200);
        };
        let oracle = vector("ORA-INV-1-23");
        lay_out(shop, "ora", &oracle);
        let days = atp(shop, "ora", 8);
        assert_eq!((units(&days, "supply"), units(&days, "demand")), (row(&oracle["supply"]), row(&oracle["demand"])));
        assert_eq!(units(&days, "projected"), [0, 2, 1, -1, 1, 4, 6, 8]);
        assert_eq!(units(&days, "available"), [0, 0, 0, 0, 1, 4, 6, 8], "netted: the least that is left from then on");
        method(shop, "ora", &json!({"backward": {"accumulate": true}}));
        let printed: Vec<i64> = row(&oracle["atp"]).into_iter().map(|left| left.max(0)).collect();
        assert_eq!(units(&atp(shop, "ora", 8), "available"), printed, "a day that lacks something offers nothing");
        method(shop, "ora", &json!({"backward": {"accumulate": true, "window_days": 1}}));
        assert_eq!(
            units(&atp(shop, "ora", 8), "available"),
            [0, 0, 0, 0, 2, 5, 5, 4],
            "only of today and the day before"
        );
        method(shop, "ora", &json!({"backward": {}}));
        assert_eq!(units(&atp(shop, "ora", 8), "available"), [0, 0, 0, 0, 2, 3, 3, 3], "from one receipt at a time");

        let netsuite = vector("NS-DISCRETE");
        lay_out(shop, "ns", &netsuite);
        method(shop, "ns", &json!("discrete"));
        assert_eq!(units(&atp(shop, "ns", 4), "available"), [20, 20, 40, 50], "one receipt covers a request");
        for id in ["D365-IV-a", "D365-IV-b"] {
            let dynamics = vector(id);
            let sku = id.to_lowercase();
            lay_out(shop, &sku, &dynamics);
            assert_eq!(units(&atp(shop, &sku, 7), "available"), row(&dynamics["atp"]), "{id}");
        }
        in_order(shop);
    });
}

/// rows: C1
#[test]
fn c1_a_promise_is_for_the_day_that_its_semantics_give() {
    everywhere(|shop| {
        open(shop);
        lay_out(shop, "ora", &vector("ORA-INV-1-23"));
        let days = atp(shop, "ora", 8);
        let ready = |shop: &mut Shop, method: &Value, quantity: &str| -> Option<usize> {
            shop.call("PUT", "/v1/items/ora/promising", &json!({"method": method})).expect(200);
            let wish = json!({"ship_to": {"country": "GB"}, "may_split": false,
                "lines": [{"sku": "ora", "quantity": quantity}]});
            let told = ask(shop, &wish);
            days.iter().position(|day| day["date"] == told["lines"][0]["parts"][0]["ready"])
        };
        let (netted, backward, discrete) = (json!("netted"), json!({"backward": {}}), json!("discrete"));
        let accumulated = json!({"backward": {"accumulate": true}});
        assert_eq!(ready(shop, &netted, "2"), Some(5), "earlier there is one to spare");
        assert_eq!(ready(shop, &accumulated, "2"), Some(4), "what is missing before stays missing there");
        assert_eq!(ready(shop, &backward, "2"), Some(4));
        assert_eq!(ready(shop, &discrete, "3"), Some(5), "the first receipt with three free");
        assert_eq!(ready(shop, &accumulated, "5"), Some(5), "two of one and three of the next");
        assert_eq!(ready(shop, &backward, "5"), None, "no receipt has five free");
        assert_eq!(ready(shop, &netted, "5"), Some(6));
        let told = shop.call("PUT", "/v1/items/ora/promising", &json!({"method": "lifo"})).expect(422).body;
        assert_eq!(told["errors"][0]["pointer"], "/method", "{told:#}");
        for query in ["days=3", "location=moon", "location=ldn&days=0", "location=ldn&days=401", "location=ldn&as=web"]
        {
            assert_eq!(shop.get(&format!("/v1/items/ora/atp?{query}")).status, 400, "{query}");
        }
        in_order(shop);
    });
}

/// rows: C6
#[test]
fn c6_another_date_place_item_or_split_is_offered_with_what_it_changes() {
    everywhere(|shop| {
        open(shop);
        let north = json!({"name": "Manchester", "kind": "dc", "country": "GB",
            "fulfillment": {"calendar": "weekdays", "processing_days": 2}});
        shop.call("PUT", "/v1/locations/man", &north).expect(200);
        shop.receive("blue", "ldn", "20");
        shop.call("PUT", "/v1/items/red/promising", &json!({"substitutes": [{"sku": "blue", "unit_cost": 50}]}))
            .expect(200);
        let order = json!({"location": "ldn", "expected": "2026-12-01", "lines": [{"sku": "red", "quantity": "50"}]});
        shop.call("PUT", "/v1/purchase-orders/PO-7", &order).expect(200);

        // Ten lie in London and ten in Manchester: fifteen are two parcels, or wait for Tuesday, or are blue.
        let told = ask(shop, &wish("15"));
        let line = &told["lines"][0];
        let parts: Vec<(&Value, &Value)> = line["parts"]
            .as_array()
            .expect("parts")
            .iter()
            .map(|part| (&part["location"], &part["quantity"]))
            .collect();
        assert_eq!(parts, [(&json!("ldn"), &json!("10")), (&json!("man"), &json!("5"))], "{told:#}");
        assert_eq!((&told["deliver"], &told["cost"]), (&json!("2026-11-26"), &json!(2400)), "{told:#}");
        let others = line["alternates"].as_array().expect("alternates");
        let find = |so: &dyn Fn(&Value) -> bool| -> &Value {
            let differs = |other: &&Value| other["differs"].as_array().expect("differences").iter().any(so);
            others.iter().find(differs).unwrap_or_else(|| panic!("{told:#}"))
        };
        let blue = find(&|differs| differs["substitute"] == "blue");
        // By courier on Wednesday: a parcel less, and fifty a piece.
        assert_eq!((&blue["deliver"], &blue["days"], &blue["cost"]), (&json!("2026-11-25"), &json!(-1), &json!(-450)));
        assert_eq!(blue["parts"][0]["sku"], "blue");
        let whole =
            |other: &Value| other["parts"][0]["sku"] == "red" && other["parts"].as_array().map(Vec::len) == Some(1);
        let later = others.iter().find(|other| whole(other)).unwrap_or_else(|| panic!("{told:#}"));
        assert!(later["days"].as_i64() > Some(0) && later["cost"].as_i64() < Some(0), "later, and cheaper: {later:#}");
        assert!(later["differs"].as_array().expect("differences").contains(&json!({"parts": 1})), "{later:#}");
        assert!(
            later["differs"].as_array().expect("differences").contains(&json!({"ship_from": ["ldn"]})),
            "{later:#}"
        );

        let mut unsplit = wish("15");
        unsplit["may_split"] = json!(false);
        let told = ask(shop, &unsplit);
        assert_eq!(told["deliver"], "2026-12-03", "all of it waits: {told:#}");
        let others = told["lines"][0]["alternates"].as_array().expect("alternates");
        let two = others.iter().find(|other| other["parts"].as_array().map(Vec::len) == Some(2));
        let two = two.unwrap_or_else(|| panic!("{told:#}"));
        assert_eq!(
            (&two["days"], &two["differs"]),
            (&json!(-7), &json!([{"ship_from": ["ldn", "man"]}, {"parts": 2}]))
        );
        assert_eq!(told["lines"][0]["sooner"]["days"].as_i64().map(|days| days < 0), Some(true), "{told:#}");

        let mut either = unsplit.clone();
        either["may_substitute"] = json!(true);
        let told = ask(shop, &either);
        assert_eq!((&told["deliver"], &told["lines"][0]["parts"][0]["sku"]), (&json!("2026-11-25"), &json!("blue")));
        in_order(shop);
    });
}

/// rows: C1
#[test]
fn c1_fences_say_what_becomes_of_late_and_far_dates() {
    everywhere(|shop| {
        open(shop);
        shop.item("cup", 1_000);
        let today = atp(shop, "cup", 3);
        let late = json!({"location": "ldn", "expected": "2020-01-01", "lines": [{"sku": "cup", "quantity": "5"}]});
        shop.call("PUT", "/v1/purchase-orders/PO-OLD", &late).expect(200);
        let fences = |shop: &mut Shop, fences: &Value| {
            shop.call("PUT", "/v1/items/cup/promising", &json!({"fences": fences})).expect(200);
            units(&atp(shop, "cup", 3), "available")
        };
        assert_eq!(fences(shop, &json!({})), [5, 5, 5], "what is late counts for today");
        assert_eq!(fences(shop, &json!({"late_supply": {"offset_days": 2}})), [0, 0, 5]);
        assert_eq!(
            fences(shop, &json!({"late_supply": {"keep_days": 30}})),
            [0, 0, 0],
            "nobody believes in it any more"
        );
        let mut wish = wish("1000");
        wish["lines"][0]["sku"] = json!("cup");
        wish["placed_at"] = Value::Null;
        assert_eq!(ask(shop, &wish)["deliver"], Value::Null);
        fences(shop, &json!({"infinite_after_days": 2}));
        let told = ask(shop, &wish);
        let part = &told["lines"][0]["parts"][0];
        assert_eq!(part["from"][0]["origin"], "fence", "{told:#}");
        assert!(part["ready"].as_str() >= today[2]["date"].as_str(), "not before it: {told:#}");
        in_order(shop);
    });
}
