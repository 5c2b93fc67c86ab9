//! Promising: what others published, what must always hold, and what is refused.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::std_instead_of_alloc,
    clippy::needless_pass_by_value,
    reason = "a test may crash, and runs on the host"
)]

mod allocation;
mod backorders;
mod kit;
mod laws;
mod making;
mod orders;
mod plain;
mod refusals;
mod vectors;
mod whole;
