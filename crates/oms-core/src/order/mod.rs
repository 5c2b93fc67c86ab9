//! An order from capture to return: what is asked of it, what happened, why not, and what the world still owes it.
//!
//! Its summary (status) is worked out from quantities by status, never stored.

mod apply;
mod buying;
mod command;
mod decide;
mod errand;
mod event;
mod head;
mod improve;
mod line;
mod refusal;
mod returns;
mod sourced;
mod state;
mod status;
mod till;
mod trade;

pub use command::{Answer, Command, Draft, DraftLine, Facts, ItemFacts, Offer, Placement, Router};
pub use errand::Errand;
pub use event::{CanceledPart, Event, HoldAsk};
pub use head::{Address, Customer, Head, Shortage};
pub use improve::{Give, MAX_IMPROVEMENTS, Room, Saving, Swap};
pub use line::{Counts, Line, LineStatus, PriceSource};
pub use refusal::{Refusal, ShortLine};
pub use state::{
    Attempt, CancelKey, DeadHold, Disposition, Fate, Flag, Fulfillment, FulfillmentLine, FulfillmentStage, Order, Peg,
    Planned, Received, Return, ReturnLine, ReturnStage, Routed, Stage,
};
pub use status::{Action, FulfillmentStatus, Standing, Status};
pub use till::CounterSale;
pub use trade::{Step, trades};

use alloc::vec::Vec;

use crate::machine::Machine;
use crate::value::Timestamp;

/// Most lines an order may have however it comes in.
pub const MAX_LINES: usize = 2_000;
/// Epochs that may be refused before the order settles for what there is.
pub const MAX_MISSES: u32 = 3;
/// How long, in milliseconds, an order waits for stock that undecided orders may give back, before it settles.
pub const PATIENCE_MILLIS: i64 = 5_000;
/// First wait, in milliseconds, before a backorder looks for stock again; doubles up to [`BACKORDER_LONGEST_MILLIS`].
pub const BACKORDER_WAIT_MILLIS: i64 = 15 * 60 * 1000;
/// Longest wait of a backorder between two looks, in milliseconds.
pub const BACKORDER_LONGEST_MILLIS: i64 = 6 * 60 * 60 * 1000;
/// Most holds by name on one order; bounds its record.
pub const MAX_FLAGS: usize = 32;
/// Most partial cancellations of one order; bounds its record. What is left can still be canceled as a whole.
pub const MAX_CANCELS: usize = 200;
/// Most returns of one order; bounds its record.
pub const MAX_RETURNS: usize = 200;
/// Most lines of all returns of one order together; bounds its record to some megabytes.
pub const MAX_RETURN_LINES: usize = 10_000;

impl Machine for Order {
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;
    type Errand = Errand;

    fn decide(state: Option<&Self>, command: &Command, now: Timestamp) -> Result<Vec<Event>, Refusal> {
        decide::decide(state, command, now)
    }

    fn apply(state: Option<Self>, event: &Event, at: Timestamp) -> Option<Self> {
        apply::apply(state, event, at)
    }

    fn errands(&self, now: Timestamp) -> Vec<Errand> {
        errand::errands(self, now)
    }

    fn wake_at(&self) -> Option<Timestamp> {
        errand::wake_at(self)
    }
}
