//! What comes to a location, day by day, and whose it is: of those who bought it, of the location itself, of those who were told
//! that they get it, of nobody.

use alloc::collections::BTreeSet;
use alloc::vec;
use alloc::vec::Vec;

use super::shelf::Page;
use crate::promise::Step;
use crate::sorting;
use crate::value::{Day, LocationId, OrderId, Quantity};

impl Page {
    /// What orders, other than one, bought of what comes to a location and did not get yet.
    pub fn pegged(&self, location: &LocationId, but: Option<OrderId>) -> Quantity {
        let others = self.waiting.iter().filter(|waiter| Some(waiter.order) != but);
        others.map(|waiter| waiter.peg_at(location)).sum()
    }

    /// What of that has come already: it lies there for them.
    pub fn awaited(&self, location: &LocationId, but: Option<OrderId>) -> Quantity {
        self.pegged(location, but).saturating_sub(self.incoming(location))
    }

    /// What of that which is still to come to a location was told to orders, other than one, that wait for whatever comes:
    /// theirs is what lies there for nobody, then of all locations what comes first and was not bought.
    pub(super) fn told_of(&self, location: &LocationId, but: Option<OrderId>, today: Day) -> Quantity {
        let others = self.waiting.iter().filter(|waiter| Some(waiter.order) != but);
        let told: Quantity = others.flat_map(|waiter| &waiter.told).map(|step| step.quantity).sum();
        if told.is_zero() || self.incoming(location).is_zero() {
            return Quantity::ZERO;
        }
        let free = self.shelves.keys().map(|at| (at, self.free(at)));
        let free = free.filter(|(_, free)| !free.is_zero());
        let lies = free.map(|(at, free)| free.saturating_sub(self.awaited(at, None)));
        let mut left = told.saturating_sub(lies.sum());
        let mut comes: Vec<(Step, &LocationId)> = Vec::new();
        for place in self.destinations() {
            comes.extend(self.unbought(place, today).into_iter().map(|step| (step, place)));
        }
        sorting::sort_by_key(&mut comes, |(step, _)| step.day);
        let mut here = Quantity::ZERO;
        for (step, place) in comes {
            let theirs = step.quantity.min(left);
            left = left.saturating_sub(theirs);
            if place == location {
                here = here.saturating_add(theirs);
            }
        }
        here
    }

    /// The locations that goods are or were on their way to.
    pub(super) fn destinations(&self) -> BTreeSet<&LocationId> {
        self.inbound.iter().map(|one| &one.location).collect()
    }

    /// What of that which is still to come to a location was bought.
    pub(super) fn bought(&self, location: &LocationId) -> Quantity {
        self.pegged(location, None).min(self.incoming(location))
    }

    /// What a location lacks of its safety stock and of its tills' share: the first goods that come fill it, but for those
    /// that somebody bought before.
    pub(super) fn lacks(&self, location: &LocationId) -> Quantity {
        let shelf = self.shelf(location);
        let share = self.item.kept_for_tills.get(location).copied().unwrap_or_default();
        let kept_back = self.safety_at(location).saturating_add(share.saturating_sub(shelf.allotted));
        let there = shelf.free(Quantity::ZERO).saturating_sub(self.awaited(location, None));
        let unsold = self.incoming(location).saturating_sub(self.bought(location));
        kept_back.saturating_sub(there).min(unsold)
    }

    /// What is to come to a location that nobody bought and that it does not lack, by day.
    pub(super) fn unbought(&self, location: &LocationId, today: Day) -> Vec<Step> {
        let theirs = self.bought(location).saturating_add(self.lacks(location));
        portion(self.receipts(location, today), theirs, Quantity::MAX)
    }

    /// What is to come to a location, by day.
    pub(super) fn receipts(&self, location: &LocationId, today: Day) -> Vec<Step> {
        let open = self.inbound.iter().filter(|one| one.location == *location && !one.open().is_zero());
        let mut steps: Vec<Step> =
            open.map(|one| Step { day: one.expected.max(today), quantity: one.open() }).collect();
        sorting::sort_by_key(&mut steps, |step| step.day);
        steps
    }

    /// What an order may buy of what comes to a location, or has bought, by day. Whoever bought before has what lies there
    /// for them, then what comes first; then the location has what it lacks, and whoever waits what they were told.
    pub fn coming(&self, location: &LocationId, order: Option<OrderId>, today: Day) -> Vec<Step> {
        if self.inbound.is_empty() || self.is_allocated(location) {
            return vec![];
        }
        let (all, open) = (self.pegged(location, None), self.incoming(location));
        let known = order.and_then(|order| self.waiter(order));
        if known.is_none_or(|waiter| waiter.pegs.is_empty()) && self.is_full() {
            return vec![];
        }
        let own = known.map(|waiter| waiter.peg_at(location)).unwrap_or_default();
        let before = if own.is_zero() {
            all
        } else {
            let earlier = self.waiting.iter().take_while(|waiter| Some(waiter.order) != order);
            earlier.map(|waiter| waiter.peg_at(location)).sum()
        };
        let lies = self.awaited(location, None).min(self.free(location));
        let told = self.told_of(location, order, today).saturating_add(self.lacks(location));
        let eaten = before.saturating_sub(lies).saturating_add(if own.is_zero() { told } else { Quantity::ZERO });
        let most = own.saturating_add(open.saturating_sub(all).saturating_sub(told));
        portion(self.receipts(location, today), eaten, most)
    }

    /// By when what orders, other than one, bought of what comes or were told to get of it is needed, so that nobody else is
    /// promised it.
    pub fn spoken_for(&self, location: &LocationId, but: Option<OrderId>, today: Day) -> Vec<Step> {
        let came = self.awaited(location, but);
        let bought = self.pegged(location, but).saturating_sub(came);
        let rest = bought.saturating_add(self.told_of(location, but, today));
        let mut steps = portion(self.receipts(location, today), Quantity::ZERO, rest);
        if !came.is_zero() {
            steps.push(Step { day: today, quantity: came });
        }
        steps
    }
}

/// So much of receipts, after so much of them.
pub(super) fn portion(mut receipts: Vec<Step>, mut after: Quantity, mut most: Quantity) -> Vec<Step> {
    for step in &mut receipts {
        let gone = step.quantity.min(after);
        after = after.saturating_sub(gone);
        step.quantity = step.quantity.saturating_sub(gone).min(most);
        most = most.saturating_sub(step.quantity);
    }
    receipts.retain(|step| !step.quantity.is_zero());
    receipts
}
