//! What is read of the stock: quotes, the catalog, pages, prices.

use alloc::string::String;
use alloc::vec::Vec;

use oms_core::order::{ItemFacts, Offer};
use oms_core::sorting::Gather as _;
use oms_core::stock::{Asker, HoldId, Key, Page};
use oms_core::value::{Sku, Slot, Timestamp, Topology};

use super::book::{NETWORK_KEY, key_name};
use super::{Inner, Turn};
use crate::journal::read;
use crate::message::{Reply, StockReply};
use crate::store::Store;

/// Items read from disk at once for a catalog.
const CATALOG_ROWS: u32 = 200;
/// Items that one request for a catalog looks at: some tens of milliseconds.
const MAX_CATALOG_ROWS: u32 = 4_000;

impl<S: Store> Inner<S> {
    /// What is known of these SKUs, and what somebody could have of them where.
    pub(super) fn quote(&mut self, skus: &[Sku], asker: Asker<'_>, topology: Topology) -> Turn<Reply> {
        if let Some(cart) = asker.cart {
            self.journal.ensure(&key_name(&Key::Hold(HoldId::of_cart(cart))))?;
        }
        let (mut items, mut offers) = (Vec::new(), Vec::new());
        for sku in skus {
            self.journal.ensure(&key_name(&Key::Page(sku.clone())))?;
            if self.journal.book.stock.pages.get(sku).is_some_and(|page| page.promising.is_some()) {
                self.journal.ensure(NETWORK_KEY)?;
            }
            let (stock, network) = (&self.journal.book.stock, &self.journal.book.network);
            let Some(page) = stock.pages.get(sku) else { continue };
            items.push(ItemFacts {
                sku: sku.clone(),
                title: page.item.title.clone(),
                unit: page.item.unit.clone(),
                price: page.item.price.clone(),
                object: Slot::of_sku(sku).object(topology),
                handling: page.item.handling.clone(),
            });
            let comes = page.inbound.iter().filter(|inbound| !inbound.open().is_zero());
            let all = network.iter().flat_map(|network| network.locations.keys());
            let made = all.filter(|location| page.lead_days(location).is_some());
            let places = page.shelves.keys().chain(comes.map(|inbound| &inbound.location)).chain(made);
            let coming = page.coming(asker.order, asker.on);
            offers.extend(places.into_set().into_iter().map(|location| Offer {
                sku: sku.clone(),
                location: location.clone(),
                free: stock.available_to(sku, location, asker),
                undecided: stock.undecided(sku, location),
                coming: coming.to(location),
                lead_days: page.lead_days(location),
                personal: page.is_allocated(location) || !page.waiting.is_empty(),
            }));
        }
        Ok(Reply::Stock(StockReply::Quoted { items, offers }))
    }

    /// The items that were put since, in the order of their SKUs, as the next checkpoint would have them.
    pub(super) fn catalog(
        &mut self,
        since: Timestamp,
        after: Option<&str>,
        limit: usize,
        now: Timestamp,
    ) -> Turn<Reply> {
        self.journal.checkpoint_now()?;
        let mut after = String::from(after.unwrap_or_default());
        let (mut pages, mut looked) = (Vec::new(), 0_u32);
        let mut next = None;
        loop {
            let rows = self.journal.scan("p/", &after, CATALOG_ROWS)?;
            let Some((last, _)) = rows.last() else { break };
            after.clone_from(last);
            looked = looked.saturating_add(CATALOG_ROWS);
            for (key, body) in &rows {
                let page: Page = read(body)?;
                if let Some(sku) = key.strip_prefix("p/").and_then(|sku| sku.parse().ok())
                    && page.put_at >= since
                {
                    pages.push((sku, page));
                }
            }
            if pages.len() >= limit || looked >= MAX_CATALOG_ROWS {
                next = Some(after);
                break;
            }
        }
        Ok(Reply::Stock(StockReply::Catalog { pages, next, as_of: now }))
    }

    pub(super) fn pages(&mut self, skus: Vec<Sku>, now: Timestamp) -> Turn<Reply> {
        let mut pages = Vec::with_capacity(skus.len());
        for sku in skus {
            self.journal.ensure(&key_name(&Key::Page(sku.clone())))?;
            let page = self.journal.book.stock.pages.get(&sku).cloned();
            pages.extend(page.map(|page| (sku, page)));
        }
        Ok(Reply::Stock(StockReply::Pages { pages, as_of: now }))
    }

    pub(super) fn prices(&mut self, skus: Vec<Sku>) -> Turn<Reply> {
        let mut prices = Vec::with_capacity(skus.len());
        for sku in skus {
            self.journal.ensure(&key_name(&Key::Page(sku.clone())))?;
            let pages = self.journal.book.stock.pages.get(&sku).map(Page::prices);
            prices.extend(pages.map(|pages| (sku, pages)));
        }
        Ok(Reply::Stock(StockReply::Prices(prices)))
    }
}
