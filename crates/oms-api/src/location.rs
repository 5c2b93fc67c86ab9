//! Locations: how they are put and shown.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use oms_core::network::{Fulfilling, Location, LocationKind, Throughput};
use oms_core::routing::Code;
use oms_core::value::{Amount, Country, Label, LocationId, Position, Quantity};
use serde::{Deserialize, Serialize};

use crate::decode::{self, Object};
use crate::fault::Faults;
use crate::problem::Problem;
use crate::show::Shown;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct Body {
    // Of imports only; the path has it otherwise.
    id: Option<String>,
    name: String,
    kind: String,
    country: String,
    postal_code: Option<String>,
    latitude: Option<f64>,
    longitude: Option<f64>,
    ships: Option<bool>,
    accepts_returns: Option<bool>,
    fulfillment: Option<Object<FulfillingBody>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct FulfillingBody {
    pick_up: Option<bool>,
    curbside: Option<bool>,
    hazmat: Option<bool>,
    calendar: Option<String>,
    processing_days: Option<u32>,
    capacity: Option<Object<CapacityBody>>,
    carriers: Option<Vec<String>>,
    pick_pack: Option<i64>,
    handling: Option<i64>,
    acceptance_permille: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct CapacityBody {
    daily: String,
    window_days: u32,
}

const KINDS: &[(&str, LocationKind)] =
    &[("dc", LocationKind::Dc), ("store", LocationKind::Store), ("supplier", LocationKind::Supplier)];

/// Reads the body of `PUT /v1/locations/{id}`.
///
/// # Errors
/// The problem with every fault of the body or the id.
pub fn put(id: &str, bytes: &[u8]) -> Result<Location, Problem> {
    let body: Body = decode::body(bytes)?;
    let mut faults = Faults::new();
    if body.id.as_ref().is_some_and(|said| said != id) {
        faults.add("/id", "id_mismatch", "the id is another one than the path's");
    }
    location(faults, id, &body)
}

/// Reads a line of an import of locations.
///
/// # Errors
/// The problem with every fault of the line.
pub fn put_import(bytes: &[u8]) -> Result<Location, Problem> {
    let body: Body = decode::body(bytes)?;
    match &body.id {
        Some(id) => location(Faults::new(), id, &body),
        None => Err(Problem::invalid("/id", "missing_field", "missing field `id`")),
    }
}

fn location(mut faults: Faults, id: &str, body: &Body) -> Result<Location, Problem> {
    let id = faults.read("", "id", id);
    let name = faults.read("", "name", &body.name);
    let kind = faults.choose("", "kind", &body.kind, KINDS);
    let country = faults.read("", "country", &body.country);
    let postal_code = faults.read_some("", "postal_code", body.postal_code.as_ref());
    let position = position(&mut faults, "", body.latitude, body.longitude);
    let fulfilling = match &body.fulfillment {
        Some(body) => fulfilling(&mut faults, body),
        None => Some(Fulfilling::default()),
    };
    faults.finish(|| {
        Some(Location {
            id: id?,
            name: name?,
            kind: kind?,
            country: country?,
            postal_code,
            position,
            ships: body.ships.unwrap_or(true),
            accepts_returns: body.accepts_returns.unwrap_or(true),
            fulfilling: fulfilling?,
            version: 0,
        })
    })
}

/// How a location fulfills. Bounds are the network's to check: it knows the calendars and carriers.
fn fulfilling(faults: &mut Faults, body: &FulfillingBody) -> Option<Fulfilling> {
    let base = "/fulfillment";
    let calendar = faults.read_some(base, "calendar", body.calendar.as_ref());
    let carriers: Option<Vec<Option<_>>> = body.carriers.as_ref().map(|names| {
        let base = format!("{base}/carriers");
        (0..).zip(names).map(|(index, name)| faults.read(&base, &format!("{index}"), name)).collect()
    });
    let carriers = carriers.map(|names| names.into_iter().flatten().collect());
    let capacity = match &body.capacity {
        Some(capacity) => {
            let daily = faults.read_positive(&format!("{base}/capacity"), "daily", &capacity.daily)?;
            Some(Throughput { daily, window_days: capacity.window_days })
        }
        None => None,
    };
    let standard = Fulfilling::default();
    Some(Fulfilling {
        pick_up: body.pick_up.unwrap_or_default(),
        curbside: body.curbside.unwrap_or_default(),
        hazmat: body.hazmat.unwrap_or(standard.hazmat),
        calendar,
        processing_days: body.processing_days.unwrap_or_default(),
        capacity,
        carriers,
        pick_pack: minor(faults, base, "pick_pack", body.pick_pack)?,
        handling: minor(faults, base, "handling", body.handling)?,
        acceptance_permille: body.acceptance_permille.unwrap_or(standard.acceptance_permille),
    })
}

/// A cost in minor units; zero when nothing is said.
fn minor(faults: &mut Faults, base: &str, member: &str, cost: Option<i64>) -> Option<Amount> {
    let amount = Amount::new(cost.unwrap_or_default());
    if amount.is_none() {
        faults.add(format!("{base}/{member}"), "invalid_amount", "the amount is out of range");
    }
    amount
}

/// Coordinates: both or neither, and on Earth.
pub(crate) fn position(faults: &mut Faults, base: &str, lat: Option<f64>, lon: Option<f64>) -> Option<Position> {
    match (lat, lon) {
        (None, None) => None,
        (Some(latitude), Some(longitude)) => {
            let position = Position::from_degrees(latitude, longitude);
            if position.is_none() {
                let member = if latitude.abs() <= 90.0 { "longitude" } else { "latitude" };
                faults.add(format!("{base}/{member}"), "out_of_range", "the coordinates are not on Earth");
            }
            position
        }
        (Some(_), None) => {
            faults.add(format!("{base}/longitude"), "missing_field", "a latitude needs a longitude");
            None
        }
        (None, Some(_)) => {
            faults.add(format!("{base}/latitude"), "missing_field", "a longitude needs a latitude");
            None
        }
    }
}

/// A location as it is shown.
#[derive(Debug, Serialize)]
pub struct LocationView<'a> {
    id: &'a LocationId,
    version: u32,
    name: &'a Label,
    kind: LocationKind,
    country: Country,
    postal_code: Option<&'a Label>,
    latitude: Option<f64>,
    longitude: Option<f64>,
    ships: bool,
    accepts_returns: bool,
    fulfillment: FulfillingView<'a>,
}

/// How a location fulfills, as it is shown.
#[derive(Debug, Serialize)]
struct FulfillingView<'a> {
    pick_up: bool,
    curbside: bool,
    hazmat: bool,
    calendar: Option<&'a Code>,
    processing_days: u32,
    capacity: Option<CapacityView>,
    carriers: Option<&'a [Code]>,
    pick_pack: Amount,
    handling: Amount,
    acceptance_permille: u32,
}

