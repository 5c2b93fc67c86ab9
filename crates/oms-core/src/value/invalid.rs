//! Why data that is well formed in every value makes no sense as a whole.

use alloc::format;
use alloc::string::{String, ToString};
use core::fmt::Display;

use serde::{Deserialize, Serialize};

/// A refused input: the field, as a path from the root of the input, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{field}: {problem}")]
pub struct Invalid {
    /// The field, such as `calendars.lisbon.week` or `items.A.bill[2].sku`.
    pub field: String,
    /// What is wrong with it.
    pub problem: Problem,
}

impl Invalid {
    /// This problem of this field.
    pub fn new(field: impl Into<String>, problem: Problem) -> Self {
        Self { field: field.into(), problem }
    }

    /// The same problem seen from further out: the field becomes `outer.field`.
    #[must_use]
    pub fn within(mut self, outer: impl Display) -> Self {
        let dot = if self.field.starts_with('[') || self.field.is_empty() { "" } else { "." };
        self.field = format!("{outer}{dot}{}", self.field);
        self
    }
}

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Problem {
    /// Below zero where that means nothing.
    #[error("is negative")]
    Negative,
    /// Zero where that means nothing.
    #[error("is zero")]
    Zero,
    /// Beyond its bound.
    #[error("is beyond {most}")]
    Beyond {
        /// The bound.
        most: u64,
    },
    /// More entries than allowed.
    #[error("has more than {most} entries")]
    TooMany {
        /// The bound.
        most: u64,
    },
    /// Nothing where something is needed.
    #[error("is empty")]
    Empty,
    /// Named twice.
    #[error("names {name} twice")]
    Twice {
        /// What.
        name: String,
    },
    /// Names something that is not there.
    #[error("names {name}, which is not known")]
    Unknown {
        /// What.
        name: String,
    },
    /// Leads back to itself.
    #[error("leads back to {name}")]
    Cycle {
        /// Where the cycle closes.
        name: String,
    },
    /// Nested deeper than allowed.
    #[error("is deeper than {most} levels at {name}")]
    TooDeep {
        /// Where.
        name: String,
        /// The bound.
        most: u64,
    },
    /// A calendar on which nobody ever works.
    #[error("leaves no working day")]
    NoWorkingDay,
    /// Entries that must ascend do not.
    #[error("is not in ascending order")]
    Unordered,
    /// Two fields that exclude each other.
    #[error("excludes {name}")]
    Excludes {
        /// The other field.
        name: String,
    },
}

impl Problem {
    /// Something named that is not there.
    pub fn unknown(name: &impl ToString) -> Self {
        Self::Unknown { name: name.to_string() }
    }

    /// Something named twice.
    pub fn twice(name: &impl ToString) -> Self {
        Self::Twice { name: name.to_string() }
    }
}
