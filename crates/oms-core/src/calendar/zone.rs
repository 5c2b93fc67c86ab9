//! A time zone as data: an offset from UTC and the moments at which it changes. There is no table of zones here; whoever
//! makes the rules writes the changes of the years he plans for.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{Clock, MAX_OFFSET_CHANGES};
use crate::value::{Day, Invalid, Problem, Timestamp};

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;
/// Minutes a place is at most ahead of or behind UTC (the farthest today are +14 and -12 hours).
const MOST_OFFSET: i32 = 18 * 60;

/// Offsets from UTC: one that holds from the beginning, and the moments from which others hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Zone {
    /// Minutes ahead of UTC before the first change, within 18 hours.
    #[serde(default)]
    pub offset_minutes: i32,
    /// Changes, ascending in time; at most [`MAX_OFFSET_CHANGES`]. Summer time is two a year.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<OffsetChange>,
}

/// From this moment on, another offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OffsetChange {
    /// The first moment of the new offset.
    pub at: Timestamp,
    /// Minutes ahead of UTC from then on, within 18 hours.
    pub offset_minutes: i32,
}

impl Zone {
    /// One offset for ever.
    pub const fn fixed(offset_minutes: i32) -> Self {
        Self { offset_minutes, changes: Vec::new() }
    }

    /// Refuses offsets beyond 18 hours, changes that do not ascend and too many of them, naming the field.
    pub fn check(&self) -> Result<(), Invalid> {
        let beyond = |offset: i32| offset.unsigned_abs() > MOST_OFFSET.unsigned_abs();
        let most = u64::from(MOST_OFFSET.unsigned_abs());
        if beyond(self.offset_minutes) {
            return Err(Invalid::new("offset_minutes", Problem::Beyond { most }));
        }
        if self.changes.len() > MAX_OFFSET_CHANGES {
            return Err(Invalid::new("changes", Problem::TooMany { most: MAX_OFFSET_CHANGES as u64 }));
        }
        if self.changes.iter().any(|change| beyond(change.offset_minutes)) {
            return Err(Invalid::new("changes.offset_minutes", Problem::Beyond { most }));
        }
        if !self.changes.is_sorted_by(|earlier, later| earlier.at < later.at) {
            return Err(Invalid::new("changes.at", Problem::Unordered));
        }
        Ok(())
    }

    /// The day on the wall at a moment.
    pub fn day(&self, moment: Timestamp) -> Day {
        let after = self.changes.partition_point(|change| change.at <= moment);
        let last = after.checked_sub(1).and_then(|at| self.changes.get(at));
        let offset = last.map_or(self.offset_minutes, |change| change.offset_minutes);
        let local = moment.millis().saturating_add(i64::from(offset).saturating_mul(MINUTE));
        i32::try_from(local.div_euclid(DAY).max(0)).ok().and_then(Day::new).unwrap_or(Day::LAST)
    }

    /// The moment at which a wall clock shows this time of this day. A time that comes twice is its first coming; one
    /// that is skipped is the moment of the skip.
    pub fn moment(&self, day: Day, clock: Clock) -> Timestamp {
        let minutes = i64::from(clock.minutes()).saturating_mul(MINUTE);
        let local = i64::from(day.number()).saturating_mul(DAY).saturating_add(minutes);
        let utc = |offset: i32| local.saturating_sub(i64::from(offset).saturating_mul(MINUTE));
        let mut offset = self.offset_minutes;
        for change in &self.changes {
            // The old offset shows the time before the change takes effect: that is the first coming.
            if utc(offset) < change.at.millis() {
                break;
            }
            // The new offset would have shown it before the change: the time was skipped.
            if utc(change.offset_minutes) < change.at.millis() {
                return change.at;
            }
            offset = change.offset_minutes;
        }
        Timestamp::EPOCH.saturating_add_millis(utc(offset))
    }
}