#[derive(Debug, Serialize)]
struct CapacityView {
    daily: Shown<Quantity>,
    window_days: u32,
}

impl<'a> FulfillingView<'a> {
    fn new(how: &'a Fulfilling) -> Self {
        let capacity = |can: Throughput| CapacityView { daily: Shown(can.daily), window_days: can.window_days };
        Self {
            pick_up: how.pick_up,
            curbside: how.curbside,
            hazmat: how.hazmat,
            calendar: how.calendar.as_ref(),
            processing_days: how.processing_days,
            capacity: how.capacity.map(capacity),
            carriers: how.carriers.as_deref(),
            pick_pack: how.pick_pack,
            handling: how.handling,
            acceptance_permille: how.acceptance_permille,
        }
    }
}

impl<'a> LocationView<'a> {
    /// A location.
    pub fn new(location: &'a Location) -> Self {
        let degrees = location.position.map(Position::degrees);
        Self {
            id: &location.id,
            version: location.version,
            name: &location.name,
            kind: location.kind,
            country: location.country,
            postal_code: location.postal_code.as_ref(),
            latitude: degrees.map(|(latitude, _)| latitude),
            longitude: degrees.map(|(_, longitude)| longitude),
            ships: location.ships,
            accepts_returns: location.accepts_returns,
            fulfillment: FulfillingView::new(&location.fulfilling),
        }
    }
}
