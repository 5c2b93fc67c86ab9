//! What demo, replay and benchmarks say to a running Estiba, and what they read of its answers.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context as _, bail};
use oms_tests::edge::{Answer, Client};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::Outcome;
use crate::retail::{Cities, Invoice, Item, spread};

/// The three places of the shop: their id, the city they stand in, what they are.
pub const LOCATIONS: [(&str, &str, &str, &str); 3] = [
    ("ldn", "London", "London DC", "dc"),
    ("man", "Manchester", "Manchester DC", "dc"),
    ("brs", "Bristol", "Bristol store", "store"),
];

/// An order with more lines than this goes through the import.
pub const LINES_PER_ORDER: usize = 200;
/// Lines of one receipt and of one chunk of an import: a fair share of a second for the server.
const LINES_PER_CALL: usize = 200;
/// A request that found no answer, or one of the server's own failures, is sent this often.
const TRIES: u32 = 6;
/// The first pause between two tries; each next one is twice as long.
const PAUSE: Duration = Duration::from_millis(50);

/// An Estiba that answers, with a key to it.
#[derive(Clone, Debug)]
pub struct Shop {
    client: Client,
}

/// An order, as far as it is read here.
#[derive(Debug, Deserialize)]
pub struct Order {
    pub id: String,
    pub version: u64,
    pub status: String,
    pub lines: Vec<OrderLine>,
    #[serde(default)]
    pub fulfillments: Vec<Fulfillment>,
    #[serde(default)]
    pub returns: Vec<Return>,
}

#[derive(Debug, Deserialize)]
pub struct OrderLine {
    pub line: u32,
    /// Units by their status.
    pub quantities: BTreeMap<String, Units>,
}

#[derive(Debug, Deserialize)]
pub struct Fulfillment {
    pub no: u32,
    pub location: String,
    pub status: String,
    pub lines: Vec<PartOfLine>,
}

#[derive(Debug, Deserialize)]
pub struct Return {
    pub id: String,
    pub status: String,
    pub lines: Vec<PartOfLine>,
}

/// Some of an order's line: of a fulfillment, a return, a cancellation.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PartOfLine {
    pub line: u32,
    pub quantity: Units,
}

impl PartOfLine {
    fn body(&self) -> Value {
        json!({"line": self.line, "quantity": self.quantity.0.to_string()})
    }
}

/// Whole units. Nothing that Online Retail sells is sold by weight or length.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct Units(pub u64);

impl TryFrom<String> for Units {
    type Error = std::num::ParseIntError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse().map(Self)
    }
}

impl OrderLine {
    pub fn units(&self, statuses: &[&str]) -> u64 {
        statuses.iter().filter_map(|status| self.quantities.get(*status)).map(|units| units.0).sum()
    }
}

impl Order {
    pub fn units(&self, statuses: &[&str]) -> u64 {
        self.lines.iter().map(|line| line.units(statuses)).sum()
    }

    pub fn line(&self, number: u32) -> Option<&OrderLine> {
        self.lines.iter().find(|line| line.line == number)
    }
}

/// What became of an order that was sent.
#[derive(Debug)]
pub enum Placed {
    Taken {
        id: String,
        status: String,
        /// The server had this order already, under the same key.
        replayed: bool,
    },
    /// All or nothing, and it was nothing.
    Rejected,
}

impl Shop {
    pub fn new(base_url: &str, key: &str) -> Self {
        Self { client: Client::new(base_url.trim_end_matches('/'), Some(key)) }
    }

    pub fn get(&self, path: &str) -> Outcome<Answer> {
        let answer = self.send("GET", path, &[], None)?;
        expect(&answer, &[200], path)?;
        Ok(answer)
    }

    pub fn order(&self, id: &str) -> Outcome<Order> {
        let answer = self.get(&format!("/v1/orders/{id}"))?;
        serde_json::from_str(&answer.body).with_context(|| format!("order {id}: {}", answer.body))
    }

