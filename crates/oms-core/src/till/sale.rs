//! A sale and a refund as they were: every number that is on the receipt.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::name::ReceiptNo;
use crate::order::{Customer, Disposition};
use crate::price::{LineTotal, Rate, TaxClass, Totals};
use crate::value::{Amount, Country, Currency, Label, OrderId, Quantity, Sku};

/// Goods sold and carried away.
///
/// `totals` is the sum over the lines (I12). What was given, less change, is `totals.total + rounding`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sale {
    /// Its receipt.
    pub receipt: ReceiptNo,
    /// The order that it is.
    pub order: OrderId,
    /// Who sold.
    pub cashier: Label,
    /// Who bought, if they said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<Customer>,
    /// Every amount's currency.
    pub currency: Currency,
    /// Where it was taxed.
    pub country: Country,
    /// The version of the tax table.
    pub tax_version: u32,
    /// What was sold, at least one line.
    pub lines: Vec<SaleLine>,
    /// What it comes to, before rounding.
    pub totals: Totals,
    /// What cash rounding added (or, negative, took off).
    pub rounding: Amount,
    /// What was given, in the order in which it was.
    pub tenders: Vec<Tender>,
    /// Cash given back.
    pub change: Amount,
}

/// A line of a sale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SaleLine {
    /// From 1.
    pub no: u32,
    /// What.
    pub sku: Sku,
    /// Its name on the receipt.
    pub title: Label,
    /// Its unit.
    pub unit: Label,
    /// How much.
    pub quantity: Quantity,
    /// The price of one unit that held.
    pub unit_price: Amount,
    /// The version of the page of the price book it was read from; nothing for a price keyed in by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list_version: Option<u32>,
    /// What was taken off the line, its share of a discount on the whole included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount: Option<Discount>,
    /// What kind of goods it is for tax.
    pub tax_class: TaxClass,
    /// The rate that applied.
    pub tax_rate: Rate,
    /// Net, tax and total, the discount taken off.
    pub total: LineTotal,
    /// How much of it the till had rights to sell; the rest was sold on somebody's word.
    pub within: Quantity,
    /// Who answered for selling what the till had no rights to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allowed_by: Option<Label>,
    /// Who answered for a price keyed in by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priced_by: Option<Label>,
}

/// Something taken off a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Discount {
    /// How much, as prices are quoted (with or without tax).
    pub amount: Amount,
    /// Why.
    pub reason: Label,
    /// Who answered for it.
    pub by: Label,
}

/// Something a customer paid with, or was paid back with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tender {
    /// What kind.
    pub kind: TenderKind,
    /// How much; of cash what was handed over, change not taken off.
    pub amount: Amount,
    /// The terminal's or the card's reference, never a card number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<Label>,
}

/// A kind of tender.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TenderKind {
    /// Notes and coins.
    Cash,
    /// A card, at a terminal of its own.
    Card,
    /// A gift card.
    GiftCard,
    /// Store credit.
    StoreCredit,
}

/// Goods that came back for money. Amounts are what was paid back, as positive numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refunded {
    /// Its own receipt, of the same series as sales.
    pub receipt: ReceiptNo,
    /// Who took them back.
    pub cashier: Label,
    /// Who answered for it, where that takes somebody else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allowed_by: Option<Label>,
    /// What they were sold as.
    pub of: ReturnOf,
    /// Why they came back.
    pub reason: Label,
    /// Every amount's currency.
    pub currency: Currency,
    /// Where it was taxed.
    pub country: Country,
    /// What came back, at least one line.
    pub lines: Vec<RefundLine>,
    /// What it comes to, before rounding.
    pub totals: Totals,
    /// What cash rounding added (or, negative, took off).
    pub rounding: Amount,
    /// How it was paid back.
    pub tenders: Vec<Tender>,
}

/// What goods that come back were sold as.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReturnOf {
    /// An order, of this till, of another one or bought online.
    Order {
        /// The order.
        order: OrderId,
        /// The receipt, when it was a sale at a till.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        receipt: Option<ReceiptNo>,
    },
    /// Nobody knows: returned without a receipt.
    Unknown,
}

/// A line of what came back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefundLine {
    /// The line of the order; nothing without a receipt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// What.
    pub sku: Sku,
    /// Its name on the receipt.
    pub title: Label,
    /// How much.
    pub quantity: Quantity,
    /// What kind of goods it is for tax.
    pub tax_class: TaxClass,
    /// The rate that applied.
    pub tax_rate: Rate,
    /// What is paid back for it.
    pub total: LineTotal,
    /// Where it goes.
    pub disposition: Disposition,
}
