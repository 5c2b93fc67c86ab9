//! The loop of the world: one event after the other, each a turn.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use oms_actors::host::{Host, Lost};
use oms_actors::message::{Address, Ask, Reply};
use oms_core::value::{Timestamp, Topology};
use oms_door::{Key, Keys, Request, Response};

use super::chance::Chance;
use super::disk::Disk;
use super::objects::Actor;
use crate::edge::{DEVELOPMENT_KEY, development_keys};

/// What goes wrong, each in so many of a thousand cases.
#[derive(Clone, Copy, Debug, Default)]
pub struct Faults {
    /// A message or an answer never arrives.
    pub lose: u32,
    /// A message arrives twice.
    pub double: u32,
    /// An object crashes before its turn is committed.
    pub crash_before: u32,
    /// An object crashes after its turn is committed, before anything leaves.
    pub crash_after: u32,
    /// An alarm rings twice.
    pub alarm_twice: u32,
    /// Longest delay of a message, in milliseconds.
    pub delay: u64,
}

impl Faults {
    /// A bad day.
    pub const BAD_DAY: Self =
        Self { lose: 30, double: 50, crash_before: 15, crash_after: 15, alarm_twice: 50, delay: 400 };
}

/// How long a caller waits, in milliseconds, before it takes a call for lost.
const CALL_LOST_MILLIS: u64 = 3_000;
/// An alarm whose run failed is run again after this long, in milliseconds, as the platform does.
const ALARM_AGAIN_MILLIS: u64 = 2_000;

/// Who a future belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Owner {
    Object(Address),
    Client,
}

enum Happening {
    /// A message arrives.
    Arrive { to: Address, ask: Ask, call: Option<u64> },
    /// An answer arrives, or it is certain that none will.
    Answer { call: u64, reply: Result<Reply, Lost> },
    /// A pause is over.
    Wake { pause: u64 },
    /// An alarm may be due.
    Alarm(Address),
}

/// A future, the alarm's or a message's, and what hangs on it.
struct Task {
    owner: Owner,
    future: Pin<Box<dyn Future<Output = ()>>>,
    /// The call it answers, to be told when it dies.
    serves: Option<u64>,
    /// The alarm it runs, to be rung again when it dies.
    alarm: bool,
}

#[derive(Default)]
struct Calls {
    replies: BTreeMap<u64, Result<Reply, Lost>>,
    over: BTreeSet<u64>,
    wakers: BTreeMap<u64, Waker>,
    /// Which task waits for a call or a pause.
    waits: BTreeMap<u64, u64>,
}

struct Shared {
    now: Timestamp,
    chance: Chance,
    next: u64,
    current: u64,
    calls: Calls,
    /// What the turn sends; it leaves when the turn is committed.
    outbox: Vec<(u64, Happening)>,
}

/// A tenant's whole house.
pub struct World {
    shared: Rc<RefCell<Shared>>,
    queue: BinaryHeap<Scheduled>,
    tasks: BTreeMap<u64, Task>,
    disks: BTreeMap<Address, Rc<RefCell<Disk>>>,
    actors: BTreeMap<Address, Actor>,
    answers: Rc<RefCell<BTreeMap<u64, Response>>>,
    key: Key,
    keys: Keys,
    /// What goes wrong from now on.
    pub faults: Faults,
    sent: u64,
    crashes: u64,
    /// The alarm last scheduled, per object.
    rings: BTreeMap<Address, Timestamp>,
}

impl fmt::Debug for World {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("World").field("now", &self.now()).field("tasks", &self.tasks.len()).finish_non_exhaustive()
    }
}

/// A request under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket(u64);

struct Scheduled {
    at: Timestamp,
    order: u64,
    what: Happening,
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
struct TaskHost(Rc<RefCell<Shared>>);

impl Host for TaskHost {
    fn now(&self) -> Timestamp {
        self.0.borrow().now
    }

    fn entropy(&self) -> u128 {
        let mut shared = self.0.borrow_mut();
        (u128::from(shared.chance.draw()) << 64) | u128::from(shared.chance.draw())
    }

