//! What is on its way: purchase orders and transfers, as they feed the timelines.

use serde::{Deserialize, Serialize};

use crate::value::{Day, Delta, Invalid, Label, LocationId, Problem, Quantity, Sku};

/// One line of a purchase order or transfer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inbound {
    /// Its number, unique among what is on its way.
    pub id: Label,
    /// What comes.
    pub sku: Sku,
    /// Where to.
    pub location: LocationId,
    /// Where from.
    pub source: Source,
    /// How far it is.
    pub stage: Stage,
    /// The day it is expected; goods count from that day on.
    pub expected: Day,
    /// What was ordered.
    pub ordered: Quantity,
    /// What has arrived: it is on hand already.
    #[serde(default)]
    pub received: Quantity,
    /// Of a transfer: what has left.
    #[serde(default, skip_serializing_if = "crate::stock::is_nothing")]
    pub sent: Quantity,
}

/// Where goods come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Source {
    /// A supplier.
    Purchase,
    /// Another location of ours.
    Transfer {
        /// Which.
        from: LocationId,
        /// The day it leaves: until then the goods are on hand there, and spoken for.
        ships: Day,
    },
}

/// How far an inbound is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Only thought of: nobody counts on it.
    Draft,
    /// Firm; of a transfer, nothing has left yet.
    Ready,
    /// On its way.
    InTransit,
    /// Nothing more will come.
    Closed,
}

impl Inbound {
    /// What is still to come; nothing of a draft, of a closed one, or when more came than was ordered.
    pub fn open(&self) -> Quantity {
        match self.stage {
            Stage::Draft | Stage::Closed => Quantity::ZERO,
            Stage::Ready | Stage::InTransit => self.due().saturating_sub(self.received),
        }
    }

    /// What is to come in all: of a transfer that has left, what left.
    fn due(&self) -> Quantity {
        if self.sent.is_zero() { self.ordered } else { self.sent }
    }

    /// True for a transfer from this location that may still leave.
    pub fn comes_from(&self, location: &LocationId) -> bool {
        let open = matches!(self.stage, Stage::Ready | Stage::InTransit);
        open && matches!(&self.source, Source::Transfer { from, .. } if from == location)
    }

    /// True for a transfer between our own locations.
    pub const fn is_transfer(&self) -> bool {
        matches!(self.source, Source::Transfer { .. })
    }

    /// What came more (or less, once it is closed) than was ordered. Nothing while it is still expected.
    pub fn discrepancy(&self) -> Delta {
        let over = Delta::from(self.received.saturating_sub(self.due()));
        let under = Delta::from(self.due().saturating_sub(self.received)).negated();
        match self.stage {
            Stage::Closed if over.is_zero() => under,
            Stage::Draft | Stage::Ready | Stage::InTransit | Stage::Closed => over,
        }
    }

    /// What it still takes from the location a transfer comes from: the place, the day, the quantity.
    pub fn outgoing(&self) -> Option<(&LocationId, Day, Quantity)> {
        match (&self.source, self.stage) {
            (Source::Transfer { from, ships }, Stage::Ready) => Some((from, *ships, self.open())),
            (Source::Transfer { .. } | Source::Purchase, _) => None,
        }
    }

    /// Refuses what cannot be, naming the field: nothing ordered, too much, a transfer to itself or one that arrives
    /// before it leaves.
    pub fn check(&self) -> Result<(), Invalid> {
        let most = super::MOST_QUANTITY;
        if self.ordered.is_zero() {
            return Err(Invalid::new("ordered", Problem::Zero));
        }
        for (field, quantity) in [("ordered", self.ordered), ("received", self.received)] {
            if quantity > most {
                return Err(Invalid::new(field, Problem::Beyond { most: most.thousandths() }));
            }
        }
        match &self.source {
            Source::Transfer { from, .. } if *from == self.location => {
                Err(Invalid::new("source.transfer.from", Problem::Cycle { name: from.as_str().into() }))
            }
            Source::Transfer { ships, .. } if *ships > self.expected => {
                Err(Invalid::new("source.transfer.ships", Problem::Unordered))
            }
            Source::Transfer { .. } | Source::Purchase => Ok(()),
        }
    }
}
