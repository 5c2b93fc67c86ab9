//! A till's right to sell a SKU: totals that only grow, so that messages about it may repeat and overtake each other.

use serde::{Deserialize, Serialize};

use super::{Journal, Standing};
use crate::stock::Drawn;
use crate::value::{Day, Quantity, Timestamp};

/// What a journal may sell of a SKU, and what it did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Right {
    /// Asked of the stock in total.
    pub asked: Quantity,
    /// Of that, what the stock answered to.
    pub answered: Quantity,
    /// Granted in total: what the device is told.
    pub granted: Quantity,
    /// Given back in total.
    pub surrendered: Quantity,
    /// Sold in total within what was granted.
    pub sold: Quantity,
    /// Sold in total beyond it, on somebody's word.
    pub beyond: Quantity,
    /// Asked back and not given back yet.
    pub recall: Quantity,
    /// What the stock knows of this.
    pub told: Drawn,
    /// When it was asked for last.
    pub refilled_at: Timestamp,
    /// The day of `today`, by when sales came in.
    pub day: Day,
    /// Sold on that day.
    pub today: Quantity,
    /// Sold a day before that: each day counts half of the one after it.
    pub pace: Quantity,
}

impl Right {
    /// What can still be sold or given back.
    pub fn available(&self) -> Quantity {
        self.granted.saturating_sub(self.surrendered).saturating_sub(self.sold)
    }

    /// What the stock has to know, for a journal that stands so.
    pub fn drawn(&self, standing: Standing) -> Drawn {
        Drawn {
            surrendered: self.surrendered,
            sold: self.sold,
            beyond: self.beyond,
            closed: standing == Standing::Revoked,
        }
    }

    /// A day is over: half of what was sold on it, and half of what counted before.
    pub(super) fn pace(&mut self, today: Day) {
        let days = today.number().saturating_sub(self.day.number());
        if days <= 0 {
            return;
        }
        let half = |quantity: Quantity| Quantity::from_thousandths(quantity.thousandths() >> 1).unwrap_or_default();
        self.pace = half(self.pace.saturating_add(self.today));
        for _ in 1..days.min(60) {
            self.pace = half(self.pace);
        }
        (self.day, self.today) = (today, Quantity::ZERO);
    }

    /// True while the stock does not know everything.
    pub fn owes(&self, journal: &Journal) -> bool {
        self.asked > self.answered || self.drawn(journal.standing) != self.told
    }
}
