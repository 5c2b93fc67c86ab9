//! The simple rules that other systems route by, each as an evaluated plan of the same problem.
//!
//! A rule that prefers some locations takes their order as an argument, nearest first or by priority; locations that are not
//! in it do not ship. Rules keep every limit: stock, capacity, the number of shipments and the least value of one.

use alloc::vec::Vec;

use super::answer::{Flow, Plan};
use super::num::{Row, index};
use super::problem::Problem;

/// Most sets of locations that [`fewest_then_nearest`] looks at before it covers greedily; bounds the work of one order.
const MAX_SETS: usize = 4_000;

/// The first location of the order that has everything, else each line from the first that has some of it.
pub fn nearest_first(problem: &Problem, order: &[u32]) -> Plan {
    let desk = Desk::new(problem);
    match order.iter().find(|site| desk.has_all(&[**site])) {
        Some(site) => desk.ship(&[*site]),
        None => desk.ship(order),
    }
}

/// Each line from the first location of the order that has some of it.
pub fn priority(problem: &Problem, order: &[u32]) -> Plan {
    Desk::new(problem).ship(order)
}

/// The location that has most of what is still missing, again and again; of equals the first in the order.
pub fn greedy_cover(problem: &Problem, order: &[u32]) -> Plan {
    let desk = Desk::new(problem);
    let chosen = desk.cover(order);
    desk.ship(&chosen)
}

/// The fewest locations that together have everything, of equals the first in the order; these ship in its sequence.
pub fn fewest_then_nearest(problem: &Problem, order: &[u32]) -> Plan {
    let desk = Desk::new(problem);
    let mut chosen = desk.smallest(order).unwrap_or_else(|| desk.cover(order));
    chosen.sort_unstable_by_key(|site| order.iter().position(|other| other == site));
    desk.ship(&chosen)
}

/// The one location whose shipment, with penalties for what it lacks, costs least; or nobody.
pub fn cheapest_single(problem: &Problem) -> Plan {
    let desk = Desk::new(problem);
    let best = (0..index(problem.locations.len())).min_by_key(|site| desk.alone(*site));
    let nobody = Plan::of(problem, Vec::new());
    let single = best.map(|site| desk.ship(&[site])).filter(|single| single.cost < nobody.cost);
    single.unwrap_or(nobody)
}

/// Every rule over the problem's own order of locations; the cheapest plan.
pub fn best(problem: &Problem) -> Plan {
    let order: Vec<u32> = (0..index(problem.locations.len())).collect();
    let plans = [
        cheapest_single(problem),
        nearest_first(problem, &order),
        priority(problem, &order),
        greedy_cover(problem, &order),
        fewest_then_nearest(problem, &order),
    ];
    plans.into_iter().min_by_key(|plan| plan.cost).unwrap_or_default()
}

/// The arcs by location, as the rules look them up.
struct Desk<'a> {
    problem: &'a Problem,
    /// `(location, line, cap, unit cost)`, sorted.
    stock: Vec<(u32, u32, u64, i64)>,
}

impl<'a> Desk<'a> {
    fn new(problem: &'a Problem) -> Self {
        let mut stock: Vec<(u32, u32, u64, i64)> =
            problem.arcs.iter().map(|arc| (arc.1, arc.0, arc.3, arc.2)).collect();
        stock.sort_unstable();
        Self { problem, stock }
    }

