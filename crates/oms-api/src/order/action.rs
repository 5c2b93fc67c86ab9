//! What is asked of an order that is there.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use oms_core::value::{Label, Quantity};
use serde::Deserialize;

use crate::decode::{self, Object};
use crate::fault::Faults;
use crate::problem::Problem;

/// A cancellation.
#[derive(Clone, Debug)]
pub struct Cancel {
    /// Why.
    pub reason: Option<Label>,
    /// Line and quantity; nothing means all.
    pub lines: Option<Vec<(u32, Quantity)>>,
}

/// An administrative hold.
#[derive(Clone, Debug)]
pub struct Hold {
    /// Its name.
    pub name: Label,
    /// Why.
    pub reason: Option<Label>,
}

/// The end of an administrative hold.
#[derive(Clone, Debug)]
pub struct Release {
    /// Its name.
    pub name: Label,
}

/// Goods are given to a carrier.
#[derive(Clone, Debug)]
pub struct Ship {
    /// Who carries them.
    pub carrier: Option<Label>,
    /// The carrier's number.
    pub tracking: Option<Label>,
}

/// A location can't.
#[derive(Clone, Debug)]
pub struct Reject {
    /// Why.
    pub reason: Option<Label>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct CancelBody {
    reason: Option<String>,
    lines: Option<Vec<Object<CancelLine>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct CancelLine {
    line: u32,
    quantity: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct HoldBody {
    name: String,
    reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct ReleaseBody {
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct ShipBody {
    carrier: Option<String>,
    tracking: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct ReasonBody {
    reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct NoBody {}

/// Reads the body of an action that has nothing to say.
///
/// # Errors
/// The problem with the body's faults; so for all of these.
pub fn nothing(bytes: &[u8]) -> Result<(), Problem> {
    decode::body(bytes).map(|NoBody {}| ())
}

/// Reads the body of `/cancel`.
///
/// # Errors
/// As for [`nothing`].
pub fn cancel(bytes: &[u8]) -> Result<Cancel, Problem> {
    let body: CancelBody = decode::body(bytes)?;
    let mut faults = Faults::new();
    let reason = faults.read_some("", "reason", body.reason.as_ref());
    let lines = body.lines.as_ref().map(|lines| {
        faults.count("lines", lines.len(), super::MAX_IMPORT_LINES);
        let parts = (0..super::MAX_IMPORT_LINES).zip(lines).map(|(index, line)| {
            let quantity = faults.read_positive(&format!("/lines/{index}"), "quantity", &line.quantity);
            Some((line.line, quantity?))
        });
        parts.collect::<Vec<_>>()
    });
    faults.finish(|| {
        let lines = match lines {
            Some(lines) => Some(lines.into_iter().collect::<Option<_>>()?),
            None => None,
        };
        Some(Cancel { reason, lines })
    })
}

/// Reads the body of `/hold`.
///
/// # Errors
/// As for [`nothing`].
pub fn hold(bytes: &[u8]) -> Result<Hold, Problem> {
    let body: HoldBody = decode::body(bytes)?;
    let mut faults = Faults::new();
    let name = faults.read("", "name", &body.name);
    let reason = faults.read_some("", "reason", body.reason.as_ref());
    faults.finish(|| Some(Hold { name: name?, reason }))
}

/// Reads the body of `/release`.
///
/// # Errors
/// As for [`nothing`].
pub fn release(bytes: &[u8]) -> Result<Release, Problem> {
    let body: ReleaseBody = decode::body(bytes)?;
    let mut faults = Faults::new();
    let name = faults.read("", "name", &body.name);
    faults.finish(|| Some(Release { name: name? }))
}

/// Reads the body of `/ship`.
///
/// # Errors
/// As for [`nothing`].
pub fn ship(bytes: &[u8]) -> Result<Ship, Problem> {
    let body: ShipBody = decode::body(bytes)?;
    let mut faults = Faults::new();
    let carrier = faults.read_some("", "carrier", body.carrier.as_ref());
    let tracking = faults.read_some("", "tracking", body.tracking.as_ref());
    faults.finish(|| Some(Ship { carrier, tracking }))
}

/// Reads the body of a fulfillment's `/reject` and of a return's `/cancel`.
///
/// # Errors
/// As for [`nothing`].
pub fn reject(bytes: &[u8]) -> Result<Reject, Problem> {
    let body: ReasonBody = decode::body(bytes)?;
    let mut faults = Faults::new();
    let reason = faults.read_some("", "reason", body.reason.as_ref());
    faults.finish(|| Some(Reject { reason }))
}
