//! What a newcomer does: starts Estiba, tries the lines that are printed, looks at the pages, stops it and starts it again.

use super::report::Report;
use crate::dev::{self, Server};
use crate::tools::{self, Chromium, Tools};
use crate::{build, demo, paths, run, ui};
use anyhow::{Context, Result, ensure};
use oms_tests::edge::{Client, DEVELOPMENT_KEY};
use serde_json::Value;
use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

/// A second start has nothing to build and nothing to load. Promised are seconds; a busy machine gets more.
const SECOND_START: Duration = Duration::from_secs(20);
/// The orders of the demo and the one that is tried.
const TRIED_AND_DEMO: u64 = demo::ORDERS as u64 + 1;
/// The index is told within this, also on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(200);

pub fn dev(report: &mut Report) -> Result<()> {
    let tools = tools::ensure()?;
    build::worker(&tools)?;
    build::whatif(&tools)?;
    build::pos(&tools)?;
    let chromium = tools::install_chromium()?;
    dev::write_development_key()?;
    // What is stored under `cargo xtask dev` is the developer's.
    let state = paths::scratch("dev-state");
    if state.exists() {
        fs::remove_dir_all(&state)?;
    }
    let orders = first_start(report, &tools, &chromium, &state)?;
    second_start(report, &tools, &state, orders)
}

/// Starts it with demo data, and tries everything. How many orders there are in the end.
fn first_start(report: &mut Report, tools: &Tools, chromium: &Chromium, state: &Path) -> Result<u64> {
    let began = Instant::now();
    let server = Server::start(tools, free_port()?, state, &AtomicBool::new(false))?;
    let base = server.base_url();
    dev::load_demo(&base)?;
    report.check("starts with demo data", true, began.elapsed());
    for (at, line) in dev::guide::lines(&base).iter().enumerate() {
        let tried = tried(line);
        if let Err(error) = &tried {
            println!("  line {}: {error:#}", at + 1);
        }
        report.check(&format!("line {} to try works as printed", at + 1), tried.is_ok(), Duration::ZERO);
    }
    let mut pages = Command::new(tools.node_folder.join("node"));
    pages.current_dir(paths::root()).args(["--test", "--test-reporter=tap", "tests/page/landing.mjs"]);
    pages.env("CHROME", &chromium.browser).env("ESTIBA_URL", &base);
    let what = "the pages as they are served, in Chromium";
    report.node_tests(what, &run::outcome(what, &mut pages)?);
    let orders = orders(&base)?;
    server.stop()?;
    Ok(orders)
}

/// What was stored is there again, soon, and is not loaded twice.
fn second_start(report: &mut Report, tools: &Tools, state: &Path, stored: u64) -> Result<()> {
    let began = Instant::now();
    let server = Server::start(tools, free_port()?, state, &AtomicBool::new(false))?;
    let took = began.elapsed();
    dev::load_demo(&server.base_url())?;
    let found = orders(&server.base_url())?;
    server.stop()?;
    ui::note(&format!("second start in {}, {found} orders of {stored}", ui::seconds(took)));
    report.check("starts a second time within seconds", took < SECOND_START, took);
    report.check("what was stored is there, once", found == stored && stored == TRIED_AND_DEMO, Duration::ZERO);
    Ok(())
}

/// A line as it is printed, in a shell. It answers JSON with something in it.
fn tried(line: &str) -> Result<()> {
    let text = run::capture(Command::new("sh").args(["-c", line]))?;
    let answer: Value = serde_json::from_str(&text).with_context(|| format!("no JSON: {text}"))?;
    let fine = answer["data"].as_array().is_some_and(|data| !data.is_empty()) || answer["status"] == "allocated";
    ensure!(fine, "{text}");
    Ok(())
}

/// How many orders the index counts, once it counts the demo's: it is told a second later.
fn orders(base: &str) -> Result<u64> {
    let client = Client::new(base, Some(DEVELOPMENT_KEY));
    let asked = Instant::now();
    loop {
        let stats = client.get("/v1/stats")?.json();
        let counts = stats["orders"].as_object().with_context(|| format!("no orders in {stats}"))?;
        let count: u64 = counts.values().filter_map(Value::as_u64).sum();
        if count >= TRIED_AND_DEMO || asked.elapsed() > PATIENCE {
            return Ok(count);
        }
        std::thread::sleep(POLL);
    }
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}
