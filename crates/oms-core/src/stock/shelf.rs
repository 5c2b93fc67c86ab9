//! A SKU's page: its item master and its shelf at every location.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::allotment::{Allotment, Holder};
use super::waiting::Waiter;
use crate::price::PriceEntry;
use crate::promise::allocation::Taking;
use crate::promise::{Inbound, Promising, Stage as InboundStage};
use crate::replenish::{Band, Buying, Crossing, Demand, Watch};
use crate::routing::Handling;
use crate::value::{Label, LocationId, Quantity, Slot, Timestamp};

/// The item master of a SKU.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Name shown to people.
    pub title: Label,
    /// Unit of measure, such as `each`.
    pub unit: Label,
    /// Its page of the price book: list prices and tax class. The page's version is the item's.
    pub price: PriceEntry,
    /// Stock kept back from selling, per location.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub safety: BTreeMap<LocationId, Quantity>,
    /// What a store's tills together have set aside for them, per location: their rights, and what none of them holds yet.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub kept_for_tills: BTreeMap<LocationId, Quantity>,
    /// Available stock at a location at or below which it is low.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low_stock: Option<Quantity>,
    /// What routing asks of it: weight, dangers, class.
    #[serde(default, skip_serializing_if = "Handling::is_plain")]
    pub handling: Handling,
    /// What is printed on it for scanners: GTINs or codes of the house.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub barcodes: Vec<Label>,
    /// The group of goods it is shown in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Label>,
}

impl Item {
    /// Safety stock at a location.
    pub fn safety_at(&self, location: &LocationId) -> Quantity {
        self.safety.get(location).copied().unwrap_or(Quantity::ZERO)
    }

    /// The locations it names.
    pub fn locations(&self) -> impl Iterator<Item = &LocationId> {
        let at_stake = self.handling.stakes.iter().filter_map(|stake| stake.location.as_ref());
        self.safety.keys().chain(self.kept_for_tills.keys()).chain(at_stake)
    }

    /// The same in everything but its version.
    pub fn same_as(&self, other: &Self) -> bool {
        let mut other = other.clone();
        other.price.version = self.price.version;
        *self == other
    }
}

/// Why stock was adjusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Broken.
    Damaged,
    /// Gone.
    Lost,
    /// Turned up.
    Found,
    /// The books were wrong.
    Correction,
}

/// What becomes of goods in quarantine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// For sale again.
    Restock,
    /// Gone.
    Scrap,
}

/// Running sums of every kind of movement, for conservation (I2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sums {
    /// Received from outside.
    pub received: Quantity,
    /// Shipped to customers.
    pub shipped: Quantity,
    /// Come back from customers.
    pub returned: Quantity,
    /// Come from other locations.
    pub transferred_in: Quantity,
    /// Gone to other locations.
    pub transferred_out: Quantity,
    /// Found by adjustment or count.
    pub adjusted_in: Quantity,
    /// Lost by adjustment or count, or scrapped.
    pub adjusted_out: Quantity,
}

impl Sums {
    /// Everything that ever came.
    pub fn come(&self) -> Quantity {
        [self.received, self.returned, self.transferred_in, self.adjusted_in].into_iter().sum()
    }

    /// What must be on hand. `None` when more went out than came in, which no history can do.
    pub fn balance(&self) -> Option<Quantity> {
        let gone = [self.shipped, self.transferred_out, self.adjusted_out].into_iter().sum::<Quantity>();
        self.come().checked_sub(gone)
    }
}

/// The stock of a SKU at one location.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Shelf {
    /// Physically there.
    pub on_hand: Quantity,
    /// Set aside by live holds.
    pub reserved: Quantity,
    /// Granted to tills and hot buckets.
    pub allotted: Quantity,
    /// There, but not for sale.
    pub quarantined: Quantity,
    /// True between a low-stock crossing and the recovery.
    pub low: bool,
    /// The shortage on record.
    pub short: Quantity,
    /// Where what is available stood when that was told last.
    #[serde(skip_serializing_if = "Band::is_ample")]
    pub band: Band,
    /// Every movement, summed.
    pub sums: Sums,
}

impl Shelf {
    /// What can be sold: on hand less everything set aside, kept back or unfit.
    pub fn free(&self, kept_back: Quantity) -> Quantity {
        self.free_with(kept_back, Quantity::ZERO)
    }

    /// What can be sold to somebody who holds `own` of what is reserved.
    pub fn free_with(&self, kept_back: Quantity, own: Quantity) -> Quantity {
        let set_aside = [self.reserved.saturating_sub(own), self.allotted, self.quarantined, kept_back];
        self.on_hand.saturating_sub(set_aside.into_iter().sum())
    }

