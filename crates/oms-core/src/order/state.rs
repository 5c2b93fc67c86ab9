//! What an order is between two events.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::event::HoldAsk;
use super::head::Head;
use super::improve::Swap;
use super::line::{Line, LineStatus};
use super::refusal::ShortLine;
use crate::price::Totals;
use crate::routing::{Code, Parcel};
use crate::sorting::{self, Gather as _};
use crate::stock::{Ask, HoldId, Waiting};
use crate::value::{Day, Digest, Label, LocationId, OrderId, Quantity, ReturnId, Sku, Timestamp};

/// Goods that an order bought before they are there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Peg {
    /// What, and where it comes to.
    pub part: Ask,
    /// The day it is to be there; unknown when what comes is not enough any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ready: Option<Day>,
    /// True for what is made or ordered in for the order, and false for what is on its way anyway: of that there is only so
    /// much, and the stock keeps count of who bought it.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub made: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands fields over by reference")]
const fn is_none_yet(count: &u32) -> bool {
    *count == 0
}

/// What an order remembers of its last routing decision; the whole of it is in its history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Routed {
    /// The policy.
    pub policy: Label,
    /// Its version.
    pub version: u32,
    /// The strategy that decided.
    pub strategy: Label,
    /// What it costs, in thousandths of a minor unit.
    pub cost: i64,
    /// Whether no plan is better.
    pub proven: bool,
    /// What it was decided from.
    pub inputs: Digest,
    /// By location, how its goods are to travel.
    pub planned: Vec<(LocationId, Planned)>,
}

/// How goods are to travel, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    /// The carrier; nothing when the customer comes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carrier: Option<Code>,
    /// Its service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Code>,
    /// The day they leave or lie ready.
    pub ships: Day,
    /// The last day of the delivery window.
    pub delivers: Day,
    /// The order of the same customer into whose parcel it goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joins: Option<OrderId>,
}

/// Where an order stands as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Captured, to be confirmed by somebody.
    Draft,
    /// Placed; the rest is in the quantities.
    Open,
    /// It could not be had.
    Rejected {
        /// What was missing.
        short: Vec<ShortLine>,
    },
}

/// One try to reserve what is open: the one live, uncommitted epoch (I5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// Its number.
    pub epoch: u32,
    /// Nothing was ever tried before: every object is asked at once.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub first: bool,
    /// A hold per SKU object, ascending by object.
    pub holds: Vec<HoldAsk>,
    /// Which of them answered that they hold.
    pub held: Vec<HoldId>,
    /// What is given up for it, when the order moves to a better plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub swap: Option<Box<Swap>>,
}

/// A hold of a dead epoch, to be released whether or not it ever answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadHold {
    /// The SKU object it was asked of.
    pub object: u16,
    /// The hold.
    pub hold: HoldId,
}

/// An administrative hold: a named reason why nothing is picked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flag {
    /// Its name.
    pub name: Label,
    /// Why.
    pub reason: Option<Label>,
    /// Since when.
    pub at: Timestamp,
}

/// Where a fulfillment stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FulfillmentStage {
    /// Waiting for the location.
    Open,
    /// Taken from the shelves.
    Picked,
    /// In parcels.
    Packed,
    /// Handed to the carrier.
    Shipped { at: Timestamp },
    /// With the customer.
    Delivered { at: Timestamp },
    /// The location can't; sourced again without it.
    Rejected { reason: Option<Label> },
    /// Nothing is left of it.
    Canceled,
}

/// What one location does for an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fulfillment {
    /// From 1, within the order.
    pub no: u32,
    /// Where.
    pub location: LocationId,
    /// Where it stands.
    pub stage: FulfillmentStage,
    /// What.
    pub lines: Vec<FulfillmentLine>,
    /// How it is to travel, and when, where carriers and calendars say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned: Option<Planned>,
    /// Since when it lies ready at the store to which it was shipped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrived: Option<Timestamp>,
    /// Who carries it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carrier: Option<Label>,
    /// The carrier's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tracking: Option<Label>,
}

/// A line of a fulfillment and the hold that backs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FulfillmentLine {
    /// The order line.
    pub line: u32,
    /// The SKU.
    pub sku: Sku,
    /// How much is to leave, or left.
    pub quantity: Quantity,
    /// The SKU object of the hold.
    pub object: u16,
    /// The hold it consumes.
    pub hold: HoldId,
    /// Given up in total.
    #[serde(default, skip_serializing_if = "crate::stock::is_nothing")]
    pub given_up: Quantity,
    /// What of it the stock knows of.
    #[serde(default, skip_serializing_if = "crate::stock::is_nothing")]
    pub given_back: Quantity,
    /// The stock knows that it left.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub consumed: bool,
}

