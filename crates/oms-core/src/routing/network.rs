//! What routing knows of the network: locations, their calendars and capacity, carriers and their rates.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::calendar::Rules;
use crate::network::LocationKind;
use crate::value::serial::as_string;
use crate::value::text::{check_code, checked_text};
use crate::value::{Amount, Country, Label, LocationId, Malformed, Position, Quantity};

checked_text!(
    /// A name a tenant makes up for a carrier, zone, service, calendar or class: 1 to 32 of `a-z 0-9 _ -`.
    Code, check_code
);

/// Everything that routing is told of a tenant's network.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkFacts {
    /// The locations, at most [`super::MAX_NODES`].
    pub locations: Vec<Node>,
    /// The carriers, at most [`super::MAX_CARRIERS`].
    #[serde(default)]
    pub carriers: Vec<Carrier>,
    /// Calendars by name, of locations and of carriers.
    #[serde(default)]
    pub calendars: BTreeMap<Code, Rules>,
}

/// A location as routing sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Node {
    /// Its id.
    pub location: LocationId,
    /// What kind of place.
    pub kind: LocationKind,
    /// Country.
    pub country: Country,
    /// Its postal code, for what is shipped to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<Label>,
    /// Where it is; without it no distance is known, and it is farther than everything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
    /// What it may do.
    pub allows: Allows,
    /// Its working days and cut-off.
    pub calendar: Code,
    /// Working days from the day an order counts for to the day it leaves, at most [`super::MAX_DAYS`].
    #[serde(default)]
    pub processing_days: u32,
    /// How much it can do; without it, any amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<Capacity>,
    /// The carriers that call.
    #[serde(default)]
    pub carriers: Vec<Code>,
    /// Cost of picking and packing a parcel, from zero to [`super::MAX_COST`].
    #[serde(default)]
    pub pick_pack: Amount,
    /// Cost of handling a unit, within the same bounds.
    #[serde(default)]
    pub handling: Amount,
    /// How many of a thousand requests it accepts, 0 to 1,000.
    #[serde(default = "always")]
    pub acceptance_permille: u32,
}

const fn always() -> u32 {
    1_000
}

/// What a location may do.
#[expect(clippy::struct_excessive_bools, reason = "independent switches that a person turns on and off")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Allows {
    /// Send parcels.
    pub ship: bool,
    /// Hand over at the counter.
    pub pick_up: bool,
    /// Hand over at the curb.
    pub curbside: bool,
    /// Take returns; routing does not ask, returns do.
    pub returns: bool,
    /// Keep and send dangerous goods.
    pub hazmat: bool,
}

/// What a location can do, and what already waits there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Capacity {
    /// Units a working day, above zero.
    pub daily: Quantity,
    /// Units waiting.
    #[serde(default)]
    pub backlog: Quantity,
    /// Working days whose capacity may be given away, 1 to [`super::MAX_DAYS`].
    pub window_days: u32,
}

impl Capacity {
    /// What may still be asked of it: the window's capacity less what waits.
    pub fn left(&self) -> Quantity {
        let whole = self.daily.thousandths().saturating_mul(u64::from(self.window_days));
        Quantity::from_thousandths(whole).unwrap_or(Quantity::MAX).saturating_sub(self.backlog)
    }

    /// Whole working days that what waits takes.
    pub fn backlog_days(&self) -> u32 {
        let days = self.backlog.thousandths().checked_div(self.daily.thousandths()).unwrap_or(0);
        u32::try_from(days).unwrap_or(u32::MAX).min(super::MAX_DAYS)
    }

    /// How much of the window is taken, in thousandths, at most 1,000.
    pub fn load_permille(&self) -> u64 {
        let whole = self.daily.thousandths().saturating_mul(u64::from(self.window_days));
        self.backlog.thousandths().saturating_mul(1_000).checked_div(whole).unwrap_or(1_000).min(1_000)
    }
}

