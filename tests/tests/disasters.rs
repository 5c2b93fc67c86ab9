//! Disasters under load, on workerd with its state on disk: SIGKILL, and a bug that panics inside an object. What was
//! acknowledged is there afterwards, nothing is there twice, and whatever was under way comes to its end by itself.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use oms_core::value::{OrderId, Slot, Timestamp};
use oms_tests::edge::{Answer, Client, Edge, EdgeOptions};
use oms_tests::rush::{self, Goods};
use serde_json::{Value, json};

/// The moments of the disasters and the orders follow from it.
const SEED: u64 = 0x0e57_1ba5;
const DISASTERS: u8 = 8;
const TOPOLOGY: u16 = 8;
const CLIENTS: usize = 8;
/// Answers between two disasters: at least the first, at most the sum.
const ANSWERS_BETWEEN: (u64, u64) = (60, 240);
/// On hand of each scarce SKU: it runs out while the load is on.
const SCARCE: u64 = 150;
const PLENTY: u64 = 1_000_000;
/// A server that was killed is back, and everything it owes is done, within this.
const DEADLINE: Duration = Duration::from_mins(2);
const POLL: Duration = Duration::from_millis(25);

#[test]
fn sigkill_under_load_loses_nothing_and_doubles_nothing() {
    survives(vec![], |edge, _, _| {
        edge.kill().map_err(|failure| failure.to_string())?;
        edge.restart().map_err(|failure| failure.to_string())
    });
}

