//! What must hold without running a test: format, lints, `no_std`, tidiness, fresh generated files, licenses.

mod licenses;
mod tidy;

use crate::test::{NO_STD, WASM_ONLY};
use crate::tools::{self, BARE, WASM};
use crate::{capabilities, run, ui};
use anyhow::{Result, bail};
use std::process::Command;

type Check = fn() -> Result<()>;

const CHECKS: [(&str, Check); 7] = [
    ("tidiness", tidy::check),
    ("format", format),
    ("generated files", capabilities::check_fresh),
    ("licenses", licenses::check),
    ("no_std", bare),
    ("lints on the host", lints_on_the_host),
    ("lints of wasm crates", lints_of_wasm_crates),
];

pub fn command() -> Result<()> {
    tools::ensure_rust()?;
    let mut failed = Vec::new();
    for (name, check) in CHECKS {
        match check() {
            Ok(()) => ui::note(&format!("{name}: holds")),
            Err(error) => {
                println!("  error: {name}: {error:#}");
                failed.push(name);
            }
        }
    }
    if failed.is_empty() {
        println!("\nall {} checks hold", CHECKS.len());
        return Ok(());
    }
    bail!("{} of {} checks do not hold: {}", failed.len(), CHECKS.len(), failed.join(", "))
}

fn format() -> Result<()> {
    run::step("cargo fmt", run::cargo().args(["fmt", "--all", "--check"]))
}

fn bare() -> Result<()> {
    let mut command = run::cargo();
    run::with_each(command.args(["check", "--target", BARE]), "--package", &NO_STD);
    run::step(&format!("check for {BARE}"), &mut command)
}

fn lints_on_the_host() -> Result<()> {
    let mut command = run::cargo();
    run::with_each(command.args(["clippy", "--workspace", "--all-targets"]), "--exclude", &WASM_ONLY);
    run::step("clippy on the host", deny_warnings(&mut command))
}

fn lints_of_wasm_crates() -> Result<()> {
    let mut command = run::cargo();
    run::with_each(command.args(["clippy", "--all-targets", "--target", WASM]), "--package", &WASM_ONLY);
    run::step("clippy of wasm crates", deny_warnings(&mut command))
}

fn deny_warnings(command: &mut Command) -> &mut Command {
    command.args(["--", "--deny", "warnings"])
}
