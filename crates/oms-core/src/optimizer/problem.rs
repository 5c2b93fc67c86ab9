//! What is asked: a problem, its limits, and why one is refused.

use alloc::vec;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::num::Row;

/// Most lines of a problem.
pub const MAX_LINES: usize = 2_000;
/// Most locations of a problem.
pub const MAX_LOCATIONS: usize = 10_000;
/// Most arcs of a problem; some megabytes.
pub const MAX_ARCS: usize = 1_000_000;
/// Most units of a demand or of one arc; larger stock is cut to the demand.
pub const MAX_UNITS: u64 = 1 << 40;
/// The sum of everything that could be paid, in minor units: what keeps all sums of the search in 64 bits.
pub const MAX_TOTAL: u64 = 1 << 52;
/// Units of work when the problem names no limit.
pub const DEFAULT_WORK: u64 = 50_000_000;

/// Which location ships how much of which line, at the least cost. All amounts are whole units and minor units of money;
/// lines and locations are named by their place, from 0.
///
/// Minimize the opening costs of the locations used, plus unit cost times units shipped over each arc, plus penalty times
/// units back-ordered; every line's shipped and back-ordered units sum to its demand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Problem {
    /// The lines, at most [`MAX_LINES`].
    pub lines: Vec<Line>,
    /// The locations, at most [`MAX_LOCATIONS`], in the order the caller prefers: simple rules break ties by it.
    pub locations: Vec<Location>,
    /// What each location could ship of each line, at most [`MAX_ARCS`] and one for a pair.
    pub arcs: Vec<Arc>,
    /// Most locations that may ship.
    #[serde(default)]
    pub max_shipments: Option<u32>,
    /// Most work to spend, in scanned arcs, from 1; [`DEFAULT_WORK`] when absent. The simple rules are always tried.
    #[serde(default)]
    pub work_limit: Option<u64>,
    /// A location ships nothing or at least this value, in minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_shipment_value: Option<u64>,
}

/// What is wanted of one line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Units wanted, at most [`MAX_UNITS`].
    pub demand: u64,
    /// Minor units for each unit that nobody ships.
    pub penalty: u64,
    /// Minor units that a unit is worth; counts only towards [`Problem::min_shipment_value`].
    #[serde(default, skip_serializing_if = "is_zero")]
    pub value: u64,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_zero(value: &u64) -> bool {
    *value == 0
}

/// A location that could ship.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Location {
    /// Minor units as soon as it ships anything.
    pub open_cost: u64,
    /// Most units it may ship in all; no limit when absent.
    #[serde(default)]
    pub capacity: Option<u64>,
}

/// `[line, location, unit cost, cap]`: a unit cost may be negative (a markdown that is avoided).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arc(pub u32, pub u32, pub i64, pub u64);

/// Why a problem is not solved; its text starts with the field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// More lines than [`MAX_LINES`].
    #[error("lines: at most {MAX_LINES}")]
    TooManyLines,
    /// More locations than [`MAX_LOCATIONS`].
    #[error("locations: at most {MAX_LOCATIONS}")]
    TooManyLocations,
    /// More arcs than [`MAX_ARCS`].
    #[error("arcs: at most {MAX_ARCS}")]
    TooManyArcs,
    /// A demand above [`MAX_UNITS`].
    #[error("lines[{0}].demand: at most {MAX_UNITS} units")]
    DemandTooLarge(u32),
    /// An arc from a line that is not there.
    #[error("arcs[{0}][0]: there is no line of that number")]
    NoSuchLine(u32),
    /// An arc from a location that is not there.
    #[error("arcs[{0}][1]: there is no location of that number")]
    NoSuchLocation(u32),
    /// A second arc of the same line and location.
    #[error("arcs[{0}]: its line and location already have an arc")]
    DuplicateArc(u32),
    /// With this line's penalty the total passes [`MAX_TOTAL`].
    #[error("lines[{0}].penalty: all penalties, open costs and unit costs together must stay below 2^52 minor units")]
    PenaltyTooLarge(u32),
    /// With this location's cost the total passes [`MAX_TOTAL`].
    #[error(
        "locations[{0}].open_cost: all penalties, open costs and unit costs together must stay below 2^52 minor units"
    )]
    OpenCostTooLarge(u32),
    /// With this arc's cost the total passes [`MAX_TOTAL`].
    #[error("arcs[{0}][2]: all penalties, open costs and unit costs together must stay below 2^52 minor units")]
    UnitCostTooLarge(u32),
    /// With this line's value the total passes [`MAX_TOTAL`].
    #[error("lines[{0}].value: all values together must stay below 2^52 minor units")]
    ValueTooLarge(u32),
    /// A minimum that no sum of values could reach without leaving 64 bits.
    #[error("min_shipment_value: must stay below 2^52 minor units")]
    MinShipmentValueTooLarge,
    /// No work is allowed.
    #[error("work_limit: at least 1")]
    NoWork,
}

