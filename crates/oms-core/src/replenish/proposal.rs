//! Draft purchase orders as data: what to order of whom, and why. Nothing here orders.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::formula::{Lead, reorder_point};
use super::watch::rounded;
use crate::forecast::{Refusal, Why, not_negative};
use crate::sorting;
use crate::value::{Delta, LocationId, Quantity, Sku};

/// Most SKUs and locations looked at in one call; the caller goes on with the next.
pub const MAX_WATCHED: usize = 10_000;

/// The levels between which stock is kept, an (s, S) policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Levels {
    /// `s`: order when the position is at or below this.
    pub reorder_point: Quantity,
    /// `S`: order up to this; not below `s`.
    pub order_up_to: Quantity,
}

/// In what quantities a supplier sells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Pack {
    /// Only multiples of this; nothing means any quantity.
    pub multiple: Quantity,
    /// At least this.
    pub least: Quantity,
}

/// A SKU at a location that is replenished.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watched {
    /// The SKU.
    pub sku: Sku,
    /// Where it is kept.
    pub location: LocationId,
    /// Who supplies it.
    pub supplier: LocationId,
    /// Physically there and fit for sale.
    pub on_hand: Quantity,
    /// Ordered of the supplier, or on its way from elsewhere.
    pub on_order: Quantity,
    /// Promised to customers: reserved and backordered.
    pub committed: Quantity,
    /// Between what levels it is kept.
    pub levels: Levels,
    /// In what quantities it is bought.
    #[serde(default)]
    pub pack: Pack,
}

/// A draft of a purchase order, one for each supplier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The supplier.
    pub supplier: LocationId,
    /// What to order, by SKU and location.
    pub lines: Vec<DraftLine>,
}

/// A line of a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftLine {
    /// The SKU.
    pub sku: Sku,
    /// Where it is to come.
    pub location: LocationId,
    /// How much, in the supplier's packs.
    pub quantity: Quantity,
    /// Why.
    pub why: Reason,
}

/// The figures that led to a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// On hand and on order less committed; below zero when more is promised than comes.
    pub position: Delta,
    /// The levels it was held against.
    pub levels: Levels,
    /// How much of the quantity is there only to fill packs or the least quantity.
    pub rounded_up: Quantity,
}

/// The (s, S) levels of an article: `s` is the reorder point, `S = s + order_quantity`, both rounded up to thousandths of a
/// unit. `order_quantity` is in units, from zero, such as the economic order quantity.
///
/// # Errors
/// As for [`super::safety_stock`]; `order_quantity` likewise; `levels` when they are beyond [`Quantity::MAX`].
pub fn levels(z: f64, lead: &Lead, order_quantity: f64) -> Result<Levels, Refusal> {
    not_negative("order_quantity", order_quantity)?;
    let point = reorder_point(z, lead)?;
    Ok(Levels { reorder_point: rounded(point)?, order_up_to: rounded(point + order_quantity)? })
}

/// Proposes what to order: for everything whose position is at or below its reorder point, enough to reach its upper level,
/// in packs. Drafts are ordered by supplier, their lines by SKU and location; what needs nothing is not named.
///
/// # Errors
/// `watched` when it is longer than [`MAX_WATCHED`]; with the entry's place: `levels` when `S < s`, `quantity` when packs
/// lead beyond [`Quantity::MAX`].
pub fn propose(watched: &[Watched]) -> Result<Vec<Draft>, Refusal> {
    if watched.len() > MAX_WATCHED {
        return Err(Refusal::of("watched", Why::TooLong));
    }
    let mut drafts: BTreeMap<&LocationId, Vec<DraftLine>> = BTreeMap::new();
    for (at, one) in watched.iter().enumerate() {
        if one.levels.order_up_to < one.levels.reorder_point {
            return Err(Refusal::entry("levels", at, Why::Unordered));
        }
        let line = line(one).ok_or(Refusal::entry("quantity", at, Why::OutOfRange))?;
        if !line.quantity.is_zero() {
            drafts.entry(&one.supplier).or_default().push(line);
        }
    }
    let draft = |(supplier, mut lines): (&LocationId, Vec<DraftLine>)| {
        sorting::sort_by(&mut lines, |a, b| (&a.sku, &a.location).cmp(&(&b.sku, &b.location)));
        Draft { supplier: supplier.clone(), lines }
    };
    Ok(drafts.into_iter().map(draft).collect())
}

/// What to order of one SKU for one location, nothing included; `None` beyond the bounds of a quantity.
fn line(one: &Watched) -> Option<DraftLine> {
    let there = Delta::from(one.on_hand.checked_add(one.on_order)?).thousandths();
    let position = Delta::from_thousandths(there.checked_sub(Delta::from(one.committed).thousandths())?)?;
    let missing = missing(position, &one.levels)?;
    let quantity = if missing.is_zero() { missing } else { packed(missing, &one.pack)? };
    let why = Reason { position, levels: one.levels, rounded_up: quantity.saturating_sub(missing) };
    Some(DraftLine { sku: one.sku.clone(), location: one.location.clone(), quantity, why })
}

/// Up to the upper level, when the position is at or below the reorder point.
fn missing(position: Delta, levels: &Levels) -> Option<Quantity> {
    if position > Delta::from(levels.reorder_point) {
        return Some(Quantity::ZERO);
    }
    let missing = Delta::from(levels.order_up_to).thousandths().checked_sub(position.thousandths())?;
    Quantity::from_thousandths(u64::try_from(missing).ok()?)
}

/// The next quantity the supplier sells.
fn packed(missing: Quantity, pack: &Pack) -> Option<Quantity> {
    let wanted = missing.max(pack.least).thousandths();
    let multiple = pack.multiple.thousandths().max(1);
    Quantity::from_thousandths(wanted.div_ceil(multiple).checked_mul(multiple)?)
}
