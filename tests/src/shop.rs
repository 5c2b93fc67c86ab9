//! A shop for a scenario: the public API, in memory and over HTTP on workerd, with the few words a story needs.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use oms_core::value::{Delta, Timestamp};
use oms_door::{Request, Response};
use serde_json::{Value, json};

use crate::edge::{Client, DEVELOPMENT_KEY, Edge, EdgeOptions, WORKER_VARIABLE};
use crate::world::{Faults, World};

/// Topologies every story is told with.
pub const TOPOLOGIES: [u16; 3] = [1, 8, 256];

/// Looks at the books, and time between them, until objects owe each other nothing any more.
const SETTLE_LOOKS: u32 = 200;
const SETTLE_MILLIS: u64 = 50;

/// What came back.
#[derive(Clone, Debug)]
pub struct Told {
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub text: String,
    pub body: Value,
}

impl Told {
    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The same, when it has this status; a failed test otherwise.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }

    /// The `code` of a problem.
    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }
}

enum House {
    Memory(Box<World>),
    Edge { client: Client, _edge: Box<Edge> },
}

/// A shop.
pub struct Shop {
    house: House,
    keys: u64,
}

impl std::fmt::Debug for Shop {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(if self.is_virtual() { "Shop in memory" } else { "Shop on workerd" })
    }
}

/// Tells a story in memory with 1, 8 and 256 objects of a kind, and, when the built Worker is at hand (`cargo xtask test`
/// names it), on workerd.
pub fn everywhere(story: impl Fn(&mut Shop)) {
    in_memory(&story);
    if std::env::var_os(WORKER_VARIABLE).is_some() {
        let edge = Edge::start(EdgeOptions { topology: 8, ..EdgeOptions::default() }).expect("workerd starts");
        let house = House::Edge { client: edge.client(), _edge: Box::new(edge) };
        story(&mut Shop { house, keys: 0 });
    }
}

/// Tells a story that needs hours to pass: in memory only.
pub fn in_memory(story: impl Fn(&mut Shop)) {
    for topology in TOPOLOGIES {
        in_world(1, topology, &story);
    }
}

/// Tells a story in one world in memory: what goes wrong there follows from the seed. Gives what came of it.
pub fn in_world<T>(seed: u64, topology: u16, story: impl FnOnce(&mut Shop) -> T) -> T {
    story(&mut Shop { house: House::Memory(Box::new(World::new(seed, topology))), keys: 0 })
}

impl Shop {
    /// True when time can be made to pass.
    pub fn is_virtual(&self) -> bool {
        matches!(self.house, House::Memory(_))
    }

    /// The time at the edge.
    pub fn now(&self) -> Timestamp {
        match &self.house {
            House::Memory(world) => world.now(),
            House::Edge { .. } => {
                let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
                Timestamp::from_millis(since.as_millis() as i64).unwrap_or_default()
            }
        }
    }

    /// What goes wrong from now on, in memory.
    pub fn faults(&mut self, faults: Faults) {
        if let House::Memory(world) = &mut self.house {
            world.faults = faults;
        }
    }

    /// Lets time pass: virtual, or really waited for.
    pub fn pass(&mut self, millis: u64) {
        match &mut self.house {
            House::Memory(world) => world.pass(i64::try_from(millis).expect("a span of time")),
            House::Edge { .. } => std::thread::sleep(std::time::Duration::from_millis(millis)),
        }
    }

    /// Any request with any headers and any text for a body; the development key unless a header says otherwise.
    pub fn raw(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&str>) -> Told {
        self.raw_bytes(method, path, headers, body.map(str::as_bytes))
    }

