//! An order line and its quantity by status: every transition moves a quantity, and the sum never changes (I14).

use alloc::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::price::{LineTotal, Rate, TaxClass};
use crate::sorting::Gather as _;
use crate::value::{Amount, Day, Label, Quantity, Sku};

/// Where a quantity of a line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineStatus {
    /// Not sourced yet.
    Open,
    /// Nobody has it; it waits for stock.
    Backordered,
    /// Set aside at a location.
    Allocated,
    /// Taken from the shelf.
    Picked,
    /// In a parcel.
    Packed,
    /// On its way.
    Shipped,
    /// With the customer.
    Delivered,
    /// Come back.
    Returned,
    /// Not wanted, or not to be had, any more.
    Canceled,
}

/// A line's quantity by status.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts(BTreeMap<LineStatus, Quantity>);

impl Counts {
    /// All of it in one status.
    pub fn all(status: LineStatus, quantity: Quantity) -> Self {
        Self([(status, quantity)].into_iter().into_map())
    }

    /// How much stands there.
    pub fn of(&self, status: LineStatus) -> Quantity {
        self.0.get(&status).copied().unwrap_or(Quantity::ZERO)
    }

    /// How much stands in any of these.
    pub fn of_any(&self, statuses: &[LineStatus]) -> Quantity {
        statuses.iter().map(|status| self.of(*status)).sum()
    }

    /// Everything, whatever its status: what was ordered.
    pub fn sum(&self) -> Quantity {
        self.0.values().copied().sum()
    }

    /// Moves a quantity, at most what is there; the sum stays.
    pub fn shift(&mut self, from: LineStatus, to: LineStatus, quantity: Quantity) {
        let quantity = quantity.min(self.of(from));
        if quantity.is_zero() || from == to {
            return;
        }
        let left = self.of(from).saturating_sub(quantity);
        if left.is_zero() {
            self.0.remove(&from);
        } else {
            self.0.insert(from, left);
        }
        let there = self.of(to).saturating_add(quantity);
        self.0.insert(to, there);
    }

    /// Every status that has a quantity.
    pub fn iter(&self) -> impl Iterator<Item = (LineStatus, Quantity)> + '_ {
        self.0.iter().map(|(status, quantity)| (*status, *quantity))
    }
}

/// Where a line's unit price comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PriceSource {
    /// The SKU's page of the price book, of this version.
    List {
        /// The page's version.
        version: u32,
    },
    /// The channel sold at a price of its own.
    Channel,
}

/// A line of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// From 1.
    pub no: u32,
    /// What is ordered.
    pub sku: Sku,
    /// Its name when it was ordered.
    pub title: Label,
    /// Its unit of measure.
    pub unit: Label,
    /// How much was ordered, for ever.
    pub quantity: Quantity,
    /// Price of one unit, in the order's currency.
    pub unit_price: Amount,
    /// Where the price comes from.
    pub price_source: PriceSource,
    /// What kind of goods it is for tax.
    pub tax_class: TaxClass,
    /// The tax rate that applied.
    pub tax_rate: Rate,
    /// Net, tax and total.
    pub total: LineTotal,
    /// Whether it comes from one location or not at all.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub whole: bool,
    /// The day it is wanted by, besides the order's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requested_by: Option<Day>,
    /// The SKU object that keeps its stock.
    pub object: u16,
    /// Quantity by status.
    pub counts: Counts,
}
