//! Answers as plain objects: `{ok: true, value}` or `{ok: false, problem}`, and why a till refused.
//!
//! By way of the core's own canonical JSON, which journals are written with: one writer of everything keeps the bundle small.

use js_sys::{JSON, Reflect, Uint8Array};
use oms_api::problem::{Code, Problem};
use oms_core::canonical;
use oms_core::till::Refusal;
use serde::Serialize;
use wasm_bindgen::JsValue;

/// Why there is no value.
#[derive(Debug, Serialize)]
pub(crate) struct No {
    ok: bool,
    problem: Problem,
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<Refusal>,
}

impl No {
    /// The same for people.
    pub(crate) fn detail(&self) -> String {
        self.problem.detail().to_owned()
    }
}

impl From<Problem> for No {
    fn from(problem: Problem) -> Self {
        Self { ok: false, problem, refusal: None }
    }
}

impl From<Refusal> for No {
    fn from(refusal: Refusal) -> Self {
        let problem = Problem::new(Code::NotPossibleNow, refusal.to_string());
        Self { ok: false, problem, refusal: Some(refusal) }
    }
}

/// A value as a JavaScript object.
pub(crate) fn object<T: Serialize + ?Sized>(value: &T) -> Result<JsValue, No> {
    let bad = |detail: String| No::from(Problem::new(Code::Internal, detail));
    let bytes = canonical::to_bytes(value).map_err(|error| bad(error.to_string()))?;
    // Canonical JSON is UTF-8 and JSON.
    let text = String::from_utf8(bytes).map_err(|error| bad(error.to_string()))?;
    JSON::parse(&text).map_err(|_| bad(text))
}

/// An outcome as a JavaScript object.
pub(crate) fn give<T: Serialize>(outcome: Result<T, impl Into<No>>) -> JsValue {
    let value = outcome.map_err(Into::into).and_then(|value| object(&value));
    give_object(value)
}

/// An outcome whose value is an object already.
pub(crate) fn give_object(outcome: Result<JsValue, No>) -> JsValue {
    let answer = js_sys::Object::new();
    match outcome {
        Ok(value) => {
            set(&answer, "ok", &JsValue::TRUE);
            set(&answer, "value", &value);
            answer.into()
        }
        // A problem has nothing in it that could not be written.
        Err(no) => object(&no).unwrap_or_default(),
    }
}

/// Sets a member of an object of our own, which cannot fail.
pub(crate) fn set(object: &JsValue, member: &str, value: &JsValue) {
    let _set = Reflect::set(object, &member.into(), value);
}

/// Bytes as JavaScript has them.
pub(crate) fn bytes(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).into()
}
