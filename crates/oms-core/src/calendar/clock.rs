//! A time of day.

use core::fmt;
use core::str::FromStr;

use crate::value::{Malformed, serial::as_string};

/// Minutes in a day.
const DAY_MINUTES: u16 = 24 * 60;

/// A time of day on the wall, in whole minutes from `00:00` to `24:00` (the end of the day). Text and serde are `HH:MM`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Clock(u16);

impl Clock {
    /// The end of the day, `24:00`.
    pub const END: Self = Self(DAY_MINUTES);

    /// From minutes since midnight; `None` beyond 1,440.
    pub const fn new(minutes: u16) -> Option<Self> {
        if minutes <= DAY_MINUTES { Some(Self(minutes)) } else { None }
    }

    /// Minutes since midnight.
    pub const fn minutes(self) -> u16 {
        self.0
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::END
    }
}

impl FromStr for Clock {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        if text.is_empty() {
            return Err(Malformed::Empty);
        }
        let [h, hh, b':', m, mm] = *text.as_bytes() else { return Err(Malformed::Shape) };
        let two = |high: u8, low: u8| -> Result<u16, Malformed> {
            if !high.is_ascii_digit() || !low.is_ascii_digit() {
                return Err(Malformed::Character);
            }
            let digit = |byte: u8| u16::from(byte.saturating_sub(b'0'));
            Ok(digit(high).saturating_mul(10).saturating_add(digit(low)))
        };
        let (hour, minute) = (two(h, hh)?, two(m, mm)?);
        if minute > 59 {
            return Err(Malformed::OutOfRange);
        }
        Self::new(hour.saturating_mul(60).saturating_add(minute)).ok_or(Malformed::OutOfRange)
    }
}

impl fmt::Display for Clock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

as_string!(Clock);
