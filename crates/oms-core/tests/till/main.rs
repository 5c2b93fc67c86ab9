//! The till: what it decides, what the edge makes of it, and the laws of both.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::wildcard_enum_match_arm,
    clippy::std_instead_of_alloc,
    reason = "a test may crash"
)]

mod chain;
mod check;
mod drawer;
mod goods;
mod kit;
mod laws;
mod paper;
mod refund;
mod sell;
