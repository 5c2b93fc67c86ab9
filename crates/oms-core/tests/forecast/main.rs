//! Forecasting and replenishment: against figures nobody here made up, and what is refused.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may crash"
)]

mod methods;
mod refused;
mod replenish;
mod vectors;
mod watch;

/// Within 1e-7, the precision that vectors are compared with.
#[track_caller]
fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-7, "{found} instead of {expected}");
}
