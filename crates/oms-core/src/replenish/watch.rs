//! What is kept of a SKU where: the tenant's word on it, the demand it saw, and the levels that follow.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{Lead, Levels, Pack, Thresholds, economic_order_quantity, levels, safety_stock, service_factor};
use crate::forecast::{self, Class, Method, Refusal, Why};
use crate::value::{Day, LocationId, Quantity};

/// Weeks of demand that are kept: two years, so that a season of a year is seen twice.
pub const MAX_WEEKS: usize = 104;
/// Weeks of a season: a year.
const SEASON: usize = 52;
/// Most locations of one SKU that are replenished.
pub const MAX_WATCHED_PLACES: usize = 200;
/// Longest lead time and its deviation, in days.
pub const MAX_LEAD_DAYS: u32 = 730;
/// Days of a week.
const WEEK_DAYS: i32 = 7;
/// Weeks of a year, on average.
const YEAR_WEEKS: f64 = 52.18;
/// Weeks of demand that an order covers when nothing is said of its size.
const COVER_WEEKS: f64 = 4.0;

/// What is kept of a SKU.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Watch {
    /// At what is available a crossing is told.
    pub thresholds: Thresholds,
    /// How it is bought; nothing is proposed without.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub buying: Option<Buying>,
}

/// How a SKU is bought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Buying {
    /// Of whom.
    pub supplier: LocationId,
    /// Where it is kept, at least one.
    pub locations: Vec<LocationId>,
    /// Days from the order to the goods, up to [`MAX_LEAD_DAYS`].
    pub lead_days: u32,
    /// Their standard deviation, likewise.
    #[serde(default)]
    pub lead_deviation_days: u32,
    /// In how many of a thousand cycles demand is covered, 500 to 999.
    pub service_permille: u32,
    /// How an order's size is found.
    #[serde(default)]
    pub lot: Lot,
    /// In what quantities it is sold to us.
    #[serde(default)]
    pub pack: Pack,
    /// Whether the safety stock that follows is kept back from selling.
    #[serde(default)]
    pub keep_safety: bool,
}

/// How an order's size is found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lot {
    /// Four weeks of demand.
    #[default]
    Cover,
    /// So much.
    Fixed(Quantity),
    /// The economic order quantity: minor units an order, and minor units a unit and year.
    Economic { order: u32, holding: u32 },
}

/// Demand by week, oldest first. Weeks begin on Monday.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demand {
    /// The first week's Monday.
    pub first: Day,
    /// What left in each week since; at most [`MAX_WEEKS`].
    pub weeks: Vec<Quantity>,
}

impl Demand {
    /// Nothing yet, from the week of this day on.
    pub fn since(day: Day) -> Self {
        Self { first: day.monday(), weeks: Vec::new() }
    }

    /// So much left on a day. What is older than the first week kept counts for nothing.
    pub fn add(&mut self, day: Day, quantity: Quantity) {
        let Some(at) = self.week(day) else { return };
        let spare = at.saturating_add(1).saturating_sub(MAX_WEEKS);
        self.weeks.drain(..spare.min(self.weeks.len()));
        let days = i32::try_from(spare).unwrap_or(i32::MAX).saturating_mul(WEEK_DAYS);
        self.first = self.first.saturating_add(days);
        let at = at.saturating_sub(spare);
        if at >= self.weeks.len() {
            self.weeks.resize(at.saturating_add(1), Quantity::ZERO);
        }
        if let Some(week) = self.weeks.get_mut(at) {
            *week = week.saturating_add(quantity);
        }
    }

    /// The place of a day's week; nothing before the first.
    fn week(&self, day: Day) -> Option<usize> {
        let weeks = day.days_since(self.first).checked_div_euclid(WEEK_DAYS)?;
        usize::try_from(weeks).ok()
    }

