//! What is asked of the stock.

use alloc::boxed::Box;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::allotment::{Drawn, Holder};
use super::hold::{HoldId, MovementId};
use super::shelf::{Item, Reason, Verdict};
use super::waiting::Waiting;
use crate::order::Disposition;
use crate::promise::{Backorders, DemandClass, Inbound, Promising};
use crate::replenish::Watch;
use crate::value::{CartId, Delta, LocationId, OrderId, Quantity, Sku};

/// Something asked of the stock of one object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Create or replace an item.
    PutItem {
        /// The SKU.
        sku: Sku,
        /// Its new master; the version given is ignored.
        item: Item,
    },
    /// Goods are on their way, or what is known of them changed. What was received of them is the stock's to know.
    Expect(Inbound),
    /// Post a movement: all lines or none.
    Move(Move),
    /// Set stock aside for an order's epoch: all parts or none.
    Reserve {
        /// The name of the hold.
        hold: HoldId,
        /// The order.
        order: OrderId,
        /// The epoch.
        epoch: u32,
        /// What is wanted.
        parts: Vec<Ask>,
        /// The shopper's cart, whose own hold makes way.
        cart: Option<CartId>,
        /// For which class of demand.
        #[serde(default)]
        class: DemandClass,
        /// True when the order needs nobody else: the hold is then confirmed at once.
        sole: bool,
    },
    /// Give a hold back, whole or in part.
    Release {
        /// The hold.
        hold: HoldId,
        /// The *total* given back so far per part, or everything. Totals only grow, so messages may repeat and overtake.
        totals: Option<Vec<Ask>>,
    },
    /// The order committed.
    Confirm {
        /// The hold.
        hold: HoldId,
    },
    /// Goods left.
    Consume {
        /// The hold they were set aside by.
        hold: HoldId,
        /// The shipment: the fulfillment's number.
        shipment: u32,
        /// What left.
        parts: Vec<Ask>,
    },
    /// Set stock aside for a cart, replacing what it held.
    HoldCart {
        /// The cart.
        cart: CartId,
        /// What is wanted; without a location the stock chooses.
        parts: Vec<CartAsk>,
        /// For which class of demand.
        #[serde(default)]
        class: DemandClass,
    },
    /// Say when crossings of a SKU are told and how it is bought; the default: not at all.
    PutWatch {
        /// The SKU.
        sku: Sku,
        /// What is said.
        watch: Box<Watch>,
    },
    /// Say how a SKU is promised; the default: from what is there and what comes.
    PutPromising {
        /// The SKU.
        sku: Sku,
        /// What is said.
        promising: Box<Promising>,
    },
    /// An order waits for so much of these; nothing of a SKU takes it off the list.
    Enlist {
        /// The order.
        order: OrderId,
        /// As whom.
        wait: Waiting,
        /// For what.
        skus: Vec<(Sku, Quantity)>,
        /// What of it it bought of goods on their way.
        #[serde(default)]
        pegs: Vec<Ask>,
    },
    /// Whoever wants to know of more goods of a SKU was told of so much news; who waits is promised anew, and there is no news any more
    /// unless some came meanwhile.
    Told {
        /// The SKU.
        sku: Sku,
        /// How much of it: see [`super::Page::news`].
        news: u32,
        /// What those who wait may gain and lose by it.
        #[serde(default)]
        rules: Backorders,
    },
    /// Grant a right to sell: as much of it as is free.
    Allot {
        /// Who.
        holder: Holder,
        /// What.
        sku: Sku,
        /// Where.
        location: LocationId,
        /// Asked for in *total*.
        asked: Quantity,
    },
    /// Take in what became of a right.
    Draw {
        /// Whose.
        holder: Holder,
        /// Of what.
        sku: Sku,
        /// Where.
        location: LocationId,
        /// Totals.
        drawn: Drawn,
    },
    /// Time passed: let cart holds lapse.
    Lapse,
}

/// A quantity of a SKU at a location for an order line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// The order line, from 1.
    pub line: u32,
    /// The SKU.
    pub sku: Sku,
    /// The location.
    pub location: LocationId,
    /// How much.
    pub quantity: Quantity,
}

/// A quantity of a SKU for a cart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CartAsk {
    /// The SKU.
    pub sku: Sku,
    /// How much.
    pub quantity: Quantity,
    /// Where, when the shopper cares.
    pub location: Option<LocationId>,
}

/// A movement of stock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// Its name: posting it again changes nothing.
    pub id: MovementId,
    /// Its document, such as a purchase order or a return. What is received under the number of goods on their way was
    /// them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<crate::value::Label>,
    /// What moves.
    pub lines: Vec<MoveLine>,
}

/// One line of a movement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MoveLine {
    /// Goods came from outside.
    Receive { sku: Sku, location: LocationId, quantity: Quantity },
    /// The books change.
    Adjust { sku: Sku, location: LocationId, by: Delta, reason: Reason },
    /// Somebody counted.
    Count { sku: Sku, location: LocationId, counted: Quantity },
    /// Somebody counted at a till, when so much in total had left by it.
    Recount { sku: Sku, location: LocationId, counted: Quantity, holder: Holder, left: Quantity },
    /// Goods leave for another location, under the number of a transfer: the movement's reference.
    Dispatch { sku: Sku, from: LocationId, quantity: Quantity },
    /// Goods change places.
    Transfer { sku: Sku, from: LocationId, to: LocationId, quantity: Quantity },
    /// Goods in quarantine were judged.
    Judge { sku: Sku, location: LocationId, quantity: Quantity, verdict: Verdict },
    /// Goods came back from a customer.
    Return { sku: Sku, location: LocationId, quantity: Quantity, disposition: Disposition },
}

impl MoveLine {
    /// The SKU it is about.
    pub fn sku(&self) -> &Sku {
        match self {
            Self::Receive { sku, .. }
            | Self::Adjust { sku, .. }
            | Self::Count { sku, .. }
            | Self::Recount { sku, .. }
            | Self::Transfer { sku, .. }
            | Self::Dispatch { sku, .. }
            | Self::Judge { sku, .. }
            | Self::Return { sku, .. } => sku,
        }
    }
}