    /// How much more is promised than there is (I1); zero in a healthy house.
    pub fn shortage(&self) -> Quantity {
        self.promised().saturating_sub(self.on_hand)
    }

    /// Everything that is set aside or unfit for sale.
    pub fn promised(&self) -> Quantity {
        [self.reserved, self.allotted, self.quarantined].into_iter().sum()
    }
}

/// Everything known of a SKU in its object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// The item master.
    pub item: Item,
    /// When it was put last.
    #[serde(default)]
    pub put_at: Timestamp,
    /// Its pages of the price book before, oldest first, and when each was put: tills sell by the one that they know. Of
    /// versions in a row that say the same, the first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub past: Vec<(Timestamp, PriceEntry)>,
    /// One shelf per location that ever had stock.
    #[serde(default)]
    pub shelves: BTreeMap<LocationId, Shelf>,
    /// Rights to sell without asking, by who holds them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub allotments: BTreeMap<Holder, Allotment>,
    /// What is on its way, and what has come of late, in the order in which it was told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inbound: Vec<Inbound>,
    /// Orders that wait for it, in the order in which they said so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waiting: Vec<Waiter>,
    /// In which slots of orders live holds of it are, and how many.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub slots: BTreeMap<Slot, u32>,
    /// Counts the times there was more of it since those who want to know were told; zero when they know.
    #[serde(default, skip_serializing_if = "is_no_news")]
    pub news: u32,
    /// The news with which goods on their way came otherwise than those who bought them know; zero when they know.
    #[serde(default, skip_serializing_if = "is_no_news")]
    pub rescheduled: u32,
    /// When crossings are told, and how it is bought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub watch: Option<Box<Watch>>,
    /// How it is promised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promising: Option<Box<Promising>>,
    /// What classes of demand took where it is allocated to them, by location.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub takings: BTreeMap<LocationId, Vec<Taking>>,
    /// What orders and tills took by week, by location.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub demand: BTreeMap<LocationId, Demand>,
    /// The safety stock that follows from demand, by location, where it is kept back.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub forecast_safety: BTreeMap<LocationId, Quantity>,
    /// The last crossings, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub crossings: Vec<Crossed>,
}

/// A page of the price book is kept for so many milliseconds after the next one was put: no till sells by prices that it compared
/// a month ago, and it has five days more to come back.
pub(super) const KEPT_PRICE_MILLIS: i64 = 35 * 24 * 60 * 60 * 1000;
/// So many prices of before are kept: one a day for that long, and some more.
pub(super) const KEPT_PRICES: usize = 40;

/// Crossings that a page remembers.
pub(super) const KEPT_CROSSINGS: usize = 50;

/// What is available at a location went from one band to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Crossed {
    /// Where.
    pub location: LocationId,
    /// From which band to which, and what was available then.
    pub crossing: Crossing,
    /// When.
    pub at: Timestamp,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands fields over by reference")]
const fn is_no_news(news: &u32) -> bool {
    *news == 0
}

/// Most numbers under which a SKU is on its way at once.
pub const MAX_INBOUND: usize = 500;
/// Numbers of a SKU that are kept after all has come.
pub(super) const KEPT_INBOUND: usize = 50;

impl Page {
    /// A page of an item that nothing is known of but its master.
    pub const fn of(item: Item) -> Self {
        Self {
            item,
            put_at: Timestamp::EPOCH,
            past: Vec::new(),
            shelves: BTreeMap::new(),
            allotments: BTreeMap::new(),
            inbound: Vec::new(),
            waiting: Vec::new(),
            slots: BTreeMap::new(),
            news: 0,
            rescheduled: 0,
            watch: None,
            promising: None,
            takings: BTreeMap::new(),
            demand: BTreeMap::new(),
            forecast_safety: BTreeMap::new(),
            crossings: Vec::new(),
        }
    }

    /// Another item master. The page of the price book that was in force is kept for a while, once: an item that is put often
    /// for other reasons drives no prices out.
    pub(super) fn put(&mut self, item: Item) {
        let before = core::mem::replace(&mut self.item, item).price;
        if !self.past.last().is_some_and(|(_, past)| past.same_as(&before)) {
            self.past.push((self.put_at, before));
        }
        // The end of each is when the next one was put. The newest of them just ended.
        let old = |next: &(Timestamp, PriceEntry)| self.put_at.millis_since(next.0) > KEPT_PRICE_MILLIS;
        let ended = self.past.iter().skip(1).take_while(|next| old(next)).count();
        self.past.drain(..ended.max(self.past.len().saturating_sub(KEPT_PRICES)));
    }

    /// Its pages of the price book as far as they are kept, oldest first, the one in force last: see [`crate::price::of_version`].
    pub fn prices(&self) -> Vec<PriceEntry> {
        self.past.iter().map(|(_, past)| past).chain([&self.item.price]).cloned().collect()
    }

