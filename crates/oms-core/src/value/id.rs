//! Names of orders and returns: they carry the slot they live in and the time they were made.

use core::fmt;
use core::str::FromStr;

use ulid::Ulid;

use super::{Malformed, Slot, Timestamp, serial::as_string};

/// Characters in the Crockford base 32 of a ULID.
const ULID_LENGTH: usize = ulid::ULID_LEN;

/// An order: `ord_`, two hex digits of its slot, a ULID of 26 upper-case Crockford characters. Ordered by the time of
/// making. Anybody may make one: time and randomness come from the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrderId {
    // The order of the fields is the order of ids: by time first.
    ulid: u128,
    slot: Slot,
}

impl OrderId {
    /// A new id; of `random` the low 80 bits count.
    pub fn new(slot: Slot, time: Timestamp, random: u128) -> Self {
        Self { ulid: Ulid::from_parts(time.millis().unsigned_abs(), random).0, slot }
    }

    /// From its parts; `None` when the time in the ULID is beyond [`Timestamp::MAX`].
    pub fn from_parts(slot: Slot, ulid: u128) -> Option<Self> {
        time_of(ulid).map(|_| Self { ulid, slot })
    }

    /// The slot the order lives in.
    pub const fn slot(self) -> Slot {
        self.slot
    }

    /// The ULID as a number.
    pub const fn ulid(self) -> u128 {
        self.ulid
    }

    /// When the id was made, by the clock of whoever made it.
    pub fn time(self) -> Timestamp {
        time_of(self.ulid).unwrap_or(Timestamp::MAX)
    }

    fn write_body(self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut buffer = [0_u8; ULID_LENGTH];
        write!(formatter, "{}{}", self.slot, Ulid(self.ulid).array_to_str(&mut buffer))
    }
}

impl FromStr for OrderId {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        parse_body(strip_kind(text, "ord_")?)
    }
}

impl fmt::Display for OrderId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ord_")?;
        self.write_body(formatter)
    }
}

/// A return: `ret_`, the slot and ULID of its order, `-` and its number within the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReturnId {
    /// The order the goods came from.
    pub order: OrderId,
    /// Which return of the order, from 1.
    pub no: u32,
}

impl ReturnId {
    /// The return with this number of an order.
    pub const fn new(order: OrderId, no: u32) -> Self {
        Self { order, no }
    }
}

impl FromStr for ReturnId {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let (body, no) = strip_kind(text, "ret_")?.split_once('-').ok_or(Malformed::Shape)?;
        let order = parse_body(body)?;
        if no.is_empty() || (no.len() > 1 && no.starts_with('0')) {
            return Err(Malformed::Shape);
        }
        if !no.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Malformed::Character);
        }
        no.parse().map(|no| Self { order, no }).map_err(|_| Malformed::OutOfRange)
    }
}

impl fmt::Display for ReturnId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ret_")?;
        self.order.write_body(formatter)?;
        write!(formatter, "-{}", self.no)
    }
}

as_string!(OrderId, ReturnId);

fn strip_kind<'a>(text: &'a str, kind: &str) -> Result<&'a str, Malformed> {
    if text.is_empty() {
        return Err(Malformed::Empty);
    }
    text.strip_prefix(kind).ok_or(Malformed::Shape)
}

fn parse_body(body: &str) -> Result<OrderId, Malformed> {
    let (slot, ulid) = body.split_at_checked(2).ok_or(Malformed::Shape)?;
    let slot = slot.parse()?;
    if ulid.len() != ULID_LENGTH {
        return Err(Malformed::Shape);
    }
    let number = Ulid::from_string(ulid).map_err(|_| Malformed::Character)?;
    // The decoder also reads lower case and drops bits beyond 128; an id has one spelling.
    if number.array_to_str(&mut [0; ULID_LENGTH]) != ulid {
        return Err(Malformed::Character);
    }
    OrderId::from_parts(slot, number.0).ok_or(Malformed::OutOfRange)
}

fn time_of(ulid: u128) -> Option<Timestamp> {
    i64::try_from(Ulid(ulid).timestamp_ms()).ok().and_then(Timestamp::from_millis)
}
