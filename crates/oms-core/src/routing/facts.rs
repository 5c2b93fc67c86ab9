//! What routing is told of an order, and of the stock that could serve it.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::Code;
use super::cost::rounded;
use crate::order::Offer;
use crate::sorting::Gather as _;
use crate::value::{Amount, Channel, Country, Day, Label, LocationId, OrderId, Position, Quantity, Sku, Timestamp};

/// An order to be routed, or what is left to route of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderFacts {
    /// Where it was captured.
    pub channel: Channel,
    /// The class its customer belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_class: Option<Code>,
    /// How it reaches the customer.
    #[serde(default)]
    pub method: Method,
    /// Where it goes.
    pub to: Destination,
    /// When it was placed.
    pub placed_at: Timestamp,
    /// The day it is wanted by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requested_by: Option<Day>,
    /// All of it or nothing.
    #[serde(default)]
    pub ship_complete: bool,
    /// Locations that refused it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excluded: Vec<LocationId>,
    /// Its lines, at most [`super::MAX_LINES`], with different numbers.
    pub lines: Vec<LineFacts>,
    /// What is known of its SKUs; of one that is missing, nothing weighs and nothing is dangerous.
    #[serde(default)]
    pub items: Vec<ItemFacts>,
    /// Parcels that wait for the same customer to leave for the same address.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parcels: Vec<Parcel>,
}

/// A parcel of another order that has not left yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parcel {
    /// Where it waits.
    pub location: LocationId,
    /// Whose it is.
    pub order: OrderId,
    /// The day it leaves.
    pub ships: Day,
    /// Who carries it.
    pub carrier: Code,
    /// By which service.
    pub service: Code,
}

/// How goods reach a customer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// A carrier brings them, to a home or to a store.
    #[default]
    Ship,
    /// The customer comes to the counter.
    PickUp { location: LocationId },
    /// The customer comes to the curb.
    Curbside { location: LocationId },
    /// The customer comes to the counter of a store, to which it is shipped unless it lies there.
    ShipToStore { location: LocationId },
}

impl Method {
    /// Where the customer comes for the goods.
    pub const fn place(&self) -> Option<&LocationId> {
        match self {
            Self::Ship => None,
            Self::PickUp { location } | Self::Curbside { location } | Self::ShipToStore { location } => Some(location),
        }
    }
}

/// Where goods go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Destination {
    /// Country.
    pub country: Country,
    /// Postal code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<Label>,
    /// Coordinates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
}

impl Destination {
    /// Whether the postal code is known and begins with one of these.
    pub(super) fn begins_with_any(&self, prefixes: &[Label]) -> bool {
        let begins = |code: &Label| prefixes.iter().any(|prefix| code.as_str().starts_with(prefix.as_str()));
        self.postal_code.as_ref().is_some_and(begins)
    }
}

/// A line to be routed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineFacts {
    /// Its number.
    pub line: u32,
    /// Its SKU; lines may share one.
    pub sku: Sku,
    /// How much, at most [`super::MAX_QUANTITY`].
    pub quantity: Quantity,
    /// What the customer pays for a unit, from zero to [`super::MAX_COST`].
    #[serde(default)]
    pub unit_value: Amount,
    /// Whether it comes from one location or not at all.
    #[serde(default)]
    pub whole: bool,
    /// The day this line is wanted by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requested_by: Option<Day>,
}

/// What is known of a SKU.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemFacts {
    /// The SKU.
    pub sku: Sku,
    /// Weight of a unit in grams, at most [`super::MAX_GRAMS`].
    #[serde(default)]
    pub grams: u64,
    /// Whether it is dangerous goods.
    #[serde(default)]
    pub hazmat: bool,
    /// The class of goods a strategy may ask for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<Code>,
    /// What is at stake when a unit leaves a location: what is on offer there is priced by it ([`OfferFacts::of`]).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stakes: Vec<Stake>,
}

