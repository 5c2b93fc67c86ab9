//! A disk with turns: what is written in a turn can be taken back until the turn is committed.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use oms_actors::message::{Entry, Query, Stats};
use oms_actors::store::{IndexStore, Part, StateRow, Store, StoreError};
use oms_core::value::{OrderId, Timestamp};

/// Longest text of a row or parameter, in bytes, as the platform's SQLite has it.
const MAX_BYTES: usize = 2_000_000;

/// A row or a parameter that the platform would not take.
fn fits(text: &str) -> Result<(), StoreError> {
    if text.len() > MAX_BYTES { Err(StoreError(format!("{} bytes are too many", text.len()))) } else { Ok(()) }
}

/// What does not work on a disk.
#[derive(Clone, Debug, Default)]
pub struct Defects {
    /// Checkpoints fail.
    pub checkpoints: bool,
    /// States whose names contain this cannot be read.
    pub unreadable: Option<String>,
    /// The alarm cannot be set.
    pub alarm: bool,
}

/// What an object has on disk.
#[derive(Debug, Default)]
pub struct Disk {
    /// What does not work.
    pub defects: Defects,
    turns: BTreeMap<(Part, u64), String>,
    states: BTreeMap<(Part, String), (Option<Timestamp>, String)>,
    entries: BTreeMap<OrderId, Entry>,
    pub(super) alarm: Option<Timestamp>,
    rows_written: u64,
    undo: Vec<Undo>,
}

#[derive(Debug)]
enum Undo {
    Turn((Part, u64)),
    State((Part, String), Option<(Option<Timestamp>, String)>),
    Entry(OrderId, Option<Entry>),
    Alarm(Option<Timestamp>),
}

impl Disk {
    /// The turn is durable.
    pub(super) fn commit(&mut self) {
        self.undo.clear();
    }

    /// The turn never happened.
    pub(super) fn roll_back(&mut self) {
        while let Some(undo) = self.undo.pop() {
            match undo {
                Undo::Turn(seq) => {
                    self.turns.remove(&seq);
                }
                Undo::State(key, Some(before)) => {
                    self.states.insert(key, before);
                }
                Undo::State(key, None) => {
                    self.states.remove(&key);
                }
                Undo::Entry(id, Some(before)) => {
                    self.entries.insert(id, before);
                }
                Undo::Entry(id, None) => {
                    self.entries.remove(&id);
                }
                Undo::Alarm(before) => self.alarm = before,
            }
        }
    }

    /// The alarm, when it is set for now or before; taking it clears it.
    pub(super) fn take_alarm(&mut self, now: Timestamp) -> Option<Timestamp> {
        let due = self.alarm.filter(|at| *at <= now)?;
        self.alarm = None;
        Some(due)
    }

    /// When the alarm is set for.
    pub fn alarm(&self) -> Option<Timestamp> {
        self.alarm
    }

    /// The platform gave up on the alarm.
    pub fn lose_alarm(&mut self) {
        self.alarm = None;
    }

    /// Names of the states as the last checkpoint left them.
    pub fn states(&self) -> Vec<String> {
        self.states.keys().map(|(_, key)| key.clone()).collect()
    }

    /// Rows written, as the platform counts them.
    pub fn rows_written(&self) -> u64 {
        self.rows_written
    }
}

/// A journal on such a disk.
#[derive(Clone, Debug)]
pub struct Memory {
    /// The disk.
    pub disk: Rc<RefCell<Disk>>,
    /// Which of its journals.
    pub part: Part,
}

impl Store for Memory {
    fn append(&mut self, seq: u64, turn: &str) -> Result<(), StoreError> {
        let mut disk = self.disk.borrow_mut();
        fits(turn)?;
        if disk.turns.contains_key(&(self.part, seq)) {
            return Err(StoreError(format!("turn {seq} is there already")));
        }
        disk.turns.insert((self.part, seq), turn.to_owned());
        disk.undo.push(Undo::Turn((self.part, seq)));
        disk.rows_written += 1;
        Ok(())
    }

    fn append_all(&mut self, rows: &[(u64, String)]) -> Result<(), StoreError> {
        rows.iter().try_for_each(|(seq, text)| self.append(*seq, text))
    }

    fn turns_after(&self, seq: u64, limit: u32) -> Result<Vec<(u64, String)>, StoreError> {
        let disk = self.disk.borrow();
        let after = disk.turns.range((self.part, seq + 1)..=(self.part, u64::MAX));
        Ok(after.take(limit as usize).map(|((_, seq), turn)| (*seq, turn.clone())).collect())
    }

    fn turns(&self, seqs: &[u64]) -> Result<Vec<String>, StoreError> {
        let disk = self.disk.borrow();
        Ok(seqs.iter().filter_map(|seq| disk.turns.get(&(self.part, *seq)).cloned()).collect())
    }

    fn state(&self, key: &str) -> Result<Option<String>, StoreError> {
        let disk = self.disk.borrow();
        if disk.defects.unreadable.as_ref().is_some_and(|name| key.contains(name.as_str())) {
            return Err(StoreError(format!("{key} cannot be read")));
        }
        Ok(disk.states.get(&(self.part, key.to_owned())).map(|(_, body)| body.clone()))
    }

