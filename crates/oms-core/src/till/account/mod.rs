//! What the edge knows of a till: how it is set up, its journals, its rights to sell, and what of its entries is still to
//! be carried out.
//!
//! A journal is one enrollment of the device: one key, one chain of entries. Facts of a journal are recorded whatever they
//! say; only an entry that contradicts the chain is not. Everything that comes of an entry is worked out from the state, so
//! that a crash forgets nothing and a repeated upload changes nothing.

mod apply;
mod command;
mod decide;
mod event;
mod key;
mod line;
mod refusal;
mod right;
mod take;

pub use command::{Command, Take, Torn};
pub use event::{Event, Recorded};
pub use key::{PublicKey, base64url, signature};
pub use line::{Line, MAX_EVIDENCE, MAX_SIGNATURE, Unreadable};
pub use refusal::Refusal;
pub use right::Right;
pub use take::checked;

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::check::Variance;
use super::settings::Settings;
use crate::price::TaxTable;
use crate::value::{Digest, Quantity, Sku, Timestamp};

/// An enrollment code can be used for this long, in milliseconds: long enough to walk over to the till.
pub const CODE_MILLIS: i64 = 15 * 60 * 1000;
/// A right is refilled at most this often, in milliseconds.
pub const REFILL_MILLIS: i64 = 15 * 60 * 1000;
/// A till is to have what it sells in so many days.
pub const COVER_DAYS: u64 = 2;
/// However well it sells, a till is not to have more than so many times what a manager granted: that bounds what is lost with it.
pub const MOST_OF_BASE: u64 = 4;
/// Requests of a manager that are remembered, so that sending one twice grants nothing twice.
pub const MAX_KEYS: usize = 200;
/// Contradicting entries that are remembered per journal: one is enough to quarantine it.
pub const MAX_FORKS: usize = 16;
/// Lines that cannot be read and places of entries that could not be that are remembered per journal.
pub const MAX_UNREADABLE: usize = 64;
/// Tax tables of before that are remembered: they change a few times a year, and no till sells by prices of a month ago.
pub const MAX_PAST_TAXES: usize = 8;

/// What the edge knows of a till.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// How it is set up, the tax table included as it was last heard of.
    pub settings: Settings,
    /// The tax tables that were in force before, oldest first: a till sells by what it knows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub past_taxes: Vec<TaxTable>,
    /// The code that enrolls a device next, if one was issued and not used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
    /// Its journals by epoch; only the last one sells.
    #[serde(default)]
    pub journals: BTreeMap<u32, Journal>,
    /// The number of the next receipt of its series, as far as the edge knows.
    pub next_receipt: u64,
    /// How many exceptions there are on record.
    #[serde(default)]
    pub exceptions: u64,
    /// What it is to have of each SKU: what a manager granted and did not ask back. Refilled when it runs low.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub base: BTreeMap<Sku, Quantity>,
    /// Requests for rights that were taken in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<Digest>,
}

/// A code that enrolls one device once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Code {
    /// SHA-256 of it.
    pub digest: Digest,
    /// It cannot be used after this.
    pub until: Timestamp,
}

/// Where a journal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It sells.
    Active,
    /// It contradicted itself; a manager looks into it and enrolls the device anew.
    Quarantined,
    /// A manager gave it up, or the device was enrolled anew.
    Revoked,
}

/// One enrollment of a till.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Journal {
    /// The device's key.
    pub key: PublicKey,
    /// The code that enrolled it: the same request again is answered the same.
    pub code: Digest,
    /// Where it stands.
    pub standing: Standing,
    /// When it was enrolled.
    pub enrolled_at: Timestamp,
    /// The number of its first receipt.
    pub first_receipt: u64,
    /// The last entry recorded; zero before the first.
    pub head: u64,
    /// The hash of that entry, or of the journal's beginning.
    pub hash: Digest,
    /// What it may sell of each SKU.
    #[serde(default)]
    pub rights: BTreeMap<Sku, Right>,
    /// Entries of which something is still to be carried out.
    #[serde(default)]
    pub pending: BTreeMap<u64, BTreeSet<Task>>,
    /// Entries that contradict it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub forks: BTreeSet<(u64, Digest)>,
    /// Lines that could not be read, by the entry in whose place they came and their SHA-256.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub unreadable: BTreeSet<(u64, Digest)>,
    /// Entries that could not be read and that others follow: the hash that such an entry has by what follows, and the hash
    /// that it comes after, where anything tells them. Should it come after all, it has to have both.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub holes: BTreeMap<u64, (Option<Digest>, Option<Digest>)>,
}

