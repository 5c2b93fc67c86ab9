//! Routing in a browser: what would become of a day's orders under other rules, with the very code of the edge.
//!
//! A bundle of its own, for the back office: a till checks and prices orders and never routes, so it does not fetch this.
//! Every function answers `{ok: true, value}` or `{ok: false, problem}`: a refusal is data, nothing throws, nothing calls
//! back. The facts of routing are as `GET /v1/routing/snapshot` has them: quantities in thousandths of a unit, money in
//! minor units, costs of decisions in thousandths of these.

mod day;
mod optimize;

use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("types.d.ts");

/// The version of the core, as the API's `/v1/version` has it.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// Routes orders one after the other, each from what those before it left.
#[wasm_bindgen(unchecked_return_type = "Answer<Routed>")]
pub fn route_orders(#[wasm_bindgen(unchecked_param_type = "Series")] series: &JsValue) -> JsValue {
    oms_js::give(oms_js::json(series).and_then(|json| day::route(&json)))
}

/// Solves a routing problem in integers, as `cargo xtask route` does.
#[wasm_bindgen(unchecked_return_type = "Answer<Solution>")]
pub fn optimize(#[wasm_bindgen(unchecked_param_type = "Problem")] problem: &JsValue) -> JsValue {
    oms_js::give(oms_js::json(problem).and_then(|json| optimize::solve(&json)))
}
