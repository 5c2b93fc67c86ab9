//! Open orders routed anew together, after a receipt or a cancellation: they share stock, and what one order holds may be worth
//! more to another.
//!
//! An order's *ideal* is its cheapest plan if all stock that open orders hold were its own. Where the ideal is cheaper than
//! the plan, the units it lacks are taken from their holders, and every holder is routed anew: over what is left, or, if that
//! costs too much, by an ideal of its own (ejection chains of length two). If all of them together cost less, that stands; else
//! everything is put back, and the units that could not be had are no longer counted on. Each trial costs less than before or
//! leaves no trace, so a batch may stop anywhere.

mod chain;
mod shelves;

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use self::shelves::Shelves;
use super::{Fault, Flow, Plan, Problem, check_plan};
use crate::sorting::Gather as _;

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

impl OpenOrder {
    /// An order that ships so much over these arcs now.
    pub fn shipping(problem: Problem, skus: Vec<u32>, flows: Vec<Flow>) -> Self {
        let plan = Plan::of(&problem, flows);
        Self { problem, skus, plan }
    }
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

/// An order that a trade routes otherwise, and how it was routed before.
pub type Shift = (u32, Plan);

/// Orders, what is free, and where the last slice stopped.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    orders: Vec<OpenOrder>,
    shelves: Shelves,
    /// Who was routed how before, since the last trial began: what has to be put back should it fail.
    log: Vec<(u32, Plan)>,
    next: usize,
    unchanged: usize,
    work: u64,
}

impl Batch {
    /// Orders as they are routed, and what is free besides: `(sku, location, units)`.
    ///
    /// # Errors
    /// [`BatchRefusal`] when a plan is none of its order, or SKUs are not one a line.
    pub fn new(orders: Vec<OpenOrder>, free: &[(u32, u32, u64)]) -> Result<Self, BatchRefusal> {
        let mut batch = Self::default();
        for (sku, site, units) in free {
            batch.shelves.put((*sku, *site), *units);
        }
        for (number, order) in (0..).zip(&orders) {
            let named: BTreeSet<&u32> = order.skus.iter().into_set();
            if named.len() != order.problem.lines.len() || order.skus.len() != order.problem.lines.len() {
                return Err(BatchRefusal::Skus(number));
            }
            check_plan(&order.problem, &order.plan).map_err(|fault| BatchRefusal::Plan(number, fault))?;
            batch.shelves.hold(number, &order.skus, &order.plan);
        }
        batch.orders = orders;
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

    /// The next trade that saves, for whoever carries out each by itself: who is routed otherwise from now on, and how they
    /// were. Every order begins one at most; nothing once all had their turn or so much work was spent since the first.
    pub fn trade(&mut self, work: u64) -> Option<Vec<Shift>> {
        while self.next < self.orders.len() && self.work < work {
            let number = super::num::index(self.next);
            self.next = self.next.saturating_add(1);
            if self.improve(number) > 0 {
                return Some(self.shifts());
            }
        }
        None
    }

    /// Takes a trade back that could not be carried out.
    pub fn put_back(&mut self, trade: Vec<Shift>) {
        self.log = trade;
        self.roll_back(0);
    }

    /// What the last trial changed: of every order how it was first.
    fn shifts(&mut self) -> Vec<Shift> {
        let mut shifts: Vec<Shift> = Vec::new();
        for (number, before) in core::mem::take(&mut self.log) {
            if shifts.iter().all(|(known, _)| *known != number) {
                shifts.push((number, before));
            }
        }
        let is_new =
            |(number, before): &Shift| self.orders.get(*number as usize).is_some_and(|one| one.plan != *before);
        shifts.retain(is_new);
        shifts
    }
}
