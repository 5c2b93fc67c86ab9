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
    clippy::cast_precision_loss,
    clippy::format_collect,
    clippy::needless_for_each,
    unreachable_pub,
    missing_debug_implementations,
    reason = "a host tool: a crash with a message is the right answer to a broken checkout"
)]

mod bench;
mod build;
mod capabilities;
mod check;
mod demo;
mod dev;
mod paths;
mod replay;
mod retail;
mod route;
mod run;
mod shop;
mod size;
mod test;
mod tools;
mod ui;
mod whatif;

use std::process::ExitCode;

/// What a command comes to. An error is shown with everything that led to it.
pub type Outcome<T = ()> = anyhow::Result<T>;

const USAGE: &str = "\
cargo xtask <command>

  dev            installs what is missing, builds, starts on 127.0.0.1:8787 with demo data
                 [--port N] another port, [--fresh] forget what is stored, [--no-demo] start empty
  test [part..]  everything a contribution must pass; parts: core build host wasm dev pos edge
  check          format, lints, no_std, tidiness, generated files, licenses
  build [what]   the products: worker, browser, whatif, pos
  replay         drives real invoices through the API of a running Estiba and audits what came of them
  route FILE     the cheapest way to ship an order, with its proof; `-` reads standard input
  bench [name]   figures, as tables and in target/bench/<name>.json
  size           builds and weighs the products; --parts tells whose code they are made of
  what-if        writes the demo day of the what-if page
  capabilities   writes docs/capabilities.md from the scenarios
  tools          only installs what is missing
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
        "dev" => dev::command(parser),
        "test" => test::command(parser),
        "check" => check::command(),
        "build" => build::command(parser),
        "replay" => replay::command(parser),
        "route" => route::command(parser),
        "bench" => bench::command(parser),
        "size" => size::command(parser),
        "what-if" => whatif::command(),
        "capabilities" => capabilities::command(),
        "tools" => tools::ensure().map(|_| ()),
        other => anyhow::bail!("there is no command `{other}`\n\n{USAGE}"),
    }
}
