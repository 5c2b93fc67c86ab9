//! The till in Chromium: many sales without a network and then the upload, as many with the tab killed while each is written, a
//! large catalog, a cold start.

use std::fs;

use anyhow::{Context as _, bail};
use oms_tests::edge::{Edge, EdgeOptions};
use serde_json::{Map, Value};

use crate::test::pos;
use crate::{Outcome, build, paths, run, tools, ui};

/// What is counted and timed, how it is called and what it is held to.
const ROWS: [(&str, &str, &str); 20] = [
    ("sales", "sales without a network", ""),
    ("hours", "hours they took on the till's clock", ""),
    ("lost", "lost", "0"),
    ("doubled", "doubled", "0"),
    ("variances", "differences from the edge's numbers", "0"),
    ("sale_ms", "a sale, scan to closed receipt, ms", ""),
    ("upload_ms", "all of them uploaded, ms", ""),
    ("killed", "sales in which the tab was killed", ""),
    ("killed_steps", "steps of a write at which it was", ""),
    ("killed_lost", "lost of these", "0"),
    ("killed_doubled", "doubled of these", "0"),
    ("killed_ms", "such a sale, with the tab opened again, ms", ""),
    ("items", "items of the catalog", ""),
    ("catalog_ms", "enrolled, signed in, catalog fetched, ms", ""),
    ("keystroke_p50_ms", "keystroke to result, median, ms", ""),
    ("keystroke_p99_ms", "keystroke to result, p99, ms", "16"),
    ("scan_p50_ms", "scan to line, median, ms", ""),
    ("scan_worst_ms", "scan to line, worst, ms", "50"),
    ("cold_start_worst_ms", "cold start without a network, worst, ms", "2000"),
    ("keystrokes", "keystrokes measured", ""),
];

pub fn run(mut parser: lexopt::Parser) -> Outcome {
    let (mut sales, mut killed, mut items) = ("500".to_owned(), "500".to_owned(), "20000".to_owned());
    while let Some(argument) = parser.next()? {
        match argument {
            lexopt::Arg::Long("sales") => sales = parser.value()?.to_string_lossy().into_owned(),
            lexopt::Arg::Long("killed") => killed = parser.value()?.to_string_lossy().into_owned(),
            lexopt::Arg::Long("items") => items = parser.value()?.to_string_lossy().into_owned(),
            other => return Err(other.unexpected().into()),
        }
    }
    let tools = tools::ensure()?;
    build::worker(&tools)?;
    build::pos(&tools)?;
    let chromium = tools::install_chromium()?;
    let edge = Edge::start(EdgeOptions::default()).map_err(anyhow::Error::msg)?;
    let folder = paths::target().join("bench");
    fs::create_dir_all(&folder)?;
    let file = folder.join("till.json");
    let mut suite = pos::node(&tools, &chromium, "figures", &edge);
    suite.env("ESTIBA_BENCH", "1");
    suite.env("ESTIBA_FIGURES", &file).env("ESTIBA_ITEMS", items);
    suite.env("ESTIBA_SALES", sales).env("ESTIBA_KILLED", killed);
    let outcome = run::outcome("the till's figures", &mut suite)?;
    let figures: Map<String, Value> =
        serde_json::from_str(&fs::read_to_string(&file).context("nothing was measured")?)?;
    let rows: Vec<Vec<String>> = ROWS
        .iter()
        .filter_map(|(key, what, most)| Some(vec![(*what).into(), figures.get(*key)?.to_string(), (*most).into()]))
        .collect();
    ui::table(&["figure", "measured", "at most"], &rows);
    if outcome.status.success() {
        return Ok(());
    }
    run::print_end(&outcome.output);
    bail!("a figure does not hold")
}
