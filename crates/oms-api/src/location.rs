//! Locations: how they are put and shown.

use alloc::format;
use alloc::string::String;

use oms_core::network::{Location, LocationKind};
use oms_core::value::{Country, Label, LocationId, Position};
use serde::{Deserialize, Serialize};

use crate::decode;
use crate::fault::Faults;
use crate::problem::Problem;

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
            version: 0,
        })
    })
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
        }
    }
}
