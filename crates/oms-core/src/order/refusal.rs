//! Why an order says no.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::status::Action;
use crate::routing::Fault;
use crate::value::{Currency, Label, LocationId, Quantity, Sku};

/// A line that cannot be had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShortLine {
    /// The line, from 1.
    pub line: u32,
    /// Its SKU.
    pub sku: Sku,
    /// What was asked.
    pub requested: Quantity,
    /// What could be had.
    pub available: Quantity,
}

/// Why an order says no, in order of precedence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// There is no such order.
    #[error("there is no such order")]
    NoSuchOrder,
    /// There is an order of this id already.
    #[error("there is an order with this id already")]
    AlreadyThere,
    /// No fulfillment of this number.
    #[error("there is no fulfillment {no}")]
    NoSuchFulfillment { no: u32 },
    /// No return of this number.
    #[error("there is no return {no}")]
    NoSuchReturn { no: u32 },
    /// No hold of this name.
    #[error("there is no hold named {name}")]
    NoSuchHold { name: Label },
    /// The key made another return, or another cancellation.
    #[error("this request asked for something else before")]
    KeyReused,
    /// It is not legal where the order, fulfillment or return stands now.
    #[error("{action} is not possible now: it is {standing}")]
    NotNow { action: Action, standing: super::status::Standing },
    /// An administrative hold forbids it.
    #[error("the order is on hold: {name}")]
    OnHold { name: Label },
    /// An order needs lines.
    #[error("an order needs at least one line")]
    NoLines,
    /// It has too many.
    #[error("an order has at most {most} lines")]
    TooManyLines { most: usize },
    /// A bound of the order's record.
    #[error("an order has at most {most} of these")]
    TooMany { most: usize },
    /// A line named twice.
    #[error("line {line} is named twice")]
    LineTwice { line: u32 },
    /// No line of this number.
    #[error("there is no line {line}")]
    NoSuchLine { line: u32 },
    /// The customer wants to come to a place that there is not.
    #[error("there is no location {location}")]
    UnknownPlace { location: LocationId },
    /// The place hands nothing over in this way.
    #[error("{location} hands nothing over in this way")]
    NoHandOver { location: LocationId },
    /// A line of nothing.
    #[error("line {line}: the quantity is zero")]
    NothingOrdered { line: u32 },
    /// No item of this SKU.
    #[error("line {line}: there is no item {sku}")]
    UnknownSku { line: u32, sku: Sku },
    /// The price book has no price in this currency.
    #[error("line {line}: {sku} has no price in {currency}")]
    NoPrice { line: u32, sku: Sku, currency: Currency },
    /// A price below zero.
    #[error("line {line}: the unit price is negative")]
    NegativePrice { line: u32 },
    /// An amount leaves its bounds.
    #[error("line {line}: the amount is too large")]
    TooMuchMoney { line: u32 },
    /// Not everything can be had, and the order wants all or nothing.
    #[error("not everything can be had")]
    Insufficient { short: Vec<ShortLine> },
    /// More than there is to cancel.
    #[error("line {line}: at most {most} can still be canceled")]
    TooMuchToCancel { line: u32, most: Quantity },
    /// More than was shipped and has not come back (I13).
    #[error("line {line}: at most {most} can be returned")]
    TooMuchToReturn { line: u32, most: Quantity },
    /// More came than was to come.
    #[error("line {line}: at most {most} was to come back")]
    TooMuchReceived { line: u32, most: Quantity },
    /// Its quantities or costs are beyond what routing counts exactly.
    #[error("it cannot be routed: {0}")]
    Unroutable(Fault),
}
