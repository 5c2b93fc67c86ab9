//! Orders of one customer to one address find each other, so that what waits at a location can leave in one parcel.
//!
//! Where they meet is the object of the hash of both, whatever objects the orders live in. It is told with the alarm a second
//! after an order changed, and asked before one is routed. What it knows is kept in memory only, and may be a second old: an
//! order that was told of a parcel which has just left is a parcel of its own.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::vec::Vec;

use oms_core::order::Head;
use oms_core::routing::Parcel;
use oms_core::value::{Day, Digest, OrderId, Slot, Timestamp};

use super::Orders;
use crate::host::Host;
use crate::message::{Address, Ask, OrderAsk, OrderReply, Reply};
use crate::store::Store;

/// Orders remembered; some hundred bytes each. Who comes when there are more begins anew.
const MAX_REMEMBERED: usize = 10_000;

/// Parcels that wait, by customer and address, then order.
#[derive(Debug, Default)]
pub(super) struct Parcels(BTreeMap<(Digest, OrderId), Vec<Parcel>>);

impl Parcels {
    /// Notes what an order has, if it tells; answers what the others have.
    pub(super) fn meet(
        &mut self,
        household: Digest,
        order: OrderId,
        has: Option<Vec<Parcel>>,
        now: Timestamp,
    ) -> Vec<Parcel> {
        let today = Day::of_utc(now);
        let lives = |parcel: &Parcel| parcel.ships >= today;
        match has {
            Some(has) if has.is_empty() => {
                self.0.remove(&(household, order));
            }
            Some(has) => {
                if self.0.len() >= MAX_REMEMBERED {
                    self.0.retain(|_, parcels| parcels.iter().any(lives));
                }
                if self.0.len() >= MAX_REMEMBERED {
                    self.0.clear();
                }
                self.0.insert((household, order), has);
            }
            None => {}
        }
        let first = (household, OrderId::new(Slot::default(), Timestamp::EPOCH, 0));
        let of_household = self.0.range(first..).take_while(|((of, _), _)| *of == household);
        let others = of_household.filter(|((_, of), _)| *of != order).flat_map(|(_, parcels)| parcels);
        others.filter(|parcel| lives(parcel)).cloned().collect()
    }
}

impl<S: Store> Orders<S> {
    /// What waits for the customer of an order that is to be routed; nothing where no strategy asks, or nobody answers.
    pub(super) async fn parcels_for(&self, head: &Head, order: OrderId, host: &impl Host) -> Vec<Parcel> {
        let Some(household) = head.household().filter(|_| self.consolidates(host)) else { return Vec::new() };
        self.meet(household, order, None, host).await
    }

    /// Tells what orders have now, where others of their customers ask.
    pub(super) async fn tell_parcels(&self, orders: impl Iterator<Item = OrderId>, host: &impl Host) {
        if !self.consolidates(host) {
            return;
        }
        for order in orders {
            let known = self.turn(|inner| {
                let record = inner.record(order)?.map(|record| &record.order);
                Ok(record.and_then(|order| Some((order.head.household()?, order.parcels()))))
            });
            if let Ok(Some((household, has))) = known {
                self.meet(household, order, Some(has), host).await;
            }
        }
    }

    async fn meet(&self, household: Digest, order: OrderId, has: Option<Vec<Parcel>>, host: &impl Host) -> Vec<Parcel> {
        let place = Slot::of_bytes(format!("household:{household}").as_bytes()).object(self.topology);
        let here = self.inner.borrow().loads.object() == Some(place);
        if here {
            return self.inner.borrow_mut().parcels.meet(household, order, has, host.now());
        }
        let asked = Ask::Orders(OrderAsk::Parcels { household, order, has });
        match host.call(Address::Orders(place), asked).await {
            Ok(Reply::Orders(OrderReply::Parcels(parcels))) => parcels,
            Ok(_) | Err(_) => Vec::new(),
        }
    }

    fn consolidates(&self, host: &impl Host) -> bool {
        let router = self.turn(|inner| inner.plain_router(host.now()));
        router.is_ok_and(|router| router.is_some_and(|router| router.prepared().consolidates()))
    }
}
