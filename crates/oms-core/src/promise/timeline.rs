//! What comes and goes of a SKU at a location, by day: the plain list.

use alloc::vec::Vec;

use super::MAX_EVENTS;
use crate::value::{Day, Delta, Invalid, Problem, Quantity};

/// What comes and what goes on one day, in thousandths of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// The day.
    pub day: Day,
    /// What comes.
    pub supply: i64,
    /// What goes.
    pub demand: i64,
}

/// On hand, receipts and commitments in order of days. With C(t) = on hand + receipts through t - commitments through t,
/// what can be promised for t without taking it from anybody is min over s >= t of C(s): the netted look-ahead of
/// cumulative available to promise. Every question is a walk over the days with an event; for many events there is
/// [`super::Tree`].
///
/// Quantities are at most [`super::MOST_QUANTITY`] and days with an event at most [`MAX_EVENTS`], so no sum overflows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timeline {
    on_hand: i64,
    days: Vec<Bucket>,
}

/// A quantity as it is summed. At most 2^53.
pub(super) fn signed(quantity: Quantity) -> i64 {
    Delta::from(quantity).thousandths()
}

/// What is shown of a sum: at least zero.
pub(super) fn shown(sum: i64) -> Quantity {
    u64::try_from(sum).ok().map_or(Quantity::ZERO, |sum| Quantity::from_thousandths(sum).unwrap_or(Quantity::MAX))
}

impl Timeline {
    /// With so much on hand; below zero when more is kept back than there is.
    pub const fn new(on_hand: Delta) -> Self {
        Self { on_hand: on_hand.thousandths(), days: Vec::new() }
    }

    /// Something comes on a day.
    pub fn receive(&mut self, day: Day, quantity: Quantity) -> Result<(), Invalid> {
        self.record(day, signed(quantity), 0)
    }

    /// Something goes on a day: the requirement stands, whether it is covered or not.
    pub fn commit(&mut self, day: Day, quantity: Quantity) -> Result<(), Invalid> {
        self.record(day, 0, signed(quantity))
    }

    /// A commitment of a day is given back.
    pub fn release(&mut self, day: Day, quantity: Quantity) -> Result<(), Invalid> {
        self.record(day, 0, signed(quantity).saturating_neg())
    }

    /// Adds to both sides of a day.
    pub(super) fn record(&mut self, day: Day, supply: i64, demand: i64) -> Result<(), Invalid> {
        let at = self.days.partition_point(|bucket| bucket.day < day);
        if let Some(bucket) = self.days.get_mut(at).filter(|bucket| bucket.day == day) {
            bucket.supply = bucket.supply.saturating_add(supply);
            bucket.demand = bucket.demand.saturating_add(demand);
            return Ok(());
        }
        if self.days.len() >= MAX_EVENTS {
            return Err(Invalid::new("events", Problem::TooMany { most: MAX_EVENTS as u64 }));
        }
        self.days.insert(at, Bucket { day, supply, demand });
        Ok(())
    }

    /// What is on hand.
    pub const fn on_hand(&self) -> i64 {
        self.on_hand
    }

    /// The days with an event, ascending.
    pub fn days(&self) -> &[Bucket] {
        &self.days
    }

    /// C(t): what is left after everything of a day and before it.
    pub fn projected(&self, day: Day) -> i64 {
        self.days.iter().take_while(|bucket| bucket.day <= day).fold(self.on_hand, after)
    }

    /// What can be promised for a day: min over s >= t of C(s), at least zero.
    pub fn available(&self, day: Day) -> Quantity {
        let mut left = self.on_hand;
        let mut least = None;
        for bucket in &self.days {
            if bucket.day > day {
                least = Some(least.map_or(left, |least: i64| least.min(left)));
            }
            left = after(left, bucket);
        }
        shown(least.map_or(left, |least| least.min(left)))
    }

    /// The first day from `from` on at which so much can be promised. `None` when it never can. Nothing can be had at
    /// once.
    pub fn earliest(&self, quantity: Quantity, from: Day) -> Option<Day> {
        let wanted = signed(quantity);
        if wanted == 0 {
            return Some(from);
        }
        let mut left = self.on_hand;
        // The first day with an event after the last time there was too little.
        let mut first = (left >= wanted).then_some(from);
        for bucket in &self.days {
            left = after(left, bucket);
            first = if left >= wanted { Some(first.unwrap_or(bucket.day)) } else { None };
        }
        first.map(|first| first.max(from))
    }

    /// What can be had by and by: schedule lines that sum to the quantity, or to less when there is never more.
    pub fn steps(&self, quantity: Quantity, from: Day) -> Vec<Step> {
        let days = core::iter::once(from).chain(self.days.iter().map(|bucket| bucket.day).filter(|day| *day > from));
        let rows = self.available_on(days);
        ascend(rows.into_iter(), quantity)
    }

    /// What can be promised for each of these ascending days; one walk back over the events.
    pub(super) fn available_on(&self, days: impl Iterator<Item = Day>) -> Vec<Step> {
        let mut rows: Vec<Step> = days.map(|day| Step { day, quantity: Quantity::ZERO }).collect();
        let mut left = self.days.iter().fold(self.on_hand, after);
        let mut least = left;
        let mut events = self.days.iter().rev().peekable();
        for row in rows.iter_mut().rev() {
            while let Some(bucket) = events.next_if(|bucket| bucket.day > row.day) {
                left = left.saturating_sub(bucket.supply).saturating_add(bucket.demand);
                least = least.min(left);
            }
            row.quantity = shown(least);
        }
        rows
    }
}

/// A quantity on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Step {
    /// The day.
    pub day: Day,
    /// How much.
    pub quantity: Quantity,
}

impl Step {
    /// Adds it to ascending steps; what does not come after the last of them comes with it.
    pub(crate) fn add_to(self, steps: &mut Vec<Self>) {
        match steps.last_mut().filter(|last| self.day <= last.day) {
            Some(last) => last.quantity = last.quantity.saturating_add(self.quantity),
            None => steps.push(self),
        }
    }
}

/// From what is available by each day to what is added on each, until so much is there.
pub(super) fn ascend(rows: impl Iterator<Item = Step>, quantity: Quantity) -> Vec<Step> {
    let mut had = Quantity::ZERO;
    let mut steps = Vec::new();
    for row in rows {
        let more = row.quantity.min(quantity).saturating_sub(had);
        if !more.is_zero() {
            had = had.saturating_add(more);
            steps.push(Step { day: row.day, quantity: more });
        }
        if had >= quantity {
            break;
        }
    }
    steps
}

fn after(left: i64, bucket: &Bucket) -> i64 {
    left.saturating_add(bucket.supply).saturating_sub(bucket.demand)
}
