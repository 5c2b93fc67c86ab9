//! A till for a scenario: a device with a key that writes a journal and sends it when it can.

use oms_core::order::{Address, Customer, Disposition, Draft, DraftLine, Head, Shortage};
use oms_core::price::{self, LineTotal, TaxMode};
use oms_core::routing::Method;
use oms_core::till::account::PublicKey;
use oms_core::till::{
    CountedLine, DeviceId, Entry, Event, Piece, ReceiptNo, RefundLine, Refunded, ReturnOf, Sale, SaleLine, Series,
    Signed, Tender, TenderKind, genesis,
};
use oms_core::value::{Amount, Digest, OrderId, Quantity, Timestamp};
use serde_json::{Value, json};

use crate::shop::{Shop, Told};
use crate::signature::DeviceKey;

/// A till and its journal.
#[derive(Clone, Debug)]
pub struct Device {
    key: DeviceKey,
    tenant: String,
    /// Its name.
    pub device: DeviceId,
    /// Its enrollment.
    pub epoch: u32,
    series: Series,
    prev: Digest,
    seq: u64,
    /// The number of its next receipt.
    pub receipt: u64,
    /// Its clock, in milliseconds.
    pub now: i64,
    /// What is added to its clock when a request is signed.
    pub skew: i64,
    /// What it was told it may sell, in total, in thousandths.
    pub granted: std::collections::BTreeMap<String, u64>,
    /// What of it it sold or gave back.
    pub spent: std::collections::BTreeMap<String, u64>,
    /// The version of the price book's pages that it sells by.
    pub pages: u32,
    /// The version of the tax table that it knows.
    pub taxes: u32,
    /// Everything it wrote, oldest first.
    pub journal: Vec<Signed>,
    /// The last entry that the edge has.
    pub acked: u64,
}

/// The body of `POST /v1/tills` for a till of London.
pub fn till_body(id: &str) -> Value {
    json!({"id": id, "label": format!("Till {id}"), "series": id.to_uppercase(), "location": "ldn", "currency": "GBP",
           "country": "GB", "oversell": "ask",
           "cashiers": [{"id": "ana", "name": "Ana", "pin": "1234", "may": ["refund", "oversell"]}]})
}

/// Sets a till up in a shop and enrolls a device.
#[track_caller]
pub fn enrolled(shop: &mut Shop, id: &str) -> Device {
    let till = shop.post("/v1/tills", &till_body(id)).expect(201).body;
    Device::enroll(shop, till["enrollment_code"].as_str().expect("a code"), id)
}

impl Device {
    /// Enrolls a device that has a key of its own.
    #[track_caller]
    pub fn enroll(shop: &mut Shop, code: &str, seed: &str) -> Self {
        let key = DeviceKey::of(seed);
        let told = Self::try_enroll(shop, code, &key.public()).expect(201).body;
        let text = |name: &str| told[name].as_str().expect("text").to_owned();
        let public = key.public();
        let (device, epoch): (DeviceId, u32) =
            (text("device").parse().expect("a till"), told["epoch"].as_u64().expect("an epoch") as u32);
        let genesis = genesis(&device, epoch, &public.x, &public.y);
        assert_eq!(text("genesis"), genesis.to_string());
        let now: Timestamp = text("now").parse().expect("a time");
        let mut this = Self {
            key,
            tenant: text("tenant"),
            device,
            epoch,
            series: told["settings"]["series"].as_str().expect("a series").parse().expect("a series"),
            prev: genesis,
            seq: 0,
            receipt: told["next_receipt"].as_u64().expect("a number"),
            now: now.millis(),
            skew: 0,
            granted: Default::default(),
            spent: Default::default(),
            pages: 1,
            taxes: told["settings"]["tax"]["version"].as_u64().expect("a version") as u32,
            journal: vec![],
            acked: 0,
        };
        this.learn_rights(&told["rights"]);
        this
    }

    /// Asks to be enrolled.
    pub fn try_enroll(shop: &mut Shop, code: &str, key: &PublicKey) -> Told {
        let body = json!({"code": code, "public_key": {"kty": "EC", "crv": "P-256", "x": key.x, "y": key.y}});
        shop.call_with("POST", "/v1/enrollments", &[("authorization", "none")], &body)
    }

    /// Writes an entry, as it is signed and chained.
    pub fn write(&mut self, event: Event) -> Signed {
        self.seq += 1;
        self.now += 1_000;
        let at = Timestamp::from_millis(self.now).expect("a time");
        let entry = Entry {
            device: self.device.clone(),
            epoch: self.epoch,
            seq: self.seq,
            prev: self.prev,
            at,
            uptime: self.seq * 1_000,
            book: 1,
            event,
        };
        let bytes = entry.bytes().expect("a canonical form");
        let signed = Signed { hash: Digest::of(&bytes), signature: self.key.sign(&bytes), entry };
        self.prev = signed.hash;
        self.journal.push(signed.clone());
        signed
    }

