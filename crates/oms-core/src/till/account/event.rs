//! What happened to the edge's side of a till: facts for ever.

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{Oddity, PublicKey, Task};
use crate::stock::Drawn;
use crate::till::Settings;
use crate::value::{Digest, Label, Quantity, Sku, Timestamp};

/// Something that happened to the edge's side of a till.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// It was set up, or set up differently.
    SettingsPut(Box<Settings>),
    /// A code was issued.
    CodeIssued { digest: Digest, until: Timestamp },
    /// A device was enrolled.
    Enrolled { epoch: u32, key: PublicKey, code: Digest, genesis: Digest },
    /// An entry was recorded.
    Recorded(Box<Recorded>),
    /// An entry contradicts what was recorded: kept as evidence.
    Contradicted { epoch: u32, seq: u64, hash: Digest, code: String, entry: String },
    /// A line came in the place of an entry and could not be read: kept as evidence. `line` is the SHA-256 of all of it.
    Unreadable {
        epoch: u32,
        seq: u64,
        line: Digest,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        detail: String,
        text: String,
    },
    /// A manager said what it is to have.
    Based { key: Option<Digest>, base: Vec<(Sku, Quantity)> },
    /// Rights were asked of the stock: totals.
    Asked { epoch: u32, totals: Vec<(Sku, Quantity)> },
    /// The stock answered.
    Granted { epoch: u32, sku: Sku, answered: Quantity, granted: Quantity },
    /// Rights were asked back: what is open now.
    Recalled { epoch: u32, lines: Vec<(Sku, Quantity)> },
    /// A journal was given up.
    Revoked { epoch: u32, reason: Option<Label>, lost: Vec<(Sku, Quantity)> },
    /// The stock knows.
    Told { epoch: u32, sku: Sku, drawn: Drawn },
    /// Something that an entry led to is done.
    Done { epoch: u32, seq: u64, task: Task, oddities: Vec<Oddity> },
}

/// A recorded entry and what it changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// The journal.
    pub epoch: u32,
    /// Its number.
    pub seq: u64,
    /// Its hash.
    pub hash: Digest,
    /// The hashes of entries right before it that could not be read, where anything tells them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skipped: Vec<Option<Digest>>,
    /// Its canonical JSON.
    pub entry: String,
    /// The device's signature.
    pub signature: String,
    /// The number of its receipt, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<u64>,
    /// What it says of rights, by SKU.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub rights: BTreeMap<Sku, Change>,
    /// Of what it counted, what had left by this till in total.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub left: BTreeMap<Sku, Quantity>,
    /// What it leads to.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub tasks: BTreeSet<Task>,
    /// What is odd about it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub oddities: Vec<Oddity>,
}

/// What an entry adds to the totals of a right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Change {
    /// Given back.
    pub surrendered: Quantity,
    /// Sold within.
    pub sold: Quantity,
    /// Sold beyond.
    pub beyond: Quantity,
}
