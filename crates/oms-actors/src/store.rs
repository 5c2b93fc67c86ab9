//! What an object keeps on disk, as its host offers it: synchronous, so that a decision and its write are one turn.

use alloc::string::String;
use alloc::vec::Vec;

use oms_core::value::Timestamp;

use crate::message::{Entry, Query, Stats};

/// The disk said no. Nothing of the turn is to be believed; the object starts over from what is on disk.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("storage: {0}")]
pub struct StoreError(pub String);

/// A journal of an object; each has tables of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Orders.
    Orders,
    /// Stock.
    Stock,
    /// The tenant's network.
    Tenant,
    /// A till's journals.
    Till,
}

impl Part {
    /// Its word, with which its tables begin.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Orders => "orders",
            Self::Stock => "stock",
            Self::Tenant => "tenant",
            Self::Till => "till",
        }
    }
}

/// A row of state as the last checkpoint left it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateRow {
    /// Its name; names sort by kind.
    pub key: String,
    /// When it wants to be woken, if it does.
    pub wake_at: Option<Timestamp>,
    /// JSON.
    pub body: String,
}

/// A journal with checkpointed state: one row per turn, and now and then the states it led to.
pub trait Store {
    /// Appends a turn. One row.
    fn append(&mut self, seq: u64, turn: &str) -> Result<(), StoreError>;
    /// Appends the rows of one turn, all of them or none.
    fn append_all(&mut self, rows: &[(u64, String)]) -> Result<(), StoreError>;
    /// The turns after `seq`, oldest first, at most `limit`.
    fn turns_after(&self, seq: u64, limit: u32) -> Result<Vec<(u64, String)>, StoreError>;
    /// These turns, oldest first.
    fn turns(&self, seqs: &[u64]) -> Result<Vec<String>, StoreError>;
    /// A state by its name.
    fn state(&self, key: &str) -> Result<Option<String>, StoreError>;
    /// The states of these names that there are, in one go.
    fn states(&self, keys: &[&str]) -> Result<Vec<(String, String)>, StoreError>;
    /// Every state that wants to be woken.
    fn timed_states(&self) -> Result<Vec<StateRow>, StoreError>;
    /// States whose names begin with `prefix` and come after `after`, by name, at most `limit`.
    fn scan(&self, prefix: &str, after: &str, limit: u32) -> Result<Vec<(String, String)>, StoreError>;
    /// Puts all of these in, or none of them.
    fn put_states(&mut self, rows: &[StateRow]) -> Result<(), StoreError>;
    /// How many states have a name that begins so.
    fn count(&self, prefix: &str) -> Result<u64, StoreError>;
    /// Sets the one alarm of the object.
    fn set_alarm(&mut self, at: Timestamp) -> Result<(), StoreError>;
    /// Rows written since this instance began.
    fn rows_written(&self) -> u64;
}

/// The index's tables.
pub trait IndexStore {
    /// Takes entries in, each unless a newer version is there.
    fn upsert(&mut self, entries: &[Entry]) -> Result<(), StoreError>;
    /// The entries a query asks for, at most one more than its limit.
    fn list(&self, query: &Query) -> Result<Vec<Entry>, StoreError>;
    /// Orders by status.
    fn stats(&self) -> Result<Stats, StoreError>;
}
