//! Points in time: milliseconds since 1970 in UTC, written as RFC 3339.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Malformed;

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
pub(super) const DAY: i64 = 24 * HOUR;
/// 9999-12-31T23:59:59.999Z, the last moment RFC 3339 can write.
const LAST: i64 = 253_402_300_799_999;
/// Days in 400 years of the Gregorian calendar.
const ERA: i64 = 146_097;
/// Days from 0000-03-01 to 1970-01-01.
const EPOCH: i64 = 719_468;
/// The longest text that is read: nine digits of fraction and an offset.
const LONGEST: usize = 35;

/// A moment in milliseconds since 1970-01-01T00:00:00Z, up to 9999-12-31T23:59:59.999Z. Text is RFC 3339: any offset
/// and up to nine digits of fraction are read (cut to milliseconds, no leap seconds), UTC with milliseconds is written.
/// Serde is the integer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Timestamp(i64);

impl Timestamp {
    /// 1970-01-01T00:00:00Z.
    pub const EPOCH: Self = Self(0);
    /// 9999-12-31T23:59:59.999Z.
    pub const MAX: Self = Self(LAST);

    /// From milliseconds since 1970; `None` before it and after the year 9999.
    pub const fn from_millis(millis: i64) -> Option<Self> {
        if 0 <= millis && millis <= LAST { Some(Self(millis)) } else { None }
    }

    /// Milliseconds since 1970.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Later (or earlier) by so many milliseconds, held within the bounds.
    pub fn saturating_add_millis(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis).clamp(0, LAST))
    }

    /// Milliseconds since `earlier`; negative when that is later.
    pub const fn millis_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl TryFrom<i64> for Timestamp {
    type Error = Malformed;

    fn try_from(millis: i64) -> Result<Self, Malformed> {
        Self::from_millis(millis).ok_or(Malformed::OutOfRange)
    }
}

impl From<Timestamp> for i64 {
    fn from(timestamp: Timestamp) -> Self {
        timestamp.0
    }
}

impl FromStr for Timestamp {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        if text.is_empty() {
            return Err(Malformed::Empty);
        }
        if text.len() > LONGEST {
            return Err(Malformed::TooLong);
        }
        let mut reader = Reader(text.as_bytes());
        let day = reader.date()?;
        reader.one_of(b"Tt")?;
        let clock = reader.clock()?;
        let offset = reader.offset()?;
        if !reader.0.is_empty() {
            return Err(Malformed::Shape);
        }
        // At most ten thousand years of milliseconds: far from the ends of an i64, so nothing saturates.
        let millis = day.saturating_mul(DAY).saturating_add(clock).saturating_sub(offset);
        Self::from_millis(millis).ok_or(Malformed::OutOfRange)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = civil_from_days(self.0 / DAY);
        let clock = self.0 % DAY;
        let (hour, minute) = (clock / HOUR, clock % HOUR / MINUTE);
        let (second, milli) = (clock % MINUTE / SECOND, clock % SECOND);
        write!(formatter, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z")
    }
}

/// Days since 1970 of a whole text like `2026-11-21`.
pub(super) fn days_of(text: &str) -> Result<i64, Malformed> {
    let mut reader = Reader(text.as_bytes());
    let day = reader.date()?;
    if reader.0.is_empty() { Ok(day) } else { Err(Malformed::Shape) }
}

/// What is left to read of a timestamp.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    /// Days since 1970.
    fn date(&mut self) -> Result<i64, Malformed> {
        let year = self.digits(4)?;
        self.one_of(b"-")?;
        let month = self.digits(2)?;
        self.one_of(b"-")?;
        let day = self.digits(2)?;
        if !(1..=12).contains(&month) || day < 1 || day > days_in(year, month) {
            return Err(Malformed::OutOfRange);
        }
        Ok(days_from_civil(year, month, day))
    }

    /// Milliseconds since midnight.
    fn clock(&mut self) -> Result<i64, Malformed> {
        let hour = self.digits(2)?;
        self.one_of(b":")?;
        let minute = self.digits(2)?;
        self.one_of(b":")?;
        let second = self.digits(2)?;
        let milli = if self.one_of(b".").is_ok() { self.fraction()? } else { 0 };
        if hour > 23 || minute > 59 || second > 59 {
            return Err(Malformed::OutOfRange);
        }
        Ok(span(hour, HOUR)
            .saturating_add(span(minute, MINUTE))
            .saturating_add(span(second, SECOND))
            .saturating_add(milli))
    }

    /// Milliseconds from one to nine digits after the point; what is finer is cut off.
    fn fraction(&mut self) -> Result<i64, Malformed> {
        let mut count: usize = 0;
        let mut milli = 0_i64;
        while let Ok(digit) = self.digits(1) {
            if count < 3 {
                milli = span(milli, 10).saturating_add(digit);
            }
            count = count.saturating_add(1);
        }
        match count {
            1 => Ok(span(milli, 100)),
            2 => Ok(span(milli, 10)),
            3..=9 => Ok(milli),
            _ => Err(Malformed::Shape),
        }
    }

    /// Milliseconds ahead of UTC.
    fn offset(&mut self) -> Result<i64, Malformed> {
        let sign = match self.one_of(b"Zz+-")? {
            b'+' => 1,
            b'-' => -1,
            _ => return Ok(0),
        };
        let hour = self.digits(2)?;
        self.one_of(b":")?;
        let minute = self.digits(2)?;
        if hour > 23 || minute > 59 {
            return Err(Malformed::OutOfRange);
        }
        Ok(span(sign, span(hour, HOUR).saturating_add(span(minute, MINUTE))))
    }

    fn digits(&mut self, count: usize) -> Result<i64, Malformed> {
        let (digits, rest) = self.0.split_at_checked(count).ok_or(Malformed::Shape)?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return Err(Malformed::Shape);
        }
        self.0 = rest;
        Ok(digits.iter().fold(0, |value, digit| span(value, 10).saturating_add(i64::from(digit.saturating_sub(b'0')))))
    }

    fn one_of(&mut self, expected: &[u8]) -> Result<u8, Malformed> {
        match self.0.split_first() {
            Some((first, rest)) if expected.contains(first) => {
                self.0 = rest;
                Ok(*first)
            }
            _ => Err(Malformed::Shape),
        }
    }
}

/// A count of some unit; the fields of a timestamp have at most four digits, so it never saturates.
fn span(count: i64, unit: i64) -> i64 {
    count.saturating_mul(unit)
}

fn days_in(year: i64, month: i64) -> i64 {
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 of a Gregorian date (H. Hinnant, "chrono-compatible low-level date algorithms").
#[expect(clippy::arithmetic_side_effects, reason = "year 0 to 9999, month 1 to 12, day 1 to 31: no step overflows")]
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * ERA + day_of_era - EPOCH
}

/// The Gregorian year, month and day of a day since 1970-01-01 (the inverse, same source).
#[expect(clippy::arithmetic_side_effects, reason = "days of the years 1970 to 9999: no step overflows")]
pub(super) fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + EPOCH;
    let era = days.div_euclid(ERA);
    let day_of_era = days.rem_euclid(ERA);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}
