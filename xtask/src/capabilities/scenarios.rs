//! Reads scenario names and the rows they show from the sources of the tests: functions of Rust and browser tests of Node.

use crate::paths;
use anyhow::Result;
use std::fs;
use std::path::{Path, PathBuf};

pub struct Scenario {
    /// As its test is reported: the name of a function, or the title of a test in a browser.
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
        let words = match self.name.split_once(": ") {
            Some((_, title)) => format!("{title}, in the browser"),
            // A name has no apostrophes: `a_cart_s_hold` is a cart's hold.
            None => {
                let words = self.name.split_once('_').map_or(self.name.as_str(), |(_, words)| words);
                words.replace("_s_", "'s ").replace('_', " ")
            }
        };
        format!("[{words}](../{})", self.file)
    }
}

/// Where tests stand that name rows, and how their files end.
const FOLDERS: [(&str, &str); 2] = [("tests/scenarios", "rs"), ("tests/page", "mjs")];

/// All scenarios, in the order of their files and lines.
pub fn read() -> Result<Vec<Scenario>> {
    let mut files = Vec::new();
    for (folder, extension) in FOLDERS {
        let mut found = Vec::new();
        collect(&paths::root().join(folder), extension, &mut found)?;
        found.sort();
        files.extend(found);
    }
    let mut scenarios = Vec::new();
    for file in files {
        let name = file.strip_prefix(paths::root()).unwrap_or(&file).display().to_string();
        scenarios.extend(parse(&fs::read_to_string(&file)?, &name));
    }
    Ok(scenarios)
}

fn collect(folder: &Path, wanted: &str, files: &mut Vec<PathBuf>) -> Result<()> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            collect(&path, wanted, files)?;
        } else if path.extension().is_some_and(|extension| extension == wanted) {
            files.push(path);
        }
    }
    Ok(())
}

fn parse(source: &str, file: &str) -> Vec<Scenario> {
    let mut scenarios = Vec::new();
    let (mut whole, mut part) = (Vec::new(), Vec::new());
    for line in source.lines().map(str::trim) {
        // Doc comments of Rust, plain ones of Node.
        let comment = line.strip_prefix("//").map(|rest| rest.trim_start_matches('/').trim_start());
        if let Some(rows) = comment.and_then(|comment| comment.strip_prefix("rows:")) {
            whole.extend(rows.split(',').map(|row| row.trim().to_uppercase()));
        } else if let Some(rows) = comment.and_then(|comment| comment.strip_prefix("part:")) {
            part.extend(rows.split(',').map(|row| row.trim().to_uppercase()));
        } else if let Some(name) = function_name(line).or_else(|| title(line)) {
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

/// `test("a11: a sale is an order", ...`: its title names a row. Titles that are put together when they run do not.
fn title(line: &str) -> Option<&str> {
    line.strip_prefix("test(\"")?.split('"').next().filter(|title| title.contains(": ") && own_row(title).is_some())
}

/// `b2_never_oversold` shows B2, as does `b2: never oversold`.
fn own_row(name: &str) -> Option<String> {
    let row = name.split(['_', ':']).next()?;
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
    fn a_title_names_its_row_as_a_function_does() {
        let source = "test(\"no row\", () => {});\n// part: e4\ntest(\"e4: it is fetched: here\", async () => {\n});\n// rows: U5\ntest(\"e10: a day is routed\", () => {});\ntest(`u1: ${no}`, () => {});";
        let scenarios = parse(source, "tests/page/story.mjs");
        assert_eq!(scenarios.len(), 2);
        assert_eq!((scenarios[0].name.as_str(), &scenarios[0].whole), ("e4: it is fetched: here", &vec![]));
        assert_eq!(scenarios[0].part, ["E4"]);
        assert_eq!(scenarios[0].link(), "[it is fetched: here, in the browser](../tests/page/story.mjs)");
        assert_eq!(scenarios[1].whole, ["U5", "E10"]);
    }

    #[test]
    fn a_row_shown_in_part_is_not_shown() {
        let scenarios = parse("/// part: F5\n#[test]\nfn f5_a_parcel_is_shipped() {}", "x.rs");
        assert!(scenarios[0].whole.is_empty());
        assert_eq!(scenarios[0].part, ["F5"]);
    }
}
