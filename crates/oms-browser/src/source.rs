//! Sourcing an order without a network: the core's plan, with quantities spelled as in the API.

use oms_api::decode;
use oms_api::fault::Faults;
use oms_api::problem::Problem;
use oms_api::show::Shown;
use oms_core::sourcing::{self, Demand, Site, Supply};
use oms_core::value::{LocationId, MAX_SAFE_INTEGER, Quantity, Sku};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct Body {
    demands: Vec<DemandBody>,
    sites: Vec<SiteBody>,
    supply: Vec<SupplyBody>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct DemandBody {
    line: u32,
    sku: String,
    quantity: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct SiteBody {
    location: String,
    /// Meters; nobody knows without it, so it comes last.
    distance: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct SupplyBody {
    sku: String,
    location: String,
    free: String,
}

/// Who serves what, and what nobody can.
#[derive(Debug, Serialize)]
pub(crate) struct SourcingPlan {
    serves: Vec<ServeView>,
    short: Vec<ShortView>,
}

#[derive(Debug, Serialize)]
struct ServeView {
    line: u32,
    sku: Sku,
    location: LocationId,
    quantity: Shown<Quantity>,
}

#[derive(Debug, Serialize)]
struct ShortView {
    line: u32,
    sku: Sku,
    quantity: Shown<Quantity>,
}

/// The core's plan for a problem.
pub(crate) fn plan(json: &[u8]) -> Result<SourcingPlan, Problem> {
    let body: Body = decode::body(json)?;
    let mut faults = Faults::new();
    let demands = every("demands", &body.demands, |base, body| demand(&mut faults, base, body));
    let sites = every("sites", &body.sites, |base, body| site(&mut faults, base, body));
    let supply = every("supply", &body.supply, |base, body| supply(&mut faults, base, body));
    let problem = faults.finish(|| Some(sourcing::Problem { demands: demands?, sites: sites?, supply: supply? }))?;
    Ok(shown(sourcing::plan(&problem)))
}

/// Reads every element, also after one that cannot be read, so that all faults are found.
fn every<B, T>(list: &str, bodies: &[B], mut read: impl FnMut(&str, &B) -> Option<T>) -> Option<Vec<T>> {
    let read = bodies.iter().enumerate().map(|(index, body)| read(&format!("/{list}/{index}"), body));
    read.collect::<Vec<_>>().into_iter().collect()
}

fn demand(faults: &mut Faults, base: &str, body: &DemandBody) -> Option<Demand> {
    let sku = faults.read(base, "sku", &body.sku);
    let quantity = faults.read_positive(base, "quantity", &body.quantity);
    Some(Demand { line: body.line, sku: sku?, quantity: quantity? })
}

fn site(faults: &mut Faults, base: &str, body: &SiteBody) -> Option<Site> {
    let location = faults.read(base, "location", &body.location)?;
    Some(Site { location, distance: body.distance.unwrap_or(MAX_SAFE_INTEGER) })
}

fn supply(faults: &mut Faults, base: &str, body: &SupplyBody) -> Option<Supply> {
    let sku = faults.read(base, "sku", &body.sku);
    let location = faults.read(base, "location", &body.location);
    let free = faults.read(base, "free", &body.free);
    Some(Supply { sku: sku?, location: location?, free: free? })
}

fn shown(plan: sourcing::Plan) -> SourcingPlan {
    let serve = |sourcing::Serve { line, sku, location, quantity }| ServeView {
        line,
        sku,
        location,
        quantity: Shown(quantity),
    };
    let short = |Demand { line, sku, quantity }| ShortView { line, sku, quantity: Shown(quantity) };
    SourcingPlan {
        serves: plan.serves.into_iter().map(serve).collect(),
        short: plan.short.into_iter().map(short).collect(),
    }
}
