//! How an order comes in: names first, then facts, then one turn.

use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use oms_core::machine::Machine;
use oms_core::order::{
    Command, Draft, Errand, Event, Facts, HoldAsk, ItemFacts, Offer, Order, Placement, Refusal, Router,
};
use oms_core::price::TaxTable;
use oms_core::sorting::Gather as _;
use oms_core::value::{Digest, OrderId, Sku, Slot, Timestamp};

use super::book::{Fact, claim_key, order_key};
use super::{Inner, Orders, Turn};
use crate::host::Host;
use crate::message::{Address, Ask, ClaimName, OrderReply, Reply, TenantAsk, TenantReply};
use crate::store::{Store, StoreError};

impl<S: Store> Orders<S> {
    /// Places an order, and answers when its stock is settled or somebody could not be reached.
    pub(super) async fn place(
        &self,
        mut draft: Draft,
        claims: Vec<ClaimName>,
        fingerprint: Digest,
        host: &impl Host,
    ) -> Turn<OrderReply> {
        let names: Vec<String> = claims.iter().map(claim_key).collect();
        self.take_over_here(&draft, &claims, fingerprint, host).await?;
        if let Some(reply) = self.turn(|inner| inner.begin(&draft, &claims, &names, fingerprint))? {
            return Ok(reply);
        }
        let _in_flight = InFlight { orders: self, names };
        if let Some(reply) = self.claim_all_elsewhere(&mut draft, &claims, fingerprint, host).await? {
            return self.refused(draft.id, claims, fingerprint, reply, host);
        }
        let id = draft.id;
        let events = match self.try_remembered(&draft, host).await? {
            Some(events) => events,
            None => match self.decide_fresh(draft, host).await? {
                Ok(events) => self.reserve_first(id, events, host).await.0,
                Err(refused) => return self.refused(id, claims, fingerprint, refused, host),
            },
        };
        if let Some(reply) = self.turn(|inner| inner.capture(id, events, claims, fingerprint, host.now()))? {
            return Ok(reply);
        }
        self.settle(id, host).await?;
        self.turn(|inner| inner.get(id))
    }

    /// A request that was refused for what the stock had stays refused under its key: repeated, it answers the same. Its
    /// external reference stays free for another try.
    fn refused(
        &self,
        id: OrderId,
        claims: Vec<ClaimName>,
        fingerprint: Digest,
        reply: OrderReply,
        host: &impl Host,
    ) -> Turn<OrderReply> {
        let OrderReply::Refused { refusal, .. } = &reply else { return Ok(reply) };
        if !matches!(**refusal, Refusal::Insufficient { .. }) {
            return Ok(reply);
        }
        let keys = claims.into_iter().filter(|claim| matches!(claim, ClaimName::Key { .. }));
        let facts: Vec<Fact> =
            keys.map(|name| Fact::Claimed { name, order: id, fingerprint, refusal: Some(refusal.clone()) }).collect();
        self.turn(|inner| inner.write(host.now(), &facts))?;
        Ok(reply)
    }

    /// What makes the order by what the stock says now.
    pub(super) async fn decide_fresh(&self, draft: Draft, host: &impl Host) -> Turn<Result<Vec<Event>, OrderReply>> {
        let id = draft.id;
        let (skus, class) = (self.skus(&draft), draft.head.demand_class());
        let Some((items, offers)) = self.quote(&skus, draft.head.cart.as_ref(), &class, None, host).await else {
            return Err(StoreError("the stock did not answer; nothing was written".into()));
        };
        let command = self.placement(draft, items, offers, host).await?;
        self.turn(|inner| inner.decide_new(id, &command, host.now()))
    }

    /// What makes the order by what is remembered of the stock, if all of it is then really held, of the items as they are
    /// remembered. Otherwise nothing, and whatever was held goes back.
    async fn try_remembered(&self, draft: &Draft, host: &impl Host) -> Turn<Option<Vec<Event>>> {
        if draft.to_confirm || draft.head.cart.is_some() {
            return Ok(None);
        }
        let skus = || draft.lines.iter().map(|line| &line.sku).into_set().into_iter();
        let Some((items, offers)) = self.inner.borrow().memory.recall(skus(), host.now()) else { return Ok(None) };
        let command = self.placement(draft.clone(), items.clone(), offers, host).await?;
        let Ok(events) = self.turn(|inner| inner.decide_new(draft.id, &command, host.now()))? else { return Ok(None) };
        let all_served = |event: &Event| !matches!(event, Event::Backordered { .. });
        let holds: Vec<HoldAsk> = events.iter().filter_map(Event::asks).flatten().cloned().collect();
        if holds.is_empty() || !events.iter().all(all_served) {
            return Ok(None);
        }
        let (events, versions) = self.reserve_first(draft.id, events, host).await;
        let had = events.iter().any(|event| event.committed().is_some());
        if had && items.iter().all(|item| is_so_still(item, &versions)) {
            let mut inner = self.inner.borrow_mut();
            holds.iter().for_each(|ask| inner.memory.spend(&ask.parts));
            return Ok(Some(events));
        }
        self.turn(|inner| {
            skus().for_each(|sku| inner.memory.forget(sku, host.now()));
            Ok(())
        })?;
        let back = holds.into_iter().map(|ask| Errand::Release { object: ask.object, hold: ask.hold });
        self.run_all(draft.id, back.collect(), host).await;
        Ok(None)
    }