    /// Sends a command to an order or a return and hands back what the server shows after it.
    pub fn act<T: serde::de::DeserializeOwned>(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Outcome<T> {
        let answer = self.send("POST", path, headers, Some(&body.to_string()))?;
        expect(&answer, &[200, 201], path)?;
        serde_json::from_str(&answer.body).with_context(|| format!("{path}: {}", answer.body))
    }

    /// Places the order, by the import when it is too long for the front door.
    pub fn place(&self, key: &str, body: &Value, placed_at: &str) -> Outcome<Placed> {
        if body["lines"].as_array().is_some_and(|lines| lines.len() > LINES_PER_ORDER) {
            let mut line = body.clone();
            line["key"] = key.into();
            line["placed_at"] = placed_at.into();
            let results = self.import("orders", &[line], &mut |_| ())?;
            return imported(results.first().context("an import answers every line")?);
        }
        let answer = self.send("POST", "/v1/orders", &[("idempotency-key", key)], Some(&body.to_string()))?;
        match answer.status {
            201 => {
                let order = answer.json();
                let text = |name: &str| order[name].as_str().unwrap_or_default().to_owned();
                let replayed = answer.header("idempotency-replayed") == Some("true");
                Ok(Placed::Taken { id: text("id"), status: text("status"), replayed })
            }
            409 if answer.json()["code"] == "insufficient_stock" => Ok(Placed::Rejected),
            _ => bail!("order {key}: {} {}", answer.status, answer.body),
        }
    }

    /// Sends lines to an import in chunks. The results come in the order of the lines; `progress` hears how many are done.
    pub fn import(&self, kind: &str, lines: &[Value], progress: &mut dyn FnMut(usize)) -> Outcome<Vec<Value>> {
        let path = format!("/v1/imports/{kind}");
        let mut results = Vec::with_capacity(lines.len());
        for chunk in lines.chunks(LINES_PER_CALL) {
            let body: String = chunk.iter().map(|line| format!("{line}\n")).collect();
            let headers = [("content-type", "application/x-ndjson")];
            let answer = self.send("POST", &path, &headers, Some(&body))?;
            expect(&answer, &[200], &path)?;
            let before = results.len();
            for line in answer.body.lines().filter(|line| !line.is_empty()) {
                results.push(serde_json::from_str(line)?);
            }
            if results.len() - before != chunk.len() {
                bail!("{path}: {} results for {} lines", results.len() - before, chunk.len());
            }
            progress(results.len());
        }
        Ok(results)
    }

    /// Like [`Shop::import`], where a line that is refused is an error.
    pub fn import_all(&self, kind: &str, lines: &[Value], progress: &mut dyn FnMut(usize)) -> Outcome {
        let results = self.import(kind, lines, progress)?;
        match results
            .iter()
            .zip(lines)
            .find(|(result, _)| !(200..300).contains(&result["status"].as_u64().unwrap_or(0)))
        {
            None => Ok(()),
            Some((result, line)) => bail!("import of {kind}: {line} was answered {result}"),
        }
    }

    /// Receives goods at a location, under keys made from `key`.
    pub fn receive(&self, key: &str, location: &str, goods: &[(&str, u64)]) -> Outcome {
        for (number, chunk) in goods.chunks(LINES_PER_CALL).enumerate() {
            let lines: Vec<Value> =
                chunk.iter().map(|(sku, units)| json!({"sku": sku, "quantity": units.to_string()})).collect();
            let body = json!({"location": location, "reference": key, "lines": lines});
            let _: Value = self.act("/v1/stock/receipts", &[("idempotency-key", &format!("{key}-{number}"))], &body)?;
        }
        Ok(())
    }

    /// The fulfillment order, picked, packed and given to a carrier.
    pub fn ship(&self, order: &str, fulfillment: u32, tracking: &str) -> Outcome<Order> {
        let path = |verb: &str| format!("/v1/orders/{order}/fulfillments/{fulfillment}/{verb}");
        let _: Value = self.act(&path("pick"), &[], &json!({}))?;
        let _: Value = self.act(&path("pack"), &[], &json!({}))?;
        self.act(&path("ship"), &[], &json!({"carrier": "Royal Mail", "tracking": tracking}))
    }

    /// Cancels parts of the order as it is shown: sent twice, the second is stale and cancels nothing more.
    pub fn cancel(&self, shown: &Order, reason: &str, parts: &[PartOfLine]) -> Outcome<Order> {
        let lines: Vec<Value> = parts.iter().map(PartOfLine::body).collect();
        let version = format!("\"v{}\"", shown.version);
        let path = format!("/v1/orders/{}/cancel", shown.id);
        self.act(&path, &[("if-match", &version)], &json!({"reason": reason, "lines": lines}))
    }

    pub fn request_return(&self, order: &str, key: &str, parts: &[PartOfLine], reason: &str) -> Outcome<Return> {
        let lines: Vec<Value> = parts
            .iter()
            .map(|part| {
                let mut line = part.body();
                line["reason"] = reason.into();
                line
            })
            .collect();
        self.act(&format!("/v1/orders/{order}/returns"), &[("idempotency-key", key)], &json!({"lines": lines}))
    }

    /// Authorizes the return if nobody has, takes its goods in and puts them back on the shelf.
    pub fn restock(&self, back: &Return, location: &str) -> Outcome {
        let path = |verb: &str| format!("/v1/returns/{}/{verb}", back.id);
        if back.status == "requested" {
            let _: Value = self.act(&path("authorize"), &[], &json!({}))?;
        }
        let lines: Vec<Value> = back
            .lines
            .iter()
            .map(|part| {
                let mut line = part.body();
                line["disposition"] = "restock".into();
                line
            })
            .collect();
        let _: Value = self.act(&path("receive"), &[], &json!({"location": location, "lines": lines}))?;
        Ok(())
    }

    /// Sends until there is an answer that is not the server's own failure. Every request here can be sent twice.
    fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&str>) -> Outcome<Answer> {
        let mut pause = PAUSE;
        for _ in 1..TRIES {
            match self.client.call(method, path, headers, body) {
                Ok(answer) if !is_passing(&answer) => return Ok(answer),
                Ok(_) | Err(_) => std::thread::sleep(pause),
            }
            pause *= 2;
        }
        self.client.call(method, path, headers, body).with_context(|| format!("{method} {path}"))
    }
}

