//! What a till's object remembers: the account and the entries of its journals.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use oms_core::machine::Machine;
use oms_core::till::account::{Account, Event, Exception, Oddity, Recorded};
use oms_core::value::{Digest, Timestamp};
use serde::{Deserialize, Serialize};

use super::message::KeptEntry;
use crate::journal::{Book, read, write_json};
use crate::store::StoreError;

/// The state of the account.
pub(super) const ACCOUNT_KEY: &str = "a";

/// Something that happened in a till's object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Fact {
    /// To the account.
    Account(Event),
}

/// The memory of a till's object.
#[derive(Debug, Default)]
pub(super) struct TillBook {
    pub(super) account: Option<Account>,
    pub(super) entries: BTreeMap<(u32, u64), KeptEntry>,
    pub(super) exceptions: BTreeMap<(u32, u64), Vec<Exception>>,
}

/// The name of an entry's state: names sort as entries do.
pub(super) fn entry_key(epoch: u32, seq: u64) -> String {
    format!("e/{epoch:010}/{seq:016}")
}

pub(super) fn exception_key(epoch: u32, seq: u64) -> String {
    format!("x/{epoch:010}/{seq:016}")
}

fn parse(key: &str) -> Option<(&str, (u32, u64))> {
    let (kind, name) = key.split_once('/')?;
    let (epoch, seq) = name.split_once('/')?;
    Some((kind, (epoch.parse().ok()?, seq.parse().ok()?)))
}

/// The entry that an event is about, and whether something odd came up.
fn about(event: &Event) -> Option<((u32, u64), bool)> {
    match event {
        Event::Recorded(recorded) => Some(((recorded.epoch, recorded.seq), !recorded.oddities.is_empty())),
        Event::Done { epoch, seq, oddities, .. } if !oddities.is_empty() => Some(((*epoch, *seq), true)),
        Event::Contradicted { epoch, seq, .. } | Event::Unreadable { epoch, seq, .. } => Some(((*epoch, *seq), true)),
        Event::SettingsPut(_)
        | Event::CodeIssued { .. }
        | Event::Enrolled { .. }
        | Event::Based { .. }
        | Event::Asked { .. }
        | Event::Granted { .. }
        | Event::Recalled { .. }
        | Event::Revoked { .. }
        | Event::Told { .. }
        | Event::Done { .. } => None,
    }
}

impl Book for TillBook {
    type Fact = Fact;

    fn take(&mut self, fact: &Fact, at: Timestamp, _seq: u64) {
        let Fact::Account(event) = fact;
        let before = self.account.as_ref().map_or(0, |account| account.exceptions);
        match event {
            Event::Recorded(recorded) => self.recorded(recorded, before, at),
            Event::Done { epoch, seq, oddities, .. } => {
                if let Some(kept) = self.entries.get_mut(&(*epoch, *seq)) {
                    kept.oddities.extend(oddities.iter().cloned());
                }
                self.odd((*epoch, *seq), oddities, before, at);
            }
            Event::Contradicted { epoch, seq, hash, code, entry } => {
                let oddity = contradiction(code, hash, entry);
                self.odd((*epoch, *seq), &[oddity], before, at);
            }
            Event::Unreadable { epoch, seq, text, .. } => {
                self.odd((*epoch, *seq), &[Oddity::new("unreadable", text.clone())], before, at);
            }
            Event::SettingsPut(_)
            | Event::CodeIssued { .. }
            | Event::Enrolled { .. }
            | Event::Based { .. }
            | Event::Asked { .. }
            | Event::Granted { .. }
            | Event::Recalled { .. }
            | Event::Revoked { .. }
            | Event::Told { .. } => {}
        }
        self.account = Account::apply(self.account.take(), event, at);
    }

    fn keys(fact: &Fact) -> Vec<String> {
        let Fact::Account(event) = fact;
        let mut keys = vec![ACCOUNT_KEY.to_string()];
        if let Some(((epoch, seq), odd)) = about(event) {
            keys.push(entry_key(epoch, seq));
            keys.extend(odd.then(|| exception_key(epoch, seq)));
        }
        keys
    }

    fn has(&self, key: &str) -> bool {
        match parse(key) {
            Some(("e", name)) => self.entries.contains_key(&name),
            Some((_, name)) => self.exceptions.contains_key(&name),
            None => self.account.is_some(),
        }
    }

    fn save(&self, key: &str) -> Option<(String, Option<Timestamp>)> {
        match parse(key) {
            Some(("e", name)) => Some((write_json(self.entries.get(&name)?)?, None)),
            Some((_, name)) => Some((write_json(self.exceptions.get(&name)?)?, None)),
            // It wakes with the object.
            None => Some((write_json(self.account.as_ref()?)?, Some(Timestamp::default()))),
        }
    }

    fn restore(&mut self, key: &str, body: &str) -> Result<(), StoreError> {
        match parse(key) {
            Some(("e", name)) => {
                self.entries.insert(name, read(body)?);
            }
            Some((_, name)) => {
                self.exceptions.insert(name, read(body)?);
            }
            None => self.account = Some(read(body)?),
        }
        Ok(())
    }

    fn timed(&mut self, key: &str, _wake_at: Timestamp, body: &str) -> Result<(), StoreError> {
        self.restore(key, body)
    }

    fn shed(&mut self, keep: &BTreeSet<String>) {
        self.entries.retain(|(epoch, seq), _| keep.contains(&entry_key(*epoch, *seq)));
        self.exceptions.retain(|(epoch, seq), _| keep.contains(&exception_key(*epoch, *seq)));
    }
}

impl TillBook {
    fn recorded(&mut self, recorded: &Recorded, before: u64, at: Timestamp) {
        let name = (recorded.epoch, recorded.seq);
        let kept = KeptEntry {
            epoch: recorded.epoch,
            seq: recorded.seq,
            received_at: at,
            hash: recorded.hash,
            entry: recorded.entry.clone(),
            signature: recorded.signature.clone(),
            left: recorded.left.clone(),
            oddities: recorded.oddities.clone(),
        };
        self.entries.insert(name, kept);
        self.odd(name, &recorded.oddities, before, at);
    }

    fn odd(&mut self, (epoch, seq): (u32, u64), oddities: &[Oddity], before: u64, at: Timestamp) {
        if oddities.is_empty() {
            return;
        }
        let exceptions = self.exceptions.entry((epoch, seq)).or_default();
        for (no, oddity) in (before.saturating_add(1)..).zip(oddities) {
            let (code, detail) = (oddity.code.clone(), oddity.detail.clone());
            exceptions.push(Exception { no, epoch, seq, at, code, detail });
        }
    }
}

fn contradiction(code: &str, hash: &Digest, entry: &str) -> Oddity {
    Oddity::new(code, format!("the entry with hash {hash} contradicts what was recorded: {entry}"))
}
