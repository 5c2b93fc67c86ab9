//! Open orders routed anew together, after a receipt or a cancellation: they share stock, and what one order holds may be worth
//! more to another.
//!
//! An order's *ideal* is its cheapest plan if all stock that open orders hold were its own. Where the ideal is cheaper than
//! the plan, the units it lacks are taken from their holders, and every holder is routed anew over what is left. If all of
//! them together cost less, that stands; else everything is put back (ejection chains of length one). Each trial costs less
//! than before or leaves no trace, so a batch may stop anywhere.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{Fault, Plan, Problem, Refusal, check_plan, solve_from};

/// Holders tried for each shelf that an ideal lacks units of.
const MOST_HOLDERS: usize = 12;
/// Shelves that an ideal may lack units of; what lacks more is left as it is.
const MOST_LACKS: usize = 8;
/// Work of one routing within a batch, in scanned arcs: a hundredth of a second at most.
const WORK_EACH: u64 = 300_000;

/// An order that has not left yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenOrder {
    /// Its lines, and its costs over the locations, which all orders number alike. Caps of arcs are its own limits; what is
    /// on the shelves limits it besides.
    pub problem: Problem,
    /// The SKU of each line, each named once.
    pub skus: Vec<u32>,
    /// How it is routed now.
    pub plan: Plan,
}

/// Why orders cannot be routed together; with the place of the order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum BatchRefusal {
    /// The order's plan is not one of its problem.
    #[error("orders[{0}].plan: {1}")]
    Plan(u32, Fault),
    /// Not one SKU for each line, or one named twice.
    #[error("orders[{0}].skus: one for each line, none twice")]
    Skus(u32),
}

/// What a slice did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slice {
    /// Work spent, in scanned arcs.
    pub work: u64,
    /// Minor units saved.
    pub saved: i64,
    /// Whether a whole round over all orders changed nothing: more slices would do nothing.
    pub done: bool,
}

/// A SKU at a location.
type Shelf = (u32, u32);

/// Orders, what is free, and where the last slice stopped.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    orders: Vec<OpenOrder>,
    free: BTreeMap<Shelf, u64>,
    holders: BTreeMap<Shelf, BTreeSet<u32>>,
    next: usize,
    unchanged: usize,
    work: u64,
}

impl Batch {
    /// Orders as they are routed, and what is free besides: `(sku, location, units)`.
    pub fn new(orders: Vec<OpenOrder>, free: &[(u32, u32, u64)]) -> Result<Self, BatchRefusal> {
        let mut batch = Self::default();
        for (sku, site, units) in free {
            let there = batch.free.entry((*sku, *site)).or_default();
            *there = there.saturating_add(*units);
        }
        for (number, order) in (0..).zip(&orders) {
            let named: BTreeSet<&u32> = order.skus.iter().collect();
            if named.len() != order.problem.lines.len() || order.skus.len() != order.problem.lines.len() {
                return Err(BatchRefusal::Skus(number));
            }
            check_plan(&order.problem, &order.plan).map_err(|fault| BatchRefusal::Plan(number, fault))?;
        }
        batch.orders = orders;
        for (number, order) in (0..).zip(&batch.orders) {
            for (shelf, _) in shelves(order) {
                batch.holders.entry(shelf).or_default().insert(number);
            }
        }
        Ok(batch)
    }

    /// The orders as they are routed now, in the order they came.
    pub fn orders(&self) -> &[OpenOrder] {
        &self.orders
    }

    /// What all plans cost together, in minor units.
    pub fn cost(&self) -> i128 {
        self.orders.iter().map(|order| i128::from(order.plan.cost)).sum()
    }

