//! The engine under every object with a history: a journal of turns, states in memory, checkpoints now and then.
//!
//! A turn is one row: that is all a command costs on disk. States are folded from turns in memory and written at
//! checkpoints, many turns at a time; after a crash the turns since the last checkpoint are folded again. So a row is
//! written once per turn instead of once per thing that the turn changed.

use alloc::collections::BTreeSet;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use oms_core::value::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::store::{StateRow, Store, StoreError};

/// Turns between two checkpoints: bounds what is folded again after a crash to some tens of milliseconds.
pub(crate) const CHECKPOINT_TURNS: u64 = 512;
/// Turns read from disk at once.
const READ_TURNS: u32 = 256;
/// Names remembered to be absent: a request looks each of its names up several times. About a hundred bytes each.
const MAX_ABSENT: usize = 1_024;
/// The state that says up to which turn the states are written.
const CHECKPOINT_KEY: &str = "~checkpoint";

/// What an object remembers, folded from facts.
pub(crate) trait Book: Default {
    /// Something that happened.
    type Fact: Serialize + DeserializeOwned;

    /// Takes a fact in. Its states are loaded. Cannot fail.
    fn take(&mut self, fact: &Self::Fact, at: Timestamp, seq: u64);
    /// The names of the states a fact changes.
    fn keys(fact: &Self::Fact) -> Vec<String>;
    /// True when a state is in memory.
    fn has(&self, key: &str) -> bool;
    /// A state, to be written: body and wake-up time. Nothing when there is no such state.
    fn save(&self, key: &str) -> Option<(String, Option<Timestamp>)>;
    /// A state, as it was written.
    fn restore(&mut self, key: &str, body: &str) -> Result<(), StoreError>;
    /// A state that wants to be woken, when the object opens.
    fn timed(&mut self, key: &str, wake_at: Timestamp, body: &str) -> Result<(), StoreError>;
    /// Lets go of what is on disk and need not stay in memory.
    fn shed(&mut self);
}

#[derive(Serialize)]
struct TurnOut<'a, F> {
    at: Timestamp,
    facts: &'a [&'a F],
}

/// A turn as it is kept.
#[derive(Deserialize)]
pub(crate) struct Turn<F> {
    /// When.
    pub(crate) at: Timestamp,
    /// What happened.
    pub(crate) facts: Vec<F>,
}

/// A book on a store.
#[derive(Debug)]
pub(crate) struct Journal<S, B: Book> {
    pub(crate) store: S,
    pub(crate) book: B,
    head: u64,
    checkpoint: u64,
    last_at: Timestamp,
    dirty: BTreeSet<String>,
    /// Names looked up and not found. Only this object writes its disk, so a name stays absent until a turn makes it.
    absent: BTreeSet<String>,
    /// Facts taken in that ride with the next turn. Losing them costs a message that is sent again, nothing more.
    quiet: Vec<B::Fact>,
    armed: Option<Timestamp>,
    /// A write failed: memory may be ahead of the disk. Nothing is written any more; the host opens the object anew.
    broken: bool,
}

impl<S: Store, B: Book> Journal<S, B> {
    /// Opens what is on disk.
    pub(crate) fn open(store: S) -> Result<Self, StoreError> {
        let checkpoint = match store.state(CHECKPOINT_KEY)? {
            Some(text) => text.parse().map_err(|_| StoreError("the checkpoint is no number".to_string()))?,
            None => 0,
        };
        let mut journal = Self {
            store,
            book: B::default(),
            head: checkpoint,
            checkpoint,
            last_at: Timestamp::default(),
            dirty: BTreeSet::new(),
            absent: BTreeSet::new(),
            quiet: Vec::new(),
            armed: None,
            broken: false,
        };
        for row in journal.store.timed_states()? {
            journal.book.timed(&row.key, row.wake_at.unwrap_or_default(), &row.body)?;
        }
        journal.fold_tail()?;
        Ok(journal)
    }

