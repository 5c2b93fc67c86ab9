//! Routing: strategies as data, a cost model, and decisions that anybody can execute again.
//!
//! A [`Policy`] ranks strategies; each says which orders it is for, which locations it may use, what it wants and within
//! what limits. [`build`] turns an order, a strategy, the facts of the network and what is on offer into a problem in
//! integers for [`crate::optimizer`]; [`route`] asks the strategies in order and answers with a [`Decision`]: the plan, what
//! it costs and why, how far from the best it can be at most, what binds it, what the next best plan would cost, and the
//! digest of everything it was decided from.
//!
//! Money is counted in thousandths of a minor unit, so that a gram's share of a price and a thousandth of a unit stay
//! integers. Goods are counted in the largest quantity that divides every demand, every offer (cut to its demand) and the capacity left at
//! every location (unless it is enough for the order): most orders count in whole units, wire by the meter may count in less.

mod attempt;
mod cost;
mod criteria;
mod decide;
mod decision;
mod english;
mod explain;
mod facts;
mod fault;
mod leg;
mod model;
mod network;
mod plan;
mod policy;
mod prepared;
mod series;
mod together;
mod validate;

pub use attempt::build;
pub use cost::Breakdown;
pub use decide::{Effort, route};
pub use decision::{
    Binding, Decision, LeftOut, LeftOutWhy, PassedOver, PassedOverWhy, Proof, RunnerUp, Score, Shipment,
};
pub use explain::Sentence;
pub use facts::{Destination, Handling, ItemFacts, LineFacts, Method, OfferFacts, OrderFacts, Parcel, Stake};
pub use fault::{Fault, Flaw};
pub use network::{Allows, Capacity, Carrier, Code, NetworkFacts, Node, Rate, Reach, Service, Step, Zone};
pub use plan::{Demand, Plan, Serve};
pub use policy::{Accept, Costs, Criterion, Limits, LineWhen, Policy, Pool, Stage, Strategy, Way, When};
pub use prepared::Prepared;
pub use series::{MAX_ORDERS, Routed, Rule, Series, Totals};
pub use together::{Lot, Shift, Together, Waiting};
pub use validate::{check_order, validate};

/// Most strategies of a policy: each may be solved for an order.
pub const MAX_STRATEGIES: usize = 32;
/// Most criteria of a strategy: each multiplies the objective.
pub const MAX_CRITERIA: usize = 5;
/// Most entries of any list in a policy.
pub const MAX_LISTED: usize = 1_000;
/// Most locations: as many as a tenant has.
pub const MAX_NODES: usize = crate::network::MAX_LOCATIONS;
/// Most carriers.
pub const MAX_CARRIERS: usize = 64;
/// Most zones of a carrier.
pub const MAX_ZONES: usize = 128;
/// Most services of a carrier.
pub const MAX_SERVICES: usize = 32;
/// Most weight steps of a rate.
pub const MAX_STEPS: usize = 64;
/// Most calendars.
pub const MAX_CALENDARS: usize = 256;
/// Most lines of an order that are routed at once.
pub const MAX_LINES: usize = 2_000;
/// Most offers looked at for an order.
pub const MAX_OFFERS: usize = 100_000;
/// Largest cost or price of anything, in minor units: ten million of a currency with cents.
pub const MAX_COST: i64 = 1_000_000_000;
/// Largest share, in thousandths: ten times the value.
pub const MAX_PERMILLE: u32 = 10_000;
/// Heaviest unit or parcel, in grams: a hundred tonnes.
pub const MAX_GRAMS: u64 = 100_000_000;
/// Largest quantity of a line, in thousandths of a unit: a billion units.
pub const MAX_QUANTITY: u64 = 1_000_000_000_000;
/// Most days of processing, transit, backlog or lateness that are counted: within a calendar's horizon.
pub const MAX_DAYS: u32 = 365;
/// Most faults told at once: more are not read.
pub const MAX_FAULTS: usize = 100;