    /// The order that the next entry makes.
    pub fn next_order(&self) -> OrderId {
        let at = Timestamp::from_millis(self.now + 1_000).expect("a time");
        let name = oms_core::till::EntryName { device: self.device.clone(), epoch: self.epoch, seq: self.seq + 1 };
        name.order_id(at)
    }

    /// The number of its next receipt, which is then used.
    pub fn next_receipt(&mut self) -> ReceiptNo {
        let receipt = ReceiptNo { series: self.series.clone(), number: self.receipt };
        self.receipt += 1;
        receipt
    }

    /// What it may still sell of a SKU, in thousandths.
    pub fn right(&self, sku: &str) -> u64 {
        let of = |map: &std::collections::BTreeMap<String, u64>| map.get(sku).copied().unwrap_or_default();
        of(&self.granted).saturating_sub(of(&self.spent))
    }

    /// Sells for cash: SKU, quantity and price of a unit, untaxed. What it has no right to is sold on Ana's word.
    pub fn sell(&mut self, lines: &[(&str, &str, i64)]) -> Signed {
        let order = self.next_order();
        let receipt = self.next_receipt();
        let lines: Vec<SaleLine> = (1..).zip(lines).map(|(no, line)| self.line(no, line)).collect();
        let sums: Vec<LineTotal> = lines.iter().map(|line| line.total).collect();
        let totals = price::totals(&sums).expect("sums");
        let sale = Sale {
            receipt,
            order,
            cashier: "ana".parse().expect("a label"),
            customer: None,
            currency: "GBP".parse().expect("a currency"),
            country: "GB".parse().expect("a country"),
            tax_version: self.taxes,
            lines,
            totals,
            rounding: Amount::default(),
            tenders: vec![Tender { kind: TenderKind::Cash, amount: totals.total, reference: None }],
            change: Amount::default(),
        };
        self.write(Event::Sold(Box::new(sale)))
    }

    fn line(&mut self, no: u32, (sku, quantity, price): &(&str, &str, i64)) -> SaleLine {
        let quantity: Quantity = quantity.parse().expect("a quantity");
        let within = Quantity::from_thousandths(quantity.thousandths().min(self.right(sku))).expect("a quantity");
        *self.spent.entry((*sku).to_owned()).or_default() += within.thousandths();
        let unit_price = Amount::new(*price).expect("an amount");
        let rate = price::Rate::ZERO;
        SaleLine {
            no,
            sku: sku.parse().expect("a SKU"),
            title: format!("The {sku}").parse().expect("a title"),
            unit: "each".parse().expect("a unit"),
            quantity,
            unit_price,
            list_version: Some(self.pages),
            discount: None,
            tax_class: price::TaxClass::standard(),
            tax_rate: rate,
            total: price::line(quantity, unit_price, rate, TaxMode::Exclusive).expect("a price"),
            within,
            allowed_by: (within < quantity).then(|| "ana".parse().expect("a label")),
            priced_by: None,
        }
    }

    /// Takes a line of an order back for cash, or goods that nobody knows.
    pub fn refund(&mut self, of: Option<OrderId>, sku: &str, quantity: &str, price: i64) -> Signed {
        let receipt = self.next_receipt();
        let quantity: Quantity = quantity.parse().expect("a quantity");
        let unit = Amount::new(price).expect("an amount");
        let total = price::line(quantity, unit, price::Rate::ZERO, TaxMode::Exclusive).expect("a price");
        let line = RefundLine {
            line: of.map(|_| 1),
            sku: sku.parse().expect("a SKU"),
            title: format!("The {sku}").parse().expect("a title"),
            quantity,
            tax_class: price::TaxClass::standard(),
            tax_rate: price::Rate::ZERO,
            total,
            disposition: Disposition::Restock,
        };
        let refunded = Refunded {
            receipt,
            cashier: "ana".parse().expect("a label"),
            allowed_by: None,
            of: of.map_or(ReturnOf::Unknown, |order| ReturnOf::Order { order, receipt: None }),
            reason: "changed their mind".parse().expect("a label"),
            currency: "GBP".parse().expect("a currency"),
            country: "GB".parse().expect("a country"),
            lines: vec![line],
            totals: total,
            rounding: Amount::default(),
            tenders: vec![Tender { kind: TenderKind::Cash, amount: total.total, reference: None }],
        };
        self.write(Event::Refunded(Box::new(refunded)))
    }

    /// Counts a shelf of the store.
    pub fn count(&mut self, sku: &str, counted: &str) -> Signed {
        let line = CountedLine { sku: sku.parse().expect("a SKU"), counted: counted.parse().expect("a quantity") };
        self.write(Event::Counted { cashier: "ana".parse().expect("a label"), lines: vec![line] })
    }

