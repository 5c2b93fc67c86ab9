//! How the edge's side of a till changes by what happened. Judges nothing.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use super::event::{Change, Event, Recorded};
use super::{Account, Code, Journal, MAX_FORKS, MAX_KEYS, MAX_PAST_TAXES, MAX_UNREADABLE, Oddity, Right, Standing};
use crate::till::Settings;
use crate::value::{Day, Digest, Quantity, Sku, Timestamp};

pub(super) fn apply(state: Option<Account>, event: &Event, at: Timestamp) -> Option<Account> {
    let Some(mut account) = state else {
        let Event::SettingsPut(settings) = event else { return None };
        return Some(Account {
            settings: (**settings).clone(),
            past_taxes: Vec::new(),
            code: None,
            journals: BTreeMap::new(),
            next_receipt: 1,
            exceptions: 0,
            base: BTreeMap::new(),
            keys: Vec::new(),
        });
    };
    account.take(event, at);
    Some(account)
}

impl Account {
    fn take(&mut self, event: &Event, at: Timestamp) {
        match event {
            Event::SettingsPut(settings) => self.set_up(settings),
            Event::CodeIssued { digest, until } => self.code = Some(Code { digest: *digest, until: *until }),
            Event::Enrolled { epoch, key, code, genesis } => {
                self.code = None;
                let journal = Journal {
                    key: key.clone(),
                    code: *code,
                    standing: Standing::Active,
                    enrolled_at: at,
                    first_receipt: self.next_receipt,
                    head: 0,
                    hash: *genesis,
                    rights: BTreeMap::new(),
                    pending: BTreeMap::new(),
                    forks: BTreeSet::new(),
                    unreadable: BTreeSet::new(),
                    holes: BTreeMap::new(),
                };
                self.journals.insert(*epoch, journal);
            }
            Event::Recorded(recorded) => self.recorded(recorded, at),
            Event::Contradicted { epoch, seq, hash, .. } => {
                self.exceptions = self.exceptions.saturating_add(1);
                self.on_journal(*epoch, |journal| journal.contradicted(*seq, *hash));
            }
            Event::Unreadable { epoch, seq, line, .. } => {
                self.exceptions = self.exceptions.saturating_add(1);
                self.on_journal(*epoch, |journal| {
                    journal.unreadable.insert((*seq, *line));
                });
            }
            Event::Based { key, base } => {
                self.remember(*key);
                self.base.extend(base.iter().cloned());
                self.base.retain(|_, quantity| !quantity.is_zero());
            }
            Event::Asked { epoch, totals } => self.on_journal(*epoch, |journal| {
                for (sku, total) in totals {
                    let right = journal.right(sku);
                    right.asked = right.asked.max(*total);
                    right.recall = Quantity::ZERO;
                    right.refilled_at = at;
                }
            }),
            Event::Granted { epoch, sku, answered, granted } => self.on_journal(*epoch, |journal| {
                let right = journal.right(sku);
                right.answered = right.answered.max(*answered);
                right.granted = right.granted.max(*granted);
            }),
            Event::Recalled { epoch, lines } => self.on_journal(*epoch, |journal| {
                lines.iter().for_each(|(sku, open)| journal.right(sku).recall = *open);
            }),
            Event::Revoked { epoch, .. } => self.on_journal(*epoch, |journal| {
                journal.standing = Standing::Revoked;
                journal.rights.values_mut().for_each(|right| right.recall = Quantity::ZERO);
            }),
            Event::Told { epoch, sku, drawn } => self.on_journal(*epoch, |journal| {
                let right = journal.right(sku);
                right.told = right.told.merged(drawn);
            }),
            Event::Done { epoch, seq, task, oddities } => {
                self.note(oddities);
                self.on_journal(*epoch, |journal| {
                    if let Some(tasks) = journal.pending.get_mut(seq) {
                        tasks.remove(task);
                    }
                    journal.pending.retain(|_, tasks| !tasks.is_empty());
                });
            }
        }
    }

    fn set_up(&mut self, settings: &Settings) {
        let before = core::mem::replace(&mut self.settings, settings.clone()).tax;
        if before.version != settings.tax.version {
            self.past_taxes.push(before);
            let spare = self.past_taxes.len().saturating_sub(MAX_PAST_TAXES);
            self.past_taxes.drain(..spare);
        }
    }

    fn recorded(&mut self, recorded: &Recorded, at: Timestamp) {
        self.note(&recorded.oddities);
        if let Some(number) = recorded.receipt {
            self.next_receipt = self.next_receipt.max(number.saturating_add(1));
        }
        self.on_journal(recorded.epoch, |journal| {
            journal.chain(recorded);
            for (sku, change) in &recorded.rights {
                journal.right(sku).add(change, Day::of_utc(at));
            }
            if !recorded.tasks.is_empty() {
                journal.pending.insert(recorded.seq, recorded.tasks.clone());
            }
        });
    }

    fn note(&mut self, oddities: &[Oddity]) {
        self.exceptions = self.exceptions.saturating_add(u64::try_from(oddities.len()).unwrap_or(u64::MAX));
    }

    fn remember(&mut self, key: Option<Digest>) {
        let Some(key) = key else { return };
        if self.keys.len() >= MAX_KEYS {
            self.keys.remove(0);
        }
        self.keys.push(key);
    }

    fn on_journal(&mut self, epoch: u32, change: impl FnOnce(&mut Journal)) {
        if let Some(journal) = self.journals.get_mut(&epoch) {
            change(journal);
        }
    }
}

impl Journal {
    fn right(&mut self, sku: &Sku) -> &mut Right {
        self.rights.entry(sku.clone()).or_default()
    }

    /// The next entry, or one that could not be read when it was.
    fn chain(&mut self, recorded: &Recorded) {
        if recorded.seq <= self.head {
            self.holes.remove(&recorded.seq);
            let before = recorded.seq.checked_sub(1).and_then(|seq| self.holes.get_mut(&seq));
            if let (Some(hole), Some(hash)) = (before, recorded.skipped.last()) {
                hole.0 = *hash;
            }
            return;
        }
        let mut before = Some(self.hash);
        for (seq, hash) in (self.head.saturating_add(1)..).zip(&recorded.skipped) {
            self.holes.insert(seq, (*hash, before));
            before = *hash;
        }
        while self.holes.len() > MAX_UNREADABLE {
            self.holes.pop_first();
        }
        (self.head, self.hash) = (recorded.seq, recorded.hash);
    }

    fn contradicted(&mut self, seq: u64, hash: Digest) {
        if self.standing == Standing::Active {
            self.standing = Standing::Quarantined;
        }
        if self.forks.len() < MAX_FORKS {
            self.forks.insert((seq, hash));
        }
    }
}

impl Right {
    fn add(&mut self, change: &Change, today: Day) {
        self.pace(today);
        self.today = self.today.saturating_add(change.sold).saturating_add(change.beyond);
        self.surrendered = self.surrendered.saturating_add(change.surrendered);
        self.sold = self.sold.saturating_add(change.sold);
        self.beyond = self.beyond.saturating_add(change.beyond);
        self.recall = self.recall.saturating_sub(change.surrendered).min(self.available());
    }
}
