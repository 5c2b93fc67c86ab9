//! The optimizer, as machine code and as WebAssembly, in processes of its own.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;
use oms_core::optimizer::Problem;
use serde::Deserialize;

use crate::tools::WASM;
use crate::{Outcome, paths, run};

const EXAMPLE: &str = "route";
/// Orders that the example draws and solves by itself.
pub const DRAWN: f64 = 400.0;
/// Runs the module's `main` so many times and prints the milliseconds of the fastest, and the number that it left behind its mark.
const TIMED: &str = "
const { readFileSync } = require('node:fs');
const module = new WebAssembly.Module(readFileSync(process.argv[1]));
let exported;
let best = Infinity;
for (let round = 0; round < 4; round += 1) {
  exported = new WebAssembly.Instance(module, {}).exports;
  const started = performance.now();
  exported.main(0, 0);
  if (round > 0) best = Math.min(best, performance.now() - started);
}
const words = new BigUint64Array(exported.memory.buffer);
const at = words.findIndex((word, at) => word === 0x6573746962612e31n && words[at + 1] === 0x726f757465732e31n);
console.log(`${best} ${at < 0 ? 'none' : words[at + 2]}`);
";

/// What one problem came to.
#[derive(Debug, Deserialize)]
pub struct Solved {
    pub cost: i64,
    pub lower_bound: i64,
    pub root_bound: i64,
    pub proven: bool,
    pub nanos: u64,
}

impl Solved {
    pub fn millis(&self) -> f64 {
        self.nanos as f64 / 1_000_000.0
    }

    /// Percent of the cost that a better plan could save at most.
    pub fn gap(&self) -> f64 {
        if self.cost <= 0 { 0.0 } else { (self.cost - self.lower_bound) as f64 * 100.0 / self.cost as f64 }
    }
}

/// Builds the example for speed; `ship` builds it as it ships, for size.
pub fn build(ship: bool, wasm: bool) -> Outcome<PathBuf> {
    let profile = if ship { "release" } else { "bench" };
    let mut cargo = run::cargo();
    cargo.args(["build", "--profile", profile, "--package", "oms-core", "--example", EXAMPLE]);
    if wasm {
        cargo.args(["--target", WASM]);
    }
    let kind = if wasm { "WebAssembly" } else { "machine code" };
    run::step(&format!("building the example {EXAMPLE} as {kind}, profile {profile}"), &mut cargo)?;
    let folder = if wasm { paths::target().join(WASM) } else { paths::target() };
    let name = if wasm { format!("{EXAMPLE}.wasm") } else { EXAMPLE.to_owned() };
    // Both profiles build into the same place: each result is put aside.
    let aside = paths::scratch("routing");
    std::fs::create_dir_all(&aside)?;
    let aside = aside.join(format!("{profile}-{name}"));
    std::fs::copy(folder.join("release").join("examples").join(&name), &aside)?;
    Ok(aside)
}

/// Solves the problems, written to a file of that name.
pub fn solve(program: &Path, name: &str, problems: &[Problem]) -> Outcome<Vec<Solved>> {
    let rows = run::capture(Command::new(program).arg(write(name, problems)?))?;
    rows.lines().map(|row| serde_json::from_str(row).context("a row of the example")).collect()
}

/// Writes problems to a file under the target directory.
pub fn write(name: &str, problems: &[Problem]) -> Outcome<PathBuf> {
    let folder = paths::scratch("routing");
    std::fs::create_dir_all(&folder)?;
    let file = folder.join(format!("{name}.json"));
    std::fs::write(&file, serde_json::to_string(problems)?)?;
    Ok(file)
}

/// Milliseconds of the fastest of some runs over the drawn orders, and the number made of all answers.
pub fn native(program: &Path) -> Outcome<(f64, String)> {
    let mut best = f64::INFINITY;
    let mut number = String::new();
    for _ in 0..4 {
        let started = std::time::Instant::now();
        number = run::capture(&mut Command::new(program))?;
        best = best.min(started.elapsed().as_secs_f64() * 1_000.0);
    }
    Ok((best, number))
}

pub fn wasm(node: &Path, module: &Path) -> Outcome<(f64, String)> {
    let told = run::capture(Command::new(node).args(["-e", TIMED]).arg(module))?;
    let (millis, number) = told.split_once(' ').context("milliseconds and a number")?;
    Ok((millis.parse()?, number.to_owned()))
}
