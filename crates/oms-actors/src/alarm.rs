//! The one alarm of an object, shared by its journals.

use core::cell::Cell;

use oms_core::value::Timestamp;

use crate::store::Store;

/// An alarm later than this, in milliseconds, than it was set for is taken for lost; the platform allows itself a minute.
const LOST_MILLIS: i64 = 90_000;

/// When the alarm rings, as far as this instance of the object knows.
#[derive(Debug, Default)]
pub(crate) struct Alarm {
    at: Cell<Option<Timestamp>>,
}

impl Alarm {
    /// Sees to it that it rings at this time or before. What was written stands even when it cannot be set: then the next
    /// request tries again.
    pub(crate) fn set(&self, at: Timestamp, now: Timestamp, store: &mut impl Store) {
        // An alarm that should have rung and didn't is lost: the platform gives up after some tries.
        let standing = self.at.get().filter(|at| *at > now.saturating_add_millis(-LOST_MILLIS));
        if standing.is_some_and(|standing| standing <= at) {
            return;
        }
        self.at.set(store.set_alarm(at).ok().map(|()| at));
    }

    /// It rang: it is gone.
    pub(crate) fn rang(&self) {
        self.at.set(None);
    }
}
