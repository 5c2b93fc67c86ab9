//! The core in a browser: a few functions that take and give plain JavaScript objects.
//!
//! Every function answers `{ok: true, value}` or `{ok: false, problem}`: a refusal is data, nothing throws, nothing calls
//! back. Money, quantities, ids and times are spelled as in the public API.

mod answer;
mod ids;
mod price;
mod problem;
mod read;
mod source;
mod text;

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

/// Prices an order from a price book and a tax table, as the API would.
#[wasm_bindgen(unchecked_return_type = "Answer<PricedOrder>")]
pub fn price_order(#[wasm_bindgen(unchecked_param_type = "PriceOrder")] order: &JsValue) -> JsValue {
    answer::give(read::object(order).and_then(|order| price::order(&order)))
}

/// Says which location would serve which line, as the API would.
#[wasm_bindgen(unchecked_return_type = "Answer<SourcingPlan>")]
pub fn source(#[wasm_bindgen(unchecked_param_type = "SourcingProblem")] problem: &JsValue) -> JsValue {
    answer::give(read::object(problem).map(source::plan))
}
