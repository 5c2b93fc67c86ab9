//! Bodies: JSON of a known shape, and where it is something else.

use alloc::format;
use alloc::string::{String, ToString};
use core::fmt;
use core::marker::PhantomData;
use core::ops::Deref;

use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::error::Category;
use serde_path_to_error::{Path, Segment};

use crate::problem::{Code, Problem};

/// A body as a value.
///
/// # Errors
/// `malformed_json` when it is not JSON, else `validation_failed` with the place and `unknown_field`, `missing_field`,
/// `duplicate_field`, `unknown_value` or `wrong_type`.
pub fn body<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let Object(value) = serde_path_to_error::deserialize(&mut reader)
        .map_err(|error| problem(&pointer(error.path()), error.inner()))?;
    reader.end().map_err(|error| problem("", &error))?;
    Ok(value)
}

/// A JSON object and nothing else. What serde derives for a struct also takes an array, members in a row without their names.
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
        deserializer.deserialize_map(Members(PhantomData))
    }
}

struct Members<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Members<T> {
    type Value = Object<T>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Object<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(members)).map(Object)
    }
}

fn problem(place: &str, error: &serde_json::Error) -> Problem {
    let message = error.to_string();
    match error.classify() {
        Category::Syntax | Category::Eof | Category::Io => Problem::new(Code::MalformedJson, message),
        Category::Data => {
            let message = without_position(&message);
            let (code, member) = kind(message);
            Problem::invalid(with_member(place, member), code, message)
        }
    }
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

/// The place of a member, unless the place is the member's already.
fn with_member(place: &str, member: Option<&str>) -> String {
    match member.map(escaped) {
        Some(member) if place.rsplit('/').next() != Some(member.as_str()) || place.is_empty() => {
            format!("{place}/{member}")
        }
        Some(_) | None => place.to_string(),
    }
}

/// The path as a JSON pointer (RFC 6901).
fn pointer(path: &Path) -> String {
    path.iter().fold(String::new(), |pointer, segment| match segment {
        Segment::Seq { index } => format!("{pointer}/{index}"),
        Segment::Map { key } => format!("{pointer}/{}", escaped(key)),
        Segment::Enum { variant } => format!("{pointer}/{}", escaped(variant)),
        Segment::Unknown => pointer,
    })
}

fn escaped(member: &str) -> String {
    member.replace('~', "~0").replace('/', "~1")
}

/// The message without the line and column of a text that is one line for the caller.
fn without_position(message: &str) -> &str {
    message.rsplit_once(" at line ").map_or(message, |(message, _)| message)
}
