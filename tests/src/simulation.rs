//! A day of mixed orders in a world where things go wrong, and what must be true in the evening.

use std::collections::BTreeMap;

use oms_actors::message::{Address, Ask, AuditReply, OrderAsk, OrderReply, Reply};
use oms_core::machine::Machine;
use oms_core::value::{OrderId, Slot};
use oms_door::{Request, Response};
use serde_json::{Value, json};

use crate::edge::DEVELOPMENT_KEY;
use crate::world::{Chance, Faults, Ticket, World};

/// Locations of the shop.
const LOCATIONS: [&str; 3] = ["ldn", "man", "bri"];
/// Its SKUs: few, so that orders meet.
const SKUS: [&str; 6] = ["red", "green", "blue", "white", "black", "gold"];
/// Of each SKU so much at the first location is for tills: no order ever gets at it.
const KEPT_FOR_TILLS: u64 = 1;
/// Orders of a day.
const ORDERS: u64 = 14;
/// Requests made by people and warehouses afterwards.
const STEPS: u64 = 110;
/// After the faults end, this much time heals everything: longer than every inquiry, retry and look for stock.
const HEALING_MILLIS: i64 = 3 * 60 * 60 * 1000;

/// What a day came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    pub acknowledged: usize,
    pub allocated: usize,
    pub rejected: usize,
    pub canceled: usize,
    pub moved: u64,
    pub made_room: u64,
    pub shipped: i64,
    pub crashes: u64,
    pub complaints: Vec<String>,
}

impl Outcome {
    /// Adds another day.
    pub fn add(&mut self, other: &Self) {
        self.acknowledged += other.acknowledged;
        self.allocated += other.allocated;
        self.rejected += other.rejected;
        self.canceled += other.canceled;
        self.moved += other.moved;
        self.made_room += other.made_room;
        self.shipped += other.shipped;
        self.crashes += other.crashes;
    }
}

/// Runs a day.
pub fn run(seed: u64, topology: u16) -> Outcome {
    let mut day = Day {
        world: World::new(seed, topology),
        sent: Vec::new(),
        known: BTreeMap::new(),
        work: BTreeMap::new(),
        out: Outcome::default(),
    };
    day.open_shop();
    day.world.faults = Faults::BAD_DAY;
    day.trade();
    day.world.faults = Faults::default();
    day.world.pass(HEALING_MILLIS);
    day.repeat_everything();
    day.world.pass(HEALING_MILLIS);
    day.look();
    day.out.crashes = day.world.crashes();
    day.out
}

struct Day {
    world: World,
    /// Every order ever sent: key and body, to be sent again.
    sent: Vec<(String, Value)>,
    /// Acknowledged orders by key: id and total.
    known: BTreeMap<String, (String, Value)>,
    /// Steps the warehouse took, per order and fulfillment.
    work: BTreeMap<(String, u64), u64>,
    out: Outcome,
}

/// A request of the development key.
pub fn request(method: &str, path: &str, key: Option<&str>, body: Option<&Value>) -> Request {
    let (path, query) = match path.split_once('?') {
        Some((path, query)) => (path.to_owned(), Some(query.to_owned())),
        None => (path.to_owned(), None),
    };
    let mut headers = vec![("authorization".to_owned(), format!("Bearer {DEVELOPMENT_KEY}"))];
    if body.is_some() {
        headers.push(("content-type".to_owned(), "application/json".to_owned()));
    }
    headers.extend(key.map(|key| ("idempotency-key".to_owned(), key.to_owned())));
    let body = body.map(|body| body.to_string().into_bytes()).unwrap_or_default();
    Request { method: method.to_owned(), path, query, headers, body, request_id: "req_test".to_owned() }
}

/// The body of a response.
pub fn json_of(response: &Response) -> Value {
    serde_json::from_slice(&response.body).unwrap_or(Value::Null)
}

impl Day {
    fn now(&mut self, method: &str, path: &str, key: Option<&str>, body: Option<&Value>) -> Response {
        let ticket = self.world.send(request(method, path, key, body));
        self.world.finish(ticket)
    }

