//! What is answered: a plan, its bound, and what of the problem held it back.

use alloc::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::num::Row;
use super::problem::Problem;
use crate::sorting::Gather as _;

/// Who ships what, at what cost.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Minor units: open costs, unit costs and penalties.
    pub cost: i64,
    /// The locations that ship, ascending.
    pub open: Vec<u32>,
    /// What they ship, by line, then location.
    pub flows: Vec<Flow>,
    /// Units of each line that nobody ships.
    pub backordered: Vec<u64>,
}

/// `[line, location, units]`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Flow(pub u32, pub u32, pub u64);

/// A plan, how much cheaper any other could be, and the proof.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Minor units: open costs, unit costs and penalties.
    pub cost: i64,
    /// No plan costs less: what the whole search knows, in minor units.
    pub lower_bound: i64,
    /// Whether the plan is optimal: its cost is the lower bound.
    pub proven: bool,
    /// Arcs scanned. At most the limit, and what was under way when it was reached.
    pub work: u64,
    /// The locations that ship, ascending.
    pub open: Vec<u32>,
    /// What they ship, by line, then location.
    pub flows: Vec<Flow>,
    /// Units of each line that nobody ships.
    pub backordered: Vec<u64>,
    /// The certificate of `root_bound`: for each line, what a unit of it is charged, at most its penalty; in minor units
    /// divided by `scale`.
    pub multipliers: Vec<i64>,
    /// What the multipliers are divided by: 1, unless whole minor units bound worse.
    pub scale: u32,
    /// What the multipliers alone prove, by [`super::bound`]: at most `lower_bound`, which branch and bound may have raised.
    pub root_bound: i64,
    /// What held the plan back.
    pub binding: Binding,
}

/// The limits that a plan uses up, each in ascending order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Binding {
    /// `[line, location]` whose stock is used up though the line wanted more.
    pub stock: Vec<(u32, u32)>,
    /// Locations that ship all they can.
    pub capacity: Vec<u32>,
    /// Lines of which there are not enough units anywhere.
    pub short: Vec<u32>,
    /// Whether as many locations ship as may.
    pub max_shipments: bool,
}

impl Answer {
    /// The plan alone.
    pub fn plan(&self) -> Plan {
        let (open, flows, backordered) = (self.open.clone(), self.flows.clone(), self.backordered.clone());
        Plan { cost: self.cost, open, flows, backordered }
    }
}

impl Plan {
    /// Sums up what is shipped; flows of nothing are left out.
    pub(super) fn of(problem: &Problem, mut flows: Vec<Flow>) -> Self {
        flows.retain(|flow| flow.2 > 0);
        flows.sort_unstable();
        let mut open: Vec<u32> = flows.iter().map(|flow| flow.1).collect();
        open.sort_unstable();
        open.dedup();
        let mut backordered: Vec<u64> = problem.lines.iter().map(|line| line.demand).collect();
        for flow in &flows {
            backordered.edit(flow.0, |units: u64| units.saturating_sub(flow.2));
        }
        let mut plan = Self { cost: 0, open, flows, backordered };
        plan.cost = plan.worked_out(problem);
        plan
    }

    /// What the plan costs, in minor units. The problem is validated: nothing overflows.
    fn worked_out(&self, problem: &Problem) -> i64 {
        let times = |units: u64, each: i64| i128::from(units).saturating_mul(i128::from(each));
        let whole = |amount: u64| i64::try_from(amount).unwrap_or(i64::MAX);
        let opened = self.open.iter().filter_map(|site| problem.locations.get(*site as usize));
        let opened = opened.map(|site| i128::from(site.open_cost));
        let mut unit_costs: Vec<(u32, u32, i64)> = Vec::new();
        for arc in &problem.arcs {
            if self.open.binary_search(&arc.1).is_ok() {
                unit_costs.push((arc.0, arc.1, arc.2));
            }
        }
        unit_costs.sort_unstable();
        let of = |flow: &Flow| {
            let place = unit_costs.partition_point(|(line, site, _)| (*line, *site) < (flow.0, flow.1));
            unit_costs.get(place).map_or(0, |(_, _, each)| times(flow.2, *each))
        };
        let missing =
            problem.lines.iter().zip(&self.backordered).map(|(line, units)| times(*units, whole(line.penalty)));
        let total: i128 = opened.chain(self.flows.iter().map(of)).chain(missing).sum();
        i64::try_from(total).unwrap_or(i64::MAX)
    }

    /// What of the problem the plan uses up.
    pub(super) fn binding(&self, problem: &Problem) -> Binding {
        let mut there = vec![0_u64; problem.lines.len()];
        let mut stock = Vec::new();
        let shipped: BTreeMap<(u32, u32), u64> = self.flows.iter().map(|flow| ((flow.0, flow.1), flow.2)).into_map();
        for arc in &problem.arcs {
            there.edit(arc.0, |units: u64| units.saturating_add(arc.3));
            let demand = problem.lines.get(arc.0 as usize).map_or(0, |line| line.demand);
            if arc.3 < demand && self.open.binary_search(&arc.1).is_ok() && shipped.get(&(arc.0, arc.1)) == Some(&arc.3)
            {
                stock.push((arc.0, arc.1));
            }
        }
        stock.sort_unstable();
        let short = (0..).zip(&problem.lines).filter(|(line, need)| there.at(*line) < need.demand);
        let sent = |site: u32| self.flows.iter().filter(|flow| flow.1 == site).map(|flow| flow.2).sum::<u64>();
        let full = |site: &u32| {
            let capacity = problem.locations.get(*site as usize).and_then(|location| location.capacity);
            capacity.is_some_and(|capacity| sent(*site) >= capacity)
        };
        Binding {
            stock,
            capacity: self.open.iter().copied().filter(full).collect(),
            short: short.map(|(line, _)| line).collect(),
            max_shipments: self.open.len() >= problem.most(),
        }
    }
}
