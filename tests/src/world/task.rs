//! What is under way in the world: happenings in the order of their times, tasks, and the world as a task sees it.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Poll, Waker};

use oms_actors::Slots;
use oms_actors::host::{Host, Lost, Signature};
use oms_actors::message::{Address, Ask, Object, Reply};
use oms_core::till::account::PublicKey;
use oms_core::value::Timestamp;

use super::chance::Chance;
use super::disk::Memory;
use crate::signature;

/// Who a future belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Owner {
    Object(Object),
    Client,
}

pub(super) enum Happening {
    /// A message arrives.
    Arrive { to: Address, ask: Ask, call: Option<u64> },
    /// An answer arrives, or it is certain that none will.
    Answer { call: u64, reply: Result<Reply, Lost> },
    /// A pause is over.
    Wake { pause: u64 },
    /// An alarm may be due.
    Alarm(Object),
}

/// A future, the alarm's or a message's, and what hangs on it.
pub(super) struct Task {
    pub(super) owner: Owner,
    pub(super) future: Pin<Box<dyn Future<Output = ()>>>,
    /// The call it answers, to be told when it dies.
    pub(super) serves: Option<u64>,
    /// The alarm it runs, to be rung again when it dies.
    pub(super) alarm: bool,
}

#[derive(Default)]
pub(super) struct Calls {
    pub(super) replies: BTreeMap<u64, Result<Reply, Lost>>,
    pub(super) over: BTreeSet<u64>,
    pub(super) wakers: BTreeMap<u64, Waker>,
    /// Which task waits for a call or a pause.
    pub(super) waits: BTreeMap<u64, u64>,
}

pub(super) struct Shared {
    pub(super) now: Timestamp,
    pub(super) chance: Chance,
    pub(super) next: u64,
    pub(super) current: u64,
    pub(super) calls: Calls,
    /// What the turn sends; it leaves when the turn is committed.
    pub(super) outbox: Vec<(u64, Happening)>,
}

pub(super) struct Scheduled {
    pub(super) at: Timestamp,
    pub(super) order: u64,
    pub(super) what: Happening,
}

impl PartialEq for Scheduled {
    fn eq(&self, other: &Self) -> bool {
        self.order == other.order
    }
}

impl Eq for Scheduled {}

impl PartialOrd for Scheduled {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Scheduled {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        other.at.cmp(&self.at).then_with(|| other.order.cmp(&self.order))
    }
}

/// The world as one task sees it.
pub(super) struct TaskHost {
    pub(super) shared: Rc<RefCell<Shared>>,
    /// The object that this is the world of, when it has several actors.
    pub(super) own: Option<(Object, Rc<Slots<Memory>>)>,
}

impl TaskHost {
    fn send(&self, to: Address, ask: Ask) -> impl Future<Output = Result<Reply, Lost>> + use<> {
        let call = {
            let mut shared = self.shared.borrow_mut();
            let call = shared.fresh();
            let task = shared.current;
            shared.calls.waits.insert(call, task);
            shared.outbox.push((0, Happening::Arrive { to, ask, call: Some(call) }));
            call
        };
        let shared = Rc::clone(&self.shared);
        std::future::poll_fn(move |context| {
            let mut shared = shared.borrow_mut();
            match shared.calls.replies.remove(&call) {
                Some(reply) => Poll::Ready(reply),
                None => {
                    shared.calls.wakers.insert(call, context.waker().clone());
                    Poll::Pending
                }
            }
        })
    }
}

impl Host for TaskHost {
    fn now(&self) -> Timestamp {
        self.shared.borrow().now
    }

    fn entropy(&self) -> u128 {
        let mut shared = self.shared.borrow_mut();
        (u128::from(shared.chance.draw()) << 64) | u128::from(shared.chance.draw())
    }

    async fn call(&self, to: Address, ask: Ask) -> Result<Reply, Lost> {
        if let Some((_, slots)) = self.own.as_ref().filter(|_| self.is_near(to)) {
            let handled: Pin<Box<dyn Future<Output = Reply> + '_>> = Box::pin(slots.handle(to, ask, self));
            return Ok(handled.await);
        }
        self.send(to, ask).await
    }

    fn is_near(&self, to: Address) -> bool {
        self.own.as_ref().is_some_and(|(object, _)| *object == to.object())
    }

    async fn verify(&self, key: &PublicKey, signed: Vec<Signature>) -> Option<Vec<bool>> {
        signature::verify(key, &signed)
    }

    fn pause(&self, millis: u32) -> impl Future<Output = ()> {
        let pause = {
            let mut shared = self.shared.borrow_mut();
            let pause = shared.fresh();
            let task = shared.current;
            shared.calls.waits.insert(pause, task);
            shared.outbox.push((u64::from(millis), Happening::Wake { pause }));
            pause
        };
        let shared = Rc::clone(&self.shared);
        std::future::poll_fn(move |context| {
            let mut shared = shared.borrow_mut();
            if shared.calls.over.remove(&pause) {
                Poll::Ready(())
            } else {
                shared.calls.wakers.insert(pause, context.waker().clone());
                Poll::Pending
            }
        })
    }
}

impl Shared {
    pub(super) fn fresh(&mut self) -> u64 {
        self.next += 1;
        self.next
    }
}
