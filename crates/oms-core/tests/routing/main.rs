//! Routing: policies as data, what each strategy decides, and what holds whatever is decided.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may crash"
)]

extern crate alloc;

mod costs;
mod decisions;
mod kit;
mod laws;
mod policies;
mod series;
mod strategies;