/// A carrier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Carrier {
    /// Its name.
    pub name: Code,
    /// Its zones; a destination is in the first that reaches it. At most [`super::MAX_ZONES`].
    pub zones: Vec<Zone>,
    /// What it sells, at most [`super::MAX_SERVICES`].
    pub services: Vec<Service>,
}

/// A zone of a carrier, seen from the sender.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Zone {
    /// Its name.
    pub name: Code,
    /// What is in it.
    pub reach: Reach,
}

/// What destinations a zone has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Reach {
    /// Whatever is at most so far from the sender, when both positions are known.
    Within { meters: u64 },
    /// A country, or the parts of it whose postal codes begin like this (nothing: all of it).
    To {
        country: Country,
        #[serde(default)]
        postal_prefixes: Vec<Label>,
    },
    /// Everywhere.
    Anywhere,
}

/// A service of a carrier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Its name.
    pub name: Code,
    /// The days on which it moves and delivers.
    pub calendar: Code,
    /// Whether it takes dangerous goods.
    #[serde(default)]
    pub hazmat: bool,
    /// The heaviest parcel in grams; without it, any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heaviest_grams: Option<u64>,
    /// What it costs and how long it takes, by zone; a zone that is not listed is not served.
    pub rates: Vec<Rate>,
}

/// Price and time of a service to a zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// The zone.
    pub zone: Code,
    /// Fewest and most transit days, ascending, at most [`super::MAX_DAYS`].
    pub days: (u32, u32),
    /// Prices by weight: ascending in both, at least one, at most [`super::MAX_STEPS`].
    pub steps: Vec<Step>,
    /// Price of each kilogram begun above the last step, from zero to [`super::MAX_COST`].
    #[serde(default)]
    pub beyond_per_kg: Amount,
}

/// A step of a price list by weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Up to this weight, this included; at most [`super::MAX_GRAMS`].
    pub up_to_grams: u64,
    /// The price of a parcel, from zero to [`super::MAX_COST`].
    pub price: Amount,
}

impl Node {
    /// Whether it hands goods over in this way, at this place.
    pub fn hands_over(&self, method: &super::Method) -> bool {
        match method {
            super::Method::Ship => self.allows.ship,
            super::Method::ShipToStore { location } if self.location != *location => self.allows.ship,
            super::Method::PickUp { location } | super::Method::ShipToStore { location } => {
                self.allows.pick_up && self.location == *location
            }
            super::Method::Curbside { location } => self.allows.curbside && self.location == *location,
        }
    }
}

impl Rate {
    /// The price of a parcel in minor units.
    pub fn price(&self, grams: u64) -> i64 {
        if let Some(step) = self.steps.iter().find(|step| grams <= step.up_to_grams) {
            return step.price.minor();
        }
        let (top, price) = self.steps.last().map_or((0, 0), |step| (step.up_to_grams, step.price.minor()));
        let kilograms = i64::try_from(grams.saturating_sub(top).div_ceil(1_000)).unwrap_or(i64::MAX);
        price.saturating_add(self.beyond_per_kg.minor().saturating_mul(kilograms))
    }

    /// The price of the lightest parcel.
    pub fn base(&self) -> i64 {
        self.steps.first().map_or(0, |step| step.price.minor())
    }
}

impl Service {
    /// Whether a parcel of so many grams is not too heavy for it.
    pub fn carries(&self, grams: u64) -> bool {
        self.heaviest_grams.is_none_or(|heaviest| grams <= heaviest)
    }
}

impl Carrier {
    /// The first zone that reaches a destination.
    pub fn zone(&self, to: &super::Destination, meters: Option<u64>) -> Option<&Zone> {
        self.zones.iter().find(|zone| zone.reach.covers(to, meters))
    }
}

impl Reach {
    fn covers(&self, to: &super::Destination, distance: Option<u64>) -> bool {
        match self {
            Self::Within { meters } => distance.is_some_and(|distance| distance <= *meters),
            Self::To { country, postal_prefixes } => {
                *country == to.country && (postal_prefixes.is_empty() || to.begins_with_any(postal_prefixes))
            }
            Self::Anywhere => true,
        }
    }
}
