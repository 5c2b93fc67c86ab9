//! Rights to sell: granted, asked back, given up.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use oms_core::value::{Label, Quantity, Sku};
use serde::Deserialize;

use crate::decode::{self, Object};
use crate::fault::Faults;
use crate::problem::Problem;

/// Most lines of a grant or a recall.
const MAX_LINES: usize = 500;

/// Lines with an optional quantity each.
pub type Lines<Q> = Vec<(Sku, Q)>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct Body {
    lines: Vec<Object<LineBody>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct LineBody {
    sku: String,
    quantity: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct RevokeBody {
    reason: Option<String>,
}

/// Reads the body of `POST /v1/tills/{id}/grants`.
///
/// # Errors
/// The problem with every fault of the body; so for all of these.
pub fn grant(bytes: &[u8]) -> Result<Lines<Quantity>, Problem> {
    let mut faults = Faults::new();
    let lines = lines(bytes, &mut faults, true)?;
    faults.finish(|| lines.into_iter().map(|(sku, quantity)| Some((sku, quantity?))).collect())
}

/// Reads the body of `POST /v1/tills/{id}/recalls`: a line without a quantity asks for all there is.
///
/// # Errors
/// As for [`grant`].
pub fn recall(bytes: &[u8]) -> Result<Lines<Option<Quantity>>, Problem> {
    let mut faults = Faults::new();
    let lines = lines(bytes, &mut faults, false)?;
    faults.finish(|| Some(lines))
}

/// Reads the body of `POST /v1/tills/{id}/revoke`.
///
/// # Errors
/// As for [`grant`].
pub fn revoke(bytes: &[u8]) -> Result<Option<Label>, Problem> {
    let body: RevokeBody = decode::body(bytes)?;
    let mut faults = Faults::new();
    let reason = faults.read_some("", "reason", body.reason.as_ref());
    faults.finish(|| Some(reason))
}

fn lines(bytes: &[u8], faults: &mut Faults, needs_quantity: bool) -> Result<Lines<Option<Quantity>>, Problem> {
    let body: Body = decode::body(bytes)?;
    faults.count("lines", body.lines.len(), MAX_LINES);
    let mut lines = Vec::new();
    for (index, line) in (0..MAX_LINES).zip(&body.lines) {
        let base = format!("/lines/{index}");
        let sku: Option<Sku> = faults.read(&base, "sku", &line.sku);
        let quantity = line.quantity.as_ref().map(|text| faults.read_positive(&base, "quantity", text));
        if needs_quantity && line.quantity.is_none() {
            faults.add(format!("{base}/quantity"), "missing_field", "missing field `quantity`");
        }
        let Some(sku) = sku else { continue };
        if lines.iter().any(|(known, _)| *known == sku) {
            faults.add(format!("{base}/sku"), "named_twice", "the SKU stands twice");
        }
        lines.push((sku, quantity.flatten()));
    }
    Ok(lines)
}
