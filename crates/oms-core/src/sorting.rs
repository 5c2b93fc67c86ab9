//! Sorting, and sorted collections, with little code for each type.
//!
//! What the standard library compiles of its sorts is two to five kilobytes of wasm for every type of element, also where a map
//! is collected. Here one sort orders places, whatever stands at them, through a comparison that is called, not compiled in.
//! Right wherever few things are sorted once; the optimizer's inner loops sort plain numbers by the standard library's.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;
use core::cmp::Ordering;

/// Sorts by this order. Equal elements stay as they stood.
pub fn sort_by<T>(items: &mut [T], order: impl Fn(&T, &T) -> Ordering) {
    let mut places = places(items.len(), &|one, other| match (items.get(one), items.get(other)) {
        (Some(one), Some(other)) => order(one, other),
        (None, _) | (_, None) => Ordering::Equal,
    });
    arrange(items, &mut places);
}

/// Sorts by a key of each element. Equal elements stay as they stood.
pub fn sort_by_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    sort_by(items, |one, other| key(one).cmp(&key(other)));
}

/// Sorts.
pub fn sort<T: Ord>(items: &mut [T]) {
    sort_by(items, T::cmp);
}

/// Gathers into sorted collections one by one, where `collect` would sort first.
pub trait Gather: Iterator + Sized {
    /// A map of these; of the same key the last counts.
    fn into_map<K: Ord, V>(self) -> BTreeMap<K, V>
    where
        Self: Iterator<Item = (K, V)>,
    {
        let mut map = BTreeMap::new();
        for (key, value) in self {
            map.insert(key, value);
        }
        map
    }

    /// A set of these.
    fn into_set(self) -> BTreeSet<Self::Item>
    where
        Self::Item: Ord,
    {
        let mut set = BTreeSet::new();
        for item in self {
            set.insert(item);
        }
        set
    }
}

impl<I: Iterator> Gather for I {}

/// For each place, which element belongs there.
#[inline(never)]
fn places(count: usize, order: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    places.sort_unstable_by(|one, other| order(*one, *other).then(one.cmp(other)));
    places
}

/// Puts the elements where they belong, each swapped there once.
fn arrange<T>(items: &mut [T], places: &mut [usize]) {
    for at in 0..items.len() {
        let from = moved(places, at);
        items.swap(at, from);
    }
}

/// Where the element that belongs to a place is, now that all before it are where they belong: whoever stood there was
/// swapped to where its successor came from.
fn moved(places: &mut [usize], at: usize) -> usize {
    let mut from = at;
    // Each step leads on along the cycle that the place is in: no more of them than places.
    for _ in 0..places.len() {
        from = places.get(from).copied().unwrap_or(at);
        if from >= at {
            break;
        }
    }
    if let Some(place) = places.get_mut(at) {
        *place = from;
    }
    from
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    #[cfg(not(target_arch = "wasm32"))]
    proptest::proptest! {
        #[test]
        fn it_sorts_as_the_standard_library_does(
            items in proptest::collection::vec((0_u8..8, proptest::num::u32::ANY), 0..64),
        ) {
            let (mut ours, mut theirs) = (items.clone(), items);
            sort_by_key(&mut ours, |item| item.0);
            theirs.sort_by_key(|item| item.0);
            proptest::prop_assert_eq!(ours, theirs);
        }
    }

    #[test]
    fn of_the_same_key_the_last_counts() {
        assert_eq!([(2, 'a'), (1, 'b'), (2, 'c')].into_iter().into_map(), [(2, 'c'), (1, 'b')].into());
        assert_eq!([2, 1, 2].into_iter().into_set(), [1, 2].into());
    }

    #[test]
    fn nothing_and_one_are_sorted() {
        let (mut none, mut one) = (Vec::<u8>::new(), vec![7]);
        sort(&mut none);
        sort(&mut one);
        assert_eq!((none, one), (vec![], vec![7]));
    }
}
