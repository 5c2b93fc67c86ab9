//! Reserving and releasing a three-line order in memory: the same program as machine code and as WebAssembly, in turn.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context as _, ensure};
use serde::Serialize;

use crate::tools::WASM;
use crate::{Outcome, paths, run, tools, ui};

/// `crates/oms-core/examples/reserve.rs`, and how many orders it takes through.
const EXAMPLE: &str = "reserve";
const ORDERS: f64 = 100_000.0;
const ROUNDS: usize = 5;
/// Runs the module's `main` once and prints the milliseconds it took. The first run, which compiles, is not counted.
const TIMED: &str = "
const { readFileSync } = require('node:fs');
const module = new WebAssembly.Module(readFileSync(process.argv[1]));
const run = () => {
  const { exports } = new WebAssembly.Instance(module, {});
  const started = performance.now();
  exports.main(0, 0);
  return performance.now() - started;
};
run();
console.log(run());
";

#[derive(Serialize)]
struct Figures {
    native_ns: f64,
    wasm_ns: f64,
    ratio: f64,
}

pub fn run(mut parser: lexopt::Parser) -> Outcome {
    if let Some(argument) = parser.next()? {
        return Err(argument.unexpected().into());
    }
    let node = tools::ensure()?.node_folder.join("node");
    build(&[])?;
    build(&["--target", WASM])?;
    let native = paths::target().join("release/examples").join(EXAMPLE);
    let wasm = paths::target().join(WASM).join("release/examples").join(format!("{EXAMPLE}.wasm"));
    let (mut of_native, mut of_wasm) = (Vec::new(), Vec::new());
    let mut step = ui::Step::start("reserving and releasing three-line orders");
    for round in 0..ROUNDS {
        step.tick(&format!("round {round} of {ROUNDS}"));
        of_native.push(native_millis(&native)?);
        of_wasm.push(wasm_millis(&node, &wasm)?);
    }
    step.done(&format!("{ROUNDS} rounds of {ORDERS} orders"));
    let each = |millis: f64| millis * 1_000_000.0 / ORDERS;
    let (native_ns, wasm_ns) = (each(middle(of_native)), each(middle(of_wasm)));
    let figures = Figures { native_ns, wasm_ns, ratio: wasm_ns / native_ns };
    println!();
    ui::table(
        &["reserve + release, 3 lines", "ns"],
        &[
            vec!["machine code".into(), format!("{native_ns:.0}")],
            vec!["WebAssembly in Node".into(), format!("{wasm_ns:.0}")],
        ],
    );
    println!("  WebAssembly takes {:.2} times as long; both in the profile that ships", figures.ratio);
    super::write("core", &figures)
}

fn build(target: &[&str]) -> Outcome {
    let mut cargo = run::cargo();
    cargo.args(["build", "--release", "--package", "oms-core", "--example", EXAMPLE]).args(target);
    run::step(&format!("building the example {EXAMPLE} {}", target.last().unwrap_or(&"")), &mut cargo)
}

/// The whole process: its start is a thousandth of its work.
fn native_millis(program: &Path) -> Outcome<f64> {
    let started = Instant::now();
    let status = Command::new(program).status().with_context(|| format!("cannot start {}", program.display()))?;
    ensure!(status.success(), "{}: {status}", program.display());
    Ok(started.elapsed().as_secs_f64() * 1_000.0)
}

fn wasm_millis(node: &Path, module: &Path) -> Outcome<f64> {
    Ok(run::capture(Command::new(node).args(["-e", TIMED]).arg(module))?.parse()?)
}

fn middle(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