    fn states(&self, keys: &[&str]) -> Result<Vec<(String, String)>, StoreError> {
        let found = keys.iter().map(|key| Ok(self.state(key)?.map(|body| ((*key).to_owned(), body))));
        found.filter_map(Result::transpose).collect()
    }

    fn timed_states(&self) -> Result<Vec<StateRow>, StoreError> {
        let disk = self.disk.borrow();
        let timed = disk.states.iter().filter(|((part, _), (wake_at, _))| *part == self.part && wake_at.is_some());
        Ok(timed
            .map(|((_, key), (wake_at, body))| StateRow { key: key.clone(), wake_at: *wake_at, body: body.clone() })
            .collect())
    }

    fn scan(&self, prefix: &str, after: &str, limit: u32) -> Result<Vec<(String, String)>, StoreError> {
        let disk = self.disk.borrow();
        let here = |(part, key): &(Part, String)| *part == self.part && key.starts_with(prefix) && key.as_str() > after;
        let rows = disk.states.iter().filter(|(key, _)| here(key));
        Ok(rows.take(limit as usize).map(|((_, key), (_, body))| (key.clone(), body.clone())).collect())
    }

    fn put_states(&mut self, rows: &[StateRow]) -> Result<(), StoreError> {
        let mut disk = self.disk.borrow_mut();
        if disk.defects.checkpoints {
            return Err(StoreError("checkpoints fail".into()));
        }
        rows.iter().try_for_each(|row| fits(&row.body))?;
        for row in rows {
            let key = (self.part, row.key.clone());
            let before = disk.states.insert(key.clone(), (row.wake_at, row.body.clone()));
            disk.undo.push(Undo::State(key, before));
            disk.rows_written += 1;
        }
        Ok(())
    }

    fn count(&self, prefix: &str) -> Result<u64, StoreError> {
        let disk = self.disk.borrow();
        let here = |(part, key): &&(Part, String)| *part == self.part && key.starts_with(prefix);
        Ok(disk.states.keys().filter(here).count() as u64)
    }

    fn set_alarm(&mut self, at: Timestamp) -> Result<(), StoreError> {
        let mut disk = self.disk.borrow_mut();
        if disk.defects.alarm {
            return Err(StoreError("the alarm cannot be set".into()));
        }
        let before = disk.alarm.replace(at);
        disk.undo.push(Undo::Alarm(before));
        disk.rows_written += 1;
        Ok(())
    }

    fn rows_written(&self) -> u64 {
        self.disk.borrow().rows_written
    }
}

/// An index on such a disk. Words are found as substrings at the beginning of words, as the real index finds prefixes.
#[derive(Clone, Debug, Default)]
pub struct MemoryIndex(pub Rc<RefCell<Disk>>);

impl IndexStore for MemoryIndex {
    fn upsert(&mut self, entries: &[Entry]) -> Result<(), StoreError> {
        let mut disk = self.0.borrow_mut();
        // One parameter, in which every entry is JSON within JSON.
        fits(&serde_json::to_string(&entries.iter().map(json).collect::<Vec<_>>()).unwrap_or_default())?;
        for entry in entries {
            if disk.entries.get(&entry.id).is_some_and(|known| known.version >= entry.version) {
                continue;
            }
            let before = disk.entries.insert(entry.id, entry.clone());
            disk.undo.push(Undo::Entry(entry.id, before));
            disk.rows_written += 1;
        }
        Ok(())
    }

    fn list(&self, query: &Query) -> Result<Vec<Entry>, StoreError> {
        let disk = self.0.borrow();
        let mut found: Vec<Entry> = disk.entries.values().filter(|entry| is_asked(entry, query)).cloned().collect();
        found.sort_by_key(|entry| (entry.created_at, entry.id.to_string()));
        if !query.ascending {
            found.reverse();
        }
        found.truncate(query.limit as usize + 1);
        Ok(found)
    }

    fn stats(&self) -> Result<Stats, StoreError> {
        let disk = self.0.borrow();
        let mut stats = Stats { rows_written: disk.rows_written, ..Stats::default() };
        for entry in disk.entries.values() {
            *stats.orders.entry(entry.status).or_default() += 1;
        }
        Ok(stats)
    }
}

fn json(entry: &Entry) -> String {
    serde_json::to_string(entry).unwrap_or_default()
}

fn is_asked(entry: &Entry, query: &Query) -> bool {
    let place = (entry.created_at, entry.id.to_string());
    let beyond = query.after.is_none_or(|(at, id)| {
        let after = (at, id.to_string());
        if query.ascending { place > after } else { place < after }
    });
    let text = entry.text.to_lowercase();
    let found = |word: &String| {
        let word = word.to_lowercase();
        text.split(|letter: char| !letter.is_alphanumeric()).any(|known| known.starts_with(&word))
    };
    beyond
        && (query.status.is_empty() || query.status.contains(&entry.status))
        && query.channel.as_ref().is_none_or(|channel| *channel == entry.channel)
        && query.customer.as_ref().is_none_or(|customer| entry.customer_id.as_ref() == Some(customer))
        && query.external_ref.as_ref().is_none_or(|number| entry.external_ref.as_ref() == Some(number))
        && query.pick_up_at.as_ref().is_none_or(|place| entry.pick_up_at.as_ref() == Some(place))
        && query.from.is_none_or(|from| entry.created_at >= from)
        && query.until.is_none_or(|until| entry.created_at < until)
        && query.words.iter().all(found)
}
