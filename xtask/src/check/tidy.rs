//! Rules of the house that a compiler does not know.

use crate::test::NO_STD;
use crate::{paths, ui};
use anyhow::{Result, bail};
use std::fs;
use std::path::{Component, Path, PathBuf};

/// Folders that are made, not written.
const MADE: [&str; 7] = ["target", "node_modules", "build", ".git", ".wrangler", "pkg", "pos"];
/// Only text is read; by ending.
const TEXT: [&str; 14] =
    ["rs", "toml", "md", "js", "mjs", "ts", "css", "html", "json", "sql", "yml", "sh", "capnp", "run"];
/// A source file of more lines than this is asked why.
const ASK_AT_LINES: usize = 500;
/// And of more than this is refused.
const LONGEST_FILE: usize = 800;
/// The one folder where SQL stands, and the one crate that may read it.
const SQL_FOLDER: &str = "crates/oms-worker/sql/";
const SQL_CRATE: &str = "crates/oms-worker/";
/// This file names what it looks for.
const MYSELF: &str = "xtask/src/check/tidy.rs";
const SQL_WORDS: [&str; 7] =
    ["SELECT ", "INSERT INTO ", "INSERT OR ", "DELETE FROM ", "CREATE TABLE ", "CREATE INDEX ", " ON CONFLICT"];
/// What is in these at the root of a disk exists on one person's machine.
const PRIVATE_FOLDERS: [&str; 3] = ["home", "root", "Users"];

pub(super) fn check() -> Result<()> {
    let mut findings = Vec::new();
    for file in files(&paths::root()) {
        let name = file.strip_prefix(paths::root()).unwrap_or(&file).to_string_lossy().into_owned();
        let Ok(text) = fs::read_to_string(&file) else { continue };
        for (number, line) in text.lines().enumerate() {
            let mut find = |what: &str| findings.push(format!("{name}:{}: {what}", number + 1));
            judge_line(&name, line, &mut find);
        }
        judge_length(&name, text.lines().count(), &mut findings);
    }
    judge_manifests(&mut findings);
    if findings.is_empty() {
        return Ok(());
    }
    bail!("{} findings\n  {}", findings.len(), findings.join("\n  "))
}

fn judge_line(name: &str, line: &str, find: &mut impl FnMut(&str)) {
    if name == MYSELF {
        return;
    }
    if is(name, "rs") {
        if SQL_WORDS.iter().any(|word| line.contains(word)) {
            find("SQL stands in crates/oms-worker/sql/*.sql only");
        }
        if line.contains(".sql\"") && !name.starts_with(SQL_CRATE) {
            find("SQL is read by oms-worker only");
        }
    }
    if is(name, "sql") && !name.starts_with(SQL_FOLDER) && line.len() > 1 {
        find("SQL stands in crates/oms-worker/sql/*.sql only");
    }
    if line.split(|c: char| !is_path(c)).any(|word| leaves_repository(Path::new(name), word)) {
        find("a path that leads out of the repository");
    }
    if line.split(|c: char| !is_path(c)).any(is_private) {
        find("a path of somebody's own machine");
    }
}

fn judge_length(name: &str, lines: usize, findings: &mut Vec<String>) {
    if !is(name, "rs") || lines <= ASK_AT_LINES {
        return;
    }
    ui::note(&format!("{name} has {lines} lines: does it hold more than one thing?"));
    if lines > LONGEST_FILE {
        findings.push(format!("{name}: {lines} lines, {LONGEST_FILE} at most"));
    }
}

/// The core and what stands on it needs no operating system, and every crate obeys the lints of the workspace.
fn judge_manifests(findings: &mut Vec<String>) {
    for name in NO_STD {
        let root = fs::read_to_string(paths::root().join("crates").join(name).join("src/lib.rs")).unwrap_or_default();
        if !root.contains("no_std") {
            findings.push(format!("crates/{name}/src/lib.rs: not no_std"));
        }
    }
    for manifest in files(&paths::root().join("crates")).iter().filter(|file| file.ends_with("Cargo.toml")) {
        let text = fs::read_to_string(manifest).unwrap_or_default();
        if !text.contains("[lints]\nworkspace = true") {
            findings.push(format!("{}: without the lints of the workspace", manifest.display()));
        }
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if path.is_dir() && !MADE.contains(&name.as_str()) {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|ending| TEXT.iter().any(|text| ending == *text)) {
            found.push(path);
        }
    }
    found
}

fn is(name: &str, ending: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == ending)
}

fn is_path(c: char) -> bool {
    c.is_ascii_alphanumeric() || "./_-".contains(c)
}

fn is_private(word: &str) -> bool {
    let first = word.strip_prefix('/').and_then(|path| path.split_once('/'));
    first.is_some_and(|(folder, _)| PRIVATE_FOLDERS.contains(&folder))
}

/// Whether a relative path, read from the file that names it, climbs above the root.
fn leaves_repository(file: &Path, word: &str) -> bool {
    if !word.contains("../") {
        return false;
    }
    let folder = file.parent().into_iter().flat_map(Path::components);
    let mut depth = 0_i32;
    for step in folder.chain(Path::new(word).components()) {
        depth += match step {
            Component::ParentDir => -1,
            Component::Normal(_) => 1,
            _ => 0,
        };
        if depth < 0 {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(name: &str, line: &str) -> usize {
        let mut count = 0;
        judge_line(name, line, &mut |_| count += 1);
        count
    }

    #[test]
    fn a_path_may_climb_to_the_root_but_not_above() {
        assert_eq!(findings("docs/a.md", "see [it](../README.md)"), 0);
        assert_eq!(findings("docs/a.md", "see [it](../../elsewhere/README.md)"), 1);
        assert_eq!(findings("README.md", "../neighbor"), 1);
        assert_eq!(findings("README.md", "and so on..."), 0);
    }

    #[test]
    fn sql_stands_in_one_place() {
        assert_eq!(findings("crates/oms-core/src/lib.rs", "let x = \"SELECT 1\";"), 1);
        assert_eq!(findings("crates/oms-worker/src/journal.rs", "include_str!(\"../sql/order.sql\")"), 0);
        assert_eq!(findings("crates/oms-actors/src/lib.rs", "include_str!(\"order.sql\")"), 1);
    }
}
