//! What happened at a till: facts for ever, and what it asked for.

use alloc::boxed::Box;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::sale::{Refunded, Sale, Tender};
use crate::order::Draft;
use crate::value::{Amount, Label, OrderId, Quantity, Sku};

/// An event of a till's journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// A cash drawer came into use.
    ShiftOpened {
        /// Who.
        cashier: Label,
        /// Cash in the drawer.
        float: Amount,
    },
    /// The drawer was counted without knowing what it ought to hold.
    ShiftClosed {
        /// Who.
        cashier: Label,
        /// What was counted.
        counted: Amount,
        /// What there ought to be, as the till reckons it.
        expected: Amount,
    },
    /// Cash was put in that is no sale.
    PaidIn { cashier: Label, amount: Amount, reason: Label },
    /// Cash was taken out that is no refund.
    PaidOut { cashier: Label, amount: Amount, reason: Label },
    /// The drawer was opened for nothing.
    DrawerOpened { cashier: Label, reason: Label },
    /// Goods were sold and carried away.
    Sold(Box<Sale>),
    /// Goods came back for money.
    Refunded(Box<Refunded>),
    /// Stock of the store was counted.
    Counted { cashier: Label, lines: Vec<CountedLine> },
    /// A customer fetched an online order: the fulfillment leaves the store.
    HandedOver { cashier: Label, order: OrderId, no: u32 },
    /// A request: an order that others are to carry out. It may be refused, and the receipt says so.
    Requested {
        /// Who.
        cashier: Label,
        /// The order, under the id of this entry.
        draft: Box<Draft>,
        /// What was paid for it already.
        tenders: Vec<Tender>,
    },
    /// Rights to sell were given back: from here on the till does not sell them.
    Surrendered { pieces: Vec<Piece> },
    /// A manager lets the till go on although its clock is far off.
    ClockAccepted {
        /// Who.
        manager: Label,
        /// How far, in milliseconds: the till's clock less the edge's.
        skew: i64,
    },
}

impl Event {
    /// The word for its kind, as in JSON.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::ShiftOpened { .. } => "shift_opened",
            Self::ShiftClosed { .. } => "shift_closed",
            Self::PaidIn { .. } => "paid_in",
            Self::PaidOut { .. } => "paid_out",
            Self::DrawerOpened { .. } => "drawer_opened",
            Self::Sold(_) => "sold",
            Self::Refunded(_) => "refunded",
            Self::Counted { .. } => "counted",
            Self::HandedOver { .. } => "handed_over",
            Self::Requested { .. } => "requested",
            Self::Surrendered { .. } => "surrendered",
            Self::ClockAccepted { .. } => "clock_accepted",
        }
    }
}

/// A quantity of a SKU.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Piece {
    /// The SKU.
    pub sku: Sku,
    /// How much.
    pub quantity: Quantity,
}

/// What was counted of a SKU.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountedLine {
    /// The SKU.
    pub sku: Sku,
    /// What lies there.
    pub counted: Quantity,
}
