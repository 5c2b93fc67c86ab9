//! What can be promised of an item at a location, day by day.

use alloc::vec::Vec;

use oms_core::promise::{DemandClass, MAX_OUTLOOK_DAYS, Outlook};
use oms_core::value::{Day, Delta, LocationId, Quantity, Sku, Timestamp};
use serde::Serialize;

use crate::problem::Problem;
use crate::show::Shown;

/// Days that are shown when nobody says how many: two weeks.
const DAYS: u32 = 14;

/// What is asked.
#[derive(Clone, Debug)]
pub struct AtpQuery {
    /// Where.
    pub location: LocationId,
    /// For which class of demand.
    pub class: DemandClass,
    /// From today on, so many days.
    pub days: u32,
}

impl AtpQuery {
    /// Reads the parameters of the query.
    ///
    /// # Errors
    /// The problem with the first parameter that is missing or wrong.
    pub fn read(location: Option<&str>, class: Option<&str>, days: Option<&str>) -> Result<Self, Problem> {
        let wrong = |name: &str, detail: &str| Problem::parameter(name, "invalid_parameter", detail);
        let location = location.and_then(|name| name.parse().ok());
        let location = location.ok_or_else(|| wrong("location", "the name of a location is needed"))?;
        let class = class.map_or_else(|| Ok(DemandClass::default()), str::parse);
        let class = class.map_err(|_| wrong("demand_class", "a class is 1 to 32 of a-z 0-9 _ -"))?;
        let days =
            days.map_or(Some(DAYS), |days| days.parse().ok()).filter(|days| (1..=MAX_OUTLOOK_DAYS).contains(days));
        let days = days.ok_or_else(|| wrong("days", "from 1 to 400 days are shown"))?;
        Ok(Self { location, class, days })
    }
}

/// What can be promised, day by day.
#[derive(Debug, Serialize)]
pub struct AtpView<'a> {
    sku: &'a Sku,
    location: &'a LocationId,
    demand_class: &'a DemandClass,
    days: Vec<DayView>,
    as_of: Shown<Timestamp>,
}

#[derive(Debug, Serialize)]
struct DayView {
    date: Day,
    supply: Shown<Delta>,
    demand: Shown<Delta>,
    projected: Shown<Delta>,
    available: Shown<Quantity>,
}

impl<'a> AtpView<'a> {
    /// The days of an outlook.
    pub fn new(sku: &'a Sku, asked: &'a AtpQuery, days: &[Outlook], as_of: Timestamp) -> Self {
        let day = |day: &Outlook| DayView {
            date: day.day,
            supply: Shown(day.supply),
            demand: Shown(day.demand),
            projected: Shown(day.projected),
            available: Shown(day.available),
        };
        let (location, demand_class) = (&asked.location, &asked.class);
        Self { sku, location, demand_class, days: days.iter().map(day).collect(), as_of: Shown(as_of) }
    }
}