/// What becomes of returned goods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Disposition {
    /// For sale again.
    Restock,
    /// Kept apart.
    Quarantine,
}

/// Where a return stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReturnStage {
    /// Asked for.
    Requested,
    /// May come.
    Authorized,
    /// Came.
    Received {
        /// Where.
        location: LocationId,
        /// What, and what becomes of it.
        lines: Vec<Received>,
        /// The SKU objects that know.
        restocked: Vec<u16>,
    },
    /// Will not come.
    Canceled { reason: Option<Label> },
}

/// Goods that came back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Received {
    /// The order line.
    pub line: u32,
    /// How much came.
    pub quantity: Quantity,
    /// What becomes of it.
    pub disposition: Disposition,
}

/// A line of a return.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnLine {
    /// The order line.
    pub line: u32,
    /// How much is to come.
    pub quantity: Quantity,
    /// Why.
    pub reason: Option<Label>,
}

/// A return of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Return {
    /// From 1, within the order.
    pub no: u32,
    /// The request that made it.
    pub key: Digest,
    /// Where it stands.
    pub stage: ReturnStage,
    /// What was asked.
    pub lines: Vec<ReturnLine>,
    /// When it was asked for.
    pub at: Timestamp,
}

/// A request that canceled something, so that repeating it cancels nothing more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CancelKey {
    /// The request.
    pub key: Digest,
    /// What it canceled: see [`CancelKey::of_lines`].
    pub lines: Digest,
}

impl CancelKey {
    /// The digest of lines and quantities, in whatever order.
    pub fn of_lines(lines: impl Iterator<Item = (u32, Quantity)>) -> Digest {
        let mut lines: Vec<(u32, Quantity)> = lines.collect();
        sorting::sort(&mut lines);
        let words: Vec<alloc::string::String> =
            lines.iter().map(|(line, quantity)| alloc::format!("{line}:{quantity}")).collect();
        Digest::of(words.join(" ").as_bytes())
    }
}

/// An order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Its id, which carries its slot.
    pub id: OrderId,
    /// What was fixed when it was captured.
    pub head: Head,
    /// Its lines, numbered from 1.
    pub lines: Vec<Line>,
    /// What it costs.
    pub totals: Totals,
    /// Where it stands as a whole.
    pub stage: Stage,
    /// Administrative holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<Flag>,
    /// Epochs used so far; the next one's number.
    pub epochs: u32,
    /// The live try, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt: Option<Attempt>,
    /// Holds of dead epochs that may still set stock aside.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dead: Vec<DeadHold>,
    /// How it was routed last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub routed: Option<Routed>,
    /// What locations do for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fulfillments: Vec<Fulfillment>,
    /// What comes back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub returns: Vec<Return>,
    /// Locations that refused to serve it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excluded: Vec<LocationId>,
    /// Epochs refused since something last became open.
    #[serde(default)]
    pub misses: u32,
    /// Since when something is open.
    pub open_since: Timestamp,
    /// Looks for backordered stock so far.
    #[serde(default)]
    pub looks: u32,
    /// When to look for backordered stock again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub look_at: Option<Timestamp>,
    /// What the SKU objects know that it waits for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub enlisted: Vec<(u16, Vec<(Sku, Quantity)>)>,
    /// What it bought of goods that are not there yet; what has come of them since is counted by the lines.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pegs: Vec<Peg>,
    /// When they are to be with the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pegged_by: Option<Day>,
    /// SKU objects that are to know of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repegged: Vec<u16>,
    /// Moves to better plans so far.
    #[serde(default, skip_serializing_if = "is_none_yet")]
    pub improvements: u32,
    /// Moves that came to nothing, as others were faster.
    #[serde(default, skip_serializing_if = "is_none_yet")]
    pub missed_moves: u32,
    /// Partial cancellations already taken in, by their requests' keys.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cancel_keys: Vec<CancelKey>,
}

impl Order {
    /// Its parcels that nobody picked yet, as far as it is known when and how they leave.
    pub fn parcels(&self) -> Vec<Parcel> {
        let open = self.fulfillments.iter().filter(|one| one.stage == FulfillmentStage::Open);
        let parcels = open.filter_map(|one| {
            let planned = one.planned.as_ref()?;
            let (carrier, service) = (planned.carrier.clone()?, planned.service.clone()?);
            Some(Parcel { location: one.location.clone(), order: self.id, ships: planned.ships, carrier, service })
        });
        parcels.collect()
    }

