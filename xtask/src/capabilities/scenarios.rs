//! Reads scenario names and the rows they show from the sources of the tests.

use crate::paths;
use anyhow::Result;
use std::fs;
use std::path::{Path, PathBuf};

pub struct Scenario {
    pub name: String,
    /// Rows it shows wholly.
    pub whole: Vec<String>,
    /// Rows it shows in part.
    pub part: Vec<String>,
    /// Its file, from the root of the repository.
    file: String,
}

impl Scenario {
    pub fn rows(&self) -> impl Iterator<Item = &str> {
        self.whole.iter().chain(&self.part).map(String::as_str)
    }

    /// A link that reads as the sentence which the name is.
    pub fn link(&self) -> String {
        let words = self.name.split_once('_').map_or(self.name.as_str(), |(_, words)| words);
        // A name has no apostrophes: `a_cart_s_hold` is a cart's hold.
        format!("[{}](../{})", words.replace("_s_", "'s ").replace('_', " "), self.file)
    }
}

/// All scenarios, in the order of their files and lines.
pub fn read() -> Result<Vec<Scenario>> {
    let mut files = Vec::new();
    collect(&paths::root().join("tests/scenarios"), &mut files)?;
    files.sort();
    let mut scenarios = Vec::new();
    for file in files {
        let name = file.strip_prefix(paths::root()).unwrap_or(&file).display().to_string();
        scenarios.extend(parse(&fs::read_to_string(&file)?, &name));
    }
    Ok(scenarios)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    Ok(())
}

fn parse(source: &str, file: &str) -> Vec<Scenario> {
    let mut scenarios = Vec::new();
    let (mut whole, mut part) = (Vec::new(), Vec::new());
    for line in source.lines().map(str::trim) {
        if let Some(rows) = line.strip_prefix("/// rows:") {
            whole.extend(rows.split(',').map(|row| row.trim().to_uppercase()));
        } else if let Some(rows) = line.strip_prefix("/// part:") {
            part.extend(rows.split(',').map(|row| row.trim().to_uppercase()));
        } else if let Some(name) = function_name(line) {
            whole.extend(own_row(name).filter(|row| !part.contains(row)));
            if !(whole.is_empty() && part.is_empty()) {
                let (whole, part) = (std::mem::take(&mut whole), std::mem::take(&mut part));
                scenarios.push(Scenario { name: name.to_owned(), whole, part, file: file.to_owned() });
            }
        }
    }
    scenarios
}

fn function_name(line: &str) -> Option<&str> {
    let rest = line.trim_start_matches("pub ").trim_start_matches("async ").strip_prefix("fn ")?;
    rest.split(['(', '<']).next()
}

/// `b2_never_oversold` shows B2.
fn own_row(name: &str) -> Option<String> {
    let row = name.split('_').next()?;
    let (letter, number) = row.split_at_checked(1)?;
    let is_row = letter.chars().all(|c| c.is_ascii_lowercase()) && number.parse::<u8>().is_ok();
    is_row.then(|| row.to_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_and_its_comments_name_the_rows() {
        let source = "/// Words.\n/// rows: A1, D13\n/// part: f5\n#[test]\nfn b2_never_oversold() {\n}\nfn helper() {}\n#[test]\nfn h1_back() {}";
        let scenarios = parse(source, "tests/scenarios/stock.rs");
        assert_eq!(scenarios.len(), 2);
        assert_eq!(scenarios[0].whole, ["A1", "D13", "B2"]);
        assert_eq!(scenarios[0].part, ["F5"]);
        assert_eq!(scenarios[0].link(), "[never oversold](../tests/scenarios/stock.rs)");
        assert_eq!(scenarios[1].whole, ["H1"]);
    }

    #[test]
    fn a_row_shown_in_part_is_not_shown() {
        let scenarios = parse("/// part: F5\n#[test]\nfn f5_a_parcel_is_shipped() {}", "x.rs");
        assert!(scenarios[0].whole.is_empty());
        assert_eq!(scenarios[0].part, ["F5"]);
    }
}
