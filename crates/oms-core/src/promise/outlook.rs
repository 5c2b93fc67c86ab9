//! What can be promised of one SKU at one location, day by day.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::facts::Facts;
use super::ledger::Ledger;
use super::{DemandClass, MAX_OUTLOOK_DAYS, Timeline};
use crate::value::{Day, Delta, Invalid, LocationId, Problem, Quantity, Sku};

/// A day of an outlook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outlook {
    /// The day.
    pub day: Day,
    /// What comes.
    pub supply: Delta,
    /// What goes.
    pub demand: Delta,
    /// What is left at its end if nothing more is promised; below zero when too much was.
    pub projected: Delta,
    /// What a class can be promised for it.
    pub available: Quantity,
}

/// So many days of a SKU at a location from a day on (at most [`MAX_OUTLOOK_DAYS`]), as a demand class sees them, by the
/// item's method and the location's allocation. Refuses facts that make no sense.
pub fn outlook(
    facts: &Facts,
    sku: &Sku,
    location: &LocationId,
    class: &DemandClass,
    today: Day,
    days: u32,
) -> Result<Vec<Outlook>, Invalid> {
    facts.check()?;
    if days > MAX_OUTLOOK_DAYS {
        return Err(Invalid::new("days", Problem::Beyond { most: u64::from(MAX_OUTLOOK_DAYS) }));
    }
    let mut ledger = Ledger::new(facts, today)?;
    let at = ledger.place(facts, sku, location);
    let Some(pool) = ledger.pool(at) else { return Ok(Vec::new()) };
    let timeline = pool.timeline();
    let delta = |sum: i64| Delta::from_thousandths(sum).unwrap_or_default();
    let row = |day: Day| {
        let event = timeline.days().iter().find(|bucket| bucket.day == day);
        Outlook {
            day,
            supply: delta(event.map_or(0, |bucket| bucket.supply)),
            demand: delta(event.map_or(0, |bucket| bucket.demand)),
            projected: delta(timeline.projected(day)),
            available: pool.available(Some(class), day, today),
        }
    };
    let ahead = (0..days).filter_map(|ahead| today.checked_add(i32::try_from(ahead).ok()?));
    Ok(ahead.map(row).collect())
}

/// The timeline of a SKU at a location as facts have it today: on hand less what is kept back, what is on its way, what is
/// promised already, past due dates moved or dropped by the item's fences.
pub fn timeline(facts: &Facts, sku: &Sku, location: &LocationId, today: Day) -> Result<Timeline, Invalid> {
    facts.check()?;
    let mut ledger = Ledger::new(facts, today)?;
    let at = ledger.place(facts, sku, location);
    Ok(ledger.pool(at).map(|pool| pool.timeline().clone()).unwrap_or_default())
}
