//! What is paid back for goods that come back.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::cart::{MAX_LINES, MAX_TENDERS, Payment};
use super::facts::Facts;
use super::pricing::owed;
use super::refusal::Refusal;
use super::sale::{RefundLine, ReturnOf, Sale, SaleLine, Tender};
use super::state::Till;
use crate::order::Disposition;
use crate::price::{self, LineTotal, Overflow, Rate, TaxClass, Totals};
use crate::value::{Amount, Label, OrderId, Quantity, Sku, decimal};

/// A line of an order, as far as returning it goes. Quantities are decimals in serde.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SoldLine {
    /// The line of the order.
    pub line: u32,
    /// What.
    pub sku: Sku,
    /// Its name.
    pub title: Label,
    /// How much was sold.
    #[serde(with = "decimal")]
    pub quantity: Quantity,
    /// How much of it came back before.
    #[serde(with = "decimal")]
    pub returned: Quantity,
    /// What kind of goods it is for tax.
    pub tax_class: TaxClass,
    /// The rate that applied.
    pub tax_rate: Rate,
    /// What was paid for all of it.
    pub total: LineTotal,
}

/// What is paid back for `quantity` of a line of which `returned` came back before.
///
/// It is the difference of two portions of what was paid, each rounded half to even: whoever brings a line back piece by
/// piece gets exactly what was paid for it, and never more on the way.
///
/// # Errors
/// [`Overflow`] for more than was sold, and of a line of nothing.
pub fn share_of(line: &SoldLine, returned: Quantity, quantity: Quantity) -> Result<LineTotal, Overflow> {
    let after = returned.checked_add(quantity).filter(|after| *after <= line.quantity).ok_or(Overflow)?;
    let between = |amount| {
        let before = price::portion(amount, returned, line.quantity)?;
        price::portion(amount, after, line.quantity)?.checked_sub(before).ok_or(Overflow)
    };
    let (total, tax) = (between(line.total.total)?, between(line.total.tax)?);
    Ok(LineTotal { net: total.checked_sub(tax).ok_or(Overflow)?, tax, total })
}

impl SoldLine {
    /// The lines of a sale, as it was.
    pub fn of(sale: &Sale) -> Vec<Self> {
        let line = |line: &SaleLine| Self {
            line: line.no,
            sku: line.sku.clone(),
            title: line.title.clone(),
            quantity: line.quantity,
            returned: Quantity::ZERO,
            tax_class: line.tax_class.clone(),
            tax_rate: line.tax_rate,
            total: line.total,
        };
        sale.lines.iter().map(line).collect()
    }
}

/// A refund that is being put together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundAsk {
    /// Who takes the goods back.
    pub cashier: Label,
    /// Somebody else who answers for what the cashier may not do.
    pub approver: Option<Label>,
    /// What they were sold as.
    pub of: ReturnOf,
    /// The lines of that order, with what came back before as far as the edge told.
    pub sold: Option<Vec<SoldLine>>,
    /// Why.
    pub reason: Label,
    /// What comes back.
    pub lines: Vec<RefundLineAsk>,
    /// How it is paid back.
    pub tenders: Vec<Tender>,
}

/// A line of a refund that is being put together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefundLineAsk {
    /// The line of the order; nothing without a receipt.
    #[serde(default)]
    pub line: Option<u32>,
    /// What.
    pub sku: Sku,
    /// How much; a decimal in serde.
    #[serde(with = "decimal")]
    pub quantity: Quantity,
    /// Without a receipt: what is paid back for one unit; the list price when nothing is said.
    #[serde(default)]
    pub price: Option<Amount>,
    /// Where it goes.
    pub disposition: Disposition,
}

/// A refund with every number of its receipt.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PricedRefund {
    /// The lines that can come back.
    pub lines: Vec<RefundLine>,
    /// The sums.
    pub totals: Totals,
    /// What is to be paid back, and how much of it in cash.
    pub payment: Payment,
    /// What taking it back would be refused for, in order of precedence.
    pub refusals: Vec<Refusal>,
}

