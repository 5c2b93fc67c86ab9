//! Exponential smoothing: level, trend, seasons.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::refusal::all_positive;
use super::{Fit, MAX_SEASON, Refusal, Why, count};

/// How seasons act on the level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seasonality {
    /// They add to it.
    Additive,
    /// They multiply it; every value must be positive.
    Multiplicative,
}

/// Smoothing parameters, each 0 to 1: of the level, the trend and the seasons.
pub(super) struct Rates {
    pub(super) alpha: f64,
    pub(super) beta: f64,
    pub(super) gamma: f64,
}

/// `level = alpha x + (1 - alpha) level`, from the first value.
pub(super) fn simple(series: &[f64], alpha: f64, horizon: usize) -> Result<Fit, Refusal> {
    let (first, rest) = series.split_first().ok_or(Refusal::of("series", Why::Empty))?;
    let mut level = *first;
    let mut before = alloc::vec![None];
    for value in rest {
        before.push(Some(level));
        level = alpha * value + (1.0 - alpha) * level;
    }
    Ok(Fit { before, next: alloc::vec![level; horizon] })
}

/// Level and trend; the forecast is `level + h trend`. The first two values give the initial figures and are then
/// smoothed like all others; their own errors do not count.
pub(super) fn holt(series: &[f64], alpha: f64, beta: f64, horizon: usize) -> Result<Fit, Refusal> {
    let [first, second, ..] = series else { return Err(Refusal::of("series", Why::TooShort)) };
    let (mut level, mut trend) = (*first, second - first);
    let mut before = Vec::with_capacity(series.len());
    for (at, value) in series.iter().enumerate() {
        let expected = level + trend;
        before.push((at >= 2).then_some(expected));
        let next = alpha * value + (1.0 - alpha) * expected;
        trend = beta * (next - level) + (1.0 - beta) * trend;
        level = next;
    }
    Ok(Fit { before, next: (1..=horizon).map(|ahead| level + count(ahead) * trend).collect() })
}

/// Level, trend and seasons. The season is updated against the level and trend of the period before, as R's `forecast`
/// does. The errors of the first two seasons, which initialize, do not count.
pub(super) fn holt_winters(
    series: &[f64],
    rates: &Rates,
    season: usize,
    kind: Seasonality,
    horizon: usize,
) -> Result<Fit, Refusal> {
    if !(2..=MAX_SEASON).contains(&season) {
        return Err(Refusal::of("season", Why::OutOfRange));
    }
    let used = season.saturating_mul(2);
    if series.len() < used {
        return Err(Refusal::of("series", Why::TooShort));
    }
    if kind == Seasonality::Multiplicative {
        all_positive(series)?;
    }
    let mut state = State::new(series, season, kind);
    let mut before = Vec::with_capacity(series.len());
    let mut places = (0..season).cycle();
    for (at, (value, place)) in series.iter().zip(&mut places).enumerate() {
        before.push((at >= used).then_some(state.expected(1, place)));
        state.take(*value, place, rates);
    }
    let next = (1..=horizon).zip(places).map(|(ahead, place)| state.expected(ahead, place)).collect();
    Ok(Fit { before, next })
}

struct State {
    level: f64,
    trend: f64,
    seasons: Vec<f64>,
    kind: Seasonality,
}

impl State {
    fn new(series: &[f64], season: usize, kind: Seasonality) -> Self {
        let length = count(season);
        let first = series.get(..season).unwrap_or_default();
        let second = series.get(season..).unwrap_or_default();
        let level = first.iter().sum::<f64>() / length;
        let change = first.iter().zip(second).map(|(before, after)| (after - before) / length).sum::<f64>();
        let seasons = first.iter().map(|value| match kind {
            Seasonality::Additive => value - level,
            Seasonality::Multiplicative => value / level,
        });
        Self { level, trend: change / length, seasons: seasons.collect(), kind }
    }

    fn season(&self, place: usize) -> f64 {
        self.seasons.get(place).copied().unwrap_or_default()
    }

    fn expected(&self, ahead: usize, place: usize) -> f64 {
        let base = self.level + count(ahead) * self.trend;
        match self.kind {
            Seasonality::Additive => base + self.season(place),
            Seasonality::Multiplicative => base * self.season(place),
        }
    }

    fn take(&mut self, value: f64, place: usize, rates: &Rates) {
        let season = self.season(place);
        let base = self.level + self.trend;
        let (deseasoned, seen) = match self.kind {
            Seasonality::Additive => (value - season, value - base),
            Seasonality::Multiplicative => (value / season, value / base),
        };
        let level = rates.alpha * deseasoned + (1.0 - rates.alpha) * base;
        self.trend = rates.beta * (level - self.level) + (1.0 - rates.beta) * self.trend;
        self.level = level;
        if let Some(slot) = self.seasons.get_mut(place) {
            *slot = rates.gamma * seen + (1.0 - rates.gamma) * season;
        }
    }
}
