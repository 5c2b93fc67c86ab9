//! The tax table: which rate holds for which class of goods in which country.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Rate;
use crate::value::serial::as_string;
use crate::value::text::{check_code, checked_text};
use crate::value::{Country, Malformed};

checked_text!(
    /// A class of goods that are taxed alike (`standard`, `books`): 1 to 32 of `a-z 0-9 _ -`.
    TaxClass, check_code
);

impl Default for TaxClass {
    /// `standard`.
    fn default() -> Self {
        Self::standard()
    }
}

impl TaxClass {
    /// The class of goods that nobody said otherwise about.
    pub fn standard() -> Self {
        Self("standard".to_owned())
    }
}

/// Whether unit prices have the tax in them already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaxMode {
    /// Prices are what the customer pays; the tax is a part of them.
    Inclusive,
    /// Prices are net; the tax comes on top.
    #[default]
    Exclusive,
}

/// The tax rates of a tenant at one version. Serde has the rates as a list of [`TaxRate`] in order of class and country,
/// the rate for everywhere else first; a country and class that stand twice are refused.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaxTable {
    /// Rises by one with every change.
    pub version: u32,
    /// How the tenant quotes prices.
    pub mode: TaxMode,
    rates: BTreeMap<TaxClass, BTreeMap<Option<Country>, Rate>>,
}

/// One row of a tax table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaxRate {
    /// Where the goods go; `None` is everywhere without a row of its own.
    #[serde(default)]
    pub country: Option<Country>,
    /// The goods the rate is for.
    pub class: TaxClass,
    /// The rate.
    pub rate: Rate,
}

impl TaxTable {
    /// A table with these rows. Of rows with the same country and class the last one holds.
    pub fn new(version: u32, mode: TaxMode, rates: impl IntoIterator<Item = TaxRate>) -> Self {
        let mut table = Self { version, mode, rates: BTreeMap::new() };
        for rate in rates {
            table.set(rate);
        }
        table
    }

    /// The rate for goods of a class that go to a country: its own row, else the row for everywhere else, else zero.
    pub fn rate(&self, country: Country, class: &TaxClass) -> Rate {
        let Some(rates) = self.rates.get(class) else { return Rate::ZERO };
        rates.get(&Some(country)).or_else(|| rates.get(&None)).copied().unwrap_or_default()
    }

    /// All rows, in order of class and country.
    pub fn rates(&self) -> impl Iterator<Item = TaxRate> {
        self.rates.iter().flat_map(|(class, rates)| {
            rates.iter().map(|(country, rate)| TaxRate { country: *country, class: class.clone(), rate: *rate })
        })
    }

    /// Puts a row in; gives back the rate it replaces.
    fn set(&mut self, row: TaxRate) -> Option<Rate> {
        self.rates.entry(row.class).or_default().insert(row.country, row.rate)
    }
}

/// A tax table as serde sees it.
#[derive(Serialize, Deserialize)]
#[serde(rename = "TaxTable", deny_unknown_fields)]
struct Rows {
    version: u32,
    mode: TaxMode,
    rates: Vec<TaxRate>,
}

impl Serialize for TaxTable {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Rows { version: self.version, mode: self.mode, rates: self.rates().collect() }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for TaxTable {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let rows = Rows::deserialize(deserializer)?;
        let mut table = Self { version: rows.version, mode: rows.mode, rates: BTreeMap::new() };
        for row in rows.rates {
            if table.set(row).is_some() {
                return Err(D::Error::custom("two rates for one country and class"));
            }
        }
        Ok(table)
    }
}
