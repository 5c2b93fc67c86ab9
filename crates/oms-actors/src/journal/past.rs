//! Reading back what was written: turns since the last checkpoint, all turns ever, texts in pieces.

use alloc::string::String;
use alloc::vec::Vec;

use super::pieces;
use super::{Book, Journal, Turn, piece_key, read};
use crate::store::{Store, StoreError};

/// Turns read from disk at once.
const READ_TURNS: u32 = 256;

impl<S: Store, B: Book> Journal<S, B> {
    /// Folds the turns since the last checkpoint.
    pub(super) fn fold_tail(&mut self) -> Result<(), StoreError> {
        loop {
            let turns = self.turns_after(self.head)?;
            if turns.is_empty() {
                return Ok(());
            }
            for (seq, text) in turns {
                let following = pieces::following(&text);
                let turn: Turn<B::Fact> = read(&self.whole_turn(seq, text)?)?;
                self.last_at = turn.at;
                for fact in &turn.facts {
                    self.fold(fact, turn.at, seq)?;
                }
                self.head = seq.saturating_add(following);
            }
        }
    }

    /// The next turns, each by its first row.
    fn turns_after(&self, after: u64) -> Result<Vec<(u64, String)>, StoreError> {
        let mut turns = self.store.turns_after(after, READ_TURNS)?;
        let mut next = 0;
        turns.retain(|(seq, text)| {
            let begins = *seq >= next;
            if begins {
                next = seq.saturating_add(pieces::following(text)).saturating_add(1);
            }
            begins
        });
        Ok(turns)
    }

    /// A turn from its first row.
    pub(crate) fn whole_turn(&self, seq: u64, first: String) -> Result<String, StoreError> {
        pieces::whole(first, |others| {
            let seqs: Vec<u64> = (1..=others).map(|other| seq.saturating_add(other)).collect();
            self.store.turns(&seqs)
        })
    }

    /// A state from its first row.
    pub(super) fn whole_state(&self, key: &str, first: String) -> Result<String, StoreError> {
        pieces::whole(first, |others| {
            let rows = (1..=others).map(|other| self.store.state(&piece_key(key, other)));
            Ok(rows.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
        })
    }

    /// States on disk whose names begin so, as [`Store::scan`] finds them.
    pub(crate) fn scan(&self, prefix: &str, after: &str, limit: u32) -> Result<Vec<(String, String)>, StoreError> {
        let rows = self.store.scan(prefix, after, limit)?;
        rows.into_iter()
            .map(|(key, body)| {
                let body = self.whole_state(&key, body)?;
                Ok((key, body))
            })
            .collect()
    }

    /// Every turn ever, oldest first.
    pub(crate) fn each_turn(
        &self,
        after: u64,
        mut see: impl FnMut(u64, Turn<B::Fact>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut last = after;
        loop {
            let turns = self.turns_after(last)?;
            if turns.is_empty() {
                return Ok(());
            }
            for (seq, text) in turns {
                last = seq.saturating_add(pieces::following(&text));
                see(seq, read(&self.whole_turn(seq, text)?)?)?;
            }
        }
    }
}
