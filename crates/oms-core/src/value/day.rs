//! Days of the Gregorian calendar, without a time zone.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

use super::time::{DAY, civil_from_days, days_of};
use super::{Malformed, Timestamp, serial::as_string};

/// Days from 1970-01-01 to 9999-12-31.
const LAST: i32 = 2_932_896;

/// A day from 1970-01-01 to 9999-12-31, counted in days since the first. Text and serde are the ISO 8601 date,
/// `2026-11-21`. Which moments belong to it is a matter of a time zone: see [`crate::calendar::Zone`].
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i32);

impl Day {
    /// 1970-01-01.
    pub const FIRST: Self = Self(0);
    /// 9999-12-31.
    pub const LAST: Self = Self(LAST);

    /// From days since 1970-01-01; `None` before it and after the year 9999.
    pub const fn new(number: i32) -> Option<Self> {
        if 0 <= number && number <= LAST { Some(Self(number)) } else { None }
    }

    /// Days since 1970-01-01.
    pub const fn number(self) -> i32 {
        self.0
    }

    /// The day a moment belongs to in UTC.
    pub fn of_utc(moment: Timestamp) -> Self {
        i32::try_from(moment.millis() / DAY).ok().and_then(Self::new).unwrap_or(Self::LAST)
    }

    /// Later (or earlier) by so many days; `None` beyond the bounds.
    pub const fn checked_add(self, days: i32) -> Option<Self> {
        Self::new(self.0.saturating_add(days))
    }

    /// Later (or earlier) by so many days, held within the bounds.
    pub fn saturating_add(self, days: i32) -> Self {
        Self(self.0.saturating_add(days).clamp(0, LAST))
    }

    /// Days since `earlier`; negative when that is later.
    pub const fn days_since(self, earlier: Self) -> i32 {
        self.0.saturating_sub(earlier.0)
    }

    /// The day of the week. 1970-01-01 was a Thursday.
    pub fn weekday(self) -> Weekday {
        match self.0.rem_euclid(7) {
            0 => Weekday::Thursday,
            1 => Weekday::Friday,
            2 => Weekday::Saturday,
            3 => Weekday::Sunday,
            4 => Weekday::Monday,
            5 => Weekday::Tuesday,
            _ => Weekday::Wednesday,
        }
    }

    /// Year and month (1 to 12).
    pub fn month(self) -> (i64, i64) {
        let (year, month, _) = civil_from_days(i64::from(self.0));
        (year, month)
    }

    /// The Monday of its week (ISO 8601); 1970-01-01 for the three days before the first Monday.
    pub fn monday(self) -> Self {
        self.saturating_add(self.0.saturating_add(3).rem_euclid(7).saturating_neg())
    }
}

impl FromStr for Day {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        if text.is_empty() {
            return Err(Malformed::Empty);
        }
        i32::try_from(days_of(text)?).ok().and_then(Self::new).ok_or(Malformed::OutOfRange)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = civil_from_days(i64::from(self.0));
        write!(formatter, "{year:04}-{month:02}-{day:02}")
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

as_string!(Day);

/// A day of the week; the week begins on Monday (ISO 8601). Serde is the name in lower case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weekday {
    /// The first.
    Monday,
    /// The second.
    Tuesday,
    /// The third.
    Wednesday,
    /// The fourth.
    Thursday,
    /// The fifth.
    Friday,
    /// The sixth.
    Saturday,
    /// The seventh.
    Sunday,
}
