//! What an order promises, sentence by sentence.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may crash"
)]

mod cancel;
mod cells;
mod flags;
mod fulfill;
mod kit;
mod place;
mod reserve;
mod returns;
