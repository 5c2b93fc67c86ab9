//! A sale that is being put together, and every number of it.
//!
//! The page prices a cart with every change; selling it takes the very same numbers.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::sale::Tender;
use crate::order::Customer;
use crate::price::{LineTotal, Rate, TaxClass, Totals};
use crate::value::{Amount, Label, Quantity, Sku, decimal};

use super::refusal::Refusal;

/// Most lines of a sale, as of an order that comes in by itself.
pub const MAX_LINES: usize = 200;
/// Most tenders of a sale: more than anybody has cards.
pub const MAX_TENDERS: usize = 20;

/// A sale that is being put together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cart {
    /// Who sells.
    pub cashier: Label,
    /// Somebody else who answers for what the cashier may not do.
    #[serde(default)]
    pub approver: Option<Label>,
    /// Who buys, if they say.
    #[serde(default)]
    pub customer: Option<Customer>,
    /// What.
    pub lines: Vec<CartLine>,
    /// What is taken off the whole.
    #[serde(default)]
    pub discount: Option<DiscountAsk>,
    /// What was given.
    #[serde(default)]
    pub tenders: Vec<Tender>,
}

/// A line of a cart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CartLine {
    /// What.
    pub sku: Sku,
    /// How much; a decimal in serde.
    #[serde(with = "decimal")]
    pub quantity: Quantity,
    /// The price of one unit, keyed in.
    #[serde(default)]
    pub price: Option<Amount>,
    /// What is taken off.
    #[serde(default)]
    pub discount: Option<DiscountAsk>,
}

/// Something to be taken off: a part, an amount, or both together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DiscountAsk {
    /// So many percent.
    #[serde(default)]
    pub percent: Option<Rate>,
    /// So much.
    #[serde(default)]
    pub amount: Option<Amount>,
    /// Why.
    pub reason: Label,
}

/// A cart with every number of its receipt.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Priced {
    /// The lines that there are prices for.
    pub lines: Vec<PricedLine>,
    /// The sums.
    pub totals: Totals,
    /// All that was taken off, as prices are quoted.
    pub discount: Amount,
    /// What was given and what is left.
    pub payment: Payment,
    /// What selling it would be refused for, in order of precedence.
    pub refusals: Vec<Refusal>,
}

/// A line with its price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PricedLine {
    /// Which line of the cart, from 1.
    pub no: u32,
    /// What.
    pub sku: Sku,
    /// Its name.
    pub title: Label,
    /// Its unit.
    pub unit: Label,
    /// How much.
    pub quantity: Quantity,
    /// The price of one unit that holds.
    pub unit_price: Amount,
    /// The list price.
    pub list_price: Option<Amount>,
    /// The version of its page, when it is the list price that holds.
    pub list_version: Option<u32>,
    /// What was taken off, its share of a discount on the whole included.
    pub discount: Amount,
    /// What kind of goods it is for tax.
    pub tax_class: TaxClass,
    /// The rate that applies.
    pub tax_rate: Rate,
    /// Net, tax and total.
    pub total: LineTotal,
    /// How much of it the till has rights to sell.
    pub within: Quantity,
}

/// What is to pay, what was given, what is left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Payment {
    /// What tenders other than cash pay.
    pub without_cash: Amount,
    /// What is left then.
    pub due: Amount,
    /// The same in cash, rounded to the smallest coin.
    pub due_in_cash: Amount,
    /// What rounding adds, when cash was given.
    pub rounding: Amount,
    /// Cash to give back.
    pub change: Amount,
}

/// What goods of one rate come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaxSum {
    /// The rate.
    pub rate: Rate,
    /// Without tax.
    pub net: Amount,
    /// The tax.
    pub tax: Amount,
    /// With tax.
    pub total: Amount,
}

/// The sums by rate, the lowest rate first.
pub fn taxes(lines: impl IntoIterator<Item = (Rate, LineTotal)>) -> Vec<TaxSum> {
    let mut sums: Vec<TaxSum> = Vec::new();
    for (rate, total) in lines {
        taxes_add(&mut sums, rate, total);
    }
    sums
}

/// Adds to the sums by rate, the lowest rate first.
pub(super) fn taxes_add(sums: &mut Vec<TaxSum>, rate: Rate, LineTotal { net, tax, total }: LineTotal) {
    let place = sums.partition_point(|sum| sum.rate < rate);
    match sums.get_mut(place).filter(|sum| sum.rate == rate) {
        Some(sum) => {
            sum.net = sum.net.saturating_add(net);
            sum.tax = sum.tax.saturating_add(tax);
            sum.total = sum.total.saturating_add(total);
        }
        None => sums.insert(place, TaxSum { rate, net, tax, total }),
    }
}
