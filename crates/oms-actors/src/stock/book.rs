//! What a stock object remembers: its stock and the network.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use oms_core::machine::Machine;
use oms_core::network::{self, Network};
use oms_core::stock::{self, Hold, Key, Stock};
use oms_core::value::{LocationId, Sku, Timestamp};
use serde::{Deserialize, Serialize};

use crate::journal::{Book, read, write_json};
use crate::store::StoreError;

/// The state of the network.
pub(super) const NETWORK_KEY: &str = "n";

/// Something that happened in a stock object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Fact {
    /// To the stock.
    Stock(stock::Event),
    /// To the network.
    Network(network::Event),
}

/// The memory of a stock object.
#[derive(Debug, Default)]
pub(super) struct StockBook {
    pub(super) stock: Stock,
    pub(super) network: Option<Network>,
    /// Shelves at which more was sold over a counter than was free. Found again in the pages after a restart.
    pub(super) oversold: BTreeSet<(Sku, LocationId)>,
}

pub(super) fn key_name(key: &Key) -> String {
    match key {
        Key::Page(sku) => format!("p/{sku}"),
        Key::Hold(hold) => format!("h/{hold}"),
        Key::Movement(movement) => format!("m/{movement}"),
    }
}

fn parse(key: &str) -> Option<Key> {
    let (kind, name) = key.split_once('/')?;
    match kind {
        "p" => name.parse().ok().map(Key::Page),
        "h" => name.parse().ok().map(Key::Hold),
        "m" => name.parse().ok().map(Key::Movement),
        _ => None,
    }
}

impl StockBook {
    /// Notes when an item was put, and where too much was sold.
    pub(super) fn stamp(&mut self, event: &stock::Event, at: Timestamp) {
        if let stock::Event::ItemPut { sku, .. } = event
            && let Some(page) = self.stock.pages.get_mut(sku)
        {
            page.put_at = at;
        }
        if let stock::Event::Drawn { sku, .. } = event {
            self.note_oversold(sku);
        }
    }

    fn note_oversold(&mut self, sku: &Sku) {
        let Some(page) = self.stock.pages.get(sku) else { return };
        self.oversold.extend(page.oversold().map(|place| (sku.clone(), place.clone())));
    }
}

impl Book for StockBook {
    type Fact = Fact;

    fn take(&mut self, fact: &Fact, at: Timestamp, _seq: u64) {
        match fact {
            Fact::Stock(event) => {
                self.stock.take(event);
                self.stamp(event, at);
            }
            Fact::Network(event) => self.network = Network::apply(self.network.take(), event, at),
        }
    }

    fn keys(fact: &Fact) -> Vec<String> {
        match fact {
            Fact::Stock(event) => event.keys().iter().map(key_name).collect(),
            Fact::Network(_) => vec![NETWORK_KEY.to_string()],
        }
    }

    fn has(&self, key: &str) -> bool {
        match parse(key) {
            Some(Key::Page(sku)) => self.stock.pages.contains_key(&sku),
            Some(Key::Hold(hold)) => self.stock.holds.contains_key(&hold),
            Some(Key::Movement(movement)) => self.stock.movements.contains(&movement),
            None => self.network.is_some(),
        }
    }

    fn save(&self, key: &str) -> Option<(String, Option<Timestamp>)> {
        match parse(key) {
            Some(Key::Page(sku)) => {
                let page = self.stock.pages.get(&sku)?;
                // Whoever has to be told of news is told after a restart, too.
                Some((write_json(page)?, (page.news != 0 || page.oversold().next().is_some()).then(Timestamp::default)))
            }
            Some(Key::Hold(id)) => {
                let hold = self.stock.holds.get(&id)?;
                Some((write_json(hold)?, hold.wake_at()))
            }
            Some(Key::Movement(_)) => Some((String::from("1"), None)),
            None => Some((write_json(self.network.as_ref()?)?, None)),
        }
    }

    fn restore(&mut self, key: &str, body: &str) -> Result<(), StoreError> {
        match parse(key) {
            Some(Key::Page(sku)) => self.stock.put_page(sku, read(body)?),
            Some(Key::Hold(id)) => self.stock.put_hold(id, read::<Hold>(body)?),
            Some(Key::Movement(id)) => {
                self.stock.movements.insert(id);
            }
            None => self.network = Some(read(body)?),
        }
        Ok(())
    }

    fn timed(&mut self, key: &str, _wake_at: Timestamp, body: &str) -> Result<(), StoreError> {
        self.restore(key, body)?;
        if let Some(Key::Page(sku)) = parse(key) {
            self.note_oversold(&sku);
        }
        Ok(())
    }

    fn shed(&mut self, keep: &BTreeSet<String>) {
        self.stock.shed(|key| keep.contains(&key_name(key)));
    }
}
