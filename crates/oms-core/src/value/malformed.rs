//! Why a text or a number is not the value it should be.

use thiserror::Error;

/// What is wrong with an input. One enum for all values, so that every edge explains refusals in the same words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
pub enum Malformed {
    /// Nothing was given.
    #[error("is empty")]
    Empty,
    /// More characters than the value may have.
    #[error("is too long")]
    TooLong,
    /// A character the value may not have.
    #[error("has a character that is not allowed")]
    Character,
    /// Right characters in the wrong order or number.
    #[error("has the wrong form")]
    Shape,
    /// More decimal places than the value keeps.
    #[error("has too many decimal places")]
    TooPrecise,
    /// Beyond the bounds of the value.
    #[error("is out of range")]
    OutOfRange,
    /// Well formed, but not on the list of known codes.
    #[error("is not a known code")]
    Unknown,
}

impl Malformed {
    /// A stable machine-readable word for the problem.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong => "too_long",
            Self::Character => "character",
            Self::Shape => "shape",
            Self::TooPrecise => "too_precise",
            Self::OutOfRange => "out_of_range",
            Self::Unknown => "unknown",
        }
    }
}
