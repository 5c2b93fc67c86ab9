//! Orders of this object that make room for one another, after each has moved as far as it can by itself.
//!
//! A trade is carried out move by move, each on what the stock says then. Where one fails, the rest is left: every order has a
//! plan, and what was given up is news, upon which all of them look again.

use alloc::vec::Vec;

use oms_core::order::{Command, Facts, Offer, Order, Router, Step, trades};
use oms_core::routing::ItemFacts;
use oms_core::value::{OrderId, Timestamp};

use super::improve::Candidate;
use super::{Inner, Orders, Turn};
use crate::host::Host;
use crate::store::Store;
use crate::troubles::Troubles;

impl<S: Store> Orders<S> {
    /// Finds the trades of a slice of orders, and carries them out.
    pub(super) async fn trade_some(
        &self,
        some: &[Candidate],
        offers: &[Offer],
        goods: &[ItemFacts],
        host: &impl Host,
        troubles: &mut Troubles,
    ) {
        let mut found = Vec::new();
        troubles.note(self.turn(|inner| {
            found = inner.trades(some, offers, goods, host.now())?;
            Ok(())
        }));
        for steps in found {
            for step in steps {
                let mut moved = false;
                troubles.note(self.step(&step, some, host).await.map(|done| moved = done));
                if !moved {
                    break;
                }
            }
        }
    }

    /// One move; true when the order has its new plan.
    async fn step(&self, step: &Step, some: &[Candidate], host: &impl Host) -> Turn<bool> {
        let Some(Candidate { id, goods, class }) = some.iter().find(|one| one.id == step.order) else {
            return Ok(false);
        };
        let Some((items, offers)) = self.quote(goods, None, class, None, host).await else { return Ok(false) };
        let goods = items.iter().map(|item| item.handling.of(&item.sku)).collect();
        let moves = self.turn(|inner| inner.moves(*id))?;
        let began = self.turn(|inner| {
            let Some(router) = inner.router(Some(*id), host.now())? else { return Ok(false) };
            let facts = Facts { offers, goods, parcels: Vec::new(), router };
            let command = match &step.room {
                Some(room) => Command::MakeRoom(facts, room.clone()),
                None => Command::Improve(facts),
            };
            inner.take_in(*id, &command, host.now())
        })?;
        if began {
            self.settle(*id, host).await?;
        }
        Ok(began && self.turn(|inner| inner.moves(*id))? > moves)
    }
}

impl<S: Store> Inner<S> {
    fn trades(
        &mut self,
        some: &[Candidate],
        offers: &[Offer],
        goods: &[ItemFacts],
        now: Timestamp,
    ) -> Turn<Vec<Vec<Step>>> {
        let at = self.journal.at(now);
        let mut open: Vec<(Order, Router)> = Vec::new();
        for Candidate { id, .. } in some {
            let Some(router) = self.router(Some(*id), now)? else { return Ok(Vec::new()) };
            open.extend(self.record(*id)?.map(|record| (record.order.clone(), router)));
        }
        let open: Vec<(&Order, Router)> = open.iter().map(|(order, router)| (order, router.clone())).collect();
        Ok(trades(&open, offers, goods, at))
    }

    /// How often an order moved so far.
    fn moves(&mut self, id: OrderId) -> Turn<u32> {
        Ok(self.record(id)?.map_or(0, |record| record.order.improvements))
    }
}