    /// Hands a fulfillment over.
    pub fn hand_over(&mut self, order: &str, no: u32) -> Signed {
        let cashier = "ana".parse().expect("a label");
        self.write(Event::HandedOver { cashier, order: order.parse().expect("an order"), no })
    }

    /// Asks for an order to be sent, or to be fetched elsewhere: all of it or nothing.
    pub fn request(&mut self, method: Method, lines: &[(&str, &str)]) -> Signed {
        let country = "GB".parse().expect("a country");
        let ship_to =
            Address { name: None, line1: None, line2: None, city: None, postal_code: None, country, position: None };
        let line = |(sku, quantity): &(&str, &str)| DraftLine {
            sku: sku.parse().expect("a SKU"),
            quantity: quantity.parse().expect("a quantity"),
            unit_price: None,
            whole: false,
            requested_by: None,
        };
        let head = Head {
            channel: "pos".parse().expect("a channel"),
            external_ref: None,
            customer: Customer::default(),
            ship_to,
            currency: "GBP".parse().expect("a currency"),
            shortage: Shortage::Reject,
            method,
            requested_by: None,
            ship_complete: false,
            demand_class: None,
            cart: None,
            placed_at: Timestamp::from_millis(self.now + 1_000).expect("a time"),
        };
        let lines = lines.iter().map(line).collect();
        let draft = Draft { id: self.next_order(), head, to_confirm: false, lines };
        let cashier = "ana".parse().expect("a label");
        self.write(Event::Requested { cashier, draft: Box::new(draft), tenders: vec![] })
    }

    /// Gives a right back, as far as it has it.
    pub fn surrender(&mut self, sku: &str, quantity: &str) -> Signed {
        let wanted: Quantity = quantity.parse().expect("a quantity");
        let given = Quantity::from_thousandths(wanted.thousandths().min(self.right(sku))).expect("a quantity");
        *self.spent.entry(sku.to_owned()).or_default() += given.thousandths();
        self.write(Event::Surrendered { pieces: vec![Piece { sku: sku.parse().expect("a SKU"), quantity: given }] })
    }

    /// Sends all that the edge does not have yet.
    pub fn sync(&mut self, shop: &mut Shop) -> Told {
        let rest: Vec<Signed> = self.journal.iter().filter(|one| one.entry.seq > self.acked).cloned().collect();
        let told = self.upload(shop, &rest);
        self.heard(&told);
        told
    }

    /// Takes in what the edge answered.
    pub fn heard(&mut self, told: &Told) {
        if told.status == 200 {
            self.acked = told.body["ack_upto"].as_u64().expect("a number");
            self.learn_rights(&told.body["rights"].clone());
        }
    }

    fn learn_rights(&mut self, rights: &Value) {
        for (sku, total) in rights.as_object().expect("rights") {
            let total: Quantity = total.as_str().expect("a quantity").parse().expect("a quantity");
            let known = self.granted.entry(sku.clone()).or_default();
            *known = (*known).max(total.thousandths());
        }
    }

    /// Sends these entries.
    pub fn upload(&self, shop: &mut Shop, entries: &[Signed]) -> Told {
        let lines: Vec<String> = entries.iter().map(|one| serde_json::to_string(one).expect("JSON")).collect();
        self.upload_lines(shop, &lines)
    }

    /// Sends these lines, whatever they are.
    pub fn upload_lines(&self, shop: &mut Shop, lines: &[String]) -> Told {
        self.send(shop, "POST", "/v1/till/journal", Some(&lines.join("\n")))
    }

    /// A signed GET.
    pub fn get(&self, shop: &mut Shop, path: &str) -> Told {
        self.send(shop, "GET", path, None)
    }

    /// A signed request.
    pub fn send(&self, shop: &mut Shop, method: &str, path: &str, body: Option<&str>) -> Told {
        let headers = self.headers(shop, method, path, body.unwrap_or_default());
        let mut headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        if body.is_some() {
            headers.push(("content-type", "application/x-ndjson"));
        }
        shop.raw(method, path, &headers, body)
    }

    /// The headers that sign a request.
    pub fn headers(&self, shop: &Shop, method: &str, path: &str, body: &str) -> Vec<(&'static str, String)> {
        let time = shop.now().saturating_add_millis(self.skew);
        let message = format!("{method}\n{path}\n{time}\n{}", Digest::of(body.as_bytes()));
        vec![
            ("authorization", "none".to_owned()),
            ("estiba-device", format!("{}/{}/{}", self.tenant, self.device, self.epoch)),
            ("estiba-time", time.to_string()),
            ("estiba-signature", self.key.sign(message.as_bytes())),
        ]
    }
}
