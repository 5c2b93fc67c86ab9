//! The routing bundle in a browser.
#![cfg(target_arch = "wasm32")]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may crash")]

mod cases;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