    /// Nothing goes wrong yet.
    fn open_shop(&mut self) {
        for (at, location) in LOCATIONS.iter().enumerate() {
            let latitude = 51.5 + at as f64;
            let body =
                json!({"name": location, "kind": "dc", "country": "GB", "latitude": latitude, "longitude": -0.1});
            let put = self.now("PUT", &format!("/v1/locations/{location}"), None, Some(&body));
            assert!(put.status < 300, "{}", json_of(&put));
        }
        for sku in SKUS {
            let kept = json!([{"location": LOCATIONS[0], "quantity": KEPT_FOR_TILLS.to_string()}]);
            let prices = json!([{"amount": 250, "currency": "GBP"}]);
            let body = json!({"title": sku, "prices": prices, "low_stock": "2", "kept_for_tills": kept});
            let put = self.now("PUT", &format!("/v1/items/{sku}"), None, Some(&body));
            assert!(put.status < 300, "{}", json_of(&put));
        }
        for location in LOCATIONS {
            let kept = if location == LOCATIONS[0] { KEPT_FOR_TILLS } else { 0 };
            let lines: Vec<Value> = SKUS
                .iter()
                .map(|sku| {
                    let quantity = 1 + kept + self.world.chance(|chance| chance.below(6));
                    json!({"sku": sku, "quantity": quantity.to_string()})
                })
                .collect();
            let body = json!({"location": location, "lines": lines});
            let put = self.now("POST", "/v1/stock/receipts", Some(&format!("first-{location}")), Some(&body));
            assert_eq!(put.status, 201, "{}", json_of(&put));
        }
    }

    /// Orders, cancellations, warehouse work and returns, many of them at the same time.
    fn trade(&mut self) {
        let mut open: Vec<(Ticket, Option<String>)> = Vec::new();
        for order in 0..ORDERS {
            let body = self.world.chance(|chance| order_body(chance, order));
            let key = format!("order-{order}");
            let ticket = self.world.send(request("POST", "/v1/orders", Some(&key), Some(&body)));
            let rival = self.rival(order, &body);
            self.sent.push((key.clone(), body));
            open.push((ticket, Some(key)));
            self.idle();
            if let Some(rival) = rival {
                let key = format!("rival-{order}");
                open.push((
                    self.world.send(request("POST", "/v1/orders", Some(&key), Some(&rival))),
                    Some(key.clone()),
                ));
                self.sent.push((key, rival));
            }
        }
        for _ in 0..STEPS {
            self.idle();
            self.collect(&mut open);
            if let Some(ticket) = self.somebody_does_something() {
                open.push((ticket, None));
            }
        }
        for _ in 0..200_000 {
            self.collect(&mut open);
            if open.is_empty() || !self.world.step() {
                break;
            }
        }
        if !open.is_empty() {
            self.out.complaints.push(format!("{} requests were never answered", open.len()));
        }
    }

    /// Sometimes somebody else sends the same order of the channel, with an id of their own.
    fn rival(&mut self, order: u64, body: &Value) -> Option<Value> {
        body.get("external_ref")?;
        let (slot, again) = self.world.chance(|chance| (chance.below(256), chance.per_mille(400)));
        let slot = Slot::new(u8::try_from(slot).unwrap_or(0));
        let id = OrderId::new(slot, self.world.now(), u128::from(order));
        again.then(|| {
            let mut rival = body.clone();
            rival["id"] = json!(id.to_string());
            rival
        })
    }

    fn idle(&mut self) {
        for _ in 0..self.world.chance(|chance| chance.below(30)) {
            self.world.step();
        }
    }

    fn collect(&mut self, open: &mut Vec<(Ticket, Option<String>)>) {
        let mut left = Vec::new();
        for (ticket, key) in open.drain(..) {
            match self.world.answer(ticket) {
                Some(response) => {
                    if response.status >= 500 && response.status != 503 {
                        self.out.complaints.push(format!("{}: {}", response.status, json_of(&response)));
                    }
                    if let (201, Some(key)) = (response.status, key) {
                        self.acknowledge(&key, &json_of(&response));
                    }
                }
                None => left.push((ticket, key)),
            }
        }
        *open = left;
    }

    fn acknowledge(&mut self, key: &str, order: &Value) {
        let id = order["id"].as_str().unwrap_or_default().to_owned();
        let now = (id, order["totals"].clone());
        if let Some(before) = self.known.insert(key.to_owned(), now.clone())
            && before != now
        {
            self.out.complaints.push(format!("I10: {key} is {before:?}, then {now:?}"));
        }
    }

