//! What classes took: kept apart from what is said of them, so that saying something else forgets nothing.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{Allocation, DemandClass};
use crate::promise::timeline::Timeline;
use crate::value::{Day, Quantity};

/// Most days of one class that are kept apart: two months, the longest span of a limit and a month to look back. What was
/// taken before counts for the first of them.
pub const KEPT_DAYS: usize = 62;

/// What a class took on a day and did not give back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Taking {
    /// Who.
    pub class: DemandClass,
    /// When.
    pub day: Day,
    /// How much.
    pub quantity: Quantity,
}

impl Taking {
    /// Notes that a class took so much on a day.
    pub fn add(all: &mut Vec<Self>, class: &DemandClass, day: Day, quantity: Quantity) {
        if let Some(known) = all.iter_mut().find(|one| one.class == *class && one.day == day) {
            known.quantity = known.quantity.saturating_add(quantity);
            return;
        }
        all.push(Self { class: class.clone(), day, quantity });
        if all.iter().filter(|one| one.class == *class).count() > KEPT_DAYS {
            Self::merge_first(all, class);
        }
    }

    /// Notes that a class gave back so much of what it took on a day.
    pub fn give_back(all: &mut Vec<Self>, class: &DemandClass, day: Day, quantity: Quantity) {
        let mine = |one: &&mut Self| one.class == *class;
        let at = |one: &Self| (one.day != day, one.day);
        if let Some(known) = all.iter_mut().filter(mine).min_by_key(|one| at(one)) {
            known.quantity = known.quantity.saturating_sub(quantity);
        }
        all.retain(|one| !one.quantity.is_zero());
    }

    /// The first day of a class counts for the second.
    fn merge_first(all: &mut Vec<Self>, class: &DemandClass) {
        let first = (0_usize..).zip(&*all).filter(|(_, one)| one.class == *class).min_by_key(|(_, one)| one.day);
        let Some((at, _)) = first else { return };
        let old = all.remove(at);
        if let Some(next) = all.iter_mut().filter(|one| one.class == *class).min_by_key(|one| one.day) {
            next.quantity = next.quantity.saturating_add(old.quantity);
        }
    }
}

impl Allocation {
    /// Notes what classes took before, against limits, protections, fences and shares. The timeline holds it already, or
    /// it has left.
    pub fn took(&mut self, takings: &[Taking], timeline: &Timeline) {
        let there = self.in_all(timeline).saturating_add(takings.iter().map(|one| one.quantity).sum());
        let scaled = self.scaled(there);
        for one in takings {
            self.eat_shares(&one.class, one.quantity, one.day, &scaled);
            self.consume(&one.class, one.day, one.quantity);
        }
    }
}