    /// Goes on where the last slice stopped until so much work is spent, at least one order. Slices of any size come to the
    /// same plans.
    pub fn run(&mut self, work: u64) -> Slice {
        let before = self.work;
        let spent = |batch: &Self| batch.work.wrapping_sub(before);
        let mut slice = Slice::default();
        while self.unchanged < self.orders.len() {
            let saved = self.improve(super::num::index(self.next));
            slice.saved = slice.saved.saturating_add(saved);
            self.unchanged = if saved > 0 { 0 } else { self.unchanged.saturating_add(1) };
            self.next = self.next.saturating_add(1);
            if self.next >= self.orders.len() {
                self.next = 0;
            }
            if spent(self) >= work {
                break;
            }
        }
        slice.work = spent(self);
        slice.done = self.unchanged >= self.orders.len();
        slice
    }

    /// Routes one order as if it were alone, then makes room for that; tells what is saved.
    fn improve(&mut self, number: u32) -> i64 {
        let Some(old) = self.plan(number) else { return 0 };
        self.work = self.work.wrapping_add(1);
        self.take_back(number);
        let Some(ideal) = self.routed(number, true).filter(|ideal| ideal.cost < old.cost) else {
            self.give(number, old);
            return 0;
        };
        let saved = old.cost.saturating_sub(ideal.cost);
        let lacks: Vec<Shelf> = self.lacks(number, &ideal);
        let mut undo: Vec<(u32, Plan)> = Vec::new();
        let lost = if lacks.len() > MOST_LACKS { None } else { self.make_room(number, &ideal, saved, &mut undo) };
        match lost {
            Some(lost) if lost < saved => {
                self.give(number, ideal);
                saved.saturating_sub(lost)
            }
            Some(_) | None => {
                for (victim, plan) in undo.into_iter().rev() {
                    self.take_back(victim);
                    self.give(victim, plan);
                }
                self.give(number, old);
                0
            }
        }
    }

    /// Frees what the ideal lacks; tells what that costs the holders, if it can be done for less than is saved.
    fn make_room(&mut self, number: u32, ideal: &Plan, saved: i64, undo: &mut Vec<(u32, Plan)>) -> Option<i64> {
        let mut lost = 0_i64;
        // Each victim gives up units of one shelf at least, so there are no more rounds than holders tried.
        for _ in 0..MOST_HOLDERS.saturating_mul(MOST_LACKS) {
            let Some(shelf) = self.lacks(number, ideal).into_iter().next() else { return Some(lost) };
            let (victim, plan, more) = self.cheapest_victim(number, ideal, shelf, undo)?;
            lost = lost.saturating_add(more);
            if lost >= saved {
                return None;
            }
            undo.push((victim, self.plan(victim)?));
            self.take_back(victim);
            self.give(victim, plan);
        }
        None
    }

    /// The holder that loses least when it is routed anew without what the ideal takes, and how it then is.
    fn cheapest_victim(
        &mut self,
        number: u32,
        ideal: &Plan,
        shelf: Shelf,
        undo: &[(u32, Plan)],
    ) -> Option<(u32, Plan, i64)> {
        let holders: Vec<u32> = self.holders.get(&shelf)?.iter().copied().collect();
        let untouched = holders.into_iter().filter(|holder| undo.iter().all(|(other, _)| other != holder));
        let mut best: Option<(u32, Plan, i64)> = None;
        for holder in untouched.take(MOST_HOLDERS) {
            let Some(old) = self.plan(holder) else { continue };
            self.take_back(holder);
            let reserved = self.reserve(number, ideal);
            let plan = self.routed(holder, false);
            reserved.into_iter().for_each(|(shelf, units)| self.put(shelf, units));
            self.give(holder, old.clone());
            let Some(plan) = plan else { continue };
            let more = plan.cost.saturating_sub(old.cost);
            if best.as_ref().is_none_or(|best| more < best.2) {
                best = Some((holder, plan, more));
            }
        }
        best
    }

