//! Imports: what became of every line.

use alloc::string::String;

use oms_core::order::Status;
use serde::Serialize;

use crate::problem::Problem;

/// Most lines of an import.
pub const MAX_LINES: usize = 5_000;
/// The longest idempotency key, in characters.
const KEY_LENGTH: usize = 255;

/// True for 1 to 255 visible ASCII characters.
pub fn is_key(key: &str) -> bool {
    (1..=KEY_LENGTH).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic())
}

/// What became of a line.
#[derive(Clone, Debug, Serialize)]
pub struct LineResult {
    line: usize,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    order_status: Option<Status>,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<Problem>,
}

/// What became of a line, before it has its number.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It is there now (or was before: `new` is false).
    Done {
        /// What it made.
        id: String,
        /// False when it had been there, or changed nothing.
        new: bool,
        /// Of an order.
        status: Option<Status>,
    },
    /// The order was taken in, and could not be had.
    Rejected {
        /// The order.
        id: String,
        /// What was missing.
        problem: Problem,
    },
    /// It was refused.
    Refused(Problem),
}

impl Outcome {
    /// As the result of a line, from 1.
    pub fn of_line(self, line: usize) -> LineResult {
        match self {
            Self::Done { id, new, status } => LineResult {
                line,
                status: if new { 201 } else { 200 },
                id: Some(id),
                order_status: status,
                problem: None,
            },
            Self::Rejected { id, problem } => LineResult {
                line,
                status: problem.status(),
                id: Some(id),
                order_status: Some(Status::Rejected),
                problem: Some(problem),
            },
            Self::Refused(problem) => {
                LineResult { line, status: problem.status(), id: None, order_status: None, problem: Some(problem) }
            }
        }
    }
}
