//! Holds with a time limit, in the order of their times: what comes next is found without looking at all of them.

use alloc::collections::{BTreeMap, BTreeSet};

use super::hold::{Hold, HoldId, Owner, Stage};
use crate::value::{LocationId, Quantity, Sku, Timestamp};

/// An index of the holds that are [`Stage::Held`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Timed {
    /// When each is looked at next.
    looks: BTreeMap<HoldId, Timestamp>,
    orders: BTreeSet<(Timestamp, HoldId)>,
    carts: BTreeSet<(Timestamp, HoldId)>,
    /// What undecided orders set aside, in thousandths.
    undecided: BTreeMap<Sku, BTreeMap<LocationId, u128>>,
}

impl Timed {
    /// Takes a hold in that is not in.
    pub(super) fn put(&mut self, id: HoldId, hold: &Hold) {
        let Stage::Held { until } = hold.stage else { return };
        self.looks.insert(id, until);
        if matches!(hold.owner, Some(Owner::Cart(_))) {
            self.carts.insert((until, id));
            return;
        }
        self.orders.insert((until, id));
        for part in hold.parts.iter().filter(|part| !part.reserved().is_zero()) {
            let shelves = self.undecided.entry(part.sku.clone()).or_default();
            let sum = shelves.entry(part.location.clone()).or_default();
            *sum = sum.saturating_add(u128::from(part.reserved().thousandths()));
        }
    }

    /// Lets go of a hold, as it was when it was taken in.
    pub(super) fn forget(&mut self, id: HoldId, hold: &Hold) {
        let Some(at) = self.looks.remove(&id) else { return };
        if !self.orders.remove(&(at, id)) {
            self.carts.remove(&(at, id));
            return;
        }
        for part in &hold.parts {
            let Some(shelves) = self.undecided.get_mut(&part.sku) else { continue };
            if let Some(sum) = shelves.get_mut(&part.location) {
                *sum = sum.saturating_sub(u128::from(part.reserved().thousandths()));
            }
            shelves.retain(|_, sum| *sum > 0);
            if shelves.is_empty() {
                self.undecided.remove(&part.sku);
            }
        }
    }

    /// Puts off the next look at an order's hold.
    pub(super) fn put_off(&mut self, id: HoldId, until: Timestamp) {
        let Some(at) = self.looks.get_mut(&id) else { return };
        if self.orders.remove(&(*at, id)) {
            self.orders.insert((until, id));
            *at = until;
        }
    }

    /// What undecided orders set aside of a SKU at a location.
    pub(super) fn undecided(&self, sku: &Sku, location: &LocationId) -> Quantity {
        let sum = self.undecided.get(sku).and_then(|shelves| shelves.get(location)).copied().unwrap_or_default();
        u64::try_from(sum).ok().and_then(Quantity::from_thousandths).unwrap_or(Quantity::MAX)
    }

    /// Orders' holds whose next look is due, in the order of their times.
    pub(super) fn due_orders(&self, now: Timestamp) -> impl Iterator<Item = HoldId> + '_ {
        due(&self.orders, now)
    }

    /// Carts' holds whose time is over.
    pub(super) fn due_carts(&self, now: Timestamp) -> impl Iterator<Item = HoldId> + '_ {
        due(&self.carts, now)
    }

    /// The next look of all.
    pub(super) fn first(&self) -> Option<Timestamp> {
        [&self.orders, &self.carts].into_iter().filter_map(|set| set.first()).map(|(at, _)| *at).min()
    }

    pub(super) fn contains(&self, id: HoldId) -> bool {
        self.looks.contains_key(&id)
    }
}

fn due(set: &BTreeSet<(Timestamp, HoldId)>, now: Timestamp) -> impl Iterator<Item = HoldId> + '_ {
    set.iter().take_while(move |(at, _)| *at <= now).map(|(_, id)| *id)
}
