//! The objects of a tenant and the door before them, each on its disk.

use std::cell::RefCell;
use std::rc::Rc;

use oms_actors::host::Host;
use oms_actors::message::{Address, Ask, Reply};
use oms_actors::store::StoreError;
use oms_actors::{Index, Orders, Stocks, Tenant};
use oms_core::value::Topology;

use super::disk::{Disk, Memory, MemoryIndex};

/// An object in memory.
#[derive(Clone, Debug)]
pub(super) enum Actor {
    Orders(Rc<Orders<Memory>>),
    Stocks(Rc<Stocks<Memory>>),
    Tenant(Rc<Tenant<Memory>>),
    Index(Rc<Index<MemoryIndex>>),
}

impl Actor {
    /// Opens an object on what is on its disk.
    pub(super) fn open(address: Address, disk: &Rc<RefCell<Disk>>, topology: Topology) -> Result<Self, StoreError> {
        let store = Memory(Rc::clone(disk));
        Ok(match address {
            Address::Orders(_) => Self::Orders(Rc::new(Orders::open(store, topology)?)),
            Address::Stock(_) => Self::Stocks(Rc::new(Stocks::open(store, topology)?)),
            Address::Tenant => Self::Tenant(Rc::new(Tenant::open(store, topology)?)),
            Address::Index => Self::Index(Rc::new(Index::open(MemoryIndex(Rc::clone(disk))))),
        })
    }

    pub(super) async fn handle(&self, ask: Ask, host: &impl Host) -> Reply {
        match self {
            Self::Orders(actor) => actor.handle(ask, host).await,
            Self::Stocks(actor) => actor.handle(ask, host).await,
            Self::Tenant(actor) => actor.handle(ask, host).await,
            Self::Index(actor) => actor.handle(ask, host).await,
        }
    }

    pub(super) async fn wake(&self, host: &impl Host) -> Result<(), StoreError> {
        match self {
            Self::Orders(actor) => actor.wake(host).await,
            Self::Stocks(actor) => actor.wake(host).await,
            Self::Tenant(actor) => actor.wake(host).await,
            Self::Index(_) => Ok(()),
        }
    }
}
