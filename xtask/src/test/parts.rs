//! The parts that need no browser.

use super::report::Report;
use crate::tools::BARE;
use crate::{build, run, size, tools};
use anyhow::{Context, Result};
use serde_json::Value;
use std::time::Instant;

/// Crates that only exist as wasm: their tests run in [`super::wasm`] and, from outside, in [`edge`].
pub const WASM_ONLY: [&str; 2] = ["oms-worker", "oms-browser"];
/// Crates that must do without an operating system.
pub const NO_STD: [&str; 4] = ["oms-core", "oms-actors", "oms-api", "oms-door"];

pub fn host(report: &mut Report) -> Result<()> {
    let mut command = run::cargo();
    run::with_each(command.args(["test", "--workspace", "--no-fail-fast"]), "--exclude", &WASM_ONLY);
    report.tests("host tests", &run::outcome("host tests", &mut command)?);
    Ok(())
}

pub fn bare(report: &mut Report) -> Result<()> {
    let mut command = run::cargo();
    run::with_each(command.args(["check", "--target", BARE]), "--package", &NO_STD);
    let outcome = run::outcome(&format!("check for {BARE}"), &mut command)?;
    if !outcome.status.success() {
        run::print_end(&outcome.output);
    }
    report.check(&format!("builds for {BARE}"), outcome.status.success(), outcome.took);
    Ok(())
}

pub fn products(report: &mut Report) -> Result<()> {
    let started = Instant::now();
    build::all()?;
    report.check("products build", true, started.elapsed());
    report.check("sizes within budget", size::report()? == 0, std::time::Duration::ZERO);
    Ok(())
}

/// Every test binary of `oms-tests` that a bare `cargo test` leaves out: those drive the built Worker.
pub fn edge(report: &mut Report) -> Result<()> {
    build::worker(&tools::ensure()?)?;
    for suite in edge_suites()? {
        let mut command = run::cargo();
        command.args(["test", "--package", "oms-tests", "--no-fail-fast", "--test", &suite]);
        command.env("ESTIBA_WORKER", crate::paths::worker());
        report
            .tests(&format!("{suite} on workerd"), &run::outcome(&format!("suite {suite} on workerd"), &mut command)?);
    }
    Ok(())
}

fn edge_suites() -> Result<Vec<String>> {
    let metadata = run::capture(run::cargo().args(["metadata", "--format-version", "1", "--no-deps", "--locked"]))?;
    let metadata: Value = serde_json::from_str(&metadata)?;
    let package =
        list(&metadata, "packages").iter().find(|package| package["name"] == "oms-tests").context("no oms-tests")?;
    let black_box = |target: &&Value| target["kind"][0] == "test" && target["test"] == false;
    let names = list(package, "targets").iter().filter(black_box);
    Ok(names.filter_map(|target| target["name"].as_str()).map(str::to_owned).collect())
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}
