//! Names with a time each, in the order of their times: what comes next is found without looking at the rest.

use alloc::collections::{BTreeMap, BTreeSet};

use oms_core::value::Timestamp;

/// Names with a time each.
#[derive(Debug)]
pub(crate) struct Agenda<K> {
    times: BTreeMap<K, Timestamp>,
    order: BTreeSet<(Timestamp, K)>,
}

impl<K> Default for Agenda<K> {
    fn default() -> Self {
        Self { times: BTreeMap::new(), order: BTreeSet::new() }
    }
}

impl<K: Copy + Ord> Agenda<K> {
    /// Gives a name a time, instead of the one it has.
    pub(crate) fn put(&mut self, name: K, at: Timestamp) {
        if let Some(before) = self.times.insert(name, at) {
            self.order.remove(&(before, name));
        }
        self.order.insert((at, name));
    }

    /// Forgets a name.
    pub(crate) fn remove(&mut self, name: K) {
        if let Some(at) = self.times.remove(&name) {
            self.order.remove(&(at, name));
        }
    }

    /// True for a name that has a time.
    pub(crate) fn contains(&self, name: K) -> bool {
        self.times.contains_key(&name)
    }

    /// The first time of all.
    pub(crate) fn first(&self) -> Option<Timestamp> {
        self.order.first().map(|(at, _)| *at)
    }

    /// Names whose time has come, in the order of their times.
    pub(crate) fn due(&self, now: Timestamp) -> impl Iterator<Item = K> + '_ {
        self.order.iter().take_while(move |(at, _)| *at <= now).map(|(_, name)| *name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis).unwrap()
    }

    #[test]
    fn names_come_in_the_order_of_their_last_times() {
        let mut agenda = Agenda::default();
        agenda.put('a', at(3));
        agenda.put('b', at(2));
        agenda.put('c', at(9));
        agenda.put('b', at(4));
        assert_eq!((agenda.first(), agenda.contains('b')), (Some(at(3)), true));
        assert!(agenda.due(at(4)).eq(['a', 'b']));
        agenda.remove('a');
        agenda.remove('x');
        assert_eq!((agenda.first(), agenda.contains('a')), (Some(at(4)), false));
    }
}
