//! How much money: integer minor units, and the currency they are in.

use core::fmt;
use core::iter::Sum;

use serde::{Deserialize, Serialize};

use super::{Currency, MAX_SAFE_INTEGER, MAX_SAFE_SIGNED, Malformed};

/// Money in minor units (cents, pence, whole yen) of a currency known from the context, plus or minus 2^53 - 1.
/// Serde is the integer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Amount(i64);

impl Amount {
    /// No money.
    pub const ZERO: Self = Self(0);
    /// The largest amount.
    pub const MAX: Self = Self(MAX_SAFE_SIGNED);
    /// The smallest amount.
    pub const MIN: Self = Self(-MAX_SAFE_SIGNED);

    /// From minor units; `None` beyond plus or minus 2^53 - 1.
    pub const fn new(minor: i64) -> Option<Self> {
        if minor.unsigned_abs() <= MAX_SAFE_INTEGER { Some(Self(minor)) } else { None }
    }

    /// The number of minor units.
    pub const fn minor(self) -> i64 {
        self.0
    }

    /// Whether this is no money.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Whether this is below zero.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// The sum; `None` beyond the bounds.
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        Self::new(self.0.saturating_add(other.0))
    }

    /// The difference; `None` beyond the bounds.
    pub const fn checked_sub(self, other: Self) -> Option<Self> {
        Self::new(self.0.saturating_sub(other.0))
    }

    /// The opposite amount. The bounds are symmetric, so this is always `Some`.
    pub const fn checked_neg(self) -> Option<Self> {
        Self::new(self.0.saturating_neg())
    }

    /// The sum, held within the bounds.
    pub const fn saturating_add(self, other: Self) -> Self {
        match self.checked_add(other) {
            Some(sum) => sum,
            None if other.is_negative() => Self::MIN,
            None => Self::MAX,
        }
    }
}

impl TryFrom<i64> for Amount {
    type Error = Malformed;

    fn try_from(minor: i64) -> Result<Self, Malformed> {
        Self::new(minor).ok_or(Malformed::OutOfRange)
    }
}

impl From<Amount> for i64 {
    fn from(amount: Amount) -> Self {
        amount.0
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl Sum for Amount {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Self::saturating_add)
    }
}

impl<'a> Sum<&'a Self> for Amount {
    fn sum<I: Iterator<Item = &'a Self>>(amounts: I) -> Self {
        amounts.copied().sum()
    }
}

/// An amount and its currency, `{"amount": 255, "currency": "GBP"}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// Minor units of the currency.
    pub amount: Amount,
    /// What they are units of.
    pub currency: Currency,
}

impl Money {
    /// So much of a currency.
    pub const fn new(amount: Amount, currency: Currency) -> Self {
        Self { amount, currency }
    }
}