/// Something that an entry leads to outside of the till's object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// Price it again.
    Check,
    /// Make the order that it is, take goods of an order back, hand an order over, place the order that it asks for.
    Order,
    /// Tell a SKU object what came back or was counted.
    Stock(u16),
}

/// Something that a manager should look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exception {
    /// From 1.
    pub no: u64,
    /// The enrollment.
    pub epoch: u32,
    /// The entry.
    pub seq: u64,
    /// When it came up.
    pub at: Timestamp,
    /// A stable word for it.
    pub code: String,
    /// The same for people.
    pub detail: String,
}

/// What is odd about an entry: recorded all the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Oddity {
    /// A stable word for it.
    pub code: String,
    /// The same for people.
    pub detail: String,
}

impl Oddity {
    /// An oddity.
    pub fn new(code: &str, detail: impl Into<String>) -> Self {
        Self { code: code.into(), detail: detail.into() }
    }

    /// What was found by reckoning again: its code, and its other members as JSON.
    pub(super) fn of(variance: &Variance) -> Self {
        let Ok(serde_json::Value::Object(mut members)) = serde_json::to_value(variance) else {
            return Self::new("variance", "");
        };
        let code = members.remove("code").and_then(|code| code.as_str().map(String::from)).unwrap_or_default();
        let detail =
            if members.is_empty() { String::new() } else { alloc::format!("{}", serde_json::Value::Object(members)) };
        Self { code, detail }
    }
}

impl Account {
    /// The last enrollment, if there was any.
    pub fn epoch(&self) -> Option<u32> {
        self.journals.last_key_value().map(|(epoch, _)| *epoch)
    }

    /// The journal of the last enrollment.
    pub fn journal(&self) -> Option<&Journal> {
        self.journals.last_key_value().map(|(_, journal)| journal)
    }
}

impl Journal {
    /// What would be lost with the device: rights that no entry accounts for. Nothing of a device that was given up.
    pub fn exposure(&self) -> impl Iterator<Item = (&Sku, Quantity)> {
        let lives = self.standing != Standing::Revoked;
        let open = |(sku, right): (_, &Right)| (sku, right.available());
        self.rights.iter().map(open).filter(move |(_, open)| lives && !open.is_zero())
    }
}

/// What one of these does: [`crate::machine::Machine`].
impl crate::machine::Machine for Account {
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;
    type Errand = (u32, u64, Task);

    fn decide(state: Option<&Self>, command: &Command, now: Timestamp) -> Result<Vec<Event>, Refusal> {
        decide::decide(state, command, now)
    }

    fn apply(state: Option<Self>, event: &Event, at: Timestamp) -> Option<Self> {
        apply::apply(state, event, at)
    }

    fn errands(&self, _now: Timestamp) -> Vec<(u32, u64, Task)> {
        let of_journal = |(epoch, journal): (&u32, &Journal)| {
            let epoch = *epoch;
            let of_entry = move |(seq, tasks): (&u64, &BTreeSet<Task>)| {
                let seq = *seq;
                tasks.iter().map(move |task| (epoch, seq, *task)).collect::<Vec<_>>()
            };
            journal.pending.iter().flat_map(of_entry).collect::<Vec<_>>()
        };
        self.journals.iter().flat_map(of_journal).collect()
    }

    fn wake_at(&self) -> Option<Timestamp> {
        let owes =
            |journal: &Journal| !journal.pending.is_empty() || journal.rights.values().any(|one| one.owes(journal));
        self.journals.values().any(owes).then(Timestamp::default)
    }
}
