//! What a line costs: the extended amount, the tax in it or on it, and the sums over lines.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Rate, TaxMode};
use crate::value::{Amount, Quantity};

/// Thousandths in one unit.
const UNIT: u128 = 1000;
/// Millionths in a rate of 100 %.
const WHOLE: u128 = 1_000_000;

/// An amount would be beyond plus or minus 2^53 - 1 minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the amount is too large")]
pub struct Overflow;

/// What a line costs, in minor units of the order's currency; `net + tax = total` exactly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineTotal {
    /// Without tax.
    pub net: Amount,
    /// The tax.
    pub tax: Amount,
    /// What the customer pays.
    pub total: Amount,
}

/// What an order costs: the sums over its lines, so `net + tax = total` here too.
pub type Totals = LineTotal;

/// The cost of a quantity at a unit price.
///
/// The extended amount is `quantity * unit`, rounded half to even to the minor unit. With [`TaxMode::Exclusive`] it is
/// the net and `tax = net * rate`; with [`TaxMode::Inclusive`] it is the total and `tax = total * rate / (1 + rate)`; the
/// tax is rounded half to even too, once per line.
///
/// # Errors
/// [`Overflow`] when an amount would be beyond plus or minus 2^53 - 1.
pub fn line(quantity: Quantity, unit: Amount, rate: Rate, mode: TaxMode) -> Result<LineTotal, Overflow> {
    taxed(extended(quantity, unit)?, rate, mode)
}

/// The extended amount of [`line`]: what a quantity comes to at a unit price, as the price is quoted.
///
/// # Errors
/// [`Overflow`] as for [`line`].
pub fn extended(quantity: Quantity, unit: Amount) -> Result<Amount, Overflow> {
    share(unit, quantity.thousandths().into(), UNIT)
}

/// The part of an amount that a rate is: 10 % of 255 is 26 (half to even).
///
/// # Errors
/// [`Overflow`] as for [`line`].
pub fn percent(amount: Amount, rate: Rate) -> Result<Amount, Overflow> {
    share(amount, rate.millionths().into(), WHOLE)
}

/// The part of an amount that falls to a part of a quantity, rounded half to even.
///
/// # Errors
/// [`Overflow`] as for [`line`], and for a part of nothing.
pub fn portion(amount: Amount, part: Quantity, whole: Quantity) -> Result<Amount, Overflow> {
    share(amount, part.thousandths().into(), whole.thousandths().into())
}

/// The tax in or on an extended amount, as [`line`] takes it.
///
/// # Errors
/// [`Overflow`] as for [`line`].
pub fn taxed(extended: Amount, rate: Rate, mode: TaxMode) -> Result<LineTotal, Overflow> {
    let millionths = u128::from(rate.millionths());
    match mode {
        TaxMode::Exclusive => {
            let tax = share(extended, millionths, WHOLE)?;
            let total = extended.checked_add(tax).ok_or(Overflow)?;
            Ok(LineTotal { net: extended, tax, total })
        }
        TaxMode::Inclusive => {
            let tax = share(extended, millionths, WHOLE.saturating_add(millionths))?;
            let net = extended.checked_sub(tax).ok_or(Overflow)?;
            Ok(LineTotal { net, tax, total: extended })
        }
    }
}

/// The sums over lines.
///
/// # Errors
/// [`Overflow`] when a sum would be beyond plus or minus 2^53 - 1.
pub fn totals(lines: &[LineTotal]) -> Result<Totals, Overflow> {
    lines.iter().try_fold(Totals::default(), |sum, line| {
        Ok(Totals {
            net: sum.net.checked_add(line.net).ok_or(Overflow)?,
            tax: sum.tax.checked_add(line.tax).ok_or(Overflow)?,
            total: sum.total.checked_add(line.total).ok_or(Overflow)?,
        })
    })
}

/// `amount * numerator / denominator`, rounded half to even. Half to even is symmetric, so the sign is put aside.
fn share(amount: Amount, numerator: u128, denominator: u128) -> Result<Amount, Overflow> {
    let product = u128::from(amount.minor().unsigned_abs()).checked_mul(numerator).ok_or(Overflow)?;
    let magnitude = divide_half_even(product, denominator).ok_or(Overflow)?;
    let minor = i64::try_from(magnitude).ok().and_then(Amount::new).ok_or(Overflow)?;
    if amount.is_negative() { minor.checked_neg().ok_or(Overflow) } else { Ok(minor) }
}

fn divide_half_even(dividend: u128, divisor: u128) -> Option<u128> {
    let quotient = dividend.checked_div(divisor)?;
    let rest = dividend.checked_rem(divisor)?;
    let up = match rest.cmp(&divisor.checked_sub(rest)?) {
        core::cmp::Ordering::Less => false,
        core::cmp::Ordering::Equal => !quotient.is_multiple_of(2),
        core::cmp::Ordering::Greater => true,
    };
    quotient.checked_add(u128::from(up))
}
