//! The npm packages: `npm ci`, again only when a manifest or the lock file has changed.

use crate::{paths, run, ui};
use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// Older releases of Node run npm well enough, but not what npm brings.
const OLDEST_NODE: u32 = 20;

pub fn ensure() -> Result<()> {
    let key = key()?;
    if fs::read_to_string(stamp()).is_ok_and(|installed| installed == key) {
        return Ok(());
    }
    let version = run::capture(Command::new("node").arg("--version"))
        .context("Node is missing: install Node.js 20 or newer, with npm (https://nodejs.org)")?;
    let major: u32 =
        version.trim_start_matches('v').split('.').next().and_then(|major| major.parse().ok()).unwrap_or(0);
    if major < OLDEST_NODE {
        bail!("Node {version} is too old: install Node.js {OLDEST_NODE} or newer, with npm (https://nodejs.org)");
    }
    ui::note("npm packages: wrangler, workerd, wasm-opt and a Node that wrangler accepts (about 500 MB on disk)");
    // The engines of some packages want the very Node that this install brings: a warning would mislead.
    run::step(
        "installing npm packages",
        Command::new("npm").args(["ci", "--loglevel=error", "--no-audit", "--no-fund"]),
    )?;
    fs::write(stamp(), key)?;
    Ok(())
}

fn stamp() -> PathBuf {
    paths::root().join("node_modules").join(".estiba-installed")
}

fn key() -> Result<String> {
    let mut hash = Sha256::new();
    for name in ["package.json", "package-lock.json", ".npmrc"] {
        hash.update(fs::read(paths::root().join(name)).with_context(|| name.to_owned())?);
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}