    fn fold_tail(&mut self) -> Result<(), StoreError> {
        loop {
            let turns = self.store.turns_after(self.head, READ_TURNS)?;
            if turns.is_empty() {
                return Ok(());
            }
            for (seq, text) in turns {
                let turn: Turn<B::Fact> = read(&text)?;
                self.last_at = turn.at;
                for fact in &turn.facts {
                    self.fold(fact, turn.at, seq)?;
                }
                self.head = seq;
            }
        }
    }

    fn fold(&mut self, fact: &B::Fact, at: Timestamp, seq: u64) -> Result<(), StoreError> {
        for key in B::keys(fact) {
            self.ensure(&key)?;
            self.changed(key);
        }
        self.book.take(fact, at, seq);
        Ok(())
    }

    /// Brings a state into memory, if there is one.
    pub(crate) fn ensure(&mut self, key: &str) -> Result<(), StoreError> {
        if self.dirty.contains(key) || self.absent.contains(key) || self.book.has(key) {
            return Ok(());
        }
        if let Some(body) = self.store.state(key)? {
            return self.book.restore(key, &body);
        }
        if self.absent.len() >= MAX_ABSENT {
            self.absent.clear();
        }
        self.absent.insert(key.to_string());
        Ok(())
    }

    /// Notes that a state is to be written with the next checkpoint.
    fn changed(&mut self, key: String) {
        self.absent.remove(&key);
        self.dirty.insert(key);
    }

    /// The time to write down: never before the last turn's.
    pub(crate) fn at(&self, now: Timestamp) -> Timestamp {
        now.max(self.last_at)
    }

    /// Ends a turn: journals what happened and takes it in. No facts, no row.
    pub(crate) fn write(&mut self, now: Timestamp, facts: &[B::Fact]) -> Result<(), StoreError> {
        for key in facts.iter().flat_map(B::keys) {
            self.ensure(&key)?;
        }
        let Some((seq, at)) = self.append(now, facts)? else { return Ok(()) };
        for fact in facts {
            self.book.take(fact, at, seq);
        }
        Ok(())
    }

    /// Ends a turn whose facts were taken in as they were decided. When this fails, memory is ahead of the disk and the
    /// host has to open the object anew.
    pub(crate) fn wrote(&mut self, now: Timestamp, facts: &[B::Fact]) -> Result<(), StoreError> {
        self.append(now, facts).map(|_| ())
    }

    /// Takes a fact in now and journals it with the next turn, whatever that is about: no row of its own. Only for facts
    /// that may be lost, and that change nothing when they are taken in twice.
    pub(crate) fn write_quietly(&mut self, now: Timestamp, fact: B::Fact) -> Result<(), StoreError> {
        for key in B::keys(&fact) {
            self.ensure(&key)?;
            self.changed(key);
        }
        self.book.take(&fact, self.at(now), self.head);
        self.quiet.push(fact);
        Ok(())
    }

    /// True after a write that failed.
    pub(crate) fn is_broken(&self) -> bool {
        self.broken
    }

