//! Purchase and transfer orders: how they are put, and how what is on its way is shown.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use oms_core::promise::{Inbound, Source, Stage};
use oms_core::sorting;
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
    // Of a transfer only.
    from: Option<String>,
    ships: Option<String>,
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

/// Where goods on their way come from, by the kind of order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A supplier.
    Purchase,
    /// Another location.
    Transfer,
}

/// Reads the body of `PUT /v1/purchase-orders/{id}` or `PUT /v1/transfer-orders/{id}`: a line of supply for each line.
///
/// # Errors
/// The problem with every fault of the body or the id.
pub fn put(kind: Kind, id: &str, bytes: &[u8]) -> Result<Vec<Inbound>, Problem> {
    let body: Body = decode::body(bytes)?;
    let mut faults = Faults::new();
    let source = source(&mut faults, kind, &body);
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
                source: source.clone()?,
                stage: stage?,
                expected: own.or(expected)?,
                ordered: ordered?,
                received: Quantity::ZERO,
                sent: Quantity::ZERO,
            })
        };
        lines.push(inbound());
    }
    faults.finish(|| lines.into_iter().collect())
}

fn source(faults: &mut Faults, kind: Kind, body: &Body) -> Option<Source> {
    if kind == Kind::Purchase {
        for (member, said) in [("from", &body.from), ("ships", &body.ships)] {
            if said.is_some() {
                faults.add(format!("/{member}"), "unknown_field", "only a transfer order says so");
            }
        }
        return Some(Source::Purchase);
    }
    for (member, said) in [("from", &body.from), ("ships", &body.ships)] {
        if said.is_none() {
            faults.add(format!("/{member}"), "missing_field", format!("missing field `{member}`"));
        }
    }
    let from: Option<LocationId> = faults.read_some("", "from", body.from.as_ref());
    let ships: Option<Day> = faults.read_some("", "ships", body.ships.as_ref());
    if from.as_ref().is_some_and(|from| from.as_str() == body.location) {
        faults.add("/location", "same_location", "a transfer needs two different locations");
    }
    Some(Source::Transfer { from: from?, ships: ships? })
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
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<&'a LocationId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ships: Option<Day>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sent: Option<Shown<Quantity>>,
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
                from: transfer(inbound).map(|(from, _)| from),
                ships: transfer(inbound).map(|(_, ships)| ships),
                sent: transfer(inbound).map(|_| Shown(inbound.sent)),
                stage: inbound.stage,
                expected: inbound.expected,
                ordered: Shown(inbound.ordered),
                received: Shown(inbound.received),
                open: Shown(inbound.open()),
                discrepancy: Shown(inbound.discrepancy()),
            })
            .collect();
        sorting::sort_by(&mut data, |one, other| {
            (one.expected, one.id, one.sku).cmp(&(other.expected, other.id, other.sku))
        });
        Self { data }
    }
}

fn transfer(inbound: &Inbound) -> Option<(&LocationId, Day)> {
    match &inbound.source {
        Source::Transfer { from, ships } => Some((from, *ships)),
        Source::Purchase => None,
    }
}