    fn stock_of(&self, site: u32) -> impl Iterator<Item = (u32, u64, i64)> + '_ {
        let first = self.stock.partition_point(|(other, ..)| *other < site);
        let rest = self.stock.get(first..).unwrap_or_default();
        rest.iter().take_while(move |(other, ..)| *other == site).map(|(_, line, cap, cost)| (*line, *cap, *cost))
    }

    /// What a location on its own costs, against shipping nothing; nothing where its shipment would be worth too little.
    fn alone(&self, site: u32) -> i128 {
        let open_cost = self.problem.locations.get(site as usize).map_or(0, |location| location.open_cost);
        let (mut room, mut cost, mut worth) = (self.capacity(site), i128::from(open_cost), 0_u128);
        for (line, cap, each) in self.stock_of(site) {
            let line = self.problem.lines.get(line as usize).copied().unwrap_or_default();
            let units = cap.min(room).min(line.demand);
            room = room.saturating_sub(units);
            let each = i128::from(each).saturating_sub(i128::from(line.penalty));
            cost = cost.saturating_add(each.saturating_mul(i128::from(units)));
            worth = worth.saturating_add(u128::from(line.value).saturating_mul(u128::from(units)));
        }
        let least = u128::from(self.problem.min_shipment_value.unwrap_or(0));
        if worth >= least { cost } else { 0 }
    }

    fn capacity(&self, site: u32) -> u64 {
        self.problem.locations.get(site as usize).map_or(0, |location| location.capacity.unwrap_or(u64::MAX))
    }

    fn demands(&self) -> Vec<u64> {
        self.problem.lines.iter().map(|line| line.demand).collect()
    }

    /// What the location would ship of what is missing.
    fn take(&self, site: u32, missing: &mut [u64], mut each: impl FnMut(u32, u64)) {
        let mut room = self.capacity(site);
        for (line, cap, _) in self.stock_of(site) {
            let units = cap.min(room).min(missing.at(line));
            if units > 0 {
                missing.edit(line, |missing| missing.saturating_sub(units));
                room = room.saturating_sub(units);
                each(line, units);
            }
        }
    }

    fn has_all(&self, sites: &[u32]) -> bool {
        let mut missing = self.demands();
        sites.iter().for_each(|site| self.take(*site, &mut missing, |_, _| ()));
        missing.iter().all(|units| *units == 0)
    }

    /// Each line from the first of these that has some of it, as many locations as may ship.
    fn ship(&self, sites: &[u32]) -> Plan {
        let (mut missing, mut flows, mut opened) = (self.demands(), Vec::new(), 0_usize);
        for site in sites {
            if opened >= self.problem.most() {
                break;
            }
            let mut after = missing.clone();
            let mut parcel = Vec::new();
            self.take(*site, &mut after, |line, units| parcel.push(Flow(line, *site, units)));
            if parcel.is_empty() || self.worth(&parcel) < u128::from(self.problem.min_shipment_value.unwrap_or(0)) {
                continue;
            }
            missing = after;
            flows.append(&mut parcel);
            opened = opened.saturating_add(1);
        }
        Plan::of(self.problem, flows)
    }

    fn worth(&self, parcel: &[Flow]) -> u128 {
        let value = |line: u32| self.problem.lines.get(line as usize).map_or(0, |line| line.value);
        parcel.iter().map(|flow| u128::from(flow.2).saturating_mul(u128::from(value(flow.0)))).sum()
    }

    /// One, two or three locations that have everything, the first such in the order.
    fn smallest(&self, order: &[u32]) -> Option<Vec<u32>> {
        let useful: Vec<u32> = order.iter().copied().filter(|site| self.stock_of(*site).next().is_some()).collect();
        let one = useful.iter().map(|site| [*site]).find(|set| self.has_all(set)).map(Vec::from);
        let rest = |at: usize| useful.get(at.saturating_add(1)..).unwrap_or_default();
        let pairs = || useful.iter().enumerate().flat_map(|(at, a)| rest(at).iter().map(move |b| [*a, *b]));
        let triples = || {
            useful.iter().enumerate().flat_map(|(at, a)| {
                let others = rest(at);
                others
                    .iter()
                    .enumerate()
                    .flat_map(move |(next, b)| others.iter().skip(next.saturating_add(1)).map(move |c| [*a, *b, *c]))
            })
        };
        one.or_else(|| pairs().take(MAX_SETS).find(|set| self.has_all(set)).map(Vec::from))
            .or_else(|| triples().take(MAX_SETS).find(|set| self.has_all(set)).map(Vec::from))
    }

    fn cover(&self, order: &[u32]) -> Vec<u32> {
        let (mut missing, mut left, mut chosen) = (self.demands(), order.to_vec(), Vec::new());
        while chosen.len() < self.problem.most() {
            let mut best = (0_u64, None);
            for site in &left {
                let (mut after, mut units) = (missing.clone(), 0_u64);
                self.take(*site, &mut after, |_, more| units = units.saturating_add(more));
                if units > best.0 {
                    best = (units, Some(*site));
                }
            }
            let Some(site) = best.1 else { break };
            self.take(site, &mut missing, |_, _| ());
            left.retain(|other| *other != site);
            chosen.push(site);
        }
        chosen
    }
}
