//! Open orders routed together: what that saves over routing each exactly as it came.

use anyhow::{Context as _, ensure};
use serde::{Deserialize, Serialize};

use crate::{Outcome, run, ui};

/// `crates/oms-core/examples/together.rs`.
const EXAMPLE: &str = "together";
/// Stock by demand, in percent, at which the promises are kept.
const PROMISED_AT: u32 = 130;
/// Promised: so many percent of the cost saved.
const LEAST_SAVED: f64 = 2.0;
/// Promised: so many percent of the shipments that could be avoided are, when only shipments count.
const LEAST_AVOIDED: f64 = 60.0;

#[derive(Serialize, Deserialize)]
struct Row {
    stock_percent: u32,
    shipments_only: bool,
    cost_before: f64,
    cost_after: f64,
    shipments_before: f64,
    shipments_after: f64,
    /// If each order had all stock to itself: no routing has fewer.
    shipments_alone: f64,
    us_per_order: f64,
    slices: u32,
}

impl Row {
    fn saved(&self) -> f64 {
        (self.cost_before - self.cost_after) * 100.0 / self.cost_before
    }

    fn avoided(&self) -> f64 {
        (self.shipments_before - self.shipments_after) * 100.0 / (self.shipments_before - self.shipments_alone)
    }

    fn keeps_its_promise(&self) -> bool {
        if self.shipments_only { self.avoided() >= LEAST_AVOIDED } else { self.saved() >= LEAST_SAVED }
    }
}

pub fn run(mut parser: lexopt::Parser) -> Outcome {
    if let Some(argument) = parser.next()? {
        return Err(argument.unexpected().into());
    }
    let mut step = ui::Step::start("routing 400 open orders together, six times");
    step.tick("building");
    let mut cargo = run::cargo();
    cargo.args(["run", "--quiet", "--profile", "bench", "--package", "oms-core", "--example", EXAMPLE]);
    let told = run::capture(&mut cargo)?;
    let rows: Vec<Row> = told.lines().map(serde_json::from_str).collect::<Result<_, _>>().context("no rows")?;
    step.done("the same orders every time");
    println!();
    ui::table(
        &["stock / demand", "counted", "cost saved", "shipments", "together", "alone", "avoided", "us an order"],
        &rows.iter().map(shown).collect::<Vec<_>>(),
    );
    println!("  alone: if each order had all stock to itself; avoided: of the shipments more than that");
    let promised: Vec<&Row> = rows.iter().filter(|row| row.stock_percent == PROMISED_AT).collect();
    ensure!(
        promised.len() == 2 && promised.iter().all(|row| row.keeps_its_promise()),
        "at {PROMISED_AT} %: promised are {LEAST_SAVED} % of the cost and {LEAST_AVOIDED} % of avoidable shipments"
    );
    super::write("batch", &rows)
}

fn shown(row: &Row) -> Vec<String> {
    vec![
        format!("{:.1}", f64::from(row.stock_percent) / 100.0),
        if row.shipments_only { "shipments" } else { "money" }.into(),
        format!("{:.2} %", row.saved()),
        row.shipments_before.to_string(),
        row.shipments_after.to_string(),
        row.shipments_alone.to_string(),
        format!("{:.0} %", row.avoided()),
        format!("{:.0}", row.us_per_order),
    ]
}
