//! The house in memory.

pub mod edge;
pub mod orlib;
pub mod rush;
pub mod shop;
pub mod simulation;
pub mod world;
