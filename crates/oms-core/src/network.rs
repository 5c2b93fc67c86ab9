//! The network of a tenant: its locations and the tax table in force. Every object keeps a copy of it.

use alloc::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::machine::Machine;
use crate::order::SiteFacts;
use crate::price::{TaxMode, TaxTable};
use crate::value::{Country, Label, LocationId, Position, Timestamp};

/// Most locations of one tenant: the network travels whole to every object.
pub const MAX_LOCATIONS: usize = 1_000;

/// What kind of place it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LocationKind {
    /// Distribution center.
    Dc,
    /// Store.
    Store,
    /// Supplier who ships for us.
    Supplier,
}

/// A location.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    /// Its id.
    pub id: LocationId,
    /// Name shown to people.
    pub name: Label,
    /// What kind of place.
    pub kind: LocationKind,
    /// Country.
    pub country: Country,
    /// Postal code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<Label>,
    /// Coordinates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
    /// Whether orders ship from it.
    pub ships: bool,
    /// Whether returns may come to it.
    pub accepts_returns: bool,
    /// Rises by one per change.
    #[serde(default)]
    pub version: u32,
}

/// The network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Network {
    /// Rises by one per change of anything.
    pub version: u32,
    /// The locations.
    pub locations: BTreeMap<LocationId, Location>,
    /// The tax table in force.
    pub tax: TaxTable,
}

impl Default for Network {
    fn default() -> Self {
        Self { version: 0, locations: BTreeMap::new(), tax: TaxTable::new(0, TaxMode::Exclusive, []) }
    }
}

impl Network {
    /// What sourcing needs to know of the locations.
    pub fn sites(&self) -> Vec<SiteFacts> {
        let sites = self.locations.values().map(|location| SiteFacts {
            location: location.id.clone(),
            position: location.position,
            ships: location.ships,
        });
        sites.collect()
    }
}

/// Something asked of the network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Create or replace a location; the version given is ignored.
    PutLocation(Location),
    /// Replace the tax table; the version given is ignored.
    PutTax(TaxTable),
    /// Replace the copy by a newer one.
    Learn(Network),
}

/// Something that happened to the network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// A location was created or replaced.
    LocationPut(Location),
    /// The tax table was replaced.
    TaxPut(TaxTable),
    /// The copy was replaced.
    Learned(Network),
}

/// Why the network says no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// There are too many locations already.
    #[error("a tenant has at most {most} locations")]
    TooManyLocations {
        /// The limit.
        most: usize,
    },
}

impl Machine for Network {
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;
    type Errand = core::convert::Infallible;

    fn decide(state: Option<&Self>, command: &Command, _now: Timestamp) -> Result<Vec<Event>, Refusal> {
        let known = |id: &LocationId| state.and_then(|network| network.locations.get(id));
        match command {
            Command::PutLocation(location) => {
                let old = known(&location.id);
                let version = old.map_or(0, |old| old.version);
                if old.is_some_and(|old| *old == Location { version, ..location.clone() }) {
                    return Ok(vec![]);
                }
                let count = state.map_or(0, |network| network.locations.len());
                if old.is_none() && count >= MAX_LOCATIONS {
                    return Err(Refusal::TooManyLocations { most: MAX_LOCATIONS });
                }
                Ok(vec![Event::LocationPut(Location { version: version.saturating_add(1), ..location.clone() })])
            }
            Command::PutTax(tax) => {
                let version = state.map_or(0, |network| network.tax.version);
                let mut next = tax.clone();
                next.version = version;
                let same = state.is_some_and(|network| network.tax == next);
                next.version = version.saturating_add(1);
                Ok(if same { vec![] } else { vec![Event::TaxPut(next)] })
            }
            Command::Learn(network) => {
                let newer = state.is_none_or(|known| known.version < network.version);
                Ok(if newer { vec![Event::Learned(network.clone())] } else { vec![] })
            }
        }
    }

    fn apply(state: Option<Self>, event: &Event, _at: Timestamp) -> Option<Self> {
        let mut network = state.unwrap_or_default();
        match event {
            Event::LocationPut(location) => {
                network.version = network.version.saturating_add(1);
                network.locations.insert(location.id.clone(), location.clone());
            }
            Event::TaxPut(tax) => {
                network.version = network.version.saturating_add(1);
                network.tax = tax.clone();
            }
            Event::Learned(newer) => network = newer.clone(),
        }
        Some(network)
    }

    fn errands(&self, _now: Timestamp) -> Vec<core::convert::Infallible> {
        Vec::new()
    }

    fn wake_at(&self) -> Option<Timestamp> {
        None
    }
}
