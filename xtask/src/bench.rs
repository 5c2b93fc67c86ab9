//! `cargo xtask bench`: figures against the built Worker on workerd, as tables and as JSON in `target/bench`.

mod batch;
mod contention;
mod core;
mod edge;
mod load;
mod promise;
mod routing;
mod till;
mod wire;

use std::fs;

use anyhow::bail;
use serde::Serialize;

use crate::{Outcome, build, paths, tools, ui};

const USAGE: &str = "\
cargo xtask bench <name>

  edge         placing orders and reading availability, beside a bare Durable Object in the same workerd
               [--topology N] [--requests N] [--rounds N]
  core         reserving and releasing in memory, as machine code and as WebAssembly
  promise      finding a day, taking it and booking a receipt: the tree of a hot SKU beside a plain list
  routing      the optimizer against HiGHS, the OR-Library, simple rules and itself as WebAssembly; needs python3
               [--instances N] [--trade N] [--real N]
  batch        open orders routed together, beside each routed exactly as it came
  till         sales without a network, a catalog of 20,000 items, cold starts, in Chromium
               [--sales N] [--items N]
  contention   more buyers than goods: what is sold, what leaks, who is refused for nothing
";

pub fn command(mut parser: lexopt::Parser) -> Outcome {
    let Some(lexopt::Arg::Value(name)) = parser.next()? else {
        print!("{USAGE}");
        return Ok(());
    };
    match name.to_string_lossy().as_ref() {
        "edge" => edge::run(parser),
        "core" => self::core::run(parser),
        "promise" => promise::run(parser),
        "routing" => routing::run(parser),
        "batch" => batch::run(parser),
        "till" => till::run(parser),
        "contention" => contention::run(parser),
        other => bail!("there is no benchmark `{other}`\n\n{USAGE}"),
    }
}

/// The Worker as it stands in the tree.
fn build_worker() -> Outcome {
    build::worker(&tools::ensure()?)
}

/// Writes what was measured to `target/bench/{name}.json`.
fn write(name: &str, figures: &impl Serialize) -> Outcome {
    let folder = paths::target().join("bench");
    fs::create_dir_all(&folder)?;
    let file = folder.join(format!("{name}.json"));
    fs::write(&file, serde_json::to_string_pretty(figures)?)?;
    ui::note(&format!("written to target/bench/{name}.json"));
    Ok(())
}
