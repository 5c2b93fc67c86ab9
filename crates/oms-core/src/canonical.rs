//! Canonical JSON (RFC 8785): the one spelling of a value as bytes, so that a hash of it means something.
//!
//! Keys are sorted by UTF-16 code units, there is no white space, and numbers are integers within plus or minus
//! 2^53 - 1: floats and larger integers are refused, so the spelling of numbers is never in doubt.

mod compound;
mod writer;

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use serde::Serialize;
use thiserror::Error;

use crate::value::Digest;

/// Why a value has no canonical spelling.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NotCanonical {
    /// A floating-point number.
    #[error("floating-point numbers have no place in canonical JSON")]
    Float,
    /// An integer beyond plus or minus 2^53 - 1.
    #[error("an integer beyond 2^53 - 1 is not exact for every reader")]
    LargeInteger,
    /// An object key that is neither a string nor an integer.
    #[error("an object key must be a string or an integer")]
    Key,
    /// Two members of one object with the same key.
    #[error("two members of an object are both called {0:?}")]
    RepeatedKey(String),
    /// The value refused to be written.
    #[error("{0}")]
    Refused(String),
}

impl serde::ser::Error for NotCanonical {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::Refused(message.to_string())
    }
}

/// The canonical JSON of a value.
///
/// # Errors
/// [`NotCanonical`] when the value holds a float, an integer beyond 2^53 - 1, an odd or repeated key, or refuses.
pub fn to_bytes<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, NotCanonical> {
    let mut bytes = Vec::new();
    value.serialize(writer::Writer(&mut bytes))?;
    Ok(bytes)
}

/// The SHA-256 of a value's canonical JSON.
///
/// # Errors
/// As for [`to_bytes`].
pub fn digest<T: Serialize + ?Sized>(value: &T) -> Result<Digest, NotCanonical> {
    to_bytes(value).map(|bytes| Digest::of(&bytes))
}
