//! The routing bundle under Node.
#![cfg(target_arch = "wasm32")]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may crash")]

mod cases;
