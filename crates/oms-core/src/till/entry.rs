//! An entry of a till's journal and how entries are chained.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::{Deserialize, Serialize};

use super::event::Event;
use super::name::DeviceId;
use crate::canonical::{self, NotCanonical};
use crate::value::{Digest, OrderId, Slot, Timestamp};

/// Which entry of which journal: `pos:{device}:{epoch}:{seq}`, the key of everything that comes of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntryName {
    /// The till.
    pub device: DeviceId,
    /// Its enrollment, from 1: another key, another journal.
    pub epoch: u32,
    /// The entry, from 1, without gaps.
    pub seq: u64,
}

impl fmt::Display for EntryName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "pos:{}:{}:{}", self.device, self.epoch, self.seq)
    }
}

impl EntryName {
    /// The id of the order that this entry makes: the till and the edge come to the same one. Its time is the entry's, the
    /// rest is the hash of the name.
    pub fn order_id(&self, at: Timestamp) -> OrderId {
        let digest = Digest::of(alloc::format!("{self}").as_bytes());
        let [slot, ..] = *digest.as_bytes();
        OrderId::new(Slot::new(slot), at, u128::from_be_bytes(digest.short()))
    }
}

/// An entry: what happened, when by whose clock, after what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The till.
    pub device: DeviceId,
    /// Its enrollment, from 1.
    pub epoch: u32,
    /// From 1, without gaps.
    pub seq: u64,
    /// The hash of the entry before; of the first one [`genesis`].
    pub prev: Digest,
    /// The device's clock: shown, never sorted by.
    pub at: Timestamp,
    /// Milliseconds since the app was started: tells a clock that was set from time that went by.
    pub uptime: u64,
    /// The version of the catalog that prices were read from.
    pub book: u64,
    /// What happened.
    pub event: Event,
}

impl Entry {
    /// Its name.
    pub fn name(&self) -> EntryName {
        EntryName { device: self.device.clone(), epoch: self.epoch, seq: self.seq }
    }

    /// The bytes that are signed: its canonical JSON.
    ///
    /// # Errors
    /// [`NotCanonical`] for a counted value beyond 2^53 - 1.
    pub fn bytes(&self) -> Result<Vec<u8>, NotCanonical> {
        canonical::to_bytes(self)
    }

    /// Its hash, the `prev` of the next one: the SHA-256 of [`Entry::bytes`], and so what ES256 signs.
    ///
    /// # Errors
    /// As for [`Entry::bytes`].
    pub fn hash(&self) -> Result<Digest, NotCanonical> {
        canonical::digest(self)
    }
}

/// What the first entry of a journal comes after: the hash of device, epoch and public key, so that no journal can be passed
/// off as another's. `key` is the uncompressed public point, base64url as in a JWK: `x` and `y`.
pub fn genesis(device: &DeviceId, epoch: u32, x: &str, y: &str) -> Digest {
    Digest::of(alloc::format!("estiba:till:{device}:{epoch}:{x}:{y}").as_bytes())
}

/// An entry as it is uploaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signed {
    /// The entry.
    pub entry: Entry,
    /// Its hash as the till has it.
    pub hash: Digest,
    /// ES256 over its bytes: 64 bytes `r || s`, base64url without padding.
    pub signature: String,
}
