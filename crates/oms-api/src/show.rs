//! How values are shown: what the core keeps as numbers, the API writes as text.

use core::fmt;

use oms_core::price::LineTotal;
use oms_core::value::{Amount, Currency, Money};
use serde::{Serialize, Serializer};

/// A value written as its text: quantities, times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shown<T>(pub T);

impl<T: fmt::Display> Serialize for Shown<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// Net, tax and total with their currency.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct TotalsView {
    net: Money,
    tax: Money,
    total: Money,
}

impl TotalsView {
    /// The amounts in a currency.
    pub fn new(total: LineTotal, currency: Currency) -> Self {
        let money = |amount: Amount| Money::new(amount, currency);
        Self { net: money(total.net), tax: money(total.tax), total: money(total.total) }
    }
}
