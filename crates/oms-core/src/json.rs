//! JSON, and values read from it with the place of what does not fit.
//!
//! Everything that is read is parsed into a [`Tree`] first: bodies of requests, messages between objects, journals and states.
//! What serde derives for a type is compiled once for each reader it is read by, and a reader that takes what JSON does not
//! have (a struct from an array, say) makes each of them longer.
#![expect(clippy::wildcard_enum_match_arm, reason = "whatever else stands there does not fit")]

mod mismatch;
mod reader;
#[cfg(test)]
mod tests;
mod tree;

use alloc::string::{String, ToString};
use core::fmt;

use serde::de::DeserializeOwned;

pub use mismatch::{Mismatch, Step};
pub use tree::Tree;

/// Why nothing could be read.
#[derive(Debug)]
pub enum Unread {
    /// It is no JSON: the parser's words.
    Malformed(String),
    /// It is JSON of another shape.
    Misfit(Mismatch),
}

impl fmt::Display for Unread {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(words) => formatter.write_str(words),
            Self::Misfit(mismatch) => mismatch.fmt(formatter),
        }
    }
}

impl core::error::Error for Unread {}

/// A value of this JSON.
///
/// # Errors
/// [`Unread`]: also when it nests more than 128 deep.
pub fn read<T: DeserializeOwned>(json: &[u8]) -> Result<T, Unread> {
    T::deserialize(parse(json)?).map_err(Unread::Misfit)
}

/// The JSON, whatever it says: by itself, so that it is compiled once and not with every type.
///
/// # Errors
/// [`Unread::Malformed`].
pub fn parse(json: &[u8]) -> Result<Tree, Unread> {
    serde_json::from_slice(json).map_err(|error| Unread::Malformed(error.to_string()))
}
