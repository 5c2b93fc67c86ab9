//! The till: a point of sale that sells without a network.
//!
//! A till keeps a journal: every fact is an [`Entry`], chained to the one before by its hash, signed by the device, written
//! before the receipt is given. The edge takes the journal in as it stands: facts are recorded, what differs is posted as
//! a variance, and what the till could only ask for follows the ways of any order.

mod entry;
mod event;
mod name;
mod sale;
mod settings;

pub use entry::{Entry, EntryName, Signed, genesis};
pub use event::{CountedLine, Event, Piece};
pub use name::{DeviceId, ReceiptNo, Series};
pub use sale::{Discount, RefundLine, Refunded, ReturnOf, Sale, SaleLine, Tender, TenderKind};
pub use settings::{Cashier, Oversell, Permission, PinHash, Settings};
