//! What happened in a replay, counted.

use std::collections::BTreeMap;

#[derive(Debug, Default, Clone)]
pub struct Tally {
    pub orders: u64,
    pub order_lines: u64,
    pub units: u64,
    /// Through the import, because of their length.
    pub imported: u64,
    /// Orders by the first status that was not `placing`; `rejected` among them.
    pub first: BTreeMap<String, u64>,
    pub answered_placing: u64,
    pub replayed: u64,
    pub parcels: u64,
    pub shipped: u64,
    pub credits: u64,
    pub canceled: u64,
    pub returned: u64,
    /// Units of credits that were already canceled or returned when this run came to them.
    pub settled: u64,
    pub unmatched: u64,
    pub without_account: u64,
}

impl Tally {
    pub fn add(&mut self, other: &Self) {
        let Self { first, .. } = other;
        for (status, orders) in first {
            *self.first.entry(status.clone()).or_default() += orders;
        }
        self.orders += other.orders;
        self.order_lines += other.order_lines;
        self.units += other.units;
        self.imported += other.imported;
        self.answered_placing += other.answered_placing;
        self.replayed += other.replayed;
        self.parcels += other.parcels;
        self.shipped += other.shipped;
        self.credits += other.credits;
        self.canceled += other.canceled;
        self.returned += other.returned;
        self.settled += other.settled;
        self.unmatched += other.unmatched;
        self.without_account += other.without_account;
    }
}
