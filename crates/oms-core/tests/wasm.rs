//! The core decides the same on the host and in WebAssembly under Node.

mod corpus;

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn every_target_comes_to_the_same_bits() {
    corpus::same_bits();
}