#[test]
fn a_panic_inside_an_object_loses_nothing_and_doubles_nothing() {
    let log = survives(vec![("ESTIBA_PANIC_OBJECT".to_owned(), "yes".to_owned())], |_, client, number| {
        // Nobody's, each time of another slot: whoever asks an object for it meets the bug.
        let order = OrderId::new(Slot::of_bytes(&[number]), Timestamp::default(), 1);
        match client.get(&format!("/v1/orders/{order}")) {
            Ok(died) if died.status < 500 => Err(format!("nothing happened: {died:?}")),
            Ok(_) | Err(_) => Ok(()),
        }
    });
    let panics = log.lines().filter(|line| line.contains(r#""panic":"#)).count();
    assert!(panics >= usize::from(DISASTERS), "{panics} panics\n{log}");
}

/// What strikes, each time with its number: an error when it did not.
trait Disaster: Fn(&mut Edge, &Client, u8) -> Result<(), String> {}
impl<F: Fn(&mut Edge, &Client, u8) -> Result<(), String>> Disaster for F {}

/// Buyers place and ship while the disaster strikes again and again; then what they were told is compared with what is there.
/// Hands back what was logged.
fn survives(variables: Vec<(String, String)>, disaster: impl Disaster) -> String {
    let mut edge = Edge::start(EdgeOptions { topology: TOPOLOGY, variables, ..EdgeOptions::default() }).unwrap();
    let client = edge.client();
    let goods = Goods::spread("kill", TOPOLOGY);
    let scarce: Vec<(&str, u64)> = goods.scarce.iter().map(|sku| (sku.as_str(), SCARCE)).collect();
    let plenty: Vec<(&str, u64)> = goods.plenty.iter().map(|sku| (sku.as_str(), PLENTY)).collect();
    rush::stock(&client, &scarce).unwrap();
    rush::stock(&client, &plenty).unwrap();

    let load = Load { client: client.clone(), goods, answers: AtomicUsize::new(0), stop: AtomicBool::new(false) };
    let buyers: Vec<Buyer> = thread::scope(|scope| {
        let load = &load;
        let buyers: Vec<_> = (0..CLIENTS).map(|number| scope.spawn(move || load.buyer(number))).collect();
        let struck = strike_under(load, &mut edge, disaster);
        load.stop.store(true, Ordering::SeqCst);
        let buyers = buyers.into_iter().map(|buyer| buyer.join().unwrap()).collect();
        struck.unwrap();
        buyers
    });
    edge.restart().unwrap();

    let orders: Vec<&Told> = buyers.iter().flat_map(|buyer| &buyer.orders).collect();
    let retried: usize = buyers.iter().map(|buyer| buyer.retried).sum();
    println!("{} orders, {retried} requests sent again, {DISASTERS} disasters", orders.len());
    assert!(retried > 0, "no disaster met a request under way: this run shows nothing");
    let shown = everything_settled(&client, &orders);
    assert_eq!(lost(&orders, &shown), Vec::<String>::new(), "acknowledged and lost");
    assert_eq!(doubled(&client, &orders), Vec::<String>::new(), "there twice");
    assert_eq!(replayed_otherwise(&client, &orders), Vec::<String>::new(), "the same key, another order");
    assert_eq!(unbacked(&client, &load.goods, &shown), Vec::<String>::new(), "shelves that do not match the orders");
    assert_eq!(rush::violations(&client).unwrap(), Vec::<String>::new());
    edge.log()
}

/// Strikes at moments that follow from the seed, counted in answers.
fn strike_under(load: &Load, edge: &mut Edge, disaster: impl Disaster) -> Result<(), String> {
    let mut random = Random(SEED);
    for number in 1..=DISASTERS {
        let (least, spread) = ANSWERS_BETWEEN;
        let goal = load.answers.load(Ordering::SeqCst) as u64 + least + random.below(spread);
        let started = Instant::now();
        while (load.answers.load(Ordering::SeqCst) as u64) < goal {
            if started.elapsed() > DEADLINE {
                return Err(format!("the load stands still before disaster {number}\n{}", edge.log()));
            }
            thread::yield_now();
        }
        thread::sleep(Duration::from_micros(random.below(3_000)));
        disaster(edge, &load.client, number)?;
    }
    Ok(())
}

struct Load {
    client: Client,
    goods: Goods,
    answers: AtomicUsize,
    stop: AtomicBool,
}

/// What one buyer was told.
#[derive(Default)]
struct Buyer {
    orders: Vec<Told>,
    retried: usize,
}

/// An order and what its buyer was told of it.
struct Told {
    key: String,
    body: Value,
    status: u16,
    answer: Value,
    /// The parcel's departure was acknowledged.
    shipped: bool,
}

impl Told {
    fn id(&self) -> Option<&str> {
        let member = if self.status == 201 { "id" } else { "order_id" };
        self.answer[member].as_str()
    }
}

impl Load {
    /// Places orders until told to stop. What found no answer is sent again, under the same key, until it finds one.
    fn buyer(&self, number: usize) -> Buyer {
        let mut buyer = Buyer::default();
        while !self.stop.load(Ordering::SeqCst) {
            let key = format!("kill-{number}-{}", buyer.orders.len());
            let body = rush::order(&key, &self.cart(number + buyer.orders.len() * CLIENTS));
            let answer = self.answered(&mut buyer, "/v1/orders", &key, &body);
            assert!([201, 409].contains(&answer.status), "{key}: {} {}", answer.status, answer.body);
            let mut told = Told { status: answer.status, answer: answer.json(), key, body, shipped: false };
            if told.answer["status"] == "allocated" && buyer.orders.len() % 4 == 0 {
                self.ship(&mut buyer, &mut told);
            }
            buyer.orders.push(told);
        }
        buyer
    }

    /// One to three lines, in every order of the objects.
    fn cart(&self, number: usize) -> Vec<String> {
        let plenty = |number: usize| self.goods.plenty[number % self.goods.plenty.len()].clone();
        let [a, b] = [self.goods.scarce[0].clone(), self.goods.scarce[1].clone()];
        match number % 5 {
            0 => vec![plenty(number / 5)],
            1 => vec![a, plenty(number), b],
            2 => vec![b, a],
            3 => vec![plenty(number), plenty(number + 1), plenty(number + 2)],
            _ => vec![plenty(number), a],
        }
    }

    fn ship(&self, buyer: &mut Buyer, told: &mut Told) {
        let fulfillments = told.answer["fulfillments"].as_array().cloned().unwrap_or_default();
        for fulfillment in &fulfillments {
            for verb in ["pick", "pack", "ship"] {
                let path = format!("/v1/orders/{}/fulfillments/{}/{verb}", told.id().unwrap(), fulfillment["no"]);
                let answer = self.answered(buyer, &path, &told.key, &json!({}));
                assert_eq!(answer.status, 200, "{path}: {}", answer.body);
            }
        }
        told.shipped = !fulfillments.is_empty();
    }

    fn answered(&self, buyer: &mut Buyer, path: &str, key: &str, body: &Value) -> Answer {
        let (body, started) = (body.to_string(), Instant::now());
        loop {
            match self.client.call("POST", path, &[("idempotency-key", key)], Some(&body)) {
                Ok(answer) if answer.status < 500 && answer.json()["code"] != "request_in_flight" => {
                    self.answers.fetch_add(1, Ordering::SeqCst);
                    return answer;
                }
                other => {
                    assert!(started.elapsed() < DEADLINE, "{path} {key}: no answer, at last {other:?}");
                    buyer.retried += usize::from(!other.is_ok_and(|answer| answer.status < 500));
                }
            }
            thread::sleep(POLL);
        }
    }
}

/// Every order that the buyers know of, as it is shown once none is `placing` any more.
fn everything_settled(client: &Client, orders: &[&Told]) -> BTreeMap<String, Value> {
    let (mut shown, started) = (BTreeMap::new(), Instant::now());
    let mut waiting: BTreeSet<&str> = orders.iter().filter_map(|told| told.id()).collect();
    while !waiting.is_empty() {
        assert!(started.elapsed() < DEADLINE, "{} orders do not come out of placing: {waiting:?}", waiting.len());
        waiting.retain(|id| {
            let order = client.get(&format!("/v1/orders/{id}")).unwrap().json();
            let placing = order["status"] == "placing";
            if !placing {
                shown.insert((*id).to_owned(), order);
            }
            placing
        });
        thread::sleep(POLL);
    }
    shown
}

/// Acknowledged orders that are gone, or say something else than was acknowledged.
fn lost(orders: &[&Told], shown: &BTreeMap<String, Value>) -> Vec<String> {
    let content = |order: &Value| {
        let lines = order["lines"].as_array().cloned().unwrap_or_default();
        let lines: Vec<Value> =
            lines.iter().map(|line| json!([line["sku"], line["quantity"], line["total"]])).collect();
        json!([order["external_ref"], order["channel"], order["totals"], lines])
    };
    let kept = |told: &Told| {
        let Some(id) = told.id() else { return told.status == 409 };
        let Some(now) = shown.get(id) else { return false };
        let outcome = match (told.status, told.shipped) {
            (201, true) => now["status"] == "shipped",
            (201, false) if told.answer["status"] == "placing" => now["external_ref"] == told.key.as_str(),
            (201, false) => now["status"] == told.answer["status"],
            _ => now["status"] == "rejected",
        };
        outcome && (told.status != 201 || content(now) == content(&told.answer))
    };
    let lost = orders.iter().filter(|told| !kept(told));
    lost.map(|told| {
        format!("{}: told {} {}, shown {:?}", told.key, told.status, told.answer, told.id().map(|id| shown.get(id)))
    })
    .collect()
}

/// References with more than one order, and orders that nobody was told of. The list follows the orders, so it is asked until
/// it shows as many as the objects themselves count.
fn doubled(client: &Client, orders: &[&Told]) -> Vec<String> {
    let expected: BTreeSet<&str> = orders.iter().filter_map(|told| told.id()).collect();
    let (total, started) = (rush::orders_counted(client).unwrap(), Instant::now());
    let listed = loop {
        let listed = listed(client);
        if listed.len() == total {
            break listed;
        }
        assert!(started.elapsed() < DEADLINE, "{} orders are listed, the objects count {total}", listed.len());
        thread::sleep(POLL);
    };
    let mut references: Vec<&str> = listed.values().map(String::as_str).collect();
    references.sort_unstable();
    let twice = references.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0].to_owned());
    let missing = expected.iter().filter(|id| !listed.contains_key(**id)).map(|id| format!("{id} is not listed"));
    let unknown =
        listed.keys().filter(|id| !expected.contains(id.as_str())).map(|id| format!("{id} nobody was told of"));
    twice.chain(missing).chain(unknown).collect()
}

