//! What happened to the stock. Every posting is a line of the ledger.

use alloc::boxed::Box;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::Key;
use super::allotment::{Drawn, Holder};
use super::command::Ask;
use super::hold::{HoldId, MovementId, Owner, Taker};
use super::shelf::{Crossed, Item, Reason, Verdict};
use super::waiting::Waiter;
use crate::order::Disposition;
use crate::promise::{Inbound, Promising, Step};
use crate::replenish::Watch;
use crate::value::{CartId, Day, Label, LocationId, OrderId, Quantity, Sku, Timestamp};

/// Something that happened to the stock of one object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// An item was created or replaced.
    ItemPut { sku: Sku, item: Item },
    /// Goods are on their way.
    Expected { inbound: Inbound },
    /// A movement was posted.
    Moved {
        id: MovementId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reference: Option<Label>,
        postings: Vec<Posting>,
    },
    /// Stock was set aside; without `until` it was confirmed at once.
    Held {
        hold: HoldId,
        owner: Owner,
        parts: Vec<Ask>,
        until: Option<Timestamp>,
        /// As whom, where some of it is allocated to classes of demand.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        taker: Option<Taker>,
    },
    /// Stock could not be set aside, and under this id never will be.
    Refused { hold: HoldId, owner: Owner, short: Vec<Short> },
    /// A release came before its hold: the id is dead.
    Tombstoned { hold: HoldId },
    /// Parts were given back; a hold with nothing left is released.
    Released { hold: HoldId, parts: Vec<Piece> },
    /// Its order committed.
    Confirmed { hold: HoldId },
    /// Goods left.
    Consumed {
        hold: HoldId,
        shipment: u32,
        parts: Vec<Piece>,
        /// On which day; what left before that was noted counts for no forecast.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        on: Option<Day>,
    },
    /// A cart's time was over, or it asked for something else, or its order took over.
    Lapsed { hold: HoldId, cart: CartId, parts: Vec<Piece> },
    /// Available stock fell to the threshold or below.
    LowStock { sku: Sku, location: LocationId, available: Quantity, threshold: Quantity },
    /// Available stock is above the threshold again.
    LowStockOver { sku: Sku, location: LocationId },
    /// It was said when crossings are told and how a SKU is bought.
    WatchPut { sku: Sku, watch: Box<Watch> },
    /// It was said how a SKU is promised.
    PromisingPut { sku: Sku, promising: Box<Promising> },
    /// What is available of a SKU at a location went from one band to another.
    Crossed { sku: Sku, crossed: Crossed },
    /// The safety stock that follows from demand changed.
    SafetyForecast { sku: Sku, location: LocationId, quantity: Quantity },
    /// An order waits for a SKU; for nothing: not any more.
    Waiting { sku: Sku, waiter: Waiter },
    /// Whoever wanted to know of more goods was told, and these orders that wait are promised something else.
    Told {
        sku: Sku,
        news: u32,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        promised: Vec<(OrderId, Vec<Step>)>,
    },
    /// A right to sell was asked for and granted, in whole or in part: totals.
    Allotted { holder: Holder, sku: Sku, location: LocationId, asked: Quantity, granted: Quantity },
    /// Something became of a right: totals, what left the shelf with this news, and the day it came.
    Drawn {
        holder: Holder,
        sku: Sku,
        location: LocationId,
        drawn: Drawn,
        left: Quantity,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        on: Option<Day>,
    },
    /// A count or an adjustment left less than was promised (I1 broken by a fact, on record); zero when it is made good.
    Shortage { sku: Sku, location: LocationId, missing: Quantity },
}

/// A quantity of a hold's part.
pub type Piece = Ask;

/// A line of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Posting {
    /// Came from outside.
    Received { sku: Sku, location: LocationId, quantity: Quantity },
    /// Found, by adjustment or count.
    Found { sku: Sku, location: LocationId, quantity: Quantity, reason: Reason },
    /// Lost, by adjustment or count.
    Lost { sku: Sku, location: LocationId, quantity: Quantity, reason: Reason },
    /// Left for another location.
    Dispatched { sku: Sku, location: LocationId, quantity: Quantity },
    /// Came from another location.
    Arrived { sku: Sku, location: LocationId, quantity: Quantity },
    /// Changed places.
    Transferred { sku: Sku, from: LocationId, to: LocationId, quantity: Quantity },
    /// Left quarantine.
    Judged { sku: Sku, location: LocationId, quantity: Quantity, verdict: Verdict },
    /// Came back.
    Returned { sku: Sku, location: LocationId, quantity: Quantity, disposition: Disposition },
}

