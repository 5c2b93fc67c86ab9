//! Names of orders: an idempotency key or a channel's own number is one order's, wherever it is asked for.
//!
//! A name is kept where its hash leads. An order that lives elsewhere claims it there before it is placed, and may then
//! never be placed. So an old claim of a channel's number is doubted when somebody else wants the name: the home of the
//! order that has it says whether it is there or about to be. Only a claim that was not granted again meanwhile changes
//! hands, so that a name never leads to two orders.

use alloc::string::String;
use alloc::vec::Vec;

use oms_core::order::{Draft, Fate};
use oms_core::value::{Digest, OrderId, Timestamp};

use super::book::{Claim, Fact, claim_key};
use super::{Inner, Orders, Turn};
use crate::host::Host;
use crate::message::{Address, Ask, ClaimName, OrderAsk, OrderReply, Reply, claim_slot};
use crate::store::{Store, StoreError};

/// A claim this old, in milliseconds, is doubted when another order wants its name: longer than a request takes.
const DOUBT_AFTER_MILLIS: i64 = 60_000;

/// What a name that is kept elsewhere led to.
enum Claimed {
    /// The order it names is to be, or is, in this object.
    Ours(OrderId),
    /// Nothing is to be placed.
    Answer(OrderReply),
}

impl<S: Store> Orders<S> {
    /// Claims the names whose hash leads to other objects; the order takes the id that they were claimed for before. What
    /// cannot be placed claims no names: the corrected request may use them.
    pub(super) async fn claim_all_elsewhere(
        &self,
        draft: &mut Draft,
        claims: &[ClaimName],
        fingerprint: Digest,
        host: &impl Host,
    ) -> Turn<Option<OrderReply>> {
        let elsewhere: Vec<&ClaimName> = claims.iter().filter(|claim| !self.keeps(claim, draft.id)).collect();
        if elsewhere.is_empty() {
            return Ok(None);
        }
        if let Err(refused) = self.decide_fresh(draft.clone(), host).await? {
            return Ok(Some(refused));
        }
        for claim in elsewhere {
            match self.claim_elsewhere(claim, draft.id, fingerprint, host).await? {
                Claimed::Ours(order) => draft.id = order,
                Claimed::Answer(reply) => return Ok(Some(reply)),
            }
        }
        Ok(None)
    }

    /// True for a name whose hash leads to the object that an order lives in.
    fn keeps(&self, name: &ClaimName, order: OrderId) -> bool {
        claim_slot(name).object(self.topology) == self.home(order)
    }

    fn home(&self, order: OrderId) -> u16 {
        order.slot().object(self.topology)
    }

    /// Claims a name for an order of this object. The request has the name in flight here: nobody else in this object is
    /// placing an order under it.
    async fn claim_elsewhere(
        &self,
        name: &ClaimName,
        order: OrderId,
        fingerprint: Digest,
        host: &impl Host,
    ) -> Turn<Claimed> {
        let mut instead_of = None;
        loop {
            let (owner, before) = self.ask_for(name, order, fingerprint, instead_of, host).await?;
            let here = self.home(owner) == self.home(order);
            match name {
                ClaimName::Key { .. } if before != fingerprint => {
                    return Ok(Claimed::Answer(OrderReply::KeyReused));
                }
                // A number claimed for another order of this object, which was not placed under it: it would be known here.
                ClaimName::Ref { .. } if here && owner != order && instead_of.is_none() => instead_of = Some(owner),
                ClaimName::Key { .. } if here => return Ok(Claimed::Ours(owner)),
                ClaimName::Ref { .. } if owner == order => return Ok(Claimed::Ours(owner)),
                ClaimName::Key { .. } | ClaimName::Ref { .. } => {
                    return Ok(Claimed::Answer(OrderReply::Elsewhere { order: owner }));
                }
            }
        }
    }

    async fn ask_for(
        &self,
        name: &ClaimName,
        order: OrderId,
        fingerprint: Digest,
        instead_of: Option<OrderId>,
        host: &impl Host,
    ) -> Turn<(OrderId, Digest)> {
        let to = Address::Orders(claim_slot(name).object(self.topology));
        let ask = OrderAsk::Claim { name: name.clone(), order, fingerprint, instead_of };
        match host.call(to, Ask::Orders(ask)).await {
            Ok(Reply::Orders(OrderReply::Claimed { order, fingerprint })) => Ok((order, fingerprint)),
            Ok(_) | Err(_) => Err(StoreError("another object did not answer; nothing was written".into())),
        }
    }

    /// Remembers whose a name is, unless it is somebody's already.
    pub(super) async fn claim(
        &self,
        name: ClaimName,
        order: OrderId,
        fingerprint: Digest,
        instead_of: Option<OrderId>,
        host: &impl Host,
    ) -> Turn<OrderReply> {
        if instead_of.is_none() {
            self.take_over(&name, order, fingerprint, host).await?;
        }
        self.turn(|inner| inner.claim(&name, order, fingerprint, instead_of, host.now()))
    }