    fn call(&self, to: Address, ask: Ask) -> impl Future<Output = Result<Reply, Lost>> {
        let call = {
            let mut shared = self.0.borrow_mut();
            let call = shared.fresh();
            let task = shared.current;
            shared.calls.waits.insert(call, task);
            shared.outbox.push((0, Happening::Arrive { to, ask, call: Some(call) }));
            call
        };
        let shared = Rc::clone(&self.0);
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

    fn pause(&self, millis: u32) -> impl Future<Output = ()> {
        let pause = {
            let mut shared = self.0.borrow_mut();
            let pause = shared.fresh();
            let task = shared.current;
            shared.calls.waits.insert(pause, task);
            shared.outbox.push((u64::from(millis), Happening::Wake { pause }));
            pause
        };
        let shared = Rc::clone(&self.0);
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
    fn fresh(&mut self) -> u64 {
        self.next += 1;
        self.next
    }
}

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
        self.disks.get(&Address::Index).map_or(0, |disk| disk.borrow().rows_written())
    }

    /// How many objects of a kind the tenant has.
    pub fn topology(&self) -> Topology {
        self.key.topology
    }

    /// Every object there may be.
    pub fn addresses(&self) -> Vec<Address> {
        let objects = 0..self.topology().get();
        objects
            .flat_map(|object| [Address::Orders(object), Address::Stock(object)])
            .chain([Address::Tenant, Address::Index])
            .collect()
    }

