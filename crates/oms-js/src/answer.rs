//! Answers as plain objects: `{ok: true, value}` or `{ok: false, problem}`.

use oms_api::problem::Problem;
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

#[derive(Serialize)]
#[serde(untagged)]
enum Answer<T> {
    Value { ok: bool, value: T },
    Problem { ok: bool, problem: Box<Problem> },
}

/// An outcome as a JavaScript object.
pub fn give<T: Serialize>(outcome: Result<T, Problem>) -> JsValue {
    let answer = match outcome {
        Ok(value) => Answer::Value { ok: true, value },
        Err(problem) => Answer::Problem { ok: false, problem: Box::new(problem) },
    };
    // All integers are within 2^53 and all keys are strings, so there is nothing it could refuse.
    answer.serialize(&Serializer::json_compatible()).unwrap_or_default()
}
