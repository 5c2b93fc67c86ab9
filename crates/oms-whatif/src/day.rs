//! A day of orders: what becomes of each, why, and what it comes to.

use oms_api::problem::Problem;
use oms_api::{decode, refusal};
use oms_core::routing::{Decision, Effort, Sentence, Series, Totals};
use serde::Serialize;

/// What became of the orders, each decision with its sentences at the same place of the other list.
#[derive(Debug, Serialize)]
pub(crate) struct Day {
    decisions: Vec<Decision>,
    explanations: Vec<Vec<Told>>,
    totals: Totals,
}

/// A sentence with its code and parameters, for a page that has words of its own, and in English.
#[derive(Debug, Serialize)]
struct Told {
    sentence: Sentence,
    text: String,
}

/// Routes the orders of a series.
pub(crate) fn route(json: &[u8]) -> Result<Day, Problem> {
    let series: Series = decode::body(json)?;
    let routed = series.route(Effort::Plan).map_err(|faults| refusal::of_routing(&faults))?;
    let explanations = routed.decisions.iter().map(explained).collect();
    Ok(Day { decisions: routed.decisions, explanations, totals: routed.totals })
}

fn explained(decision: &Decision) -> Vec<Told> {
    let told = |sentence: Sentence| Told { text: sentence.to_string(), sentence };
    decision.explain().into_iter().map(told).collect()
}
