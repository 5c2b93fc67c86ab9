//! A rush: more buyers than goods, all at once, against a running Estiba. What they were told is compared with what is on
//! the shelf when they are gone.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use oms_core::value::{Sku, Slot, Topology};
use serde_json::{Value, json};

use crate::edge::{Answer, Client, Failure};

/// Where all the goods of a rush lie.
const LOCATION: &str = "rush";
/// Longest wait for the last order to come out of `placing`.
const REST_WITHIN: Duration = Duration::from_mins(1);
const POLL: Duration = Duration::from_millis(50);
/// On hand of goods that never run out.
const PLENTY: u64 = 1_000_000;

/// What the buyers were told, order by order, and what the shelf shows after the last of them.
#[derive(Debug, Default)]
pub struct Rush {
    /// Orders that ended allocated.
    pub allocated: usize,
    /// Orders that ended without goods, at once or after they were taken.
    pub refused: usize,
    /// Of those, answered at once with 409 and what is left of each line that is short.
    pub told_what_is_left: usize,
    /// Refusals that named no line, or named one that had enough.
    pub misled: usize,
    /// Answers of 500 and above, and requests without an answer.
    pub failures: usize,
    /// Every other answer, by status.
    pub unexpected: BTreeMap<u16, usize>,
    /// The scarce goods when all is quiet, by SKU.
    pub shelves: BTreeMap<String, Shelf>,
    /// Violations that the server's audit shows.
    pub violations: Vec<String>,
    pub seconds: f64,
}

/// Units of one SKU at the one location.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Shelf {
    pub on_hand: i64,
    pub reserved: i64,
    pub available: i64,
}

/// Goods in different objects, when there is more than one object.
#[derive(Debug, Clone)]
pub struct Goods {
    pub scarce: Vec<String>,
    pub plenty: Vec<String>,
}

/// `orders` buyers of one unit each of a SKU that lies there `on_hand` times.
pub fn single(client: &Client, name: &str, on_hand: u64, clients: usize, orders: usize) -> Result<Rush, Failure> {
    let sku = format!("RUSH-{name}");
    stock(client, &[(&sku, on_hand)])?;
    run(client, name, (clients, orders), &[(&sku, on_hand)], |_| vec![sku.clone()])
}

/// `orders` buyers of three lines: both scarce goods, of which `on_hand` each lie there, and one that is plentiful. Their
/// lines come in all six orders, so that each takes its first hold somewhere else.
pub fn overlapping(
    client: &Client,
    name: &str,
    topology: u16,
    on_hand: u64,
    clients: usize,
    orders: usize,
) -> Result<Rush, Failure> {
    let goods = Goods::spread(name, topology);
    let both = [goods.scarce[0].as_str(), goods.scarce[1].as_str()];
    stock(client, &both.map(|sku| (sku, on_hand)))?;
    stock(client, &goods.plenty.iter().map(|sku| (sku.as_str(), PLENTY)).collect::<Vec<_>>())?;
    run(client, name, (clients, orders), &both.map(|sku| (sku, on_hand)), |order| {
        let plenty = goods.plenty[order % goods.plenty.len()].clone();
        let [a, b] = both.map(str::to_owned);
        match order % 6 {
            0 => vec![a, b, plenty],
            1 => vec![b, a, plenty],
            2 => vec![plenty, a, b],
            3 => vec![plenty, b, a],
            4 => vec![a, plenty, b],
            _ => vec![b, plenty, a],
        }
    })
}

impl Goods {
    /// Two scarce SKUs and four plentiful ones, each in the next object round the circle.
    pub fn spread(name: &str, topology: u16) -> Self {
        let topology = Topology::new(topology).expect("a topology is a power of two");
        let objects = topology.get();
        let mut found: Vec<String> = Vec::new();
        for number in 0..10_000 {
            let sku = format!("RUSH-{name}-{number}");
            let wanted = u16::try_from(found.len()).expect("six SKUs") % objects;
            if found.len() < 6 && object_of(&sku, topology) == wanted {
                found.push(sku);
            }
        }
        let plenty = found.split_off(2);
        Self { scarce: found, plenty }
    }
}

fn object_of(sku: &str, topology: Topology) -> u16 {
    let sku: Sku = sku.parse().expect("a SKU of visible letters");
    Slot::of_sku(&sku).object(topology)
}

