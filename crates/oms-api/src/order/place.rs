//! A new order, as a channel sends it.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use oms_core::order::{Address, Customer, Draft, DraftLine, Head, Shortage};
use oms_core::routing::{Method, Way};
use oms_core::value::{Amount, Currency, Label, OrderId, Position, Timestamp};
use serde::{Deserialize, Serialize};

use crate::decode::{self, Object};
use crate::fault::Faults;
use crate::location::position;
use crate::problem::Problem;

/// Most lines of an order that comes in by itself.
pub const MAX_LINES: usize = 200;
/// Most lines of an order that is imported.
pub const MAX_IMPORT_LINES: usize = oms_core::order::MAX_LINES;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct Body {
    id: Option<String>,
    channel: String,
    external_ref: Option<String>,
    customer: Option<Object<CustomerBody>>,
    ship_to: Object<AddressBody>,
    currency: String,
    #[serde(default)]
    draft: bool,
    shortage: Option<String>,
    demand_class: Option<String>,
    cart: Option<String>,
    method: Option<String>,
    pick_up_at: Option<String>,
    requested_by: Option<String>,
    #[serde(default)]
    ship_complete: bool,
    lines: Vec<Object<LineBody>>,
    // Of imports only.
    key: Option<String>,
    placed_at: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct CustomerBody {
    id: Option<String>,
    name: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    class: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct AddressBody {
    name: Option<String>,
    line1: Option<String>,
    line2: Option<String>,
    city: Option<String>,
    postal_code: Option<String>,
    country: String,
    latitude: Option<f64>,
    longitude: Option<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct LineBody {
    sku: String,
    quantity: String,
    unit_price: Option<Object<MoneyBody>>,
    #[serde(default)]
    whole: bool,
    requested_by: Option<String>,
}

/// Money as it comes in: bounds and currency are not checked yet.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub(crate) struct MoneyBody {
    pub(crate) amount: i64,
    pub(crate) currency: String,
}

impl MoneyBody {
    /// A price: in bounds, not below zero, in a known currency.
    pub(crate) fn price(&self, faults: &mut Faults, base: &str) -> Option<(Currency, Amount)> {
        let currency = faults.read::<Currency>(base, "currency", &self.currency);
        let amount = Amount::new(self.amount);
        match amount {
            None => faults.add(format!("{base}/amount"), "invalid_amount", "the amount is out of range"),
            Some(amount) if amount.is_negative() => {
                faults.add(format!("{base}/amount"), "negative_price", "a price is not below zero");
            }
            Some(_) => {}
        }
        Some((currency?, amount?))
    }
}

/// A new order, checked as far as that needs no other knowledge. As canonical JSON it is what a key stands for.
#[derive(Clone, Debug, Serialize)]
pub struct NewOrder {
    /// The id its maker gave it.
    pub id: Option<OrderId>,
    /// What is fixed about it, but for when it was placed.
    pub head: Head,
    /// When it was placed, when that was not now.
    pub placed_at: Option<Timestamp>,
    /// True when somebody has to confirm it first.
    pub to_confirm: bool,
    /// Its lines.
    pub lines: Vec<DraftLine>,
}

impl NewOrder {
    /// The order under this id; `now` is when it was placed, unless it says when.
    pub fn into_draft(self, id: OrderId, now: Timestamp) -> Draft {
        let head = Head { placed_at: self.placed_at.unwrap_or(now), ..self.head };
        Draft { id, head, to_confirm: self.to_confirm, lines: self.lines }
    }
}

/// Reads the body of `POST /v1/orders`.
///
/// # Errors
/// The problem with every fault of the body.
pub fn place(bytes: &[u8]) -> Result<NewOrder, Problem> {
    let body: Body = decode::body(bytes)?;
    let mut faults = Faults::new();
    for (given, member) in [(body.key.is_some(), "/key"), (body.placed_at.is_some(), "/placed_at")] {
        if given {
            faults.add(member, "unknown_field", "only imports have this field");
        }
    }
    new_order(&body, MAX_LINES, faults)
}

/// Reads a line of an import of orders: the order and its idempotency key.
///
/// # Errors
/// The problem with every fault of the line.
pub fn place_import(bytes: &[u8]) -> Result<(NewOrder, String), Problem> {
    let mut body: Body = decode::body(bytes)?;
    let mut faults = Faults::new();
    let key = body.key.take();
    match &key {
        None => faults.add("/key", "missing_field", "missing field `key`"),
        Some(key) if !crate::import::is_key(key) => {
            faults.add("/key", "invalid_key", "a key is 1 to 255 visible ASCII characters");
        }
        Some(_) => {}
    }
    let order = new_order(&body, MAX_IMPORT_LINES, faults)?;
    Ok((order, key.unwrap_or_default()))
}

fn new_order(body: &Body, most_lines: usize, mut faults: Faults) -> Result<NewOrder, Problem> {
    let id = faults.read_some("", "id", body.id.as_ref());
    let channel = faults.read("", "channel", &body.channel);
    let external_ref = faults.read_some("", "external_ref", body.external_ref.as_ref());
    let customer = customer(&mut faults, body.customer.as_deref());
    let ship_to = address(&mut faults, &body.ship_to);
    let currency = faults.read("", "currency", &body.currency);
    let shortage = match &body.shortage {
        Some(word) => faults.choose("", "shortage", word, SHORTAGES),
        None => Some(Shortage::Reject),
    };
    let demand_class = faults.read_some("", "demand_class", body.demand_class.as_ref());
    let cart = faults.read_some("", "cart", body.cart.as_ref());
    let method = method(&mut faults, body);
    let requested_by = faults.read_some("", "requested_by", body.requested_by.as_ref());
    let placed_at = faults.read_some("", "placed_at", body.placed_at.as_ref());
    faults.count("lines", body.lines.len(), most_lines);
    let lines = (0..most_lines).zip(&body.lines).map(|(index, line)| draft_line(&mut faults, index, line, currency));
    let lines: Vec<Option<DraftLine>> = lines.collect();
    faults.finish(|| {
        Some(NewOrder {
            id,
            head: Head {
                channel: channel?,
                external_ref,
                customer,
                ship_to: ship_to?,
                currency: currency?,
                shortage: shortage?,
                method: method?,
                requested_by,
                ship_complete: body.ship_complete,
                demand_class,
                cart,
                placed_at: Timestamp::EPOCH,
            },
            placed_at,
            to_confirm: body.draft,
            lines: lines.into_iter().collect::<Option<_>>()?,
        })
    })
}

const SHORTAGES: &[(&str, Shortage)] =
    &[("reject", Shortage::Reject), ("backorder", Shortage::Backorder), ("preorder", Shortage::Preorder)];

/// How the goods reach the customer; where they are fetched has to be said, and only then.
fn method(faults: &mut Faults, body: &Body) -> Option<Method> {
    let way = match &body.method {
        Some(word) => faults.choose("", "method", word, WAYS)?,
        None => Way::Ship,
    };
    match (way, &body.pick_up_at) {
        (Way::Ship, None) => Some(Method::Ship),
        (Way::Ship, Some(_)) => {
            faults.add("/pick_up_at", "not_for_this", "only what is picked up has a place to pick it up");
            None
        }
        (Way::PickUp | Way::Curbside | Way::ShipToStore, None) => {
            faults.add("/pick_up_at", "missing_field", "missing field `pick_up_at`");
            None
        }
        (Way::PickUp, Some(at)) => Some(Method::PickUp { location: faults.read("", "pick_up_at", at)? }),
        (Way::Curbside, Some(at)) => Some(Method::Curbside { location: faults.read("", "pick_up_at", at)? }),
        (Way::ShipToStore, Some(at)) => Some(Method::ShipToStore { location: faults.read("", "pick_up_at", at)? }),
    }
}

const WAYS: &[(&str, Way)] =
    &[("ship", Way::Ship), ("pick_up", Way::PickUp), ("curbside", Way::Curbside), ("ship_to_store", Way::ShipToStore)];

fn customer(faults: &mut Faults, body: Option<&CustomerBody>) -> Customer {
    let Some(body) = body else { return Customer::default() };
    let mut read = |member, text: &Option<String>| faults.read_some::<Label>("/customer", member, text.as_ref());
    Customer {
        id: read("id", &body.id),
        name: read("name", &body.name),
        email: read("email", &body.email),
        phone: read("phone", &body.phone),
        class: faults.read_some("/customer", "class", body.class.as_ref()),
    }
}

fn address(faults: &mut Faults, body: &AddressBody) -> Option<Address> {
    let base = "/ship_to";
    let country = faults.read(base, "country", &body.country);
    let position: Option<Position> = position(faults, base, body.latitude, body.longitude);
    let mut read = |member, text: &Option<String>| faults.read_some::<Label>(base, member, text.as_ref());
    let (name, line1, line2) = (read("name", &body.name), read("line1", &body.line1), read("line2", &body.line2));
    let (city, postal_code) = (read("city", &body.city), read("postal_code", &body.postal_code));
    Some(Address { name, line1, line2, city, postal_code, country: country?, position })
}

fn draft_line(faults: &mut Faults, index: usize, body: &LineBody, order: Option<Currency>) -> Option<DraftLine> {
    let base = format!("/lines/{index}");
    let sku = faults.read(&base, "sku", &body.sku);
    let quantity = faults.read_positive(&base, "quantity", &body.quantity);
    let price = match &body.unit_price {
        Some(money) => Some(money.price(faults, &format!("{base}/unit_price"))?),
        None => None,
    };
    if let (Some((currency, _)), Some(order)) = (price, order)
        && currency != order
    {
        let detail = format!("the order is in {order}, the price in {currency}");
        faults.add(format!("{base}/unit_price/currency"), "currency_mismatch", detail);
    }
    let requested_by = faults.read_some(&base, "requested_by", body.requested_by.as_ref());
    let unit_price = price.map(|(_, amount)| amount);
    Some(DraftLine { sku: sku?, quantity: quantity?, unit_price, whole: body.whole, requested_by })
}
