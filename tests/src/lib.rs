//! The house in memory.

pub mod edge;
pub mod rush;
