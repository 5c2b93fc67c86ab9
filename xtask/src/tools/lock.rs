//! One installation at a time, across clones and terminals.

use crate::ui;
use anyhow::{Context, Result};
use std::fs::{self, File};
use std::path::Path;
use std::time::Duration;

/// How often a waiting run looks again.
const POLL: Duration = Duration::from_millis(500);

/// Waits for the lock. It is given back when the file is dropped, also when the process dies.
pub fn take(path: &Path) -> Result<File> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    let file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
    if file.try_lock().is_ok() {
        return Ok(file);
    }
    let mut step = ui::Step::start("waiting for another run that installs tools");
    while file.try_lock().is_err() {
        step.tick("");
        std::thread::sleep(POLL);
    }
    step.done("");
    Ok(file)
}
