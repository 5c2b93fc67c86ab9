//! Small problems, and what they cost at least: by trying everything.

use oms_core::optimizer::{Arc, Line, Location, Problem};
use proptest::prelude::*;

/// Up to three lines and five locations. Costs are drawn small so that ties, free locations and lost units are common.
pub(crate) fn any_problem() -> impl Strategy<Value = Problem> {
    let lines = prop::collection::vec((0..5_u64, 0..60_u64), 0..4);
    let locations = prop::collection::vec((0..50_u64, prop::option::of(0..7_u64)), 0..6);
    let arcs = prop::collection::btree_map((0..3_u32, 0..5_u32), (-8..32_i64, 0..5_u64), 0..13);
    let most = prop::option::weighted(0.3, 0..4_u32);
    (lines, locations, arcs, most).prop_map(|(lines, locations, arcs, max_shipments)| Problem {
        arcs: arcs
            .into_iter()
            .filter(|((line, site), _)| (*line as usize) < lines.len() && (*site as usize) < locations.len())
            .map(|((line, site), (cost, cap))| Arc(line, site, cost, cap))
            .collect(),
        lines: lines.into_iter().map(|(demand, penalty)| Line { demand, penalty, value: penalty }).collect(),
        locations: locations.into_iter().map(|(open_cost, capacity)| Location { open_cost, capacity }).collect(),
        max_shipments,
        work_limit: None,
        min_shipment_value: None,
    })
}

/// As few shipments as can be: opening costs one, carrying nothing, and nothing is worth leaving behind.
pub(crate) fn fewest(mut problem: Problem) -> Problem {
    problem.locations.iter_mut().for_each(|location| location.open_cost = 1);
    problem.arcs.iter_mut().for_each(|arc| arc.2 = 0);
    problem.lines.iter_mut().for_each(|line| line.penalty = 100);
    problem
}

/// The least cost, by trying every flow over every arc.
pub(crate) fn least_cost(problem: &Problem) -> i64 {
    let room = problem.locations.iter().map(|location| location.capacity.unwrap_or(u64::MAX)).collect();
    let left = problem.lines.iter().map(|line| line.demand).collect();
    Trial { problem, room, left, sent: vec![(0, 0); problem.locations.len()] }
        .rest(0)
        .expect("shipping nothing is a plan")
}

struct Trial<'a> {
    problem: &'a Problem,
    room: Vec<u64>,
    left: Vec<u64>,
    /// Units and their value, by location.
    sent: Vec<(u64, u64)>,
}

impl Trial<'_> {
    /// The least cost with the flows over all arcs before `at` as they are.
    fn rest(&mut self, at: usize) -> Option<i64> {
        let Some(Arc(line, site, cost, cap)) = self.problem.arcs.get(at).copied() else { return self.whole() };
        let (line, site) = (line as usize, site as usize);
        let most = cap.min(self.room[site]).min(self.left[line]);
        let mut best: Option<i64> = None;
        for units in 0..=most {
            self.ship(line, site, units);
            let total = self.rest(at + 1).map(|rest| rest + cost * units as i64);
            best = best.into_iter().chain(total).min();
            self.take_back(line, site, units);
        }
        best
    }

    fn ship(&mut self, line: usize, site: usize, units: u64) {
        self.room[site] -= units;
        self.left[line] -= units;
        self.sent[site].0 += units;
        self.sent[site].1 += units * self.problem.lines[line].value;
    }

    fn take_back(&mut self, line: usize, site: usize, units: u64) {
        self.room[site] += units;
        self.left[line] += units;
        self.sent[site].0 -= units;
        self.sent[site].1 -= units * self.problem.lines[line].value;
    }

    /// Open costs and penalties of what is shipped, if it is a plan.
    fn whole(&self) -> Option<i64> {
        let open = || self.sent.iter().zip(&self.problem.locations).filter(|((units, _), _)| *units > 0);
        let least = self.problem.min_shipment_value.unwrap_or(0);
        let may = self.problem.max_shipments.is_none_or(|most| open().count() <= most as usize);
        let worth = open().all(|((_, value), _)| *value >= least);
        let opened: u64 = open().map(|(_, location)| location.open_cost).sum();
        let missing: u64 = self.problem.lines.iter().zip(&self.left).map(|(line, left)| line.penalty * left).sum();
        (may && worth).then_some((opened + missing) as i64)
    }
}
