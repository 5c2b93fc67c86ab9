//! Whether a product is newer than everything it is made of.

use crate::paths;
use anyhow::Result;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// A product with its inputs. Folders are searched; their own time counts too, so that a deleted file makes it stale.
pub(super) struct Product {
    file: PathBuf,
    inputs: Vec<PathBuf>,
    /// Its time is when the last whole build began: what was edited during a build is newer.
    stamp: PathBuf,
}

impl Product {
    pub(super) fn new(name: &str, file: PathBuf, inputs: Vec<PathBuf>) -> Self {
        Self { file, inputs, stamp: paths::scratch(&format!("{name}.built")) }
    }

    pub(super) fn is_fresh(&self) -> bool {
        let Some(built) = modified(&self.stamp).filter(|_| self.file.is_file()) else { return false };
        self.inputs.iter().all(|input| newest(input).is_none_or(|changed| changed <= built))
    }

    /// Runs the whole build and remembers when it began.
    pub(super) fn build(&self, steps: impl FnOnce() -> Result<()>) -> Result<()> {
        let began = SystemTime::now();
        steps()?;
        if let Some(folder) = self.stamp.parent() {
            fs::create_dir_all(folder)?;
        }
        Ok(File::create(&self.stamp)?.set_modified(began)?)
    }
}

fn newest(path: &Path) -> Option<SystemTime> {
    let own = modified(path)?;
    let Ok(entries) = fs::read_dir(path) else { return Some(own) };
    entries.flatten().filter_map(|entry| newest(&entry.path())).chain([own]).max()
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|data| data.modified()).ok()
}
