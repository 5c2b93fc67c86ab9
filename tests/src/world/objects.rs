//! The objects of a tenant and the door before them, each on its disk.

use std::cell::RefCell;
use std::rc::Rc;

use oms_actors::host::Host;
use oms_actors::message::{Address, Ask, Object, Reply};
use oms_actors::store::{Part, StoreError};
use oms_actors::{Index, Slots, Tenant, Till};
use oms_core::value::Topology;

use super::disk::{Disk, Memory, MemoryIndex};

/// An object in memory.
#[derive(Clone, Debug)]
pub(super) enum Actor {
    Slots(Rc<Slots<Memory>>),
    Tenant(Rc<Tenant<Memory>>),
    Index(Rc<Index<MemoryIndex>>),
    Till(Rc<Till<Memory>>),
}

impl Actor {
    /// Opens an object on what is on its disk.
    pub(super) fn open(object: Object, disk: &Rc<RefCell<Disk>>, topology: Topology) -> Result<Self, StoreError> {
        let store = |part| Memory { disk: Rc::clone(disk), part };
        Ok(match object {
            Object::Slots(_) => Self::Slots(Rc::new(Slots::open(|part| Ok(store(part)), topology)?)),
            Object::Tenant => Self::Tenant(Rc::new(Tenant::open(store(Part::Tenant), topology)?)),
            Object::Till(_) => Self::Till(Rc::new(Till::open(store(Part::Till), topology)?)),
            Object::Index => Self::Index(Rc::new(Index::open(MemoryIndex(Rc::clone(disk))))),
        })
    }

    pub(super) async fn handle(&self, to: Address, ask: Ask, host: &impl Host) -> Reply {
        match self {
            Self::Slots(actor) => actor.handle(to, ask, host).await,
            Self::Tenant(actor) => actor.handle(ask, host).await,
            Self::Index(actor) => actor.handle(ask, host).await,
            Self::Till(actor) => actor.handle(ask, host).await,
        }
    }

    pub(super) async fn wake(&self, host: &impl Host) -> Result<(), StoreError> {
        match self {
            Self::Slots(actor) => actor.wake(host).await,
            Self::Tenant(actor) => actor.wake(host).await,
            Self::Till(actor) => actor.wake(host).await,
            Self::Index(_) => Ok(()),
        }
    }

    /// What its actors reach without a hop.
    pub(super) fn slots(&self) -> Option<Rc<Slots<Memory>>> {
        match self {
            Self::Slots(actor) => Some(Rc::clone(actor)),
            Self::Tenant(_) | Self::Index(_) | Self::Till(_) => None,
        }
    }
}