    /// Sets aside what the ideal takes, as far as it is there.
    fn reserve(&mut self, number: u32, ideal: &Plan) -> Vec<(Shelf, u64)> {
        let wanted = self.wanted(number, ideal);
        let mut reserved = Vec::with_capacity(wanted.len());
        for (shelf, units) in wanted {
            let units = units.min(self.free.get(&shelf).copied().unwrap_or(0));
            if let Some(free) = self.free.get_mut(&shelf) {
                *free = free.saturating_sub(units);
                reserved.push((shelf, units));
            }
        }
        reserved
    }

    /// The shelves that have less than the plan takes.
    fn lacks(&self, number: u32, plan: &Plan) -> Vec<Shelf> {
        let short = |(shelf, units): &(Shelf, u64)| self.free.get(shelf).copied().unwrap_or(0) < *units;
        self.wanted(number, plan).into_iter().filter(short).map(|(shelf, _)| shelf).collect()
    }

    fn wanted(&self, number: u32, plan: &Plan) -> Vec<(Shelf, u64)> {
        let skus = self.orders.get(number as usize).map_or(&[][..], |order| &order.skus);
        let shelf = |line: u32, site: u32| Some((*skus.get(line as usize)?, site));
        plan.flows.iter().filter_map(|flow| Some((shelf(flow.0, flow.1)?, flow.2))).collect()
    }

    /// The best plan over what is free; with `all`, over what other orders hold, too.
    fn routed(&mut self, number: u32, all: bool) -> Option<Plan> {
        let order = self.orders.get(number as usize)?;
        let mut problem = order.problem.clone();
        problem.work_limit = Some(WORK_EACH);
        for arc in &mut problem.arcs {
            let sku = order.skus.get(arc.0 as usize).copied()?;
            let held = if all { self.held((sku, arc.1)) } else { 0 };
            let there = self.free.get(&(sku, arc.1)).copied().unwrap_or(0).saturating_add(held);
            arc.3 = arc.3.min(there);
        }
        let answer: Result<super::Answer, Refusal> = solve_from(&problem, &[]);
        let answer = answer.ok()?;
        self.work = self.work.wrapping_add(answer.work).wrapping_add(problem.arcs.len() as u64);
        Some(answer.plan())
    }

    /// What orders hold of a shelf.
    fn held(&self, shelf: Shelf) -> u64 {
        let holders = self.holders.get(&shelf).into_iter().flatten();
        let orders = holders.filter_map(|holder| self.orders.get(*holder as usize));
        orders.flat_map(shelves).filter(|(other, _)| *other == shelf).map(|(_, units)| units).sum()
    }

    fn plan(&self, number: u32) -> Option<Plan> {
        self.orders.get(number as usize).map(|order| order.plan.clone())
    }

    fn put(&mut self, shelf: Shelf, units: u64) {
        let free = self.free.entry(shelf).or_default();
        *free = free.saturating_add(units);
    }

    /// Puts back what an order holds; it then holds nothing.
    fn take_back(&mut self, number: u32) {
        let Some(order) = self.orders.get_mut(number as usize) else { return };
        let held: Vec<(Shelf, u64)> = shelves(order).collect();
        order.plan = Plan::default();
        for (shelf, units) in held {
            self.put(shelf, units);
            self.holders.entry(shelf).or_default().remove(&number);
        }
    }

    /// Takes what a plan ships, which is there, for an order that holds nothing.
    fn give(&mut self, number: u32, plan: Plan) {
        for (shelf, units) in self.wanted(number, &plan) {
            let free = self.free.entry(shelf).or_default();
            *free = free.saturating_sub(units);
            self.holders.entry(shelf).or_default().insert(number);
        }
        if let Some(order) = self.orders.get_mut(number as usize) {
            order.plan = plan;
        }
    }
}

/// What an order holds.
fn shelves(order: &OpenOrder) -> impl Iterator<Item = (Shelf, u64)> + '_ {
    order.plan.flows.iter().filter_map(|flow| Some(((*order.skus.get(flow.0 as usize)?, flow.1), flow.2)))
}
