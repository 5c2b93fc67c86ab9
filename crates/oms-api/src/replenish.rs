//! Replenishment: when crossings are told and how a SKU is bought, what is expected of its demand, and what to order.

mod view;

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use oms_core::replenish::{Buying, Lot, MAX_LEAD_DAYS, MAX_WATCHED_PLACES, Pack, Thresholds, Watch};
use oms_core::value::{LocationId, Quantity, Sku};
use serde::Deserialize;

pub use view::{CrossingsView, ForecastsView, ProposalsView, ReplenishmentView, WatchView, proposals};

use crate::availability::MAX_SKUS;
use crate::decode::{self, Object};
use crate::fault::Faults;
use crate::problem::Problem;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct Body {
    thresholds: Option<Object<ThresholdsBody>>,
    buying: Option<Object<BuyingBody>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct ThresholdsBody {
    low: Option<String>,
    medium: Option<String>,
    high: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct BuyingBody {
    supplier: String,
    locations: Vec<String>,
    lead_days: i64,
    lead_deviation_days: Option<i64>,
    service_permille: i64,
    order_quantity: Option<String>,
    order_cost: Option<i64>,
    holding_cost: Option<i64>,
    multiple: Option<String>,
    least: Option<String>,
    #[serde(default)]
    keep_safety: bool,
}

/// Reads the body of `PUT /v1/items/{sku}/replenishment`.
///
/// # Errors
/// The problem with every fault of the body.
pub fn put(bytes: &[u8]) -> Result<Watch, Problem> {
    let body: Body = decode::body(bytes)?;
    let mut faults = Faults::new();
    let thresholds = match &body.thresholds {
        Some(body) => thresholds(&mut faults, body),
        None => Some(Thresholds::default()),
    };
    let buying = match &body.buying {
        Some(body) => buying(&mut faults, body).map(Some),
        None => Some(None),
    };
    faults.finish(|| Some(Watch { thresholds: thresholds?, buying: buying? }))
}

fn thresholds(faults: &mut Faults, body: &ThresholdsBody) -> Option<Thresholds> {
    let base = "/thresholds";
    let low = faults.read_some(base, "low", body.low.as_ref());
    let medium = faults.read_some(base, "medium", body.medium.as_ref());
    let high = faults.read_some(base, "high", body.high.as_ref());
    match (Thresholds { low, medium, high }).checked() {
        Ok(thresholds) => Some(thresholds),
        Err(refusal) => {
            faults.add(format!("{base}/{}", refusal.field), "not_ascending", "thresholds ascend");
            None
        }
    }
}

fn buying(faults: &mut Faults, body: &BuyingBody) -> Option<Buying> {
    let base = "/buying";
    let supplier = faults.read(base, "supplier", &body.supplier);
    let locations = locations(faults, &body.locations);
    let lead_days = bounded(faults, "lead_days", body.lead_days, 0, MAX_LEAD_DAYS);
    let lead_deviation_days =
        bounded(faults, "lead_deviation_days", body.lead_deviation_days.unwrap_or(0), 0, MAX_LEAD_DAYS);
    let service_permille = bounded(faults, "service_permille", body.service_permille, 500, 999);
    let lot = lot(faults, body);
    let multiple: Option<Quantity> = faults.read_some(base, "multiple", body.multiple.as_ref());
    let least: Option<Quantity> = faults.read_some(base, "least", body.least.as_ref());
    Some(Buying {
        supplier: supplier?,
        locations,
        lead_days: lead_days?,
        lead_deviation_days: lead_deviation_days?,
        service_permille: service_permille?,
        lot: lot?,
        pack: Pack { multiple: multiple.unwrap_or_default(), least: least.unwrap_or_default() },
        keep_safety: body.keep_safety,
    })
}

fn locations(faults: &mut Faults, names: &[String]) -> Vec<LocationId> {
    let base = "/buying/locations";
    if names.is_empty() {
        faults.add(base, "empty", "at least one location is needed");
    }
    if names.len() > MAX_WATCHED_PLACES {
        faults.add(base, "too_many", format!("at most {MAX_WATCHED_PLACES} locations are taken"));
    }
    let mut known: Vec<LocationId> = Vec::new();
    for (index, name) in (0..MAX_WATCHED_PLACES).zip(names) {
        let Some(location) = faults.read(base, &index.to_string(), name) else { continue };
        if known.contains(&location) {
            faults.add(format!("{base}/{index}"), "named_twice", "the location stands there already");
        }
        known.push(location);
    }
    known
}

/// A fixed size, an economic one, or what demand takes in a while.
fn lot(faults: &mut Faults, body: &BuyingBody) -> Option<Lot> {
    match (&body.order_quantity, body.order_cost, body.holding_cost) {
        (None, None, None) => Some(Lot::Cover),
        (Some(quantity), None, None) => faults.read_positive("/buying", "order_quantity", quantity).map(Lot::Fixed),
        (None, Some(order), Some(holding)) => {
            let order = bounded(faults, "order_cost", order, 0, MAX_COST);
            let holding = bounded(faults, "holding_cost", holding, 1, MAX_COST);
            Some(Lot::Economic { order: order?, holding: holding? })
        }
        (Some(_), _, _) => {
            faults.add("/buying/order_quantity", "excluded", "either a quantity or the costs that lead to one");
            None
        }
        (None, Some(_), None) | (None, None, Some(_)) => {
            faults.add("/buying", "missing_field", "order_cost and holding_cost go together");
            None
        }
    }
}

/// Dearest order, and holding of a unit for a year, in minor units.
const MAX_COST: u32 = 1_000_000_000;

fn bounded(faults: &mut Faults, member: &str, number: i64, least: u32, most: u32) -> Option<u32> {
    let found = u32::try_from(number).ok().filter(|number| (least..=most).contains(number));
    if found.is_none() {
        faults.add(format!("/buying/{member}"), "out_of_range", format!("it is {least} to {most}"));
    }
    found
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct SkusBody {
    skus: Vec<String>,
}

/// Reads the body of `POST /v1/replenishment` and of `POST /v1/purchase-orders/{id}/accept`: which SKUs.
///
/// # Errors
/// The problem with every fault of the body.
pub fn skus(bytes: &[u8]) -> Result<Vec<Sku>, Problem> {
    let body: SkusBody = decode::body(bytes)?;
    let mut faults = Faults::new();
    faults.count("skus", body.skus.len(), MAX_SKUS);
    let mut skus: Vec<Sku> = Vec::new();
    for (index, text) in (0..MAX_SKUS).zip(&body.skus) {
        let sku: Option<Sku> = faults.read("/skus", &index.to_string(), text);
        skus.extend(sku.filter(|sku| !skus.contains(sku)));
    }
    faults.finish(|| Some(skus))
}
