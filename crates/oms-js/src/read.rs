//! Arguments: a plain object is the JSON it stands for, which the API's own readers take from there.
//!
//! By way of `JSON.stringify` and not field by field: unknown members are seen and refused as the edge refuses them, and a
//! cycle, a getter that throws or a number beyond JSON is an error here and not a trap.

use oms_api::problem::{Code, Problem};
use wasm_bindgen::JsValue;

/// The argument as JSON.
///
/// # Errors
/// The problem with an argument that has none.
pub fn json(argument: &JsValue) -> Result<Vec<u8>, Problem> {
    let json = js_sys::JSON::stringify(argument).ok().and_then(|json| json.as_string());
    let json = json.ok_or_else(|| Problem::new(Code::MalformedJson, "the argument is not a plain object"))?;
    Ok(json.into_bytes())
}
