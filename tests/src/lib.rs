//! The house in memory.

pub mod edge;
