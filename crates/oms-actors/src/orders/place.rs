//! How an order comes in: names first, then facts, then one turn.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use oms_core::machine::Machine;
use oms_core::network::Network;
use oms_core::order::{Command, Draft, Errand, Event, Facts, Order, Placement, Refusal};
use oms_core::value::{Digest, OrderId, Sku, Slot, Timestamp};

use super::book::{Claim, Fact, NETWORK_KEY, claim_key};
use super::{Inner, Orders, Turn};
use crate::host::Host;
use crate::message::{Address, Ask, ClaimName, OrderAsk, OrderReply, Reply, TenantAsk, TenantReply, claim_slot};
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
        if let Some(reply) = self.turn(|inner| inner.begin(&draft, &claims, &names, fingerprint))? {
            return Ok(reply);
        }
        let _in_flight = InFlight { orders: self, names };
        let placement = self.facts(draft.clone(), host).await?;
        let command = Command::Place(Box::new(placement));
        let elsewhere: Vec<&ClaimName> = claims.iter().filter(|claim| !self.keeps(claim, draft.id)).collect();
        if !elsewhere.is_empty() {
            // What cannot be placed claims no names: the corrected request may use them.
            if let Err(refused) = self.turn(|inner| inner.decide_new(draft.id, &command, host.now()))? {
                return Ok(refused);
            }
        }
        for claim in elsewhere {
            match self.claim_elsewhere(claim, draft.id, fingerprint, host).await? {
                Claimed::Ours(order) => draft.id = order,
                Claimed::Answer(reply) => return Ok(reply),
            }
        }
        let id = draft.id;
        let decided = self.turn(|inner| inner.decide_new(id, &renamed(command, id), host.now()))?;
        let events = match decided {
            Ok(events) => events,
            Err(refused) => return Ok(refused),
        };
        let events = self.reserve_first(id, events, host).await?;
        if let Some(reply) = self.turn(|inner| inner.capture(id, events, claims, fingerprint, host.now()))? {
            return Ok(reply);
        }
        self.settle(id, host).await?;
        self.turn(|inner| inner.get(id))
    }

    /// Asks for the first epoch's stock before the order is written, so that both are one row and one commit. Should this
    /// object die meanwhile, there is no such order: the SKU objects ask, hear so, and give back. As long as it lives it
    /// answers that it does not know yet. Nothing is confirmed before the order is durable.
    async fn reserve_first(&self, id: OrderId, mut events: Vec<Event>, host: &impl Host) -> Turn<Vec<Event>> {
        self.inner.borrow_mut().placing.insert(id);
        let _placing = Placing { orders: self, id };
        let now = host.now();
        let Some(order) = events.iter().fold(None, |order, event| Order::apply(order, event, now)) else {
            return Ok(events);
        };
        let unconfirmed = order.errands(now).into_iter().filter_map(|errand| match errand {
            Errand::Reserve { object, hold, epoch, parts, cart, .. } => {
                Some(Errand::Reserve { object, hold, epoch, parts, cart, sole: false })
            }
            Errand::Quote { .. }
            | Errand::Release { .. }
            | Errand::GiveBack { .. }
            | Errand::Consume { .. }
            | Errand::Restock { .. } => None,
        });
        let answers = self.run_all(id, unconfirmed.collect(), host).await;
        events.extend(Order::decide(Some(&order), &Command::Answered(answers), now).unwrap_or_default());
        Ok(events)
    }

    /// Everything that deciding a new order needs to know.
    async fn facts(&self, draft: Draft, host: &impl Host) -> Turn<Placement> {
        let network = self.network(host).await?;
        let object = |sku: &Sku| Slot::of_sku(sku).object(self.topology);
        let mut skus: Vec<(u16, Sku)> = draft.lines.iter().map(|line| (object(&line.sku), line.sku.clone())).collect();
        skus.sort();
        skus.dedup();
        let Some((items, offers)) = self.quote(&skus, draft.head.cart.as_ref(), host).await else {
            return Err(StoreError("the stock did not answer; nothing was written".into()));
        };
        let facts = Facts { offers, sites: network.sites() };
        Ok(Placement { draft, items, tax: network.tax, facts, first_epoch: first_epoch(host) })
    }

    /// True for a name whose hash leads to the object that an order lives in.
    fn keeps(&self, name: &ClaimName, order: OrderId) -> bool {
        claim_slot(name).object(self.topology) == order.slot().object(self.topology)
    }

    async fn claim_elsewhere(
        &self,
        name: &ClaimName,
        order: OrderId,
        fingerprint: Digest,
        host: &impl Host,
    ) -> Turn<Claimed> {
        let to = Address::Orders(claim_slot(name).object(self.topology));
        let ask = OrderAsk::Claim { name: name.clone(), order, fingerprint };
        let reply = host.call(to, Ask::Orders(ask)).await;
        let Ok(Reply::Orders(OrderReply::Claimed { order: owner, fingerprint: before })) = reply else {
            return Err(StoreError("another object did not answer; nothing was written".into()));
        };
        let here = |id: OrderId| id.slot().object(self.topology) == order.slot().object(self.topology);
        Ok(match name {
            ClaimName::Key { .. } if before != fingerprint => Claimed::Answer(OrderReply::KeyReused),
            ClaimName::Key { .. } | ClaimName::Ref { .. } if here(owner) => Claimed::Ours(owner),
            ClaimName::Key { .. } | ClaimName::Ref { .. } => Claimed::Answer(OrderReply::Elsewhere { order: owner }),
        })
    }

    /// The network as this object knows it; the first time, as the tenant object tells.
    async fn network(&self, host: &impl Host) -> Turn<Network> {
        let known = self.turn(|inner| {
            inner.journal.ensure(NETWORK_KEY)?;
            Ok(inner.journal.book.network.clone())
        })?;
        if let Some(network) = known {
            return Ok(network);
        }
        match host.call(Address::Tenant, Ask::Tenant(TenantAsk::Network)).await {
            Ok(Reply::Tenant(TenantReply::Network(network))) => {
                self.turn(|inner| inner.learn((*network).clone(), host.now()))?;
                Ok(*network)
            }
            Ok(_) | Err(_) => Err(StoreError("the tenant did not answer; nothing was written".into())),
        }
    }
}

