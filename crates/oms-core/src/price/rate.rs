//! A tax rate: millionths, written as percent.

use core::fmt;
use core::str::FromStr;

use crate::value::Malformed;
use crate::value::quantity::parse_scaled;
use crate::value::serial::as_string;

/// Millionths in one percent.
const PERCENT: u32 = 10_000;
/// Decimal places of a percentage.
const PLACES: usize = 4;
/// Ten times the price: no tax on goods comes near it, and it keeps the arithmetic within 128 bits.
const HIGHEST: u32 = 10_000_000;

/// A rate in millionths, 0 to 1000 %. Percent in text and in serde (`20`, `5.5`, at most four places).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rate(u32);

impl Rate {
    /// No tax.
    pub const ZERO: Self = Self(0);

    /// From millionths (20 % is 200,000); `None` above 1000 %.
    pub const fn from_millionths(millionths: u32) -> Option<Self> {
        if millionths <= HIGHEST { Some(Self(millionths)) } else { None }
    }

    /// The number of millionths.
    pub const fn millionths(self) -> u32 {
        self.0
    }

    /// Whether there is no tax.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }
}

impl FromStr for Rate {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let millionths = parse_scaled(text, PLACES)?;
        u32::try_from(millionths).ok().and_then(Self::from_millionths).ok_or(Malformed::OutOfRange)
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, mut rest, mut places) = (self.0 / PERCENT, self.0 % PERCENT, PLACES);
        if rest == 0 {
            return write!(formatter, "{whole}");
        }
        while rest.is_multiple_of(10) {
            rest /= 10;
            places = places.saturating_sub(1);
        }
        write!(formatter, "{whole}.{rest:0places$}")
    }
}

as_string!(Rate);
