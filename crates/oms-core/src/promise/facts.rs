//! What a promise is worked out from. Everything is an argument: nothing here is asked for or remembered.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::allocation::{Allocation, Taking};
use super::{CalendarId, Component, Fences, Inbound, Method, ResourceId, Service, Step};
use crate::calendar::Rules;
use crate::value::{Amount, Day, LocationId, Quantity, Sku};

/// Everything known when something is promised. Money is in minor units of one currency, known from the context.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Facts {
    /// Calendars by name.
    pub calendars: BTreeMap<CalendarId, Rules>,
    /// The places goods can leave from.
    pub locations: BTreeMap<LocationId, Node>,
    /// The ways from them to the customer of the request.
    pub lanes: Vec<Lane>,
    /// How items are promised. An item that is not listed is promised from its supply, netted.
    pub items: BTreeMap<Sku, Item>,
    /// What is there. A SKU and location that are not listed have nothing.
    pub stocks: Vec<Stock>,
    /// What is on its way.
    pub inbound: Vec<Inbound>,
    /// What makes things.
    pub resources: BTreeMap<ResourceId, Resource>,
    /// Who may have what.
    pub allocations: Vec<Allocation>,
    /// What supply is worth to whoever may still ask for it.
    pub bids: Vec<Bid>,
}

/// A place goods can leave from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Node {
    /// Its working days and cut-off.
    pub calendar: CalendarId,
    /// Working days from the day an order counts for to the day it ships.
    #[serde(default)]
    pub processing_days: i32,
}

/// A way to the customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lane {
    /// From where.
    pub location: LocationId,
    /// How.
    pub service: Service,
    /// The days on which the carrier moves and delivers.
    pub calendar: CalendarId,
    /// Fewest transit days.
    pub min_days: i32,
    /// Most transit days: what is promised.
    pub max_days: i32,
    /// What each line sent this way costs, in minor units, not below zero.
    #[serde(default)]
    pub cost: Amount,
    /// And what each unit of it costs.
    #[serde(default)]
    pub unit_cost: Amount,
    /// SKUs that may not go this way: dangerous goods.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub never: Vec<Sku>,
}

/// How an item is promised.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Item {
    /// Where its supply comes from.
    pub mode: Mode,
    /// The same for single locations, such as a supplier who ships for us.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub mode_at: BTreeMap<LocationId, Mode>,
    /// How receipts and requirements are set against each other.
    pub method: Method,
    /// Late and far dates.
    pub fences: Fences,
    /// What may go instead, best first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub substitutes: Vec<Substitute>,
}

/// Where supply comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Mode {
    /// There is always enough.
    Infinite,
    /// Any quantity, after so many working days of the location.
    LeadTime {
        /// The days.
        days: i32,
    },
    /// From what is there and what comes (available to promise).
    #[default]
    Atp,
    /// From what is there and what comes, the rest made (capable to promise).
    Ctp {
        /// How it is made.
        bill: Bill,
    },
    /// Put together at the location out of components that ship with each other.
    Kit {
        /// The components, at least one.
        components: Vec<Component>,
    },
}

/// How something is made: when all components are there the resource is loaded day by day, then the lead time runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bill {
    /// What goes in.
    #[serde(default)]
    pub components: Vec<Component>,
    /// What it is made on; no bound of capacity when nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load: Option<Load>,
    /// Working days from the last day of work to the day it is there (of the resource, else of the location).
    #[serde(default)]
    pub lead_days: i32,
}

/// What making takes of a resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Load {
    /// The resource.
    pub resource: ResourceId,
    /// Capacity for one whole unit.
    pub per: Quantity,
}

/// Something that makes things.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    /// Its working days.
    pub calendar: CalendarId,
    /// Capacity of a working day, in any unit (hours, pieces).
    pub per_day: Quantity,
    /// What is taken already, by day.
    #[serde(default)]
    pub used: Vec<Step>,
}

/// What may go instead of an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Substitute {
    /// The SKU.
    pub sku: Sku,
    /// What it costs more, a unit, to send this instead: a discount, a worse margin. Not below zero.
    #[serde(default)]
    pub unit_cost: Amount,
}

/// What is there of a SKU at a location.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stock {
    /// The SKU.
    pub sku: Sku,
    /// The location.
    pub location: LocationId,
    /// What is there and fit for sale.
    #[serde(default)]
    pub on_hand: Quantity,
    /// What of it is kept back (safety stock, buffers).
    #[serde(default)]
    pub kept_back: Quantity,
    /// What is promised already, by the day it goes.
    #[serde(default)]
    pub commitments: Vec<Step>,
    /// What a unit costs here, in minor units, not below zero.
    #[serde(default)]
    pub unit_cost: Amount,
    /// What demand classes took of it while it was allocated. What of that has not left is among the commitments.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub takings: Vec<Taking>,
}

/// The bid price of a SKU's supply at a location: what a unit is expected to fetch from somebody else. From each day on
/// until the next of the same SKU and location.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bid {
    /// The SKU.
    pub sku: Sku,
    /// The location.
    pub location: LocationId,
    /// From this day on.
    pub from: Day,
    /// A unit, in minor units.
    pub price: Amount,
}

impl Mode {
    /// The working days of its location after which any quantity is there; nothing where it depends on other goods, on
    /// what is there or on what comes.
    pub fn lead_days(&self) -> Option<u32> {
        match self {
            Self::Infinite => Some(0),
            Self::LeadTime { days } => u32::try_from(*days).ok(),
            Self::Atp | Self::Ctp { .. } | Self::Kit { .. } => None,
        }
    }
}

impl Facts {
    /// Where the supply of a SKU at a location comes from.
    pub fn mode(&self, sku: &Sku, location: &LocationId) -> &Mode {
        const DEFAULT: &Mode = &Mode::Atp;
        self.items.get(sku).map_or(DEFAULT, |item| item.mode_of(location))
    }

    /// The bid price of a SKU at a location on a day.
    pub fn bid(&self, sku: &Sku, location: &LocationId, day: Day) -> Amount {
        let known = self.bids.iter().filter(|bid| bid.sku == *sku && bid.location == *location && bid.from <= day);
        known.max_by_key(|bid| bid.from).map_or(Amount::ZERO, |bid| bid.price)
    }
}

impl Item {
    /// Where its supply at a location comes from.
    pub fn mode_of(&self, location: &LocationId) -> &Mode {
        self.mode_at.get(location).unwrap_or(&self.mode)
    }
}
