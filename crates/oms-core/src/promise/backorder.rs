//! Promising backorders anew when supply or priorities have changed: who wins, who may lose, and what changed for whom.
//!
//! The strategies are those of SAP's backorder processing, taken in this order; within one, by rank. What a strategy
//! guarantees holds against everybody after it, never against anybody before it.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::ToString;
use alloc::vec;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{MAX_BACKORDERS, MAX_CONFIRMED, MOST_QUANTITY, Step, Timeline};
use crate::sorting;
use crate::value::{Day, Invalid, Label, Problem, Quantity};

/// What a backorder may gain and lose in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strategy {
    /// All of it on the wanted day; anything else breaks the strategy.
    Win,
    /// At least what it has, more or sooner if possible; less breaks the strategy.
    Gain,
    /// What it has, more or sooner if possible; less is accepted.
    Improve,
    /// Whatever is left, in order of rank.
    Redistribute,
    /// What it has at most, never more or sooner.
    Fill,
    /// Nothing.
    Lose,
}

impl Strategy {
    const ALL: [Self; 6] = [Self::Win, Self::Gain, Self::Improve, Self::Redistribute, Self::Fill, Self::Lose];
}

/// A requirement that may be promised anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Backorder {
    /// Its name, unique in the run.
    pub id: Label,
    /// How much is wanted in all.
    pub quantity: Quantity,
    /// The day it is wanted; nothing is confirmed for an earlier one.
    pub wanted: Day,
    /// What is confirmed now, by ascending days; at most the quantity.
    #[serde(default)]
    pub confirmed: Vec<Step>,
    /// What it may gain and lose.
    pub strategy: Strategy,
    /// Its place within the strategy, 0 first; equals by their order in the run.
    #[serde(default)]
    pub rank: u32,
}

/// What became of a backorder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// Whose.
    pub id: Label,
    /// Under which strategy.
    pub strategy: Strategy,
    /// What was confirmed before.
    pub before: Vec<Step>,
    /// What is confirmed now.
    pub after: Vec<Step>,
    /// For better or worse.
    pub change: Change,
    /// True when the strategy asked for more than there is: somebody has to look at it.
    pub broken: bool,
}

/// How two confirmations compare, day by day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Never less by any day, and more by some.
    Better,
    /// The same by every day.
    Same,
    /// Never more by any day, and less by some.
    Worse,
    /// More by some day and less by another.
    Mixed,
}

/// Promises backorders of one SKU and location anew. The timeline holds supply and every commitment that is *not* among
/// the backorders. Outcomes stand in the order of the backorders. Refuses a backorder named twice, days out of order and
/// confirmations beyond the quantity, naming the field.
pub fn repromise(supply: &Timeline, backorders: &[Backorder]) -> Result<Vec<Outcome>, Invalid> {
    check(backorders)?;
    let mut left = supply.clone();
    let mut after: Vec<Vec<Step>> = vec![Vec::new(); backorders.len()];
    for strategy in Strategy::ALL {
        let mut turn: Vec<usize> = (0..backorders.len())
            .filter(|at| backorders.get(*at).is_some_and(|order| order.strategy == strategy))
            .collect();
        sorting::sort_by_key(&mut turn, |at| (backorders.get(*at).map_or(0, |order| order.rank), *at));
        serve(strategy, backorders, &turn, &mut left, &mut after)?;
    }
    Ok(backorders.iter().zip(after).map(|(order, after)| outcome(order, after)).collect())
}

