//! What comes to a location, day by day, and whose it is: of those who bought it, of the location itself, of those who were told
//! that they get it, of nobody.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec;
use alloc::vec::Vec;
use core::cell::OnceCell;

use super::shelf::Page;
use crate::promise::Step;
use crate::sorting::{self, Gather as _};
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

    /// The locations that goods are or were on their way to.
    pub(super) fn destinations(&self) -> BTreeSet<&LocationId> {
        self.inbound.iter().map(|one| &one.location).into_set()
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

    /// What comes, as an order sees it that is or will be on the list, or anybody else.
    pub fn coming(&self, order: Option<OrderId>, today: Day) -> Coming<'_> {
        Coming { page: self, order, today, told: OnceCell::new() }
    }

    /// What of that which is still to come was told to orders, other than one, that wait for whatever comes, by location: theirs
    /// is what lies there for nobody, then of all locations what comes first and was not bought.
    fn told_by_place(&self, but: Option<OrderId>, today: Day) -> BTreeMap<&LocationId, Quantity> {
        let others = self.waiting.iter().filter(|waiter| Some(waiter.order) != but);
        let told: Quantity = others.flat_map(|waiter| &waiter.told).map(|step| step.quantity).sum();
        let mut sums: BTreeMap<&LocationId, Quantity> = BTreeMap::new();
        if told.is_zero() {
            return sums;
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
        for (step, place) in comes {
            let theirs = step.quantity.min(left);
            left = left.saturating_sub(theirs);
            let sum = sums.entry(place).or_default();
            *sum = sum.saturating_add(theirs);
        }
        sums
    }
}

/// What comes of a SKU, as an order sees it that is or will be on the list, or anybody else.
#[derive(Debug)]
pub struct Coming<'a> {
    page: &'a Page,
    order: Option<OrderId>,
    today: Day,
    /// Weighed for all places at once, when it is asked for the first time.
    told: OnceCell<BTreeMap<&'a LocationId, Quantity>>,
}

impl Coming<'_> {
    /// What of that which is still to come to a location was told to others.
    pub(super) fn told(&self, location: &LocationId) -> Quantity {
        if self.page.incoming(location).is_zero() {
            return Quantity::ZERO;
        }
        let told = self.told.get_or_init(|| self.page.told_by_place(self.order, self.today));
        told.get(location).copied().unwrap_or_default()
    }

    /// What may be bought of what comes to a location, or was bought by the order, by day. Whoever bought before has what lies
    /// there for them, then what comes first; then the location has what it lacks, and whoever waits what they were told.
    pub fn to(&self, location: &LocationId) -> Vec<Step> {
        let page = self.page;
        if page.inbound.is_empty() || page.is_allocated(location) {
            return vec![];
        }
        let (all, open) = (page.pegged(location, None), page.incoming(location));
        let known = self.order.and_then(|order| page.waiter(order));
        if known.is_none_or(|waiter| waiter.pegs.is_empty()) && page.is_full() {
            return vec![];
        }
        let own = known.map(|waiter| waiter.peg_at(location)).unwrap_or_default();
        let before = if own.is_zero() {
            all
        } else {
            let earlier = page.waiting.iter().take_while(|waiter| Some(waiter.order) != self.order);
            earlier.map(|waiter| waiter.peg_at(location)).sum()
        };
        let lies = page.awaited(location, None).min(page.free(location));
        let told = self.told(location).saturating_add(page.lacks(location));
        let eaten = before.saturating_sub(lies).saturating_add(if own.is_zero() { told } else { Quantity::ZERO });
        let most = own.saturating_add(open.saturating_sub(all).saturating_sub(told));
        portion(page.receipts(location, self.today), eaten, most)
    }

    /// By when what others bought of what comes to a location or were told to get of it is needed, so that nobody else is
    /// promised it.
    pub fn spoken_for(&self, location: &LocationId) -> Vec<Step> {
        let page = self.page;
        let came = page.awaited(location, self.order);
        let bought = page.pegged(location, self.order).saturating_sub(came);
        let rest = bought.saturating_add(self.told(location));
        let mut steps = portion(page.receipts(location, self.today), Quantity::ZERO, rest);
        if !came.is_zero() {
            steps.push(Step { day: self.today, quantity: came });
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
