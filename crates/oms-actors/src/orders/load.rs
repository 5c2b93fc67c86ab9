//! What waits to be shipped, counted against what locations can do in a day.
//!
//! An object knows its own orders' work at once, and that of the others as they told the tenant object some seconds ago: two
//! objects may both give a location the last of its day. What others told is kept in memory: who was restarted is told again.

use alloc::collections::BTreeMap;

use oms_core::order::Router;
use oms_core::sorting::Gather as _;
use oms_core::value::{LocationId, OrderId, Quantity, Timestamp};

use super::{Inner, Orders, Turn};
use crate::host::Host;
use crate::message::{Address, Ask, Reply, TenantAsk, TenantReply};
use crate::store::Store;

/// What was told of the others is good for so long, in milliseconds: an order that is routed later asks again.
const FRESH_MILLIS: i64 = 5_000;

/// Goods by location.
type Load = BTreeMap<LocationId, Quantity>;

/// Work of all objects, as far as it is known here.
#[derive(Debug, Default)]
pub(super) struct Loads {
    /// Which object this is; unknown until the first message.
    object: Option<u16>,
    /// What the others have to do.
    elsewhere: Load,
    /// When they told.
    heard_at: Timestamp,
    /// What they were told.
    told: Load,
    /// The router made for a version of the network and the work that waited then.
    ready: Option<(u32, Load, Router)>,
}

impl Loads {
    /// Which object this is.
    pub(super) const fn object(&self) -> Option<u16> {
        self.object
    }
}

impl<S: Store> Orders<S> {
    /// A message came for this object: that is which it is.
    pub(crate) fn is_object(&self, object: u16) {
        self.inner.borrow_mut().loads.object = Some(object);
    }

    /// Before an order is routed: hears what waits elsewhere, unless that was a moment ago.
    pub(super) async fn hear_loads(&self, host: &impl Host) -> Turn<()> {
        let stale = |inner: &Inner<S>| inner.loads.heard_at.saturating_add_millis(FRESH_MILLIS) <= host.now();
        if stale(&self.inner.borrow()) { self.exchange_loads(false, host).await } else { Ok(()) }
    }

    /// After orders changed: tells what waits here, if that is not known.
    pub(super) async fn tell_loads(&self, host: &impl Host) -> Turn<()> {
        self.exchange_loads(true, host).await
    }

    /// One call both ways. Whoever is alone, or counts no capacity, has nobody to tell; a tenant that does not answer is asked
    /// again with the next order.
    async fn exchange_loads(&self, news_only: bool, host: &impl Host) -> Turn<()> {
        if self.topology.get() < 2 {
            return Ok(());
        }
        let Some(router) = self.turn(|inner| inner.plain_router(host.now()))? else { return Ok(()) };
        if !router.prepared().counts_any() {
            return Ok(());
        }
        let (load, object) = {
            let inner = self.inner.borrow();
            (inner.counted(&router), inner.loads.object)
        };
        let Some(object) = object else { return Ok(()) };
        if news_only && load == self.inner.borrow().loads.told {
            return Ok(());
        }
        let reply = host.call(Address::Tenant, Ask::Tenant(TenantAsk::Load { object, load: load.clone() })).await;
        let Ok(Reply::Tenant(TenantReply::Load(elsewhere))) = reply else { return Ok(()) };
        self.turn(|inner| {
            inner.loads.elsewhere = elsewhere;
            inner.loads.heard_at = host.now();
            inner.loads.told = load;
            Ok(())
        })
    }
}

impl<S: Store> Inner<S> {
    /// What waits here at locations that count their capacity.
    fn counted(&self, router: &Router) -> Load {
        let counts = |location: &LocationId| router.prepared().counts_capacity(location);
        let load = self.journal.book.load.iter().filter(|(location, _)| counts(location));
        load.map(|(location, units)| (location.clone(), *units)).into_map()
    }

    /// The router for an order, while everything else that is known to wait waits.
    pub(super) fn busy_router(&mut self, router: Router, order: Option<OrderId>) -> Router {
        let mut waiting = self.counted(&router);
        for (location, units) in &self.loads.elsewhere {
            let sum = waiting.entry(location.clone()).or_default();
            *sum = sum.saturating_add(*units);
        }
        let own = order.and_then(|id| self.journal.book.orders.get(&id)).map(|kept| kept.record.order.waits_at());
        for (location, units) in own.unwrap_or_default() {
            if let Some(sum) = waiting.get_mut(&location) {
                *sum = sum.saturating_sub(units);
            }
        }
        waiting.retain(|_, units| !units.is_zero());
        if waiting.is_empty() {
            return router;
        }
        let version = self.journal.book.network.as_ref().map_or(0, |network| network.version);
        let same = |(of, load, _): &&(u32, Load, Router)| *of == version && *load == waiting;
        if let Some((_, _, ready)) = self.loads.ready.as_ref().filter(same) {
            return ready.clone();
        }
        let busy = router.busy(&waiting);
        self.loads.ready = Some((version, waiting, busy.clone()));
        busy
    }
}
