//! What the stock of one object promises, sentence by sentence.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may crash"
)]

mod cart;
mod cells;
mod hold;
mod kit;
mod movement;
mod notices;
