//! Purchase orders: how they are put, and how what is on its way is shown.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use oms_core::promise::{Inbound, Source, Stage};
use oms_core::stock::Page;
use oms_core::value::{Day, Delta, Label, LocationId, Quantity, Sku};
use serde::{Deserialize, Serialize};

use crate::decode::{self, Object};
use crate::fault::Faults;
use crate::problem::Problem;
use crate::show::Shown;

/// Most lines of a purchase order.
pub const MAX_LINES: usize = 200;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct Body {
    location: String,
    expected: String,
    stage: Option<String>,
    lines: Vec<Object<LineBody>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct LineBody {
    sku: String,
    quantity: String,
    expected: Option<String>,
}

const STAGES: &[(&str, Stage)] =
    &[("draft", Stage::Draft), ("ready", Stage::Ready), ("in_transit", Stage::InTransit), ("closed", Stage::Closed)];

/// Reads the body of `PUT /v1/purchase-orders/{id}`: a line of supply for each line.
///
/// # Errors
/// The problem with every fault of the body or the id.
pub fn put(id: &str, bytes: &[u8]) -> Result<Vec<Inbound>, Problem> {
    let body: Body = decode::body(bytes)?;
    let mut faults = Faults::new();
    let id: Option<Label> = faults.read("", "id", id);
    let location: Option<LocationId> = faults.read("", "location", &body.location);
    let expected: Option<Day> = faults.read("", "expected", &body.expected);
    let stage = match &body.stage {
        Some(word) => faults.choose("", "stage", word, STAGES),
        None => Some(Stage::Ready),
    };
    faults.count("lines", body.lines.len(), MAX_LINES);
    let mut lines: Vec<Option<Inbound>> = Vec::new();
    for (index, line) in (0..MAX_LINES).zip(&body.lines) {
        let base = format!("/lines/{index}");
        let sku: Option<Sku> = faults.read(&base, "sku", &line.sku);
        let ordered = faults.read_positive(&base, "quantity", &line.quantity);
        let own = faults.read_some(&base, "expected", line.expected.as_ref());
        if sku.is_some() && lines.iter().flatten().any(|known| Some(&known.sku) == sku.as_ref()) {
            faults.add(format!("{base}/sku"), "named_twice", "the SKU stands there already");
        }
        let inbound = || {
            Some(Inbound {
                id: id.clone()?,
                sku: sku?,
                location: location.clone()?,
                source: Source::Purchase,
                stage: stage?,
                expected: own.or(expected)?,
                ordered: ordered?,
                received: Quantity::ZERO,
            })
        };
        lines.push(inbound());
    }
    faults.finish(|| lines.into_iter().collect())
}

/// What is on its way of some SKUs.
#[derive(Debug, Serialize)]
pub struct InboundsView<'a> {
    data: Vec<InboundView<'a>>,
}

/// A line of goods on their way.
#[derive(Debug, Serialize)]
struct InboundView<'a> {
    id: &'a Label,
    sku: &'a Sku,
    location: &'a LocationId,
    stage: Stage,
    expected: Day,
    ordered: Shown<Quantity>,
    received: Shown<Quantity>,
    open: Shown<Quantity>,
    discrepancy: Shown<Delta>,
}

impl<'a> InboundsView<'a> {
    /// Everything on its way of these, or only what has this number.
    pub fn new(pages: &'a [(Sku, Page)], only: Option<&str>) -> Self {
        let all = pages.iter().flat_map(|(_, page)| &page.inbound);
        let mut data: Vec<InboundView<'a>> = all
            .filter(|inbound| only.is_none_or(|only| inbound.id.as_str() == only))
            .map(|inbound| InboundView {
                id: &inbound.id,
                sku: &inbound.sku,
                location: &inbound.location,
                stage: inbound.stage,
                expected: inbound.expected,
                ordered: Shown(inbound.ordered),
                received: Shown(inbound.received),
                open: Shown(inbound.open()),
                discrepancy: Shown(inbound.discrepancy()),
            })
            .collect();
        data.sort_by(|one, other| (one.expected, one.id, one.sku).cmp(&(other.expected, other.id, other.sku)));
        Self { data }
    }
}