impl Problem {
    /// Refuses what cannot be solved in 64 bits or makes no sense; what passes never overflows, whatever the search does.
    pub fn validate(&self) -> Result<(), Refusal> {
        self.total().map(|_| ())
    }

    /// The sum of everything that could be paid, in minor units, once nothing is refused.
    pub(super) fn total(&self) -> Result<u64, Refusal> {
        if self.lines.len() > MAX_LINES {
            return Err(Refusal::TooManyLines);
        }
        if self.locations.len() > MAX_LOCATIONS {
            return Err(Refusal::TooManyLocations);
        }
        if self.arcs.len() > MAX_ARCS {
            return Err(Refusal::TooManyArcs);
        }
        if self.work_limit == Some(0) {
            return Err(Refusal::NoWork);
        }
        self.no_arc_twice()?;
        self.values()?;
        self.costs()
    }

    /// One bit for each pair of line and location.
    fn no_arc_twice(&self) -> Result<(), Refusal> {
        let pairs = self.lines.len().saturating_mul(self.locations.len());
        let mut seen = vec![0_u64; pairs.div_ceil(64)];
        for (number, arc) in (0..).zip(&self.arcs) {
            if self.lines.get(arc.0 as usize).is_none() {
                return Err(Refusal::NoSuchLine(number));
            }
            if self.locations.get(arc.1 as usize).is_none() {
                return Err(Refusal::NoSuchLocation(number));
            }
            let pair = (arc.0 as usize).saturating_mul(self.locations.len()).saturating_add(arc.1 as usize);
            let Some(word) = seen.get_mut(pair >> 6) else { continue };
            let bit = 1_u64 << (pair & 63);
            if *word & bit != 0 {
                return Err(Refusal::DuplicateArc(number));
            }
            *word |= bit;
        }
        Ok(())
    }

    /// Everything that could be paid or saved: each demand at its penalty and its dearest arc, each arc in full, each location.
    fn costs(&self) -> Result<u64, Refusal> {
        let mut total = Total(0);
        let mut dearest = vec![0_u64; self.lines.len()];
        for (number, location) in (0..).zip(&self.locations) {
            total.add(1, location.open_cost).ok_or(Refusal::OpenCostTooLarge(number))?;
        }
        for (number, line) in (0..).zip(&self.lines) {
            if line.demand > MAX_UNITS {
                return Err(Refusal::DemandTooLarge(number));
            }
            total.add(line.demand, line.penalty).ok_or(Refusal::PenaltyTooLarge(number))?;
        }
        for (number, arc) in (0..).zip(&self.arcs) {
            let line = self.lines.get(arc.0 as usize).copied().unwrap_or_default();
            let (units, cost) = (line.demand.min(arc.3), arc.2.unsigned_abs());
            total.add(units, cost.saturating_add(line.penalty)).ok_or(Refusal::UnitCostTooLarge(number))?;
            let more = cost.saturating_sub(dearest.at(arc.0));
            if more > 0 {
                total.add(line.demand, more).ok_or(Refusal::UnitCostTooLarge(number))?;
                dearest.put(arc.0, cost);
            }
        }
        Ok(total.0)
    }

    fn values(&self) -> Result<(), Refusal> {
        let mut total = Total(0);
        for (number, line) in (0..).zip(&self.lines) {
            total.add(line.demand, line.value).ok_or(Refusal::ValueTooLarge(number))?;
        }
        match self.min_shipment_value {
            Some(value) if value > MAX_TOTAL => Err(Refusal::MinShipmentValueTooLarge),
            Some(_) | None => Ok(()),
        }
    }

    /// The work the search may spend.
    pub(super) fn work(&self) -> u64 {
        self.work_limit.unwrap_or(DEFAULT_WORK)
    }

    /// Most locations that may ship.
    pub(super) fn most(&self) -> usize {
        self.max_shipments.map_or(usize::MAX, |most| most as usize)
    }
}

/// A sum that stops at [`MAX_TOTAL`].
struct Total(u64);

impl Total {
    fn add(&mut self, units: u64, each: u64) -> Option<()> {
        self.0 = units.checked_mul(each)?.checked_add(self.0)?;
        (self.0 <= MAX_TOTAL).then_some(())
    }
}
