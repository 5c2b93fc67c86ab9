//! A line of an upload: an entry as it came, read as far as it is understood.

use alloc::string::String;

use serde::Deserialize;
use serde_json::Value;

use crate::canonical;
use crate::json;
use crate::till::{DeviceId, Entry, EntryName};
use crate::value::Digest;

/// The longest signature, in characters: 64 bytes in base64url.
pub const MAX_SIGNATURE: usize = 88;

/// An entry as it came. What this version does not understand of it is kept for one that does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Which entry.
    pub name: EntryName,
    /// The hash of the entry before, as this one has it.
    pub prev: Digest,
    /// Its hash, worked out here.
    pub hash: Digest,
    /// The hash that came with it.
    pub told: Digest,
    /// Its canonical JSON: what is hashed and signed.
    pub text: String,
    /// The signature that came with it, base64url.
    pub signature: String,
    /// The entry, when all of it is understood.
    pub entry: Option<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    entry: Value,
    hash: Digest,
    signature: String,
}

/// What every entry has, whatever happened.
#[derive(Deserialize)]
struct Bare {
    device: DeviceId,
    epoch: u32,
    seq: u64,
    prev: Digest,
}

/// A line that is no entry at all, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable(pub String);

impl Line {
    /// Reads a line of an upload.
    ///
    /// # Errors
    /// [`Unreadable`] for a line that is no JSON object with an entry that has a name, a predecessor and a canonical form.
    pub fn read(text: &str) -> Result<Self, Unreadable> {
        let no = Unreadable;
        let body: Body = serde_json::from_str(text).map_err(|error| no(alloc::format!("{error}")))?;
        let bytes = canonical::to_bytes(&body.entry).map_err(|error| no(alloc::format!("{error}")))?;
        let canonical = String::from_utf8(bytes).map_err(|_| no("it is not UTF-8".into()))?;
        let bare: Bare = serde_json::from_str(&canonical).map_err(|error| no(alloc::format!("{error}")))?;
        let name = EntryName { device: bare.device, epoch: bare.epoch, seq: bare.seq };
        if body.signature.len() > MAX_SIGNATURE {
            return Err(no("the signature is too long".into()));
        }
        Ok(Self {
            name,
            prev: bare.prev,
            hash: Digest::of(canonical.as_bytes()),
            told: body.hash,
            entry: understood(&canonical),
            text: canonical,
            signature: body.signature,
        })
    }
}

/// An entry of this JSON, if all of it is understood: members that nobody knows here are refused.
fn understood(text: &str) -> Option<Entry> {
    json::read(text.as_bytes()).ok()
}