    /// The same with a body that need not be text.
    pub fn raw_bytes(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&[u8]>) -> Told {
        match &mut self.house {
            House::Memory(world) => {
                let request = request(method, path, headers, body);
                let ticket = world.send(request);
                told(world.finish(ticket))
            }
            House::Edge { client, .. } => {
                let own = headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("authorization"));
                let client = if own { client.with_key(None) } else { client.clone() };
                let answer = client.call_bytes(method, path, headers, body).expect("an answer");
                let body = serde_json::from_str(&answer.body).unwrap_or(Value::Null);
                Told { status: answer.status, headers: answer.headers, text: answer.body, body }
            }
        }
    }

    /// A JSON request; creating ones get an idempotency key of their own.
    pub fn call(&mut self, method: &str, path: &str, body: &Value) -> Told {
        self.keys += 1;
        let key = format!("key-{}", self.keys);
        self.call_with(method, path, &[("idempotency-key", &key)], body)
    }

    /// A JSON request with these headers.
    pub fn call_with(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &Value) -> Told {
        let mut all = vec![("content-type", "application/json")];
        all.extend_from_slice(headers);
        self.raw(method, path, &all, Some(&body.to_string()))
    }

    /// POST.
    pub fn post(&mut self, path: &str, body: &Value) -> Told {
        self.call("POST", path, body)
    }

    /// Creating requests that are under way together, and what came of each; in memory only.
    pub fn at_once(&mut self, path: &str, bodies: &[Value]) -> Vec<Told> {
        let House::Memory(world) = &mut self.house else { return Vec::new() };
        let mut tickets = Vec::new();
        for body in bodies {
            self.keys += 1;
            let key = format!("key-{}", self.keys);
            let headers = [("content-type", "application/json"), ("idempotency-key", key.as_str())];
            tickets.push(world.send(request("POST", path, &headers, Some(body.to_string().as_bytes()))));
        }
        tickets.into_iter().map(|ticket| told(world.finish(ticket))).collect()
    }

    /// GET.
    pub fn get(&mut self, path: &str) -> Told {
        self.raw("GET", path, &[], None)
    }

    /// Puts a location on the map.
    #[track_caller]
    pub fn location(&mut self, id: &str, latitude: f64, longitude: f64) {
        let body = json!({"name": id, "kind": "dc", "country": "GB", "latitude": latitude, "longitude": longitude});
        let put = self.call("PUT", &format!("/v1/locations/{id}"), &body);
        assert!(put.status < 300, "{}", put.text);
    }

    /// Lists an item at a price in pence.
    #[track_caller]
    pub fn item(&mut self, sku: &str, pence: i64) {
        let body = json!({"title": format!("The {sku}"), "prices": [{"amount": pence, "currency": "GBP"}]});
        let put = self.call("PUT", &format!("/v1/items/{sku}"), &body);
        assert!(put.status < 300, "{}", put.text);
    }

    /// Goods arrive.
    #[track_caller]
    pub fn receive(&mut self, sku: &str, location: &str, quantity: &str) {
        let body = json!({"location": location, "lines": [{"sku": sku, "quantity": quantity}]});
        self.post("/v1/stock/receipts", &body).expect(201);
    }

    /// London and Manchester, with `red` and `blue` in London and `red` in Manchester.
    #[track_caller]
    pub fn open(&mut self) {
        self.location("ldn", 51.5, -0.1);
        self.location("man", 53.5, -2.2);
        self.item("red", 1_000);
        self.item("blue", 250);
        self.receive("red", "ldn", "10");
        self.receive("blue", "ldn", "10");
        self.receive("red", "man", "10");
    }

    /// The body of an order of these.
    pub fn order(lines: &[(&str, &str)]) -> Value {
        let lines: Vec<Value> = lines.iter().map(|(sku, quantity)| json!({"sku": sku, "quantity": quantity})).collect();
        json!({"channel": "web", "currency": "GBP", "ship_to": {"country": "GB", "latitude": 51.4, "longitude": 0.0},
               "lines": lines})
    }

    /// Places an order.
    #[track_caller]
    pub fn place(&mut self, lines: &[(&str, &str)]) -> Value {
        self.post("/v1/orders", &Self::order(lines)).expect(201).body
    }

    /// An action on an order, and the order after it.
    #[track_caller]
    pub fn act(&mut self, order: &Value, action: &str, body: &Value) -> Value {
        let path = format!("/v1/orders/{}/{action}", order["id"].as_str().expect("an id"));
        self.post(&path, body).expect(200).body
    }

    /// Picks, packs and ships a fulfillment.
    #[track_caller]
    pub fn ship(&mut self, order: &Value, no: u32) -> Value {
        let mut after = Value::Null;
        for action in ["pick", "pack", "ship"] {
            after = self.act(order, &format!("fulfillments/{no}/{action}"), &json!({}));
        }
        after
    }

    /// The availability of a SKU.
    #[track_caller]
    pub fn availability(&mut self, sku: &str) -> Value {
        self.get(&format!("/v1/availability?sku={sku}")).expect(200).body["data"][0].clone()
    }

    /// One shelf of a SKU.
    #[track_caller]
    pub fn shelf(&mut self, sku: &str, location: &str) -> Value {
        let availability = self.availability(sku);
        let shelves = availability["locations"].as_array().expect("locations").clone();
        shelves.into_iter().find(|shelf| shelf["location"] == location).unwrap_or(Value::Null)
    }

    /// What all objects find out about themselves: the figures of every page of the audit summed, and every violation.
    #[track_caller]
    pub fn books(&mut self) -> Books {
        let mut books = Books::default();
        let mut path = "/v1/audit".to_owned();
        loop {
            let told = self.get(&path).expect(200);
            books.add(&told.body["data"]);
            match told.body["next_cursor"].as_str() {
                Some(cursor) => {
                    path.clear();
                    let _ = write!(path, "/v1/audit?cursor={cursor}");
                }
                None => return books,
            }
        }
    }

    /// Every violation that an audit of all objects finds.
    #[track_caller]
    pub fn violations(&mut self) -> Vec<Value> {
        self.books().violations
    }

    /// Waits until no object owes another anything, and gives the books as they are then.
    #[track_caller]
    pub fn settled(&mut self) -> Books {
        for _ in 0..SETTLE_LOOKS {
            let books = self.books();
            if books.owing() == 0 {
                return books;
            }
            self.pass(SETTLE_MILLIS);
        }
        panic!("objects still owe each other something after {SETTLE_LOOKS} looks");
    }

    /// Rows that all objects have written since they started.
    #[track_caller]
    pub fn rows_written(&mut self) -> u64 {
        match &self.house {
            House::Memory(world) => world.rows_written(),
            House::Edge { .. } => self.get("/v1/stats").expect(200).body["rows_written"].as_u64().expect("a number"),
        }
    }
}

