//! The optimizer against HiGHS in the same run, against published optima, the simple rules, and itself as WebAssembly.
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "a bench draws small numbers"
)]

#[path = "../../../crates/oms-core/examples/route/family.rs"]
mod family;
mod figures;
mod highs;
mod orders;
mod ours;
mod real;
mod standing;

use std::path::PathBuf;

use anyhow::ensure;
use oms_core::optimizer::{Problem, rules};
use oms_tests::orlib;

use crate::{Outcome, tools, ui};
use figures::{Figures, Versus};

/// The budget of the second table, in units of work.
const SMALL_BUDGET: u64 = 300_000;
/// What is about 25 ms of work on one core of a server.
const TRADE_BUDGET: u64 = 8_000_000;
const TRADE_SEED: u64 = 41;
const SEED: u64 = 7;

struct Options {
    instances: u64,
    trade: u64,
    real: usize,
}

pub fn run(parser: lexopt::Parser) -> Outcome {
    let options = options(parser)?;
    let python = highs::python()?;
    let program = ours::build(false, false)?;
    let places = family::places(&std::fs::read_to_string(crate::paths::root().join("tests/data/geo/us_zips.csv"))?);
    let mut figures = Figures::default();
    let mut random = family::Random(SEED);
    let problems: Vec<Problem> = (0..options.instances).map(|at| family::order(&mut random, at, &places)).collect();
    let bench = Bench { python, program };

    ui::heading("Orders: 1 to 20 lines, 10 to 500 locations, sparse stock, every fourth with at most 2 to 4 shipments");
    let (versus, solved) = bench.versus("orders", &problems)?;
    versus.show();
    figures.orders = Some(versus);

    ui::heading(&format!("The same orders within {SMALL_BUDGET} units of work"));
    figures.budget = Some(orders::budget(&bench.program, &problems, SMALL_BUDGET)?);

    ui::heading("What simple rules cost, against the optimum");
    figures.rules = orders::rules(&problems, &solved);

    ui::heading("OR-Library: warehouse location, published optima");
    figures.published = orders::published(&bench.program, &orlib::load())?;

    ui::heading(&format!(
        "Trade orders: 10 to 80 units of 5 to 20 lines, shallow stock, scarce capacity; {TRADE_BUDGET} units of work"
    ));
    let mut random = family::Random(TRADE_SEED);
    let trade: Vec<Problem> = (0..options.trade).map(|_| family::trade_order(&mut random, &places)).collect();
    figures.trade = Some(orders::budget(&bench.program, &trade, TRADE_BUDGET)?);

    ui::heading("Real orders: invoices of Online Retail with at most 20 lines, networks of British towns");
    for size in real::NETWORKS {
        let problems = real::problems(size, options.real)?;
        let (versus, _) = bench.versus(&format!("real-{size}"), &problems)?;
        println!("  {size} locations");
        versus.show();
        figures.real.push(versus);
    }

    ui::heading("The same under the standing rule: all that can be served, fewest parcels, nearest");
    figures.standing = standing::standing(&bench.program, options.real)?;

    ui::heading("WebAssembly against machine code");
    figures.targets = orders::targets(&tools::ensure()?.node_folder.join("node"))?;

    let kept = figures.promises();
    super::write("routing", &figures)?;
    ensure!(kept, "a promise is not kept");
    Ok(())
}

fn options(mut parser: lexopt::Parser) -> Outcome<Options> {
    use lexopt::prelude::*;
    let mut options = Options { instances: 1_000, trade: 100, real: 200 };
    while let Some(argument) = parser.next()? {
        match argument {
            Long("instances") => options.instances = parser.value()?.parse()?,
            Long("trade") => options.trade = parser.value()?.parse()?,
            Long("real") => options.real = parser.value()?.parse()?,
            other => return Err(other.unexpected().into()),
        }
    }
    ensure!(options.instances > 0 && options.trade > 0 && options.real > 0, "at least one of each");
    Ok(options)
}

struct Bench {
    python: PathBuf,
    program: PathBuf,
}

impl Bench {
    /// Both solvers on the same problems.
    fn versus(&self, name: &str, problems: &[Problem]) -> Outcome<(Versus, Vec<ours::Solved>)> {
        let ours = ours::solve(&self.program, name, problems)?;
        let theirs = highs::solve(&self.python, &ours::write(name, problems)?, problems.len())?;
        Ok((Versus::of(&ours, &theirs), ours))
    }
}

/// The rules as they are known, over the locations nearest first.
fn every_rule(problem: &Problem) -> [(&'static str, i64); 5] {
    let nearest = family::nearest(problem);
    let by_number: Vec<u32> = (0..).zip(&problem.locations).map(|(number, _)| number).collect();
    [
        ("nearest with everything, else nearest first", rules::nearest_first(problem, &nearest).cost),
        ("priority order", rules::priority(problem, &by_number).cost),
        ("greedy cover", rules::greedy_cover(problem, &nearest).cost),
        ("fewest splits, then nearest", rules::fewest_then_nearest(problem, &nearest).cost),
        ("cheapest single location", rules::cheapest_single(problem).cost),
    ]
}
