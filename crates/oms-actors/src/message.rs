//! What the objects say to each other and what the front door asks of them. Short-lived: kept nowhere.

mod address;
mod audit;

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use oms_core::network::{Location, Network};
use oms_core::order::{self, CounterSale, Draft, Fate, ItemFacts, Offer, Order, Status};
use oms_core::price::{PriceEntry, TaxTable};
use oms_core::promise::DemandClass;
use oms_core::routing::Parcel;
use oms_core::stock::{self, Allotment, Hold, HoldId, Page, Shelf};
use oms_core::till::{DeviceId, Series};
use oms_core::value::{
    Amount, CartId, Channel, Currency, Digest, Label, LocationId, OrderId, Quantity, Sku, Slot, Timestamp, Topology,
};
use serde::{Deserialize, Serialize};

pub use crate::till::message::{Denied, Entered, How, KeptEntry, Proof, TillAsk, TillReply, TillState};
pub use address::{Address, NoSuchObject, Object, TillName};
pub use audit::{AuditReply, Stats, Violation};

/// A message on its way. The tenant and the topology come from the credential; the object checks that it is meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    /// Whose.
    pub tenant: String,
    /// How many objects of a kind the tenant has.
    pub topology: Topology,
    /// To whom.
    pub to: Address,
    /// What.
    pub ask: Ask,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    /// Of orders.
    Orders(OrderAsk),
    /// Of stock.
    Stock(StockAsk),
    /// Of the tenant object.
    Tenant(TenantAsk),
    /// Of the index.
    Index(IndexAsk),
    /// Of a till.
    Till(TillAsk),
    /// Of any of them: take the network in.
    Learn(Box<Network>),
    /// Of orders and stock: check yourself, from this place on.
    Audit { after: Option<String> },
    /// Of any: how much is there.
    Stats,
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// By orders.
    Orders(OrderReply),
    /// By stock.
    Stock(StockReply),
    /// By the tenant object.
    Tenant(TenantReply),
    /// By the index.
    Index(IndexReply),
    /// By a till.
    Till(TillReply),
    /// Taken in.
    Learned,
    /// What an object found out about itself.
    Audit(Box<AuditReply>),
    /// What there is.
    Stats(Stats),
    /// The object could not do it now; nothing was written.
    Failed { detail: String },
}

/// A name that at most one order may have: an idempotency key, or a channel's own number of an order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimName {
    /// An idempotency key of a credential.
    Key { principal: String, key: String },
    /// A channel's own number.
    Ref { channel: Channel, external_ref: Label },
}

/// The slot of a claim: where a name is looked for. An order without an id of its own is at home there.
pub fn claim_slot(name: &ClaimName) -> Slot {
    let text = match name {
        ClaimName::Key { principal, key } => format!("key:{principal}:{key}"),
        ClaimName::Ref { channel, external_ref } => format!("ref:{channel}:{external_ref}"),
    };
    Slot::of_bytes(text.as_bytes())
}

/// Asked of orders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderAsk {
    /// Place an order, or capture a draft.
    Place { draft: Box<Draft>, claims: Vec<ClaimName>, fingerprint: Digest },
    /// Remember whose a name is, unless it is somebody's already. The home of the order that it was claimed for before may say
    /// that this one takes its place: that one was never placed.
    Claim {
        name: ClaimName,
        order: OrderId,
        fingerprint: Digest,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        instead_of: Option<OrderId>,
    },
    /// Was an order of this object placed under this name? Release means: no, and nobody is about to.
    IsPlaced { name: ClaimName },
    /// Show an order.
    Get { order: OrderId },
    /// Show its history.
    History { order: OrderId },
    /// Do something to it; with `expected`, only if it is at that version.
    Act { order: OrderId, command: order::Command, expected: Option<u32> },
    /// Record these: they were sold over a counter.
    Sell(Vec<CounterSale>),
    /// What becomes of the holds of this epoch?
    Inquire { order: OrderId, epoch: u32 },
    /// There is more of these: orders that hold some may find a better plan.
    Supplied { skus: Vec<Sku> },
    /// What moving orders to better plans came to.
    Improvements,
    /// What waits for this customer and address of other orders; with `has`, this is what an order has of it now.
    Parcels { household: Digest, order: OrderId, has: Option<Vec<Parcel>> },
}

