//! Why the stock says no.

use alloc::string::String;

use serde::{Deserialize, Serialize};

use crate::value::{LocationId, Problem, Quantity, Sku};

/// Why the stock says no, in order of precedence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// No item of this SKU.
    #[error("line {line}: there is no item {sku}")]
    UnknownSku { line: u32, sku: Sku },
    /// A transfer to where it is.
    #[error("line {line}: a transfer needs two different locations")]
    SameLocation { line: u32 },
    /// A quantity of nothing.
    #[error("line {line}: the quantity is zero")]
    NothingAsked { line: u32 },
    /// More would leave than is there, or than is free to leave.
    #[error("line {line}: {sku} at {location} has {available} to take")]
    NotEnough { line: u32, sku: Sku, location: LocationId, available: Quantity },
    /// The balance would leave its bounds.
    #[error("line {line}: the balance would be too large")]
    TooMuch { line: u32 },
    /// A cart wants more than there is.
    #[error("line {line}: {sku} has {available} left")]
    Insufficient { line: u32, sku: Sku, available: Quantity },
    /// Goods on their way that cannot be: see the field.
    #[error("line {line}: the inbound's {field} {problem}")]
    BadInbound {
        /// The line.
        line: u32,
        /// The field.
        field: String,
        /// What is wrong with it.
        problem: Problem,
    },
    /// Nothing, or less, of a SKU is to leave from there under that number.
    #[error("line {line}: that much of {sku} is not to leave there under this number")]
    NoTransfer { line: u32, sku: Sku },
    /// Too much of a SKU is on its way under different numbers.
    #[error("line {line}: at most {most} numbers of a SKU are on their way at once")]
    TooManyInbound {
        /// The line.
        line: u32,
        /// The limit.
        most: usize,
    },
    /// A hold that is not there or that ended cannot be confirmed or shipped (I8).
    #[error("the hold is not there any more")]
    BrokenHold,
}
