//! The strategies of a policy, asked in order.

use alloc::string::ToString;
use alloc::vec;
use alloc::vec::Vec;

use super::attempt::{Attempt, attempt};
use super::policy::Accept;
use super::{
    Decision, Fault, Flaw, OfferFacts, OrderFacts, PassedOver, PassedOverWhy, Prepared, RunnerUp, Strategy, check_order,
};
use crate::value::{Digest, MAX_SAFE_INTEGER};

/// How much is asked of a decision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Effort {
    /// The plan only.
    #[default]
    Plan,
    /// The plan and the next best one: the order is solved twice.
    RunnerUp,
}

/// Routes an order: the first strategy that is for it and accepts its own plan decides; the last one accepts anything.
///
/// # Errors
/// Faults of the order and the offers (see [`check_order`]); one where costs cannot be added up exactly, at the line or
/// location whose cost is too large.
pub fn route(
    prepared: &Prepared,
    order: &OrderFacts,
    offers: &[OfferFacts],
    effort: Effort,
) -> Result<Decision, Vec<Fault>> {
    check_order(order, offers)?;
    let value = value(order).map_err(|fault| vec![fault])?;
    let inputs = prepared.digest(order, offers)?;
    let mut passed_over = Vec::new();
    for strategy in &prepared.policy.strategies {
        let pass = |why| PassedOver { strategy: strategy.name.clone(), why };
        if !strategy.when.holds(order, value) {
            passed_over.push(pass(PassedOverWhy::NotForThis));
            continue;
        }
        let found = attempt(prepared, order, strategy, offers, None).map_err(|fault| vec![fault])?;
        if !strategy.accept.takes(&found) {
            passed_over.push(pass(PassedOverWhy::Short { quantity: found.short() }));
            continue;
        }
        let decided = Decided { prepared, order, strategy, offers };
        return decided.decision(inputs, passed_over, found, effort).map_err(|fault| vec![fault]);
    }
    // A validated policy ends with a strategy for everything.
    Err(vec![Fault::new("/policy/strategies".to_string(), Flaw::NoCatchAll)])
}

impl Accept {
    fn takes(self, found: &Attempt) -> bool {
        match self {
            Self::Anything => true,
            Self::Something => !found.plan.serves.is_empty(),
            Self::Everything => found.plan.short.is_empty(),
        }
    }
}

/// What an order is worth, in minor units: each line rounded down.
fn value(order: &OrderFacts) -> Result<i64, Fault> {
    let mut sum = 0_i64;
    for (number, line) in order.lines.iter().enumerate() {
        let worth = i128::from(line.unit_value.minor()).saturating_mul(line.quantity.thousandths().into()) / 1_000;
        let total = i64::try_from(worth).ok().and_then(|worth| sum.checked_add(worth));
        let fits = total.filter(|total| total.unsigned_abs() <= MAX_SAFE_INTEGER);
        let beyond = Flaw::Beyond { most: MAX_SAFE_INTEGER };
        sum = fits.ok_or_else(|| Fault::new(alloc::format!("/order/lines/{number}/unit_value"), beyond))?;
    }
    Ok(sum)
}

/// The strategy that decides, and what it decides from.
struct Decided<'a> {
    prepared: &'a Prepared,
    order: &'a OrderFacts,
    strategy: &'a Strategy,
    offers: &'a [OfferFacts],
}

impl Decided<'_> {
    fn decision(
        &self,
        inputs: Digest,
        passed_over: Vec<PassedOver>,
        found: Attempt,
        effort: Effort,
    ) -> Result<Decision, Fault> {
        let runner_up = match effort {
            Effort::Plan => None,
            Effort::RunnerUp => self.runner_up(&found)?,
        };
        let policy = &self.prepared.policy;
        Ok(Decision {
            inputs,
            policy: policy.name.clone(),
            version: policy.version,
            strategy: self.strategy.name.clone(),
            passed_over,
            plan: found.plan,
            shipments: found.shipments,
            cost: found.cost,
            scores: found.scores,
            proof: found.proof,
            binding: found.binding,
            left_out: found.left_out,
            runner_up,
        })
    }

    /// The best plan when the location that serves most is forbidden.
    fn runner_up(&self, found: &Attempt) -> Result<Option<RunnerUp>, Fault> {
        let Some(without) = &found.main else { return Ok(None) };
        let other = attempt(self.prepared, self.order, self.strategy, self.offers, Some(without))?;
        Ok(Some(RunnerUp {
            without: without.clone(),
            short: other.short(),
            locations: other.shipments.iter().map(|shipment| shipment.location.clone()).collect(),
            dearer_by: other.cost.total().saturating_sub(found.cost.total()),
            cost: other.cost,
            scores: other.scores,
        }))
    }
}

impl Decision {
    /// Whether these inputs lead to this decision: their digest is the one it carries, and deciding again comes to the same.
    pub fn verify(&self, prepared: &Prepared, order: &OrderFacts, offers: &[OfferFacts]) -> bool {
        let effort = if self.runner_up.is_some() { Effort::RunnerUp } else { Effort::Plan };
        route(prepared, order, offers, effort).is_ok_and(|again| again == *self)
    }
}
