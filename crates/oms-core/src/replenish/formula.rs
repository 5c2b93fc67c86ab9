//! Safety stock, reorder point, economic order quantity.

use crate::forecast::{Refusal, Why, not_negative, positive};

/// What is known of demand and supply of an article, in one unit of time (such as days) throughout.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lead {
    /// Mean lead time `L`, from zero.
    pub time: f64,
    /// Standard deviation of the lead time `sL`, from zero.
    pub time_deviation: f64,
    /// Mean demand of a unit of time `d`, from zero.
    pub demand: f64,
    /// Standard deviation of that demand `sd`, from zero.
    pub demand_deviation: f64,
}

impl Lead {
    fn check(&self) -> Result<(), Refusal> {
        not_negative("time", self.time)?;
        not_negative("time_deviation", self.time_deviation)?;
        not_negative("demand", self.demand)?;
        not_negative("demand_deviation", self.demand_deviation)
    }
}

/// Safety stock in units: `z * sqrt(L * sd^2 + d^2 * sL^2)`, for demand and lead time that vary independently and
/// normally (Silver, Pyke and Thomas, *Inventory and Production Management in Supply Chains*, section 6.10). `z` is the
/// service factor, from zero; see [`service_factor`].
///
/// # Errors
/// Names the field (`z` or one of [`Lead`]'s) that is negative, not finite or beyond [`crate::forecast::MAX_VALUE`].
pub fn safety_stock(z: f64, lead: &Lead) -> Result<f64, Refusal> {
    not_negative("z", z)?;
    lead.check()?;
    let from_demand = lead.time * lead.demand_deviation * lead.demand_deviation;
    let from_time = lead.demand * lead.demand * lead.time_deviation * lead.time_deviation;
    Ok(z * libm::sqrt(from_demand + from_time))
}

/// Reorder point in units: demand over the lead time and the safety stock, `d * L + SS` (same source).
///
/// # Errors
/// As for [`safety_stock`].
pub fn reorder_point(z: f64, lead: &Lead) -> Result<f64, Refusal> {
    safety_stock(z, lead).map(|safety| lead.demand * lead.time + safety)
}

/// Economic order quantity in units: `sqrt(2 * D * S / H)` (Harris 1913). `demand` is units a year, `order_cost` money an
/// order, `holding_cost` money a unit and year; the same money in both.
///
/// # Errors
/// Names the field that is negative, not finite, too large, or, for `holding_cost`, zero.
pub fn economic_order_quantity(demand: f64, order_cost: f64, holding_cost: f64) -> Result<f64, Refusal> {
    not_negative("demand", demand)?;
    not_negative("order_cost", order_cost)?;
    positive("holding_cost", holding_cost)?;
    Ok(libm::sqrt(2.0 * demand * order_cost / holding_cost))
}

/// Halvings of the interval in which the service factor lies: 16 / 2^60 is below what a float tells apart.
const HALVINGS: u32 = 60;
/// The widest service factor looked for; a service level of 1 - 6e-16.
const WIDEST: f64 = 8.0;

/// The service factor `z` with which a normally distributed demand stays covered with probability `level` (0.5 up to, but
/// not including, 1): the inverse of the normal distribution, by halving, within 1e-9 for levels up to 0.9999.
///
/// # Errors
/// Names `level` when it is out of bounds or not finite.
pub fn service_factor(level: f64) -> Result<f64, Refusal> {
    not_negative("level", level)?;
    if !(0.5..1.0).contains(&level) {
        return Err(Refusal::of("level", Why::OutOfRange));
    }
    let (mut low, mut high) = (0.0, WIDEST);
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        let covered = 1.0 - libm::erfc(middle / core::f64::consts::SQRT_2) / 2.0;
        if covered < level {
            low = middle;
        } else {
            high = middle;
        }
    }
    // `high` covers, and at one half it is nothing but what halving left over.
    Ok(if level <= 0.5 { 0.0 } else { high })
}