    /// Where more was sold over a counter than was free, so that orders count on goods that are gone.
    pub fn oversold(&self) -> impl Iterator<Item = &LocationId> {
        let sold = |place: &LocationId| {
            self.allotments.values().any(|one| one.location == *place && !one.drawn.left().is_zero())
        };
        let short = self.shelves.iter().filter(|(_, shelf)| !shelf.shortage().is_zero());
        short.map(|(place, _)| place).filter(move |place| sold(place))
    }

    /// What is kept back from selling at a location: by rule or by forecast, whichever is more.
    pub fn safety_at(&self, location: &LocationId) -> Quantity {
        let by_forecast = self.forecast_safety.get(location).copied().unwrap_or_default();
        self.item.safety_at(location).max(by_forecast)
    }

    /// What of a store's share for its tills none of them holds a right to: it lies there for them. Their rights count
    /// towards the share, so what they give back fills it again. What came for orders that bought it before is theirs.
    pub fn kept_for_tills(&self, location: &LocationId) -> Quantity {
        let Some(level) = self.item.kept_for_tills.get(location) else { return Quantity::ZERO };
        let shelf = self.shelf(location);
        let there = shelf.free(self.safety_at(location)).saturating_sub(self.awaited(location, None));
        level.saturating_sub(shelf.allotted).min(there)
    }

    /// What can be sold at a location to anybody.
    pub fn free(&self, location: &LocationId) -> Quantity {
        self.free_with(location, Quantity::ZERO)
    }

    /// What can be sold at a location to somebody who holds `own` of what is reserved there. What they hold fills nobody's
    /// share.
    pub fn free_with(&self, location: &LocationId, own: Quantity) -> Quantity {
        let kept_back = self.safety_at(location).saturating_add(self.kept_for_tills(location));
        self.shelf(location).free_with(kept_back, own)
    }

    /// What can be sold to anybody, shelf by shelf.
    pub(super) fn frees(&self) -> Vec<Quantity> {
        self.shelves.keys().map(|location| self.free(location)).collect()
    }

    /// The working days after which any quantity of it is at a location; nothing where it is counted.
    pub fn lead_days(&self, location: &LocationId) -> Option<u32> {
        self.promising.as_ref()?.item.mode_of(location).lead_days()
    }

    /// True where it is allocated to classes of demand.
    pub fn is_allocated(&self, location: &LocationId) -> bool {
        self.promising.as_ref().is_some_and(|promising| promising.allocations.contains_key(location))
    }

    /// How it is bought, if that is said.
    pub fn buying(&self) -> Option<&Buying> {
        self.watch.as_ref()?.buying.as_ref()
    }

    /// What is still to come to a location.
    pub fn incoming(&self, location: &LocationId) -> Quantity {
        self.inbound.iter().filter(|inbound| inbound.location == *location).map(Inbound::open).sum()
    }

    /// Takes in what is known of goods on their way; what came of them stays as it is.
    pub(super) fn expect(&mut self, inbound: &Inbound) {
        let same = |known: &&mut Inbound| known.id == inbound.id && known.location == inbound.location;
        match self.inbound.iter_mut().find(same) {
            Some(known) => *known = Inbound { received: known.received, sent: known.sent, ..inbound.clone() },
            None => {
                self.inbound.push(Inbound { received: Quantity::ZERO, sent: Quantity::ZERO, ..inbound.clone() });
            }
        }
        let over = |inbound: &&Inbound| inbound.open().is_zero();
        let mut spare = self.inbound.iter().filter(over).count().saturating_sub(KEPT_INBOUND);
        self.inbound.retain(|inbound| {
            let goes = spare > 0 && inbound.open().is_zero();
            spare = spare.saturating_sub(usize::from(goes));
            !goes
        });
    }

    /// Something came under a number.
    pub(super) fn came(&mut self, id: &Label, location: &LocationId, quantity: Quantity) {
        let same = |known: &&mut Inbound| known.id == *id && known.location == *location;
        if let Some(known) = self.inbound.iter_mut().find(same) {
            known.received = known.received.saturating_add(quantity);
        }
    }

    /// Something left under the number of a transfer.
    pub(super) fn left(&mut self, id: &Label, from: &LocationId, quantity: Quantity) {
        if let Some(known) = self.inbound.iter_mut().find(|known| known.id == *id && known.comes_from(from)) {
            known.sent = known.sent.saturating_add(quantity);
            known.stage = InboundStage::InTransit;
        }
    }

    /// The shelf at a location, empty when nothing was ever there.
    pub fn shelf(&self, location: &LocationId) -> Shelf {
        self.shelves.get(location).copied().unwrap_or_default()
    }
}