    /// One request about an order somebody knows of, or a receipt.
    fn somebody_does_something(&mut self) -> Option<Ticket> {
        let step = self.world.chance(|chance| chance.below(1_000_000));
        if step.is_multiple_of(9) {
            let sku = self.world.chance(|chance| *chance.pick(&SKUS));
            let location = self.world.chance(|chance| *chance.pick(&LOCATIONS));
            let body = json!({"location": location, "lines": [{"sku": sku, "quantity": "2"}]});
            let key = format!("receipt-{step}");
            return Some(self.world.send(request("POST", "/v1/stock/receipts", Some(&key), Some(&body))));
        }
        let ids: Vec<String> = self.known.values().map(|(id, _)| id.clone()).collect();
        if ids.is_empty() {
            return None;
        }
        let id = self.world.chance(|chance| chance.pick(&ids).clone());
        let no = 1 + step % 2;
        let fulfillment = format!("/v1/orders/{id}/fulfillments/{no}");
        if !step.is_multiple_of(3) {
            // The warehouse works its way through: pick, pack, ship, deliver, and sometimes out of turn.
            let done = self.work.entry((id, no)).or_default();
            let action = ["pick", "pack", "ship", "deliver"][(*done % 4) as usize];
            *done += u64::from(!step.is_multiple_of(7));
            let body = json!({});
            return Some(self.world.send(request("POST", &format!("{fulfillment}/{action}"), None, Some(&body))));
        }
        let (path, key, body) = match (step / 16) % 11 {
            0 => (format!("/v1/orders/{id}/cancel"), None, json!({"reason": "customer"})),
            1 => {
                let body = json!({"reason": "customer", "lines": [{"line": 1, "quantity": "1"}]});
                (format!("/v1/orders/{id}/cancel"), Some(format!("cancel-{step}")), body)
            }
            2 => (format!("/v1/orders/{id}/hold"), None, json!({"name": "fraud"})),
            3 => (format!("/v1/orders/{id}/release"), None, json!({"name": "fraud"})),
            4 => (format!("{fulfillment}/reject"), None, json!({"reason": "not found"})),
            5..=7 => {
                let body = json!({"lines": [{"line": 1, "quantity": "1", "reason": "too small"}]});
                (format!("/v1/orders/{id}/returns"), Some(format!("return-{step}")), body)
            }
            _ => {
                let of = id.replacen("ord_", "ret_", 1);
                match step % 3 {
                    0 => (format!("/v1/returns/{of}-1/authorize"), None, json!({})),
                    1 => {
                        let body = json!({"location": "man", "lines":
                            [{"line": 1, "quantity": "1", "disposition": "restock"}]});
                        (format!("/v1/returns/{of}-1/receive"), None, body)
                    }
                    _ => (format!("/v1/returns/{of}-1/cancel"), None, json!({})),
                }
            }
        };
        Some(self.world.send(request("POST", &path, key.as_deref(), Some(&body))))
    }

    /// Every order is sent again, by clients that never heard: the same orders answer.
    fn repeat_everything(&mut self) {
        for (key, body) in self.sent.clone() {
            let response = self.now("POST", "/v1/orders", Some(&key), Some(&body));
            match response.status {
                201 => self.acknowledge(&key, &json_of(&response)),
                409 => self.out.rejected += 1,
                other => self.out.complaints.push(format!("{key} again: {other} {}", json_of(&response))),
            }
        }
    }

    /// A channel's number is one order's (I10).
    fn look_at_numbers(&mut self) {
        let mut numbers: BTreeMap<String, String> = BTreeMap::new();
        for (key, body) in &self.sent {
            let (Some(number), Some((id, _))) = (body["external_ref"].as_str(), self.known.get(key)) else { continue };
            let first = numbers.entry(number.to_owned()).or_insert_with(|| id.clone());
            if first != id {
                self.out.complaints.push(format!("I10: {number} is {first}, and {id}"));
            }
        }
    }

