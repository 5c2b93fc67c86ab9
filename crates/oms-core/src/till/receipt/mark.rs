//! What the QR code of a receipt says: enough to find the sale, and to see when its entry went missing or was rewritten.

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use core::fmt;
use core::str::FromStr;

use crate::value::{Amount, Digest, Malformed, OrderId};

/// What it begins with: whose code it is, and in which form.
const KIND: &str = "EST1";
/// Hex digits of the hash: nobody finds another entry with the same sixty-four bits.
const PREFIX: usize = 16;

/// Which entry a receipt is of: `EST1*{order}*{seq}*{hash}*{total}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The order that the entry makes.
    pub order: OrderId,
    /// The entry's number.
    pub seq: u64,
    /// The first sixteen hex digits of its hash.
    pub hash: String,
    /// What it came to, in minor units; of a refund below zero.
    pub total: Amount,
}

/// The part of a hash that is printed.
pub(super) fn prefix(hash: &Digest) -> String {
    hash.to_string().chars().take(PREFIX).collect()
}

impl fmt::Display for Mark {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{KIND}*{}*{}*{}*{}", self.order, self.seq, self.hash, self.total)
    }
}

impl FromStr for Mark {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let mut parts = text.split('*');
        let mut part = || parts.next().ok_or(Malformed::Shape);
        if part()? != KIND {
            return Err(Malformed::Unknown);
        }
        let order = part()?.parse()?;
        let seq = part()?.parse().map_err(|_| Malformed::OutOfRange)?;
        let hash = part()?;
        if hash.len() != PREFIX || !hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(Malformed::Character);
        }
        let total: i64 = part()?.parse().map_err(|_| Malformed::OutOfRange)?;
        let total = Amount::try_from(total)?;
        if parts.next().is_some() {
            return Err(Malformed::Shape);
        }
        Ok(Self { order, seq, hash: hash.to_owned(), total })
    }
}
