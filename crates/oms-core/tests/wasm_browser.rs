//! The core decides the same in a browser.
#![cfg(target_arch = "wasm32")]

mod corpus;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test::wasm_bindgen_test]
fn a_browser_comes_to_the_same_bits() {
    corpus::same_bits();
}
