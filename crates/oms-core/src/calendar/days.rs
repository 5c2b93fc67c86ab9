//! Counting working days.

use alloc::collections::BTreeSet;

use super::bits::Bits;
use super::{HORIZON_DAYS, LOOKBACK_DAYS, Rules};
use crate::sorting::Gather as _;
use crate::value::{Day, Invalid, Problem, Timestamp};

/// A calendar made ready: [`Rules`] laid out from [`LOOKBACK_DAYS`] before a first day to [`HORIZON_DAYS`] after it.
/// Every answer is `None` when it would lie outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    rules: Rules,
    /// The day of the first bit.
    start: Day,
    /// Days laid out.
    length: i32,
    bits: Bits,
}

impl Calendar {
    /// Lays out the rules around a day. Refuses what [`Rules::check`] refuses, and rules under which nobody works from
    /// that day to the end of the horizon.
    pub fn prepare(rules: &Rules, around: Day) -> Result<Self, Invalid> {
        rules.check()?;
        let start = around.saturating_add(LOOKBACK_DAYS.saturating_neg());
        let length = around.saturating_add(HORIZON_DAYS).days_since(start).saturating_add(1);
        let holidays: BTreeSet<Day> = rules.holidays.iter().copied().into_set();
        let extra: BTreeSet<Day> = rules.extra.iter().copied().into_set();
        // The week goes round from the first day on.
        let week: [bool; 7] =
            [0, 1, 2, 3, 4, 5, 6].map(|ahead| rules.week.contains(&start.saturating_add(ahead).weekday()));
        let works = |number: usize| {
            let day = start.saturating_add(i32::try_from(number).unwrap_or(i32::MAX));
            let worked = week.get(number % 7).is_some_and(|worked| *worked);
            extra.contains(&day) || (worked && !holidays.contains(&day))
        };
        let bits = Bits::new((0..usize::try_from(length).unwrap_or(0)).map(works));
        let calendar = Self { rules: rules.clone(), start, length, bits };
        match calendar.next(around) {
            Some(_) => Ok(calendar),
            None => Err(Invalid::new("week", Problem::NoWorkingDay)),
        }
    }

    /// What it was made from.
    pub const fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Whether a day is worked; not outside of the horizon.
    pub fn works(&self, day: Day) -> bool {
        self.place(day).is_some_and(|at| self.bits.get(at))
    }

    /// The first working day on or after a day.
    pub fn next(&self, day: Day) -> Option<Day> {
        self.select(self.bits.rank(self.place(day)?))
    }

    /// The last working day on or before a day.
    pub fn previous(&self, day: Day) -> Option<Day> {
        let through = self.bits.rank(self.place(day)?.checked_add(1)?);
        self.select(through.checked_sub(1)?)
    }

    /// The `n`-th working day after a day; for none, the first on or after it.
    pub fn add(&self, day: Day, n: u32) -> Option<Day> {
        let Some(beyond) = n.checked_sub(1) else { return self.next(day) };
        let through = self.bits.rank(self.place(day)?.checked_add(1)?);
        self.select(through.checked_add(beyond)?)
    }

    /// The `n`-th working day before a day; for none, the last on or before it.
    pub fn subtract(&self, day: Day, n: u32) -> Option<Day> {
        if n == 0 {
            return self.previous(day);
        }
        self.select(self.bits.rank(self.place(day)?).checked_sub(n)?)
    }

    /// Working days from one day (inclusive) to another (exclusive); `None` outside of the horizon, zero when `to` is
    /// not after `from`.
    pub fn between(&self, from: Day, to: Day) -> Option<u32> {
        let (from, to) = (self.place(from)?, self.place(to)?);
        Some(self.bits.rank(to).saturating_sub(self.bits.rank(from)))
    }

    /// The day on the wall at a moment.
    pub fn day(&self, moment: Timestamp) -> Day {
        self.rules.zone.day(moment)
    }

    /// The first moment that no longer counts for a day.
    pub fn cutoff(&self, day: Day) -> Timestamp {
        self.rules.zone.moment(day, self.rules.cutoff)
    }

    /// The working day an order placed at a moment counts for: today before the cut-off of a working day, else the next.
    pub fn counts_for(&self, placed: Timestamp) -> Option<Day> {
        let today = self.day(placed);
        if placed < self.cutoff(today) { self.next(today) } else { self.next(today.checked_add(1)?) }
    }

    /// The day an order placed at a moment ships after so many working days of processing.
    pub fn ship_day(&self, placed: Timestamp, processing: u32) -> Option<Day> {
        self.add(self.counts_for(placed)?, processing)
    }

    /// The last moment at which an order can be placed that ships on or before a day.
    pub fn latest_order(&self, ship: Day, processing: u32) -> Option<Timestamp> {
        let start = self.subtract(self.previous(ship)?, processing)?;
        Some(self.cutoff(start).saturating_add_millis(-1))
    }

    fn place(&self, day: Day) -> Option<usize> {
        let at = day.days_since(self.start);
        if at < self.length { usize::try_from(at).ok() } else { None }
    }

    fn select(&self, nth: u32) -> Option<Day> {
        self.start.checked_add(i32::try_from(self.bits.select(nth)?).ok()?)
    }
}
