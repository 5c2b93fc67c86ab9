//! What is wrong with a policy, a network or the facts of an order: where, and what.

use alloc::format;
use alloc::string::{String, ToString};
use core::fmt::Display;

use serde::{Deserialize, Serialize};

use crate::value::Problem;

/// A fault: where, as a JSON pointer (RFC 6901) from a root called `policy`, `network`, `order` or `offers`, and what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{pointer} {flaw}")]
pub struct Fault {
    /// Where, such as `/policy/strategies/0/criteria`.
    pub pointer: String,
    /// What.
    pub flaw: Flaw,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Flaw {
    /// Nothing where something is needed.
    #[error("is empty")]
    Empty,
    /// Below zero.
    #[error("is negative")]
    Negative,
    /// Zero.
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
    /// Names what is not there.
    #[error("names {name}, which is not known")]
    Unknown {
        /// What.
        name: String,
    },
    /// Names something a second time.
    #[error("names {name} twice")]
    Twice {
        /// What.
        name: String,
    },
    /// A name that has a meaning of its own.
    #[error("is a name of the house")]
    Reserved,
    /// Does not ascend.
    #[error("is not in ascending order")]
    Unordered,
    /// Criteria that would be met best by shipping nothing.
    #[error("begins neither with least_short nor with cheapest: shipping nothing would be best")]
    ShipsNothing,
    /// An order that no strategy is for.
    #[error("leaves orders that no strategy is for: the last must be for all and accept anything")]
    NoCatchAll,
    /// A calendar that is none.
    #[error("is no calendar: {field} {problem}")]
    Calendar {
        /// The field within the calendar.
        field: String,
        /// What is wrong with it.
        problem: Problem,
    },
    /// Costs that together pass what is counted exactly.
    #[error("makes the sum of all costs pass 2^52 thousandths of a minor unit")]
    Overflow,
}

impl Fault {
    pub(super) fn new(pointer: impl Into<String>, flaw: Flaw) -> Self {
        Self { pointer: pointer.into(), flaw }
    }
}

impl Fault {
    /// Where nobody said what is wrong.
    pub(crate) fn nameless() -> Self {
        Self::new("", Flaw::Overflow)
    }
}

impl Flaw {
    pub(super) fn unknown(name: &impl ToString) -> Self {
        Self::Unknown { name: name.to_string() }
    }

    pub(super) fn twice(name: &impl ToString) -> Self {
        Self::Twice { name: name.to_string() }
    }
}

/// A child of a pointer; a name is escaped as RFC 6901 asks.
pub(super) fn at(parent: &str, child: impl Display) -> String {
    let child = child.to_string().replace('~', "~0").replace('/', "~1");
    format!("{parent}/{child}")
}
