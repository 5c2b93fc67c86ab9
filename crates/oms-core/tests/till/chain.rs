//! A journal is one history without holes.

use oms_core::till::chain::{Broken, Link, Tip, link, range};
use oms_core::till::{Event, Signed};
use oms_core::value::Digest;

use crate::kit::{device, journal, label, minor, signed, start};

fn tip() -> Tip {
    Tip::start(device(), 1, "x", "y")
}

fn drawer(times: usize) -> Vec<Signed> {
    let event = |no: usize| Event::DrawerOpened { cashier: label("ana"), reason: label(&format!("change {no}")) };
    journal((0..times).map(event))
}

fn none(_: u64) -> Option<Digest> {
    None
}

#[test]
fn a_journal_is_taken_in_whole_or_in_any_parts() {
    let entries = drawer(9);
    let (whole, links, broken) = range(&tip(), &entries, none);
    assert_eq!((whole.seq, whole.head, links.len(), broken), (9, entries[8].hash, 9, None));
    for cut in 0..=9 {
        let (first, _, broken) = range(&tip(), &entries[..cut], none);
        assert_eq!(broken, None);
        // The second part comes with some of the first again.
        let known = |seq: u64| entries[..cut].get(usize::try_from(seq).unwrap() - 1).map(|entry| entry.hash);
        let (second, links, broken) = range(&first, &entries[cut.saturating_sub(2)..], known);
        assert_eq!((second, broken), (whole.clone(), None));
        assert_eq!(links.iter().filter(|link| **link == Link::Known).count(), cut.min(2));
    }
}

#[test]
fn a_gap_is_asked_for() {
    let entries = drawer(5);
    let (known, _, broken) = range(&tip(), &[entries[0].clone(), entries[3].clone()], none);
    assert_eq!((known.seq, broken), (1, Some(Broken::Gap { from: 2 })));
}

#[test]
fn what_was_rewritten_is_a_fork() {
    let entries = drawer(3);
    let (known, ..) = range(&tip(), &entries, none);
    let on_record = |seq: u64| entries.get(usize::try_from(seq).unwrap() - 1).map(|entry| entry.hash);
    // Another entry in the place of one that is known.
    let mut other = entries[1].entry.clone();
    other.event = Event::PaidIn { cashier: label("ana"), amount: minor(1), reason: label("x") };
    assert_eq!(link(&known, &signed(other.clone()), on_record), Err(Broken::Fork { seq: 2 }));
    // The next one comes after another history.
    other.seq = 4;
    assert_eq!(link(&known, &signed(other), on_record), Err(Broken::Fork { seq: 4 }));
    // Rolled back to the start.
    let mut first = entries[0].entry.clone();
    first.uptime += 1;
    assert_eq!(link(&known, &signed(first), on_record), Err(Broken::Fork { seq: 1 }));
    // One that nobody remembers anymore cannot be told from a fork.
    assert_eq!(link(&known, &entries[0], none), Err(Broken::Fork { seq: 1 }));
}

#[test]
fn every_changed_entry_is_found() {
    let good = drawer(1).remove(0);
    let mut changed = good.clone();
    changed.entry.at = changed.entry.at.saturating_add_millis(1);
    assert_eq!(link(&tip(), &changed, none), Err(Broken::Hash { seq: 1 }));
    let mut entry = good.entry.clone();
    entry.seq = 0;
    assert_eq!(link(&tip(), &signed(entry), none), Err(Broken::Hash { seq: 0 }));
    let mut entry = good.entry.clone();
    entry.epoch = 2;
    assert_eq!(link(&tip(), &signed(entry), none), Err(Broken::Foreign));
    let mut entry = good.entry.clone();
    entry.prev = Digest::of(b"another key");
    assert_eq!(link(&tip(), &signed(entry), none), Err(Broken::Fork { seq: 1 }));
    assert_eq!(good.entry.prev, start());
}
