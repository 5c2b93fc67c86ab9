//! What an object tells of itself.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use oms_core::order::Status;
use serde::{Deserialize, Serialize};

/// What there is in an object. Sums over objects are the tenant's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Stats {
    /// Orders by status (index only).
    pub orders: BTreeMap<Status, u64>,
    /// SKUs (stock only).
    pub skus: u64,
    /// Locations (tenant only).
    pub locations: u64,
    /// Rows written to disk since this instance of the object began.
    pub rows_written: u64,
    /// Calls made to other objects since then.
    pub calls: u64,
}

/// What an object found out about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AuditReply {
    /// Orders looked at.
    pub orders: u64,
    /// SKUs looked at.
    pub skus: u64,
    /// Lines of the ledger summed.
    pub ledger_entries: u64,
    /// Sums, in thousandths.
    pub on_hand: i64,
    /// Set aside by holds.
    pub reserved: i64,
    /// Set aside for holders of rights.
    pub allotted: i64,
    /// Kept for tills, and in no till's hands.
    pub kept_for_tills: i64,
    /// Ever received.
    pub received: i64,
    /// Ever shipped.
    pub shipped: i64,
    /// Ever come back.
    pub returned: i64,
    /// Ever adjusted, in less out.
    pub adjusted: i64,
    /// Left for other locations and not arrived there.
    pub in_transit: i64,
    /// Holds that set something aside.
    pub live_holds: u64,
    /// What live orders believe to be set aside for them, in thousandths.
    pub allocated: i64,
    /// Orders that still owe an errand.
    pub owing: u64,
    /// Broken invariants.
    pub violations: Vec<Violation>,
    /// Where to go on; nothing when it is all seen.
    pub next: Option<String>,
}

/// A broken invariant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Violation {
    /// Its name, such as I2.
    pub invariant: String,
    /// The order or SKU.
    pub subject: String,
    /// What was found.
    pub detail: String,
}
