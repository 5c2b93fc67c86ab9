//! Bad input, row by row: each is answered with the right problem at the right place, and writes nothing. In memory with
//! 1, 8 and 256 objects of a kind; on workerd too, when `cargo xtask test` names the built Worker.

mod actions;
mod catalog;
mod orders;
mod promising;
mod queries;
mod routing;
mod row;
mod stock;
mod supply;
mod tills;
mod transport;
mod wire;

use oms_tests::shop::{Books, Shop, Told, everywhere};
use row::Row;
use serde_json::{Value, json};

/// Everything that follows from opening the shop has followed after this.
const QUIET_MILLIS: u64 = 3_000;
const LOOKS: u32 = 20;
/// The key that placed an order before the table begins.
const TAKEN: &str = "taken";

/// What is there when the table begins.
struct Standing {
    /// Allocated: 2 red, 1 blue.
    allocated: String,
    /// Shipped: 2 red, one of which is asked back.
    shipped: String,
    /// Its return, requested.
    requested: String,
    /// Allocated and on hold.
    held: String,
    /// Canceled.
    canceled: String,
}

fn standing(shop: &mut Shop) -> Standing {
    shop.open();
    let kiosk = json!({"name": "Kiosk", "kind": "store", "country": "GB", "accepts_returns": false});
    shop.call("PUT", "/v1/locations/kiosk", &kiosk).expect(201);
    making(shop);
    let id = |order: &Value| order["id"].as_str().expect("an id").to_owned();
    let body = Shop::order(&[("red", "2"), ("blue", "1")]);
    let allocated = shop.call_with("POST", "/v1/orders", &[("idempotency-key", TAKEN)], &body).expect(201).body;
    let [shipped, held, canceled] = [(); 3].map(|()| shop.place(&[("red", "2")]));
    shop.ship(&shipped, 1);
    let back = json!({"lines": [{"line": 1, "quantity": "1"}]});
    let requested = shop.post(&format!("/v1/orders/{}/returns", id(&shipped)), &back).expect(201).body;
    shop.act(&held, "hold", &json!({"name": "fraud"}));
    shop.act(&canceled, "cancel", &json!({}));
    let [allocated, shipped, requested, held, canceled] = [&allocated, &shipped, &requested, &held, &canceled].map(id);
    Standing { allocated, shipped, requested, held, canceled }
}

/// A pie that is put together of red, and an oven.
fn making(shop: &mut Shop) {
    shop.item("pie", 500);
    let kit = json!({"mode": {"kit": {"components": [{"sku": "red", "per": "1"}]}}});
    shop.call("PUT", "/v1/items/pie/promising", &kit).expect(200);
    shop.call("PUT", "/v1/calendars/weekdays", &json!({"week": ["monday", "tuesday", "wednesday"]})).expect(201);
    shop.call("PUT", "/v1/resources/oven", &json!({"calendar": "weekdays", "per_day": "10"})).expect(201);
}

/// Waits until nothing is written any more.
fn quiet(shop: &mut Shop) -> (Books, u64) {
    let books = shop.settled();
    let mut before = shop.rows_written();
    for _ in 0..LOOKS {
        shop.pass(QUIET_MILLIS);
        let now = shop.rows_written();
        if now == before {
            return (books, now);
        }
        before = now;
    }
    panic!("objects write and write");
}

fn table(standing: &Standing) -> Vec<Row> {
    let tables = [
        orders::rows(),
        stock::rows(),
        tills::rows(),
        catalog::rows(),
        queries::rows(),
        routing::rows(),
        promising::rows(),
        supply::rows(),
        transport::rows(standing),
        actions::rows(standing),
    ];
    tables.into_iter().flatten().collect()
}

fn send(shop: &mut Shop, row: &Row, number: usize) -> Told {
    let fresh = format!("bad-{number}");
    let mut headers: Vec<(&str, &str)> = Vec::new();
    for (name, value) in [("content-type", "application/json"), ("idempotency-key", fresh.as_str())] {
        if !row.left_out.contains(&name) && row.headers.iter().all(|(given, _)| *given != name) {
            headers.push((name, value));
        }
    }
    headers.extend(row.headers.iter().map(|(name, value)| (*name, value.as_str())));
    shop.raw_bytes(row.method, &row.path, &headers, row.body.as_deref())
}

