//! What lies where and who holds it, while orders are routed together.

use alloc::collections::{BTreeMap, BTreeSet};

use super::Plan;

/// A SKU at a location.
pub(super) type Shelf = (u32, u32);

/// Units by shelf. Within a trial more may be held than is there: that is then owed.
#[derive(Clone, Debug, Default)]
pub(super) struct Shelves(BTreeMap<Shelf, Units>);

#[derive(Clone, Debug, Default)]
struct Units {
    there: u64,
    held: u64,
    holders: BTreeSet<u32>,
}

impl Shelves {
    /// More units lie there.
    pub(super) fn put(&mut self, shelf: Shelf, units: u64) {
        let known = self.0.entry(shelf).or_default();
        known.there = known.there.saturating_add(units);
    }

    /// An order as it came: what it holds is there besides.
    pub(super) fn hold(&mut self, order: u32, skus: &[u32], plan: &Plan) {
        for (shelf, units) in wanted(skus, plan) {
            self.put(shelf, units);
        }
        self.take(order, skus, plan);
    }

    /// An order takes what its plan ships.
    pub(super) fn take(&mut self, order: u32, skus: &[u32], plan: &Plan) {
        for (shelf, units) in wanted(skus, plan) {
            let known = self.0.entry(shelf).or_default();
            known.held = known.held.saturating_add(units);
            known.holders.insert(order);
        }
    }

    /// An order puts back what its plan ships.
    pub(super) fn put_back(&mut self, order: u32, skus: &[u32], plan: &Plan) {
        for (shelf, units) in wanted(skus, plan) {
            let known = self.0.entry(shelf).or_default();
            known.held = known.held.saturating_sub(units);
            known.holders.remove(&order);
        }
    }

    /// What nobody holds.
    pub(super) fn free(&self, shelf: Shelf) -> u64 {
        self.0.get(&shelf).map_or(0, |known| known.there.saturating_sub(known.held))
    }

    /// Everything that is there.
    pub(super) fn there(&self, shelf: Shelf) -> u64 {
        self.0.get(&shelf).map_or(0, |known| known.there)
    }

    /// Whether more is held than is there.
    pub(super) fn is_owed(&self, shelf: Shelf) -> bool {
        self.0.get(&shelf).is_some_and(|known| known.held > known.there)
    }

    /// Who holds some of it, in ascending order.
    pub(super) fn holders(&self, shelf: Shelf) -> impl Iterator<Item = u32> + '_ {
        self.0.get(&shelf).into_iter().flat_map(|known| known.holders.iter().copied())
    }
}

/// What a plan takes from each shelf.
pub(super) fn wanted(skus: &[u32], plan: &Plan) -> impl Iterator<Item = (Shelf, u64)> {
    plan.flows.iter().filter_map(|flow| Some(((*skus.get(flow.0 as usize)?, flow.1), flow.2)))
}
