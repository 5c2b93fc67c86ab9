//! Returns: how they are asked for, received and shown.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use oms_core::order::{Action, Disposition, FulfillmentStatus, Order, Received, Return, ReturnLine, ReturnStage};
use oms_core::value::{Label, LocationId, OrderId, Quantity, ReturnId};
use serde::{Deserialize, Serialize};

use crate::decode::{self, Object};
use crate::fault::Faults;
use crate::order::MAX_IMPORT_LINES;
use crate::problem::Problem;
use crate::show::Shown;

/// Goods that came.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// Where.
    pub location: LocationId,
    /// What.
    pub lines: Vec<Received>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct RequestBody {
    lines: Vec<Object<RequestLine>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct RequestLine {
    line: u32,
    quantity: String,
    reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct ReceiveBody {
    location: String,
    lines: Vec<Object<ReceiveLine>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct ReceiveLine {
    line: u32,
    quantity: String,
    disposition: String,
}

const DISPOSITIONS: &[(&str, Disposition)] =
    &[("restock", Disposition::Restock), ("quarantine", Disposition::Quarantine)];

/// Reads the body of `POST /v1/orders/{id}/returns`.
///
/// # Errors
/// The problem with every fault of the body.
pub fn request(bytes: &[u8]) -> Result<Vec<ReturnLine>, Problem> {
    let body: RequestBody = decode::body(bytes)?;
    let mut faults = Faults::new();
    faults.count("lines", body.lines.len(), MAX_IMPORT_LINES);
    let lines = (0..MAX_IMPORT_LINES).zip(&body.lines).map(|(index, line)| {
        let base = format!("/lines/{index}");
        let quantity = faults.read_positive(&base, "quantity", &line.quantity);
        let reason = faults.read_some(&base, "reason", line.reason.as_ref());
        Some(ReturnLine { line: line.line, quantity: quantity?, reason })
    });
    let lines: Vec<Option<ReturnLine>> = lines.collect();
    faults.finish(|| lines.into_iter().collect())
}

/// Reads the body of `POST /v1/returns/{id}/receive`.
///
/// # Errors
/// The problem with every fault of the body.
pub fn receive(bytes: &[u8]) -> Result<Receipt, Problem> {
    let body: ReceiveBody = decode::body(bytes)?;
    let mut faults = Faults::new();
    let location = faults.read("", "location", &body.location);
    faults.count("lines", body.lines.len(), MAX_IMPORT_LINES);
    let lines = (0..MAX_IMPORT_LINES).zip(&body.lines).map(|(index, line)| {
        let base = format!("/lines/{index}");
        let quantity = faults.read_positive(&base, "quantity", &line.quantity);
        let disposition = faults.choose(&base, "disposition", &line.disposition, DISPOSITIONS);
        Some(Received { line: line.line, quantity: quantity?, disposition: disposition? })
    });
    let lines: Vec<Option<Received>> = lines.collect();
    faults.finish(|| Some(Receipt { location: location?, lines: lines.into_iter().collect::<Option<_>>()? }))
}

/// A return as it is shown.
#[derive(Debug, Serialize)]
pub struct ReturnView<'a> {
    id: ReturnId,
    order_id: OrderId,
    status: FulfillmentStatus,
    lines: Vec<ReturnLineView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    received: Option<ReceiptView<'a>>,
    actions: Vec<Action>,
}

#[derive(Debug, Serialize)]
struct ReceiptView<'a> {
    location: &'a LocationId,
    lines: Vec<ReceivedView>,
}

/// A line of a return.
#[derive(Debug, Serialize)]
pub struct ReturnLineView<'a> {
    line: u32,
    quantity: Shown<Quantity>,
    reason: Option<&'a Label>,
}

/// What came of a line.
#[derive(Debug, Serialize)]
pub struct ReceivedView {
    line: u32,
    quantity: Shown<Quantity>,
    disposition: Disposition,
}

impl<'a> ReturnView<'a> {
    /// A return of an order.
    pub fn new(order: &Order, one: &'a Return) -> Self {
        Self {
            id: order.return_id(one.no),
            order_id: order.id,
            status: one.status(),
            lines: one.lines.iter().map(ReturnLineView::from).collect(),
            received: received(&one.stage),
            actions: one.actions(),
        }
    }
}

fn received(stage: &ReturnStage) -> Option<ReceiptView<'_>> {
    match stage {
        ReturnStage::Received { location, lines, .. } => {
            Some(ReceiptView { location, lines: lines.iter().map(ReceivedView::from).collect() })
        }
        ReturnStage::Requested | ReturnStage::Authorized | ReturnStage::Canceled { .. } => None,
    }
}

impl<'a> From<&'a ReturnLine> for ReturnLineView<'a> {
    fn from(line: &'a ReturnLine) -> Self {
        Self { line: line.line, quantity: Shown(line.quantity), reason: line.reason.as_ref() }
    }
}

impl From<&Received> for ReceivedView {
    fn from(line: &Received) -> Self {
        Self { line: line.line, quantity: Shown(line.quantity), disposition: line.disposition }
    }
}
