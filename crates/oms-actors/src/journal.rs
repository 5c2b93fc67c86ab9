//! The engine under every object with a history: a journal of turns, states in memory, checkpoints now and then.
//!
//! A turn is one row: that is all a command costs on disk. States are folded from turns in memory and written at
//! checkpoints, many turns at a time; after a crash the turns since the last checkpoint are folded again. So a row is
//! written once per turn instead of once per thing that the turn changed.

mod past;
mod pieces;
#[cfg(test)]
mod tests;

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use oms_core::json;
use oms_core::value::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::alarm::Alarm;
use crate::store::{StateRow, Store, StoreError};

/// Turns between two checkpoints: bounds what is folded again after a crash to some tens of milliseconds.
pub(crate) const CHECKPOINT_TURNS: u64 = 512;
/// Names remembered to be absent: a request looks each of its names up several times. About a hundred bytes each.
const MAX_ABSENT: usize = 1_024;
/// Turns after which a checkpoint that failed is tried again; doubles up to [`CHECKPOINT_TURNS`]. Until then the turns stand
/// by themselves: they are all on disk.
const CHECKPOINT_AGAIN_TURNS: u64 = 16;
/// Bytes of JSON read into memory or written since anything was let go of, after which what is clean is let go of. In memory
/// a state is about three times its JSON; an object has 128 MB for everything.
const MAX_RESIDENT_BYTES: usize = 12 * 1024 * 1024;
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
    /// Lets go of what is on disk and need not stay in memory. What is named here is not on disk.
    fn shed(&mut self, keep: &BTreeSet<String>);
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
    /// The turn at which a checkpoint is due, and how many turns later it is if that one fails.
    checkpoint_due: u64,
    checkpoint_again: u64,
    /// Bytes of JSON read or written since anything was let go of.
    resident: usize,
    last_at: Timestamp,
    dirty: BTreeSet<String>,
    /// Names looked up and not found. Only this object writes its disk, so a name stays absent until a turn makes it.
    absent: BTreeSet<String>,
    /// Facts taken in that ride with the next turn. Losing them costs a message that is sent again, nothing more.
    quiet: Vec<B::Fact>,
    alarm: Rc<Alarm>,
    /// A write failed: memory may be ahead of the disk. Nothing is written any more; the host opens the object anew.
    broken: bool,
}

impl<S: Store, B: Book> Journal<S, B> {
    /// Opens what is on disk.
    pub(crate) fn open(store: S, alarm: Rc<Alarm>) -> Result<Self, StoreError> {
        let checkpoint = match store.state(CHECKPOINT_KEY)? {
            Some(text) => text.parse().map_err(|_| StoreError("the checkpoint is no number".to_string()))?,
            None => 0,
        };
        let mut journal = Self {
            store,
            book: B::default(),
            head: checkpoint,
            checkpoint_due: checkpoint.saturating_add(CHECKPOINT_TURNS),
            checkpoint_again: CHECKPOINT_AGAIN_TURNS,
            resident: 0,
            last_at: Timestamp::default(),
            dirty: BTreeSet::new(),
            absent: BTreeSet::new(),
            quiet: Vec::new(),
            alarm,
            broken: false,
        };
        for row in journal.store.timed_states()? {
            let body = journal.whole_state(&row.key, row.body)?;
            journal.book.timed(&row.key, row.wake_at.unwrap_or_default(), &body)?;
        }
        journal.fold_tail()?;
        Ok(journal)
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
        self.ensure_all(&[key])
    }

    /// Brings states into memory, those that there are, with one look at the disk.
    pub(crate) fn ensure_all(&mut self, keys: &[&str]) -> Result<(), StoreError> {
        let unknown = |key: &&str| !self.dirty.contains(*key) && !self.absent.contains(*key) && !self.book.has(key);
        let unknown: Vec<&str> = keys.iter().copied().filter(unknown).collect();
        if unknown.is_empty() {
            return Ok(());
        }
        let found = self.store.states(&unknown)?;
        if self.absent.len().saturating_add(unknown.len()) > MAX_ABSENT {
            self.absent.clear();
        }
        let is_found = |key: &str| found.iter().any(|(name, _)| name == key);
        self.absent.extend(unknown.iter().filter(|key| !is_found(key)).map(|key| (*key).to_string()));
        for (key, body) in found {
            let body = self.whole_state(&key, body)?;
            self.resident = self.resident.saturating_add(body.len());
            self.book.restore(&key, &body)?;
        }
        Ok(())
    }