/// Low enough that later epochs never run out of numbers.
fn first_epoch(host: &impl Host) -> u32 {
    u32::try_from(host.entropy() & 0x00FF_FFFF).unwrap_or(0)
}

/// The same order under the id that its name was claimed for before.
fn renamed(command: Command, id: OrderId) -> Command {
    if let Command::Place(mut placement) = command {
        placement.draft.id = id;
        return Command::Place(placement);
    }
    command
}

/// What a name that is kept elsewhere led to.
enum Claimed {
    /// The order it names is to be, or is, in this object.
    Ours(OrderId),
    /// Nothing is to be placed.
    Answer(OrderReply),
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

/// Marks an order as being placed, for as long as it lives.
struct Placing<'a, S: Store> {
    orders: &'a Orders<S>,
    id: OrderId,
}

impl<S: Store> Drop for Placing<'_, S> {
    fn drop(&mut self) {
        if let Ok(mut inner) = self.orders.inner.try_borrow_mut() {
            inner.placing.remove(&self.id);
        }
    }
}

impl<S: Store> Inner<S> {
    /// Answers a request that was made before; otherwise marks it as being answered.
    fn begin(
        &mut self,
        draft: &Draft,
        claims: &[ClaimName],
        names: &[String],
        fingerprint: Digest,
    ) -> Turn<Option<OrderReply>> {
        for (claim, name) in claims.iter().zip(names) {
            self.journal.ensure(name)?;
            let Some(before) = self.journal.book.claims.get(name).copied() else { continue };
            let is_key = matches!(claim, ClaimName::Key { .. });
            if is_key && before.fingerprint != fingerprint {
                return Ok(Some(OrderReply::KeyReused));
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
        let mut facts: Vec<Fact> =
            claims.into_iter().map(|name| Fact::Claimed { name, order: id, fingerprint }).collect();
        facts.push(Fact::Order { id, events });
        self.write(now, &facts)?;
        Ok(None)
    }

    /// Remembers whose a name is, unless it is somebody's already.
    pub(super) fn claim(
        &mut self,
        name: &ClaimName,
        order: OrderId,
        fingerprint: Digest,
        now: Timestamp,
    ) -> Turn<OrderReply> {
        let key = claim_key(name);
        self.journal.ensure(&key)?;
        let claim = match self.journal.book.claims.get(&key) {
            Some(before) => *before,
            None => {
                self.write(now, &[Fact::Claimed { name: name.clone(), order, fingerprint }])?;
                Claim { order, fingerprint }
            }
        };
        Ok(OrderReply::Claimed { order: claim.order, fingerprint: claim.fingerprint })
    }
}
