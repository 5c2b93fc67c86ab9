//! The tests that run as wasm: the same binaries in Node and in headless Chromium; and the page that routes.

use super::report::Report;
use crate::tools::{self, Chromium, Tools, WASM};
use crate::{build, paths, run};
use anyhow::{Result, bail};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Crates with wasm tests.
const CRATES: [&str; 3] = ["oms-core", "oms-browser", "oms-whatif"];
/// Seconds a test binary may take in a browser; property tests as wasm on a busy machine need more than the runner's 20.
const SECONDS: &str = "180";
/// No sandbox and no shared memory: both fail in containers. No background networking: tests must not depend on a network.
const CHROMIUM_ARGUMENTS: [&str; 9] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
];

pub fn both(report: &mut Report) -> Result<()> {
    let tools = tools::ensure()?;
    let binaries = compile()?;
    for (name, binary) in &binaries {
        let mut node = runner(&tools, binary)?;
        node.env("WASM_BINDGEN_TEST_ONLY_NODE", "1");
        run_one(report, &format!("{name} in Node"), &mut node)?;
    }
    let chromium = tools::install_chromium()?;
    let webdriver = webdriver(&chromium)?;
    for (name, binary) in &binaries {
        let mut browser = runner(&tools, binary)?;
        browser.env("WASM_BINDGEN_USE_BROWSER", "1").env("WASM_BINDGEN_TEST_ONLY_WEB", "1");
        browser.env("CHROMEDRIVER", &chromium.driver).env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", &webdriver);
        run_one(report, &format!("{name} in Chromium"), &mut browser)?;
    }
    page(report, &tools, &chromium)
}

/// The what-if page and its bundle, in Node and in Chromium.
fn page(report: &mut Report, tools: &Tools, chromium: &Chromium) -> Result<()> {
    build::whatif(tools)?;
    let mut node = Command::new(tools.node_folder.join("node"));
    node.current_dir(paths::root()).args(["--test", "--test-reporter=tap", "tests/page/what_if.mjs"]);
    node.env("CHROME", &chromium.browser);
    let outcome = run::outcome("the what-if page", &mut node)?;
    report.node_tests("the what-if page in Node and Chromium", &outcome);
    Ok(())
}

fn run_one(report: &mut Report, what: &str, command: &mut Command) -> Result<()> {
    let outcome = run::outcome(what, command)?;
    // A binary may be for one of the two hosts only, or have no wasm test at all.
    let counts = outcome.output.contains("test result:") || !outcome.status.success();
    if counts {
        report.tests(what, &outcome);
    }
    Ok(())
}

fn runner(tools: &Tools, binary: &Path) -> Result<Command> {
    let mut command = Command::new(&tools.wasm_bindgen_test_runner);
    command.arg(binary).env("PATH", tools.path_variable()?).env("WASM_BINDGEN_TEST_TIMEOUT", SECONDS);
    Ok(command)
}

/// Test binaries by name: the crate's own and its `tests/*.rs`.
fn compile() -> Result<Vec<(String, PathBuf)>> {
    let mut command = run::cargo();
    command.args(["test", "--no-run", "--tests", "--target", WASM, "--message-format", "json-render-diagnostics"]);
    run::with_each(&mut command, "--package", &CRATES);
    let outcome = run::outcome("compiling the wasm tests", &mut command)?;
    if !outcome.status.success() {
        let readable: Vec<&str> = outcome.output.lines().filter(|line| !line.starts_with('{')).collect();
        run::print_end(&readable.join("\n"));
        bail!("the wasm tests do not compile; the whole log is {}", outcome.log.display());
    }
    let messages = outcome.output.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    Ok(messages.filter_map(|message| test_binary(&message)).collect())
}

fn test_binary(message: &Value) -> Option<(String, PathBuf)> {
    let file = message["executable"].as_str().filter(|_| message["profile"]["test"] == true)?;
    let folder = Path::new(message["manifest_path"].as_str()?).parent()?.file_name()?.to_string_lossy().into_owned();
    let target = message["target"]["name"].as_str()?;
    let name = if target.replace('_', "-") == folder { folder } else { format!("{folder} {target}") };
    Some((name, PathBuf::from(file)))
}

/// The capabilities asked of the driver, with the very browser that was found.
fn webdriver(chromium: &Chromium) -> Result<PathBuf> {
    let file = paths::scratch("webdriver.json");
    let options = json!({ "goog:chromeOptions": { "args": CHROMIUM_ARGUMENTS, "binary": chromium.browser } });
    fs::write(&file, options.to_string())?;
    Ok(file)
}
