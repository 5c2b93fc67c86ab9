//! Holds of carts.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use oms_core::promise::DemandClass;
use oms_core::routing::Code;
use oms_core::stock::CartAsk;
use oms_core::value::{CartId, LocationId, Quantity, Sku, Timestamp};
use serde::{Deserialize, Serialize};

use crate::decode::{self, Object};
use crate::fault::Faults;
use crate::problem::Problem;
use crate::show::Shown;

/// Most lines of a cart.
pub const MAX_LINES: usize = 200;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct Body {
    demand_class: Option<String>,
    lines: Vec<Object<LineBody>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct LineBody {
    sku: String,
    quantity: String,
    location: Option<String>,
}

/// Reads the body of `POST /v1/carts/{id}/holds`; no lines give everything back.
///
/// # Errors
/// The problem with every fault of the body.
pub fn hold(bytes: &[u8]) -> Result<(DemandClass, Vec<CartAsk>), Problem> {
    let body: Body = decode::body(bytes)?;
    let mut faults = Faults::new();
    if body.lines.len() > MAX_LINES {
        faults.count("lines", body.lines.len(), MAX_LINES);
    }
    let lines = (0..MAX_LINES).zip(&body.lines).map(|(index, line)| {
        let base = format!("/lines/{index}");
        let sku = faults.read(&base, "sku", &line.sku);
        let quantity = faults.read_positive(&base, "quantity", &line.quantity);
        let location = faults.read_some(&base, "location", line.location.as_ref());
        Some(CartAsk { sku: sku?, quantity: quantity?, location })
    });
    let lines: Vec<Option<CartAsk>> = lines.collect();
    let class: Option<Code> = faults.read_some("", "demand_class", body.demand_class.as_ref());
    let class = DemandClass::named(class.as_ref().map(Code::as_str), None);
    faults.finish(|| Some((class, lines.into_iter().collect::<Option<_>>()?)))
}

/// What a cart holds.
#[derive(Debug, Serialize)]
pub struct CartView<'a> {
    cart: &'a CartId,
    expires_at: Option<Shown<Timestamp>>,
    lines: Vec<HeldView>,
}

/// A quantity that a cart holds.
#[derive(Debug, Serialize)]
pub struct HeldView {
    /// Of what.
    pub sku: Sku,
    /// Where.
    pub location: LocationId,
    /// How much.
    pub quantity: Shown<Quantity>,
}

impl<'a> CartView<'a> {
    /// A cart that holds these until then.
    pub fn new(cart: &'a CartId, expires_at: Option<Timestamp>, lines: Vec<HeldView>) -> Self {
        Self { cart, expires_at: expires_at.map(Shown), lines }
    }
}