/// What was missing when stock could not be set aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Short {
    /// The order line.
    pub line: u32,
    /// The SKU.
    pub sku: Sku,
    /// The location asked.
    pub location: LocationId,
    /// What could be had.
    pub available: Quantity,
    /// What undecided orders hold and may give back.
    pub undecided: Quantity,
}

impl Posting {
    /// The SKU it is about.
    pub fn sku(&self) -> &Sku {
        match self {
            Self::Received { sku, .. }
            | Self::Found { sku, .. }
            | Self::Lost { sku, .. }
            | Self::Transferred { sku, .. }
            | Self::Dispatched { sku, .. }
            | Self::Arrived { sku, .. }
            | Self::Judged { sku, .. }
            | Self::Returned { sku, .. } => sku,
        }
    }

    /// True when there may be more for sale after it.
    pub(super) fn is_more(&self) -> bool {
        match self {
            Self::Received { .. } | Self::Found { .. } | Self::Transferred { .. } | Self::Arrived { .. } => true,
            Self::Judged { verdict, .. } => *verdict == Verdict::Restock,
            Self::Returned { disposition, .. } => *disposition == Disposition::Restock,
            Self::Lost { .. } | Self::Dispatched { .. } => false,
        }
    }

    /// How much moved.
    pub fn quantity(&self) -> Quantity {
        match self {
            Self::Received { quantity, .. }
            | Self::Found { quantity, .. }
            | Self::Lost { quantity, .. }
            | Self::Transferred { quantity, .. }
            | Self::Dispatched { quantity, .. }
            | Self::Arrived { quantity, .. }
            | Self::Judged { quantity, .. }
            | Self::Returned { quantity, .. } => *quantity,
        }
    }
}

impl Event {
    /// The SKUs whose pages it changes.
    pub fn skus(&self) -> impl Iterator<Item = &Sku> {
        let (one, parts, postings): (Option<&Sku>, &[Piece], &[Posting]) = match self {
            Self::Expected { inbound } => (Some(&inbound.sku), &[], &[]),
            Self::ItemPut { sku, .. }
            | Self::Allotted { sku, .. }
            | Self::Drawn { sku, .. }
            | Self::LowStock { sku, .. }
            | Self::LowStockOver { sku, .. }
            | Self::Waiting { sku, .. }
            | Self::WatchPut { sku, .. }
            | Self::PromisingPut { sku, .. }
            | Self::Crossed { sku, .. }
            | Self::SafetyForecast { sku, .. }
            | Self::Told { sku, .. }
            | Self::Shortage { sku, .. } => (Some(sku), &[], &[]),
            Self::Moved { postings, .. } => (None, &[], postings),
            Self::Held { parts, .. }
            | Self::Released { parts, .. }
            | Self::Consumed { parts, .. }
            | Self::Lapsed { parts, .. } => (None, parts, &[]),
            Self::Refused { .. } | Self::Tombstoned { .. } | Self::Confirmed { .. } => (None, &[], &[]),
        };
        one.into_iter().chain(parts.iter().map(|part| &part.sku)).chain(postings.iter().map(Posting::sku))
    }

    /// The parts of the state it changes.
    pub fn keys(&self) -> Vec<Key> {
        let mut keys: Vec<Key> = self.skus().cloned().map(Key::Page).collect();
        match self {
            Self::Held { hold, .. }
            | Self::Released { hold, .. }
            | Self::Consumed { hold, .. }
            | Self::Lapsed { hold, .. }
            | Self::Refused { hold, .. }
            | Self::Tombstoned { hold }
            | Self::Confirmed { hold } => keys.push(Key::Hold(*hold)),
            Self::Moved { id, .. } => keys.push(Key::Movement(*id)),
            Self::ItemPut { .. }
            | Self::Expected { .. }
            | Self::Allotted { .. }
            | Self::Drawn { .. }
            | Self::LowStock { .. }
            | Self::LowStockOver { .. }
            | Self::Waiting { .. }
            | Self::WatchPut { .. }
            | Self::PromisingPut { .. }
            | Self::Crossed { .. }
            | Self::SafetyForecast { .. }
            | Self::Told { .. }
            | Self::Shortage { .. } => {}
        }
        keys
    }
}
