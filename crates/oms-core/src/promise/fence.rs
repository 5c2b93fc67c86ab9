//! What is done with dates in the past and dates far ahead.

use serde::{Deserialize, Serialize};

use crate::calendar::MAX_DAYS;
use crate::value::{Day, Invalid, Problem};

/// Fences of an item.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Fences {
    /// What should have come before today.
    pub late_supply: Late,
    /// What should have gone before today.
    pub late_demand: Late,
    /// From so many days after today on, any quantity can be had: nobody plans that far, or it can simply be bought.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub infinite_after_days: Option<i32>,
}

/// What is late.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Late {
    /// What is late by more than so many days is not believed in any more; without a number, everything is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keep_days: Option<i32>,
    /// What is late and believed in counts for so many days after today.
    pub offset_days: i32,
}

impl Late {
    /// The day an event of a day counts for; `None` when nobody believes in it any more.
    pub fn counts_for(self, day: Day, today: Day) -> Option<Day> {
        if day >= today {
            return Some(day);
        }
        let late = today.days_since(day);
        if self.keep_days.is_some_and(|keep| late > keep) { None } else { today.checked_add(self.offset_days) }
    }

    fn check(self) -> Result<(), Invalid> {
        within("keep_days", self.keep_days.unwrap_or(0))?;
        within("offset_days", self.offset_days)
    }
}

impl Fences {
    /// The first day on which anything can be had.
    pub fn infinite_from(&self, today: Day) -> Option<Day> {
        self.infinite_after_days.and_then(|days| today.checked_add(days))
    }

    /// Refuses negative days and days beyond [`MAX_DAYS`], naming the field.
    pub fn check(&self) -> Result<(), Invalid> {
        self.late_supply.check().map_err(|problem| problem.within("late_supply"))?;
        self.late_demand.check().map_err(|problem| problem.within("late_demand"))?;
        within("infinite_after_days", self.infinite_after_days.unwrap_or(0))
    }
}

/// Refuses a number of days below zero or beyond [`MAX_DAYS`].
pub(super) fn within(field: &str, days: i32) -> Result<(), Invalid> {
    if days < 0 {
        Err(Invalid::new(field, Problem::Negative))
    } else if days > MAX_DAYS {
        Err(Invalid::new(field, Problem::Beyond { most: u64::from(MAX_DAYS.unsigned_abs()) }))
    } else {
        Ok(())
    }
}
