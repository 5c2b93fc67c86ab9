//! The till's app in Chromium, before the built Worker on workerd.

use super::report::Report;
use crate::tools::{self, Chromium, Tools};
use crate::{build, paths, run};
use anyhow::Result;
use oms_tests::edge::{Edge, EdgeOptions};
use std::path::Path;
use std::process::Command;

/// What is told quickly first.
const SUITES: [(&str, &str); 6] = [
    ("parts", "the till's parts in Node"),
    ("story", "a day at the till in Chromium"),
    ("counter", "what a counter needs, in Chromium"),
    ("without", "a till that lacks something, in Chromium"),
    ("hard", "what a till lives through, in Chromium"),
    ("figures", "the till's figures, in Chromium"),
];

pub fn till(report: &mut Report) -> Result<()> {
    let tools = tools::ensure()?;
    build::worker(&tools)?;
    build::pos(&tools)?;
    let chromium = tools::install_chromium()?;
    for (suite, what) in SUITES {
        // Each on an edge of its own: what one leaves behind is nobody else's.
        let edge = Edge::start(EdgeOptions::default()).map_err(anyhow::Error::msg)?;
        let outcome = run::outcome(what, &mut node(&tools, &chromium, suite, &edge))?;
        report.node_tests(what, &outcome);
    }
    Ok(())
}

/// A suite of `tests/page/pos` against a running edge.
pub fn node(tools: &Tools, chromium: &Chromium, suite: &str, edge: &Edge) -> Command {
    let mut node = Command::new(tools.node_folder.join("node"));
    node.current_dir(paths::root()).args(["--test", "--test-reporter=tap"]);
    node.arg(Path::new("tests/page/pos").join(format!("{suite}.mjs")));
    node.env("CHROME", &chromium.browser).env("ESTIBA_URL", edge.base_url());
    node
}
