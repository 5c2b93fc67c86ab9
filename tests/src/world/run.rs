//! The loop of the world: one event after the other, each a turn.

use std::cell::RefCell;
use std::collections::{BTreeMap, BinaryHeap};
use std::fmt;
use std::rc::Rc;

use oms_actors::Slots;
use oms_actors::host::Host;
use oms_actors::message::{Address, Ask, Object, Reply};
use oms_core::value::{Timestamp, Topology};
use oms_door::{Key, Keys, Request, Response};

use super::chance::Chance;
use super::disk::{Disk, Memory};
use super::objects::Actor;
use super::task::{Calls, Happening, Owner, Scheduled, Shared, Task, TaskHost};
use super::turn::Faults;
use crate::edge::{DEVELOPMENT_KEY, development_keys};

/// Steps after which a world that goes on is taken for one that turns in circles.
const MAX_STEPS: u32 = 5_000_000;

/// A tenant's whole house.
pub struct World {
    pub(super) shared: Rc<RefCell<Shared>>,
    pub(super) queue: BinaryHeap<Scheduled>,
    pub(super) tasks: BTreeMap<u64, Task>,
    pub(super) disks: BTreeMap<Object, Rc<RefCell<Disk>>>,
    pub(super) actors: BTreeMap<Object, Actor>,
    pub(super) answers: Rc<RefCell<BTreeMap<u64, Response>>>,
    pub(super) key: Key,
    pub(super) keys: Keys,
    /// What goes wrong from now on.
    pub faults: Faults,
    pub(super) sent: u64,
    pub(super) crashes: u64,
    /// The alarm last scheduled, per object.
    pub(super) rings: BTreeMap<Object, Timestamp>,
}

impl fmt::Debug for World {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("World").field("now", &self.now()).field("tasks", &self.tasks.len()).finish_non_exhaustive()
    }
}

/// A request under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket(u64);

impl World {
    /// A new house in which nothing goes wrong yet.
    pub fn new(seed: u64, topology: u16) -> Self {
        let shared = Shared {
            now: Timestamp::from_millis(1_750_000_000_000).expect("a time"),
            chance: Chance::new(seed),
            next: 0,
            current: 0,
            calls: Calls::default(),
            outbox: Vec::new(),
        };
        let keys = Keys::parse(&development_keys(topology)).expect("development keys");
        let key = keys.find(DEVELOPMENT_KEY).expect("the development key").clone();
        Self {
            shared: Rc::new(RefCell::new(shared)),
            queue: BinaryHeap::new(),
            tasks: BTreeMap::new(),
            disks: BTreeMap::new(),
            actors: BTreeMap::new(),
            answers: Rc::default(),
            key,
            keys,
            faults: Faults::default(),
            sent: 0,
            crashes: 0,
            rings: BTreeMap::new(),
        }
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        self.shared.borrow().now
    }

    /// Chance, for whoever drives the world.
    pub fn chance<T>(&self, draw: impl FnOnce(&mut Chance) -> T) -> T {
        draw(&mut self.shared.borrow_mut().chance)
    }

    /// Messages between objects so far: hops.
    pub fn hops(&self) -> u64 {
        self.sent
    }

    /// Objects that crashed so far.
    pub fn crashes(&self) -> u64 {
        self.crashes
    }

    /// Rows written by all objects so far.
    pub fn rows_written(&self) -> u64 {
        self.disks.values().map(|disk| disk.borrow().rows_written()).sum()
    }

    /// Rows written so far by the index.
    pub fn index_rows_written(&self) -> u64 {
        self.disks.get(&Object::Index).map_or(0, |disk| disk.borrow().rows_written())
    }

    /// The disk of an object.
    pub fn disk(&mut self, object: Object) -> Rc<RefCell<Disk>> {
        Rc::clone(self.disks.entry(object).or_default())
    }

    /// How many objects of a kind the tenant has.
    pub fn topology(&self) -> Topology {
        self.key.topology
    }

    /// Every actor there may be.
    pub fn addresses(&self) -> Vec<Address> {
        let objects = 0..self.topology().get();
        objects
            .flat_map(|object| [Address::Orders(object), Address::Stock(object)])
            .chain([Address::Tenant, Address::Index])
            .collect()
    }

    /// A request comes to the door.
    pub fn send(&mut self, request: Request) -> Ticket {
        let (id, host) = self.host(None);
        let answers = Rc::clone(&self.answers);
        let keys = self.keys.clone();
        let future = async move {
            let response = match oms_door::authenticate(&request, &keys) {
                Ok(found) => oms_door::answer(&request, found.as_ref(), &host).await,
                Err(refusal) => refusal,
            };
            answers.borrow_mut().insert(id, response);
        };
        self.begin(id, Task { owner: Owner::Client, future: Box::pin(future), serves: None, alarm: false });
        Ticket(id)
    }

    /// The answer to a request, once it is there.
    pub fn answer(&mut self, ticket: Ticket) -> Option<Response> {
        self.answers.borrow_mut().remove(&ticket.0)
    }

