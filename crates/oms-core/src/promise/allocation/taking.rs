//! What classes took: kept apart from what is said of them, so that saying something else forgets nothing.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{Allocation, Class, DemandClass};
use crate::promise::timeline::Timeline;
use crate::sorting::Gather as _;
use crate::value::{Day, Quantity};

/// Days of one class that are kept apart whatever is said of them: two months, the longest span of a limit and a month to
/// look back. Of what was taken before, there is one row from each day that parts what counts from what does not to the next.
pub const KEPT_DAYS: usize = 62;
/// Most classes that an allocation does not name and whose takings are kept all the same, in case it names them later.
pub const KEPT_STRANGERS: usize = 100;

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
    /// Notes that a class took so much on a day of what is allocated as is said.
    pub fn add(all: &mut Vec<Self>, said: &[Class], class: &DemandClass, day: Day, quantity: Quantity) {
        if let Some(known) = all.iter_mut().find(|one| one.class == *class && one.day == day) {
            known.quantity = known.quantity.saturating_add(quantity);
            return;
        }
        all.push(Self { class: class.clone(), day, quantity });
        Self::merge_old(all, said, class);
        if said.iter().all(|known| known.name != *class) {
            Self::forget_stranger(all, said, class);
        }
    }

    /// Notes that a class gave back so much of what it took on a day. A day that is not kept apart counts for the next one
    /// that is.
    pub fn give_back(all: &mut Vec<Self>, class: &DemandClass, day: Day, quantity: Quantity) {
        let mine = |one: &&mut Self| one.class == *class;
        let at = |one: &Self| (one.day < day, one.day);
        if let Some(known) = all.iter_mut().filter(mine).min_by_key(|one| at(one)) {
            known.quantity = known.quantity.saturating_sub(quantity);
        }
        all.retain(|one| !one.quantity.is_zero());
    }

    /// The first old day of a class that counts just as the one after it does counts for that one.
    fn merge_old(all: &mut Vec<Self>, said: &[Class], class: &DemandClass) {
        let days: BTreeSet<Day> = all.iter().filter(|one| one.class == *class).map(|one| one.day).into_set();
        let old = days.iter().zip(days.iter().skip(1)).take(days.len().saturating_sub(KEPT_DAYS));
        let alike = |(day, next): &(&Day, &Day)| !said.iter().any(|class| class.parts(**day, **next));
        let Some((day, next)) = old.into_iter().find(alike) else { return };
        let Some(at) = all.iter().position(|one| one.class == *class && one.day == *day) else { return };
        let merged = all.remove(at);
        if let Some(next) = all.iter_mut().find(|one| one.class == *class && one.day == *next) {
            next.quantity = next.quantity.saturating_add(merged.quantity);
        }
    }

    /// Of too many classes that nobody named, the one that took nothing for longest is forgotten, but not this one.
    fn forget_stranger(all: &mut Vec<Self>, said: &[Class], class: &DemandClass) {
        let named: BTreeSet<&DemandClass> = said.iter().map(|class| &class.name).into_set();
        let mut last: BTreeMap<&DemandClass, Day> = BTreeMap::new();
        for one in all.iter().filter(|one| !named.contains(&one.class)) {
            let day = last.entry(&one.class).or_insert(one.day);
            *day = one.day.max(*day);
        }
        if last.len() <= KEPT_STRANGERS {
            return;
        }
        let others = last.into_iter().filter(|(name, _)| *name != class);
        let Some(forgotten) = others.min_by_key(|(_, day)| *day).map(|(name, _)| name.clone()) else { return };
        all.retain(|one| one.class != forgotten);
    }
}

impl Class {
    /// Whether some of what is due to it counts what was taken on one of two days and not what was on the other.
    fn parts(&self, day: Day, next: Day) -> bool {
        let turns = self.protections.iter().flat_map(|one| [one.from, one.until]).chain(self.since);
        turns.into_iter().any(|turn| day < turn && turn <= next)
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
