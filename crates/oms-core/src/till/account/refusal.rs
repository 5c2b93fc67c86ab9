//! Why the edge's side of a till says no.

use serde::{Deserialize, Serialize};

/// Why not, in order of precedence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// There is no such till.
    #[error("there is no such till")]
    NoSuchTill,
    /// There is one of this name already.
    #[error("there is a till with this id already")]
    AlreadyThere,
    /// What is printed on receipts and where its stock lies stay as they are.
    #[error("the {field} of a till stays as it is")]
    Fixed { field: alloc::string::String },
    /// Nobody issued this code, or it was used or replaced.
    #[error("the code is not known, or was used")]
    WrongCode,
    /// It was not used in time.
    #[error("the code was valid for fifteen minutes")]
    CodeExpired,
    /// No device was ever enrolled.
    #[error("no device is enrolled")]
    NotEnrolled,
    /// The device was given up.
    #[error("the device was revoked")]
    Revoked,
    /// Entries are missing before this one.
    #[error("entry {need_from} is to come first")]
    Gap { need_from: u64 },
    /// The entry is another journal's.
    #[error("the entry is of another journal")]
    OtherJournal,
    /// The line is no entry.
    #[error("the line cannot be read: {detail}")]
    Unreadable { detail: alloc::string::String },
    /// The entry contradicts what was recorded.
    #[error("the entry contradicts what was recorded: {code}")]
    Contradicts { code: alloc::string::String },
}
