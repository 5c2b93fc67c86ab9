//! Everything a contribution must pass, part by part, and one sum at the end.

mod newcomer;
mod parts;
pub mod pos;
mod report;
mod wasm;

use crate::{capabilities, ui};
use anyhow::{Result, bail};
use report::Report;

pub use parts::{NO_STD, WASM_ONLY};

/// In this order, so that what is told quickly is told first and the host tests find the Worker built. A part fills in its row of the report; it fails as a whole only when it cannot be run at all.
type Part = fn(&mut Report) -> Result<()>;

const PARTS: [(&str, &str, Part); 7] = [
    ("core", "the core without a standard library", parts::bare),
    ("build", "the products and their size", parts::products),
    ("host", "unit, property and simulation tests; stories in memory and on the built Worker", parts::host),
    ("wasm", "the core and the browser crate in Node and Chromium", wasm::both),
    ("dev", "the first minutes of a newcomer: `cargo xtask dev`, what it prints, a second start", newcomer::dev),
    ("pos", "the till's app in Chromium, before the built Worker", pos::till),
    ("edge", "the built Worker on workerd, seen from outside and killed", parts::edge),
];

pub fn command(mut parser: lexopt::Parser) -> Result<()> {
    let mut wanted: Vec<String> = Vec::new();
    while let Some(argument) = parser.next()? {
        match argument {
            lexopt::Arg::Value(value) => wanted.push(value.to_string_lossy().into_owned()),
            other => return Err(other.unexpected().into()),
        }
    }
    if let Some(unknown) = wanted.iter().find(|name| PARTS.iter().all(|(part, ..)| part != name)) {
        let names = PARTS.map(|(name, ..)| name).join(", ");
        bail!("there is no part `{unknown}`; the parts are {names}");
    }
    let parts = PARTS.iter().filter(|(name, ..)| wanted.is_empty() || wanted.iter().any(|wanted| wanted == name));
    let mut report = Report::default();
    for (name, what, part) in parts {
        ui::heading(&format!("{name}: {what}"));
        if let Err(error) = part(&mut report) {
            println!("  error: {error:#}");
            report.broken(name);
        }
    }
    if wanted.is_empty() {
        let missing = capabilities::not_passed(&report.passed_names)?;
        missing.iter().for_each(|scenario| println!("  capability scenario without a passing test: {scenario}"));
        report.check("every capability's scenario has passed", missing.is_empty(), std::time::Duration::ZERO);
    }
    report.finish()
}