    /// The SKUs of an order and the objects they live in, each once.
    fn skus(&self, draft: &Draft) -> Vec<(u16, Sku)> {
        let skus: BTreeSet<&Sku> = draft.lines.iter().map(|line| &line.sku).into_set();
        skus.into_iter().map(|sku| (Slot::of_sku(sku).object(self.topology), sku.clone())).collect()
    }

    async fn placement(
        &self,
        draft: Draft,
        items: Vec<ItemFacts>,
        offers: Vec<Offer>,
        host: &impl Host,
    ) -> Turn<Command> {
        let (router, tax) = self.network(host).await?;
        let goods = items.iter().map(|item| item.handling.of(&item.sku)).collect();
        let parcels = self.parcels_for(&draft.head, draft.id, host).await;
        let facts = Facts { offers, goods, parcels, router };
        let first_epoch = first_epoch(host);
        Ok(Command::Place(Box::new(Placement { draft, items, tax, facts, first_epoch })))
    }

    /// Asks for the first epoch's stock before the order is written, so that both are one row and one commit. Should this
    /// object die meanwhile, there is no such order: the SKU objects ask, hear so, and give back. As long as it lives it
    /// answers that it does not know yet. Nothing is confirmed before the order is durable.
    async fn reserve_first(
        &self,
        id: OrderId,
        mut events: Vec<Event>,
        host: &impl Host,
    ) -> (Vec<Event>, Vec<(Sku, u32)>) {
        let now = host.now();
        let order = events.iter().fold(None, |order, event| Order::apply(order, event, now));
        let epoch = order.as_ref().and_then(|order: &Order| order.attempt.as_ref()).map(|attempt| attempt.epoch);
        let (Some(order), Some(epoch)) = (order, epoch) else { return (events, Vec::new()) };
        self.inner.borrow_mut().placing.insert((id, epoch));
        let _placing = Placing { orders: self, try_of: (id, epoch) };
        let unconfirmed = order.errands(now).into_iter().filter_map(|errand| match errand {
            Errand::Reserve { object, hold, epoch, parts, cart, class, .. } => {
                Some(Errand::Reserve { object, hold, epoch, parts, cart, class, sole: false })
            }
            Errand::Quote { .. }
            | Errand::Release { .. }
            | Errand::GiveBack { .. }
            | Errand::Consume { .. }
            | Errand::Restock { .. }
            | Errand::Enlist { .. } => None,
        });
        let (answers, versions) = self.run_all(id, unconfirmed.collect(), host).await;
        events.extend(Order::decide(Some(&order), &Command::Answered(answers), now).unwrap_or_default());
        (events, versions)
    }

    /// The network as this object knows it, ready for routing, and the taxes in force; the first time, as the tenant object
    /// tells.
    async fn network(&self, host: &impl Host) -> Turn<(Router, TaxTable)> {
        self.hear_loads(host).await?;
        if let Some(known) = self.turn(|inner| inner.network(host.now()))? {
            return Ok(known);
        }
        let silent = || StoreError("the tenant did not answer; nothing was written".into());
        let reply = host.call(Address::Tenant, Ask::Tenant(TenantAsk::Network)).await;
        let Ok(Reply::Tenant(TenantReply::Network(network))) = reply else { return Err(silent()) };
        self.turn(|inner| inner.learn(*network, host.now()))?;
        self.turn(|inner| inner.network(host.now()))?.ok_or_else(silent)
    }
}

/// Low enough that later epochs never run out of numbers.
fn first_epoch(host: &impl Host) -> u32 {
    u32::try_from(host.entropy() & 0x00FF_FFFF).unwrap_or(0)
}

