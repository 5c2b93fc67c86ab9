//! What a person sees: one line per step with its seconds, and plain tables.

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

/// Where output goes that is not a terminal, a long step says every so often that it is alive.
const HEARTBEAT: Duration = Duration::from_secs(20);
/// A terminal line is cut here, so that a redrawn line never wraps.
const LINE_WIDTH: usize = 110;

/// A step under way. Dropped without a verdict it counts as interrupted and prints nothing more.
pub struct Step {
    title: String,
    started: Instant,
    last_beat: Instant,
    terminal: bool,
}

impl Step {
    pub fn start(title: impl Into<String>) -> Self {
        let (title, now, terminal) = (title.into(), Instant::now(), std::io::stdout().is_terminal());
        let step = Self { title, started: now, last_beat: now, terminal };
        if !terminal {
            println!("  .. {}", step.title);
        }
        step
    }

    /// Redraws the line on a terminal; elsewhere prints a heartbeat now and then. `detail` is what the step does right now.
    pub fn tick(&mut self, detail: &str) {
        let seconds = self.started.elapsed().as_secs();
        if self.terminal {
            let line = format!("  .. {} {seconds} s  {}", self.title, printable(detail).trim());
            print!("\r\x1b[2K{}", cut(&line, LINE_WIDTH));
            let _ = std::io::stdout().flush();
        } else if self.last_beat.elapsed() >= HEARTBEAT {
            self.last_beat = Instant::now();
            println!("     {} {seconds} s  {}", self.title, cut(printable(detail).trim(), 80));
        }
    }

    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    pub fn done(self, note: &str) {
        self.close("ok", note);
    }

    pub fn failed(self, note: &str) {
        self.close("FAILED", note);
    }

    fn close(&self, verdict: &str, note: &str) {
        let clear = if self.terminal { "\r\x1b[2K" } else { "" };
        let gap = if note.is_empty() { "" } else { "  " };
        println!("{clear}  {verdict} {} {}{gap}{note}", self.title, seconds(self.elapsed()));
    }
}

/// A line that needs no time: what was found, what is skipped.
pub fn note(text: &str) {
    println!("  -- {text}");
}

pub fn heading(text: &str) {
    println!("\n{text}");
}

pub fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}

/// Prints rows under a header; a column is as wide as its widest cell, numbers stand right.
pub fn table(header: &[&str], rows: &[Vec<String>]) {
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count())
            .chain(header.get(column).map(|cell| cell.chars().count()))
            .max()
            .unwrap_or(0)
    };
    let numeric = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).all(|cell| cell.starts_with(|c: char| c.is_ascii_digit()))
    };
    let print_row = |cells: &[String]| {
        let line: Vec<String> = cells
            .iter()
            .enumerate()
            .map(|(column, cell)| match (numeric(column), width(column)) {
                (true, width) => format!("{cell:>width$}"),
                (false, width) => format!("{cell:<width$}"),
            })
            .collect();
        println!("  {}", line.join("  ").trim_end());
    };
    print_row(&header.iter().map(ToString::to_string).collect::<Vec<_>>());
    println!("  {}", "-".repeat((0..header.len()).map(|c| width(c) + 2).sum::<usize>().saturating_sub(2)));
    rows.iter().for_each(|row| print_row(row));
}

/// Drops control characters and the escape sequences of colors, so that a foreign line cannot move the cursor.
pub fn printable(text: &str) -> String {
    let mut clean = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '\x1b' => while characters.next().is_some_and(|c| !c.is_ascii_alphabetic()) {},
            c if c.is_control() => {}
            c => clean.push(c),
        }
    }
    clean.trim_end().to_owned()
}

fn cut(text: &str, width: usize) -> String {
    text.chars().take(width).collect()
}
