//! What was run, how it ended, and the closing line.

use crate::run::{self, Outcome};
use crate::ui;
use anyhow::{Result, bail};
use std::collections::BTreeSet;
use std::time::Duration;

#[derive(Default)]
pub struct Report {
    rows: Vec<Row>,
    /// Names of the test functions that passed, without their modules, and titles of the browser tests that did.
    pub passed_names: BTreeSet<String>,
    /// The Worker is built: stories are told on workerd, too.
    pub worker_is_built: bool,
    /// They were.
    pub stories_are_told: bool,
}

struct Row {
    what: String,
    passed: u64,
    failed: u64,
    took: Duration,
}

impl Report {
    /// A command that prints `test result:` lines, as libtest and wasm-bindgen-test do. One that fails without any counts as one failure.
    pub fn tests(&mut self, what: &str, outcome: &Outcome) {
        let counted = Counts::read(&outcome.output);
        let silent_failure = !outcome.status.success() && counted.failed == 0;
        if !outcome.status.success() {
            run::print_end(&outcome.output);
        }
        self.passed_names.extend(counted.passed_names);
        let failed = counted.failed + u64::from(silent_failure);
        self.rows.push(Row { what: what.into(), passed: counted.passed, failed, took: outcome.took });
    }

    /// A suite of Node's test runner with its TAP report. One that fails without any counts as one failure.
    pub fn node_tests(&mut self, what: &str, outcome: &Outcome) {
        let count = |word: &str| {
            let line = outcome.output.lines().rev().find_map(|line| line.strip_prefix(&format!("# {word} ")));
            line.and_then(|digits| digits.trim().parse::<u64>().ok()).unwrap_or(0)
        };
        let (passed, mut failed) = (count("pass"), count("fail"));
        self.passed_names.extend(passed_titles(&outcome.output));
        if !outcome.status.success() {
            failed = failed.max(1);
            run::print_end(&outcome.output);
        }
        self.rows.push(Row { what: what.into(), passed, failed, took: outcome.took });
    }

    /// Something that either holds or does not: one test.
    pub fn check(&mut self, what: &str, holds: bool, took: Duration) {
        self.rows.push(Row { what: what.into(), passed: u64::from(holds), failed: u64::from(!holds), took });
    }

    /// A part that could not be run: one failure.
    pub fn broken(&mut self, part: &str) {
        self.check(&format!("{part} could be run"), false, Duration::ZERO);
    }

    /// Prints the table and, alone on the last line, the sum.
    pub fn finish(self) -> Result<()> {
        let cells =
            |row: &Row| vec![row.what.clone(), row.passed.to_string(), row.failed.to_string(), ui::seconds(row.took)];
        ui::heading("summary");
        ui::table(&["", "passed", "failed", "time"], &self.rows.iter().map(cells).collect::<Vec<_>>());
        let (passed, failed) = self.rows.iter().fold((0, 0), |(p, f), row| (p + row.passed, f + row.failed));
        println!("\n{passed} passed, {failed} failed");
        // The sum is the last word; the process says the rest by its exit code.
        if failed > 0 {
            std::process::exit(1)
        }
        if passed == 0 {
            bail!("nothing was tested")
        }
        Ok(())
    }
}

/// The titles of the tests that passed, of a TAP report: `ok 3 - the title`, what is left out or not done yet not among them.
fn passed_titles(output: &str) -> impl Iterator<Item = String> + '_ {
    output.lines().filter_map(|line| {
        let (number, title) = line.trim_start().strip_prefix("ok ")?.split_once(" - ")?;
        let skipped = title.contains(" # SKIP") || title.contains(" # TODO");
        (!skipped && number.parse::<u64>().is_ok()).then(|| title.replace("\\#", "#").replace("\\\\", "\\"))
    })
}

#[derive(Default)]
struct Counts {
    passed: u64,
    failed: u64,
    passed_names: Vec<String>,
}

impl Counts {
    fn read(output: &str) -> Self {
        let mut counts = Self::default();
        for line in output.lines().map(ui::printable) {
            let line = line.trim();
            if let Some(result) = line.strip_prefix("test result:") {
                counts.passed += number_before(result, " passed");
                counts.failed += number_before(result, " failed");
            } else if let Some(path) = line.strip_prefix("test ").and_then(|rest| rest.strip_suffix(" ... ok")) {
                counts.passed_names.extend(path.rsplit("::").next().map(str::to_owned));
            }
        }
        counts
    }
}

fn number_before(text: &str, word: &str) -> u64 {
    let before = text.split(word).next().filter(|before| before.len() < text.len());
    before.and_then(|before| before.rsplit(' ').next()).and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_summed_over_all_test_binaries() {
        let counts = Counts::read(
            "test order::a_parcel_leaves ... ok\ntest result: ok. 12 passed; 0 failed; 1 ignored; 0 measured\n\
             test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured",
        );
        assert_eq!((counts.passed, counts.failed), (15, 2));
        assert_eq!(counts.passed_names, ["a_parcel_leaves"]);
    }

    #[test]
    fn titles_of_passed_browser_tests_are_read_from_their_report() {
        let report = "TAP version 13\n# Subtest: a11: sold\nok 1 - a11: sold\n  ---\n  duration_ms: 3\nnot ok 2 - i8: small\nok 3 - u1: later # SKIP\nok 4 - no \\#5";
        assert_eq!(passed_titles(report).collect::<Vec<_>>(), ["a11: sold", "no #5"]);
    }

    #[test]
    fn a_line_without_counts_counts_nothing() {
        let counts = Counts::read("no tests to run!\nrunning 0 tests");
        assert_eq!((counts.passed, counts.failed), (0, 0));
    }
}