fn listed(client: &Client) -> BTreeMap<String, String> {
    let (mut found, mut cursor) = (BTreeMap::new(), String::new());
    loop {
        let page = client.get(&format!("/v1/orders?limit=100{cursor}")).unwrap().json();
        for order in page["data"].as_array().expect("a page of orders") {
            let text = |name: &str| order[name].as_str().unwrap_or_default().to_owned();
            found.insert(text("id"), text("external_ref"));
        }
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return found,
        }
    }
}

/// Keys that, sent once more, answer with another order.
fn replayed_otherwise(client: &Client, orders: &[&Told]) -> Vec<String> {
    let differs = |told: &&&Told| {
        let body = told.body.to_string();
        let again = client.call("POST", "/v1/orders", &[("idempotency-key", &told.key)], Some(&body)).unwrap();
        let member = if again.status == 201 { "id" } else { "order_id" };
        told.id().is_some_and(|id| again.json()[member].as_str() != Some(id))
    };
    orders.iter().filter(differs).map(|told| told.key.clone()).collect()
}

/// SKUs whose shelf is not what the orders say: reserved for each that is allocated, gone with each that was shipped.
fn unbacked(client: &Client, goods: &Goods, shown: &BTreeMap<String, Value>) -> Vec<String> {
    let units = |sku: &str, status: &str| -> i64 {
        let lines = shown.values().flat_map(|order| order["lines"].as_array().cloned().unwrap_or_default());
        let of = lines.filter(|line| line["sku"] == sku);
        of.filter_map(|line| line["quantities"][status].as_str()?.parse::<i64>().ok()).sum()
    };
    let expected = |sku: &str, stocked: u64| {
        let on_hand = i64::try_from(stocked).unwrap() - units(sku, "shipped");
        (on_hand, units(sku, "allocated"))
    };
    let all = goods.scarce.iter().map(|sku| (sku, SCARCE)).chain(goods.plenty.iter().map(|sku| (sku, PLENTY)));
    all.filter_map(|(sku, stocked)| {
        let wanted = expected(sku, stocked);
        let shelf = rush::settled_shelf(client, sku, wanted.0, wanted.1).unwrap();
        let found = (shelf.on_hand, shelf.reserved);
        (found != wanted).then(|| format!("{sku}: on hand and reserved are {found:?}, the orders say {wanted:?}"))
    })
    .collect()
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }
}
