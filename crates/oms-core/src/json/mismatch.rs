//! What does not fit a type, and where.

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use serde::de::{Error, Expected, Unexpected};

/// A step of a path.
#[derive(Debug)]
pub enum Step {
    /// So many elements into an array.
    Element(usize),
    /// The member of an object.
    Member(String),
}

/// What does not fit, and where. Boxed, for it is carried through every reader.
#[derive(Debug)]
pub struct Mismatch(Box<Misfit>);

#[derive(Debug)]
struct Misfit {
    message: String,
    /// From the inside out.
    steps: Vec<Step>,
}

impl Mismatch {
    /// With these words.
    #[cold]
    pub fn new(message: String) -> Self {
        Self(Box::new(Misfit { message, steps: Vec::new() }))
    }

    /// From the outside in.
    pub fn path(&self) -> impl Iterator<Item = &Step> {
        self.0.steps.iter().rev()
    }

    /// The same, a step further out.
    #[cold]
    #[inline(never)]
    pub fn within(mut self, step: Step) -> Self {
        self.0.steps.push(step);
        self
    }

    /// Of the key of a member: one that is no name of a member is a fault of the object, one that is no key, of that place.
    #[cold]
    #[inline(never)]
    pub(super) fn of_key(self, key: &str) -> Self {
        if self.0.message.starts_with("unknown field") { self } else { self.within(Step::Member(key.to_owned())) }
    }

    #[cold]
    #[inline(never)]
    fn unlike(kind: &str, found: &Unexpected<'_>, expected: &dyn Expected) -> Self {
        // Spelled out, for serde's own words bring the printing of floats along.
        let found = match found {
            Unexpected::Bool(value) => format!("boolean `{value}`"),
            Unexpected::Unsigned(value) => format!("integer `{value}`"),
            Unexpected::Signed(value) => format!("integer `{value}`"),
            Unexpected::Str(value) => format!("string {value:?}"),
            Unexpected::Unit => "null".to_owned(),
            Unexpected::Float(_) => "floating point number".to_owned(),
            Unexpected::Seq => "sequence".to_owned(),
            Unexpected::Map => "map".to_owned(),
            _ => "value".to_owned(),
        };
        Self::new(format!("invalid {kind}: {found}, expected {expected}"))
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.message)
    }
}

impl core::error::Error for Mismatch {}

impl Error for Mismatch {
    #[cold]
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(message.to_string())
    }

    #[cold]
    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::unlike("type", &found, expected)
    }

    #[cold]
    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::unlike("value", &found, expected)
    }
}
