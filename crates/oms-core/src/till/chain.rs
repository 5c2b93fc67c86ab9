//! Whether entries are a journal: each after the one before, none left out, none rewritten (P1, P2, P5).
//!
//! Nothing here knows keys: whether a till signed an entry is for whoever has its public key.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::entry::{Signed, genesis};
use super::name::DeviceId;
use crate::value::Digest;

/// How far a journal is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tip {
    /// The till.
    pub device: DeviceId,
    /// Its enrollment.
    pub epoch: u32,
    /// The last entry; 0 before the first.
    pub seq: u64,
    /// Its hash; before the first one [`genesis`].
    pub head: Digest,
}

impl Tip {
    /// Of a journal without entries, of the till with this public key.
    pub fn start(device: DeviceId, epoch: u32, x: &str, y: &str) -> Self {
        let head = genesis(&device, epoch, x, y);
        Self { device, epoch, seq: 0, head }
    }
}

/// What an entry is to a journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// The next one: the journal is then known as far as this.
    Next(Tip),
    /// One that is known already, the very same.
    Known,
}

/// Why an entry is no part of a journal, in order of precedence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Error)]
#[serde(rename_all = "snake_case")]
pub enum Broken {
    /// It is of another till or of another enrollment.
    #[error("the entry is of another journal")]
    Foreign,
    /// Its hash is not the hash of what it says, or it cannot be hashed.
    #[error("entry {seq} has the wrong hash")]
    Hash {
        /// Which entry.
        seq: u64,
    },
    /// Entries before it are missing.
    #[error("entries from {from} on are missing")]
    Gap {
        /// The first one that is missing.
        from: u64,
    },
    /// The till has written two histories: another entry stands in this place, or it comes after another one.
    #[error("entry {seq} belongs to another history")]
    Fork {
        /// Which entry.
        seq: u64,
    },
}

/// Takes an entry to a journal that is known up to `tip`. `on_record` is the hash of the entry that is known under its
/// number, if there is one; only asked for entries up to the tip.
///
/// # Errors
/// [`Broken`], the first that applies.
pub fn link(tip: &Tip, signed: &Signed, on_record: impl FnOnce(u64) -> Option<Digest>) -> Result<Link, Broken> {
    let entry = &signed.entry;
    if entry.device != tip.device || entry.epoch != tip.epoch {
        return Err(Broken::Foreign);
    }
    let seq = entry.seq;
    let hash = entry.hash().map_err(|_| Broken::Hash { seq })?;
    if hash != signed.hash || seq == 0 {
        return Err(Broken::Hash { seq });
    }
    if seq <= tip.seq {
        return if on_record(seq) == Some(hash) { Ok(Link::Known) } else { Err(Broken::Fork { seq }) };
    }
    let next = tip.seq.saturating_add(1);
    if seq != next {
        return Err(Broken::Gap { from: next });
    }
    if entry.prev != tip.head {
        return Err(Broken::Fork { seq });
    }
    Ok(Link::Next(Tip { seq, head: hash, ..tip.clone() }))
}

/// Takes a range of entries to a journal, as far as it goes: how far the journal is known then, what each entry up to there
/// is, and what is wrong with the first one that is no part of it.
pub fn range(
    tip: &Tip,
    entries: &[Signed],
    on_record: impl Fn(u64) -> Option<Digest>,
) -> (Tip, Vec<Link>, Option<Broken>) {
    let mut tip = tip.clone();
    let mut links = Vec::new();
    for (index, signed) in entries.iter().enumerate() {
        // What came earlier in the same range is on record too.
        let earlier = entries.get(..index).unwrap_or_default();
        let known = |seq| {
            let same = |other: &&Signed| other.entry.seq == seq;
            on_record(seq).or_else(|| earlier.iter().find(same).map(|other| other.hash))
        };
        match link(&tip, signed, known) {
            Ok(found) => {
                if let Link::Next(next) = &found {
                    tip = next.clone();
                }
                links.push(found);
            }
            Err(broken) => return (tip, links, Some(broken)),
        }
    }
    (tip, links, None)
}
