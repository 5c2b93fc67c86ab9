//! The tools of the repository, installed only when missing: Rust targets, two compiled tools in a per-user cache keyed by
//! version, npm packages keyed by their lock file, and a browser for the browser tests.

mod chromium;
mod lock;
mod npm;

use crate::{paths, run, ui};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

pub use chromium::{Chromium, install as install_chromium};

/// Builds the Worker bundle. Newer releases may want a newer `worker` crate: raise both together.
const WORKER_BUILD: &str = "0.8.7";
/// What the products are compiled for.
pub const WASM: &str = "wasm32-unknown-unknown";
/// A target without a standard library: what compiles for it needs none.
pub const BARE: &str = "wasm32v1-none";

/// Paths of what the builds and tests call.
pub struct Tools {
    pub worker_build: PathBuf,
    pub wasm_bindgen: PathBuf,
    pub wasm_bindgen_test_runner: PathBuf,
    pub wasm_opt: PathBuf,
    pub esbuild: PathBuf,
    pub node_folder: PathBuf,
}

/// Only what checking needs: the targets to check for.
pub fn ensure_rust() -> Result<()> {
    let _one_at_a_time = lock::take(&paths::cache().join("install.lock"))?;
    rust_targets()
}

/// Finds every tool and installs what is missing. Takes no time when nothing is.
pub fn ensure() -> Result<Tools> {
    let _one_at_a_time = lock::take(&paths::cache().join("install.lock"))?;
    rust_targets()?;
    npm::ensure()?;
    let worker_build = compiled("worker-build", WORKER_BUILD)?;
    let wasm_bindgen = compiled("wasm-bindgen-cli", &locked_version("wasm-bindgen")?)?;
    Ok(Tools {
        worker_build: worker_build.join("worker-build"),
        wasm_bindgen: wasm_bindgen.join("wasm-bindgen"),
        wasm_bindgen_test_runner: wasm_bindgen.join("wasm-bindgen-test-runner"),
        wasm_opt: paths::node_bin("wasm-opt"),
        esbuild: paths::node_bin("esbuild"),
        node_folder: paths::root().join("node_modules/node/bin"),
    })
}

impl Tools {
    /// `PATH` with our Node first: wrangler and wasm-opt are Node programs and the machine's own may be too old.
    pub fn path_variable(&self) -> Result<std::ffi::OsString> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(self.node_folder.clone()).chain(std::env::split_paths(&path));
        Ok(std::env::join_paths(folders)?)
    }
}

/// The version Cargo.lock pins for a package: wasm-bindgen's command must match the library to the patch.
pub fn locked_version(package: &str) -> Result<String> {
    let lock = fs::read_to_string(paths::root().join("Cargo.lock")).context("Cargo.lock")?;
    let entry = format!("[[package]]\nname = \"{package}\"\nversion = \"");
    let version = lock.split(&entry).nth(1).and_then(|rest| rest.split('"').next());
    version.map(str::to_owned).with_context(|| format!("Cargo.lock has no package {package}"))
}

fn rust_targets() -> Result<()> {
    let sysroot =
        PathBuf::from(run::capture(Command::new("rustc").args(["--print", "sysroot"]).current_dir(paths::root()))?);
    let missing: Vec<&str> = [WASM, BARE]
        .into_iter()
        .filter(|target| !sysroot.join("lib/rustlib").join(target).join("lib").is_dir())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let rustup_works = Command::new("rustup").arg("--version").output().is_ok_and(|output| output.status.success());
    if !rustup_works {
        bail!(
            "this Rust toolchain lacks {}; install them, or use rustup, which does it by itself",
            missing.join(" and ")
        );
    }
    run::step("adding Rust targets", Command::new("rustup").args(["target", "add"]).args(&missing))
}

/// The folder with a tool's programs, compiled into the cache when it is not there.
fn compiled(package: &str, version: &str) -> Result<PathBuf> {
    let home = paths::cache().join("tools").join(format!("{package}-{version}"));
    // Cargo writes this file last; a folder without it is the rest of an interrupted install.
    if !home.join(".crates.toml").is_file() {
        fs::create_dir_all(&home)?;
        ui::note(&format!("{package} {version} is compiled once per user, into {}", home.display()));
        install(package, version, &home)?;
    }
    Ok(home.join("bin"))
}

fn install(package: &str, version: &str, home: &Path) -> Result<()> {
    let attempt = |locked: bool| {
        // Compiled apart from the workspace, whose target directory may be another's and is often cleaned.
        let mut command = run::cargo();
        command.current_dir(home).env_remove("CARGO_TARGET_DIR").args([
            "install",
            package,
            "--version",
            version,
            "--root",
        ]);
        command.arg(home);
        if locked {
            command.arg("--locked");
        }
        command
    };
    let first = run::outcome(&format!("compiling {package} {version}"), &mut attempt(true))?;
    if first.status.success() {
        return Ok(());
    }
    // A release's own lock file can name a version that was yanked since. Its manifest still holds.
    if first.output.contains("failed to select a version") {
        return run::step(&format!("compiling {package} {version} with newer dependencies"), &mut attempt(false));
    }
    run::print_end(&first.output);
    bail!("cargo install {package} {version}: {}; the whole log is {}", first.status, first.log.display())
}