/// What moving orders to better plans came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Improvements {
    /// Moves.
    pub moves: u64,
    /// Those that made room for another order.
    pub made_room: u64,
    /// Shipments fewer than before.
    pub shipments: i64,
    /// What was saved, in thousandths of a minor unit, by currency.
    pub saved: BTreeMap<Currency, i64>,
}

impl Improvements {
    /// Adds one move of an order, as it is under way.
    pub(crate) fn add(&mut self, order: &Order, saving: &order::Saving) {
        let swap = order.attempt.as_ref().and_then(|attempt| attempt.swap.as_ref());
        let makes_room = swap.is_some_and(|swap| swap.makes_room_for.is_some());
        let currency = order.head.currency;
        self.moves = self.moves.saturating_add(1);
        self.made_room = self.made_room.saturating_add(makes_room.into());
        self.shipments = self.shipments.saturating_add(saving.shipments.into());
        let saved = self.saved.entry(currency).or_default();
        *saved = saved.saturating_add(saving.cost);
    }

    /// Adds what another object tells.
    pub fn join(&mut self, other: Self) {
        self.moves = self.moves.saturating_add(other.moves);
        self.made_room = self.made_room.saturating_add(other.made_room);
        self.shipments = self.shipments.saturating_add(other.shipments);
        for (currency, more) in other.saved {
            let saved = self.saved.entry(currency).or_default();
            *saved = saved.saturating_add(more);
        }
    }
}

/// An order with what its object knows of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The order.
    pub order: Order,
    /// The turn of its object that made it.
    pub seq: u64,
    /// Rises by one per change.
    pub version: u32,
    /// When it was captured here.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Record {
    /// The number that people call it by: its slot and the turn that made it. A slot lives in one object, which makes one
    /// order a turn: no other order of the tenant has it.
    pub fn number(&self) -> String {
        format!("{}-{}", self.order.id.slot().number(), self.seq)
    }
}

/// A step of an order's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The version it led to.
    pub version: u32,
    /// When.
    pub at: Timestamp,
    /// What happened.
    pub events: Vec<order::Event>,
}

/// Answered by orders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderReply {
    /// The order; `replayed` when the request had been answered before.
    Order { record: Box<Record>, replayed: bool },
    /// It says no; the order as it stands, when there is one.
    Refused { refusal: Box<order::Refusal>, record: Option<Box<Record>> },
    /// All of them are recorded.
    Sold,
    /// The name is of this order.
    Claimed { order: OrderId, fingerprint: Digest },
    /// The external reference is an order's that lives elsewhere.
    Elsewhere { order: OrderId },
    /// The key made another request before.
    KeyReused,
    /// The same request is being answered right now.
    InFlight,
    /// The order is at another version.
    Stale { version: u32 },
    /// There is no such order.
    NoSuchOrder,
    /// Its history.
    History(Vec<Step>),
    /// What becomes of the holds.
    Fate(Fate),
    /// Noted: it is looked into soon.
    Noted,
    /// What moving orders to better plans came to.
    Improvements(Improvements),
    /// What waits for a customer.
    Parcels(Vec<Parcel>),
}

/// Asked of stock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StockAsk {
    /// What is known of these SKUs, and what this cart, or this order, could have of them for this class of demand?
    Quote {
        skus: Vec<Sku>,
        cart: Option<CartId>,
        #[serde(default)]
        class: DemandClass,
        #[serde(default)]
        order: Option<OrderId>,
    },
    /// Carry these out, one after the other, each by itself.
    Run(Vec<stock::Command>),
    /// Would these be carried out? Writes nothing.
    Check(Vec<stock::Command>),
    /// Show the items that were put since, after this place: at least so many, if there are.
    Catalog { since: Timestamp, after: Option<String>, limit: usize },
    /// Show these pages.
    Pages { skus: Vec<Sku> },
    /// Show the pages of the price book of these SKUs, as far back as they are kept.
    Prices { skus: Vec<Sku> },
}

/// Answered by stock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StockReply {
    /// What is known; an unknown SKU is missing.
    Quoted { items: Vec<ItemFacts>, offers: Vec<Offer> },
    /// How each command went.
    Ran(Vec<Ran>),
    /// The pages of items that were put since; `next` when the list goes on.
    Catalog { pages: Vec<(Sku, Page)>, next: Option<String>, as_of: Timestamp },
    /// The pages; an unknown SKU is missing.
    Pages { pages: Vec<(Sku, Page)>, as_of: Timestamp },
    /// The pages of the price book, oldest first, the one in force last; an unknown SKU is missing.
    Prices(Vec<(Sku, Vec<PriceEntry>)>),
}

