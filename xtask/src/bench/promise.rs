//! Promising from the timeline of one SKU: find the day, take it, book a receipt; the tree beside the plain list, as machine
//! code and as WebAssembly, in one run. And whole orders with all that is told about them.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context as _, ensure};
use serde::Serialize;

use crate::tools::WASM;
use crate::{Outcome, paths, run, tools, ui};

/// `crates/oms-core/examples/promise.rs`: its cases in order, and the rounds of each.
const EXAMPLE: &str = "promise";
const BUCKETS: [u32; 3] = [128, 512, 4_096];
const TREE_ROUNDS: f64 = 1_000_000.0;
const LIST_ROUNDS: f64 = 50_000.0;
/// Orders of ten lines, ten locations by two services, and the case that promises them.
const ORDERS: f64 = 200.0;
const ORDER_CASE: usize = BUCKETS.len() * 2;
const REPEATS: usize = 5;
/// What is asked of the tree at [`JUDGED`] buckets as machine code, in nanoseconds.
const LIMIT_NS: f64 = 250.0;
const JUDGED: u32 = 512;
/// A tree is worth its code while it is so many times as fast as the plain list there, in the same run.
const LEAST_RATIO: f64 = 4.0;
/// Calls `main` once per case, twice over: the first time compiles and is not counted.
const TIMED: &str = "
const { readFileSync } = require('node:fs');
const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(process.argv[1])), {});
const run = () => Array.from({ length: 7 }, () => {
  const started = performance.now();
  exports.main(0, 0);
  return performance.now() - started;
});
run();
console.log(run().join(' '));
";

#[derive(Serialize)]
struct Figures {
    /// Nanoseconds of one promise, one commitment and one receipt together.
    rows: Vec<Row>,
    limit_ns: f64,
    /// Microseconds of a whole order.
    order_native_us: f64,
    order_wasm_us: f64,
}

#[derive(Serialize)]
struct Row {
    buckets: u32,
    tree_native_ns: f64,
    tree_wasm_ns: f64,
    list_native_ns: f64,
    list_wasm_ns: f64,
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
    let cases = ORDER_CASE + 1;
    let (mut of_native, mut of_wasm) = (vec![Vec::new(); cases], vec![Vec::new(); cases]);
    let mut step = ui::Step::start("promise, take, receive");
    for round in 0..REPEATS {
        step.tick(&format!("round {round} of {REPEATS}"));
        let idle = native_millis(&native, None)?;
        for (case, times) in of_native.iter_mut().enumerate() {
            times.push((native_millis(&native, Some(case))? - idle).max(0.0));
        }
        for (times, millis) in of_wasm.iter_mut().zip(wasm_millis(&node, &wasm)?) {
            times.push(millis);
        }
    }
    step.done(&format!("{REPEATS} rounds"));
    let figures = figures(of_native, of_wasm);
    print(&figures);
    super::write("promise", &figures)?;
    let judged = figures.rows.iter().find(|row| row.buckets == JUDGED).context("the judged row was measured")?;
    let ratios = [judged.list_native_ns / judged.tree_native_ns, judged.list_wasm_ns / judged.tree_wasm_ns];
    ensure!(
        ratios.iter().all(|ratio| *ratio >= LEAST_RATIO),
        "the tree is only {ratios:.1?} times as fast as the list"
    );
    Ok(())
}

fn figures(of_native: Vec<Vec<f64>>, of_wasm: Vec<Vec<f64>>) -> Figures {
    let native: Vec<f64> = of_native.into_iter().map(middle).collect();
    let wasm: Vec<f64> = of_wasm.into_iter().map(middle).collect();
    let each = |millis: f64, rounds: f64| millis * 1_000_000.0 / rounds;
    let row = |(at, buckets): (usize, u32)| Row {
        buckets,
        tree_native_ns: each(native[2 * at], TREE_ROUNDS),
        tree_wasm_ns: each(wasm[2 * at], TREE_ROUNDS),
        list_native_ns: each(native[2 * at + 1], LIST_ROUNDS),
        list_wasm_ns: each(wasm[2 * at + 1], LIST_ROUNDS),
    };
    Figures {
        rows: BUCKETS.into_iter().enumerate().map(row).collect(),
        limit_ns: LIMIT_NS,
        order_native_us: each(native[ORDER_CASE], ORDERS) / 1_000.0,
        order_wasm_us: each(wasm[ORDER_CASE], ORDERS) / 1_000.0,
    }
}

fn print(figures: &Figures) {
    let cell = |nanos: f64| format!("{nanos:.0}");
    let lines: Vec<Vec<String>> = figures
        .rows
        .iter()
        .map(|row| {
            let times = [row.tree_native_ns, row.tree_wasm_ns, row.list_native_ns, row.list_wasm_ns];
            core::iter::once(row.buckets.to_string()).chain(times.map(cell)).collect()
        })
        .collect();
    println!();
    ui::table(&["buckets", "tree, ns", "tree in wasm, ns", "list, ns", "list in wasm, ns"], &lines);
    println!("  one promise, one commitment and one receipt together, in the profile that ships");
    if let Some(row) = figures.rows.iter().find(|row| row.buckets == JUDGED) {
        let verdict = if row.tree_native_ns <= LIMIT_NS { "within" } else { "OVER" };
        println!("  {JUDGED} buckets: {:.0} ns, {verdict} the {LIMIT_NS:.0} ns asked for", row.tree_native_ns);
    }
    println!(
        "  a whole order, ten lines over ten locations and two services each, with binds and alternates: {:.0} us, in wasm {:.0} us",
        figures.order_native_us, figures.order_wasm_us
    );
}

fn build(target: &[&str]) -> Outcome {
    let mut cargo = run::cargo();
    cargo.args(["build", "--release", "--package", "oms-core", "--example", EXAMPLE]).args(target);
    run::step(&format!("building the example {EXAMPLE} {}", target.last().unwrap_or(&"")), &mut cargo)
}

/// The whole process; without a case, only its start, which is taken off.
fn native_millis(program: &Path, case: Option<usize>) -> Outcome<f64> {
    let mut command = Command::new(program);
    command.arg(case.map_or_else(|| "idle".to_owned(), |case| case.to_string()));
    let started = Instant::now();
    let status = command.status().with_context(|| format!("cannot start {}", program.display()))?;
    ensure!(status.success(), "{}: {status}", program.display());
    Ok(started.elapsed().as_secs_f64() * 1_000.0)
}

fn wasm_millis(node: &Path, module: &Path) -> Outcome<Vec<f64>> {
    let printed = run::capture(Command::new(node).args(["-e", TIMED]).arg(module))?;
    Ok(printed.split_whitespace().map(str::parse).collect::<Result<_, _>>()?)
}

fn middle(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
