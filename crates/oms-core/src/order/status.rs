//! What an order looks like from outside: statuses and legal actions, all worked out.

use alloc::vec::Vec;
use core::fmt;

use serde::{Deserialize, Serialize};

use super::line::LineStatus;
use super::state::{Fulfillment, FulfillmentStage, Order, Return, ReturnStage, Stage};
use crate::routing::Method;
use crate::value::{LocationId, Quantity};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$variant_doc])* $variant,)* }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word of the API.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// The one of this word.
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == word)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(self.as_str())
            }
        }
    };
}

words! {
    /// The status of an order.
    Status {
        /// To be confirmed.
        Draft = "draft",
        /// Accepted; its stock is not settled yet.
        Placing = "placing",
        /// It could not be had.
        Rejected = "rejected",
        /// Something waits for stock; nothing left yet.
        Backordered = "backordered",
        /// Everything is set aside.
        Allocated = "allocated",
        /// Somebody is picking or packing.
        InFulfillment = "in_fulfillment",
        /// Some left, some did not.
        PartShipped = "part_shipped",
        /// Everything left.
        Shipped = "shipped",
        /// Everything arrived.
        Delivered = "delivered",
        /// Nothing of it is wanted any more.
        Canceled = "canceled",
    }
}

words! {
    /// The status of a fulfillment or of an order's fulfillment as a whole.
    FulfillmentStatus {
        /// Waiting for the location.
        Open = "open",
        /// Taken from the shelves.
        Picked = "picked",
        /// In parcels.
        Packed = "packed",
        /// With the carrier.
        Shipped = "shipped",
        /// At the store where the customer fetches it.
        Arrived = "arrived",
        /// With the customer.
        Delivered = "delivered",
        /// The location couldn't.
        Rejected = "rejected",
        /// Nothing is left of it.
        Canceled = "canceled",
        /// Nothing left yet (of an order).
        Unfulfilled = "unfulfilled",
        /// Some left (of an order).
        Partial = "partial",
        /// Everything left (of an order).
        Fulfilled = "fulfilled",
        /// Asked for (a return).
        Requested = "requested",
        /// May come (a return).
        Authorized = "authorized",
        /// Came (a return).
        Received = "received",
    }
}

words! {
    /// What somebody can ask for.
    Action {
        /// Place a draft.
        Confirm = "confirm",
        /// Cancel.
        Cancel = "cancel",
        /// Put on hold.
        Hold = "hold",
        /// Lift a hold.
        Release = "release",
        /// Ask for a return.
        Return = "return",
        /// Take from the shelves.
        Pick = "pick",
        /// Pack.
        Pack = "pack",
        /// Hand to the carrier.
        Ship = "ship",
        /// Take in at the store where the customer fetches it.
        Arrive = "arrive",
        /// Hand to the customer.
        Deliver = "deliver",
        /// Refuse to serve.
        Reject = "reject",
        /// Let a return come.
        Authorize = "authorize",
        /// Take a return in.
        Receive = "receive",
    }
}

/// Where something stands, for a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// An order.
    Order(Status),
    /// A fulfillment or a return.
    Part(FulfillmentStatus),
}

impl fmt::Display for Standing {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Order(status) => status.fmt(out),
            Self::Part(status) => status.fmt(out),
        }
    }
}

/// Statuses from which a quantity can still be canceled.
const CANCELABLE: &[LineStatus] = &[LineStatus::Open, LineStatus::Backordered, LineStatus::Allocated];
/// Statuses of a quantity that left and did not come back.
const GONE: &[LineStatus] = &[LineStatus::Shipped, LineStatus::Delivered];

impl Order {
    /// The quantity of all lines that stands in any of these.
    pub fn quantity_in(&self, statuses: &[LineStatus]) -> Quantity {
        self.lines.iter().map(|line| line.counts.of_any(statuses)).sum()
    }

    /// Its status, from its quantities.
    pub fn status(&self) -> Status {
        let any = |statuses: &[LineStatus]| !self.quantity_in(statuses).is_zero();
        match self.stage {
            Stage::Rejected { .. } => return Status::Rejected,
            Stage::Draft if any(&[LineStatus::Open]) => return Status::Draft,
            Stage::Draft | Stage::Open => {}
        }
        let left = any(&[LineStatus::Shipped, LineStatus::Delivered, LineStatus::Returned]);
        let waits = any(&[LineStatus::Backordered]);
        let here = any(&[LineStatus::Open, LineStatus::Allocated, LineStatus::Picked, LineStatus::Packed]) || waits;
        match (left, here) {
            (false, false) => Status::Canceled,
            (true, false) if any(&[LineStatus::Shipped]) => Status::Shipped,
            (true, false) => Status::Delivered,
            (true, true) => Status::PartShipped,
            (false, true) if any(&[LineStatus::Open]) => Status::Placing,
            (false, true) if any(&[LineStatus::Picked, LineStatus::Packed]) => Status::InFulfillment,
            (false, true) if waits => Status::Backordered,
            (false, true) => Status::Allocated,
        }
    }

    /// How much of it has left, in a word.
    pub fn fulfillment_status(&self) -> FulfillmentStatus {
        match self.status() {
            Status::PartShipped => FulfillmentStatus::Partial,
            Status::Shipped | Status::Delivered => FulfillmentStatus::Fulfilled,
            Status::Draft
            | Status::Placing
            | Status::Rejected
            | Status::Backordered
            | Status::Allocated
            | Status::InFulfillment
            | Status::Canceled => FulfillmentStatus::Unfulfilled,
        }
    }

