//! Who may have what is scarce: a tree of demand classes (channel, region, customer) with four primitives.
//!
//! * **Limit** (SAP product allocation): of a class and everything under it, so much per day, week or month.
//! * **Protection** (SAP supply protection): kept for a class in a time; others may not eat into what is left of it.
//! * **Ring fence** (Dynamics 365 allocation): set apart for a class, which has that and nothing else.
//! * **Share** (Oracle's hierarchical allocation): a class has its own, then its parent's, then on up; then that of
//!   siblings that do not matter more than it does, the least important first, level by level.
//!
//! What class c can be promised for day t is `min over s >= t of [C(s) - unconsumed protection of others at s]`, capped by
//! the limits on c's way to the root, by its ring fence, and by the shares it may reach.

mod check;
mod guard;
mod limit;
mod share;
mod taking;

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::timeline::{Step, Timeline};
use crate::calendar::HORIZON_DAYS;
use crate::value::{Day, Invalid, LocationId, Quantity, Sku};

pub use super::names::DemandClass;
pub use limit::{Limit, Span};
pub use share::Taken;
pub use taking::{KEPT_DAYS, KEPT_STRANGERS, Taking};

/// Most classes of one allocation: every question walks over them.
pub const MAX_CLASSES: usize = 500;
/// Most levels of the tree, and a bound of every walk up.
pub const MAX_LEVELS: usize = 16;
/// Most schedule lines of one answer.
pub const MAX_STEPS: usize = 100;
/// Most limits, and most protections, of one class.
pub const MAX_GUARDS: usize = 64;

/// The allocation of a SKU at a location.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allocation {
    /// What is allocated.
    pub sku: Sku,
    /// Where.
    pub location: LocationId,
    /// The classes, in any order.
    pub classes: Vec<Class>,
}

/// A demand class and what it is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Class {
    /// Its name.
    pub name: DemandClass,
    /// The class it belongs to; none at the root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<DemandClass>,
    /// 0 matters most. Without a rank a class neither lends to its siblings nor borrows from them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rank: Option<u32>,
    /// Most it may have, together with everything under it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<Limit>,
    /// What is kept for it and everything under it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub protections: Vec<Protection>,
    /// What is set apart for it and everything under it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fence: Option<Portion>,
    /// Its target share, its own alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<Portion>,
    /// What was taken of its fence and share before this day is forgotten: both begin anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Day>,
}

impl Class {
    /// Whether what was taken on a day counts against its fence and share.
    pub(super) fn counts(&self, day: Day) -> bool {
        self.since.is_none_or(|since| since <= day)
    }
}

/// A quantity, and what has been eaten of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Portion {
    /// How much in all.
    pub quantity: Quantity,
    /// How much of it is gone.
    #[serde(default)]
    pub consumed: Quantity,
}

impl Portion {
    /// What is left.
    pub const fn left(self) -> Quantity {
        self.quantity.saturating_sub(self.consumed)
    }
}

/// A quantity kept for a class from one day (inclusive) to another (exclusive).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Protection {
    /// The first day.
    pub from: Day,
    /// The day after the last.
    pub until: Day,
    /// How much in all.
    pub quantity: Quantity,
    /// How much of it is gone.
    #[serde(default)]
    pub consumed: Quantity,
}

impl Protection {
    /// What is left.
    pub const fn left(&self) -> Quantity {
        self.quantity.saturating_sub(self.consumed)
    }

    /// Whether it holds on a day.
    pub fn holds(&self, day: Day) -> bool {
        self.from <= day && day < self.until
    }
}

impl Allocation {
    /// What a class can be promised for a day.
    pub fn available(&self, class: &DemandClass, day: Day, timeline: &Timeline) -> Quantity {
        let rest = self.without_others(class, timeline);
        self.capped(class, day, rest.available(day), &rest)
    }

    /// The first day from `from` on at which a class can be promised so much at once, within the horizon.
    pub fn earliest(&self, class: &DemandClass, quantity: Quantity, from: Day, timeline: &Timeline) -> Option<Day> {
        let rest = self.without_others(class, timeline);
        let first = rest.earliest(quantity, from)?;
        // What supply allows only grows with the day; limits come and go with their span.
        let enough = |day: &Day| self.capped(class, *day, quantity, &rest) >= quantity;
        days_from(first, from).find(enough)
    }

    /// What a class can have by and by: schedule lines that sum to the quantity, or to less within the horizon.
    pub fn steps(&self, class: &DemandClass, quantity: Quantity, from: Day, timeline: &Timeline) -> Vec<Step> {
        let (mut trial, mut supply) = (self.clone(), timeline.clone());
        let mut left = quantity;
        let mut steps = Vec::new();
        let mut day = from;
        while !left.is_zero() && steps.len() < MAX_STEPS {
            let taken = trial.available(class, day, &supply).min(left);
            if !taken.is_zero() && trial.take(class, day, taken, &mut supply).is_ok() {
                left = left.saturating_sub(taken);
                steps.push(Step { day, quantity: taken });
            }
            let rest = trial.without_others(class, &supply);
            let least = Quantity::from_thousandths(1).unwrap_or_default();
            let open = |next: &Day| *next > day && !trial.capped(class, *next, least, &rest).is_zero();
            let Some(next) = rest.earliest(least, day).and_then(|first| days_from(first, from).find(open)) else {
                break;
            };
            day = next;
        }
        steps
    }

    /// Books what a class takes on a day: in the timeline, against its limits, protections, fence and shares. Says from
    /// whose shares it came. Refuses more than [`Allocation::available`], naming the quantity.
    pub fn take(
        &mut self,
        class: &DemandClass,
        day: Day,
        quantity: Quantity,
        timeline: &mut Timeline,
    ) -> Result<Vec<Taken>, Invalid> {
        let most = self.available(class, day, timeline);
        if quantity > most {
            let problem = crate::value::Problem::Beyond { most: most.thousandths() };
            return Err(Invalid::new("quantity", problem));
        }
        timeline.commit(day, quantity)?;
        let taken = self.take_shares(class, quantity, timeline);
        self.consume(class, day, quantity);
        Ok(taken)
    }

    /// The class and the classes above it, itself first.
    pub(super) fn way_up<'a>(&'a self, class: &DemandClass) -> impl Iterator<Item = &'a Class> {
        let first = self.class(class);
        core::iter::successors(first, |class| class.parent.as_ref().and_then(|parent| self.class(parent)))
            .take(MAX_LEVELS)
    }

    /// The class of this name.
    pub fn class(&self, name: &DemandClass) -> Option<&Class> {
        self.classes.iter().find(|class| class.name == *name)
    }

    fn capped(&self, class: &DemandClass, day: Day, quantity: Quantity, rest: &Timeline) -> Quantity {
        let limited = self.limited(class, day).map_or(quantity, |most| quantity.min(most));
        let fenced = self.fence_of(class).map_or(limited, |fence| limited.min(fence.left()));
        self.reachable(class, rest).map_or(fenced, |most| fenced.min(most))
    }
}

/// The days from the first on, to the horizon after `from`.
fn days_from(first: Day, from: Day) -> impl Iterator<Item = Day> {
    let count = HORIZON_DAYS.saturating_sub(first.days_since(from).max(0)).max(0);
    (0..=count).map_while(move |ahead| first.checked_add(ahead))
}
