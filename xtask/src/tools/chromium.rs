//! A Chromium and its driver for the browser tests: found, or installed where that is ours to do.

use crate::run;
use anyhow::{Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Names under which distributions ship the browser.
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

#[derive(Clone)]
pub struct Chromium {
    pub browser: PathBuf,
    pub driver: PathBuf,
}

/// `CHROME` and `CHROMEDRIVER` name them; else they are looked for on the path.
fn find() -> Option<Chromium> {
    let named = |variable: &str| std::env::var_os(variable).map(PathBuf::from).filter(|path| path.is_file());
    let browser = named("CHROME").or_else(|| BROWSERS.iter().find_map(|name| on_path(name)))?;
    let driver = named("CHROMEDRIVER").or_else(|| on_path("chromedriver"))?;
    Some(Chromium { browser, driver })
}

/// Finds them, or installs Debian's packages when we are root on such a system, or says what to install.
pub fn install() -> Result<Chromium> {
    if let Some(found) = find() {
        return Ok(found);
    }
    if nix::unistd::geteuid().is_root() && Path::new("/etc/debian_version").exists() && on_path("apt-get").is_some() {
        let mut update = Command::new("apt-get");
        run::step("reading Debian's package lists", update.arg("update").env("DEBIAN_FRONTEND", "noninteractive"))?;
        let mut install = Command::new("apt-get");
        install.args(["install", "--yes", "--no-install-recommends", "chromium", "chromium-driver"]);
        run::step("installing Chromium and its driver", install.env("DEBIAN_FRONTEND", "noninteractive"))?;
    }
    let Some(found) = find() else {
        bail!(
            "the browser tests need Chromium (or Chrome) and a chromedriver of the same version.\n\
             Debian, Ubuntu: sudo apt-get install chromium chromium-driver\n\
             Fedora:         sudo dnf install chromium chromedriver\n\
             Arch:           sudo pacman -S chromium\n\
             macOS:          brew install --cask google-chrome chromedriver\n\
             Elsewhere: put both on the PATH, or name them in CHROME and CHROMEDRIVER."
        );
    };
    Ok(found)
}

fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|candidate| candidate.is_file())
}