    /// A line by its number.
    pub fn line(&self, no: u32) -> Option<&Line> {
        self.lines.iter().find(|line| line.no == no)
    }

    /// A line by its number, to change.
    pub(super) fn line_mut(&mut self, no: u32) -> Option<&mut Line> {
        self.lines.iter_mut().find(|line| line.no == no)
    }

    /// What it bought of goods that are not there yet and still waits for.
    pub fn pegs_now(&self) -> Vec<Peg> {
        let mut left: BTreeMap<u32, Quantity> =
            self.lines.iter().map(|line| (line.no, line.counts.of(LineStatus::Backordered))).into_map();
        let mut pegs = self.pegs.clone();
        for peg in &mut pegs {
            let waits = left.entry(peg.part.line).or_default();
            peg.part.quantity = peg.part.quantity.min(*waits);
            *waits = waits.saturating_sub(peg.part.quantity);
        }
        pegs.retain(|peg| !peg.part.quantity.is_zero());
        pegs
    }

    /// The last day by which everything that is set aside, or bought before it is there, is to be with the customer.
    /// Nothing while something is neither, or where no carrier says how long it takes.
    pub fn promised_by(&self) -> Option<Day> {
        let bought: Quantity = self.pegs_now().iter().map(|peg| peg.part.quantity).sum();
        if self.quantity_in(&[LineStatus::Open, LineStatus::Backordered]) != bought {
            return None;
        }
        let lives =
            |one: &&Fulfillment| !matches!(one.stage, FulfillmentStage::Canceled | FulfillmentStage::Rejected { .. });
        let mut last = if bought.is_zero() { None } else { Some(self.pegged_by?) };
        for fulfillment in self.fulfillments.iter().filter(lives) {
            last = last.max(Some(fulfillment.planned.as_ref()?.delivers));
        }
        last
    }

    /// As whom it waits for goods: by the first day for which it, or a line of it that waits, is wanted.
    pub(super) fn waiting(&self) -> Waiting {
        let waits = self.lines.iter().filter(|line| !line.counts.of(LineStatus::Backordered).is_zero());
        Waiting {
            channel: self.head.channel.clone(),
            class: self.head.customer.class.clone(),
            wanted: waits.filter_map(|line| line.requested_by).chain(self.head.requested_by).min(),
            since: self.head.placed_at,
        }
    }

    /// What waits for it to be shipped, by location.
    pub fn waits_at(&self) -> BTreeMap<LocationId, Quantity> {
        let mut waits: BTreeMap<LocationId, Quantity> = BTreeMap::new();
        let here = |one: &&Fulfillment| {
            matches!(one.stage, FulfillmentStage::Open | FulfillmentStage::Picked | FulfillmentStage::Packed)
        };
        for one in self.fulfillments.iter().filter(here) {
            let units: Quantity = one.lines.iter().map(|line| line.quantity).sum();
            let sum = waits.entry(one.location.clone()).or_default();
            *sum = sum.saturating_add(units);
        }
        waits.retain(|_, units| !units.is_zero());
        waits
    }

    /// A fulfillment by its number.
    pub fn fulfillment(&self, no: u32) -> Option<&Fulfillment> {
        self.fulfillments.iter().find(|fulfillment| fulfillment.no == no)
    }

    /// A return by its number.
    pub fn return_no(&self, no: u32) -> Option<&Return> {
        self.returns.iter().find(|one| one.no == no)
    }

    /// The public id of one of its returns.
    pub fn return_id(&self, no: u32) -> ReturnId {
        ReturnId { order: self.id, no }
    }
}

impl Order {
    /// The SKU objects and holds that an epoch committed.
    pub fn holds_of(&self, epoch: u32) -> alloc::vec::Vec<(u16, HoldId)> {
        let lines = self.fulfillments.iter().flat_map(|one| &one.lines);
        lines
            .filter(|line| line.hold == HoldId::of_order(&self.id, epoch, line.object))
            .map(|line| (line.object, line.hold))
            .collect()
    }

    /// What becomes of the holds of an epoch: a committed one keeps them, the live one is not decided, all others are
    /// dead.
    pub fn fate(&self, epoch: u32) -> Fate {
        if self.attempt.as_ref().is_some_and(|attempt| attempt.epoch == epoch) {
            return Fate::Later;
        }
        if self.holds_of(epoch).is_empty() { Fate::Release } else { Fate::Confirm }
    }
}

/// What becomes of a hold whose SKU object asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// The order committed.
    Confirm,
    /// The order is dead, unknown, or in another epoch.
    Release,
    /// Not known yet.
    Later,
}
