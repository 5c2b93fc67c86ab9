//! Demand forecasting: exponential smoothing for steady demand, Croston's family for demand that comes now and then.
//!
//! This is planning: floating point is allowed here and nowhere near money, stock or routing. Only `+ - * /` and `libm`
//! are used, in a fixed order, so that every target comes to the same bits.
//!
//! Initial values are those of R's `forecast` with `initial = "simple"`, and of statsforecast for intermittent demand:
//! the first level is the first value, the first trend the first difference; with seasons the first season gives the
//! level and the seasonal figures, the first two the trend; Croston's first interval is the position of the first demand,
//! counted from one.

mod class;
mod intermittent;
mod refusal;
mod smooth;

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

pub use class::{ADI_CUT, CV2_CUT, Class, Profile, classify, pick};
pub use refusal::{Refusal, Why};
pub use smooth::Seasonality;

use refusal::{finite_series, fraction};
pub(crate) use refusal::{not_negative, positive};

/// Longest series read: ten years of days and then some. Bounds the work.
pub const MAX_SERIES: usize = 4_096;
/// Longest season: a year of days.
pub const MAX_SEASON: usize = 366;
/// Most periods looked ahead.
pub const MAX_HORIZON: usize = 1_024;
/// Largest value of a series, plus or minus: 2^53, up to which a float counts every integer.
pub const MAX_VALUE: f64 = 9_007_199_254_740_992.0;

/// How to forecast. Every smoothing parameter lies from 0 (never learns) to 1 (forgets all but the last value).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Method {
    /// Simple exponential smoothing (Brown 1959): a level.
    Ses { alpha: f64 },
    /// A level and a linear trend (Holt 1957).
    Holt { alpha: f64, beta: f64 },
    /// A level, a linear trend and seasonal figures (Winters 1960). `season` is in periods, from 2.
    HoltWinters { alpha: f64, beta: f64, gamma: f64, season: usize, kind: Seasonality },
    /// Size over interval, each smoothed when demand occurs (Croston 1972).
    Croston { alpha: f64 },
    /// Croston's times `1 - alpha / 2`, which takes most of its bias away (Syntetos and Boylan 2005).
    Sba { alpha: f64 },
    /// Croston's times `1 - alpha / (2 - alpha)` (Shale, Boylan and Johnston 2006).
    Sbj { alpha: f64 },
    /// Size, smoothed when demand occurs, times the probability of demand, smoothed every period, so that what no longer
    /// sells dies away (Teunter, Syntetos and Babai 2011).
    Tsb { demand: f64, probability: f64 },
}

/// What is expected.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Forecast {
    /// The periods to come, the next one first, in the unit of the series.
    pub next: Vec<f64>,
    /// The root of the mean squared error of forecasts one period ahead, over the periods that initial values did not
    /// use: the standard deviation that safety stock asks for. `None` when there are no such periods.
    pub deviation: Option<f64>,
}

/// What a method learned from a series: a forecast for each period before it was known (nothing while values are being
/// initialized), and the periods to come.
struct Fit {
    before: Vec<Option<f64>>,
    next: Vec<f64>,
}

/// Forecasts `horizon` periods (1 to [`MAX_HORIZON`]) of a series, oldest value first.
///
/// # Errors
/// A [`Refusal`] names the field: `series` when it is empty, shorter than the method needs (2 for Holt, two seasons for
/// Holt-Winters), longer than [`MAX_SERIES`], not finite, beyond [`MAX_VALUE`], negative where the method counts demand,
/// or not positive where seasons multiply; a smoothing parameter outside 0 to 1; `season` outside 2 to [`MAX_SEASON`];
/// `horizon` outside its bounds.
pub fn forecast(series: &[f64], method: &Method, horizon: usize) -> Result<Forecast, Refusal> {
    if !(1..=MAX_HORIZON).contains(&horizon) {
        return Err(Refusal::of("horizon", Why::OutOfRange));
    }
    finite_series(series)?;
    let fit = fit(series, method, horizon)?;
    if fit.next.iter().any(|value| !value.is_finite()) {
        return Err(Refusal::of("series", Why::Diverges));
    }
    Ok(Forecast { deviation: deviation(series, &fit.before), next: fit.next })
}

fn fit(series: &[f64], method: &Method, horizon: usize) -> Result<Fit, Refusal> {
    match *method {
        Method::Ses { alpha } => {
            fraction("alpha", alpha)?;
            smooth::simple(series, alpha, horizon)
        }
        Method::Holt { alpha, beta } => {
            fraction("alpha", alpha)?;
            fraction("beta", beta)?;
            smooth::holt(series, alpha, beta, horizon)
        }
        Method::HoltWinters { alpha, beta, gamma, season, kind } => {
            fraction("alpha", alpha)?;
            fraction("beta", beta)?;
            fraction("gamma", gamma)?;
            smooth::holt_winters(series, &smooth::Rates { alpha, beta, gamma }, season, kind, horizon)
        }
        Method::Croston { alpha } => croston(series, alpha, 1.0, horizon),
        Method::Sba { alpha } => croston(series, alpha, 1.0 - alpha / 2.0, horizon),
        Method::Sbj { alpha } => croston(series, alpha, 1.0 - alpha / (2.0 - alpha), horizon),
        Method::Tsb { demand, probability } => {
            fraction("demand", demand)?;
            fraction("probability", probability)?;
            intermittent::tsb(series, demand, probability, horizon)
        }
    }
}

fn croston(series: &[f64], alpha: f64, correction: f64, horizon: usize) -> Result<Fit, Refusal> {
    fraction("alpha", alpha)?;
    intermittent::croston(series, alpha, correction, horizon)
}

/// The root of the mean squared error of what was forecast.
fn deviation(series: &[f64], before: &[Option<f64>]) -> Option<f64> {
    let errors = series.iter().zip(before).filter_map(|(value, forecast)| forecast.map(|forecast| value - forecast));
    let (count, sum) = errors.fold((0.0, 0.0), |(count, sum), error| (count + 1.0, sum + error * error));
    let root = libm::sqrt(sum / count);
    root.is_finite().then_some(root)
}

/// A count as a float; exact, as no series is that long.
#[expect(clippy::cast_precision_loss, reason = "counts here are bounded by MAX_SERIES and MAX_HORIZON")]
fn count(number: usize) -> f64 {
    number as f64
}
