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
    /// What was told, unless it turned out not to be so any more.
    facts: Option<(ItemFacts, Vec<Offer>)>,
    /// When it was asked for, or turned out not to be so: what was asked for before means nothing.
    at: Timestamp,
    /// The latest version of the item that was heard of.
    version: u32,
}

impl Memory {
    /// Remembers what the stock told when it was asked at this time. Answers may overtake each other: what is known from
    /// later stays. What others are offered otherwise is asked for every time.
    pub(super) fn learn(&mut self, items: &[ItemFacts], offers: &[Offer], asked_at: Timestamp) {
        if self.0.len().saturating_add(items.len()) > MAX_REMEMBERED {
            self.0.clear();
        }
        for item in items {
            let version = item.price.version;
            let older = |known: &Known| asked_at < known.at || version < known.version;
            if self.0.get(&item.sku).is_some_and(older) {
                continue;
            }
            let offers: Vec<Offer> = offers.iter().filter(|offer| offer.sku == item.sku).cloned().collect();
            let same_for_all = offers.iter().all(|offer| !offer.personal);
            let facts = same_for_all.then(|| (item.clone(), offers));
            self.0.insert(item.sku.clone(), Known { facts, at: asked_at, version });
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
            let fresh = |known: &&Known| now < known.at.saturating_add_millis(REMEMBERED_MILLIS);
            let (item, of_item) = self.0.get(sku).filter(fresh)?.facts.as_ref()?;
            items.push(item.clone());
            offers.extend(of_item.iter().cloned());
        }
        Some((items, offers))
    }

    /// Takes what was just held from what is remembered to be free.
    pub(super) fn spend(&mut self, parts: &[Ask]) {
        for part in parts {
            let Some((_, offers)) = self.0.get_mut(&part.sku).and_then(|known| known.facts.as_mut()) else { continue };
            for offer in offers.iter_mut().filter(|offer| offer.location == part.location) {
                offer.free = offer.free.saturating_sub(part.quantity);
            }
        }
    }

    /// Hears of an item's version; forgets what it remembers of an older one.
    pub(super) fn hear(&mut self, sku: &Sku, version: u32) {
        if let Some(known) = self.0.get_mut(sku).filter(|known| known.version < version) {
            known.facts = None;
            known.version = version;
        }
    }

    /// Forgets what was told of a SKU, and whatever was asked for before now.
    pub(super) fn forget(&mut self, sku: &Sku, now: Timestamp) {
        if let Some(known) = self.0.get_mut(sku) {
            known.facts = None;
            known.at = known.at.max(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;
    use oms_core::price::PriceEntry;
    use oms_core::routing::Handling;
    use oms_core::value::Quantity;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis).unwrap()
    }

    fn told(version: u32, free: u64) -> (Vec<ItemFacts>, Vec<Offer>) {
        let sku: Sku = "mug".parse().unwrap();
        let price = PriceEntry { version, prices: BTreeMap::new(), tax_class: "standard".parse().unwrap() };
        let (title, unit) = ("Mug".parse().unwrap(), "each".parse().unwrap());
        let free = Quantity::from_units(free).unwrap();
        let location = "ldn".parse().unwrap();
        let offer = Offer {
            sku: sku.clone(),
            location,
            free,
            undecided: Quantity::ZERO,
            coming: vec![],
            lead_days: None,
            personal: false,
        };
        (vec![ItemFacts { sku, title, unit, price, object: 0, handling: Handling::default() }], vec![offer])
    }

    fn learn(memory: &mut Memory, (items, offers): &(Vec<ItemFacts>, Vec<Offer>), asked_at: i64) {
        memory.learn(items, offers, at(asked_at));
    }

    fn recall(memory: &Memory, now: i64) -> Option<(Vec<ItemFacts>, Vec<Offer>)> {
        memory.recall([&"mug".parse().unwrap()].into_iter(), at(now))
    }

    #[test]
    fn what_was_asked_for_earlier_does_not_replace_what_is_known_from_later() {
        let mut memory = Memory::default();
        learn(&mut memory, &told(1, 3), 20);
        learn(&mut memory, &told(1, 9), 10);
        assert_eq!(recall(&memory, 30), Some(told(1, 3)));
        learn(&mut memory, &told(1, 2), 20);
        assert_eq!(recall(&memory, 30), Some(told(1, 2)), "of the same moment, the last answer");
    }

    #[test]
    fn an_older_version_is_never_believed_again() {
        let mut memory = Memory::default();
        learn(&mut memory, &told(1, 3), 10);
        memory.hear(&"mug".parse().unwrap(), 2);
        assert_eq!(recall(&memory, 11), None);
        learn(&mut memory, &told(1, 3), 12);
        assert_eq!(recall(&memory, 13), None);
        learn(&mut memory, &told(2, 3), 12);
        memory.hear(&"mug".parse().unwrap(), 1);
        assert_eq!(recall(&memory, 13), Some(told(2, 3)), "an old answer is no news");
    }

    #[test]
    fn what_turned_out_not_to_be_so_is_not_learned_from_an_older_answer() {
        let mut memory = Memory::default();
        learn(&mut memory, &told(1, 3), 10);
        memory.forget(&"mug".parse().unwrap(), at(20));
        learn(&mut memory, &told(1, 3), 15);
        assert_eq!(recall(&memory, 21), None);
        learn(&mut memory, &told(1, 0), 20);
        assert_eq!(recall(&memory, 21), Some(told(1, 0)));
        assert_eq!(recall(&memory, 20 + REMEMBERED_MILLIS), None, "for a moment only, from when it was asked for");
    }
}
