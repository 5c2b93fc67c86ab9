//! What a page hands over.

use alloc::collections::BTreeMap;
use core::fmt;

use js_sys::Reflect;
use oms_api::problem::Problem;
use oms_api::{decode, order};
use oms_core::order::Draft;
use oms_core::till::{
    Amounted, Cart, Command, DeviceId, Entry, Event, ReceiptNo, RefundAsk, RefundLineAsk, ReturnOf, Settings, SoldLine,
    Tender,
};
use oms_core::value::{Amount, Digest, Label, OrderId, Quantity, Sku, Timestamp, decimal};
use serde::de::{DeserializeOwned, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use wasm_bindgen::JsValue;

use crate::answer::No;

/// A plain object, read as the API reads a body.
pub(super) fn body<T: DeserializeOwned>(argument: &JsValue) -> Result<T, No> {
    Ok(decode::body(&oms_js::json(argument)?)?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub(super) struct Opening {
    pub(super) device: DeviceId,
    pub(super) epoch: u32,
    pub(super) genesis: Digest,
    pub(super) next_receipt: u64,
    pub(super) settings: Settings,
    pub(super) rights: Rights,
    pub(super) snapshot: Option<String>,
    #[serde(default)]
    pub(super) entries: Vec<String>,
}

/// Quantities by SKU, as decimals.
pub(super) struct Rights(pub(super) BTreeMap<Sku, Quantity>);

impl<'de> Deserialize<'de> for Rights {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(RightsVisitor)
    }
}

struct RightsVisitor;

impl<'de> Visitor<'de> for RightsVisitor {
    type Value = Rights;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Rights, A::Error> {
        let mut rights = BTreeMap::new();
        while let Some((sku, Decimal(quantity))) = members.next_entry()? {
            rights.insert(sku, quantity);
        }
        Ok(Rights(rights))
    }
}

struct Decimal(Quantity);

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decimal::deserialize(deserializer).map(Self)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
pub(super) struct RefundBody {
    cashier: Label,
    approver: Option<Label>,
    /// The entry of the sale, where this till still has it.
    sale: Option<String>,
    order: Option<OrderId>,
    sold: Option<Vec<SoldLine>>,
    receipt: Option<ReceiptNo>,
    reason: Label,
    lines: Vec<RefundLineAsk>,
    #[serde(default)]
    tenders: Vec<Tender>,
}

impl RefundBody {
    pub(super) fn ask(self) -> Result<RefundAsk, No> {
        let (of, sold) = match (&self.sale, self.order) {
            (Some(sale), _) => {
                let entry: Entry = decode::body(sale.as_bytes())?;
                let Event::Sold(sale) = entry.event else {
                    return Err(Problem::invalid("/sale", "no_sale", "the entry is no sale").into());
                };
                let of = ReturnOf::Order { order: sale.order, receipt: Some(sale.receipt.clone()) };
                (of, Some(SoldLine::of(&sale)))
            }
            (None, Some(order)) => (ReturnOf::Order { order, receipt: self.receipt }, self.sold),
            (None, None) => (ReturnOf::Unknown, None),
        };
        let Self { cashier, approver, reason, lines, tenders, .. } = self;
        Ok(RefundAsk { cashier, approver, of, sold, reason, lines, tenders })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case", expecting = "an object with one command")]
enum Ask {
    OpenShift(Drawer),
    CloseShift(Drawer),
    PayIn(Drawer),
    PayOut(Drawer),
    OpenDrawer(Drawer),
    Sell(Box<Cart>),
    Refund(Box<RefundBody>),
    Count(CountBody),
    HandOver(HandOverBody),
    Request(RequestBody),
    Surrender(RecallBody),
    AcceptClock(ManagerBody),
}

/// What commands of the drawer take, each some of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct Drawer {
    cashier: Label,
    approver: Option<Label>,
    float: Option<Amount>,
    counted: Option<Amount>,
    amount: Option<Amount>,
    reason: Option<Label>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct CountBody {
    cashier: Label,
    lines: Vec<CountLine>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct CountLine {
    sku: Sku,
    #[serde(with = "decimal")]
    counted: Quantity,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct HandOverBody {
    cashier: Label,
    order: OrderId,
    no: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct RequestBody {
    cashier: Label,
    /// Read by the API's own reader.
    #[serde(rename = "order")]
    _order: IgnoredAny,
    #[serde(default)]
    tenders: Vec<Tender>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct RecallBody {
    recall: Vec<Amounted>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct ManagerBody {
    manager: Label,
}

/// A command as the page sends it.
pub(super) fn command(argument: &JsValue) -> Result<Command, No> {
    Ok(match body(argument)? {
        Ask::OpenShift(Drawer { cashier, float, .. }) => {
            Command::OpenShift { cashier, float: needed(float, "open_shift", "float")? }
        }
        Ask::CloseShift(Drawer { cashier, approver, counted, .. }) => {
            Command::CloseShift { cashier, approver, counted: needed(counted, "close_shift", "counted")? }
        }
        Ask::PayIn(Drawer { cashier, amount, reason, .. }) => Command::PayIn {
            cashier,
            amount: needed(amount, "pay_in", "amount")?,
            reason: needed(reason, "pay_in", "reason")?,
        },
        Ask::PayOut(Drawer { cashier, approver, amount, reason, .. }) => Command::PayOut {
            cashier,
            approver,
            amount: needed(amount, "pay_out", "amount")?,
            reason: needed(reason, "pay_out", "reason")?,
        },
        Ask::OpenDrawer(Drawer { cashier, reason, .. }) => {
            Command::OpenDrawer { cashier, reason: needed(reason, "open_drawer", "reason")? }
        }
        Ask::Sell(cart) => Command::Sell(cart),
        Ask::Refund(refund) => Command::Refund(Box::new(refund.ask()?)),
        Ask::Count(CountBody { cashier, lines }) => {
            let line = |CountLine { sku, counted }| Amounted { sku, quantity: counted };
            Command::Count { cashier, lines: lines.into_iter().map(line).collect() }
        }
        Ask::HandOver(HandOverBody { cashier, order, no }) => Command::HandOver { cashier, order, no },
        Ask::Request(RequestBody { cashier, tenders, .. }) => {
            Command::Request { cashier, draft: Box::new(draft(argument)?), tenders }
        }
        Ask::Surrender(RecallBody { recall }) => Command::Surrender { recall },
        Ask::AcceptClock(ManagerBody { manager }) => Command::AcceptClock { manager },
    })
}

fn needed<T>(value: Option<T>, command: &str, member: &str) -> Result<T, Problem> {
    let pointer = || format!("/{command}/{member}");
    value.ok_or_else(|| Problem::invalid(pointer(), "missing_field", format!("missing field `{member}`")))
}

/// The order of a request, as `POST /v1/orders` takes it; the entry gives it its id and its time.
fn draft(argument: &JsValue) -> Result<Draft, No> {
    let member = |object: &JsValue, name: &str| Reflect::get(object, &name.into()).unwrap_or_default();
    let order = order::place(&oms_js::json(&member(&member(argument, "request"), "order"))?)?;
    let id = OrderId::new(oms_core::value::Slot::new(0), Timestamp::EPOCH, 0);
    Ok(order.into_draft(id, Timestamp::EPOCH))
}
