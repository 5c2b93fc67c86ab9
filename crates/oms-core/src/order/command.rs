//! What is asked of an order.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::head::Head;
use super::improve::Room;
use super::refusal::ShortLine;
use super::state::{Received, ReturnLine};
use super::till::CounterSale;
use crate::network::Network;
use crate::price::{PriceEntry, TaxTable};
use crate::promise::Step;
use crate::routing::{self, Handling, Parcel, Prepared};
use crate::stock::HoldId;
use crate::value::{Amount, Day, Digest, Label, LocationId, OrderId, Quantity, Sku};

/// Something asked of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Capture it, with every fact that needs. Never travels: whoever hosts the order collects the facts.
    #[serde(skip)]
    Place(Box<Placement>),
    /// Place a draft.
    Confirm,
    /// Cancel it all, or some of some lines.
    Cancel {
        /// Why.
        reason: Option<Label>,
        /// Line and quantity; nothing means everything that can be canceled.
        lines: Option<Vec<(u32, Quantity)>>,
        /// The request, so that repeating it cancels nothing more.
        key: Option<Digest>,
    },
    /// Put an administrative hold on it.
    Hold { name: Label, reason: Option<Label> },
    /// Lift an administrative hold.
    Release { name: Label },
    /// A location took its goods from the shelves.
    Pick { no: u32 },
    /// A location packed them.
    Pack { no: u32 },
    /// A location handed them to the carrier.
    Ship { no: u32, carrier: Option<Label>, tracking: Option<Label> },
    /// The carrier handed them to the store where the customer fetches them.
    Arrive { no: u32 },
    /// They were handed to the customer.
    Deliver { no: u32 },
    /// A location can't.
    Reject { no: u32, reason: Option<Label> },
    /// Somebody wants to return something.
    RequestReturn { key: Digest, lines: Vec<ReturnLine> },
    /// It may come.
    AuthorizeReturn { no: u32 },
    /// It came.
    ReceiveReturn { no: u32, location: LocationId, lines: Vec<Received> },
    /// It will not come.
    CancelReturn { no: u32, reason: Option<Label> },
    /// It was sold over a counter: a fact.
    Sell(Box<CounterSale>),
    /// Goods came back over a counter: a fact, as far as they had left.
    TakeBack { key: Digest, location: LocationId, reason: Option<Label>, lines: Vec<Received> },
    /// A customer fetched a fulfillment: a fact.
    HandOver { no: u32, location: LocationId },
    /// A location sold over the counter what the order counts on; `elsewhere` when others have it.
    Yield { location: LocationId, sku: Sku, elsewhere: bool },
    /// Source what is open, with what is known of the stock now. Never travels.
    #[serde(skip)]
    Plan(Facts),
    /// Move to a better plan, if what is known of the stock now makes one. Never travels.
    #[serde(skip)]
    Improve(Facts),
    /// Move so that another order can have what it is to yield. Never travels.
    #[serde(skip)]
    MakeRoom(Facts, Room),
    /// Goods it waits for came: look at once.
    Look,
    /// Errands came back.
    Answered(Vec<Answer>),
}

/// Everything a new order needs to be decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placement {
    /// What the channel says.
    pub draft: Draft,
    /// What is known of its SKUs; an unknown one is missing.
    pub items: Vec<ItemFacts>,
    /// The tax table in force.
    pub tax: TaxTable,
    /// What is known of the stock.
    pub facts: Facts,
    /// The number of its first epoch, drawn at random: a try to place the same order that died before it was written
    /// may have left holds behind, and those are being given back.
    pub first_epoch: u32,
}

/// An order as a channel captured it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Its id.
    pub id: OrderId,
    /// What is fixed from now on.
    pub head: Head,
    /// True when somebody has to confirm it first.
    pub to_confirm: bool,
    /// Its lines.
    pub lines: Vec<DraftLine>,
}

/// A line as a channel captured it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftLine {
    /// What.
    pub sku: Sku,
    /// How much.
    pub quantity: Quantity,
    /// The channel's own price of a unit.
    pub unit_price: Option<Amount>,
    /// Whether it comes from one location or not at all.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub whole: bool,
    /// The day it is wanted by, besides the order's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requested_by: Option<Day>,
}

/// What is known of a SKU.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemFacts {
    /// The SKU.
    pub sku: Sku,
    /// Its name.
    pub title: Label,
    /// Its unit.
    pub unit: Label,
    /// Its page of the price book.
    pub price: PriceEntry,
    /// The SKU object it lives in.
    pub object: u16,
    /// What routing asks of it.
    #[serde(default, skip_serializing_if = "Handling::is_plain")]
    pub handling: Handling,
}

/// What is known of stock and locations at this moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// What could be had.
    pub offers: Vec<Offer>,
    /// What routing asks of the SKUs.
    pub goods: Vec<routing::ItemFacts>,
    /// Parcels that wait for the same customer.
    pub parcels: Vec<Parcel>,
    /// Where from, and by which rules.
    pub router: Router,
}

/// A network and its routing policy, made ready; shared by all orders that are routed by it.
#[derive(Clone, Debug)]
pub struct Router(Rc<Prepared>);

impl Router {
    /// A network's, around a day. Nothing for a network that cannot be routed by.
    pub fn new(network: &Network, today: Day) -> Option<Self> {
        network.prepared(today).map(|prepared| Self(Rc::new(prepared)))
    }

    /// The same while so much waits at these locations.
    #[must_use]
    pub fn busy(&self, waiting: &BTreeMap<LocationId, Quantity>) -> Self {
        self.0.busy(waiting).map_or_else(|| self.clone(), |busy| Self(Rc::new(busy)))
    }

    /// What was made ready.
    pub fn prepared(&self) -> &Prepared {
        &self.0
    }
}

impl PartialEq for Router {
    fn eq(&self, other: &Self) -> bool {
        self.0.digests() == other.0.digests()
    }
}

impl Eq for Router {}

/// What could be had of a SKU at a location.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// The SKU.
    pub sku: Sku,
    /// The location.
    pub location: LocationId,
    /// Free for this order.
    pub free: Quantity,
    /// Held by orders that are not decided yet and may give it back within moments.
    #[serde(default, skip_serializing_if = "crate::stock::is_nothing")]
    pub undecided: Quantity,
    /// What it may buy, or has bought, of goods on their way there, by day.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub coming: Vec<Step>,
    /// The working days of the location after which any quantity of it may be had there: of an item without limit (none) or
    /// with a lead time. Nothing where goods are counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead_days: Option<u32>,
    /// True where others are offered something else.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub personal: bool,
}

/// What came back from an errand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// The stock is set aside.
    Held { hold: HoldId },
    /// It is not, and under this id never will be.
    Refused { hold: HoldId, short: Vec<ShortLine> },
    /// A dead epoch's hold is gone.
    Released { hold: HoldId },
    /// The stock knows what a fulfillment gave up of a hold: total per line.
    GivenBack { no: u32, hold: HoldId, totals: Vec<(u32, Quantity)> },
    /// The stock knows that a shipment left.
    Consumed { no: u32, hold: HoldId },
    /// The stock knows what came back.
    Restocked { no: u32, object: u16 },
    /// What the order wanted to buy of goods on their way there is bought by others.
    NotComing { object: u16 },
    /// The stock knows what is waited for.
    Enlisted { object: u16, skus: Vec<(Sku, Quantity)> },
}
