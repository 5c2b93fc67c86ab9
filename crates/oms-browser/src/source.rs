//! Sourcing an order without a network: the core's plan, with quantities spelled as in the API.

use oms_core::sourcing;
use oms_core::value::{LocationId, MAX_SAFE_INTEGER, Quantity, Sku};
use serde::{Deserialize, Serialize};

use crate::text::Text;

/// What has to be sourced.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SourcingProblem {
    demands: Vec<Demand>,
    sites: Vec<Site>,
    supply: Vec<Supply>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Demand {
    line: u32,
    sku: Sku,
    quantity: Text<Quantity>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Site {
    location: LocationId,
    distance: Option<u64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Supply {
    sku: Sku,
    location: LocationId,
    free: Text<Quantity>,
}

/// Who serves what, and what nobody can.
#[derive(Debug, Serialize)]
pub(crate) struct SourcingPlan {
    serves: Vec<Serve>,
    short: Vec<Demand>,
}

#[derive(Debug, Serialize)]
struct Serve {
    line: u32,
    sku: Sku,
    location: LocationId,
    quantity: Text<Quantity>,
}

/// The core's plan for the problem.
pub(crate) fn plan(problem: SourcingProblem) -> SourcingPlan {
    let plan = sourcing::plan(&sourcing::Problem {
        demands: problem.demands.into_iter().map(demand).collect(),
        sites: problem.sites.into_iter().map(site).collect(),
        supply: problem.supply.into_iter().map(supply).collect(),
    });
    SourcingPlan {
        serves: plan.serves.into_iter().map(serve).collect(),
        short: plan.short.into_iter().map(short).collect(),
    }
}

fn demand(Demand { line, sku, quantity }: Demand) -> sourcing::Demand {
    sourcing::Demand { line, sku, quantity: quantity.0 }
}

fn site(Site { location, distance }: Site) -> sourcing::Site {
    sourcing::Site { location, distance: distance.unwrap_or(MAX_SAFE_INTEGER) }
}

fn supply(Supply { sku, location, free }: Supply) -> sourcing::Supply {
    sourcing::Supply { sku, location, free: free.0 }
}

fn serve(sourcing::Serve { line, sku, location, quantity }: sourcing::Serve) -> Serve {
    Serve { line, sku, location, quantity: Text(quantity) }
}

fn short(sourcing::Demand { line, sku, quantity }: sourcing::Demand) -> Demand {
    Demand { line, sku, quantity: Text(quantity) }
}
