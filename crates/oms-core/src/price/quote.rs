//! The price of one line of an order: whose price holds, which rate applies, what it comes to.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{LineTotal, PriceEntry, Rate, TaxClass, TaxTable, line};
use crate::value::{Amount, Country, Currency, Quantity};

/// What an order says about a line's price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ask {
    /// How much is ordered.
    pub quantity: Quantity,
    /// The channel's own price of one unit; without it the list price holds.
    pub unit_price: Option<Amount>,
    /// What the order is paid in.
    pub currency: Currency,
    /// Where the goods go.
    pub country: Country,
}

/// A priced line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// The price of one unit that holds.
    pub unit_price: Amount,
    /// The version of the page it was read from; `None` for the channel's own price.
    pub list_version: Option<u32>,
    /// What kind of goods it is for tax.
    pub tax_class: TaxClass,
    /// The rate that applies.
    pub tax_rate: Rate,
    /// Net, tax and total.
    pub total: LineTotal,
}

/// Why a line has no price, in order of precedence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Error)]
#[serde(rename_all = "snake_case")]
pub enum NoQuote {
    /// A quantity of zero.
    #[error("the quantity is zero")]
    NothingOrdered,
    /// Neither the channel nor the price book has a price in the currency.
    #[error("there is no price in this currency")]
    NoPrice,
    /// A unit price below zero.
    #[error("the unit price is negative")]
    NegativePrice,
    /// An amount leaves its bounds.
    #[error("the amount is too large")]
    TooMuchMoney,
}

/// Prices one line from the page of its SKU.
///
/// # Errors
/// [`NoQuote`], the first that applies.
pub fn quote(ask: &Ask, page: &PriceEntry, table: &TaxTable) -> Result<Quote, NoQuote> {
    if ask.quantity.is_zero() {
        return Err(NoQuote::NothingOrdered);
    }
    let (unit_price, list_version) = match ask.unit_price {
        Some(own) => (own, None),
        None => (page.price(ask.currency).ok_or(NoQuote::NoPrice)?, Some(page.version)),
    };
    if unit_price.is_negative() {
        return Err(NoQuote::NegativePrice);
    }
    let tax_rate = table.rate(ask.country, &page.tax_class);
    let total = line(ask.quantity, unit_price, tax_rate, table.mode).map_err(|_| NoQuote::TooMuchMoney)?;
    Ok(Quote { unit_price, list_version, tax_class: page.tax_class.clone(), tax_rate, total })
}
