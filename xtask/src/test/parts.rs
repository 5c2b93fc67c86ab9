//! The parts that need no browser.

use super::report::Report;
use crate::tools::BARE;
use crate::{build, paths, run, size, tools};
use anyhow::{Context, Result};
use oms_tests::edge::WORKER_VARIABLE;
use serde_json::Value;
use std::time::Instant;

/// Crates that only exist as wasm: their tests run in [`super::wasm`] and, from outside, in [`edge`].
pub const WASM_ONLY: [&str; 4] = ["oms-worker", "oms-browser", "oms-js", "oms-whatif"];
/// Suites that tell their stories in memory, and on workerd when [`WORKER_VARIABLE`] names the built Worker.
const STORIES: [&str; 1] = ["scenarios"];
/// Crates that must do without an operating system.
pub const NO_STD: [&str; 4] = ["oms-core", "oms-actors", "oms-api", "oms-door"];

pub fn host(report: &mut Report) -> Result<()> {
    let mut command = run::cargo();
    run::with_each(command.args(["test", "--workspace", "--no-fail-fast"]), "--exclude", &WASM_ONLY);
    if report.worker_is_built {
        command.env(WORKER_VARIABLE, paths::worker());
        report.stories_are_told = true;
    }
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
    report.worker_is_built = true;
    report.check("sizes within budget", size::report()? == 0, std::time::Duration::ZERO);
    Ok(())
}

/// Every test binary of `oms-tests` that a bare `cargo test` leaves out: those drive the built Worker. With them the stories,
/// unless the host tests have told them on workerd already.
pub fn edge(report: &mut Report) -> Result<()> {
    build::worker(&tools::ensure()?)?;
    let Suites { mut black_box, others } = suites()?;
    if !report.stories_are_told {
        black_box.extend(others.into_iter().filter(|name| STORIES.contains(&name.as_str())));
    }
    for suite in black_box {
        let mut command = run::cargo();
        // The same packages as in the host tests: of fewer, cargo would choose other features and compile again.
        run::with_each(command.args(["test", "--workspace", "--no-fail-fast"]), "--exclude", &WASM_ONLY);
        command.args(["--test", &suite]);
        command.env(WORKER_VARIABLE, paths::worker());
        report
            .tests(&format!("{suite} on workerd"), &run::outcome(&format!("suite {suite} on workerd"), &mut command)?);
    }
    Ok(())
}

/// The test binaries of `oms-tests` by name.
struct Suites {
    /// A bare `cargo test` leaves them out.
    black_box: Vec<String>,
    others: Vec<String>,
}

fn suites() -> Result<Suites> {
    let metadata = run::capture(run::cargo().args(["metadata", "--format-version", "1", "--no-deps", "--locked"]))?;
    let metadata: Value = serde_json::from_str(&metadata)?;
    let package =
        list(&metadata, "packages").iter().find(|package| package["name"] == "oms-tests").context("no oms-tests")?;
    let tests = list(package, "targets").iter().filter(|target| target["kind"][0] == "test");
    let (others, black_box): (Vec<&Value>, Vec<&Value>) = tests.partition(|target| target["test"] == true);
    let names =
        |targets: Vec<&Value>| targets.iter().filter_map(|target| target["name"].as_str()).map(str::to_owned).collect();
    Ok(Suites { black_box: names(black_box), others: names(others) })
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}