    /// What must be true in the evening.
    fn look(&mut self) {
        self.out.acknowledged = self.known.len();
        self.look_at_numbers();
        for (key, (id, totals)) in self.known.clone() {
            let response = self.now("GET", &format!("/v1/orders/{id}"), None, None);
            let order = json_of(&response);
            if response.status != 200 || order["totals"] != totals {
                self.out.complaints.push(format!("I4: {key} was acknowledged and is lost"));
                continue;
            }
            match order["status"].as_str().unwrap_or_default() {
                "placing" => self.out.complaints.push(format!("L1: {key} is still placing")),
                "rejected" => {}
                "canceled" => self.out.canceled += 1,
                _ => self.out.allocated += 1,
            }
        }
        if std::env::var_os("ESTIBA_SEED").is_some() {
            self.show_what_is_owed();
        }
        let moved = json_of(&self.now("GET", "/v1/routing/improvements", None, None));
        let count = |member: &str| moved[member].as_u64().unwrap_or_default();
        (self.out.moved, self.out.made_room) = (count("moves"), count("made_room"));
        let audit = audit(&mut self.world);
        self.out.shipped = audit.shipped / 1_000;
        self.out.complaints.extend(complaints(&audit));
        let share = SKUS.len() as i64 * KEPT_FOR_TILLS as i64 * 1_000;
        if audit.kept_for_tills != share {
            self.out.complaints.push(format!("I1: {} kept for tills, {share} said", audit.kept_for_tills));
        }
    }
}

impl Day {
    /// For whoever runs one seed again: every order that still owes an errand, and its history.
    fn show_what_is_owed(&mut self) {
        for (id, _) in self.known.clone().into_values() {
            let order: OrderId = id.parse().expect("an order id");
            let to = Address::Orders(order.slot().object(self.world.topology()));
            let Reply::Orders(OrderReply::Order { record, .. }) =
                self.world.ask(to, Ask::Orders(OrderAsk::Get { order }))
            else {
                continue;
            };
            let errands = record.order.errands(record.order.open_since);
            if errands.is_empty() {
                continue;
            }
            eprintln!("{id} owes {errands:#?}");
            if let Reply::Orders(OrderReply::History(steps)) =
                self.world.ask(to, Ask::Orders(OrderAsk::History { order }))
            {
                for step in steps {
                    eprintln!("  {} {} {:?}", step.version, step.at, step.events);
                }
            }
        }
    }
}

/// What the objects find out about themselves, summed.
pub fn audit(world: &mut World) -> AuditReply {
    let mut sum = AuditReply::default();
    for address in world.addresses() {
        let mut after = None;
        if matches!(address, Address::Tenant | Address::Index) {
            continue;
        }
        loop {
            let Reply::Audit(found) = world.ask(address, Ask::Audit { after: after.take() }) else {
                panic!("{address} does not audit itself");
            };
            sum.orders += found.orders;
            sum.skus += found.skus;
            sum.ledger_entries += found.ledger_entries;
            sum.on_hand += found.on_hand;
            sum.reserved += found.reserved;
            sum.allotted += found.allotted;
            sum.kept_for_tills += found.kept_for_tills;
            sum.received += found.received;
            sum.shipped += found.shipped;
            sum.returned += found.returned;
            sum.adjusted += found.adjusted;
            sum.live_holds += found.live_holds;
            sum.allocated += found.allocated;
            sum.owing += found.owing;
            sum.violations.extend(found.violations);
            after = found.next;
            if after.is_none() {
                break;
            }
        }
    }
    sum
}

/// What is wrong in a house in which nothing is under way.
pub fn complaints(audit: &AuditReply) -> Vec<String> {
    let mut found: Vec<String> = audit.violations.iter().map(|violation| format!("{violation:?}")).collect();
    if audit.owing > 0 {
        found.push(format!("L1: {} orders still owe an errand", audit.owing));
    }
    if audit.reserved != audit.allocated {
        found.push(format!("I3: {} reserved, {} allocated", audit.reserved, audit.allocated));
    }
    let set_aside = audit.reserved + audit.allotted + audit.kept_for_tills;
    if set_aside > audit.on_hand {
        found.push(format!("I1: {set_aside} set aside, {} on hand", audit.on_hand));
    }
    let balance = audit.received + audit.returned + audit.adjusted - audit.shipped;
    if audit.on_hand != balance {
        found.push(format!("I2: {} on hand, {balance} by movements", audit.on_hand));
    }
    found
}

fn order_body(chance: &mut Chance, order: u64) -> Value {
    let lines: Vec<Value> = (0..=chance.below(3))
        .map(|_| json!({"sku": chance.pick(&SKUS), "quantity": (1 + chance.below(3)).to_string()}))
        .collect();
    let mut body = json!({
        "channel": "web", "currency": "GBP", "ship_to": {"country": "GB", "latitude": 51.5, "longitude": -0.1},
        "shortage": chance.pick(&["reject", "backorder", "backorder"]), "lines": lines,
    });
    if chance.per_mille(500) {
        body["external_ref"] = json!(format!("SO-{order}"));
    }
    body
}
