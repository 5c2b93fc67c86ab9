//! The working copy of all supply while a request is answered: everything taken can be put back.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::allocation::Allocation;
use super::facts::Facts;
use super::peg::Found;
use super::{DemandClass, Fences, Inbound, Method, ResourceId, Step, Timeline};
use crate::value::{Amount, Day, Delta, Invalid, Label, LocationId, Quantity, Sku};

/// The supply of one SKU at one location.
#[derive(Clone, Debug, Default)]
pub(super) struct Pool {
    timeline: Timeline,
    /// What a unit costs here.
    unit_cost: Amount,
    /// What is on its way, and the day it counts for.
    receipts: Vec<(Day, Label)>,
    allocation: Option<Allocation>,
    method: Method,
    infinite_from: Option<Day>,
}

/// What has to be undone.
enum Taken {
    Supply(usize, Day, Quantity),
    Allocated(usize, Allocation),
    Capacity(ResourceId, Day, Quantity),
}

/// All pools and resources.
pub(super) struct Ledger {
    pools: Vec<Pool>,
    places: BTreeMap<Sku, BTreeMap<LocationId, usize>>,
    used: BTreeMap<ResourceId, BTreeMap<Day, Quantity>>,
    log: Vec<Taken>,
    today: Day,
    /// Something could not be booked: what is answered from here on is not to be trusted.
    full: bool,
}

impl Ledger {
    /// Lays out checked facts as they stand today.
    pub(super) fn new(facts: &Facts, today: Day) -> Result<Self, Invalid> {
        let mut ledger = Self {
            pools: Vec::new(),
            places: BTreeMap::new(),
            used: BTreeMap::new(),
            log: Vec::new(),
            today,
            full: false,
        };
        for stock in &facts.stocks {
            let fences = fences(facts, &stock.sku);
            let at = ledger.place(facts, &stock.sku, &stock.location);
            let Some(pool) = ledger.pools.get_mut(at) else { continue };
            let net =
                Delta::from(stock.on_hand).thousandths().saturating_sub(Delta::from(stock.kept_back).thousandths());
            pool.timeline = Timeline::new(Delta::from_thousandths(net).unwrap_or_default());
            pool.unit_cost = stock.unit_cost;
            for step in &stock.commitments {
                if let Some(day) = fences.late_demand.counts_for(step.day, today) {
                    pool.timeline.commit(day, step.quantity)?;
                }
            }
        }
        for inbound in &facts.inbound {
            ledger.expect(facts, inbound)?;
        }
        for allocation in &facts.allocations {
            let at = ledger.place(facts, &allocation.sku, &allocation.location);
            if let Some(pool) = ledger.pools.get_mut(at) {
                pool.allocation = Some(allocation.clone());
            }
        }
        for stock in facts.stocks.iter().filter(|stock| !stock.takings.is_empty()) {
            let at = ledger.place(facts, &stock.sku, &stock.location);
            if let Some(Pool { allocation: Some(allocation), timeline, .. }) = ledger.pools.get_mut(at) {
                allocation.took(&stock.takings, timeline);
            }
        }
        for (id, resource) in &facts.resources {
            let used = ledger.used.entry(id.clone()).or_default();
            for step in &resource.used {
                let sum = used.entry(step.day).or_default();
                *sum = sum.saturating_add(step.quantity);
            }
        }
        Ok(ledger)
    }

    fn expect(&mut self, facts: &Facts, inbound: &Inbound) -> Result<(), Invalid> {
        let (today, fences) = (self.today, fences(facts, &inbound.sku));
        if let Some(day) = fences.late_supply.counts_for(inbound.expected, today) {
            let at = self.place(facts, &inbound.sku, &inbound.location);
            if let Some(pool) = self.pools.get_mut(at).filter(|_| !inbound.open().is_zero()) {
                pool.timeline.receive(day, inbound.open())?;
                pool.receipts.push((day, inbound.id.clone()));
            }
        }
        let Some((from, ships, quantity)) = inbound.outgoing() else { return Ok(()) };
        let Some(day) = fences.late_demand.counts_for(ships, today) else { return Ok(()) };
        let at = self.place(facts, &inbound.sku, from);
        self.pools.get_mut(at).map_or(Ok(()), |pool| pool.timeline.commit(day, quantity))
    }

    /// The number of the pool of a SKU at a location; it is opened when it is first asked for.
    pub(super) fn place(&mut self, facts: &Facts, sku: &Sku, location: &LocationId) -> usize {
        if let Some(at) = self.places.get(sku).and_then(|places| places.get(location)) {
            return *at;
        }
        let at = self.pools.len();
        self.pools.push(Pool {
            method: facts.items.get(sku).map(|item| item.method).unwrap_or_default(),
            infinite_from: fences(facts, sku).infinite_from(self.today),
            ..Pool::default()
        });
        self.places.entry(sku.clone()).or_default().insert(location.clone(), at);
        at
    }

