//! HiGHS, the yardstick: an open solver of mixed integer programs, from the Python package index into an environment of its own.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail, ensure};
use serde::Deserialize;

use crate::{Outcome, paths, run, ui};

/// The version that is compared with.
const PACKAGES: [&str; 2] = ["highspy==1.15.1", "numpy"];
const PROGRAM: &str = include_str!("highs.py");

#[derive(Debug, Deserialize)]
pub struct Solved {
    pub cost: i64,
    pub seconds: f64,
    /// Whether it finished within a minute.
    pub optimal: bool,
}

/// The Python of an environment that has HiGHS; made under the target directory when it is not there.
pub fn python() -> Outcome<PathBuf> {
    let home = paths::scratch("highs");
    let (python, done) = (home.join("bin").join("python"), home.join("installed"));
    if done.is_file() {
        return Ok(python);
    }
    let works =
        Command::new("python3").args(["-c", "import venv"]).output().is_ok_and(|output| output.status.success());
    if !works {
        bail!("the routing bench compares with HiGHS, which it runs from Python: install python3 with its module venv");
    }
    run::step("making a Python environment", Command::new("python3").args(["-m", "venv"]).arg(&home))?;
    run::step("installing HiGHS", Command::new(&python).args(["-m", "pip", "install", "--quiet"]).args(PACKAGES))?;
    std::fs::write(done, PACKAGES.join("\n"))?;
    Ok(python)
}

/// Solves the problems of a file, one after another.
pub fn solve(python: &Path, problems: &Path, count: usize) -> Outcome<Vec<Solved>> {
    let mut step = ui::Step::start(format!("HiGHS on {count} problems, one thread, no gap"));
    let mut child =
        Command::new(python).args(["-c", PROGRAM]).arg(problems).stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
    let mut solved = Vec::with_capacity(count);
    for row in BufReader::new(child.stdout.take().context("the output is piped")?).lines() {
        solved.push(serde_json::from_str(&row?)?);
        step.tick(&format!("{} of {count}", solved.len()));
    }
    let status = child.wait()?;
    ensure!(status.success() && solved.len() == count, "HiGHS stopped after {} of {count}: {status}", solved.len());
    step.done("");
    Ok(solved)
}
