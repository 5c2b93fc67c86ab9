//! Real orders under the rule of a tenant that says nothing: all that can be served, in as few parcels as can be, from as near
//! as can be; three criteria as one objective.

use anyhow::Context as _;
use oms_core::optimizer::Problem;
use oms_core::routing::{NetworkFacts, OfferFacts, OrderFacts, Policy, Prepared, build};
use oms_core::value::{Day, Timestamp};
use serde::Serialize;
use serde_json::{Value, json};

use super::figures::Quantiles;
use super::ours::{self, Solved};
use super::real;
use crate::retail::{Cities, City, Invoice};
use crate::whatif::{carrier, position};
use crate::{Outcome, ui};

/// When all orders are placed.
const PLACED_AT: &str = "2026-11-23T09:00:00Z";
/// What calls itself a long order has so many lines at least.
const LONG: usize = 15;

/// Orders of one network.
#[derive(Serialize)]
pub struct Standing {
    pub locations: usize,
    pub least_lines: usize,
    pub problems: usize,
    pub proven: usize,
    pub ours: Quantiles,
}

/// Routes real orders over each of the networks, and the long ones among all of them.
pub fn standing(program: &std::path::Path, count: usize) -> Outcome<Vec<Standing>> {
    let mut rows = Vec::new();
    for locations in real::NETWORKS {
        for least_lines in [1, LONG] {
            let problems = problems(locations, least_lines, count)?;
            let solved = ours::solve(program, "standing", &problems)?;
            rows.push(Standing {
                locations,
                least_lines,
                problems: problems.len(),
                proven: solved.iter().filter(|solved| solved.proven).count(),
                ours: Quantiles::of(solved.iter().map(Solved::millis).collect()),
            });
        }
    }
    let row = |of: &Standing| {
        let millis = |millis: f64| format!("{millis:.3}");
        vec![
            of.locations.to_string(),
            format!("{} to {}", of.least_lines, real::MOST_LINES),
            format!("{} of {}", of.proven, of.problems),
            millis(of.ours.p50),
            millis(of.ours.p99),
            millis(of.ours.most),
        ]
    };
    let header = ["locations", "lines", "proven", "p50 ms", "p99 ms", "most ms"];
    ui::table(&header, &rows.iter().map(row).collect::<Vec<_>>());
    Ok(rows)
}

/// The problems that the rule poses for invoices of at least so many lines.
fn problems(locations: usize, least_lines: usize, count: usize) -> Outcome<Vec<Problem>> {
    let cities = Cities::load()?;
    let towns = cities.largest(locations);
    let network: NetworkFacts = serde_json::from_value(network(&towns))?;
    let policy = Policy::standard("standing".parse()?);
    let placed_at: Timestamp = PLACED_AT.parse()?;
    let prepared =
        Prepared::new(&policy, &network, Day::of_utc(placed_at)).map_err(|faults| anyhow::anyhow!("{faults:?}"))?;
    let strategy = policy.strategies.first().context("a strategy")?;
    let problem = |invoice: &Invoice| {
        let order: OrderFacts = serde_json::from_value(order(invoice, &cities, placed_at))?;
        let offers: Vec<OfferFacts> = serde_json::from_value(offers(invoice, &towns))?;
        build(&prepared, &order, strategy, &offers).map_err(|fault| anyhow::anyhow!("{fault:?}"))
    };
    real::invoices(least_lines, count)?.iter().map(problem).collect()
}

fn network(towns: &[&City]) -> Value {
    let place = |(at, town): (usize, &&City)| {
        json!({"location": name(at), "kind": "dc", "country": "GB", "position": position(town),
            "allows": {"ship": true}, "calendar": "weekdays", "carriers": ["post"]})
    };
    let week = ["monday", "tuesday", "wednesday", "thursday", "friday"];
    json!({"locations": towns.iter().enumerate().map(place).collect::<Vec<_>>(), "carriers": [carrier()],
        "calendars": {"weekdays": {"week": week, "cutoff": "15:00"}}})
}

fn order(invoice: &Invoice, cities: &Cities, placed_at: Timestamp) -> Value {
    let line = |(no, line): (usize, &crate::retail::Line)| {
        let quantity = line.quantity * 1_000;
        json!({"line": no + 1, "sku": &*line.sku, "quantity": quantity, "unit_value": line.pence})
    };
    let customer = cities.of(invoice.customer.as_deref().unwrap_or(&invoice.number));
    json!({"channel": "web", "to": {"country": "GB", "position": position(customer)}, "placed_at": placed_at,
        "lines": invoice.lines.iter().enumerate().map(line).collect::<Vec<_>>()})
}

/// Every location has some of the goods, as in [`real::problems`].
fn offers(invoice: &Invoice, towns: &[&City]) -> Value {
    let skus: std::collections::BTreeSet<&str> = invoice.lines.iter().map(|line| &*line.sku).collect();
    let all = towns.iter().enumerate().flat_map(|(at, town)| skus.iter().map(move |sku| (at, town, *sku)));
    let offer = |(at, town, sku): (usize, &&City, &str)| {
        let free = real::stocked(sku, town)?;
        Some(json!({"sku": sku, "location": name(at), "free": free * 1_000}))
    };
    all.filter_map(offer).collect()
}

fn name(location: usize) -> String {
    format!("town-{location}")
}