impl Rush {
    /// Every way in which these buyers were let down; empty when all is well. All scarce goods lay there `on_hand` times.
    pub fn complaints(&self, on_hand: usize, orders: usize) -> Vec<String> {
        let mut complaints = self.violations.clone();
        let sold = on_hand.min(orders);
        let mut expect = |what: &str, wanted: usize, found: usize| {
            if wanted != found {
                complaints.push(format!("{what}: {found} instead of {wanted}"));
            }
        };
        expect("orders allocated", sold, self.allocated);
        expect("orders refused", orders - sold, self.refused);
        expect("refusals that mislead", 0, self.misled);
        expect("failures of the server", 0, self.failures);
        expect("other answers", 0, self.unexpected.values().sum());
        for (sku, shelf) in &self.shelves {
            let (on_hand, allocated) =
                (i64::try_from(on_hand).unwrap_or(i64::MAX), i64::try_from(self.allocated).unwrap_or(0));
            let expected = Shelf { on_hand, reserved: allocated, available: on_hand - allocated };
            if *shelf != expected {
                complaints
                    .push(format!("{sku}: {shelf:?} instead of {expected:?}: a hold leaked or goods were sold twice"));
            }
        }
        complaints
    }
}

/// Lays goods on the shelf. Laid there twice under the same key, they lie there once.
pub fn stock(client: &Client, goods: &[(&str, u64)]) -> Result<(), Failure> {
    let place =
        json!({"id": LOCATION, "name": "Rush", "kind": "dc", "country": "GB", "latitude": 51.5, "longitude": -0.1});
    import(client, "locations", &[place])?;
    let item = |sku: &str| json!({"sku": sku, "title": sku, "prices": [{"amount": 100, "currency": "GBP"}]});
    import(client, "items", &goods.iter().map(|(sku, _)| item(sku)).collect::<Vec<_>>())?;
    let receipt = |sku: &str, units: u64| json!({"key": format!("stock-{sku}"), "sku": sku, "location": LOCATION, "quantity": units.to_string()});
    import(client, "stock", &goods.iter().map(|(sku, units)| receipt(sku, *units)).collect::<Vec<_>>())
}

/// Imports lines of a kind. A line that is refused is a failure.
pub fn import(client: &Client, kind: &str, lines: &[Value]) -> Result<(), Failure> {
    let body: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let headers = [("content-type", "application/x-ndjson")];
    let answer = client.call("POST", &format!("/v1/imports/{kind}"), &headers, Some(&body))?;
    let refused = answer.body.lines().find(|line| {
        let result: Value = serde_json::from_str(line).unwrap_or_default();
        !(200..300).contains(&result["status"].as_u64().unwrap_or(0))
    });
    match refused {
        None if answer.status == 200 => Ok(()),
        _ => Err(Failure::new(format!("import of {kind}: {} {}", answer.status, refused.unwrap_or(&answer.body)))),
    }
}

/// The body of an order of one unit of each SKU.
pub fn order(reference: &str, skus: &[String]) -> Value {
    let lines: Vec<Value> = skus.iter().map(|sku| json!({"sku": sku, "quantity": "1"})).collect();
    json!({"channel": "web", "external_ref": reference, "currency": "GBP", "ship_to": {"country": "GB"}, "lines": lines})
}

fn run(
    client: &Client,
    name: &str,
    (clients, orders): (usize, usize),
    scarce: &[(&str, u64)],
    skus: impl Fn(usize) -> Vec<String> + Sync,
) -> Result<Rush, Failure> {
    let (next, started) = (AtomicUsize::new(0), Instant::now());
    let buyer = || {
        let mut told = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= orders {
                return told;
            }
            let key = format!("rush-{name}-{number}");
            let body = order(&key, &skus(number)).to_string();
            told.push(client.call("POST", "/v1/orders", &[("idempotency-key", &key)], Some(&body)));
        }
    };
    let told: Vec<Result<Answer, Failure>> = thread::scope(|scope| {
        let buyers: Vec<_> = (0..clients).map(|_| scope.spawn(buyer)).collect();
        buyers.into_iter().flat_map(|buyer| buyer.join().expect("a buyer does not panic")).collect()
    });
    let mut rush = Rush { seconds: started.elapsed().as_secs_f64(), ..Rush::default() };
    for answer in told {
        rush.count(client, answer)?;
    }
    let reserved = i64::try_from(rush.allocated).unwrap_or(i64::MAX);
    for (sku, on_hand) in scarce {
        let on_hand = i64::try_from(*on_hand).unwrap_or(i64::MAX);
        rush.shelves.insert((*sku).to_owned(), settled_shelf(client, sku, on_hand, reserved)?);
    }
    rush.violations = violations(client)?;
    Ok(rush)
}