    /// How much of a line can still be canceled.
    pub fn cancelable(&self, no: u32) -> Quantity {
        match self.stage {
            Stage::Rejected { .. } => Quantity::ZERO,
            Stage::Draft | Stage::Open => {
                self.line(no).map(|line| line.counts.of_any(CANCELABLE)).unwrap_or(Quantity::ZERO)
            }
        }
    }

    /// How much of a line can still be asked back: what left, less what other returns are about to bring.
    pub fn returnable(&self, no: u32) -> Quantity {
        let gone = self.line(no).map(|line| line.counts.of_any(GONE)).unwrap_or(Quantity::ZERO);
        let asked = self.returns.iter().filter(|one| one.is_underway()).flat_map(|one| &one.lines);
        gone.saturating_sub(asked.filter(|line| line.line == no).map(|line| line.quantity).sum())
    }

    /// What can be asked of the order as a whole.
    pub fn actions(&self) -> Vec<Action> {
        let mut actions = Vec::new();
        let ended = matches!(self.status(), Status::Rejected | Status::Canceled);
        if self.status() == Status::Draft && self.flags.is_empty() {
            actions.push(Action::Confirm);
        }
        if self.lines.iter().any(|line| !self.cancelable(line.no).is_zero()) {
            actions.push(Action::Cancel);
        }
        if !ended && self.flags.len() < super::MAX_FLAGS {
            actions.push(Action::Hold);
        }
        if !self.flags.is_empty() {
            actions.push(Action::Release);
        }
        if self.returns.len() < super::MAX_RETURNS && self.lines.iter().any(|line| !self.returnable(line.no).is_zero())
        {
            actions.push(Action::Return);
        }
        actions
    }

    /// What is legal where a fulfillment stands. What goes to a store is handed over there, not before it came.
    pub(super) fn legal(&self, fulfillment: &Fulfillment) -> Vec<Action> {
        let comes = |store: &LocationId| fulfillment.location != *store && fulfillment.arrived.is_none();
        match fulfillment.stage {
            FulfillmentStage::Open => alloc::vec![Action::Pick, Action::Reject],
            FulfillmentStage::Picked => alloc::vec![Action::Pack, Action::Reject],
            FulfillmentStage::Packed => alloc::vec![Action::Ship],
            FulfillmentStage::Shipped { .. } if self.store().is_some_and(comes) => alloc::vec![Action::Arrive],
            FulfillmentStage::Shipped { .. } => alloc::vec![Action::Deliver],
            FulfillmentStage::Delivered { .. } | FulfillmentStage::Rejected { .. } | FulfillmentStage::Canceled => {
                Vec::new()
            }
        }
    }

    /// The store to which it is shipped for the customer to fetch.
    pub(super) fn store(&self) -> Option<&LocationId> {
        if let Method::ShipToStore { location } = &self.head.method { Some(location) } else { None }
    }

    /// What can be asked of one of its fulfillments. An administrative hold keeps goods from moving on.
    pub fn fulfillment_actions(&self, fulfillment: &Fulfillment) -> Vec<Action> {
        let mut actions = self.legal(fulfillment);
        if !self.flags.is_empty() {
            actions.retain(|action| !is_held_back(*action));
        }
        actions
    }
}

/// True for the steps that an administrative hold forbids.
pub(super) fn is_held_back(action: Action) -> bool {
    matches!(action, Action::Confirm | Action::Pick | Action::Pack | Action::Ship)
}

impl Fulfillment {
    /// Its status.
    pub fn status(&self) -> FulfillmentStatus {
        match self.stage {
            FulfillmentStage::Open => FulfillmentStatus::Open,
            FulfillmentStage::Picked => FulfillmentStatus::Picked,
            FulfillmentStage::Packed => FulfillmentStatus::Packed,
            FulfillmentStage::Shipped { .. } if self.arrived.is_some() => FulfillmentStatus::Arrived,
            FulfillmentStage::Shipped { .. } => FulfillmentStatus::Shipped,
            FulfillmentStage::Delivered { .. } => FulfillmentStatus::Delivered,
            FulfillmentStage::Rejected { .. } => FulfillmentStatus::Rejected,
            FulfillmentStage::Canceled => FulfillmentStatus::Canceled,
        }
    }
}

impl Return {
    /// Its status.
    pub fn status(&self) -> FulfillmentStatus {
        match self.stage {
            ReturnStage::Requested => FulfillmentStatus::Requested,
            ReturnStage::Authorized => FulfillmentStatus::Authorized,
            ReturnStage::Received { .. } => FulfillmentStatus::Received,
            ReturnStage::Canceled { .. } => FulfillmentStatus::Canceled,
        }
    }

    /// What is legal where it stands.
    pub fn actions(&self) -> Vec<Action> {
        match self.stage {
            ReturnStage::Requested => alloc::vec![Action::Authorize, Action::Cancel],
            ReturnStage::Authorized => alloc::vec![Action::Receive, Action::Cancel],
            ReturnStage::Received { .. } | ReturnStage::Canceled { .. } => Vec::new(),
        }
    }

    /// True while its goods are still to come.
    pub fn is_underway(&self) -> bool {
        match self.stage {
            ReturnStage::Requested | ReturnStage::Authorized => true,
            ReturnStage::Received { .. } | ReturnStage::Canceled { .. } => false,
        }
    }
}
