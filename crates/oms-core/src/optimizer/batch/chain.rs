//! Ejection chains: an order takes what it would rather have, and whoever held it is routed anew.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::super::{Plan, solve_from};
use super::Batch;
use super::shelves::{Shelf, wanted};

/// How many orders a chain is long at most, besides the one that begins it.
const LENGTH: u32 = 2;
/// Holders tried for each shelf that an ideal lacks units of.
const MOST_HOLDERS: usize = 12;
/// Of these, how many are let make room in turn.
const MOST_DEEP: usize = 4;
/// Shelves that an ideal may lack units of; what lacks more is left as it is.
const MOST_LACKS: usize = 8;
/// Ideals tried for an order; each counts on one shelf less than the one before.
const MOST_IDEALS: usize = 6;
/// Work of one routing within a batch, in scanned arcs: a hundredth of a second at most.
const WORK_EACH: u64 = 300_000;
/// Work after which a chain is given up.
const WORK_CHAIN: u64 = 400_000;
/// An ideal would rather have what is free: costs are counted in so many parts, and a unit that somebody holds costs one more.
const PARTS: u64 = 64;

/// Orders of the chain that is being tried, which stay as they are, and how much work it may still be.
struct Chain {
    busy: Vec<u32>,
    until: u64,
}

impl Batch {
    /// Routes one order as if it were alone, then makes room for that; tells what is saved.
    pub(super) fn improve(&mut self, number: u32) -> i64 {
        let Some(before) = self.orders.get(number as usize).map(|order| order.plan.cost) else { return 0 };
        self.work = self.work.wrapping_add(1);
        self.log.clear();
        let mut chain = Chain { busy: Vec::new(), until: self.work.saturating_add(WORK_CHAIN) };
        let after = self.settle(number, before.saturating_sub(1), LENGTH, &mut chain);
        after.map_or(0, |after| before.saturating_sub(after))
    }

    /// Routes an order anew, at the expense of others while the chain may go on, so that it and what that costs the others
    /// come to at most so much. Tells what they come to; otherwise everybody is as before.
    fn settle(&mut self, number: u32, most: i64, length: u32, chain: &mut Chain) -> Option<i64> {
        let (mark, busy) = (self.log.len(), chain.busy.len());
        chain.busy.push(number);
        let mut barred = BTreeSet::new();
        for _ in 0..MOST_IDEALS {
            self.set(number, Plan::default());
            let counted = (length > 0).then_some(&barred);
            let Some(ideal) = self.routed(number, counted).filter(|ideal| ideal.cost <= most) else { break };
            let spare = most.saturating_sub(ideal.cost);
            let cost = ideal.cost;
            self.set(number, ideal);
            match self.make_room(number, spare, length, chain) {
                Ok(lost) => {
                    chain.busy.truncate(busy);
                    return Some(cost.saturating_add(lost));
                }
                Err(shelf) => barred.insert(shelf),
            };
            self.roll_back(mark);
            if self.work >= chain.until {
                break;
            }
        }
        self.roll_back(mark);
        chain.busy.truncate(busy);
        None
    }

    /// Routes others anew until an order owes nothing; tells what that costs them, at most so much, or for which shelf it
    /// could not be done.
    fn make_room(&mut self, number: u32, spare: i64, length: u32, chain: &mut Chain) -> Result<i64, Shelf> {
        let mut lost = 0_i64;
        let owed = self.owed(number);
        if owed.len() > MOST_LACKS {
            return Err(owed.first().copied().unwrap_or_default());
        }
        for shelf in owed {
            // Each victim gives up a unit at least, and is then busy.
            while self.shelves.is_owed(shelf) {
                let left = spare.saturating_sub(lost);
                let more = self.eject(shelf, left, length, chain).ok_or(shelf)?;
                lost = lost.saturating_add(more);
            }
        }
        Ok(lost)
    }

