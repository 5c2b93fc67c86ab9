//! Arguments: a plain object is read as the JSON it stands for, with the checks the edge has.
//!
//! By way of `JSON.stringify` and not field by field: unknown members are seen and refused as the edge refuses them, and a
//! cycle, a getter that throws or a number beyond JSON is an error here and not a trap.

use serde::de::DeserializeOwned;
use serde_path_to_error::{Path, Segment};
use wasm_bindgen::JsValue;

use crate::problem::{Fault, Problem};

/// The argument as a value of the type, or what is wrong with it and where.
pub(crate) fn object<T: DeserializeOwned>(argument: &JsValue) -> Result<T, Problem> {
    let json = js_sys::JSON::stringify(argument).ok().and_then(|json| json.as_string());
    let json = json.ok_or_else(|| invalid(String::new(), "the argument is not a plain object"))?;
    let mut reader = serde_json::Deserializer::from_str(&json);
    serde_path_to_error::deserialize(&mut reader)
        .map_err(|error| invalid(pointer(error.path()), &without_place(&error.inner().to_string())))
}

fn invalid(pointer: String, detail: &str) -> Problem {
    Problem::invalid(vec![Fault { pointer, code: "invalid", detail: detail.to_owned() }])
}

/// The path as a JSON pointer (RFC 6901).
fn pointer(path: &Path) -> String {
    path.iter().fold(String::new(), |pointer, segment| match segment {
        Segment::Seq { index } => format!("{pointer}/{index}"),
        Segment::Map { key } => format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1")),
        Segment::Enum { variant } => format!("{pointer}/{variant}"),
        Segment::Unknown => pointer,
    })
}

/// The message without the line and column of a text that the caller never saw.
fn without_place(message: &str) -> String {
    message.rsplit_once(" at line ").map_or(message, |(message, _)| message).to_owned()
}