    /// Refuses to go on after a write that failed.
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        if self.broken { Err(StoreError("a write failed before".to_string())) } else { Ok(()) }
    }

    fn note(&mut self, written: Result<(), StoreError>) -> Result<(), StoreError> {
        self.broken |= written.is_err();
        written
    }

    /// True while something written quietly waits for a turn.
    pub(crate) fn is_quiet_pending(&self) -> bool {
        !self.quiet.is_empty()
    }

    /// Journals what was written quietly and found no turn to ride with. The alarm sees to it, so that no alarm is needed
    /// for what was done long ago.
    pub(crate) fn flush(&mut self, now: Timestamp) -> Result<(), StoreError> {
        if self.quiet.is_empty() { Ok(()) } else { self.append_turn(now, &[]).map(|_| ()) }
    }

    fn append(&mut self, now: Timestamp, facts: &[B::Fact]) -> Result<Option<(u64, Timestamp)>, StoreError> {
        if facts.is_empty() { Ok(None) } else { self.append_turn(now, facts).map(Some) }
    }

    fn append_turn(&mut self, now: Timestamp, facts: &[B::Fact]) -> Result<(u64, Timestamp), StoreError> {
        self.check()?;
        let at = self.at(now);
        let facts_of_turn: Vec<&B::Fact> = self.quiet.iter().chain(facts).collect();
        let turn = TurnOut { at, facts: &facts_of_turn };
        let text = serde_json::to_string(&turn).map_err(|error| StoreError(error.to_string()))?;
        let seq = self.head.saturating_add(1);
        let appended = self.store.append(seq, &text);
        self.note(appended)?;
        self.quiet.clear();
        self.head = seq;
        self.last_at = at;
        facts.iter().flat_map(B::keys).for_each(|key| self.changed(key));
        Ok((seq, at))
    }

    /// Writes a checkpoint when enough turns have passed.
    pub(crate) fn checkpoint_if_due(&mut self) -> Result<(), StoreError> {
        if self.head.saturating_sub(self.checkpoint) < CHECKPOINT_TURNS { Ok(()) } else { self.checkpoint_now() }
    }

    /// Writes every changed state, and up to where they go, in one go.
    pub(crate) fn checkpoint_now(&mut self) -> Result<(), StoreError> {
        if self.dirty.is_empty() {
            return Ok(());
        }
        let states = self.dirty.iter().filter_map(|key| {
            let (body, wake_at) = self.book.save(key)?;
            Some(StateRow { key: key.clone(), wake_at, body })
        });
        let mut rows: Vec<StateRow> = states.collect();
        rows.push(StateRow { key: CHECKPOINT_KEY.to_string(), wake_at: None, body: self.head.to_string() });
        self.check()?;
        let put = self.store.put_states(&rows);
        self.note(put)?;
        self.checkpoint = self.head;
        self.dirty.clear();
        self.quiet.clear();
        self.book.shed();
        Ok(())
    }

    /// Sees to it that the alarm rings at this time or before.
    pub(crate) fn arm(&mut self, at: Timestamp, now: Timestamp) -> Result<(), StoreError> {
        // An alarm that should have rung and didn't is lost: the platform gives up after some tries.
        let standing = self.armed.filter(|armed| *armed > now.saturating_add_millis(-LOST_ALARM_MILLIS));
        if standing.is_some_and(|armed| armed <= at) {
            return Ok(());
        }
        let set = self.store.set_alarm(at);
        self.note(set)?;
        self.armed = Some(at);
        Ok(())
    }

    /// How many states there are whose names begin so, written or not.
    pub(crate) fn count(&self, prefix: &str) -> Result<u64, StoreError> {
        let mut count = self.store.count(prefix)?;
        for key in self.dirty.iter().filter(|key| key.starts_with(prefix)) {
            count = count.saturating_add(u64::from(self.store.state(key)?.is_none()));
        }
        Ok(count)
    }

    /// The alarm rang: it is gone.
    pub(crate) fn disarm(&mut self) {
        self.armed = None;
    }

    /// Every turn ever, oldest first.
    pub(crate) fn each_turn(
        &self,
        after: u64,
        mut see: impl FnMut(u64, Turn<B::Fact>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut last = after;
        loop {
            let turns = self.store.turns_after(last, READ_TURNS)?;
            if turns.is_empty() {
                return Ok(());
            }
            for (seq, text) in turns {
                see(seq, read(&text)?)?;
                last = seq;
            }
        }
    }
}

/// An alarm later than this, in milliseconds, than it was set for is taken for lost; the platform allows itself a minute.
const LOST_ALARM_MILLIS: i64 = 90_000;

pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError(error.to_string()))
}

pub(crate) fn write_json<T: Serialize>(value: &T) -> Option<String> {
    serde_json::to_string(value).ok()
}
