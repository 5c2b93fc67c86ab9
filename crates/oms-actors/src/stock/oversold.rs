//! Goods sold over a counter that orders counted on: a fact beats a reservation. The youngest order that nobody picks yet
//! makes room: it is served from elsewhere, else it waits, and one that wants all or nothing at once is canceled as far as
//! that. What no order can make up for stays a shortage on record.

use alloc::string::String;
use alloc::vec::Vec;

use oms_core::order::Command;
use oms_core::sorting;
use oms_core::stock::{Hold, Owner};
use oms_core::value::{LocationId, OrderId, Quantity, Sku};

use super::{Inner, Stocks, Turn};
use crate::host::Host;
use crate::journal::read;
use crate::message::{Address, Ask, OrderAsk, OrderReply, Reply};
use crate::store::Store;

/// Shelves that one alarm makes room at; the next one goes on.
const SHELVES_PER_ALARM: usize = 8;
/// Orders asked for one shelf: those beyond were placed before all of these.
const ORDERS_PER_SHELF: usize = 200;
/// Holds read from disk at once.
const HOLDS_AT_ONCE: u32 = 500;

impl<S: Store> Stocks<S> {
    /// Makes room where more was sold than was free.
    pub(super) async fn make_room(&self, host: &impl Host) -> Turn<()> {
        let shelves: Vec<(Sku, LocationId)> =
            self.turn(|inner| Ok(inner.journal.book.oversold.iter().take(SHELVES_PER_ALARM).cloned().collect()))?;
        for (sku, location) in shelves {
            if self.make_room_at(&sku, &location, host).await? {
                self.turn(|inner| {
                    inner.journal.book.oversold.remove(&(sku, location));
                    Ok(())
                })?;
            }
        }
        Ok(())
    }

    /// False when somebody could not be reached: it is tried again.
    async fn make_room_at(&self, sku: &Sku, location: &LocationId, host: &impl Host) -> Turn<bool> {
        let mut holders = self.turn(|inner| inner.holders(sku, location))?;
        // Youngest first: an id begins with the time it was made.
        sorting::sort_by(&mut holders, |a, b| b.cmp(a));
        for order in holders.into_iter().take(ORDERS_PER_SHELF) {
            let Some(elsewhere) = self.turn(|inner| inner.short_at(sku, location))? else { return Ok(true) };
            let command = Command::Yield { location: location.clone(), sku: sku.clone(), elsewhere };
            let to = Address::Orders(order.slot().object(self.topology));
            let ask = OrderAsk::Act { order, command, expected: None };
            let reply = host.call(to, Ask::Orders(ask)).await;
            if !matches!(reply, Ok(Reply::Orders(OrderReply::Order { .. } | OrderReply::NoSuchOrder))) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

impl<S: Store> Inner<S> {
    /// Whether other locations have some, where a shelf is still short.
    fn short_at(&mut self, sku: &Sku, location: &LocationId) -> Turn<Option<bool>> {
        self.journal.ensure(&super::key_name(&super::Key::Page(sku.clone())))?;
        let Some(page) = self.journal.book.stock.pages.get(sku) else { return Ok(None) };
        if page.shelf(location).shortage().is_zero() {
            return Ok(None);
        }
        let others = page.shelves.keys().filter(|place| *place != location);
        let free: Quantity = others.map(|place| page.free(place)).sum();
        Ok(Some(!free.is_zero()))
    }

    /// The orders that count on a shelf.
    fn holders(&mut self, sku: &Sku, location: &LocationId) -> Turn<Vec<OrderId>> {
        self.journal.checkpoint_now()?;
        let (mut holders, mut after) = (Vec::new(), String::new());
        loop {
            let rows = self.journal.scan("h/", &after, HOLDS_AT_ONCE)?;
            let Some((last, _)) = rows.last() else { return Ok(holders) };
            after.clone_from(last);
            for (_, body) in &rows {
                let hold: Hold = read(body)?;
                if let Some(Owner::Order { order, .. }) = &hold.owner
                    && !hold.reserved_of(sku, location).is_zero()
                {
                    holders.push(*order);
                }
            }
        }
    }
}
