//! What a person says about a calendar.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{Clock, MAX_DATES, Zone};
use crate::value::{Day, Invalid, Problem, Weekday};

/// A calendar as data. `{"week": ["monday", "tuesday"], "holidays": ["2026-12-25"], "extra": ["2026-12-19"],
/// "zone": {"offset_minutes": 60}, "cutoff": "14:00"}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// The days of the week that are worked.
    pub week: Vec<Weekday>,
    /// Days that are not worked although the week says so. At most [`MAX_DATES`], in any order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holidays: Vec<Day>,
    /// Days that are worked although the week or a holiday says not. At most [`MAX_DATES`], in any order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extra: Vec<Day>,
    /// Where the wall clock hangs; UTC when nothing is said.
    #[serde(default)]
    pub zone: Zone,
    /// What comes before this time of a working day counts for that day; the end of the day when nothing is said.
    #[serde(default)]
    pub cutoff: Clock,
}

impl Rules {
    /// Every day of the week, in UTC, until midnight.
    pub fn every_day() -> Self {
        use Weekday::{Friday, Monday, Saturday, Sunday, Thursday, Tuesday, Wednesday};
        let week = [Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday];
        Self { week: week.into(), ..Self::default() }
    }

    /// Monday to Friday, in UTC, until midnight.
    pub fn weekdays() -> Self {
        let mut rules = Self::every_day();
        rules.week.truncate(5);
        rules
    }

    /// Refuses what can never be a calendar, naming the field: no working day at all, too many dates, a zone that is
    /// none.
    pub fn check(&self) -> Result<(), Invalid> {
        if self.week.is_empty() && self.extra.is_empty() {
            return Err(Invalid::new("week", Problem::NoWorkingDay));
        }
        for (field, dates) in [("holidays", &self.holidays), ("extra", &self.extra)] {
            if dates.len() > MAX_DATES {
                return Err(Invalid::new(field, Problem::TooMany { most: MAX_DATES as u64 }));
            }
        }
        self.zone.check().map_err(|problem| problem.within("zone"))
    }
}
