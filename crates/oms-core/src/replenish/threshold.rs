//! Thresholds of available stock, raised once per crossing.

use serde::{Deserialize, Serialize};

use crate::forecast::{Refusal, Why};
use crate::value::Quantity;

/// Up to three thresholds of what is available of a SKU at a location; one that is not given is not watched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Thresholds {
    /// At or below this, stock is low.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub low: Option<Quantity>,
    /// At or below this and above low, stock is medium.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub medium: Option<Quantity>,
    /// At or below this and above medium, stock is high; above it, ample.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub high: Option<Quantity>,
}

/// Where available stock stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Band {
    /// At or below the low threshold.
    Low,
    /// At or below the medium threshold.
    Medium,
    /// At or below the high threshold.
    High,
    /// Above every threshold.
    #[default]
    Ample,
}

/// Available stock went from one band to another, over however many thresholds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Crossing {
    /// Where it was.
    pub from: Band,
    /// Where it is.
    pub to: Band,
    /// What is available now.
    pub available: Quantity,
}

impl Band {
    /// Above every threshold, as a shelf begins.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands fields over by reference")]
    pub(crate) const fn is_ample(&self) -> bool {
        matches!(self, Self::Ample)
    }
}

impl Thresholds {
    /// The thresholds, when they ascend.
    ///
    /// # Errors
    /// Names the first (`medium` or `high`) that is not above the one below it.
    pub fn checked(self) -> Result<Self, Refusal> {
        let ascends = |below: Option<Quantity>, above: Option<Quantity>| {
            below.zip(above).is_none_or(|(below, above)| below < above)
        };
        if !ascends(self.low, self.medium) {
            return Err(Refusal::of("medium", Why::Unordered));
        }
        if !ascends(self.medium, self.high) || !ascends(self.low, self.high) {
            return Err(Refusal::of("high", Why::Unordered));
        }
        Ok(self)
    }

    /// The band a quantity falls in.
    pub fn band(&self, available: Quantity) -> Band {
        let within = |most: Option<Quantity>| most.is_some_and(|most| available <= most);
        if within(self.low) {
            Band::Low
        } else if within(self.medium) {
            Band::Medium
        } else if within(self.high) {
            Band::High
        } else {
            Band::Ample
        }
    }
}

/// What is worth telling when available stock went from `before` to `after`: the band changed. Within a band nothing is,
/// however often stock moves, so a crossing is told exactly once. A location that had nothing before is judged from ample
/// by passing [`Quantity::MAX`].
pub fn crossing(before: Quantity, after: Quantity, thresholds: &Thresholds) -> Option<Crossing> {
    let (from, to) = (thresholds.band(before), thresholds.band(after));
    (from != to).then_some(Crossing { from, to, available: after })
}
