//! Bodies: JSON of a known shape, and where it is something else.

use alloc::format;
use alloc::string::{String, ToString};
use core::ops::Deref;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use oms_core::json::{self, Mismatch, Step, Tree, Unread};

use crate::problem::{Code, Problem};

/// A body as a value.
///
/// # Errors
/// `malformed_json` when it is not JSON, else `validation_failed` with the place and `unknown_field`, `missing_field`,
/// `duplicate_field`, `unknown_value` or `wrong_type`.
pub fn body<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    T::deserialize(parsed(bytes)?).map_err(|mismatch| problem(&mismatch))
}

/// The JSON, whatever it says.
///
/// # Errors
/// `malformed_json`.
pub fn parsed(bytes: &[u8]) -> Result<Tree, Problem> {
    json::parse(bytes).map_err(|unread| match unread {
        Unread::Malformed(words) => Problem::new(Code::MalformedJson, words),
        Unread::Misfit(mismatch) => problem(&mismatch),
    })
}

/// A struct that is read from an object. (What serde derives also takes an array, but nobody offers it one here.)
#[derive(Debug)]
pub(crate) struct Object<T>(T);

impl<T> Deref for Object<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Object)
    }
}

/// What does not fit as a problem, as [`body`] tells it.
pub fn problem(mismatch: &Mismatch) -> Problem {
    let message = mismatch.to_string();
    let (code, member) = kind(&message);
    let mut place = pointer(mismatch.path());
    if let Some(member) = member {
        place = format!("{place}/{}", escaped(member));
    }
    Problem::invalid(place, code, message)
}

/// What serde found wrong, from how it says it: its words for these are part of its interface (`serde::de::Error`).
fn kind(message: &str) -> (&'static str, Option<&str>) {
    let named = || message.split('`').nth(1);
    if message.starts_with("unknown field") {
        ("unknown_field", named())
    } else if message.starts_with("missing field") {
        ("missing_field", named())
    } else if message.starts_with("duplicate field") {
        ("duplicate_field", named())
    } else if message.starts_with("unknown variant") {
        ("unknown_value", None)
    } else {
        ("wrong_type", None)
    }
}

/// The path as a JSON pointer (RFC 6901).
fn pointer<'a>(path: impl Iterator<Item = &'a Step>) -> String {
    path.fold(String::new(), |pointer, step| match step {
        Step::Element(index) => format!("{pointer}/{index}"),
        Step::Member(key) => format!("{pointer}/{}", escaped(key)),
    })
}

fn escaped(member: &str) -> String {
    member.replace('~', "~0").replace('/', "~1")
}
