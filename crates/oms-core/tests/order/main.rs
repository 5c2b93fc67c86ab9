//! What an order promises, sentence by sentence.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::std_instead_of_alloc,
    reason = "a test may crash, and runs on the host"
)]

mod buying;
mod cancel;
mod cells;
mod flags;
mod fulfill;
mod improve;
mod kit;
mod place;
mod reserve;
mod returns;
