//! What is asked of a till.

use alloc::boxed::Box;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::cart::Cart;
use super::refund::RefundAsk;
use super::sale::Tender;
use crate::order::Draft;
use crate::value::{Amount, Label, OrderId, Quantity, Sku, decimal};

/// Something asked of a till: each becomes one entry of its journal, or is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// A drawer comes into use.
    OpenShift { cashier: Label, float: Amount },
    /// The drawer was counted, blind: a difference is taken as it is. Somebody else's shift takes who may manage.
    CloseShift { cashier: Label, approver: Option<Label>, counted: Amount },
    /// Cash is put in.
    PayIn { cashier: Label, amount: Amount, reason: Label },
    /// Cash is taken out.
    PayOut { cashier: Label, approver: Option<Label>, amount: Amount, reason: Label },
    /// The drawer is opened for nothing.
    OpenDrawer { cashier: Label, reason: Label },
    /// Goods are sold and carried away.
    Sell(Box<Cart>),
    /// Goods come back for money.
    Refund(Box<RefundAsk>),
    /// Stock was counted.
    Count { cashier: Label, lines: Vec<Amounted> },
    /// A customer fetches an online order.
    HandOver { cashier: Label, order: OrderId, no: u32 },
    /// An order that others are to carry out. Its id and its time are made from the entry.
    Request { cashier: Label, draft: Box<Draft>, tenders: Vec<Tender> },
    /// The edge wants rights back: as much of it as is left is given.
    Surrender { recall: Vec<Amounted> },
    /// A manager lets the till go on although its clock is far off.
    AcceptClock { manager: Label },
}

/// A quantity of a SKU; a decimal in serde.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Amounted {
    /// The SKU.
    pub sku: Sku,
    /// How much.
    #[serde(with = "decimal")]
    pub quantity: Quantity,
}
