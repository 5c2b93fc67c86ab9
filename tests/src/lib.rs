//! The house in memory.

pub mod edge;
pub mod orlib;
pub mod rush;
pub mod shop;
pub mod signature;
pub mod simulation;
pub mod till;
pub mod world;
