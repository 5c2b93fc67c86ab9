//! What is paid back for goods that come back.

use serde::{Deserialize, Serialize};

use crate::price::{self, LineTotal, Overflow, Rate, TaxClass};
use crate::value::{Label, Quantity, Sku, decimal};

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
