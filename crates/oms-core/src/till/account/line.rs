//! A line of an upload: an entry as it came, read as far as it is understood.

use alloc::string::{String, ToString};

use serde::Deserialize;
use serde_json::Value;

use crate::canonical;
use crate::json;
use crate::till::{DeviceId, Entry, EntryName};
use crate::value::Digest;

/// The longest signature, in characters: 64 bytes in base64url.
pub const MAX_SIGNATURE: usize = 88;
/// Of a line that cannot be read so many bytes are kept: more than any sale of a few dozen lines has.
pub const MAX_EVIDENCE: usize = 16 * 1024;

/// An entry as it came. What this version does not understand of it is kept for one that does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Which entry.
    pub name: EntryName,
    /// The hash of the entry before, as this one has it.
    pub prev: Digest,
    /// Its hash, worked out here.
    pub hash: Digest,
    /// The hash that came with it: only the entry's if it is signed or if both are the same.
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

/// A line that is no entry as far as can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Why.
    pub detail: String,
    /// The hash of the entry that it says it is, where that can be read.
    pub told: Option<Digest>,
    /// SHA-256 of the line as it came.
    pub came: Digest,
    /// The line, as much of it as is kept.
    pub text: String,
}

/// What is read of a line of which nothing else can be.
#[derive(Deserialize)]
struct Told {
    hash: Digest,
}

impl Unreadable {
    fn new(text: &str, detail: String) -> Self {
        let told = json::read(text.as_bytes()).ok().map(|told: Told| told.hash);
        Self { detail, told, came: Digest::of(text.as_bytes()), text: evidence(text) }
    }
}

impl Line {
    /// Reads a line of an upload.
    ///
    /// # Errors
    /// [`Unreadable`] for a line that is no JSON object with an entry that has a name, a predecessor and a canonical form.
    pub fn read(text: &str) -> Result<Self, Unreadable> {
        Self::entry(text).map_err(|detail| Unreadable::new(text, detail))
    }

    /// The same as a line that cannot be read, for an entry that nothing says is the device's.
    pub(super) fn damaged(&self, detail: &str) -> Unreadable {
        Unreadable { detail: detail.into(), told: Some(self.told), came: self.hash, text: evidence(&self.text) }
    }

    fn entry(text: &str) -> Result<Self, String> {
        let body: Body = json::read(text.as_bytes()).map_err(|unread| unread.to_string())?;
        let bytes = canonical::to_bytes(&body.entry).map_err(|error| error.to_string())?;
        let canonical = String::from_utf8(bytes).map_err(|error| error.to_string())?;
        let bare: Bare = json::read(canonical.as_bytes()).map_err(|unread| unread.to_string())?;
        let name = EntryName { device: bare.device, epoch: bare.epoch, seq: bare.seq };
        if body.signature.len() > MAX_SIGNATURE {
            return Err("the signature is too long".into());
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

/// As much of a text as is kept.
fn evidence(text: &str) -> String {
    text.get(..text.floor_char_boundary(MAX_EVIDENCE)).unwrap_or_default().into()
}

/// An entry of this JSON, if all of it is understood: members that nobody knows here are refused.
fn understood(text: &str) -> Option<Entry> {
    json::read(text.as_bytes()).ok()
}