/// One strategy's turn.
fn serve(
    strategy: Strategy,
    backorders: &[Backorder],
    turn: &[usize],
    left: &mut Timeline,
    after: &mut [Vec<Step>],
) -> Result<(), Invalid> {
    let keeps = matches!(strategy, Strategy::Gain | Strategy::Improve | Strategy::Fill);
    let grows = match strategy {
        Strategy::Win | Strategy::Gain | Strategy::Improve | Strategy::Redistribute => true,
        Strategy::Fill | Strategy::Lose => false,
    };
    for at in turn.iter().filter(|_| keeps) {
        if let (Some(order), Some(steps)) = (backorders.get(*at), after.get_mut(*at)) {
            *steps = kept(left, order)?;
        }
    }
    for at in turn.iter().filter(|_| grows) {
        if let (Some(order), Some(steps)) = (backorders.get(*at), after.get_mut(*at)) {
            for step in steps.iter() {
                left.release(step.day, step.quantity)?;
            }
            *steps = left.steps(order.quantity, order.wanted);
            for step in steps.iter() {
                left.commit(step.day, step.quantity)?;
            }
        }
    }
    Ok(())
}

/// What can be kept of a confirmation: by no day more than before.
fn kept(left: &mut Timeline, order: &Backorder) -> Result<Vec<Step>, Invalid> {
    let mut kept = Vec::new();
    for step in &order.confirmed {
        let day = step.day.max(order.wanted);
        let quantity = left.available(day).min(step.quantity);
        if !quantity.is_zero() {
            left.commit(day, quantity)?;
            Step { day, quantity }.add_to(&mut kept);
        }
    }
    Ok(kept)
}

fn outcome(order: &Backorder, after: Vec<Step>) -> Outcome {
    let change = compare(order, &order.confirmed, &after);
    let in_time = after.iter().filter(|step| step.day <= order.wanted).map(|step| step.quantity).sum::<Quantity>();
    let broken = match order.strategy {
        Strategy::Win => in_time < order.quantity,
        Strategy::Gain => matches!(change, Change::Worse | Change::Mixed),
        Strategy::Improve | Strategy::Redistribute | Strategy::Fill | Strategy::Lose => false,
    };
    let (id, strategy, before) = (order.id.clone(), order.strategy, order.confirmed.clone());
    Outcome { id, strategy, before, after, change, broken }
}

/// Compares what is there by every day; what is there before it is wanted counts for the wanted day.
fn compare(order: &Backorder, before: &[Step], after: &[Step]) -> Change {
    let by = |steps: &[Step], day: Day| -> Quantity {
        steps.iter().filter(|step| step.day.max(order.wanted) <= day).map(|step| step.quantity).sum()
    };
    let days = before.iter().chain(after).map(|step| step.day.max(order.wanted));
    let (mut more, mut less) = (false, false);
    for day in days {
        let (was, is) = (by(before, day), by(after, day));
        more |= is > was;
        less |= is < was;
    }
    match (more, less) {
        (true, false) => Change::Better,
        (false, false) => Change::Same,
        (false, true) => Change::Worse,
        (true, true) => Change::Mixed,
    }
}

fn check(backorders: &[Backorder]) -> Result<(), Invalid> {
    if backorders.len() > MAX_BACKORDERS {
        return Err(Invalid::new("backorders", Problem::TooMany { most: MAX_BACKORDERS as u64 }));
    }
    let mut names = BTreeSet::new();
    for (at, order) in backorders.iter().enumerate() {
        let refused = |field: &str, problem: Problem| Err(Invalid::new(format!("backorders[{at}].{field}"), problem));
        if !names.insert(&order.id) {
            return refused("id", Problem::Twice { name: order.id.to_string() });
        }
        if order.quantity.is_zero() {
            return refused("quantity", Problem::Zero);
        }
        if order.quantity > MOST_QUANTITY {
            return refused("quantity", Problem::Beyond { most: MOST_QUANTITY.thousandths() });
        }
        if order.confirmed.len() > MAX_CONFIRMED {
            return refused("confirmed", Problem::TooMany { most: MAX_CONFIRMED as u64 });
        }
        if !order.confirmed.is_sorted_by(|earlier, later| earlier.day < later.day) {
            return refused("confirmed.day", Problem::Unordered);
        }
        if order.confirmed.iter().map(|step| step.quantity).sum::<Quantity>() > order.quantity {
            return refused("confirmed.quantity", Problem::Beyond { most: order.quantity.thousandths() });
        }
    }
    Ok(())
}
