//! What the stock of one object promises, sentence by sentence.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::std_instead_of_alloc,
    reason = "a test may crash, and runs on the host"
)]

mod cart;
mod cells;
mod hold;
mod inbound;
mod kit;
mod movement;
mod notices;
mod tills;
mod waiting;