/// Prices a refund as it stands.
pub fn price(till: &Till, ask: &RefundAsk, facts: &Facts<'_>) -> PricedRefund {
    let mut refusals = Vec::new();
    if ask.lines.is_empty() {
        refusals.push(Refusal::Empty);
    }
    if ask.lines.len() > MAX_LINES || ask.tenders.len() > MAX_TENDERS {
        refusals.push(Refusal::TooManyLines);
    }
    let mut back: Vec<(u32, Quantity)> = Vec::new();
    let mut lines = Vec::new();
    for (line, no) in ask.lines.iter().zip(1_u32..).take(MAX_LINES) {
        let priced = match &ask.of {
            ReturnOf::Order { order, .. } => returned(till, ask, *order, line, no, &mut back),
            ReturnOf::Unknown => blind(line, no, facts),
        };
        match priced {
            Ok(line) => lines.push(line),
            Err(refusal) => refusals.push(refusal),
        }
    }
    let totals: Vec<LineTotal> = lines.iter().map(|line| line.total).collect();
    let totals = price::totals(&totals).unwrap_or_else(|_| {
        refusals.push(Refusal::TooMuchMoney);
        Totals::default()
    });
    let payment = pay_back(totals.total, ask, facts, &mut refusals);
    PricedRefund { lines, totals, payment, refusals }
}

/// A line of an order that the till knows.
fn returned(
    till: &Till,
    ask: &RefundAsk,
    order: OrderId,
    line: &RefundLineAsk,
    no: u32,
    back: &mut Vec<(u32, Quantity)>,
) -> Result<RefundLine, Refusal> {
    let sold = ask.sold.as_ref().ok_or(Refusal::UnknownSale)?;
    let of = sold.iter().find(|sold| Some(sold.line) == line.line && sold.sku == line.sku);
    let of = of.ok_or(Refusal::UnknownLine { line: no })?;
    if line.quantity.is_zero() {
        return Err(Refusal::NothingOrdered { line: no });
    }
    // What the edge told and what this till took back overlap: the larger one is sure.
    let before = of.returned.max(till.returned(order, of.line));
    let in_this: Quantity = back.iter().filter(|(line, _)| *line == of.line).map(|(_, quantity)| quantity).sum();
    let before = before.saturating_add(in_this);
    let left = of.quantity.saturating_sub(before);
    if line.quantity > left {
        return Err(Refusal::ReturnedTooMuch { line: no, left });
    }
    let total = share_of(of, before, line.quantity).map_err(|_| Refusal::TooMuchMoney)?;
    back.push((of.line, line.quantity));
    Ok(RefundLine {
        line: Some(of.line),
        sku: of.sku.clone(),
        title: of.title.clone(),
        quantity: line.quantity,
        tax_class: of.tax_class.clone(),
        tax_rate: of.tax_rate,
        total,
        disposition: line.disposition,
    })
}

/// A line that nobody has a receipt for: at the list price of today, or at what was keyed in.
fn blind(line: &RefundLineAsk, no: u32, facts: &Facts<'_>) -> Result<RefundLine, Refusal> {
    let page = facts.catalog.page(&line.sku).ok_or(Refusal::UnknownSku { line: no })?;
    if line.quantity.is_zero() {
        return Err(Refusal::NothingOrdered { line: no });
    }
    let unit_price = line.price.or(page.price).ok_or(Refusal::NoPrice { line: no })?;
    if unit_price.is_negative() {
        return Err(Refusal::NegativePrice { line: no });
    }
    let settings = facts.settings;
    let tax_rate = settings.tax.rate(settings.country, page.tax_class);
    let total = price::line(line.quantity, unit_price, tax_rate, settings.tax.mode);
    Ok(RefundLine {
        line: None,
        sku: line.sku.clone(),
        title: page.title.clone(),
        quantity: line.quantity,
        tax_class: page.tax_class.clone(),
        tax_rate,
        total: total.map_err(|_| Refusal::TooMuchMoney)?,
        disposition: line.disposition,
    })
}

/// What is paid back has to be what is owed, in cash rounded to the smallest coin.
fn pay_back(total: Amount, ask: &RefundAsk, facts: &Facts<'_>, refusals: &mut Vec<Refusal>) -> Payment {
    let Some((payment, cash)) = owed(total, &ask.tenders, facts.settings, refusals) else { return Payment::default() };
    let left = if cash.is_some() { payment.due_in_cash } else { payment.due };
    let missing = left.checked_sub(cash.unwrap_or_default()).unwrap_or_default();
    if missing.is_negative() {
        refusals.push(Refusal::TooMuch { over: missing.checked_neg().unwrap_or_default() });
    } else if !missing.is_zero() {
        refusals.push(Refusal::TooLittle { missing });
    }
    payment
}
