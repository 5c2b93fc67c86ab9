//! What is asked of the edge's side of a till.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::{Line, Oddity, PublicKey, Task, Unreadable};
use crate::price::TaxTable;
use crate::stock::Drawn;
use crate::till::Settings;
use crate::value::{Digest, Label, Quantity, Sku, Topology};

/// Something asked of the edge's side of a till.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Set a new till up.
    Create(Box<Settings>),
    /// Set it up differently.
    Change(Box<Settings>),
    /// Another tax table is in force.
    LearnTax(TaxTable),
    /// Issue a code; the one before, if it was not used, is void.
    Issue {
        /// SHA-256 of the code.
        code: Digest,
    },
    /// Enroll a device: the next epoch begins.
    Enroll {
        /// SHA-256 of the code that it shows.
        code: Digest,
        /// Its key.
        key: PublicKey,
    },
    /// Take an entry in.
    Take(Box<Take>),
    /// Keep a line that cannot be read, as evidence.
    Keep {
        /// The journal that the request is of.
        epoch: u32,
        /// The entry in whose place it came.
        seq: u64,
        /// The line.
        line: Unreadable,
    },
    /// Grant rights beyond those it has.
    Grant {
        /// The request, so that sending it twice grants nothing twice.
        key: Digest,
        /// What.
        lines: Vec<(Sku, Quantity)>,
    },
    /// Ask for more of what runs low.
    Refill,
    /// Ask rights back; nothing names a quantity takes all.
    Recall {
        /// What.
        lines: Vec<(Sku, Option<Quantity>)>,
    },
    /// Give the device up: what it did not account for goes back to stock.
    Revoke {
        /// Why.
        reason: Option<Label>,
    },
    /// The stock answered to what was asked for a journal.
    Granted {
        /// The journal.
        epoch: u32,
        /// The SKU.
        sku: Sku,
        /// What it answered to, in total.
        answered: Quantity,
        /// What it granted, in total.
        granted: Quantity,
    },
    /// The stock knows what a journal did.
    Told {
        /// The journal.
        epoch: u32,
        /// The SKU.
        sku: Sku,
        /// What it knows.
        drawn: Drawn,
    },
    /// Something that an entry led to is done.
    Done {
        /// The journal.
        epoch: u32,
        /// The entry.
        seq: u64,
        /// What.
        task: Task,
        /// What came up.
        oddities: Vec<Oddity>,
    },
}

/// An entry to take in, with every fact that takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Take {
    /// The journal that the request is of.
    pub epoch: u32,
    /// The entry.
    pub line: Line,
    /// Whether the journal's key signed it.
    pub signed: bool,
    /// The hash of the entry that was recorded under its number, if there is one.
    pub recorded: Option<Digest>,
    /// The lines right before it that came in place of entries after the last recorded one.
    pub torn: Torn,
    /// How many SKU objects there are.
    pub topology: Topology,
}

/// Lines in a row that cannot be read, in place of entries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Torn {
    /// How many.
    pub lines: u64,
    /// The hash that the last of them says it has, where that can be read. What the others say nobody confirms: it may be
    /// what is damaged.
    pub told: Option<Digest>,
}
