//! An answer checked by somebody who did not make it: nothing here is shared with the search.
//!
//! [`check`] proves that the plan is feasible and costs what it says, and that the multipliers prove the `root_bound`. When
//! `root_bound` equals `cost` the plan is thereby proven optimal, from the answer alone. Where branch and bound closed the
//! rest, `lower_bound` is above `root_bound`; that difference is the search's word, which only another search can repeat.

use alloc::vec;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::answer::{Answer, Plan};
use super::num::{Row, gcd};
use super::problem::{Problem, Refusal};

/// What is wrong with an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// The problem itself is refused.
    #[error(transparent)]
    Problem(#[from] Refusal),
    /// A flow over no arc, of nothing, of more than its cap, or told twice.
    #[error("flows[{0}]: over no arc, of nothing, beyond its cap, or twice")]
    Flow(u32),
    /// Shipped and back-ordered units do not sum to the demand.
    #[error("backordered[{0}]: shipped and back-ordered units do not sum to the demand")]
    Demand(u32),
    /// The locations told are not those that ship.
    #[error("open: not the locations that ship")]
    Open,
    /// A location ships more than its capacity.
    #[error("open: location {0} ships more than its capacity")]
    Capacity(u32),
    /// A location's shipment is worth less than the minimum.
    #[error("open: the shipment of location {0} is worth less than the minimum")]
    Value(u32),
    /// More locations ship than may.
    #[error("open: more locations than may ship")]
    Shipments,
    /// The plan does not cost that.
    #[error("cost: the plan costs {0}")]
    Cost(i128),
    /// Not one multiplier for each line, above a penalty, or beyond what can be summed.
    #[error("multipliers[{0}]: missing, or above the line's penalty, or too large")]
    Multiplier(u32),
    /// The scale is not from 1 to 2^20.
    #[error("scale: from 1 to 1048576")]
    Scale,
    /// The multipliers prove another bound.
    #[error("root_bound: the multipliers prove {0}")]
    RootBound(i128),
    /// The bounds are out of order, or the plan is called proven though its cost is not the bound.
    #[error("lower_bound, proven: out of order")]
    Order,
}

/// Largest [`Answer::scale`].
const MAX_SCALE: u32 = 1 << 20;
/// No multiplier of use is beyond this.
const MAX_MULTIPLIER: i64 = 1 << 60;

/// Whether the answer is a plan of the problem, costs what it says, and proves the root bound it claims.
pub fn check(problem: &Problem, answer: &Answer) -> Result<(), Fault> {
    check_plan(problem, &answer.plan())?;
    let proved = bound(problem, &answer.multipliers, answer.scale)?;
    if i128::from(answer.root_bound) != proved {
        return Err(Fault::RootBound(proved));
    }
    let ordered = answer.root_bound <= answer.lower_bound && answer.lower_bound <= answer.cost;
    if !ordered || answer.proven != (answer.lower_bound == answer.cost) {
        return Err(Fault::Order);
    }
    Ok(())
}

/// Whether a plan is feasible for the problem and costs what it says.
pub fn check_plan(problem: &Problem, plan: &Plan) -> Result<(), Fault> {
    problem.validate()?;
    feasible(problem, plan)?;
    let cost = cost(problem, plan);
    if i128::from(plan.cost) == cost { Ok(()) } else { Err(Fault::Cost(cost)) }
}

fn feasible(problem: &Problem, plan: &Plan) -> Result<(), Fault> {
    let (lines, locations) = (problem.lines.len(), problem.locations.len());
    let (mut served, mut sent, mut worth) = (vec![0_u128; lines], vec![0_u128; locations], vec![0_u128; locations]);
    let mut caps: Vec<(u32, u32, u64)> = problem.arcs.iter().map(|arc| (arc.0, arc.1, arc.3)).collect();
    caps.sort_unstable();
    let mut last = None;
    for (number, flow) in (0..).zip(&plan.flows) {
        let place = caps.binary_search_by_key(&(flow.0, flow.1), |(line, site, _)| (*line, *site));
        let cap = place.ok().and_then(|place| caps.get(place)).map_or(0, |(.., cap)| *cap);
        if flow.2 == 0 || flow.2 > cap || last >= Some((flow.0, flow.1)) {
            return Err(Fault::Flow(number));
        }
        last = Some((flow.0, flow.1));
        let units = u128::from(flow.2);
        let value = problem.lines.get(flow.0 as usize).map_or(0, |line| u128::from(line.value));
        served.edit(flow.0, |sum| sum.saturating_add(units));
        sent.edit(flow.1, |sum| sum.saturating_add(units));
        worth.edit(flow.1, |sum| sum.saturating_add(units.saturating_mul(value)));
    }
    if plan.backordered.len() != lines {
        return Err(Fault::Demand(super::num::index(plan.backordered.len().min(lines))));
    }
    for ((number, line), (served, missing)) in (0..).zip(&problem.lines).zip(served.iter().zip(&plan.backordered)) {
        if served.checked_add(u128::from(*missing)) != Some(u128::from(line.demand)) {
            return Err(Fault::Demand(number));
        }
    }
    shipments(problem, plan, &sent, &worth)
}