    /// The whole weeks before the week of a day, those without demand included, in units.
    pub fn series(&self, today: Day) -> Vec<f64> {
        let whole = self.week(today.monday()).unwrap_or(0);
        let kept = whole.saturating_sub(MAX_WEEKS);
        let of_week = |at: usize| units(self.weeks.get(at).copied().unwrap_or_default());
        (kept..whole).map(of_week).collect()
    }
}

/// What is expected of a SKU's demand at a location.
#[derive(Clone, Debug, PartialEq)]
pub struct Expected {
    /// What kind of demand it is; nothing where nothing ever left.
    pub class: Option<Class>,
    /// How it was forecast.
    pub method: Method,
    /// Units a week, the week of today first.
    pub next: Vec<f64>,
    /// Standard deviation of forecasts a week ahead; zero where there is too little to tell.
    pub deviation: f64,
}

/// Forecasts so many weeks of demand. Nothing while no whole week is known.
///
/// # Errors
/// As for [`forecast::forecast`].
pub fn expected(demand: &Demand, today: Day, weeks: usize) -> Result<Option<Expected>, Refusal> {
    let series = demand.series(today);
    if series.is_empty() {
        return Ok(None);
    }
    let class = forecast::classify(&series)?.map(|profile| profile.class);
    let method = forecast::pick(&series, Some(SEASON))?;
    let found = forecast::forecast(&series, &method, weeks)?;
    let next = found.next.into_iter().map(|value| value.max(0.0)).collect();
    Ok(Some(Expected { class, method, next, deviation: found.deviation.unwrap_or(0.0) }))
}

/// What is kept of a SKU at a location, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// What was reckoned with.
    pub expected: Expected,
    /// The safety stock.
    pub safety: Quantity,
    /// The levels between which stock is kept.
    pub levels: Levels,
}

impl Buying {
    /// What is to be kept. Nothing while no whole week of demand is known.
    ///
    /// # Errors
    /// Names what is out of bounds.
    pub fn kept(&self, demand: &Demand, today: Day) -> Result<Option<Kept>, Refusal> {
        let lead_weeks = f64::from(self.lead_days) / f64::from(WEEK_DAYS);
        let ahead = usize::try_from(self.lead_days.div_ceil(7).max(1)).unwrap_or(1);
        let Some(expected) = expected(demand, today, ahead)? else { return Ok(None) };
        let weekly =
            expected.next.iter().sum::<f64>() / f64::from(u32::try_from(expected.next.len()).unwrap_or(1).max(1));
        let lead = Lead {
            time: lead_weeks,
            time_deviation: f64::from(self.lead_deviation_days) / f64::from(WEEK_DAYS),
            demand: weekly,
            demand_deviation: expected.deviation,
        };
        let z = service_factor(f64::from(self.service_permille) / 1_000.0)?;
        let lot = match self.lot {
            Lot::Cover => weekly * COVER_WEEKS,
            Lot::Fixed(quantity) => units(quantity),
            Lot::Economic { order, holding } => {
                economic_order_quantity(weekly * YEAR_WEEKS, f64::from(order), f64::from(holding))?
            }
        };
        let safety = rounded(safety_stock(z, &lead)?)?;
        Ok(Some(Kept { expected, safety, levels: levels(z, &lead, lot)? }))
    }
}

/// A quantity in units; exact enough for planning.
#[expect(clippy::cast_precision_loss, reason = "a quantity is below 2^53")]
pub fn units(quantity: Quantity) -> f64 {
    quantity.thousandths() as f64 / 1_000.0
}

/// Units as a quantity, rounded up.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 2^53, checked first")]
pub fn rounded(units: f64) -> Result<Quantity, Refusal> {
    let thousandths = libm::ceil(units * 1_000.0);
    let counted = (0.0..forecast::MAX_VALUE).contains(&thousandths).then_some(thousandths as u64);
    counted.and_then(Quantity::from_thousandths).ok_or(Refusal::of("levels", Why::OutOfRange))
}
