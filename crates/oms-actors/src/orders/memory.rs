//! What an order object remembers of the stock for a moment, so that not every order asks first.
//!
//! It is only ever good for what the stock confirms right afterwards: a hold that was had tells the version of the item,
//! and an order whose facts were older is decided again on fresh ones. Nothing is refused, and nothing is put off, on
//! remembered facts alone.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use oms_core::order::{ItemFacts, Offer};
use oms_core::stock::Ask;
use oms_core::value::{Sku, Timestamp};

/// How long facts are remembered, in milliseconds: long enough for a rush, short enough that stock which came in somewhere
/// nearer is seen within a moment.
const REMEMBERED_MILLIS: i64 = 1_000;
/// SKUs remembered at the same time; about half a kilobyte each.
const MAX_REMEMBERED: usize = 4_096;

/// Facts of SKUs, as the stock told them last.
#[derive(Debug, Default)]
pub(super) struct Memory(BTreeMap<Sku, Known>);

#[derive(Debug)]
struct Known {
    item: ItemFacts,
    offers: Vec<Offer>,
    at: Timestamp,
}

impl Memory {
    /// Remembers what the stock told.
    pub(super) fn learn(&mut self, items: &[ItemFacts], offers: &[Offer], at: Timestamp) {
        if self.0.len().saturating_add(items.len()) > MAX_REMEMBERED {
            self.0.clear();
        }
        for item in items {
            let offers = offers.iter().filter(|offer| offer.sku == item.sku).cloned().collect();
            self.0.insert(item.sku.clone(), Known { item: item.clone(), offers, at });
        }
    }

    /// What is remembered of all of these SKUs, or nothing when one of them is not, or not any more.
    pub(super) fn recall<'a>(
        &self,
        skus: impl Iterator<Item = &'a Sku>,
        now: Timestamp,
    ) -> Option<(Vec<ItemFacts>, Vec<Offer>)> {
        let (mut items, mut offers) = (Vec::new(), Vec::new());
        for sku in skus {
            let known = self.0.get(sku).filter(|known| now < known.at.saturating_add_millis(REMEMBERED_MILLIS))?;
            items.push(known.item.clone());
            offers.extend(known.offers.iter().cloned());
        }
        Some((items, offers))
    }

    /// Takes what was just held from what is remembered to be free.
    pub(super) fn spend(&mut self, parts: &[Ask]) {
        for part in parts {
            let Some(known) = self.0.get_mut(&part.sku) else { continue };
            for offer in known.offers.iter_mut().filter(|offer| offer.location == part.location) {
                offer.free = offer.free.saturating_sub(part.quantity);
            }
        }
    }

    /// Hears of an item's version; forgets the item when it remembers another one.
    pub(super) fn hear(&mut self, sku: &Sku, version: u32) {
        if self.0.get(sku).is_some_and(|known| known.item.price.version != version) {
            self.0.remove(sku);
        }
    }

    /// True when these items are remembered exactly so.
    pub(super) fn still_knows(&self, items: &[ItemFacts]) -> bool {
        items.iter().all(|item| self.0.get(&item.sku).is_some_and(|known| known.item == *item))
    }

    /// Forgets a SKU.
    pub(super) fn forget(&mut self, sku: &Sku) {
        self.0.remove(sku);
    }
}
