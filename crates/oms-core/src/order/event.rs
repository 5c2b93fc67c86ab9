//! What happened to an order: facts for ever.

use alloc::boxed::Box;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::head::Head;
use super::improve::{Give, Saving};
use super::line::Line;
use super::refusal::ShortLine;
use super::state::{Peg, Received, ReturnLine};
use crate::price::Totals;
use crate::routing::Decision;
use crate::stock::{Ask, HoldId};
use crate::value::{Day, Digest, Label, LocationId, OrderId, Quantity, Sku, Timestamp};

/// Something that happened to an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// It was captured, priced for good.
    Captured { id: OrderId, head: Box<Head>, lines: Vec<Line>, totals: Totals, to_confirm: bool },
    /// It was sold over a counter, and the goods were carried away.
    Sold { id: OrderId, head: Box<Head>, lines: Vec<Line>, totals: Totals, location: LocationId },
    /// A draft was confirmed.
    Confirmed,
    /// It was decided who is to serve what.
    Routed { decision: Box<Decision> },
    /// An epoch began: these holds are asked for.
    Reserving { epoch: u32, holds: Vec<HoldAsk> },
    /// A hold of the live epoch was had.
    Held { hold: HoldId },
    /// Every hold of the epoch was had: the commit point.
    Allocated { epoch: u32 },
    /// A hold of the epoch was refused: the epoch is dead.
    Missed { epoch: u32, short: Vec<ShortLine> },
    /// A better plan was found, or one that makes room for another order, and an epoch began for what it needs besides. Nothing
    /// of the old plan is given up yet.
    Improving {
        epoch: u32,
        holds: Vec<HoldAsk>,
        gives: Vec<Give>,
        decision: Box<Decision>,
        saving: Saving,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        makes_room_for: Option<OrderId>,
    },
    /// Every hold of that epoch was had: the order moved, and what it gave up is free.
    Improved { epoch: u32, saving: Saving },
    /// A dead epoch's hold is gone.
    Released { hold: HoldId },
    /// What nobody has waits.
    Backordered { lines: Vec<(u32, Quantity)>, look_at: Timestamp },
    /// What waits was bought of goods on their way, or what is known of them changed; `by` when it is to be with the
    /// customer.
    Pegged { pegs: Vec<Peg>, by: Option<Day> },
    /// Looked for backordered stock in vain.
    Waited { look_at: Timestamp },
    /// The stock says that goods it waits for came: it looks at once.
    SupplyCame,
    /// A SKU object knows what of its goods the order waits for.
    Enlisted { object: u16, skus: Vec<(Sku, Quantity)> },
    /// It could not be had.
    Rejected { short: Vec<ShortLine> },
    /// Some or all was canceled.
    Canceled { reason: Option<Label>, parts: Vec<CanceledPart>, key: Option<Digest> },
    /// An administrative hold was put on.
    HoldPut { name: Label, reason: Option<Label> },
    /// An administrative hold was lifted.
    HoldLifted { name: Label },
    /// A location took the goods from the shelves.
    Picked { no: u32 },
    /// A location packed them.
    Packed { no: u32 },
    /// They left.
    Shipped { no: u32, carrier: Option<Label>, tracking: Option<Label> },
    /// The stock knows that they left.
    Consumed { no: u32, hold: HoldId },
    /// They lie ready at the store where the customer fetches them.
    Arrived { no: u32 },
    /// They are with the customer.
    Delivered { no: u32 },
    /// A location couldn't.
    LocationRejected { no: u32, reason: Option<Label> },
    /// The stock knows what a fulfillment gave up of a hold: total per line.
    GivenBack { no: u32, hold: HoldId, totals: Vec<(u32, Quantity)> },
    /// A return was asked for.
    ReturnRequested { no: u32, key: Digest, lines: Vec<ReturnLine> },
    /// It may come.
    ReturnAuthorized { no: u32 },
    /// It came.
    ReturnReceived { no: u32, location: LocationId, lines: Vec<Received> },
    /// The stock knows what came back.
    Restocked { no: u32, object: u16 },
    /// It will not come.
    ReturnCanceled { no: u32, reason: Option<Label> },
}

impl Event {
    /// True for what only says that an errand came back as it should.
    pub fn is_quiet(&self) -> bool {
        matches!(
            self,
            Self::Released { .. }
                | Self::GivenBack { .. }
                | Self::Consumed { .. }
                | Self::Restocked { .. }
                | Self::Enlisted { .. }
        )
    }

    /// The holds that it asks for, if it begins an epoch.
    pub fn asks(&self) -> Option<&[HoldAsk]> {
        if let Self::Reserving { holds, .. } = self { Some(holds) } else { None }
    }

    /// The epoch that it commits, if that is what happened.
    pub fn committed(&self) -> Option<u32> {
        if let Self::Allocated { epoch } | Self::Improved { epoch, .. } = self { Some(*epoch) } else { None }
    }
}

/// A hold asked of one SKU object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldAsk {
    /// The SKU object.
    pub object: u16,
    /// The hold's name.
    pub hold: HoldId,
    /// What it is to set aside.
    pub parts: Vec<Ask>,
}

impl CanceledPart {
    /// All of it.
    pub fn quantity(&self) -> Quantity {
        [self.open, self.backordered].into_iter().chain(self.allocated.iter().map(|(_, quantity)| *quantity)).sum()
    }
}

/// What was canceled of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CanceledPart {
    /// The line.
    pub line: u32,
    /// Of what was not sourced.
    pub open: Quantity,
    /// Of what waited for stock.
    pub backordered: Quantity,
    /// Of what was set aside: fulfillment and quantity.
    pub allocated: Vec<(u32, Quantity)>,
}