fn told(response: Response) -> Told {
    let text = String::from_utf8(response.body).expect("text");
    let body = serde_json::from_str(&text).unwrap_or(Value::Null);
    Told { status: response.status, headers: response.headers, text, body }
}

/// The audit of all objects.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Books {
    /// Counts by their names.
    pub counts: BTreeMap<String, u64>,
    /// Quantities by their names, in thousandths.
    pub units: BTreeMap<String, i64>,
    /// What is wrong.
    pub violations: Vec<Value>,
}

impl Books {
    /// Orders that still owe an object something.
    pub fn owing(&self) -> u64 {
        self.counts.get("owing").copied().unwrap_or_default()
    }

    /// A quantity of the books, in whole units.
    pub fn units(&self, name: &str) -> i64 {
        self.units.get(name).copied().unwrap_or_default() / 1_000
    }

    fn add(&mut self, page: &Value) {
        for (name, value) in page.as_object().expect("a page of the audit") {
            if let Some(count) = value.as_u64() {
                *self.counts.entry(name.clone()).or_default() += count;
            }
        }
        for (name, value) in page["units"].as_object().expect("units") {
            *self.units.entry(name.clone()).or_default() += thousandths(value.as_str().expect("a quantity"));
        }
        self.violations.extend(page["violations"].as_array().expect("violations").iter().cloned());
    }
}

fn thousandths(text: &str) -> i64 {
    let delta: Delta = text.parse().expect("a quantity");
    delta.thousandths()
}

fn request(method: &str, path: &str, headers: &[(&str, &str)], body: Option<&[u8]>) -> Request {
    let (path, query) = match path.split_once('?') {
        Some((path, query)) => (path.to_owned(), Some(query.to_owned())),
        None => (path.to_owned(), None),
    };
    let mut all: Vec<(String, String)> =
        headers.iter().map(|(name, value)| (name.to_lowercase(), (*value).to_owned())).collect();
    if !all.iter().any(|(name, _)| name == "authorization") {
        all.push(("authorization".to_owned(), format!("Bearer {DEVELOPMENT_KEY}")));
    }
    let body = body.map(<[u8]>::to_vec).unwrap_or_default();
    Request { method: method.to_owned(), path, query, headers: all, body, request_id: "req_test".to_owned() }
}
