//! The tables that need no other solver: small budgets, simple rules, published optima, targets.

use std::path::Path;

use oms_core::optimizer::Problem;
use oms_tests::orlib::{self, Instance};

use super::every_rule;
use super::figures::{Budget, Published, Quantiles, Rule, Target};
use super::ours::{self, Solved};
use crate::{Outcome, ui};

/// Characters of the longest bar.
const BAR: f64 = 40.0;

/// The problems within a budget, and whether any rule would have been cheaper.
pub fn budget(program: &Path, problems: &[Problem], work: u64) -> Outcome<Budget> {
    let limited = |problem: &Problem| Problem { work_limit: Some(work), ..problem.clone() };
    let solved = ours::solve(program, "budget", &problems.iter().map(limited).collect::<Vec<_>>())?;
    let mut gaps: Vec<f64> = solved.iter().map(Solved::gap).collect();
    gaps.sort_by(f64::total_cmp);
    let beaten = problems
        .iter()
        .zip(&solved)
        .filter(|(problem, solved)| every_rule(problem).iter().any(|rule| rule.1 < solved.cost));
    let budget = Budget {
        problems: problems.len(),
        proven: solved.iter().filter(|solved| solved.proven).count(),
        work,
        median_gap: gaps[gaps.len() / 2],
        largest_gap: gaps[gaps.len() - 1],
        ours: Quantiles::of(solved.iter().map(Solved::millis).collect()),
        beaten: beaten.count(),
    };
    let cells = vec![
        format!("{} of {}", budget.proven, budget.problems),
        format!("{:.2} %", budget.median_gap),
        format!("{:.2} %", budget.largest_gap),
        format!("{:.2}", budget.ours.p50),
        format!("{:.2}", budget.ours.p99),
        budget.beaten.to_string(),
    ];
    ui::table(&["proven", "median gap", "largest gap", "p50 ms", "p99 ms", "a rule is cheaper"], &[cells]);
    Ok(budget)
}

/// What each rule costs over all problems that were proven, against the optimum.
pub fn rules(problems: &[Problem], solved: &[Solved]) -> Vec<Rule> {
    let mut sums: Vec<(&'static str, i64)> = Vec::new();
    let mut optimum = 0;
    for (problem, solved) in problems.iter().zip(solved).filter(|(_, solved)| solved.proven) {
        optimum += solved.cost;
        for (at, (name, cost)) in every_rule(problem).into_iter().enumerate() {
            if at == sums.len() {
                sums.push((name, 0));
            }
            sums[at].1 += cost;
        }
    }
    let rules: Vec<Rule> = sums
        .into_iter()
        .map(|(name, sum)| Rule { name, more: (sum - optimum) as f64 * 100.0 / optimum as f64 })
        .collect();
    let most = rules.iter().map(|rule| rule.more).fold(1.0, f64::max);
    let row = |rule: &Rule| {
        let bar = "#".repeat((rule.more / most * BAR).round() as usize);
        vec![rule.name.to_owned(), format!("{:.1} %", rule.more), bar]
    };
    ui::table(&["rule", "costs more by", ""], &rules.iter().map(row).collect::<Vec<_>>());
    rules
}

pub fn published(program: &Path, instances: &[Instance]) -> Outcome<Vec<Published>> {
    let mut asked = Vec::new();
    for instance in instances {
        asked.push((instance, "uncapacitated", &instance.uncapacitated, instance.uncapacitated_optimum));
        if let Some((problem, optimum)) = &instance.capacitated {
            asked.push((instance, "capacitated", problem, *optimum));
        }
    }
    let problems: Vec<Problem> = asked.iter().map(|(_, _, problem, _)| (*problem).clone()).collect();
    let solved = ours::solve(program, "library", &problems)?;
    let published: Vec<Published> = asked
        .iter()
        .zip(&solved)
        .map(|((instance, kind, _, optimum), solved)| Published {
            name: instance.name.clone(),
            kind,
            equal: orlib::is_optimum(solved.cost, *optimum),
            proven: solved.proven,
            millis: solved.millis(),
        })
        .collect();
    let yes = |yes: bool| if yes { "yes" } else { "no" }.to_owned();
    let row = |of: &Published| {
        vec![of.name.clone(), of.kind.to_owned(), yes(of.equal), yes(of.proven), format!("{:.2}", of.millis)]
    };
    ui::table(&["instance", "kind", "optimum", "proven", "ms"], &published.iter().map(row).collect::<Vec<_>>());
    Ok(published)
}

/// The same orders drawn and solved as machine code and as WebAssembly, built for speed and as they ship.
pub fn targets(node: &Path) -> Outcome<Vec<Target>> {
    let mut targets = Vec::new();
    for (profile, ship) in [("bench", false), ("release", true)] {
        let (native, module) = (ours::build(ship, false)?, ours::build(ship, true)?);
        let ((native_millis, native_number), (wasm_millis, wasm_number)) =
            (ours::native(&native)?, ours::wasm(node, &module)?);
        targets.push(Target {
            profile,
            native_micros: native_millis * 1_000.0 / ours::DRAWN,
            wasm_micros: wasm_millis * 1_000.0 / ours::DRAWN,
            same_bits: native_number == wasm_number,
        });
    }
    let row = |of: &Target| {
        let micros = |micros: f64| format!("{micros:.0}");
        let ratio = format!("{:.2}", of.wasm_micros / of.native_micros);
        let same = if of.same_bits { "the same" } else { "DIFFERENT" };
        vec![of.profile.to_owned(), micros(of.native_micros), micros(of.wasm_micros), ratio, same.to_owned()]
    };
    ui::table(
        &["profile", "native us/order", "wasm us/order", "ratio", "answers"],
        &targets.iter().map(row).collect::<Vec<_>>(),
    );
    Ok(targets)
}
