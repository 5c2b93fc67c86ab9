//! How much of something: thousandths of a unit, counted in integers.

use core::fmt;
use core::iter::Sum;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{MAX_SAFE_INTEGER, MAX_SAFE_SIGNED, Malformed};

/// Thousandths in one unit.
const SCALE: u64 = 1000;
/// Decimal places a quantity keeps.
const PLACES: usize = 3;

/// An amount of goods in thousandths of a unit, 0 to 2^53 - 1 thousandths.
///
/// Text is a plain decimal with at most three places (`6`, `1.250`), shown without trailing zeros; serde is the integer
/// number of thousandths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u64", into = "u64")]
pub struct Quantity(u64);

impl Quantity {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// One whole unit.
    pub const ONE: Self = Self(SCALE);
    /// The largest quantity, 9,007,199,254,740.991 units.
    pub const MAX: Self = Self(MAX_SAFE_INTEGER);

    /// From thousandths of a unit; `None` above [`Quantity::MAX`].
    pub const fn from_thousandths(thousandths: u64) -> Option<Self> {
        if thousandths <= MAX_SAFE_INTEGER { Some(Self(thousandths)) } else { None }
    }

    /// From whole units; `None` above [`Quantity::MAX`].
    pub const fn from_units(units: u64) -> Option<Self> {
        match units.checked_mul(SCALE) {
            Some(thousandths) => Self::from_thousandths(thousandths),
            None => None,
        }
    }

    /// The number of thousandths of a unit.
    pub const fn thousandths(self) -> u64 {
        self.0
    }

    /// Whether this is nothing.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The sum; `None` above [`Quantity::MAX`].
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        Self::from_thousandths(self.0.saturating_add(other.0))
    }

    /// The difference; `None` when `other` is more than `self`.
    pub const fn checked_sub(self, other: Self) -> Option<Self> {
        match self.0.checked_sub(other.0) {
            Some(rest) => Some(Self(rest)),
            None => None,
        }
    }

    /// The sum, at most [`Quantity::MAX`].
    pub const fn saturating_add(self, other: Self) -> Self {
        match self.checked_add(other) {
            Some(sum) => sum,
            None => Self::MAX,
        }
    }

    /// The difference, at least zero.
    pub const fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl TryFrom<u64> for Quantity {
    type Error = Malformed;

    fn try_from(thousandths: u64) -> Result<Self, Malformed> {
        Self::from_thousandths(thousandths).ok_or(Malformed::OutOfRange)
    }
}

impl From<Quantity> for u64 {
    fn from(quantity: Quantity) -> Self {
        quantity.0
    }
}

impl FromStr for Quantity {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        parse_scaled(text, PLACES).and_then(Self::try_from)
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        show_thousandths(formatter, self.0)
    }
}

impl Sum for Quantity {
    fn sum<I: Iterator<Item = Self>>(quantities: I) -> Self {
        quantities.fold(Self::ZERO, Self::saturating_add)
    }
}

impl<'a> Sum<&'a Self> for Quantity {
    fn sum<I: Iterator<Item = &'a Self>>(quantities: I) -> Self {
        quantities.copied().sum()
    }
}

/// A change of quantity in thousandths of a unit, plus or minus 2^53 - 1 thousandths. Text as for [`Quantity`] with an
/// optional leading minus; serde is the integer number of thousandths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Delta(i64);

impl Delta {
    /// No change.
    pub const ZERO: Self = Self(0);

    /// From thousandths of a unit; `None` beyond plus or minus 2^53 - 1.
    pub const fn from_thousandths(thousandths: i64) -> Option<Self> {
        if thousandths.unsigned_abs() <= MAX_SAFE_INTEGER { Some(Self(thousandths)) } else { None }
    }

    /// The signed number of thousandths of a unit.
    pub const fn thousandths(self) -> i64 {
        self.0
    }

    /// How much, without the direction.
    pub const fn magnitude(self) -> Quantity {
        Quantity(self.0.unsigned_abs())
    }

    /// Whether this takes away.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Whether this changes nothing.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The opposite change.
    pub const fn negated(self) -> Self {
        Self(self.0.saturating_neg())
    }
}

impl From<Quantity> for Delta {
    fn from(quantity: Quantity) -> Self {
        Self(i64::try_from(quantity.0).unwrap_or(MAX_SAFE_SIGNED))
    }
}

impl TryFrom<i64> for Delta {
    type Error = Malformed;

    fn try_from(thousandths: i64) -> Result<Self, Malformed> {
        Self::from_thousandths(thousandths).ok_or(Malformed::OutOfRange)
    }
}

impl From<Delta> for i64 {
    fn from(delta: Delta) -> Self {
        delta.0
    }
}

impl FromStr for Delta {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        match text.strip_prefix('-') {
            Some(magnitude) => magnitude.parse().map(|quantity: Quantity| Self::from(quantity).negated()),
            None => text.parse().map(|quantity: Quantity| Self::from(quantity)),
        }
    }
}

impl fmt::Display for Delta {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_negative() {
            formatter.write_str("-")?;
        }
        show_thousandths(formatter, self.0.unsigned_abs())
    }
}

/// Reads a plain decimal (no sign, exponent or superfluous leading zero) as an integer of `10^-places`.
pub(crate) fn parse_scaled(text: &str, places: usize) -> Result<u64, Malformed> {
    if text.is_empty() {
        return Err(Malformed::Empty);
    }
    if !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return Err(Malformed::Character);
    }
    let (whole, fraction) = match text.split_once('.') {
        Some((_, "")) => return Err(Malformed::Shape),
        Some((whole, fraction)) => (whole, fraction),
        None => (text, ""),
    };
    if whole.is_empty() || fraction.contains('.') || (whole.len() > 1 && whole.starts_with('0')) {
        return Err(Malformed::Shape);
    }
    if fraction.len() > places {
        return Err(Malformed::TooPrecise);
    }
    let padding = core::iter::repeat_n(b'0', places.saturating_sub(fraction.len()));
    whole.bytes().chain(fraction.bytes()).chain(padding).try_fold(0_u64, |value, digit| {
        let digit = u64::from(digit.saturating_sub(b'0'));
        value.checked_mul(10).and_then(|value| value.checked_add(digit)).ok_or(Malformed::OutOfRange)
    })
}

fn show_thousandths(formatter: &mut fmt::Formatter<'_>, thousandths: u64) -> fmt::Result {
    let (whole, rest) = (thousandths / SCALE, thousandths % SCALE);
    if rest == 0 {
        write!(formatter, "{whole}")
    } else if rest.is_multiple_of(100) {
        write!(formatter, "{whole}.{}", rest / 100)
    } else if rest.is_multiple_of(10) {
        write!(formatter, "{whole}.{:02}", rest / 10)
    } else {
        write!(formatter, "{whole}.{rest:03}")
    }
}