/// What is wrong with the answer to a row.
fn complaint(row: &Row, told: &Told) -> Option<String> {
    let found = (told.status, told.code());
    if found != (row.status, row.code) {
        return Some(format!("{found:?} instead of {:?}", (row.status, row.code)));
    }
    if told.header("content-type") != Some("application/problem+json") {
        return Some(format!("a problem of type {:?}", told.header("content-type")));
    }
    let whole = told.body["status"] == row.status
        && told.body["type"] == format!("urn:estiba:problem:{}", row.code)
        && told.body["request_id"].as_str() == told.header("x-request-id")
        && told.body["detail"].as_str().is_some_and(|detail| !detail.is_empty());
    if !whole {
        return Some("its members do not fit".to_owned());
    }
    let owed = match told.status {
        401 => told.header("www-authenticate"),
        405 => told.header("allow"),
        _ => Some("nothing"),
    };
    if owed.is_none() {
        return Some("a header is missing".to_owned());
    }
    let Some(errors) = told.body["errors"].as_array() else { return Some("no errors".to_owned()) };
    let places: Vec<(&str, &str)> = errors
        .iter()
        .map(|one| (one["pointer"].as_str().unwrap_or("?"), one["code"].as_str().unwrap_or("?")))
        .collect();
    (places != row.faults).then(|| format!("{places:?} instead of {:?}", row.faults))
}

#[test]
fn bad_input_is_told_what_is_wrong_with_it_and_writes_nothing() {
    everywhere(|shop| {
        let standing = standing(shop);
        let (books, mut rows_written) = quiet(shop);
        assert!(books.violations.is_empty(), "{:?}", books.violations);
        let mut complaints = Vec::new();
        let table = table(&standing);
        let in_memory = shop.is_virtual();
        for (number, row) in table.iter().enumerate().filter(|(_, row)| in_memory || !row.in_memory_only) {
            let told = send(shop, row, number);
            let mut complain = |what: String| complaints.push(format!("{row}: {what}\n    {}", told.text));
            if told.status >= 500 {
                complain("it is not the server's fault".to_owned());
            }
            complaint(row, &told).into_iter().for_each(&mut complain);
            // A count of written rows is cheap, and says more than any sum.
            let now = shop.rows_written();
            // That an order was refused for want of stock is kept under its key: one row, and nothing else.
            let kept = u64::from(told.code() == "insufficient_stock" && told.status == 409);
            if now > rows_written + kept {
                complain(format!("{} rows were written", now - rows_written));
            }
            rows_written = now;
        }
        assert!(
            complaints.is_empty(),
            "{shop:?}: {} of {} rows:\n{}",
            complaints.len(),
            table.len(),
            complaints.join("\n")
        );
        shop.pass(QUIET_MILLIS);
        assert_eq!(shop.books(), books, "orders, stock and ledger are what they were");
    });
}

#[test]
fn a_tenant_without_locations_and_costs_beyond_counting_are_told_so() {
    everywhere(|shop| {
        shop.item("red", 1_000);
        let found = |told: Told| {
            let error = &told.body["errors"][0];
            let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            (word(&error["pointer"]), word(&error["code"]))
        };
        let is = |pointer: &str, code: &str| (pointer.to_owned(), code.to_owned());
        let order = |quantity: &str| Shop::order(&[("red", quantity)]);
        assert_eq!(shop.post("/v1/orders", &order("1")).expect(409).code(), "insufficient_stock");
        let wish = json!({"ship_to": {"country": "GB"}, "lines": [{"sku": "red", "quantity": "1"}]});
        let told = shop.post("/v1/promises", &wish).expect(200).body;
        assert_eq!((&told["deliver"], &told["lines"][0]["short"]), (&Value::Null, &json!("1")));
        let costs = json!({"unit_costs": [{"location": "ldn", "amount": 1}]});
        let told = shop.call("PUT", "/v1/items/red/promising", &costs).expect(422);
        assert_eq!(found(told), is("/unit_costs/0/location", "cannot_be_promised"));
        let mut policy = json!({"name": "dear", "costs": {"short_unit": 1_000_000_000},
            "strategies": [{"name": "all", "from": {"only": ["ldn"]}, "criteria": ["cheapest"]}]});
        let told = shop.call("PUT", "/v1/routing/policy", &policy).expect(422);
        assert_eq!(found(told), is("/strategies/0/from/only/0", "unknown_name"));
        policy["strategies"][0]["from"] = json!({});
        shop.call("PUT", "/v1/routing/policy", &policy).expect(200);
        shop.post("/v1/routing/policy/activate", &json!({})).expect(200);
        // What a billion of them would cost when nobody ships them passes what is counted exactly.
        let told = shop.post("/v1/orders", &order("1000000000")).expect(422);
        assert_eq!(found(told), is("/lines/0", "unroutable"));
        assert_eq!(shop.post("/v1/orders", &order("1")).expect(409).code(), "insufficient_stock");
        assert!(shop.violations().is_empty());
    });
}
