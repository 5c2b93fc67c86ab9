//! Runs a command as one step: its output goes to a log, its last line beside the clock, and the log's end is shown when it fails.

use crate::{paths, ui};
use anyhow::{Context, Result, bail};
use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

/// How often a running command is looked at.
const POLL: Duration = Duration::from_millis(100);
/// Bytes at the end of a log that are searched for its last line.
const TAIL: u64 = 4096;
/// Lines of the log shown after a failure.
const LINES_ON_FAILURE: usize = 60;

pub struct Outcome {
    pub status: ExitStatus,
    pub output: String,
    pub log: PathBuf,
    pub took: Duration,
}

/// Runs the command to its end and hands back its whole output, whatever its status.
pub fn outcome(title: &str, command: &mut Command) -> Result<Outcome> {
    let mut step = ui::Step::start(title);
    let log = log_path(title)?;
    let mut child = spawn(command, &log)?;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        step.tick(&last_line(&log));
        std::thread::sleep(POLL);
    };
    let output = String::from_utf8_lossy(&fs::read(&log)?).into_owned();
    let took = step.elapsed();
    if status.success() {
        step.done("");
    } else {
        step.failed(&format!("({})", log.display()));
    }
    Ok(Outcome { status, output, log, took })
}

/// Runs the command to its end; a failure prints the end of its log and is an error.
pub fn step(title: &str, command: &mut Command) -> Result<()> {
    let outcome = outcome(title, command)?;
    if outcome.status.success() {
        return Ok(());
    }
    print_end(&outcome.output);
    bail!("{title}: {}; the whole log is {}", outcome.status, outcome.log.display())
}

/// The standard output of a short command, trimmed.
pub fn capture(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("cannot run {command:?}"))?;
    if !output.status.success() {
        bail!("{command:?}: {}\n{}", output.status, String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Starts a command with both its streams in `log`. Nothing we start reads the terminal.
pub fn spawn(command: &mut Command, log: &Path) -> Result<Child> {
    let file = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
    command.current_dir_if_unset();
    command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
    command.spawn().with_context(|| format!("cannot start {}", command.get_program().to_string_lossy()))
}

/// Cargo as it was called, so that `cargo +toolchain xtask` stays on its toolchain.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(paths::root()).env("CARGO_TERM_COLOR", "never");
    command
}

/// Adds `flag name` for each name.
pub fn with_each(command: &mut Command, flag: &str, names: &[&str]) {
    for name in names {
        command.args([flag, name]);
    }
}

/// Shows the last lines of a log, without what cargo only says to pass the time.
pub fn print_end(output: &str) {
    let lines: Vec<String> = output.lines().map(ui::printable).filter(|line| !is_chatter(line)).collect();
    for line in lines.iter().skip(lines.len().saturating_sub(LINES_ON_FAILURE)) {
        println!("     | {line}");
    }
}

fn is_chatter(line: &str) -> bool {
    let line = line.trim_start();
    ["Compiling ", "Checking ", "Downloading ", "Downloaded ", "Locking "].iter().any(|word| line.starts_with(word))
}

trait CurrentDir {
    fn current_dir_if_unset(&mut self);
}

impl CurrentDir for Command {
    fn current_dir_if_unset(&mut self) {
        if self.get_current_dir().is_none() {
            self.current_dir(paths::root());
        }
    }
}

fn log_path(title: &str) -> Result<PathBuf> {
    let name: String = title.chars().map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' }).collect();
    let folder = paths::scratch("logs");
    fs::create_dir_all(&folder)?;
    Ok(folder.join(format!("{}.log", name.to_lowercase())))
}

/// What the command said last, for people: not the messages that cargo writes for programs.
fn last_line(log: &Path) -> String {
    let text = tail(log).unwrap_or_default();
    let lines = text.lines().rev().filter(|line| !line.starts_with('{'));
    lines.map(ui::printable).find(|line| !line.is_empty()).unwrap_or_default()
}

fn tail(log: &Path) -> std::io::Result<String> {
    let mut file = File::open(log)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL)))?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    // The first line of a cut text is a part of one.
    Ok(if length > TAIL { text.split_once('\n').map_or_else(String::new, |(_, whole)| whole.to_owned()) } else { text })
}
