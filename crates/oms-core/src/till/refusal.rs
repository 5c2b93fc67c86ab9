//! Why a till says no.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::settings::Permission;
use crate::price::Rate;
use crate::value::{Amount, Label, Quantity, Sku, decimal};

/// Why a till says no, in order of precedence. Lines and tenders count from 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Refusal {
    /// Nobody of that name works at this till.
    #[error("nobody called {cashier} works at this till")]
    NoCashier { cashier: Label },
    /// The clock is off by more than a day, in milliseconds: a manager has to accept it.
    #[error("the clock is off by {skew} ms")]
    ClockOff { skew: i64 },
    /// A shift is open already.
    #[error("a shift is open already")]
    ShiftOpen,
    /// No shift is open.
    #[error("no shift is open")]
    NoShift,
    /// The catalog was not compared with the edge's for so many days.
    #[error("the prices are {days} days old")]
    BookTooOld { days: u32 },
    /// There is nothing on it.
    #[error("there is nothing on it")]
    Empty,
    /// More lines or tenders than an entry takes.
    #[error("there are too many lines")]
    TooManyLines,
    /// An order in another currency than the till's.
    #[error("the till has another currency")]
    Currency,
    /// The catalog has no such item.
    #[error("line {line}: there is no such item")]
    UnknownSku { line: u32 },
    /// A quantity of zero.
    #[error("line {line}: the quantity is zero")]
    NothingOrdered { line: u32 },
    /// No price in the till's currency, and none was keyed in.
    #[error("line {line}: there is no price in this currency")]
    NoPrice { line: u32 },
    /// A price below zero.
    #[error("line {line}: the price is negative")]
    NegativePrice { line: u32 },
    /// More is taken off than it costs, or less than nothing; without a line it is the discount on the whole.
    #[error("the discount is more than the price")]
    DiscountBeyondPrice { line: Option<u32> },
    /// Nobody here may give that discount.
    #[error("line {line}: the highest discount is {most} %")]
    DiscountTooHigh { line: u32, most: Rate },
    /// The till has no rights to sell that much.
    #[error("line {line}: the till may sell only {available} of {sku}")]
    NoRights {
        line: u32,
        sku: Sku,
        #[serde(with = "decimal")]
        available: Quantity,
        /// Whether somebody with the permission could answer for it.
        may_ask: bool,
    },
    /// A refund of an order that the till does not know.
    #[error("the till does not know what was sold")]
    UnknownSale,
    /// What is returned is no line of the order.
    #[error("line {line}: it is no line of the order")]
    UnknownLine { line: u32 },
    /// More comes back than was sold and did not come back yet.
    #[error("line {line}: at most {left} can come back")]
    ReturnedTooMuch {
        line: u32,
        #[serde(with = "decimal")]
        left: Quantity,
    },
    /// An amount that has to be above zero (a shift's: not below).
    #[error("the amount is not valid")]
    BadAmount,
    /// Neither the cashier nor whoever was called may do this.
    #[error("nobody here may do this")]
    NotPermitted { permission: Permission },
    /// A tender of nothing, or of less.
    #[error("tender {index} has no valid amount")]
    TenderAmount { index: u32 },
    /// More by card and the like than there is to pay: change is only given for cash.
    #[error("change is only given for cash")]
    ChangeOnlyFromCash { over: Amount },
    /// Less was given than there is to pay, or paid back.
    #[error("{missing} is missing")]
    TooLittle { missing: Amount },
    /// More is paid back than there is to pay back.
    #[error("{over} is too much")]
    TooMuch { over: Amount },
    /// It was done already, or there is nothing to do.
    #[error("there is nothing to do")]
    NothingToDo,
    /// An amount leaves its bounds.
    #[error("the amount is too large")]
    TooMuchMoney,
    /// The entry is longer than the edge takes.
    #[error("the entry is too long")]
    TooLong,
}
