//! Orders: how they come in, what is asked of them, how they and their history are shown.

mod action;
mod history;
mod place;
mod view;

pub use action::{Cancel, Hold, Reject, Release, Ship, cancel, hold, nothing, reject, release, ship};
pub use history::{StepView, steps};
pub(crate) use place::MoneyBody;
pub use place::{MAX_IMPORT_LINES, MAX_LINES, NewOrder, place, place_import};
pub use view::{FulfillmentView, OrderView};

use oms_core::order::Order;
use oms_core::value::Timestamp;

/// An order with what is known of it beside itself.
#[derive(Clone, Debug)]
pub struct Recorded<'a> {
    /// The order.
    pub order: &'a Order,
    /// The number that people call it by.
    pub number: alloc::string::String,
    /// Rises by one per change.
    pub version: u32,
    /// When it last changed.
    pub updated_at: Timestamp,
}
