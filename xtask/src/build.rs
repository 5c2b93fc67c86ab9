//! The products: the Worker in `build/`, the till's and the back office's bundles in `www/pkg`, the till's app in `www/pos`. Built only when an input is newer.

mod fresh;

use crate::tools::{self, Tools, WASM};
use crate::{paths, run, ui};
use anyhow::{Context, Result, bail};
use fresh::Product;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Optimized for size as it is sent: a Worker's wasm is fetched and compiled on a cold start, a till's over a mobile network.
/// Compressed, functions that stay apart and stand beside their likes are an eighth smaller than inlined ones, though they
/// are a little larger before.
const OPTIMIZE: [&str; 3] = ["-Os", "--one-caller-inline-max-function-size=0", "--reorder-functions-by-name"];
/// What rustc and wasm-bindgen use, named one by one: `--all-features` may write encodings that no runtime reads yet.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-exception-handling",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

pub fn command(mut parser: lexopt::Parser) -> Result<()> {
    let what = match parser.next()? {
        None => None,
        Some(lexopt::Arg::Value(value)) => Some(value.to_string_lossy().into_owned()),
        Some(other) => return Err(other.unexpected().into()),
    };
    match what.as_deref() {
        None | Some("all") => all(),
        Some("worker") => worker(&tools::ensure()?),
        Some("browser") => browser(&tools::ensure()?),
        Some("whatif") => whatif(&tools::ensure()?),
        Some("pos") => pos(&tools::ensure()?),
        Some(other) => bail!("there is no product `{other}`: build [worker|browser|whatif|pos]"),
    }
}

pub fn all() -> Result<()> {
    let tools = tools::ensure()?;
    worker(&tools)?;
    whatif(&tools)?;
    pos(&tools)
}

/// `crates/oms-worker` as `build/index.js` and `build/index_bg.wasm`.
pub fn worker(tools: &Tools) -> Result<()> {
    let module = paths::worker().join("index_bg.wasm");
    let crates = ["oms-core", "oms-actors", "oms-api", "oms-door", "oms-worker"];
    let product = Product::new("worker", module.clone(), inputs(&crates));
    if product.is_fresh() {
        ui::note("the Worker is up to date");
        return Ok(());
    }
    product.build(|| {
        let mut build = Command::new(&tools.worker_build);
        build.current_dir(crate_folder("oms-worker"));
        build.args(["--release", "--no-opt", "--out-dir"]).arg(paths::worker());
        build.env("WASM_BINDGEN_BIN", &tools.wasm_bindgen).env("WASM_OPT_BIN", &tools.wasm_opt);
        build
            .env("ESBUILD_BIN", &tools.esbuild)
            .env("PATH", tools.path_variable()?)
            .env("CARGO_TERM_COLOR", "never")
            .env("RUST_BACKTRACE", "0");
        run::step("building the Worker", &mut build)?;
        optimize("the Worker", &module, tools)
    })
}

/// `crates/oms-browser`, the till's core.
pub fn browser(tools: &Tools) -> Result<()> {
    bundle("browser", "oms-browser", &["oms-core", "oms-api", "oms-js", "oms-browser"], tools)
}

/// `web/till`, the till's app around its core, as `www/pos`.
pub fn pos(tools: &Tools) -> Result<()> {
    browser(tools)?;
    let core = ["oms_browser.js", "oms_browser_bg.wasm"].map(|name| paths::browser().join(name));
    let sources = ["web/till", "www/icon.svg", "package-lock.json", "xtask/src/build.rs"];
    let sources = sources.map(|name| paths::root().join(name));
    let product = Product::new("pos", paths::pos().join("sw.js"), core.into_iter().chain(sources).collect());
    if product.is_fresh() {
        ui::note("the till's app is up to date");
        return Ok(());
    }
    product.build(|| {
        for project in ["web/till", "web/till/tsconfig.sw.json"] {
            let mut types = node_program(tools, "tsc")?;
            run::step(&format!("checking the types of {project}"), types.args(["--project", project]))?;
        }
        let mut bundle = node_program(tools, "vite")?;
        run::step("building the till's app", bundle.args(["build", "--config", "web/till/vite.config.mjs"]))
    })
}

/// A program that npm installed, run by the Node that npm installed.
fn node_program(tools: &Tools, name: &str) -> Result<Command> {
    let mut command = Command::new(paths::node_bin(name));
    command.current_dir(paths::root()).env("PATH", tools.path_variable()?).env("NO_COLOR", "1");
    Ok(command)
}

/// `crates/oms-whatif`, routing for the back office.
pub fn whatif(tools: &Tools) -> Result<()> {
    bundle("whatif", "oms-whatif", &["oms-core", "oms-api", "oms-js", "oms-whatif"], tools)
}

/// A crate as an ES module with its wasm in `www/pkg`.
fn bundle(product: &str, package: &str, crates: &[&str], tools: &Tools) -> Result<()> {
    let name = package.replace('-', "_");
    let module = paths::browser().join(format!("{name}_bg.wasm"));
    let product = Product::new(product, module.clone(), inputs(crates));
    if product.is_fresh() {
        ui::note(&format!("the bundle {package} is up to date"));
        return Ok(());
    }
    product.build(|| {
        let mut build = run::cargo();
        build.args(["build", "--release", "--package", package, "--target", WASM]);
        run::step(&format!("building {package}"), &mut build)?;
        let compiled = paths::target().join(WASM).join(format!("release/{name}.wasm"));
        let mut bind = Command::new(&tools.wasm_bindgen);
        bind.args(["--target", "web", "--out-dir"]).arg(paths::browser()).arg(compiled);
        run::step(&format!("binding {package}"), &mut bind)?;
        // What wasm-bindgen writes is for people to read; pages that no bundler builds fetch it as it is.
        let script = paths::browser().join(format!("{name}.js"));
        let mut minify = Command::new(&tools.esbuild);
        minify.args(["--minify", "--format=esm", "--log-level=warning", "--allow-overwrite"]).arg(&script);
        minify.arg(format!("--outfile={}", script.display()));
        run::step(&format!("minifying {package}"), &mut minify)?;
        optimize(package, &module, tools)
    })
}

/// Shrinks a module beside its place and then moves it there: a watcher never sees half a file.
fn optimize(what: &str, module: &Path, tools: &Tools) -> Result<()> {
    let smaller = module.with_extension("smaller");
    let mut optimize = Command::new(&tools.wasm_opt);
    optimize
        .args(OPTIMIZE)
        .args(FEATURES)
        .arg(module)
        .arg("--output")
        .arg(&smaller)
        .env("PATH", tools.path_variable()?);
    run::step(&format!("optimizing {what}"), &mut optimize)?;
    fs::rename(&smaller, module).with_context(|| format!("cannot replace {}", module.display()))
}

fn inputs(crates: &[&str]) -> Vec<PathBuf> {
    let manifests = ["Cargo.toml", "Cargo.lock", "package-lock.json", "rust-toolchain.toml", "xtask/src/build.rs"]
        .map(|name| paths::root().join(name));
    crates.iter().map(|name| crate_folder(name)).chain(manifests).collect()
}

fn crate_folder(name: &str) -> PathBuf {
    paths::root().join("crates").join(name)
}
