//! `cargo xtask`: the commands of the repository. Run it without arguments for the list.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::std_instead_of_core,
    clippy::std_instead_of_alloc,
    clippy::missing_panics_doc,
    clippy::wildcard_enum_match_arm,
    unreachable_pub,
    missing_debug_implementations,
    reason = "a host tool: a crash with a message is the right answer to a broken checkout"
)]

mod build;
mod paths;
mod run;
mod tools;
mod ui;

use std::process::ExitCode;

/// What a command comes to. An error is shown with everything that led to it.
pub type Outcome<T = ()> = anyhow::Result<T>;

const USAGE: &str = "\
cargo xtask <command>

  dev            install, build, start on 127.0.0.1:8787 with demo data   [--port N] [--fresh] [--no-demo]
  test [part]    everything a contribution must pass; `test wasm` only the wasm tests
  check          formatting, lints, no_std, tidiness, stale files, licenses
  build [what]   the products: worker, browser
  tools          only install what is missing
";

fn main() -> ExitCode {
    match command() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn command() -> anyhow::Result<()> {
    let mut parser = lexopt::Parser::from_env();
    let Some(lexopt::Arg::Value(name)) = parser.next()? else {
        print!("{USAGE}");
        return Ok(());
    };
    match name.to_string_lossy().as_ref() {
        "build" => build::command(parser),
        "tools" => tools::ensure().map(|_| ()),
        other => anyhow::bail!("there is no command `{other}`\n\n{USAGE}"),
    }
}
