//! Limits: so much per day, week or month, or in all.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{Allocation, DemandClass};
use crate::promise::timeline::Step;
use crate::value::{Day, Quantity};

/// Most that may go to a class in each span of time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// The span.
    pub per: Span,
    /// The most of each span.
    pub quantity: Quantity,
    /// What went already, by day, ascending.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub used: Vec<Step>,
}

/// A span of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// A day.
    Day,
    /// Monday to Sunday.
    Week,
    /// A month of the calendar.
    Month,
    /// All time.
    Ever,
}

impl Span {
    /// Whether two days are in the same span.
    pub fn same(self, one: Day, other: Day) -> bool {
        match self {
            Self::Day => one == other,
            Self::Week => one.monday() == other.monday(),
            Self::Month => one.month() == other.month(),
            Self::Ever => true,
        }
    }
}

impl Limit {
    /// What may still go on a day.
    pub fn left(&self, day: Day) -> Quantity {
        let used = self.used.iter().filter(|step| self.per.same(step.day, day)).map(|step| step.quantity);
        self.quantity.saturating_sub(used.sum())
    }

    /// Notes what goes on a day.
    pub(super) fn consume(&mut self, day: Day, quantity: Quantity) {
        let at = self.used.partition_point(|step| step.day < day);
        match self.used.get_mut(at).filter(|step| step.day == day) {
            Some(step) => step.quantity = step.quantity.saturating_add(quantity),
            None => self.used.insert(at, Step { day, quantity }),
        }
    }
}

impl Allocation {
    /// The tightest limit on the way to the root on a day; `None` when there is none.
    pub(super) fn limited(&self, class: &DemandClass, day: Day) -> Option<Quantity> {
        self.way_up(class).flat_map(|class| &class.limits).map(|limit| limit.left(day)).min()
    }
}
