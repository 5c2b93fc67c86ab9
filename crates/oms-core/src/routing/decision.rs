//! What routing decided for an order, and everything that says why.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::cost::Breakdown;
use super::{Code, Criterion, Plan};
use crate::value::{Amount, Day, Digest, Label, LocationId, OrderId, Quantity, Sku};

/// A routing decision, as an order carries it. Whoever has the inputs can make it again: [`super::Decision::verify`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The digest of everything it was decided from: [`super::Prepared::digest`].
    pub inputs: Digest,
    /// The policy.
    pub policy: Label,
    /// Its version.
    pub version: u32,
    /// The strategy that decided.
    pub strategy: Label,
    /// The strategies that were asked before it, and why they did not.
    pub passed_over: Vec<PassedOver>,
    /// Who serves what, and what nobody does.
    pub plan: Plan,
    /// What leaves where, nearest first.
    pub shipments: Vec<Shipment>,
    /// What it costs.
    pub cost: Breakdown,
    /// What each criterion of the strategy comes to, most important first.
    pub scores: Vec<Score>,
    /// How good it is at least.
    pub proof: Proof,
    /// What kept it from being better.
    pub binding: Vec<Binding>,
    /// Locations with goods that were not considered, by id.
    pub left_out: Vec<LeftOut>,
    /// The best plan without the location that serves most of the value, when one was asked for and something is served.
    pub runner_up: Option<RunnerUp>,
}

/// A strategy that did not decide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassedOver {
    /// Its name.
    pub strategy: Label,
    /// Why.
    pub why: PassedOverWhy,
}

/// Why a strategy did not decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PassedOverWhy {
    /// Its conditions do not hold.
    NotForThis,
    /// Its plan leaves something short, or serves nothing, and it does not accept that.
    Short {
        /// How much is short.
        quantity: Quantity,
    },
}

/// What leaves one location.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shipment {
    /// The location.
    pub location: LocationId,
    /// The carrier; nothing when the customer comes.
    pub carrier: Option<Code>,
    /// Its service.
    pub service: Option<Code>,
    /// Meters to the destination, when known.
    pub meters: Option<u64>,
    /// The day it leaves or lies ready.
    pub ships: Day,
    /// The last day of the delivery window.
    pub delivers: Day,
    /// The order of the same customer into whose parcel it goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joins: Option<OrderId>,
    /// What it weighs, in grams begun.
    pub grams: u64,
    /// The carrier's price for exactly that weight, in minor units. The plan was chosen by a straight line through the price
    /// list (see [`Breakdown::weight`]), so that this may differ from `parcel` and `weight` together.
    pub tariff: Amount,
}

/// What a criterion comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// The criterion.
    pub criterion: Criterion,
    /// Its value: see [`Criterion`]; money is in thousandths of a minor unit, goods are in units of `proof.unit`.
    pub value: i64,
}

/// How good a plan is at least, in the integers of the optimizer: of the plan it found, before what must ship complete and
/// does not was taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// The plan's objective: all criteria in one number.
    pub objective: i64,
    /// No plan has less.
    pub lower_bound: i64,
    /// Whether no plan has a smaller objective: it is the bound.
    pub proven: bool,
    /// How many criteria, from the first, no plan does better by, compared in order; all of them when the objective is the bound
    /// and no criterion was made coarser.
    pub leading: u32,
    /// Thousandths of a unit of goods that the optimizer counted as one.
    pub unit: u64,
    /// By how many bits later criteria were made coarser to fit; earlier ones are exact.
    pub coarser: u32,
    /// Scanned arcs.
    pub work: u64,
}

/// A limit that a plan uses up.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Binding {
    /// Of a SKU there is not enough at all locations together.
    Supply { sku: Sku },
    /// A location ships all it has of a SKU, and more is wanted.
    Stock { sku: Sku, location: LocationId },
    /// A location ships all it can do.
    Capacity { location: LocationId },
    /// As many locations ship as may.
    MaxShipments { most: u32 },
    /// A location has some of a SKU, but too little for lines that may not be split.
    WholeLine { sku: Sku, location: LocationId },
    /// Something could be served, but not everything.
    ShipComplete,
    /// Something could be served, but not worth as much as a shipment must be.
    ValueFloor { least: Amount },
}

/// A location with goods that was not considered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// The location.
    pub location: LocationId,
    /// Why.
    pub why: LeftOutWhy,
}

/// Why a location was not considered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeftOutWhy {
    /// The network does not know it.
    Unknown,
    /// It refused, or is left out to find the runner-up.
    Excluded,
    /// The strategy does not use it.
    NotInPool,
    /// It does not hand over in this way, or is not the one the customer comes to.
    NotAllowed,
    /// No carrier that calls there has a service for the destination and weight.
    NoService,
    /// No date can be worked out within the horizon of its calendar.
    NoDate,
    /// It would be late, and the strategy wants to be on time.
    Late,
    /// It has no capacity left.
    NoCapacity,
}

/// The next best thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunnerUp {
    /// The location it does without.
    pub without: LocationId,
    /// The locations that ship instead, nearest first.
    pub locations: Vec<LocationId>,
    /// What would be short.
    pub short: Quantity,
    /// What it costs.
    pub cost: Breakdown,
    /// How much more it costs, in thousandths of a minor unit; negative when the strategy put something above money.
    pub dearer_by: i64,
    /// What each criterion comes to, as in the decision.
    pub scores: Vec<Score>,
}

impl Decision {
    /// What each criterion comes to, most important first, so that decisions about the same goods, and sums of decisions about
    /// different ones, can be compared: goods are in thousandths whatever the optimizer counted as one.
    pub fn values(&self) -> Vec<i128> {
        let unit = i128::from(self.proof.unit);
        let value = |score: &Score| match score.criterion {
            Criterion::FewestShipments | Criterion::Cheapest => score.value.into(),
            Criterion::LeastShort
            | Criterion::Nearest
            | Criterion::Earliest
            | Criterion::Priority { .. }
            | Criterion::BalanceLoad
            | Criterion::ProtectStores => i128::from(score.value).saturating_mul(unit),
        };
        self.scores.iter().map(value).collect()
    }
}

impl Proof {
    /// By how much the objective may be above the best, in thousandths of the objective, rounded up; zero when proven.
    pub fn gap_permille(&self) -> u64 {
        let gap = i128::from(self.objective).saturating_sub(self.lower_bound.into()).max(0).unsigned_abs();
        let whole = self.objective.unsigned_abs().max(1);
        u64::try_from(gap.saturating_mul(1_000).div_ceil(whole.into())).unwrap_or(u64::MAX)
    }
}
