//! The object that serves some slots: their orders and their stock, two journals on one disk under one alarm.
//!
//! What an order and its stock write without waiting for anybody else is committed together. They speak with each other in the
//! same messages as with those of other objects; only nothing travels: the host hands them over.

use alloc::rc::Rc;

use oms_core::value::{Timestamp, Topology};

use crate::alarm::Alarm;
use crate::host::Host;
use crate::message::{Address, Ask, Reply};
use crate::orders::Orders;
use crate::stock::Stocks;
use crate::store::{Part, Store, StoreError};
use crate::troubles::Troubles;

/// Orders and stock of some slots.
#[derive(Debug)]
pub struct Slots<S> {
    orders: Orders<S>,
    stocks: Stocks<S>,
    alarm: Rc<Alarm>,
}

impl<S: Store> Slots<S> {
    /// Opens the object on what is on its disk.
    ///
    /// # Errors
    /// The disk's.
    pub fn open(part: impl Fn(Part) -> Result<S, StoreError>, topology: Topology) -> Result<Self, StoreError> {
        let alarm = Rc::new(Alarm::default());
        let orders = Orders::open(part(Part::Orders)?, Rc::clone(&alarm), topology)?;
        let stocks = Stocks::open(part(Part::Stock)?, Rc::clone(&alarm), topology)?;
        Ok(Self { orders, stocks, alarm })
    }

    /// Answers a request.
    pub async fn handle(&self, to: Address, ask: Ask, host: &impl Host) -> Reply {
        // Whatever is asked: what is owed has its alarm, also right after the object was opened.
        self.arm(host.now());
        match to {
            Address::Orders(object) => {
                self.orders.is_object(object);
                self.orders.handle(ask, host).await
            }
            Address::Stock(_) => self.stocks.handle(ask, host).await,
            Address::Tenant | Address::Index | Address::Till(_) => {
                Reply::Failed { detail: "this message is for another object".into() }
            }
        }
    }

    /// The alarm rang: both do what is due. What fails does not keep the rest from being done, and is tried again by the next
    /// alarm.
    ///
    /// # Errors
    /// What went wrong, after everything else was done and the next alarm was set.
    pub async fn wake(&self, host: &impl Host) -> Result<(), StoreError> {
        self.alarm.rang();
        let mut troubles = Troubles::default();
        troubles.note(self.stocks.wake(host).await);
        troubles.note(self.orders.wake(host).await);
        self.arm(host.now());
        troubles.end()
    }

    /// True when its memory cannot be trusted any more: the host lets go of it and opens it anew. Requests that are under
    /// way in it can only fail.
    pub fn is_broken(&self) -> bool {
        self.orders.is_broken() || self.stocks.is_broken()
    }

    fn arm(&self, now: Timestamp) {
        self.orders.arm(now);
        self.stocks.arm(now);
    }
}