    /// Takes names over that are kept here and were claimed for orders which never came.
    pub(super) async fn take_over_here(
        &self,
        draft: &Draft,
        claims: &[ClaimName],
        fingerprint: Digest,
        host: &impl Host,
    ) -> Turn<()> {
        for claim in claims.iter().filter(|claim| self.keeps(claim, draft.id)) {
            self.take_over(claim, draft.id, fingerprint, host).await?;
        }
        Ok(())
    }

    /// Gives a name to an order if the one that has it never came: it is asked for at its home.
    async fn take_over(&self, name: &ClaimName, order: OrderId, fingerprint: Digest, host: &impl Host) -> Turn<()> {
        let Some(owner) = self.turn(|inner| inner.doubt(name, order, host.now()))? else { return Ok(()) };
        let doubt = Doubt { orders: self, name: claim_key(name) };
        let fate = if self.keeps(name, owner) {
            self.turn(|inner| inner.is_placed(name))?
        } else {
            let ask = OrderAsk::IsPlaced { name: name.clone() };
            match host.call(Address::Orders(self.home(owner)), Ask::Orders(ask)).await {
                Ok(Reply::Orders(OrderReply::Fate(fate))) => fate,
                Ok(_) | Err(_) => Fate::Later,
            }
        };
        self.turn(|inner| {
            let granted = inner.doubted.get(&doubt.name).copied().unwrap_or(true);
            if fate != Fate::Release || granted || inner.owner(&doubt.name)? != Some(owner) {
                return Ok(());
            }
            inner.write(host.now(), &[Fact::Claimed { name: name.clone(), order, fingerprint, refusal: None }])
        })
    }
}

/// Marks a name as doubted, for as long as it lives.
struct Doubt<'a, S> {
    orders: &'a Orders<S>,
    name: String,
}

impl<S> Drop for Doubt<'_, S> {
    fn drop(&mut self) {
        if let Ok(mut inner) = self.orders.inner.try_borrow_mut() {
            inner.doubted.remove(&self.name);
        }
    }
}

impl<S: Store> Inner<S> {
    fn owner(&mut self, key: &str) -> Turn<Option<OrderId>> {
        self.journal.ensure(key)?;
        Ok(self.journal.book.claims.get(key).map(|claim| claim.order))
    }

    /// The order that a channel's number was claimed for, when that is another one, long ago, and not here to be seen.
    fn doubt(&mut self, name: &ClaimName, order: OrderId, now: Timestamp) -> Turn<Option<OrderId>> {
        let key = claim_key(name);
        if matches!(name, ClaimName::Key { .. }) || self.doubted.contains_key(&key) {
            return Ok(None);
        }
        self.journal.ensure(&key)?;
        let Some(claim) = self.journal.book.claims.get(&key) else { return Ok(None) };
        let (owner, old) = (claim.order, claim.at.saturating_add_millis(DOUBT_AFTER_MILLIS) <= now);
        if owner == order || !old || self.record(owner)?.is_some() {
            return Ok(None);
        }
        self.doubted.insert(key, false);
        Ok(Some(owner))
    }

    /// Whether an order of this object was placed under a name: the one that is asked for, or any other, should the claim
    /// be from a message that came late. A name in flight may be just about to.
    pub(super) fn is_placed(&mut self, name: &ClaimName) -> Turn<Fate> {
        let key = claim_key(name);
        if let Some(owner) = self.owner(&key)?
            && self.record(owner)?.is_some()
        {
            return Ok(Fate::Confirm);
        }
        Ok(if self.in_flight.contains(&key) { Fate::Later } else { Fate::Release })
    }

    fn claim(
        &mut self,
        name: &ClaimName,
        order: OrderId,
        fingerprint: Digest,
        instead_of: Option<OrderId>,
        now: Timestamp,
    ) -> Turn<OrderReply> {
        let key = claim_key(name);
        self.journal.ensure(&key)?;
        let before = self.journal.book.claims.get(&key).filter(|before| instead_of != Some(before.order)).cloned();
        let claim = match before {
            Some(before) => before,
            None => {
                self.write(now, &[Fact::Claimed { name: name.clone(), order, fingerprint, refusal: None }])?;
                Claim { order, fingerprint, refusal: None, at: now }
            }
        };
        // Whoever has it may place its order from now on: a doubt that is under way came too late.
        self.doubted.entry(key).and_modify(|granted| *granted |= claim.order == order);
        Ok(OrderReply::Claimed { order: claim.order, fingerprint: claim.fingerprint })
    }
}
