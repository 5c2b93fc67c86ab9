//! What can be sold.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use oms_core::sorting::Gather as _;
use oms_core::stock::Page;
use oms_core::value::{Label, LocationId, Quantity, Sku, Timestamp};
use serde::Serialize;

use crate::show::Shown;

/// Most SKUs of one question.
pub const MAX_SKUS: usize = 100;

/// The answer to a question for availability.
#[derive(Debug, Serialize)]
pub struct AvailabilityView<'a> {
    data: Vec<SkuView<'a>>,
    as_of: Shown<Timestamp>,
}

impl<'a> AvailabilityView<'a> {
    /// What can be sold of these, in this order, at all locations or at one.
    pub fn new(pages: &'a [(Sku, Page)], location: Option<&LocationId>, as_of: Timestamp) -> Self {
        Self { data: pages.iter().map(|(sku, page)| SkuView::new(sku, page, location)).collect(), as_of: Shown(as_of) }
    }
}

#[derive(Debug, Serialize)]
struct SkuView<'a> {
    sku: &'a Sku,
    unit: &'a Label,
    available: Shown<Quantity>,
    locations: Vec<ShelfView<'a>>,
}

impl<'a> SkuView<'a> {
    fn new(sku: &'a Sku, page: &'a Page, only: Option<&LocationId>) -> Self {
        let comes = page.inbound.iter().filter(|inbound| !inbound.open().is_zero()).map(|inbound| &inbound.location);
        let places: BTreeSet<&LocationId> = page.shelves.keys().chain(comes).into_set();
        let places = places.into_iter().filter(|location| only.is_none_or(|only| only == *location));
        let locations: Vec<ShelfView<'a>> = places.map(|location| ShelfView::new(location, page)).collect();
        let available = locations.iter().map(|shelf| shelf.available.0).sum();
        Self { sku, unit: &page.item.unit, available: Shown(available), locations }
    }
}

#[derive(Debug, Serialize)]
struct ShelfView<'a> {
    location: &'a LocationId,
    on_hand: Shown<Quantity>,
    reserved: Shown<Quantity>,
    allotted: Shown<Quantity>,
    kept_for_tills: Shown<Quantity>,
    safety_stock: Shown<Quantity>,
    quarantined: Shown<Quantity>,
    available: Shown<Quantity>,
    incoming: Shown<Quantity>,
    low_stock: bool,
}

impl<'a> ShelfView<'a> {
    fn new(location: &'a LocationId, page: &Page) -> Self {
        let shelf = page.shelf(location);
        Self {
            location,
            on_hand: Shown(shelf.on_hand),
            reserved: Shown(shelf.reserved),
            allotted: Shown(shelf.allotted),
            kept_for_tills: Shown(page.kept_for_tills(location)),
            safety_stock: Shown(page.safety_at(location)),
            quarantined: Shown(shelf.quarantined),
            // What came for whoever bought it before is theirs.
            available: Shown(page.free(location).saturating_sub(page.awaited(location, None))),
            incoming: Shown(page.incoming(location)),
            low_stock: shelf.low,
        }
    }
}