fn shipments(problem: &Problem, plan: &Plan, sent: &[u128], worth: &[u128]) -> Result<(), Fault> {
    let shipping = (0..).zip(sent).filter(|(_, units)| **units > 0).map(|(site, _)| site);
    let shipping: Vec<u32> = shipping.collect();
    if shipping != plan.open {
        return Err(Fault::Open);
    }
    if problem.max_shipments.is_some_and(|most| shipping.len() > most as usize) {
        return Err(Fault::Shipments);
    }
    for site in shipping {
        let capacity = problem.locations.get(site as usize).and_then(|location| location.capacity);
        if capacity.is_some_and(|capacity| sent.at(site) > u128::from(capacity)) {
            return Err(Fault::Capacity(site));
        }
        if worth.at(site) < u128::from(problem.min_shipment_value.unwrap_or(0)) {
            return Err(Fault::Value(site));
        }
    }
    Ok(())
}

/// The plan's open costs, unit costs and penalties. What is feasible stays far inside 128 bits.
fn cost(problem: &Problem, plan: &Plan) -> i128 {
    let times = |units: u64, each: i128| i128::from(units).saturating_mul(each);
    let opened = plan.open.iter().filter_map(|site| problem.locations.get(*site as usize));
    let opened: i128 = opened.map(|location| i128::from(location.open_cost)).sum();
    let shipped = |arc: &super::Arc| {
        let flow = plan.flows.binary_search_by_key(&(arc.0, arc.1), |flow| (flow.0, flow.1)).ok();
        flow.and_then(|flow| plan.flows.get(flow)).map_or(0, |flow| times(flow.2, i128::from(arc.2)))
    };
    let carried: i128 = problem.arcs.iter().map(shipped).sum();
    let missing = problem.lines.iter().zip(&plan.backordered);
    let missing: i128 = missing.map(|(line, units)| times(*units, i128::from(line.penalty))).sum();
    opened.saturating_add(carried).saturating_add(missing)
}

/// The bound that these multipliers prove, in minor units: no plan costs less. One multiplier `l` for each line, at most its
/// penalty, in minor units divided by `scale`:
///
/// `sum of l d + min over |S| <= P of the sum over S of (F_j + min of (u_ij - l_i) x, with 0 <= x <= cap_ij, sum x <= K_j)`
///
/// (Geoffrion 1974), rounded up to a multiple of what divides all costs. Takes one sort of the arcs.
pub fn bound(problem: &Problem, multipliers: &[i64], scale: u32) -> Result<i128, Fault> {
    if scale == 0 || scale > MAX_SCALE {
        return Err(Fault::Scale);
    }
    let scaled = |amount: i128| amount.saturating_mul(i128::from(scale));
    let mut total = 0_i128;
    for ((number, line), multiplier) in (0..).zip(&problem.lines).zip(multipliers) {
        if i128::from(*multiplier) > scaled(i128::from(line.penalty)) || *multiplier < -MAX_MULTIPLIER {
            return Err(Fault::Multiplier(number));
        }
        total = total.saturating_add(i128::from(line.demand).saturating_mul(i128::from(*multiplier)));
    }
    if multipliers.len() != problem.lines.len() {
        return Err(Fault::Multiplier(super::num::index(multipliers.len().min(problem.lines.len()))));
    }
    let mut offers: Vec<(u32, i128, u64)> = Vec::with_capacity(problem.arcs.len());
    for arc in &problem.arcs {
        let demand = problem.lines.get(arc.0 as usize).map_or(0, |line| line.demand);
        let each = scaled(i128::from(arc.2)).saturating_sub(i128::from(multipliers.at(arc.0)));
        if each < 0 {
            offers.push((arc.1, each, arc.3.min(demand)));
        }
    }
    offers.sort_unstable();
    let mut worth: Vec<i128> =
        offers.chunk_by(|one, next| one.0 == next.0).map(|of| alone(problem, of, scale)).collect();
    worth.retain(|worth| *worth < 0);
    worth.sort_unstable();
    let most = problem.max_shipments.map_or(usize::MAX, |most| most as usize);
    total = total.saturating_add(worth.iter().take(most).sum());
    let step = scaled(i128::from(common_divisor(problem)));
    let up = total.checked_rem_euclid(step).filter(|rest| *rest > 0).map_or(0, |rest| step.saturating_sub(rest));
    Ok(total.saturating_add(up).checked_div(i128::from(scale)).unwrap_or(total))
}

/// What a location adds to the bound when it is open: its cost, and its best units while it has room.
fn alone(problem: &Problem, offers: &[(u32, i128, u64)], scale: u32) -> i128 {
    let location = offers.first().and_then(|(site, ..)| problem.locations.get(*site as usize)).copied();
    let location = location.unwrap_or_default();
    let mut room = location.capacity.unwrap_or(u64::MAX);
    let mut worth = i128::from(location.open_cost).saturating_mul(i128::from(scale));
    for (_, each, cap) in offers {
        let units = room.min(*cap);
        worth = worth.saturating_add(each.saturating_mul(i128::from(units)));
        room = room.saturating_sub(units);
    }
    worth
}

/// What divides every cost a plan could have: penalties, open costs, unit costs. Zero when all are zero.
fn common_divisor(problem: &Problem) -> u64 {
    let penalties = problem.lines.iter().map(|line| line.penalty);
    let opened = problem.locations.iter().map(|location| location.open_cost);
    let carried = problem.arcs.iter().map(|arc| arc.2.unsigned_abs());
    let mut step = 0;
    for cost in penalties.chain(opened).chain(carried) {
        step = gcd(cost, step);
        if step == 1 {
            break;
        }
    }
    step
}
