//! What a tenant says of how a SKU is promised; the stock and what is on its way are the house's to know.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::allocation::{Allocation, Class};
use super::check::{each, not_negative};
use super::{Bid, Facts, Item, Mode};
use crate::value::{Amount, Day, Invalid, LocationId, Problem, Sku};

/// Most locations, classes, bids or substitutes that are said of one SKU.
pub const MAX_SAID: usize = 500;

/// How a SKU is promised.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Promising {
    /// Where supply comes from, how it is netted, what may go instead.
    pub item: Item,
    /// What a unit costs by location, in minor units.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub unit_costs: BTreeMap<LocationId, Amount>,
    /// What supply is worth to whoever may still ask for it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub bids: Vec<Worth>,
    /// Who may have what, by location.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub allocations: BTreeMap<LocationId, Vec<Class>>,
}

/// What a unit is expected to fetch from somebody else at a location, from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Worth {
    /// The location.
    pub location: LocationId,
    /// From this day on.
    pub from: Day,
    /// A unit, in minor units.
    pub price: Amount,
}

impl Promising {
    /// The SKUs that have to be known to promise this one: what it is made of, and what may go instead.
    pub fn needs(&self) -> impl Iterator<Item = &Sku> {
        let modes = core::iter::once(&self.item.mode).chain(self.item.mode_at.values());
        let components = modes.flat_map(|mode| match mode {
            Mode::Ctp { bill } => bill.components.as_slice(),
            Mode::Kit { components } => components.as_slice(),
            Mode::Infinite | Mode::LeadTime { .. } | Mode::Atp => &[],
        });
        components.map(|component| &component.sku).chain(self.item.substitutes.iter().map(|other| &other.sku))
    }

    /// Refuses what makes no sense of a SKU beside these facts and could not be seen in them, naming the field as they would:
    /// costs and bids below zero, costs at unknown locations, a SKU that goes instead of itself.
    pub fn check(&self, sku: &Sku, facts: &Facts) -> Result<(), Invalid> {
        self.check_alone(sku, facts).map_err(|problem| problem.within(format!("items.{sku}")))
    }

    fn check_alone(&self, sku: &Sku, facts: &Facts) -> Result<(), Invalid> {
        for (location, amount) in &self.unit_costs {
            let checked = facts.known_location(location).and(not_negative("amount", *amount));
            checked.map_err(|problem| problem.within(format!("unit_costs.{location}")))?;
        }
        each("bids", &self.bids, |bid| not_negative("price", bid.price))?;
        each("substitutes", &self.item.substitutes, |other| {
            let itself = || Invalid::new("sku", Problem::Cycle { name: sku.as_str().into() });
            if other.sku == *sku { Err(itself()) } else { Ok(()) }
        })
    }

    /// Adds what is said of a SKU to facts, instead of what they say of it.
    pub fn said_of(&self, sku: &Sku, facts: &mut Facts) {
        facts.items.insert(sku.clone(), self.item.clone());
        facts.bids.retain(|bid| bid.sku != *sku);
        facts.bids.extend(self.bids.iter().map(|worth| Bid {
            sku: sku.clone(),
            location: worth.location.clone(),
            from: worth.from,
            price: worth.price,
        }));
        facts.allocations.retain(|allocation| allocation.sku != *sku);
        facts.allocations.extend(self.allocations.iter().map(|(location, classes)| Allocation {
            sku: sku.clone(),
            location: location.clone(),
            classes: classes.clone(),
        }));
        for stock in facts.stocks.iter_mut().filter(|stock| stock.sku == *sku) {
            stock.unit_cost = self.unit_costs.get(&stock.location).copied().unwrap_or_default();
        }
    }
}
