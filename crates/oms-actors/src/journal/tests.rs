//! What the journal keeps in memory, and what it lets go of.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use oms_core::value::Timestamp;

use super::{Book, Journal, MAX_RESIDENT_BYTES};
use crate::store::{StateRow, Store, StoreError};

#[derive(Default)]
struct Disk {
    turns: BTreeMap<u64, String>,
    states: BTreeMap<String, StateRow>,
    fails: bool,
}

impl Store for Disk {
    fn append(&mut self, seq: u64, turn: &str) -> Result<(), StoreError> {
        self.turns.insert(seq, turn.to_string());
        Ok(())
    }

    fn append_all(&mut self, rows: &[(u64, String)]) -> Result<(), StoreError> {
        self.turns.extend(rows.iter().cloned());
        Ok(())
    }

    fn turns_after(&self, seq: u64, limit: u32) -> Result<Vec<(u64, String)>, StoreError> {
        let after = self.turns.iter().filter(|(at, _)| **at > seq).take(usize::try_from(limit).unwrap());
        Ok(after.map(|(at, turn)| (*at, turn.clone())).collect())
    }

    fn turns(&self, seqs: &[u64]) -> Result<Vec<String>, StoreError> {
        Ok(seqs.iter().filter_map(|seq| self.turns.get(seq).cloned()).collect())
    }

    fn state(&self, key: &str) -> Result<Option<String>, StoreError> {
        Ok(self.states.get(key).map(|row| row.body.clone()))
    }

    fn states(&self, keys: &[&str]) -> Result<Vec<(String, String)>, StoreError> {
        let found = keys.iter().filter_map(|key| self.states.get(*key));
        Ok(found.map(|row| (row.key.clone(), row.body.clone())).collect())
    }

    fn timed_states(&self) -> Result<Vec<StateRow>, StoreError> {
        Ok(self.states.values().filter(|row| row.wake_at.is_some()).cloned().collect())
    }

    fn scan(&self, _: &str, _: &str, _: u32) -> Result<Vec<(String, String)>, StoreError> {
        Ok(vec![])
    }

    fn put_states(&mut self, rows: &[StateRow]) -> Result<(), StoreError> {
        if self.fails {
            return Err(StoreError("checkpoints fail".to_string()));
        }
        self.states.extend(rows.iter().map(|row| (row.key.clone(), row.clone())));
        Ok(())
    }

    fn count(&self, _: &str) -> Result<u64, StoreError> {
        Ok(0)
    }

    fn set_alarm(&mut self, _: Timestamp) -> Result<(), StoreError> {
        Ok(())
    }

    fn rows_written(&self) -> u64 {
        0
    }
}

/// Names with a long text each.
#[derive(Default)]
struct Texts(BTreeMap<String, String>);

impl Book for Texts {
    type Fact = (String, String);

    fn take(&mut self, (name, text): &Self::Fact, _at: Timestamp, _seq: u64) {
        self.0.insert(name.clone(), text.clone());
    }

    fn keys((name, _): &Self::Fact) -> Vec<String> {
        vec![name.clone()]
    }

    fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    fn save(&self, key: &str) -> Option<(String, Option<Timestamp>)> {
        Some((self.0.get(key)?.clone(), None))
    }

    fn restore(&mut self, key: &str, body: &str) -> Result<(), StoreError> {
        self.0.insert(key.to_string(), body.to_string());
        Ok(())
    }

    fn timed(&mut self, key: &str, _wake_at: Timestamp, body: &str) -> Result<(), StoreError> {
        self.restore(key, body)
    }

    fn shed(&mut self, keep: &BTreeSet<String>) {
        self.0.retain(|name, _| keep.contains(name));
    }
}

const MEGABYTE: usize = 1024 * 1024;

fn name(number: usize) -> String {
    alloc::format!("text/{number}")
}

fn write(journal: &mut Journal<Disk, Texts>, number: usize) {
    journal.write(Timestamp::EPOCH, &[(name(number), "x".repeat(MEGABYTE))]).unwrap();
}

#[test]
fn reading_very_much_does_not_fill_the_memory() {
    let mut journal = Journal::<Disk, Texts>::open(Disk::default(), Rc::default()).unwrap();
    for number in 0..40 {
        write(&mut journal, number);
    }
    journal.checkpoint_now().unwrap();
    journal.relieve();
    assert_eq!(journal.book.0.len(), 0, "all of it is on disk");
    write(&mut journal, 40);
    let mut most = 0;
    for number in 0..40 {
        journal.relieve();
        journal.ensure(&name(number)).unwrap();
        assert!(journal.book.has(&name(number)), "what a turn asked for is there");
        assert!(journal.book.has(&name(40)), "what is not on disk stays");
        most = most.max(journal.book.0.len());
    }
    assert!(most <= MAX_RESIDENT_BYTES / MEGABYTE + 2, "{most} megabytes at once");
    journal.checkpoint_now().unwrap();
    journal.ensure(&name(40)).unwrap();
    assert!(journal.book.has(&name(40)));
}

#[test]
fn a_turn_in_pieces_is_folded_and_told_again() {
    let mut journal = Journal::<Disk, Texts>::open(Disk::default(), Rc::default()).unwrap();
    let long = "\u{1F381}".repeat(MEGABYTE);
    for number in 0..3 {
        journal.write(Timestamp::EPOCH, &[(name(number), long.clone())]).unwrap();
        write(&mut journal, number + 10);
    }
    assert!(journal.store.turns.values().all(|row| row.len() <= 2_000_000));
    let Journal { store, .. } = journal;
    let mut again = Journal::<Disk, Texts>::open(store, Rc::default()).unwrap();
    assert_eq!((again.book.0.len(), again.book.0.get(&name(2)) == Some(&long)), (6, true));
    let mut seen = 0;
    again
        .each_turn(0, |_, turn| {
            seen += turn.facts.len();
            Ok(())
        })
        .unwrap();
    assert_eq!(seen, 6);
    // Its next turn comes after the last piece.
    let rows = again.store.turns.len();
    write(&mut again, 0);
    assert_eq!(again.store.turns.len(), rows + 1);
}

#[test]
fn a_checkpoint_that_fails_breaks_nothing_and_comes_again() {
    let mut journal = Journal::<Disk, Texts>::open(Disk { fails: true, ..Disk::default() }, Rc::default()).unwrap();
    for number in 0..600 {
        journal.write(Timestamp::EPOCH, &[(name(number), "\"text\"".to_string())]).unwrap();
        journal.checkpoint_if_due();
        assert!(!journal.is_broken());
    }
    journal.store.fails = false;
    for number in 0..64 {
        journal.write(Timestamp::EPOCH, &[(name(number), "\"text\"".to_string())]).unwrap();
        journal.checkpoint_if_due();
    }
    assert!(journal.store.states.len() > 600);
}