/// The server is busy, broken or still at the same request: it says to ask again.
fn is_passing(answer: &Answer) -> bool {
    answer.status >= 500
        || answer.status == 429
        || (answer.status == 409 && answer.json()["code"] == "request_in_flight")
}

fn imported(result: &Value) -> Outcome<Placed> {
    let status = result["order_status"].as_str().unwrap_or_default();
    match result["status"].as_u64() {
        Some(200 | 201) if status == "rejected" => Ok(Placed::Rejected),
        Some(code @ (200 | 201)) => Ok(Placed::Taken {
            id: result["id"].as_str().context("an imported order has an id")?.to_owned(),
            status: status.to_owned(),
            replayed: code == 200,
        }),
        Some(409) if result["problem"]["code"] == "insufficient_stock" => Ok(Placed::Rejected),
        _ => bail!("import of an order: {result}"),
    }
}

fn expect(answer: &Answer, statuses: &[u16], path: &str) -> Outcome {
    if statuses.contains(&answer.status) {
        return Ok(());
    }
    bail!("{path}: {} {}", answer.status, answer.body)
}

/// The locations, as the import takes them.
pub fn locations(cities: &Cities) -> Outcome<Vec<Value>> {
    LOCATIONS
        .iter()
        .map(|(id, city, name, kind)| {
            let city = cities.named(city).with_context(|| format!("{city} is not among the cities"))?;
            Ok(json!({
                "id": id, "name": name, "kind": kind, "country": "GB",
                "latitude": city.latitude, "longitude": city.longitude,
            }))
        })
        .collect()
}

/// An article, as the import takes it.
pub fn item(sku: &str, item: &Item) -> Value {
    json!({"sku": sku, "title": item.title, "prices": [{"amount": item.pence, "currency": "GBP"}], "barcodes": [barcode(sku)],
           "category": category(&item.title)})
}

/// A GTIN-13 with the prefix 2, which GS1 leaves to shops for codes of their own: nine digits of the SKU's hash and a check
/// digit. Online Retail tells no barcodes; these are made up, valid, and the same every time.
pub fn barcode(sku: &str) -> String {
    let digits = format!("200{:09}", spread(sku) % 1_000_000_000);
    let weighed =
        digits.bytes().zip([1, 3].into_iter().cycle()).map(|(digit, weight)| u32::from(digit - b'0') * weight);
    format!("{digits}{}", (10 - weighed.sum::<u32>() % 10) % 10)
}

