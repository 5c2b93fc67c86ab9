//! The house in memory.