    /// One of the holders of a shelf leaves it, at the least cost; tells that cost, at most so much.
    fn eject(&mut self, shelf: Shelf, spare: i64, length: u32, chain: &mut Chain) -> Option<i64> {
        let holders: Vec<u32> =
            self.shelves.holders(shelf).filter(|holder| !chain.busy.contains(holder)).take(MOST_HOLDERS).collect();
        let mut best: Option<(i64, u32, Plan)> = None;
        for holder in holders.iter().copied() {
            let (mark, old) = (self.log.len(), self.cost_of(holder));
            self.set(holder, Plan::default());
            let plan = self.routed(holder, None);
            self.roll_back(mark);
            let Some(plan) = plan else { continue };
            let more = plan.cost.saturating_sub(old);
            if best.as_ref().is_none_or(|(least, _, _)| more < *least) {
                best = Some((more, holder, plan));
            }
        }
        if let Some((more, victim, plan)) = best.filter(|(more, _, _)| *more <= spare) {
            chain.busy.push(victim);
            self.set(victim, plan);
            return Some(more);
        }
        let further = length.checked_sub(1).filter(|further| *further > 0)?;
        for victim in holders.into_iter().take(MOST_DEEP) {
            if self.work >= chain.until {
                break;
            }
            let old = self.cost_of(victim);
            if let Some(cost) = self.settle(victim, old.saturating_add(spare), further, chain) {
                chain.busy.push(victim);
                return Some(cost.saturating_sub(old));
            }
        }
        None
    }

    /// The shelves of which an order takes more than there is.
    fn owed(&self, number: u32) -> Vec<Shelf> {
        let Some(order) = self.orders.get(number as usize) else { return Vec::new() };
        wanted(&order.skus, &order.plan).map(|(shelf, _)| shelf).filter(|shelf| self.shelves.is_owed(*shelf)).collect()
    }

    fn cost_of(&self, number: u32) -> i64 {
        self.orders.get(number as usize).map_or(0, |order| order.plan.cost)
    }

    /// The best plan of an order over what is free; over what others hold, too, except of the barred shelves, if those are
    /// given.
    fn routed(&mut self, number: u32, barred: Option<&BTreeSet<Shelf>>) -> Option<Plan> {
        let order = self.orders.get(number as usize)?;
        let mut problem = order.problem.clone();
        problem.work_limit = Some(WORK_EACH);
        for arc in &mut problem.arcs {
            let shelf = (order.skus.get(arc.0 as usize).copied()?, arc.1);
            let free = self.shelves.free(shelf);
            let counted = barred.is_some_and(|barred| !barred.contains(&shelf));
            let there = if counted { self.shelves.there(shelf) } else { free };
            let demand = problem.lines.get(arc.0 as usize).map_or(0, |line| line.demand);
            if barred.is_some() {
                let held = i64::from(free < demand.min(there));
                arc.2 = arc.2.saturating_mul(PARTS.cast_signed()).saturating_add(held);
            }
            arc.3 = arc.3.min(there);
        }
        if barred.is_some() {
            problem.lines.iter_mut().for_each(|line| line.penalty = line.penalty.saturating_mul(PARTS));
            problem.locations.iter_mut().for_each(|site| site.open_cost = site.open_cost.saturating_mul(PARTS));
        }
        let answer = solve_from(&problem, &[]).ok()?;
        let plan = if barred.is_some() { Plan::of(&order.problem, answer.flows) } else { answer.plan() };
        self.work = self.work.wrapping_add(answer.work).wrapping_add(problem.arcs.len() as u64);
        Some(plan)
    }

    /// Routes an order so, and notes how it was.
    fn set(&mut self, number: u32, plan: Plan) {
        let before = self.put(number, plan);
        self.log.push((number, before));
    }

    /// Everybody is again as at this mark.
    pub(super) fn roll_back(&mut self, mark: usize) {
        while self.log.len() > mark {
            let Some((number, plan)) = self.log.pop() else { return };
            self.put(number, plan);
        }
    }

    fn put(&mut self, number: u32, plan: Plan) -> Plan {
        let Some(order) = self.orders.get_mut(number as usize) else { return plan };
        self.shelves.put_back(number, &order.skus, &order.plan);
        self.shelves.take(number, &order.skus, &plan);
        core::mem::replace(&mut order.plan, plan)
    }
}