/// Words of titles and the group of goods that they tell of; the first that fits counts.
const GROUPS: [(&str, &str); 22] = [
    ("CHRISTMAS", "Christmas"),
    ("T-LIGHT", "Light"),
    ("CANDLE", "Light"),
    ("LANTERN", "Light"),
    ("LIGHT", "Light"),
    ("LAMP", "Light"),
    ("BAG", "Bags"),
    ("MUG", "Kitchen"),
    ("CUP", "Kitchen"),
    ("TEA", "Kitchen"),
    ("CAKE", "Kitchen"),
    ("PLATE", "Kitchen"),
    ("BOWL", "Kitchen"),
    ("JAR", "Kitchen"),
    ("BOX", "Boxes"),
    ("TIN", "Boxes"),
    ("CARD", "Paper"),
    ("WRAP", "Paper"),
    ("PAPER", "Paper"),
    ("SIGN", "Wall"),
    ("FRAME", "Wall"),
    ("CLOCK", "Wall"),
];

/// Online Retail tells no groups either: they are read from the titles.
fn category(title: &str) -> &'static str {
    let title = title.to_uppercase();
    GROUPS.iter().find(|(word, _)| title.contains(word)).map_or("Other", |(_, group)| group)
}

/// A sale, as `POST /v1/orders` takes it. Those without an account bought in the web shop.
pub fn order(sale: &Invoice, cities: &Cities, shortage: &str) -> Value {
    let lines: Vec<Value> = sale
        .lines
        .iter()
        .map(|line| {
            json!({
                "sku": &*line.sku, "quantity": line.quantity.to_string(),
                "unit_price": {"amount": line.pence, "currency": "GBP"},
            })
        })
        .collect();
    let mut body = json!({
        "channel": if sale.customer.is_some() { "wholesale" } else { "web" },
        "external_ref": sale.number, "currency": "GBP", "shortage": shortage,
        "ship_to": ship_to(sale, cities), "lines": lines,
    });
    if let Some(customer) = &sale.customer {
        body["customer"] = json!({"id": &**customer});
    }
    body
}

/// A country is all the file knows; a British buyer is put into a real place.
fn ship_to(sale: &Invoice, cities: &Cities) -> Value {
    if sale.country != "GB" {
        return json!({"country": sale.country});
    }
    let city = cities.of(sale.customer.as_deref().unwrap_or(&sale.number));
    json!({"country": "GB", "city": city.name, "latitude": city.latitude, "longitude": city.longitude})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_import_tells_taken_from_rejected_from_wrong() {
        let taken = imported(&json!({"line": 1, "status": 201, "id": "ord_1", "order_status": "allocated"}));
        assert!(matches!(taken, Ok(Placed::Taken { replayed: false, .. })), "{taken:?}");
        let again = imported(&json!({"line": 1, "status": 200, "id": "ord_1", "order_status": "shipped"}));
        assert!(matches!(again, Ok(Placed::Taken { replayed: true, .. })), "{again:?}");
        let rejected = imported(&json!({"line": 1, "status": 201, "id": "ord_1", "order_status": "rejected"}));
        assert!(matches!(rejected, Ok(Placed::Rejected)), "{rejected:?}");
        let short = imported(&json!({"line": 1, "status": 409, "problem": {"code": "insufficient_stock"}}));
        assert!(matches!(short, Ok(Placed::Rejected)), "{short:?}");
        let wrong = imported(&json!({"line": 1, "status": 422, "problem": {"code": "validation_failed"}}));
        assert!(wrong.is_err(), "{wrong:?}");
    }

    #[test]
    fn an_order_says_how_its_units_stand() {
        let order: Order = serde_json::from_value(json!({
            "id": "ord_1", "version": 3, "status": "part_shipped", "external_ref": "read by nobody here",
            "lines": [
                {"line": 1, "quantity": "6", "quantities": {"shipped": "4", "backordered": "2"}},
                {"line": 2, "quantity": "1", "quantities": {"shipped": "1"}},
            ],
        }))
        .expect("an order reads");
        assert_eq!((order.units(&["shipped"]), order.units(&["shipped", "backordered"])), (5, 7));
        assert_eq!(order.line(2).map(|line| line.units(&["backordered"])), Some(0));
    }
}
