//! The price book: list prices per SKU and currency, each page versioned on its own.

use alloc::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::TaxClass;
use crate::value::{Amount, Currency, Sku};

/// The list prices of a tenant at one version.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceBook {
    /// Rises by one with every change of any page.
    pub version: u32,
    /// A page per SKU.
    pub entries: BTreeMap<Sku, PriceEntry>,
}

impl PriceBook {
    /// The page of a SKU.
    pub fn entry(&self, sku: &Sku) -> Option<&PriceEntry> {
        self.entries.get(sku)
    }
}

/// The page of one SKU.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceEntry {
    /// Rises by one with every change of this page.
    pub version: u32,
    /// The price of one unit, in minor units of each currency it is sold in.
    pub prices: BTreeMap<Currency, Amount>,
    /// Which rates of the tax table apply.
    pub tax_class: TaxClass,
}

impl PriceEntry {
    /// The same in everything but its version.
    pub fn same_as(&self, other: &Self) -> bool {
        (&self.prices, &self.tax_class) == (&other.prices, &other.tax_class)
    }

    /// The price of one unit in a currency, where there is one.
    pub fn price(&self, currency: Currency) -> Option<Amount> {
        self.prices.get(&currency).copied()
    }
}

/// The page of a SKU that was in force at a version, of those that are kept, oldest first and the newest last. A version that
/// is not there said the same as the one before it. Nothing for what is older than all, and for a version that never was.
pub fn of_version(pages: &[PriceEntry], version: u32) -> Option<&PriceEntry> {
    let known = pages.last().is_some_and(|newest| version <= newest.version);
    pages.iter().rev().find(|page| known && page.version <= version)
}
