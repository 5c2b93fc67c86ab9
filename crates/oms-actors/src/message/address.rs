//! Whom a message is for.

use core::fmt;
use core::str::FromStr;

use oms_core::till::DeviceId;
use serde::{Deserialize, Serialize};

/// An object: what has one disk, one alarm, and one turn at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Object {
    /// Orders and stock of some slots.
    Slots(u16),
    /// The tenant's.
    Tenant,
    /// The index.
    Index,
    /// A till.
    Till(TillName),
}

impl fmt::Display for Object {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Slots(number) => write!(out, "slot/{number}"),
            Self::Tenant => out.write_str("tenant"),
            Self::Index => out.write_str("index"),
            Self::Till(name) => write!(out, "till/{name}"),
        }
    }
}

impl FromStr for Object {
    type Err = NoSuchObject;

    fn from_str(name: &str) -> Result<Self, NoSuchObject> {
        match (name, name.split_once('/')) {
            ("tenant", _) => Ok(Self::Tenant),
            ("index", _) => Ok(Self::Index),
            (_, Some(("slot", number))) => number.parse().map(Self::Slots).map_err(|_| NoSuchObject),
            (_, Some(("till", name))) => {
                let device: DeviceId = name.parse().map_err(|_| NoSuchObject)?;
                Ok(Self::Till((&device).into()))
            }
            _ => Err(NoSuchObject),
        }
    }
}

/// No object has this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no object has this name")]
pub struct NoSuchObject;

/// Whom a message is for: an actor of a tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Address {
    /// The orders of some slots.
    Orders(u16),
    /// The stock of some slots.
    Stock(u16),
    /// Locations and tax table.
    Tenant,
    /// Search and lists.
    Index,
    /// A till.
    Till(TillName),
}

/// The name of a till, in place: an address is copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TillName([u8; 32]);

impl From<&DeviceId> for TillName {
    fn from(device: &DeviceId) -> Self {
        let mut name = [0; 32];
        name.iter_mut().zip(device.as_str().bytes()).for_each(|(place, byte)| *place = byte);
        Self(name)
    }
}

impl fmt::Display for TillName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = core::str::from_utf8(&self.0).unwrap_or_default();
        out.write_str(text.trim_end_matches('\0'))
    }
}

impl Address {
    /// The object it lives in. Orders and stock of the same number live together: what an order of a small tenant needs of
    /// the stock is not a hop away.
    pub fn object(self) -> Object {
        match self {
            Self::Orders(number) | Self::Stock(number) => Object::Slots(number),
            Self::Tenant => Object::Tenant,
            Self::Index => Object::Index,
            Self::Till(name) => Object::Till(name),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Orders(object) => write!(out, "order/{object}"),
            Self::Stock(object) => write!(out, "sku/{object}"),
            Self::Tenant => out.write_str("tenant"),
            Self::Index => out.write_str("index"),
            Self::Till(name) => write!(out, "till/{name}"),
        }
    }
}