    /// Lets go of what is clean when much was read. Between two turns only: what a turn looks at stays while it lasts.
    pub(crate) fn relieve(&mut self) {
        if self.resident > MAX_RESIDENT_BYTES {
            self.book.shed(&self.dirty);
            self.resident = 0;
        }
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
        self.resident = self.resident.saturating_add(text.len());
        self.head = self.append_rows(seq, text)?;
        self.quiet.clear();
        self.last_at = at;
        facts.iter().flat_map(B::keys).for_each(|key| self.changed(key));
        Ok((seq, at))
    }

    /// Writes the rows of a turn; answers the number of the last.
    fn append_rows(&mut self, seq: u64, text: String) -> Result<u64, StoreError> {
        let rows: Vec<(u64, String)> = (seq..).zip(pieces::cut(text)).collect();
        let appended = match rows.as_slice() {
            [(seq, text)] => self.store.append(*seq, text),
            all => self.store.append_all(all),
        };
        // Memory may be ahead of the disk from here on.
        self.broken |= appended.is_err();
        appended?;
        Ok(rows.last().map_or(seq, |(last, _)| *last))
    }

    /// Writes a checkpoint when enough turns have passed. The turns stand without it, so that it may fail: it is tried again
    /// some turns later, and with the next alarm after that.
    pub(crate) fn checkpoint_if_due(&mut self) {
        if self.head >= self.checkpoint_due && self.checkpoint_now().is_err() {
            self.checkpoint_due = self.head.saturating_add(self.checkpoint_again);
            self.checkpoint_again = self.checkpoint_again.saturating_mul(2).min(CHECKPOINT_TURNS);
        }
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
        let mut rows: Vec<StateRow> = states.flat_map(rows_of).collect();
        rows.push(StateRow { key: CHECKPOINT_KEY.to_string(), wake_at: None, body: self.head.to_string() });
        self.check()?;
        self.store.put_states(&rows)?;
        self.checkpoint_due = self.head.saturating_add(CHECKPOINT_TURNS);
        self.checkpoint_again = CHECKPOINT_AGAIN_TURNS;
        self.dirty.clear();
        self.quiet.clear();
        Ok(())
    }

    /// Sees to it that the alarm rings at this time or before.
    pub(crate) fn arm(&mut self, at: Timestamp, now: Timestamp) {
        self.alarm.set(at, now, &mut self.store);
    }

    /// How many states there are whose names begin so, written or not.
    pub(crate) fn count(&self, prefix: &str) -> Result<u64, StoreError> {
        let mut count = self.store.count(prefix)?;
        for key in self.dirty.iter().filter(|key| key.starts_with(prefix)) {
            count = count.saturating_add(u64::from(self.store.state(key)?.is_none()));
        }
        Ok(count)
    }
}

/// A state as rows: the first under its name, the others beside it.
fn rows_of(state: StateRow) -> impl Iterator<Item = StateRow> {
    let StateRow { key, wake_at, body } = state;
    (0..).zip(pieces::cut(body)).map(move |(piece, body)| match piece {
        0 => StateRow { key: key.clone(), wake_at, body },
        other => StateRow { key: piece_key(&key, other), wake_at: None, body },
    })
}

/// Where a further piece of a state is kept: outside of every prefix that is ever scanned or counted.
fn piece_key(key: &str, piece: u64) -> String {
    format!("~{key}/{piece}")
}

pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    json::read(text.as_bytes()).map_err(|unread| StoreError(unread.to_string()))
}

pub(crate) fn write_json<T: Serialize>(value: &T) -> Option<String> {
    serde_json::to_string(value).ok()
}
