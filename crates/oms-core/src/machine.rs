//! What every part with a history is: it decides, it applies, it names its errands.

use alloc::vec::Vec;

use crate::value::Timestamp;

/// A part of the domain with a history.
///
/// Laws, tested for every machine: a repeated command or answer writes nothing; replaying the events gives the live state;
/// `decide` changes nothing and never panics.
pub trait Machine: Sized {
    /// What is asked of it.
    type Command;
    /// What happened: a fact for ever.
    type Event;
    /// Why not, as data.
    type Refusal;
    /// What the world still owes it: a command for somebody else, whose answer comes back as a command.
    type Errand;

    /// Judges a command against the state. Empty when it was done already.
    fn decide(state: Option<&Self>, command: &Self::Command, now: Timestamp)
    -> Result<Vec<Self::Event>, Self::Refusal>;

    /// Takes an event in. Judges nothing, cannot fail.
    fn apply(state: Option<Self>, event: &Self::Event, at: Timestamp) -> Option<Self>;

    /// What is owed now, worked out from the state alone, so that a crash forgets nothing.
    fn errands(&self, now: Timestamp) -> Vec<Self::Errand>;

    /// When it wants to be woken without anybody asking.
    fn wake_at(&self) -> Option<Timestamp>;
}
