//! Lines of equal width.

use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;

/// A printed line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Its text, filled up with spaces.
    pub text: String,
    /// How it looks.
    pub style: Style,
}

/// How a line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Style {
    /// As the most.
    Plain,
    /// Bold.
    Strong,
    /// Bold and twice as high.
    Large,
}

/// A page of so many columns.
pub(super) struct Page {
    columns: usize,
    pub(super) lines: Vec<Line>,
}

impl Page {
    pub(super) fn new(columns: usize) -> Self {
        Self { columns, lines: Vec::new() }
    }

    fn push(&mut self, mut text: String, style: Style) {
        let missing = self.columns.saturating_sub(width(&text));
        text.extend(core::iter::repeat_n(' ', missing));
        self.lines.push(Line { text, style });
    }

    pub(super) fn rule(&mut self) {
        // Never two rules in a row, and none at the top.
        if self.lines.last().is_some_and(|last| !last.text.starts_with("--")) {
            self.push(core::iter::repeat_n('-', self.columns).collect(), Style::Plain);
        }
    }

    pub(super) fn left(&mut self, text: &str, style: Style) {
        for line in wrap(text, self.columns) {
            self.push(line, style);
        }
    }

    pub(super) fn center(&mut self, text: &str, style: Style) {
        for line in wrap(text, self.columns) {
            let before = self.columns.saturating_sub(width(&line)) / 2;
            self.push(core::iter::repeat_n(' ', before).chain(line.chars()).collect(), style);
        }
    }

    /// A text on the left and one at the right edge, on one line if they fit; the right one on the last line of the left.
    pub(super) fn both(&mut self, left: &str, right: &str, style: Style) {
        let room = self.columns.saturating_sub(width(right)).saturating_sub(1);
        // An amount as long as the line stands on a line of its own.
        let mut lines = wrap(left, if room == 0 { self.columns } else { room });
        let mut last = if room == 0 { String::new() } else { lines.pop().unwrap_or_default() };
        for line in lines {
            self.push(line, style);
        }
        let between = self.columns.saturating_sub(width(&last)).saturating_sub(width(right));
        last.extend(core::iter::repeat_n(' ', between));
        last.push_str(right);
        self.push(last, style);
    }
}

fn width(text: &str) -> usize {
    text.chars().count()
}

/// A text in lines of at most so many characters, broken between words where that goes. What it begins with in spaces is kept
/// on its first line.
fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let indent: String = text.chars().take_while(|letter| *letter == ' ').collect();
    let mut line = indent.clone();
    let mut begun = false;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let fits = width(&line).saturating_add(width(word)).saturating_add(usize::from(begun)) <= columns;
        if begun && !fits {
            lines.push(core::mem::replace(&mut line, indent.clone()));
            begun = false;
        }
        if begun {
            line.push(' ');
        }
        // A word longer than a line is cut.
        for letter in word.chars() {
            if width(&line) >= columns {
                lines.push(core::mem::take(&mut line));
            }
            line.push(letter);
        }
        begun = true;
    }
    lines.push(line);
    lines
}