    /// A request comes to the door.
    pub fn send(&mut self, request: Request) -> Ticket {
        let (id, host) = self.host();
        let answers = Rc::clone(&self.answers);
        let (keys, key) = (self.keys.clone(), self.key.clone());
        let future = async move {
            let response = match oms_door::authenticate(&request, &keys) {
                Ok(found) => oms_door::answer(&request, found.map(|_| &key), &host).await,
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
        let (id, host) = self.host();
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

    fn host(&self) -> (u64, TaskHost) {
        (self.shared.borrow_mut().fresh(), TaskHost(Rc::clone(&self.shared)))
    }

    fn begin(&mut self, id: u64, task: Task) {
        self.tasks.insert(id, task);
        self.poll(id);
    }

    fn schedule(&mut self, after: u64, what: Happening) {
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
            Happening::Alarm(address) => self.ring(address),
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

    fn actor(&mut self, address: Address) -> Actor {
        if let Some(actor) = self.actors.get(&address) {
            return actor.clone();
        }
        let disk = self.disks.entry(address).or_default();
        let actor = Actor::open(address, disk, self.key.topology).expect("what is on disk can be opened");
        self.actors.insert(address, actor.clone());
        actor
    }

    fn arrive(&mut self, to: Address, ask: Ask, call: Option<u64>) {
        let actor = self.actor(to);
        let (id, host) = self.host();
        let shared = Rc::clone(&self.shared);
        let future = async move {
            let reply = actor.handle(ask, &host).await;
            if let Some(call) = call {
                shared.borrow_mut().outbox.push((0, Happening::Answer { call, reply: Ok(reply) }));
            }
        };
        let task = Task { owner: Owner::Object(to), future: Box::pin(future), serves: call, alarm: false };
        self.begin(id, task);
    }

    fn ring(&mut self, address: Address) {
        let now = self.now();
        self.rings.remove(&address);
        let due = self.disks.entry(address).or_default().borrow_mut().take_alarm(now);
        if due.is_none() {
            return;
        }
        let times = if self.chance(|chance| chance.per_mille(self.faults.alarm_twice)) { 2 } else { 1 };
        for _ in 0..times {
            let actor = self.actor(address);
            let (id, host) = self.host();
            let future = async move {
                actor.wake(&host).await.expect("an alarm of the world does not fail");
            };
            let task = Task { owner: Owner::Object(address), future: Box::pin(future), serves: None, alarm: true };
            self.begin(id, task);
        }
    }

    /// A turn of a task: it runs until it waits; then what it wrote is committed; then what it sent leaves.
    fn poll(&mut self, id: u64) {
        let Some(mut task) = self.tasks.remove(&id) else { return };
        self.shared.borrow_mut().current = id;
        let done = task.future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready();
        let (owner, of_alarm) = (task.owner, task.alarm);
        if !done {
            self.tasks.insert(id, task);
        }
        let outbox = std::mem::take(&mut self.shared.borrow_mut().outbox);
        if let Owner::Object(address) = owner {
            let wrote_alarm = self.disks.entry(address).or_default().borrow().alarm;
            let faults = self.faults;
            if self.chance(|chance| chance.per_mille(faults.crash_before)) {
                self.disks.entry(address).or_default().borrow_mut().roll_back();
                self.crash(address);
                if of_alarm && done {
                    // It ran to its end, but that was never committed: it rings again.
                    self.ring_again(address);
                }
                self.abandon(outbox);
                return;
            }
            self.disks.entry(address).or_default().borrow_mut().commit();
            if let Some(at) = wrote_alarm.filter(|at| self.rings.insert(address, *at) != Some(*at)) {
                let after = at.millis().saturating_sub(self.now().millis()).max(0);
                self.schedule(u64::try_from(after).unwrap_or(0), Happening::Alarm(address));
            }
            if self.chance(|chance| chance.per_mille(faults.crash_after)) {
                self.crash(address);
                self.abandon(outbox);
                return;
            }
        }
        for (after, what) in outbox {
            self.leave(after, what);
        }
    }

    /// The object's memory is gone, and everything it was doing.
    fn crash(&mut self, address: Address) {
        self.crashes += 1;
        self.actors.remove(&address);
        let mine: Vec<u64> =
            self.tasks.iter().filter(|(_, task)| task.owner == Owner::Object(address)).map(|(id, _)| *id).collect();
        for id in mine {
            let Some(task) = self.tasks.remove(&id) else { continue };
            if let Some(call) = task.serves {
                self.schedule(CALL_LOST_MILLIS, Happening::Answer { call, reply: Err(Lost) });
            }
            if task.alarm {
                self.ring_again(address);
            }
        }
    }

    /// An alarm whose run did not end well rings again.
    fn ring_again(&mut self, address: Address) {
        let then = self.now().saturating_add_millis(ALARM_AGAIN_MILLIS as i64);
        let disk = Rc::clone(self.disks.entry(address).or_default());
        let mut disk = disk.borrow_mut();
        disk.alarm = Some(disk.alarm.map_or(then, |at| at.min(then)));
        drop(disk);
        self.schedule(ALARM_AGAIN_MILLIS, Happening::Alarm(address));
    }

    /// What a crashed object wanted to send never leaves; whoever waits for it learns that much later.
    fn abandon(&mut self, outbox: Vec<(u64, Happening)>) {
        for (_, what) in outbox {
            if let Happening::Answer { call, .. } = what {
                self.schedule(CALL_LOST_MILLIS, Happening::Answer { call, reply: Err(Lost) });
            }
        }
    }

    /// Something leaves for elsewhere, and may get lost on the way.
    fn leave(&mut self, after: u64, what: Happening) {
        let faults = self.faults;
        let (lost, doubled, delay, again) = self.chance(|chance| {
            let delay = 1 + if faults.delay == 0 { 0 } else { chance.below(faults.delay) };
            let again = 1 + if faults.delay == 0 { 0 } else { chance.below(faults.delay.saturating_mul(8)) };
            (chance.per_mille(faults.lose), chance.per_mille(faults.double), delay, again)
        });
        match what {
            Happening::Arrive { to, ask, call } => {
                self.sent += 1;
                if lost {
                    if let Some(call) = call {
                        self.schedule(CALL_LOST_MILLIS, Happening::Answer { call, reply: Err(Lost) });
                    }
                    return;
                }
                if doubled {
                    self.schedule(again, Happening::Arrive { to, ask: ask.clone(), call: None });
                }
                self.schedule(delay, Happening::Arrive { to, ask, call });
            }
            Happening::Answer { call, reply } => {
                let (delay, reply) = if lost { (CALL_LOST_MILLIS, Err(Lost)) } else { (delay, reply) };
                self.schedule(delay, Happening::Answer { call, reply });
            }
            Happening::Wake { .. } | Happening::Alarm(_) => self.schedule(after, what),
        }
    }
}

/// Steps after which a world that goes on is taken for one that turns in circles.
const MAX_STEPS: u32 = 5_000_000;
