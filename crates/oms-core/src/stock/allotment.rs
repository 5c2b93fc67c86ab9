//! Rights to sell, granted to somebody who sells without asking: a till.
//!
//! Whoever holds a right answers for what became of it with totals that only grow, so that messages may be lost, repeated
//! and reordered. Until then what was granted counts as set aside (E1 to E3): no other order can have it.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

use super::shelf::Page;
use crate::sorting;
use crate::till::DeviceId;
use crate::value::serial::as_string;
use crate::value::{LocationId, Malformed, Quantity};

/// Who holds rights: one enrollment of a till. `till-3:1` in text and in serde.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Holder {
    /// The till.
    pub device: DeviceId,
    /// Its enrollment.
    pub epoch: u32,
}

impl fmt::Display for Holder {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}", self.device, self.epoch)
    }
}

impl FromStr for Holder {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let (device, epoch) = text.split_once(':').ok_or(Malformed::Shape)?;
        Ok(Self { device: device.parse()?, epoch: epoch.parse().map_err(|_| Malformed::Shape)? })
    }
}

as_string!(Holder);

impl Page {
    /// Which tills are to give back so much of what they hold at a location, or all of it: whoever holds most first.
    pub fn recalled(&self, location: &LocationId, wanted: Option<Quantity>) -> Vec<(DeviceId, Quantity)> {
        let here = self.allotments.iter().filter(|(_, one)| one.location == *location && !one.open().is_zero());
        // A till that was set up anew may hold rights of its earlier journal still.
        let mut by_till: BTreeMap<DeviceId, Quantity> = BTreeMap::new();
        for (holder, one) in here {
            let sum = by_till.entry(holder.device.clone()).or_default();
            *sum = sum.saturating_add(one.open());
        }
        let mut held: Vec<(DeviceId, Quantity)> = by_till.into_iter().collect();
        sorting::sort_by(&mut held, |a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let mut left = wanted.unwrap_or(Quantity::MAX);
        for (_, share) in &mut held {
            *share = left.min(*share);
            left = left.saturating_sub(*share);
        }
        held.retain(|(_, share)| !share.is_zero());
        held
    }
}

/// What became of a right so far: totals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Drawn {
    /// Given back.
    #[serde(skip_serializing_if = "super::is_nothing")]
    pub surrendered: Quantity,
    /// Sold within the right.
    #[serde(skip_serializing_if = "super::is_nothing")]
    pub sold: Quantity,
    /// Sold beyond it: taken from what is free.
    #[serde(skip_serializing_if = "super::is_nothing")]
    pub beyond: Quantity,
    /// The holder was given up: what is left of the right is void.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub closed: bool,
}

impl Drawn {
    /// What is known of both: totals only grow.
    #[must_use]
    pub fn merged(&self, other: &Self) -> Self {
        Self {
            surrendered: self.surrendered.max(other.surrendered),
            sold: self.sold.max(other.sold),
            beyond: self.beyond.max(other.beyond),
            closed: self.closed || other.closed,
        }
    }

    /// What left the shelf.
    pub fn left(&self) -> Quantity {
        self.sold.saturating_add(self.beyond)
    }
}

/// The rights of a holder to a SKU.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allotment {
    /// Where the goods lie.
    pub location: LocationId,
    /// Asked for in total, as far as it was answered: an answer stands, so that a request which comes late again is none.
    pub asked: Quantity,
    /// Granted in total.
    pub granted: Quantity,
    /// What became of it.
    #[serde(default)]
    pub drawn: Drawn,
}

impl Allotment {
    /// Nothing yet, at a location.
    pub fn new(location: LocationId) -> Self {
        Self { location, asked: Quantity::ZERO, granted: Quantity::ZERO, drawn: Drawn::default() }
    }

    /// What is set aside for the holder: granted and not accounted for.
    pub fn open(&self) -> Quantity {
        if self.drawn.closed {
            return Quantity::ZERO;
        }
        self.granted.saturating_sub(self.drawn.surrendered).saturating_sub(self.drawn.sold)
    }
}
