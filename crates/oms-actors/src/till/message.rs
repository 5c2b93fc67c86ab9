//! What is asked of a till's object and what it answers. Short-lived: kept nowhere.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use oms_core::till::Settings;
use oms_core::till::account::{Account, Exception, Oddity, PublicKey, Refusal, Standing};
use oms_core::value::{Digest, Label, LocationId, OrderId, Quantity, Sku, Timestamp};
use serde::{Deserialize, Serialize};

/// What shows that a request is a device's: its signature over what was asked and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// The enrollment whose key it is.
    pub epoch: u32,
    /// When, by the edge's clock as the device knows it.
    pub time: Timestamp,
    /// What was signed, but for the hash of the body: method, path with query and time, each ending a line.
    pub said: String,
    /// SHA-256 of the body.
    pub body: Digest,
    /// ES256 over all of it, base64url.
    pub signature: String,
}

/// Asked of a till's object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TillAsk {
    /// Set it up, and let this code enroll a device.
    Create { settings: Box<Settings>, code: Digest },
    /// Set it up differently.
    Change { settings: Box<Settings> },
    /// Let this code enroll a device.
    Issue { code: Digest },
    /// Enroll a device.
    Enroll { code: Digest, key: PublicKey },
    /// Show it.
    Show,
    /// Grant rights.
    Grant { key: Digest, lines: Vec<(Sku, Quantity)> },
    /// Ask rights back.
    Recall { lines: Vec<(Sku, Option<Quantity>)> },
    /// Give the device up.
    Revoke { reason: Option<Label> },
    /// Its entries after this one, oldest first.
    Entries { after: Option<(u32, u64)>, limit: u32 },
    /// The exceptions of its entries after this one.
    Exceptions { after: Option<(u32, u64)>, limit: u32 },
    /// Is this the device?
    Admit { proof: Proof },
    /// What the device has to know.
    State { proof: Proof },
    /// Take entries in: one a line.
    Upload { proof: Proof, body: String },
}

/// Answered by a till's object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TillReply {
    /// The till as it stands, and when its device was last heard of.
    Account { account: Box<Account>, seen: Option<Timestamp> },
    /// It says no.
    Refused(Refusal),
    /// The key is no point of the curve.
    BadKey,
    /// The request is not the device's.
    Denied(Denied),
    /// It is: where the till stands.
    Admitted { location: LocationId },
    /// What the device has to know.
    State(Box<TillState>),
    /// Entries were taken in.
    Uploaded { entered: Vec<Entered>, need_from: Option<u64>, state: Box<TillState> },
    /// Entries; `more` when the list goes on.
    Entries { entries: Vec<KeptEntry>, more: bool },
    /// Exceptions; `next` when the list goes on: the last entry looked at.
    Exceptions { exceptions: Vec<Exception>, next: Option<(u32, u64)> },
}

/// Why a request is not taken for the device's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Denied {
    /// No such till, or it was never enrolled in this epoch.
    Unknown,
    /// It was signed too long ago, or the clock is off; the time here.
    Clock { now: Timestamp },
    /// The signature is not the key's.
    Signature,
    /// The device was given up.
    Revoked,
}

/// What a device has to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TillState {
    /// Where its journal stands.
    pub standing: Standing,
    /// The enrollment.
    pub epoch: u32,
    /// What the first entry comes after, of an enrollment that has none yet.
    pub hash: Digest,
    /// The last entry recorded.
    pub ack_upto: u64,
    /// The number of the first receipt of the enrollment.
    pub first_receipt: u64,
    /// How it is set up.
    pub settings: Box<Settings>,
    /// What was granted in total, by SKU.
    pub rights: BTreeMap<Sku, Quantity>,
    /// What is asked back.
    pub recall: BTreeMap<Sku, Quantity>,
    /// The time here.
    pub now: Timestamp,
}

/// What became of an entry of an upload, or of a line in its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entered {
    /// Its number.
    pub seq: u64,
    /// What.
    pub how: How,
    /// What is odd about it.
    pub oddities: Vec<Oddity>,
    /// The order that it makes or is about.
    pub order: Option<OrderId>,
    /// True when nothing is left to be carried out.
    pub settled: bool,
}

/// How an entry was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// Recorded.
    Recorded,
    /// It was recorded before.
    Known,
    /// Not recorded, and why.
    Refused(Refusal),
}

/// An entry as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptEntry {
    /// The enrollment.
    pub epoch: u32,
    /// Its number.
    pub seq: u64,
    /// When it came.
    pub received_at: Timestamp,
    /// Its hash.
    pub hash: Digest,
    /// Its canonical JSON.
    pub entry: String,
    /// The device's signature.
    pub signature: String,
    /// Of what it counted, what had left by this till in total.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub left: BTreeMap<Sku, Quantity>,
    /// What is odd about it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub oddities: Vec<Oddity>,
}
