//! A turn of an object: what it wrote is committed, or it crashes; then what it sent leaves, and may get lost.

use std::rc::Rc;
use std::task::{Context, Waker};

use oms_actors::host::Lost;
use oms_actors::message::Object;

use super::run::World;
use super::task::{Happening, Owner};

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

impl World {
    /// A turn of a task: it runs until it waits; then what it wrote is committed; then what it sent leaves.
    pub(super) fn poll(&mut self, id: u64) {
        let Some(mut task) = self.tasks.remove(&id) else { return };
        self.shared.borrow_mut().current = id;
        let done = task.future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready();
        let (owner, of_alarm) = (task.owner, task.alarm);
        if !done {
            self.tasks.insert(id, task);
        }
        let outbox = std::mem::take(&mut self.shared.borrow_mut().outbox);
        if let Owner::Object(object) = owner {
            let wrote_alarm = self.disks.entry(object).or_default().borrow().alarm;
            let faults = self.faults;
            if self.chance(|chance| chance.per_mille(faults.crash_before)) {
                self.disks.entry(object).or_default().borrow_mut().roll_back();
                self.crash(object);
                if of_alarm && done {
                    // It ran to its end, but that was never committed: it rings again.
                    self.ring_again(object);
                }
                self.abandon(outbox);
                return;
            }
            self.disks.entry(object).or_default().borrow_mut().commit();
            if let Some(at) = wrote_alarm.filter(|at| self.rings.insert(object, *at) != Some(*at)) {
                let after = at.millis().saturating_sub(self.now().millis()).max(0);
                self.schedule(u64::try_from(after).unwrap_or(0), Happening::Alarm(object));
            }
            if self.chance(|chance| chance.per_mille(faults.crash_after)) {
                self.crash(object);
                self.abandon(outbox);
                return;
            }
        }
        for (after, what) in outbox {
            self.leave(after, what);
        }
    }

    /// The object's memory is gone, and everything it was doing.
    pub fn crash(&mut self, object: Object) {
        self.crashes += 1;
        self.actors.remove(&object);
        let mine: Vec<u64> =
            self.tasks.iter().filter(|(_, task)| task.owner == Owner::Object(object)).map(|(id, _)| *id).collect();
        for id in mine {
            let Some(task) = self.tasks.remove(&id) else { continue };
            if let Some(call) = task.serves {
                self.schedule(CALL_LOST_MILLIS, Happening::Answer { call, reply: Err(Lost) });
            }
            if task.alarm {
                self.ring_again(object);
            }
        }
    }

    /// An alarm whose run did not end well rings again.
    fn ring_again(&mut self, object: Object) {
        let then = self.now().saturating_add_millis(ALARM_AGAIN_MILLIS as i64);
        let disk = Rc::clone(self.disks.entry(object).or_default());
        let mut disk = disk.borrow_mut();
        disk.alarm = Some(disk.alarm.map_or(then, |at| at.min(then)));
        drop(disk);
        self.schedule(ALARM_AGAIN_MILLIS, Happening::Alarm(object));
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
