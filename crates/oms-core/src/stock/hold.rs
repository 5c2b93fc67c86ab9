//! A hold: stock set aside for one order epoch or one cart. It ends as its own tombstone.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Inquiry;
use super::event::Short;
use crate::promise::DemandClass;
use crate::sorting::Gather as _;
use crate::value::serial::as_string;
use crate::value::{CartId, Day, Digest, LocationId, Malformed, OrderId, Quantity, Sku, Timestamp};

/// Lower-case hex digits of an id; it has this one spelling.
const HEX_DIGITS: usize = 32;

macro_rules! digest_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u128);

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(out, "{:032x}", self.0)
            }
        }

        impl FromStr for $name {
            type Err = Malformed;

            fn from_str(text: &str) -> Result<Self, Malformed> {
                if text.is_empty() {
                    return Err(Malformed::Empty);
                }
                if text.len() != HEX_DIGITS {
                    return Err(Malformed::Shape);
                }
                if !text.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f')) {
                    return Err(Malformed::Character);
                }
                u128::from_str_radix(text, 16).map(Self).map_err(|_| Malformed::Character)
            }
        }

        as_string!($name);
    };
}

digest_id! {
    /// The name of a hold, worked out by whoever asks for it, so that asking again is the same request.
    HoldId
}
digest_id! {
    /// The name of a stock movement, worked out from the request that made it.
    MovementId
}

impl HoldId {
    /// The hold of an order's epoch in one SKU object.
    pub fn of_order(order: &OrderId, epoch: u32, object: u16) -> Self {
        let name = alloc::format!("order:{order}:{epoch}:{object}");
        Self(u128::from_be_bytes(Digest::of(name.as_bytes()).short()))
    }

    /// The one hold of a cart in one SKU object.
    pub fn of_cart(cart: &CartId) -> Self {
        let name = alloc::format!("cart:{cart}");
        Self(u128::from_be_bytes(Digest::of(name.as_bytes()).short()))
    }
}

impl MovementId {
    /// The movement that a request with this key makes.
    pub fn of(key: &str) -> Self {
        Self(u128::from_be_bytes(Digest::of(key.as_bytes()).short()))
    }
}

/// Who a hold is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    /// One try of an order to reserve its stock.
    Order {
        /// The order.
        order: OrderId,
        /// The try's number.
        epoch: u32,
    },
    /// A cart that is no order yet.
    Cart(CartId),
}

/// Where a hold stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Stock is set aside; at `until` a cart's hold lapses and an order is asked.
    Held {
        /// Server time.
        until: Timestamp,
    },
    /// The order committed; nobody asks any more.
    Confirmed,
    /// It could not be had, and this id never will be.
    Refused {
        /// What was missing.
        short: Vec<Short>,
    },
    /// Given back, or refused in advance because the release came first.
    Released,
}

/// A part of a hold: one order line at one location. `quantity = reserved + consumed + released`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The order line it serves, from 1; lines of a cart are numbered too.
    pub line: u32,
    /// The SKU.
    pub sku: Sku,
    /// The location.
    pub location: LocationId,
    /// What was asked for.
    pub quantity: Quantity,
    /// Shipped.
    #[serde(default, skip_serializing_if = "crate::stock::is_nothing")]
    pub consumed: Quantity,
    /// Given back.
    #[serde(default, skip_serializing_if = "crate::stock::is_nothing")]
    pub released: Quantity,
    /// As whom it was taken, where goods are allocated to classes of demand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taker: Option<Taker>,
}

/// A class of demand that took something, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taker {
    /// The class.
    pub class: DemandClass,
    /// The day.
    pub on: Day,
}

impl Part {
    /// What is still set aside.
    pub fn reserved(&self) -> Quantity {
        self.quantity.saturating_sub(self.consumed).saturating_sub(self.released)
    }
}

/// Stock set aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// For whom; unknown when only a release ever came.
    pub owner: Option<Owner>,
    /// Where it stands.
    pub stage: Stage,
    /// What it sets aside.
    pub parts: Vec<Part>,
    /// The shipments that consumed from it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shipments: Vec<u32>,
}

impl Hold {
    /// True while stock may be set aside.
    pub fn is_live(&self) -> bool {
        match self.stage {
            Stage::Held { .. } | Stage::Confirmed => true,
            Stage::Refused { .. } | Stage::Released => false,
        }
    }

    /// True while nobody knows yet whether its order commits.
    pub fn is_undecided(&self) -> bool {
        matches!((&self.stage, &self.owner), (Stage::Held { .. }, Some(Owner::Order { .. })))
    }

    /// What it sets aside of a SKU at a location.
    pub fn reserved_of(&self, sku: &Sku, location: &LocationId) -> Quantity {
        if !self.is_live() {
            return Quantity::ZERO;
        }
        self.parts.iter().filter(|part| part.sku == *sku && part.location == *location).map(Part::reserved).sum()
    }

    /// The SKUs of which it sets something aside.
    pub(super) fn set_aside(&self) -> BTreeSet<Sku> {
        let parts = self.parts.iter().filter(|part| self.is_live() && !part.reserved().is_zero());
        parts.map(|part| part.sku.clone()).into_set()
    }

    /// True for a cart's hold whose ten minutes are over.
    pub fn is_lapsed(&self, now: Timestamp) -> bool {
        matches!((&self.stage, &self.owner), (Stage::Held { until }, Some(Owner::Cart(_))) if *until <= now)
    }

    /// The question an undecided hold leads to once its time is over.
    pub fn inquiry(&self, hold: HoldId, now: Timestamp) -> Option<Inquiry> {
        match (&self.stage, &self.owner) {
            (Stage::Held { until }, Some(Owner::Order { order, epoch })) if *until <= now => {
                Some(Inquiry { hold, order: *order, epoch: *epoch })
            }
            (Stage::Held { .. } | Stage::Confirmed | Stage::Refused { .. } | Stage::Released, _) => None,
        }
    }

    /// When it needs attention by itself.
    pub fn wake_at(&self) -> Option<Timestamp> {
        match self.stage {
            Stage::Held { until } => Some(until),
            Stage::Confirmed | Stage::Refused { .. } | Stage::Released => None,
        }
    }
}
