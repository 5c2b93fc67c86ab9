//! The house in memory.

pub mod edge;
pub mod orlib;
pub mod rush;
pub mod shop;
pub mod signature;
pub mod simulation;
pub mod till;
pub mod world;

/// The seeds of a test: so many, or `ESTIBA_SEEDS` of them, or the one that `ESTIBA_SEED` names.
#[must_use]
pub fn seeds(count: u64) -> Vec<u64> {
    let said =
        |name| std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is a number")));
    match said("ESTIBA_SEED") {
        Some(seed) => vec![seed],
        None => (0..said("ESTIBA_SEEDS").unwrap_or(count)).collect(),
    }
}