impl Rush {
    fn count(&mut self, client: &Client, answer: Result<Answer, Failure>) -> Result<(), Failure> {
        let Ok(answer) = answer else {
            self.failures += 1;
            return Ok(());
        };
        match answer.status {
            201 => match final_status(client, &answer.json())?.as_str() {
                "allocated" => self.allocated += 1,
                _ => self.refused += 1,
            },
            409 => {
                self.refused += 1;
                if says_what_is_left(&answer.json()) { self.told_what_is_left += 1 } else { self.misled += 1 }
            }
            500.. => self.failures += 1,
            other => *self.unexpected.entry(other).or_default() += 1,
        }
        Ok(())
    }
}

/// A refusal names at least one line, and every line it names is one that had too little.
fn says_what_is_left(problem: &Value) -> bool {
    let number = |value: &Value| value.as_str().and_then(|text| text.parse::<f64>().ok());
    let short = |line: &Value| match (number(&line["available"]), number(&line["requested"])) {
        (Some(available), Some(requested)) => available < requested,
        _ => false,
    };
    let lines = problem["lines"].as_array().map_or(&[][..], Vec::as_slice);
    problem["code"] == "insufficient_stock" && !lines.is_empty() && lines.iter().all(short)
}

/// The order's status once it is no longer `placing`.
pub fn final_status(client: &Client, order: &Value) -> Result<String, Failure> {
    let text = |order: &Value, name: &str| order[name].as_str().unwrap_or_default().to_owned();
    let (id, mut status, started) = (text(order, "id"), text(order, "status"), Instant::now());
    while status == "placing" {
        if started.elapsed() > REST_WITHIN {
            return Err(Failure::new(format!("order {id} is still placing after {REST_WITHIN:?}")));
        }
        thread::sleep(POLL);
        status = text(&client.get(&format!("/v1/orders/{id}"))?.json(), "status");
    }
    Ok(status)
}

/// The shelf as soon as it shows what was expected, or as it is after all patience: releases of refused orders may still be
/// under way when the last buyer has gone.
pub fn settled_shelf(client: &Client, sku: &str, on_hand: i64, reserved: i64) -> Result<Shelf, Failure> {
    let started = Instant::now();
    loop {
        let shelf = shelf(client, sku)?;
        if (shelf.on_hand, shelf.reserved) == (on_hand, reserved) || started.elapsed() > REST_WITHIN {
            return Ok(shelf);
        }
        thread::sleep(POLL);
    }
}

fn shelf(client: &Client, sku: &str) -> Result<Shelf, Failure> {
    let answer = client.get(&format!("/v1/availability?sku={sku}&location={LOCATION}"))?;
    let position = &answer.json()["data"][0]["locations"][0];
    let units = |name: &str| {
        let text = position[name].as_str().and_then(|text| text.parse().ok());
        text.ok_or_else(|| Failure::new(format!("availability of {sku}: {}", answer.body)))
    };
    Ok(Shelf { on_hand: units("on_hand")?, reserved: units("reserved")?, available: units("available")? })
}

/// What the audit finds wrong in any object.
pub fn violations(client: &Client) -> Result<Vec<String>, Failure> {
    let pages = audit(client)?;
    let found = pages.iter().filter_map(|page| page["violations"].as_array()).flatten();
    Ok(found.map(ToString::to_string).collect())
}

/// How many orders the objects themselves count.
pub fn orders_counted(client: &Client) -> Result<usize, Failure> {
    let counts = audit(client)?.iter().filter_map(|page| page["orders"].as_u64()).sum::<u64>();
    usize::try_from(counts).map_err(|_| Failure::new("more orders than fit in memory"))
}

fn audit(client: &Client) -> Result<Vec<Value>, Failure> {
    let (mut pages, mut path) = (Vec::new(), "/v1/audit".to_owned());
    loop {
        let answer = client.get(&path)?;
        let mut page = answer.json();
        if answer.status != 200 || !page["data"]["violations"].is_array() {
            return Err(Failure::new(format!("{path}: {} {}", answer.status, answer.body)));
        }
        pages.push(page["data"].take());
        match page["next_cursor"].as_str() {
            Some(cursor) => path = format!("/v1/audit?cursor={cursor}"),
            None => return Ok(pages),
        }
    }
}
