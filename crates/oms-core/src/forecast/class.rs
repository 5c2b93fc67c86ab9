//! What kind of demand it is, and which method suits that.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::refusal::{finite_series, no_negative};
use super::{MAX_SEASON, Method, Refusal, Seasonality, Why, count, deviation, fit};

/// Average interval between demands from which on demand is intermittent (Syntetos, Boylan and Croston 2005).
pub const ADI_CUT: f64 = 1.32;
/// Squared coefficient of variation of the sizes from which on they vary much (same source).
pub const CV2_CUT: f64 = 0.49;
/// Without demand for this many average intervals (up to the last demand), demand is dying rather than pausing.
const SILENT_INTERVALS: f64 = 3.0;
/// Smoothing of the intermittent methods; the literature keeps it between 0.05 and 0.2.
const SLOW: f64 = 0.1;
/// Levels tried for demand that is not intermittent, the calmest first.
const LEVELS: [f64; 4] = [0.1, 0.2, 0.3, 0.5];
/// Trends tried, the calmest first.
const TRENDS: [f64; 2] = [0.05, 0.2];
/// Smoothing of seasons.
const SEASONS: f64 = 0.1;

/// Kinds of demand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Comes often, in like sizes.
    Smooth,
    /// Comes often, in sizes that vary.
    Erratic,
    /// Comes now and then, in like sizes.
    Intermittent,
    /// Comes now and then, in sizes that vary.
    Lumpy,
}

/// What a series of demand looks like.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// Average demand interval: periods by periods with demand.
    pub adi: f64,
    /// Squared coefficient of variation of the sizes that occur, by the population's variance.
    pub cv2: f64,
    /// The class; a figure on a cut belongs to the wilder side.
    pub class: Class,
    /// Periods since the last one with demand.
    pub silent: usize,
}

/// Classifies a series of demand, oldest first; `None` when nothing was ever asked for.
///
/// # Errors
/// As for [`super::forecast`], about `series`.
pub fn classify(series: &[f64]) -> Result<Option<Profile>, Refusal> {
    finite_series(series)?;
    no_negative(series)?;
    let sizes: Vec<f64> = series.iter().copied().filter(|size| *size > 0.0).collect();
    if sizes.is_empty() {
        return Ok(None);
    }
    let demands = count(sizes.len());
    let mean = sizes.iter().sum::<f64>() / demands;
    let variance = sizes.iter().map(|size| (size - mean) * (size - mean)).sum::<f64>() / demands;
    let (adi, cv2) = (count(series.len()) / demands, variance / (mean * mean));
    let class = match (adi >= ADI_CUT, cv2 >= CV2_CUT) {
        (false, false) => Class::Smooth,
        (false, true) => Class::Erratic,
        (true, false) => Class::Intermittent,
        (true, true) => Class::Lumpy,
    };
    let silent = series.iter().rev().take_while(|size| **size <= 0.0).count();
    Ok(Some(Profile { adi, cv2, class, silent }))
}

/// Picks a method for a series of demand. Intermittent and lumpy demand gets SBA, or TSB when it has been silent for three
/// average intervals; smooth and erratic demand gets whatever of simple smoothing, Holt and (when a `season` in periods
/// is given and the series has three of it) Holt-Winters came closest one period ahead, out of a short list; the
/// simpler method wins a tie. Without any demand: simple smoothing.
///
/// # Errors
/// As for [`super::forecast`], about `series` and `season`.
pub fn pick(series: &[f64], season: Option<usize>) -> Result<Method, Refusal> {
    if season.is_some_and(|season| !(2..=MAX_SEASON).contains(&season)) {
        return Err(Refusal::of("season", Why::OutOfRange));
    }
    let Some(profile) = classify(series)? else { return Ok(Method::Ses { alpha: SLOW }) };
    match profile.class {
        Class::Intermittent | Class::Lumpy if dying(series, &profile) => {
            Ok(Method::Tsb { demand: SLOW, probability: SLOW })
        }
        Class::Intermittent | Class::Lumpy => Ok(Method::Sba { alpha: SLOW }),
        Class::Smooth | Class::Erratic => Ok(closest(series, season)),
    }
}

/// True when demand has been silent for long, by the pace it had until it fell silent.
fn dying(series: &[f64], profile: &Profile) -> bool {
    let periods = count(series.len());
    let demands = periods / profile.adi;
    let silent = count(profile.silent);
    silent > SILENT_INTERVALS * (periods - silent) / demands
}

/// The candidate with the smallest error; all are judged over the same last part of the series.
fn closest(series: &[f64], season: Option<usize>) -> Method {
    let season = season.filter(|season| series.len() >= season.saturating_mul(3));
    let judged = season.map_or(2, |season| season.saturating_mul(2));
    let mut best = (Method::Ses { alpha: SLOW }, f64::INFINITY);
    for method in candidates(season) {
        // What a method can't be used for (zeros where seasons multiply, one value for a trend) is no candidate.
        let Ok(fit) = fit(series, &method, 1) else { continue };
        let (values, before) = (series.get(judged..).unwrap_or_default(), fit.before.get(judged..).unwrap_or_default());
        if let Some(deviation) = deviation(values, before).filter(|deviation| *deviation < best.1) {
            best = (method, deviation);
        }
    }
    best.0
}

fn candidates(season: Option<usize>) -> Vec<Method> {
    let mut methods: Vec<Method> = LEVELS.iter().map(|alpha| Method::Ses { alpha: *alpha }).collect();
    for alpha in LEVELS {
        methods.extend(TRENDS.iter().map(|beta| Method::Holt { alpha, beta: *beta }));
    }
    let kinds = [Seasonality::Additive, Seasonality::Multiplicative];
    for (alpha, kind) in LEVELS.iter().flat_map(|alpha| kinds.iter().map(move |kind| (*alpha, *kind))) {
        let seasonal = |(beta, season)| Method::HoltWinters { alpha, beta, gamma: SEASONS, season, kind };
        methods.extend(TRENDS.into_iter().zip(season.into_iter().cycle()).map(seasonal));
    }
    methods
}
