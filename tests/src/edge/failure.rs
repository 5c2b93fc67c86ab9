//! What a harness says when it cannot.

use std::fmt;

/// Workerd did not start, or no answer came back: refused, cut off, too late. A request that was cut off may have been carried out.
pub struct Failure(String);

impl Failure {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The text as it is, because `unwrap` in a test shows this one and a log has many lines.
impl fmt::Debug for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<ureq::Error> for Failure {
    fn from(error: ureq::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<ureq::http::Error> for Failure {
    fn from(error: ureq::http::Error) -> Self {
        Self(error.to_string())
    }
}