    /// A pool by its number.
    pub(super) fn pool(&self, at: usize) -> Option<&Pool> {
        self.pools.get(at)
    }

    /// What a unit of a SKU costs at a location; nothing when nobody says.
    pub(super) fn unit_cost(&self, sku: &Sku, location: &LocationId) -> Amount {
        let at = self.places.get(sku).and_then(|places| places.get(location));
        at.and_then(|at| self.pools.get(*at)).map_or(Amount::ZERO, |pool| pool.unit_cost)
    }

    /// Takes from a pool, on the day and for the day that were found.
    pub(super) fn take(&mut self, at: usize, class: Option<&DemandClass>, found: Found, quantity: Quantity) {
        let Some(pool) = self.pools.get_mut(at) else { return };
        if let (Some(allocation), Some(class)) = (&mut pool.allocation, class) {
            let before = allocation.clone();
            if allocation.take(class, found.commit, quantity, &mut pool.timeline).is_ok() {
                self.log.push(Taken::Supply(at, found.commit, quantity));
                self.log.push(Taken::Allocated(at, before));
            } else {
                self.full = true;
            }
        } else if pool.timeline.commit(found.commit, quantity).is_ok() {
            self.log.push(Taken::Supply(at, found.commit, quantity));
        } else {
            self.full = true;
        }
    }

    /// What a resource still has on a day of what a day gives.
    pub(super) fn capacity(&self, resource: &ResourceId, day: Day, per_day: Quantity) -> Quantity {
        let used = self.used.get(resource).and_then(|days| days.get(&day)).copied();
        per_day.saturating_sub(used.unwrap_or_default())
    }

    /// Loads a resource.
    pub(super) fn load(&mut self, resource: &ResourceId, day: Day, quantity: Quantity) {
        let sum = self.used.entry(resource.clone()).or_default().entry(day).or_default();
        *sum = sum.saturating_add(quantity);
        self.log.push(Taken::Capacity(resource.clone(), day, quantity));
    }

    /// Whether something could not be booked.
    pub(super) const fn is_full(&self) -> bool {
        self.full
    }

    /// A place to go back to.
    pub(super) fn mark(&self) -> usize {
        self.log.len()
    }

    /// Puts back everything taken since.
    pub(super) fn undo(&mut self, mark: usize) {
        while self.log.len() > mark {
            match self.log.pop() {
                Some(Taken::Supply(at, day, quantity)) => {
                    // The day is in the list already: giving back never needs a new one.
                    let _ = self.pools.get_mut(at).map(|pool| pool.timeline.release(day, quantity));
                }
                Some(Taken::Allocated(at, before)) => {
                    if let Some(pool) = self.pools.get_mut(at) {
                        pool.allocation = Some(before);
                    }
                }
                Some(Taken::Capacity(resource, day, quantity)) => {
                    if let Some(sum) = self.used.get_mut(&resource).and_then(|days| days.get_mut(&day)) {
                        *sum = sum.saturating_sub(quantity);
                    }
                }
                None => return,
            }
        }
    }
}

fn fences(facts: &Facts, sku: &Sku) -> Fences {
    facts.items.get(sku).map(|item| item.fences).unwrap_or_default()
}

impl Pool {
    /// What comes and goes.
    pub(super) const fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    /// When so much can be had from a day on; past the fence always.
    pub(super) fn earliest(
        &self,
        class: Option<&DemandClass>,
        quantity: Quantity,
        from: Day,
        today: Day,
    ) -> Option<Found> {
        match (&self.allocation, class) {
            (Some(allocation), Some(class)) => {
                let day = allocation.earliest(class, quantity, from, &self.timeline)?;
                Some(Found { day, commit: day })
            }
            (Some(_) | None, _) => self.method.earliest(&self.timeline, quantity, from, today),
        }
    }

    /// What can be had for a day.
    pub(super) fn available(&self, class: Option<&DemandClass>, day: Day, today: Day) -> Quantity {
        match (&self.allocation, class) {
            (Some(allocation), Some(class)) => allocation.available(class, day, &self.timeline),
            (Some(_) | None, _) => self.method.available(&self.timeline, day, today),
        }
    }

    /// What can be had by and by.
    pub(super) fn steps(&self, class: Option<&DemandClass>, quantity: Quantity, from: Day, today: Day) -> Vec<Step> {
        match (&self.allocation, class) {
            (Some(allocation), Some(class)) => allocation.steps(class, quantity, from, &self.timeline),
            (Some(_) | None, _) => self.method.steps(&self.timeline, quantity, from, today),
        }
    }

    /// What comes on a day.
    pub(super) fn receipt(&self, day: Day) -> Option<&Label> {
        self.receipts.iter().find(|(comes, _)| *comes == day).map(|(_, id)| id)
    }

    /// From when on there is always enough.
    pub(super) const fn infinite_from(&self) -> Option<Day> {
        self.infinite_from
    }
}
