//! The till: a point of sale that sells without a network.
//!
//! A till keeps a journal: every fact is an [`Entry`], chained to the one before by its hash, signed by the device, written
//! before the receipt is given. The edge takes the journal in as it stands: facts are recorded, what differs is posted as
//! a variance, and what the till could only ask for follows the ways of any order.

pub mod account;
mod cart;
pub mod chain;
pub mod check;
mod command;
mod decide;
mod entry;
mod event;
mod facts;
pub mod goods;
mod name;
mod pricing;
pub mod qr;
pub mod receipt;
pub mod refund;
mod refusal;
pub mod report;
mod sale;
mod settings;
mod shift;
mod state;

pub use cart::{Cart, CartLine, DiscountAsk, MAX_LINES, MAX_TENDERS, Payment, Priced, PricedLine, TaxSum, taxes};
pub use command::{Amounted, Command};
pub use decide::{Decided, MAX_ENTRY_BYTES, decide};
pub use entry::{Entry, EntryName, Signed, genesis};
pub use event::{CountedLine, Event, Piece};
pub use facts::{BOOK_LIMIT_MS, BOOK_WARNING_MS, Book, CLOCK_LIMIT_MS, CLOCK_WARNING_MS, Catalog, Clock, Facts, Page};
pub use name::{DeviceId, ReceiptNo, Series};
pub use pricing::price;
pub use refund::{PricedRefund, RefundAsk, RefundLineAsk, SoldLine};
pub use refusal::Refusal;
pub use sale::{Discount, RefundLine, Refunded, ReturnOf, Sale, SaleLine, Tender, TenderKind};
pub use settings::{Cashier, Oversell, Permission, PinHash, Settings, rounding};
pub use shift::{Closed, Shift, TenderSum};
pub use state::{Returned, Till, Used};
