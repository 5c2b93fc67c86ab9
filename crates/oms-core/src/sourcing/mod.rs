//! Sourcing: which location serves which line. This is the rule: one location that has all, else the fewest locations,
//! nearest first. Whatever replaces it answers the same question, [`Problem`] to [`Plan`].

mod cover;

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::value::{LocationId, Quantity, Sku};

/// What has to be sourced.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The lines.
    pub demands: Vec<Demand>,
    /// The locations that may serve them.
    pub sites: Vec<Site>,
    /// What can be had where. A SKU and location that are not listed have nothing.
    pub supply: Vec<Supply>,
}

/// A line's demand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demand {
    /// The line's number.
    pub line: u32,
    /// Its SKU; lines may share one.
    pub sku: Sku,
    /// How much.
    pub quantity: Quantity,
}

/// A location.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// Its id.
    pub location: LocationId,
    /// Meters to the destination; the largest number when nobody knows.
    pub distance: u64,
}

/// What can be had of a SKU at a location.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Supply {
    /// The SKU.
    pub sku: Sku,
    /// The location.
    pub location: LocationId,
    /// Free to take.
    pub free: Quantity,
}

/// Who serves what, and what nobody can.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Who serves what, by line, then nearest first.
    pub serves: Vec<Serve>,
    /// What is left over.
    pub short: Vec<Demand>,
}

/// A location serves a quantity of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Serve {
    /// The line's number.
    pub line: u32,
    /// The SKU.
    pub sku: Sku,
    /// The location.
    pub location: LocationId,
    /// How much.
    pub quantity: Quantity,
}

/// Sources a problem. Every line's served and short quantities sum to its demand; no location serves more than it has.
pub fn plan(problem: &Problem) -> Plan {
    let mut sites: Vec<&Site> = problem.sites.iter().collect();
    sites.sort_by(|a, b| a.distance.cmp(&b.distance).then_with(|| a.location.cmp(&b.location)));
    let supply = problem.supply.iter().map(|supply| ((&supply.sku, &supply.location), supply.free)).collect();
    let chosen = cover::choose(&problem.demands, &sites, &supply);
    fill(&problem.demands, &chosen, supply)
}

type Free<'a> = BTreeMap<(&'a Sku, &'a LocationId), Quantity>;

/// Serves every line from the chosen locations, nearest first, each taking the remainder.
fn fill<'a>(demands: &'a [Demand], sites: &[&'a Site], mut free: Free<'a>) -> Plan {
    let mut plan = Plan::default();
    for demand in demands {
        let mut left = demand.quantity;
        for site in sites {
            let Some(there) = free.get_mut(&(&demand.sku, &site.location)) else { continue };
            let quantity = left.min(*there);
            if quantity.is_zero() {
                continue;
            }
            left = left.saturating_sub(quantity);
            *there = there.saturating_sub(quantity);
            let (sku, location) = (demand.sku.clone(), site.location.clone());
            plan.serves.push(Serve { line: demand.line, sku, location, quantity });
        }
        if !left.is_zero() {
            plan.short.push(Demand { line: demand.line, sku: demand.sku.clone(), quantity: left });
        }
    }
    plan
}

#[cfg(test)]
mod tests;
