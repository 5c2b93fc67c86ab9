//! Names of a till's things: the device, its series of receipts, a receipt.

use alloc::borrow::ToOwned;
use alloc::string::String;
use core::fmt;
use core::str::FromStr;

use crate::value::serial::as_string;
use crate::value::text::{check_code, checked_text};
use crate::value::{MAX_SAFE_INTEGER, Malformed};

/// The longest series, in characters: with its number it fits a line of the narrowest receipt.
const SERIES_LENGTH: usize = 20;
/// Digits of a receipt's number at least.
const RECEIPT_DIGITS: usize = 6;

checked_text!(
    /// A till: 1 to 32 of `a-z 0-9 _ -`.
    DeviceId, check_code
);
checked_text!(
    /// A series of receipts, such as `S042-T03`: 1 to 20 of `A-Z 0-9 -`, a letter or digit at both ends.
    Series, check_series
);

fn check_series(text: &str) -> Result<&str, Malformed> {
    if text.is_empty() {
        return Err(Malformed::Empty);
    }
    if text.len() > SERIES_LENGTH {
        return Err(Malformed::TooLong);
    }
    if !text.bytes().all(|byte| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'-')) {
        return Err(Malformed::Character);
    }
    if text.starts_with('-') || text.ends_with('-') {
        return Err(Malformed::Shape);
    }
    Ok(text)
}

/// A receipt: its series and its number within it, from 1, without gaps. `S042-T03-000127` in text and in serde.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReceiptNo {
    /// The series.
    pub series: Series,
    /// The number, 1 to 2^53 - 1.
    pub number: u64,
}

impl fmt::Display for ReceiptNo {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}-{:0RECEIPT_DIGITS$}", self.series, self.number)
    }
}

impl FromStr for ReceiptNo {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let (series, digits) = text.rsplit_once('-').ok_or(Malformed::Shape)?;
        // One spelling: six digits, more only when they are needed.
        let shaped = digits.len() == RECEIPT_DIGITS || (digits.len() > RECEIPT_DIGITS && !digits.starts_with('0'));
        if !shaped || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Malformed::Shape);
        }
        let number = digits.parse().map_err(|_| Malformed::OutOfRange)?;
        if number == 0 || number > MAX_SAFE_INTEGER {
            return Err(Malformed::OutOfRange);
        }
        Ok(Self { series: series.parse()?, number })
    }
}

as_string!(ReceiptNo);
