//! The core in a browser: a few functions that take and give plain JavaScript objects.
//!
//! Every function answers `{ok: true, value}` or `{ok: false, problem}`: a refusal is data, nothing throws, nothing calls
//! back. Requests, money, quantities, ids, times and problems are those of the public API, read by the API's own code.

extern crate alloc;

mod answer;
mod check;
mod ids;
mod read;
mod till;

pub use till::Till;

use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("types.d.ts");

/// The version of the core, as the API's `/v1/version` has it.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// A new order id from the clock and the entropy of the browser.
#[wasm_bindgen(unchecked_return_type = "Answer<string>")]
pub fn new_order_id() -> JsValue {
    answer::give(ids::new_order_id())
}

/// Checks the body of a `POST /v1/orders` as the edge does before it looks anything up.
#[wasm_bindgen(unchecked_return_type = "Answer<CheckedOrder>")]
pub fn check_order(#[wasm_bindgen(unchecked_param_type = "NewOrder")] order: &JsValue) -> JsValue {
    answer::give(oms_js::json(order).and_then(|json| check::order(&json)))
}
