//! The till: a point of sale that sells without a network.
//!
//! A till keeps a journal: every fact is an [`Entry`], chained to the one before by its hash, signed by the device, written
//! before the receipt is given. The edge takes the journal in as it stands: facts are recorded, what differs is posted as
//! a variance, and what the till could only ask for follows the ways of any order.

pub mod account;
pub mod chain;
pub mod check;
mod entry;
mod event;
mod name;
pub mod refund;
mod sale;
mod settings;

pub use entry::{Entry, EntryName, Signed, genesis};
pub use event::{CountedLine, Event, Piece};
pub use name::{DeviceId, ReceiptNo, Series};
pub use refund::SoldLine;
pub use sale::{Discount, RefundLine, Refunded, ReturnOf, Sale, SaleLine, Tender, TenderKind};
pub use settings::{Cashier, Oversell, Permission, PinHash, Settings, rounding};

/// A clock that is off by more is worth a warning, in milliseconds: five minutes, as long as a signed request holds.
pub const CLOCK_WARNING_MS: i64 = 5 * 60 * 1000;