/// True when the stock that was had is of the item as it was remembered.
fn is_so_still(item: &ItemFacts, versions: &[(Sku, u32)]) -> bool {
    let mut told = versions.iter().filter(|(sku, _)| *sku == item.sku).peekable();
    told.peek().is_some() && told.all(|(_, version)| *version == item.price.version)
}

/// Marks a request as being answered, for as long as it lives.
struct InFlight<'a, S> {
    orders: &'a Orders<S>,
    names: Vec<String>,
}

impl<S> Drop for InFlight<'_, S> {
    fn drop(&mut self) {
        if let Ok(mut inner) = self.orders.inner.try_borrow_mut() {
            for name in &self.names {
                inner.in_flight.remove(name);
            }
        }
    }
}

/// Marks a try to place an order, for as long as it lives.
struct Placing<'a, S: Store> {
    orders: &'a Orders<S>,
    try_of: (OrderId, u32),
}

impl<S: Store> Drop for Placing<'_, S> {
    fn drop(&mut self) {
        if let Ok(mut inner) = self.orders.inner.try_borrow_mut() {
            inner.placing.remove(&self.try_of);
        }
    }
}

impl<S: Store> Inner<S> {
    fn network(&mut self, now: Timestamp) -> Turn<Option<(Router, TaxTable)>> {
        let router = self.router(None, now)?;
        let tax = self.journal.book.network.as_ref().map(|network| network.tax.clone());
        Ok(router.zip(tax))
    }

    /// Answers a request that was made before; otherwise marks it as being answered.
    fn begin(
        &mut self,
        draft: &Draft,
        claims: &[ClaimName],
        names: &[String],
        fingerprint: Digest,
    ) -> Turn<Option<OrderReply>> {
        let order = order_key(&draft.id);
        let keys: Vec<&str> = names.iter().map(String::as_str).chain([order.as_str()]).collect();
        self.journal.ensure_all(&keys)?;
        for (claim, name) in claims.iter().zip(names) {
            let Some(before) = self.journal.book.claims.get(name).cloned() else { continue };
            let is_key = matches!(claim, ClaimName::Key { .. });
            if is_key && before.fingerprint != fingerprint {
                return Ok(Some(OrderReply::KeyReused));
            }
            if let Some(refusal) = before.refusal {
                return Ok(Some(OrderReply::Refused { refusal, record: None }));
            }
            if let Some(reply) = self.replay(before.order)? {
                return Ok(Some(reply));
            }
            if !is_key && before.order != draft.id {
                return Ok(Some(OrderReply::Elsewhere { order: before.order }));
            }
        }
        if names.iter().any(|name| self.in_flight.contains(name)) {
            return Ok(Some(OrderReply::InFlight));
        }
        self.in_flight.extend(names.iter().cloned());
        Ok(None)
    }

    fn replay(&mut self, id: OrderId) -> Turn<Option<OrderReply>> {
        let record = self.record(id)?.cloned();
        Ok(record.map(|record| OrderReply::Order { record: Box::new(record), replayed: true }))
    }

    /// What makes a new order, or why there is none.
    fn decide_new(&mut self, id: OrderId, command: &Command, now: Timestamp) -> Turn<Result<Vec<Event>, OrderReply>> {
        let at = self.journal.at(now);
        let state = self.record(id)?.map(|record| &record.order);
        Ok(Order::decide(state, command, at)
            .map_err(|refusal| OrderReply::Refused { refusal: Box::new(refusal), record: None }))
    }

    /// The turn that makes the order: its names, itself, its first epoch and how that went. Names that are claimed
    /// elsewhere are kept here too, so that a repeated request is answered without asking there.
    fn capture(
        &mut self,
        id: OrderId,
        events: Vec<Event>,
        claims: Vec<ClaimName>,
        fingerprint: Digest,
        now: Timestamp,
    ) -> Turn<Option<OrderReply>> {
        if self.record(id)?.is_some() {
            let refusal = Box::new(Refusal::AlreadyThere);
            return Ok(Some(OrderReply::Refused { refusal, record: None }));
        }
        // Another object may have claimed a name meanwhile, for an order with an id of its own.
        for name in &claims {
            let key = claim_key(name);
            self.journal.ensure(&key)?;
            if let Some(owner) =
                self.journal.book.claims.get(&key).map(|claim| claim.order).filter(|owner| *owner != id)
            {
                return Ok(Some(OrderReply::Elsewhere { order: owner }));
            }
        }
        let mut facts: Vec<Fact> =
            claims.into_iter().map(|name| Fact::Claimed { name, order: id, fingerprint, refusal: None }).collect();
        facts.push(Fact::Order { id, events });
        self.write(now, &facts)?;
        Ok(None)
    }
}
