//! Open orders routed anew after goods came or were given back: a few at a time, those that save most first.
//!
//! First each order moves by itself, to what its strategy finds better; then some make room for others where all of them
//! together are better off (`trade`). Nobody moves before what the new plan needs is set aside.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use oms_core::machine::Machine;
use oms_core::order::{Command, Event, Facts, Offer, Order, Saving};
use oms_core::promise::DemandClass;
use oms_core::routing::ItemFacts;
use oms_core::sorting;
use oms_core::sorting::Gather as _;
use oms_core::value::{OrderId, Sku, Timestamp};

use super::book::{IMPROVED_KEY, MOVABLE_KEY};
use super::{Inner, Orders, Turn};
use crate::host::Host;
use crate::message::Improvements;
use crate::store::Store;
use crate::troubles::Troubles;

/// Orders that one alarm looks at; the next one goes on. Each is routed three times at most, some tenths of a millisecond.
const LOOKS_PER_ALARM: usize = 64;
/// SKUs whose offers one alarm asks for; bounds the question to the stock.
const SKUS_PER_ALARM: usize = 200;
/// SKUs noted at once; of more, all open orders are looked at.
const MAX_NOTED: usize = 1_000;

/// Orders that are to look for a better plan.
#[derive(Debug, Default)]
pub(super) struct Looks {
    /// Goods of which there is more, since the round that is under way began.
    supplied: BTreeSet<Sku>,
    /// The goods of this round.
    round: BTreeSet<Sku>,
    /// The orders of this round that are still to look, last first.
    queue: Vec<OrderId>,
}

impl Looks {
    pub(super) fn is_due(&self) -> bool {
        !self.supplied.is_empty() || !self.queue.is_empty()
    }
}

/// An order that may move.
pub(super) struct Candidate {
    pub(super) id: OrderId,
    /// The goods it would move.
    pub(super) goods: Vec<(u16, Sku)>,
    /// As whom it has them.
    pub(super) class: DemandClass,
}

impl<S: Store> Orders<S> {
    /// A slice of the round, class of demand by class: each is offered what it may have.
    pub(super) async fn improve_some(&self, host: &impl Host, troubles: &mut Troubles) {
        let mut classes: BTreeMap<DemandClass, Vec<Candidate>> = BTreeMap::new();
        troubles.note(self.turn(|inner| {
            for one in inner.candidates()? {
                classes.entry(one.class.clone()).or_default().push(one);
            }
            Ok(())
        }));
        for (class, some) in classes {
            self.improve_class(&class, &some, host, troubles).await;
        }
    }

    /// What these orders could have is asked for once, then they move one after the other, each seeing what those before it
    /// took.
    async fn improve_class(&self, class: &DemandClass, some: &[Candidate], host: &impl Host, troubles: &mut Troubles) {
        let skus: BTreeSet<(u16, Sku)> = some.iter().flat_map(|one| &one.goods).cloned().into_set();
        if skus.is_empty() {
            return;
        }
        let skus: Vec<(u16, Sku)> = skus.into_iter().collect();
        let Some((items, mut offers)) = self.quote(&skus, None, class, None, host).await else { return };
        let goods: Vec<_> = items.iter().map(|item| item.handling.of(&item.sku)).collect();
        let mut ranked: Vec<(Saving, OrderId)> = Vec::new();
        for Candidate { id, .. } in some {
            troubles.note(self.turn(|inner| {
                let Some(command) = inner.improve(*id, &offers, &goods, host.now())? else { return Ok(()) };
                let saving = inner.saving(*id, &command, host.now())?;
                ranked.extend(saving.map(|saving| (saving, *id)));
                Ok(())
            }));
        }
        sorting::sort_by_key(&mut ranked, |(saving, id)| (core::cmp::Reverse((saving.cost, saving.shipments)), *id));
        for (_, id) in ranked {
            let began = self.turn(|inner| {
                let Some(command) = inner.improve(id, &offers, &goods, host.now())? else { return Ok(()) };
                inner.take_in(id, &command, host.now())?;
                inner.spend(id, &mut offers)
            });
            if troubles.note(began) {
                troubles.note(self.settle(id, host).await);
            }
        }
        self.trade_some(some, &offers, &goods, host, troubles).await;
    }
}

impl<S: Store> Inner<S> {
    /// There is more of these goods.
    pub(super) fn supplied(&mut self, skus: Vec<Sku>, now: Timestamp) {
        let room = MAX_NOTED.saturating_add(1).saturating_sub(self.looks.supplied.len());
        self.looks.supplied.extend(skus.into_iter().take(room));
        self.arm(now);
    }

    /// What moving orders came to, ever.
    pub(super) fn improvements(&mut self) -> Turn<Improvements> {
        self.journal.ensure(IMPROVED_KEY)?;
        Ok(self.journal.book.improved.clone())
    }

    /// The next orders that hold goods of which there is more.
    fn candidates(&mut self) -> Turn<Vec<Candidate>> {
        if self.looks.queue.is_empty() {
            self.journal.ensure(MOVABLE_KEY)?;
            self.looks.round = core::mem::take(&mut self.looks.supplied);
            if !self.looks.round.is_empty() {
                self.looks.queue = self.journal.book.movable.iter().rev().copied().collect();
            }
        }
        let any = self.looks.round.len() > MAX_NOTED;
        let (mut some, mut skus) = (Vec::new(), 0_usize);
        for _ in 0..LOOKS_PER_ALARM {
            let Some(id) = self.looks.queue.pop() else { break };
            if self.running.contains(&id) {
                continue;
            }
            let Some(record) = self.record(id)? else { continue };
            let (goods, class) = (record.order.movable(), record.order.head.demand_class());
            if !any && goods.iter().all(|(_, sku)| !self.looks.round.contains(sku)) {
                continue;
            }
            skus = skus.saturating_add(goods.len());
            some.push(Candidate { id, goods, class });
            if skus >= SKUS_PER_ALARM {
                break;
            }
        }
        Ok(some)
    }

    /// The command that moves an order to what these offers make possible.
    fn improve(&mut self, id: OrderId, offers: &[Offer], goods: &[ItemFacts], now: Timestamp) -> Turn<Option<Command>> {
        let router = self.router(Some(id), now)?;
        let facts = |router| Facts { offers: offers.to_vec(), goods: goods.to_vec(), parcels: Vec::new(), router };
        Ok(router.map(facts).map(Command::Improve))
    }

    /// What an order would save. Writes nothing.
    fn saving(&mut self, id: OrderId, command: &Command, now: Timestamp) -> Turn<Option<Saving>> {
        let at = self.journal.at(now);
        let Some(record) = self.record(id)? else { return Ok(None) };
        let events = Order::decide(Some(&record.order), command, at).unwrap_or_default();
        Ok(events
            .iter()
            .find_map(|event| if let Event::Improving { saving, .. } = event { Some(*saving) } else { None }))
    }

    /// What an order that moves has asked for is not free for the next.
    fn spend(&mut self, id: OrderId, offers: &mut [Offer]) -> Turn<()> {
        let Some(record) = self.record(id)? else { return Ok(()) };
        let moves = record.order.attempt.iter().filter(|attempt| attempt.swap.is_some());
        for part in moves.flat_map(|attempt| &attempt.holds).flat_map(|ask| &ask.parts) {
            let same = |offer: &&mut Offer| offer.sku == part.sku && offer.location == part.location;
            for offer in offers.iter_mut().filter(same) {
                offer.free = offer.free.saturating_sub(part.quantity);
            }
        }
        Ok(())
    }
}
