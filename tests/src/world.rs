//! The house in memory: the same front door and the same objects on virtual time, in one thread.
//!
//! It keeps the platform's promises and no others. What an object writes between two awaits is committed together; nothing
//! leaves it before that; an alarm comes at least once. Messages may be lost, doubled, delayed and so reordered; an object
//! may crash before its turn is committed or after it, before anything left. All of it follows from a seed, so that a
//! failing run is run again by its number.

mod chance;
mod disk;
mod objects;
mod run;
mod task;
mod turn;

pub use chance::Chance;
pub use disk::{Defects, Disk, Memory, MemoryIndex};
pub use run::{Ticket, World};
pub use turn::Faults;
