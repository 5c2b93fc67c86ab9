//! Where a thing lives: 256 virtual slots for ever, and how many objects serve them today.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

use super::digest::hex_byte;
use super::{Digest, Malformed, Sku, serial::as_string};

/// One of the 256 virtual slots of a kind. Two lower-case hex digits in text and in serde.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(u8);

impl Slot {
    /// How many slots there are.
    pub const COUNT: u16 = 256;

    /// The slot with this number; every byte is one.
    pub const fn new(number: u8) -> Self {
        Self(number)
    }

    /// The number of the slot.
    pub const fn number(self) -> u8 {
        self.0
    }

    /// The slot of a name: the first byte of its SHA-256.
    pub fn of_bytes(bytes: &[u8]) -> Self {
        let [first, ..] = *Digest::of(bytes).as_bytes();
        Self(first)
    }

    /// The slot a SKU's stock lives in.
    pub fn of_sku(sku: &Sku) -> Self {
        Self::of_bytes(sku.as_str().as_bytes())
    }

    /// The object that serves this slot: slot modulo topology.
    pub fn object(self, topology: Topology) -> u16 {
        // The topology is a power of two, so its predecessor is the mask of the remainder.
        u16::from(self.0) & topology.0.saturating_sub(1)
    }
}

impl FromStr for Slot {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        if text.is_empty() {
            return Err(Malformed::Empty);
        }
        let digits: [u8; 2] = text.as_bytes().try_into().map_err(|_| Malformed::Shape)?;
        hex_byte(digits).map(Self).ok_or(Malformed::Character)
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:02x}", self.0)
    }
}

as_string!(Slot);

/// How many objects serve the 256 slots of a kind: a power of two, 1 to 256. Serde is the integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct Topology(u16);

impl Topology {
    /// From a number of objects; `None` unless it is 1, 2, 4, 8, 16, 32, 64, 128 or 256.
    pub const fn new(objects: u16) -> Option<Self> {
        if objects.is_power_of_two() && objects <= Slot::COUNT { Some(Self(objects)) } else { None }
    }

    /// The number of objects.
    pub const fn get(self) -> u16 {
        self.0
    }
}

impl Default for Topology {
    fn default() -> Self {
        Self(1)
    }
}

impl TryFrom<u16> for Topology {
    type Error = Malformed;

    fn try_from(objects: u16) -> Result<Self, Malformed> {
        Self::new(objects).ok_or(Malformed::OutOfRange)
    }
}

impl From<Topology> for u16 {
    fn from(topology: Topology) -> Self {
        topology.0
    }
}
