//! `cargo xtask dev`: the whole product on this machine, with real goods and orders in it.

pub mod guide;
mod server;

use crate::{build, demo, paths, tools, ui};
use anyhow::{Context, Result};
use oms_tests::edge::{Client, DEVELOPMENT_KEY, DEVELOPMENT_TOPOLOGY, development_keys};
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

pub use server::Server;

const DEFAULT_PORT: u16 = 8787;
/// How soon Ctrl-C is noticed.
const POLL: Duration = Duration::from_millis(100);

struct Options {
    port: u16,
    fresh: bool,
    demo: bool,
}

pub fn command(mut parser: lexopt::Parser) -> Result<()> {
    let mut options = Options { port: DEFAULT_PORT, fresh: false, demo: true };
    while let Some(argument) = parser.next()? {
        match argument {
            lexopt::Arg::Long("port") => options.port = parser.value()?.to_string_lossy().parse().context("--port")?,
            lexopt::Arg::Long("fresh") => options.fresh = true,
            lexopt::Arg::Long("no-demo") => options.demo = false,
            other => return Err(other.unexpected().into()),
        }
    }
    run(&options)
}

fn run(options: &Options) -> Result<()> {
    let began = Instant::now();
    let stop = Arc::new(AtomicBool::new(false));
    server::require_free(options.port)?;
    let tools = tools::ensure()?;
    build::worker(&tools)?;
    build::whatif(&tools)?;
    build::pos(&tools)?;
    if options.fresh && state().exists() {
        fs::remove_dir_all(state())?;
        ui::note("forgot everything that was stored");
    }
    write_development_key()?;
    // From here on Ctrl-C must reach wrangler, which has a process group of its own. Before, it ends us as usual.
    let asked_to_stop = Arc::clone(&stop);
    ctrlc::set_handler(move || asked_to_stop.store(true, Ordering::SeqCst))?;
    let mut server = Server::start(&tools, options.port, &state(), &stop)?;
    if options.demo && !stop.load(Ordering::SeqCst) {
        load_demo(&server.base_url())?;
    }
    if !stop.load(Ordering::SeqCst) {
        server.skip_lines();
        let till = if options.demo { Some(demo::till_code(&server.base_url(), DEVELOPMENT_KEY)?) } else { None };
        guide::print(&server.base_url(), till.as_deref(), began.elapsed());
    }
    while !stop.load(Ordering::SeqCst) {
        server.check_alive()?;
        server.show_new_lines();
        std::thread::sleep(POLL);
    }
    server.stop()?;
    println!("stopped; what was stored is kept in .wrangler/state");
    Ok(())
}

/// Only once: what is stored stays stored over starts.
pub fn load_demo(base_url: &str) -> Result<()> {
    let stats = Client::new(base_url, Some(DEVELOPMENT_KEY)).get("/v1/stats")?;
    if stats.status == 200 && stats.json()["skus"].as_u64().unwrap_or(0) > 0 {
        ui::note("the demo data is there already (--fresh starts over)");
        return Ok(());
    }
    demo::load(base_url, DEVELOPMENT_KEY)
}

/// Wrangler reads local variables from this file; a deployment never does, so the known key opens nothing in production.
pub fn write_development_key() -> Result<()> {
    let file = paths::root().join(".dev.vars");
    let text = format!("ESTIBA_KEYS='{}'\n", development_keys(DEVELOPMENT_TOPOLOGY));
    if fs::read_to_string(&file).is_ok_and(|current| current.contains("ESTIBA_KEYS=")) {
        return Ok(());
    }
    fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))
}

fn state() -> PathBuf {
    paths::root().join(".wrangler").join("state")
}