    /// Goes on until a request is answered.
    pub fn finish(&mut self, ticket: Ticket) -> Response {
        for _ in 0..MAX_STEPS {
            if let Some(response) = self.answer(ticket) {
                return response;
            }
            assert!(self.step(), "nothing happens any more, and a request was not answered");
        }
        panic!("a request was not answered in {MAX_STEPS} steps");
    }

    /// Lets so much time pass.
    pub fn pass(&mut self, millis: i64) {
        let until = self.now().saturating_add_millis(millis);
        while self.queue.peek().is_some_and(|next| next.at <= until) {
            self.step();
        }
        self.shared.borrow_mut().now = until;
    }

    /// Asks an object directly.
    pub fn ask(&mut self, to: Address, ask: Ask) -> Reply {
        let (id, host) = self.host(None);
        let reply: Rc<RefCell<Option<Reply>>> = Rc::default();
        let put = Rc::clone(&reply);
        let future = async move {
            *put.borrow_mut() = host.call(to, ask).await.ok();
        };
        self.begin(id, Task { owner: Owner::Client, future: Box::pin(future), serves: None, alarm: false });
        for _ in 0..MAX_STEPS {
            if let Some(reply) = reply.borrow_mut().take() {
                return reply;
            }
            assert!(self.step(), "an object did not answer");
        }
        panic!("an object did not answer in {MAX_STEPS} steps");
    }

    /// A new task and its world.
    fn host(&self, own: Option<(Object, Rc<Slots<Memory>>)>) -> (u64, TaskHost) {
        (self.shared.borrow_mut().fresh(), TaskHost { shared: Rc::clone(&self.shared), own })
    }

    fn begin(&mut self, id: u64, task: Task) {
        self.tasks.insert(id, task);
        self.poll(id);
    }

    pub(super) fn schedule(&mut self, after: u64, what: Happening) {
        let mut shared = self.shared.borrow_mut();
        let at = shared.now.saturating_add_millis(i64::try_from(after).unwrap_or(i64::MAX));
        let order = shared.fresh();
        drop(shared);
        self.queue.push(Scheduled { at, order, what });
    }

    /// The next thing happens. False when nothing is to come.
    pub fn step(&mut self) -> bool {
        let Some(next) = self.queue.pop() else { return false };
        {
            let mut shared = self.shared.borrow_mut();
            shared.now = shared.now.max(next.at);
        }
        match next.what {
            Happening::Arrive { to, ask, call } => self.arrive(to, ask, call),
            Happening::Answer { call, reply } => self.resume(call, |calls| {
                calls.replies.insert(call, reply);
            }),
            Happening::Wake { pause } => self.resume(pause, |calls| {
                calls.over.insert(pause);
            }),
            Happening::Alarm(object) => self.ring(object),
        }
        true
    }

    fn resume(&mut self, of: u64, news: impl FnOnce(&mut Calls)) {
        let (task, waker) = {
            let mut shared = self.shared.borrow_mut();
            let Some(task) = shared.calls.waits.remove(&of) else { return };
            news(&mut shared.calls);
            (task, shared.calls.wakers.remove(&of))
        };
        if let Some(waker) = waker {
            waker.wake();
        }
        self.poll(task);
    }

    fn actor(&mut self, object: Object) -> Actor {
        if let Some(actor) = self.actors.get(&object) {
            return actor.clone();
        }
        let disk = self.disks.entry(object).or_default();
        let actor = Actor::open(object, disk, self.key.topology).expect("what is on disk can be opened");
        self.actors.insert(object, actor.clone());
        actor
    }

    fn arrive(&mut self, to: Address, ask: Ask, call: Option<u64>) {
        let object = to.object();
        let actor = self.actor(object);
        let (id, host) = self.host(actor.slots().map(|slots| (object, slots)));
        let shared = Rc::clone(&self.shared);
        let future = async move {
            let reply = actor.handle(to, ask, &host).await;
            if let Some(call) = call {
                shared.borrow_mut().outbox.push((0, Happening::Answer { call, reply: Ok(reply) }));
            }
        };
        let task = Task { owner: Owner::Object(object), future: Box::pin(future), serves: call, alarm: false };
        self.begin(id, task);
    }

    fn ring(&mut self, object: Object) {
        let now = self.now();
        self.rings.remove(&object);
        let due = self.disks.entry(object).or_default().borrow_mut().take_alarm(now);
        if due.is_none() {
            return;
        }
        let times = if self.chance(|chance| chance.per_mille(self.faults.alarm_twice)) { 2 } else { 1 };
        for _ in 0..times {
            let actor = self.actor(object);
            let (id, host) = self.host(actor.slots().map(|slots| (object, slots)));
            let future = async move {
                // What went wrong is tried again by the alarm that the object set itself.
                let _ = actor.wake(&host).await;
            };
            let task = Task { owner: Owner::Object(object), future: Box::pin(future), serves: None, alarm: true };
            self.begin(id, task);
        }
    }
}
