//! Routing: how calendars, carriers and policies are put, and how a decision is shown.

mod calendar;
mod decision;

use alloc::vec::Vec;

use oms_core::network::Network;
use oms_core::routing::{Carrier, Code, Policy, Service, Zone};
use serde::{Deserialize, Serialize};

pub use calendar::{CalendarView, put_calendar};
pub use decision::{ImprovementsView, RoutingView, SavingView, Told};

use crate::decode;
use crate::fault::Faults;
use crate::problem::Problem;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct CarrierBody {
    zones: Vec<Zone>,
    services: Vec<Service>,
}

/// A name of a path.
fn name(text: &str) -> Result<Code, Problem> {
    let mut faults = Faults::new();
    let name = faults.read("", "name", text);
    faults.finish(|| name)
}

/// Reads the body of `PUT /v1/carriers/{name}`.
///
/// # Errors
/// The problem with the name or the body.
pub fn put_carrier(named: &str, bytes: &[u8]) -> Result<Carrier, Problem> {
    let name = name(named)?;
    let CarrierBody { zones, services } = decode::body(bytes)?;
    Ok(Carrier { name, zones, services })
}

/// Reads the body of `PUT /v1/routing/policy`: the next draft.
///
/// # Errors
/// The problem with the body.
pub fn draft(bytes: &[u8]) -> Result<Policy, Problem> {
    decode::body(bytes)
}

/// A carrier of the network.
///
/// # Errors
/// 404 when there is none.
pub fn carrier<'a>(network: &'a Network, named: &str) -> Result<&'a Carrier, Problem> {
    let found = network.carriers.values().find(|carrier| carrier.name.as_str() == named);
    found.ok_or_else(|| Problem::not_found("carrier"))
}

/// The routing policies of a tenant.
#[derive(Debug, Serialize)]
pub struct PolicyView<'a> {
    active: Option<&'a Policy>,
    draft: Option<&'a Policy>,
}

impl<'a> PolicyView<'a> {
    /// The one in force, and the one being written.
    pub fn new(network: &'a Network) -> Self {
        Self { active: network.policy.as_ref(), draft: network.draft.as_ref() }
    }
}

/// Everything a decision is made from but the order and the stock, for whoever routes by themselves: the policy in force
/// and the network as routing sees it.
#[derive(Debug, Serialize)]
pub struct SnapshotView {
    policy: Policy,
    network: oms_core::routing::NetworkFacts,
}

impl SnapshotView {
    /// The network's.
    pub fn new(network: &Network) -> Self {
        Self { policy: network.policy_in_force(), network: network.facts() }
    }
}