/// How a command went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ran {
    /// Done, or done before (`again`).
    Done {
        /// True when it changed nothing because it had been done before.
        again: bool,
        /// The hold it is about, as it stands now.
        hold: Option<(HoldId, Hold)>,
        /// The shelves it moved, as they stand now, with what is free to sell.
        shelves: Vec<(Sku, LocationId, Shelf, Quantity)>,
        /// The version of the item it is about.
        item: Option<u32>,
        /// Of a reservation: the versions of the items it set aside.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        versions: Vec<(Sku, u32)>,
        /// The right it is about, as it stands now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        allotment: Option<Box<Allotment>>,
    },
    /// The stock says no.
    Refused(stock::Refusal),
    /// No such location; the line counts from 1.
    UnknownLocation { line: u32, location: LocationId },
}

/// Asked of the tenant object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TenantAsk {
    /// Create or replace locations, then tell every object.
    PutLocations(Vec<Location>),
    /// Change anything else of the network, then tell every object.
    Change(Box<oms_core::network::Command>),
    /// Show a location.
    Location(LocationId),
    /// Show the network.
    Network,
    /// Register a till: its series is nobody else's.
    PutTill { device: DeviceId, series: Series, location: LocationId },
    /// The tills after this one.
    Tills { after: Option<DeviceId>, limit: u32 },
    /// The tax table, if it is newer than this.
    Tax { known: u32 },
    /// So much waits at locations for orders of this object: what waits for those of others?
    Load { object: u16, load: BTreeMap<LocationId, Quantity> },
}

/// Answered by the tenant object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TenantReply {
    /// Each location as it stands now, whether it is new, or why not.
    Put(Vec<Result<(Location, bool), oms_core::network::Refusal>>),
    /// The network after the change and whether what was put is new, or why there is none.
    Changed(Result<(Box<Network>, bool), oms_core::network::Refusal>),
    /// The location, if there is one.
    Location(Option<Location>),
    /// The network.
    Network(Box<Network>),
    /// The till is registered: the tax table in force.
    Till(TaxTable),
    /// It is not: there is no such location.
    UnknownLocation,
    /// It is not: the series is this till's.
    SeriesTaken { device: DeviceId },
    /// It is not: there are too many.
    TooManyTills,
    /// Tills, in the order of their names.
    Tills { tills: Vec<DeviceId>, more: bool },
    /// The tax table, when it is newer.
    Tax(Option<TaxTable>),
    /// What waits for orders of other objects, by location.
    Load(BTreeMap<LocationId, Quantity>),
}

/// What the index knows of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The order.
    pub id: OrderId,
    /// The number that people call it by.
    pub number: String,
    /// Its version.
    pub version: u32,
    /// Its status.
    pub status: Status,
    /// Where it was captured.
    pub channel: Channel,
    /// The channel's own number.
    pub external_ref: Option<Label>,
    /// The channel's id of the customer.
    pub customer_id: Option<Label>,
    /// Where it is picked up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pick_up_at: Option<LocationId>,
    /// What it costs.
    pub total: Amount,
    /// In what.
    pub currency: Currency,
    /// When it was captured.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Words to be found by; lists leave them out.
    #[serde(default)]
    pub text: String,
}

/// Which orders to list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Query {
    /// Any of these; empty means any.
    pub status: Vec<Status>,
    /// Of this channel.
    pub channel: Option<Channel>,
    /// Of this customer.
    pub customer: Option<Label>,
    /// With this number.
    pub external_ref: Option<Label>,
    /// Picked up there.
    pub pick_up_at: Option<LocationId>,
    /// Captured at or after.
    pub from: Option<Timestamp>,
    /// Captured before.
    pub until: Option<Timestamp>,
    /// With all of these words (prefixes).
    pub words: Vec<String>,
    /// Oldest first; newest first unless told.
    pub ascending: bool,
    /// After this one, in the order of the list.
    pub after: Option<(Timestamp, OrderId)>,
    /// At most so many.
    pub limit: u32,
}

/// Asked of the index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IndexAsk {
    /// Take these in, unless a newer version is there.
    Upsert(Vec<Entry>),
    /// List.
    List(Box<Query>),
}

/// Answered by the index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IndexReply {
    /// Taken in.
    Upserted,
    /// The list; `more` when it goes on.
    Listed { entries: Vec<Entry>, more: bool, as_of: Timestamp },
}
