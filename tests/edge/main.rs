//! Black-box suites against the built Worker on workerd: `cargo xtask test`, or `cargo test -p oms-tests --test edge`.

mod harness;
