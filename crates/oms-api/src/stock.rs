//! Stock documents: receipts, adjustments, counts, transfers and dispositions.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use oms_core::stock::{MoveLine, MovementId, Reason, Shelf, Verdict};
use oms_core::value::{Delta, Label, LocationId, Quantity, Sku};
use serde::{Deserialize, Serialize};

use crate::decode::{self, Object};
use crate::fault::Faults;
use crate::problem::Problem;
use crate::show::Shown;

/// Most lines of a stock document.
pub const MAX_LINES: usize = 200;

/// A stock document: what moves, and its reference. As canonical JSON it is what a key stands for.
#[derive(Clone, Debug, Serialize)]
pub struct Document {
    /// Its own number, such as a purchase order.
    pub reference: Option<Label>,
    /// What moves, in the order of the body.
    pub lines: Vec<MoveLine>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct ReceiptBody {
    location: String,
    reference: Option<String>,
    lines: Vec<Object<QuantityLine>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct AdjustmentBody {
    location: String,
    reason: String,
    lines: Vec<Object<QuantityLine>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct DispositionBody {
    location: String,
    disposition: String,
    reference: Option<String>,
    lines: Vec<Object<QuantityLine>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct CountBody {
    location: String,
    lines: Vec<Object<CountLine>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct TransferBody {
    from: String,
    to: String,
    lines: Vec<Object<QuantityLine>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct DispatchBody {
    transfer: String,
    from: String,
    lines: Vec<Object<QuantityLine>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct QuantityLine {
    sku: String,
    quantity: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct CountLine {
    sku: String,
    counted: String,
}

const REASONS: &[(&str, Reason)] = &[
    ("damaged", Reason::Damaged),
    ("lost", Reason::Lost),
    ("found", Reason::Found),
    ("correction", Reason::Correction),
];

const VERDICTS: &[(&str, Verdict)] = &[("restock", Verdict::Restock), ("scrap", Verdict::Scrap)];

/// Reads the body of `POST /v1/stock/receipts`.
///
/// # Errors
/// The problem with every fault of the body; so for all of these.
pub fn receipt(bytes: &[u8]) -> Result<Document, Problem> {
    let body: ReceiptBody = decode::body(bytes)?;
    let mut faults = Faults::new();
    let location = faults.read("", "location", &body.location);
    let reference = faults.read_some("", "reference", body.reference.as_ref());
    let lines = each(&mut faults, &body.lines, |faults, base, line| {
        let sku = faults.read(base, "sku", &line.sku);
        let quantity = faults.read_positive(base, "quantity", &line.quantity);
        Some(MoveLine::Receive { sku: sku?, location: location.clone()?, quantity: quantity? })
    });
    document(faults, reference, lines)
}

/// Reads the body of `POST /v1/stock/adjustments`.
///
/// # Errors
/// As for [`receipt`].
pub fn adjustment(bytes: &[u8]) -> Result<Document, Problem> {
    let body: AdjustmentBody = decode::body(bytes)?;
    let mut faults = Faults::new();
    let location = faults.read("", "location", &body.location);
    let reason = faults.choose("", "reason", &body.reason, REASONS);
    let lines = each(&mut faults, &body.lines, |faults, base, line| {
        let sku = faults.read(base, "sku", &line.sku);
        let by: Option<Delta> = faults.read(base, "quantity", &line.quantity);
        if by.is_some_and(Delta::is_zero) {
            faults.add(format!("{base}/quantity"), "invalid_quantity", "the quantity is zero");
        }
        Some(MoveLine::Adjust { sku: sku?, location: location.clone()?, by: by?, reason: reason? })
    });
    document(faults, None, lines)
}

/// Reads the body of `POST /v1/stock/dispositions`.
///
/// # Errors
/// As for [`receipt`].
pub fn disposition(bytes: &[u8]) -> Result<Document, Problem> {
    let body: DispositionBody = decode::body(bytes)?;
    let mut faults = Faults::new();
    let location = faults.read("", "location", &body.location);
    let verdict = faults.choose("", "disposition", &body.disposition, VERDICTS);
    let reference = faults.read_some("", "reference", body.reference.as_ref());
    let lines = each(&mut faults, &body.lines, |faults, base, line| {
        let sku = faults.read(base, "sku", &line.sku);
        let quantity = faults.read_positive(base, "quantity", &line.quantity);
        Some(MoveLine::Judge { sku: sku?, location: location.clone()?, quantity: quantity?, verdict: verdict? })
    });
    document(faults, reference, lines)
}

/// Reads the body of `POST /v1/stock/counts`.
///
/// # Errors
/// As for [`receipt`].
pub fn count(bytes: &[u8]) -> Result<Document, Problem> {
    let body: CountBody = decode::body(bytes)?;
    let mut faults = Faults::new();
    let location = faults.read("", "location", &body.location);
    let lines = each(&mut faults, &body.lines, |faults, base, line| {
        let sku = faults.read(base, "sku", &line.sku);
        let counted = faults.read(base, "counted", &line.counted);
        Some(MoveLine::Count { sku: sku?, location: location.clone()?, counted: counted? })
    });
    document(faults, None, lines)
}

/// Reads the body of `POST /v1/stock/transfers`.
///
/// # Errors
/// As for [`receipt`].
pub fn transfer(bytes: &[u8]) -> Result<Document, Problem> {
    let body: TransferBody = decode::body(bytes)?;
    let mut faults = Faults::new();
    let from: Option<LocationId> = faults.read("", "from", &body.from);
    let to: Option<LocationId> = faults.read("", "to", &body.to);
    if from.is_some() && from == to {
        faults.add("/to", "same_location", "a transfer needs two different locations");
    }
    let lines = each(&mut faults, &body.lines, |faults, base, line| {
        let sku = faults.read(base, "sku", &line.sku);
        let quantity = faults.read_positive(base, "quantity", &line.quantity);
        Some(MoveLine::Transfer { sku: sku?, from: from.clone()?, to: to.clone()?, quantity: quantity? })
    });
    document(faults, None, lines)
}

/// Reads the body of `POST /v1/stock/dispatches`.
///
/// # Errors
/// As for [`receipt`].
pub fn dispatch(bytes: &[u8]) -> Result<Document, Problem> {
    let body: DispatchBody = decode::body(bytes)?;
    let mut faults = Faults::new();
    let transfer: Option<Label> = faults.read("", "transfer", &body.transfer);
    let from: Option<LocationId> = faults.read("", "from", &body.from);
    let lines = each(&mut faults, &body.lines, |faults, base, line| {
        let sku = faults.read(base, "sku", &line.sku);
        let quantity = faults.read_positive(base, "quantity", &line.quantity);
        Some(MoveLine::Dispatch { sku: sku?, from: from.clone()?, quantity: quantity? })
    });
    document(faults, transfer, lines)
}

/// Reads every line, whatever is wrong with others.
fn each<T>(
    faults: &mut Faults,
    lines: &[T],
    mut read: impl FnMut(&mut Faults, &str, &T) -> Option<MoveLine>,
) -> Vec<Option<MoveLine>> {
    faults.count("lines", lines.len(), MAX_LINES);
    let lines = (0..MAX_LINES).zip(lines);
    lines.map(|(index, line)| read(faults, &format!("/lines/{index}"), line)).collect()
}

fn document(faults: Faults, reference: Option<Label>, lines: Vec<Option<MoveLine>>) -> Result<Document, Problem> {
    faults.finish(|| Some(Document { reference, lines: lines.into_iter().collect::<Option<_>>()? }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct ImportBody {
    key: String,
    sku: String,
    location: String,
    quantity: String,
}

/// Reads a line of an import of stock: the receipt and its key.
///
/// # Errors
/// The problem with every fault of the line.
pub fn receipt_import(bytes: &[u8]) -> Result<(MoveLine, String), Problem> {
    let body: ImportBody = decode::body(bytes)?;
    let mut faults = Faults::new();
    if !crate::import::is_key(&body.key) {
        faults.add("/key", "invalid_key", "a key is 1 to 255 visible ASCII characters");
    }
    let sku = faults.read("", "sku", &body.sku);
    let location = faults.read("", "location", &body.location);
    let quantity = faults.read_positive("", "quantity", &body.quantity);
    let line = faults.finish(|| Some(MoveLine::Receive { sku: sku?, location: location?, quantity: quantity? }))?;
    Ok((line, body.key))
}

/// The shelves a line moves, in the order they are shown.
pub fn places(line: &MoveLine) -> Vec<(&Sku, &LocationId)> {
    match line {
        MoveLine::Receive { sku, location, .. }
        | MoveLine::Adjust { sku, location, .. }
        | MoveLine::Count { sku, location, .. }
        | MoveLine::Recount { sku, location, .. }
        | MoveLine::Judge { sku, location, .. }
        | MoveLine::Return { sku, location, .. }
        | MoveLine::Dispatch { sku, from: location, .. } => alloc::vec![(sku, location)],
        MoveLine::Transfer { sku, from, to, .. } => alloc::vec![(sku, from), (sku, to)],
    }
}

/// How much a line asks for.
pub fn asked(line: &MoveLine) -> Quantity {
    match line {
        MoveLine::Receive { quantity, .. }
        | MoveLine::Transfer { quantity, .. }
        | MoveLine::Dispatch { quantity, .. }
        | MoveLine::Return { quantity, .. }
        | MoveLine::Judge { quantity, .. }
        | MoveLine::Count { counted: quantity, .. }
        | MoveLine::Recount { counted: quantity, .. } => *quantity,
        MoveLine::Adjust { by, .. } => by.magnitude(),
    }
}

/// The pointer to where a document names a location.
pub fn pointer_to(line: &MoveLine, location: &LocationId) -> &'static str {
    match line {
        MoveLine::Transfer { from, .. } if from == location => "/from",
        MoveLine::Dispatch { .. } => "/from",
        MoveLine::Transfer { .. } => "/to",
        MoveLine::Receive { .. }
        | MoveLine::Adjust { .. }
        | MoveLine::Count { .. }
        | MoveLine::Recount { .. }
        | MoveLine::Judge { .. }
        | MoveLine::Return { .. } => "/location",
    }
}

/// The answer to a stock document.
#[derive(Debug, Serialize)]
pub struct MovementView {
    id: String,
    lines: Vec<BalanceView>,
}

/// A shelf after a movement.
#[derive(Clone, Debug, Serialize)]
pub struct BalanceView {
    sku: Sku,
    location: LocationId,
    on_hand: Shown<Quantity>,
    available: Shown<Quantity>,
}

impl BalanceView {
    /// A shelf and what is free to sell of it.
    pub fn new(sku: Sku, location: LocationId, shelf: &Shelf, available: Quantity) -> Self {
        Self { sku, location, on_hand: Shown(shelf.on_hand), available: Shown(available) }
    }

    /// True when it is about this shelf.
    pub fn is_of(&self, sku: &Sku, location: &LocationId) -> bool {
        self.sku == *sku && self.location == *location
    }
}

impl MovementView {
    /// A movement and the balances after it.
    pub fn new(id: MovementId, lines: Vec<BalanceView>) -> Self {
        Self { id: format!("mov_{id}"), lines }
    }
}