/// What is at stake when a unit of a SKU leaves a location, or stays. Money is in minor units, from zero to
/// [`super::MAX_COST`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Stake {
    /// Where; wherever else nothing is said when it names none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<LocationId>,
    /// What a unit would lose in value if it stayed.
    pub markdown: Amount,
    /// The price of a unit by which what is free there falls below `below`: the sale that is lost later.
    pub stock_out: Amount,
    /// The stock from which on more runs out before more comes: a reorder point, over and above what is kept back.
    pub below: Quantity,
}

impl Stake {
    /// What each unit costs when all that is wanted and is there leaves: the price of those that fall below, by all of them.
    /// So it is exact for whoever takes all or nothing, and never too little, but for rounding, for who takes some.
    fn stock_out(&self, free: Quantity, wanted: Quantity) -> Amount {
        let taken = free.min(wanted);
        let under = taken.saturating_sub(free.saturating_sub(self.below));
        let all = i128::from(self.stock_out.minor()).saturating_mul(under.thousandths().into());
        Amount::new(rounded(all, taken.thousandths().into())).unwrap_or_default()
    }
}

/// What can be had of a SKU at a location.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfferFacts {
    /// The SKU.
    pub sku: Sku,
    /// The location.
    pub location: LocationId,
    /// Available to sell to this order's class of demand.
    pub free: Quantity,
    /// What a unit would lose in value if it stayed, from zero to [`super::MAX_COST`].
    #[serde(default)]
    pub markdown: Amount,
    /// What it costs to have a unit less there: the sale that is lost later. From zero to [`super::MAX_COST`].
    #[serde(default)]
    pub stock_out: Amount,
}

/// What routing asks of a SKU.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Handling {
    /// Weight of a unit in grams.
    #[serde(skip_serializing_if = "is_zero")]
    pub grams: u64,
    /// Whether it is dangerous goods.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub hazmat: bool,
    /// The class of goods that a strategy may ask for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<Code>,
    /// What is at stake when a unit leaves a location, each named once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stakes: Vec<Stake>,
}

impl Handling {
    /// True when there is nothing to be said.
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }

    /// The same of a SKU, as routing reads it.
    pub fn of(&self, sku: &Sku) -> ItemFacts {
        let (class, stakes) = (self.class.clone(), self.stakes.clone());
        ItemFacts { sku: sku.clone(), grams: self.grams, hazmat: self.hazmat, class, stakes }
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
fn is_zero(grams: &u64) -> bool {
    *grams == 0
}

impl ItemFacts {
    /// What is at stake at a location, if anything.
    fn stake(&self, location: &LocationId) -> Option<&Stake> {
        let of = |named: Option<&LocationId>| self.stakes.iter().find(|stake| stake.location.as_ref() == named);
        of(Some(location)).or_else(|| of(None))
    }
}

impl OfferFacts {
    /// What the stock offers to an order, priced by what is at stake.
    pub fn of(offers: &[Offer], order: &OrderFacts) -> Vec<Self> {
        let mut priced = Self::plain(offers);
        let staked = order.items.iter().filter(|item| !item.stakes.is_empty());
        let staked: BTreeMap<&Sku, &ItemFacts> = staked.map(|item| (&item.sku, item)).into_map();
        if staked.is_empty() {
            return priced;
        }
        let mut wanted: BTreeMap<&Sku, u64> = BTreeMap::new();
        for line in &order.lines {
            let sum = wanted.entry(&line.sku).or_default();
            *sum = sum.saturating_add(line.quantity.thousandths());
        }
        for offer in &mut priced {
            let Some(stake) = staked.get(&offer.sku).and_then(|item| item.stake(&offer.location)) else { continue };
            let wanted = wanted.get(&offer.sku).copied().and_then(Quantity::from_thousandths).unwrap_or(Quantity::MAX);
            offer.markdown = stake.markdown;
            offer.stock_out = stake.stock_out(offer.free, wanted);
        }
        priced
    }

    /// What the stock offers, with nothing said of markdown and lost sales.
    pub fn plain(offers: &[Offer]) -> Vec<Self> {
        let plain = offers.iter().map(|offer| Self {
            sku: offer.sku.clone(),
            location: offer.location.clone(),
            free: offer.free,
            markdown: Amount::ZERO,
            stock_out: Amount::ZERO,
        });
        plain.collect()
    }
}
