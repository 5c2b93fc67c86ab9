//! One account's desk: its orders in time order. No two desks ever touch the same order, so desks work side by side.

use std::collections::{BTreeMap, VecDeque};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

use super::sold::Account;
use super::tally::Tally;
use crate::Outcome;
use crate::retail::{Cities, Invoice, Kind, spread};
use crate::shop::{self, Order, PartOfLine, Placed, Shop, Units};

/// An order leaves the house at the first opening this many days after it came in.
const DAYS_TO_SHIP: u32 = 2;
/// Longest wait for an order to come out of `placing`.
const RESERVED_WITHIN: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(20);

/// Statuses of goods that a credit can still stop, and of those that have to come back.
const CANCELABLE: [&str; 3] = ["open", "backordered", "allocated"];
const GONE_BACK: [&str; 2] = ["canceled", "returned"];
const SENT: [&str; 2] = ["shipped", "delivered"];
const LACKING: [&str; 2] = ["open", "backordered"];

#[derive(Debug, Default)]
pub struct Desk {
    account: Account,
    orders: Vec<Sent>,
    /// Orders that nobody has tried to ship yet, oldest first.
    due: VecDeque<usize>,
    /// Orders that still lack goods when the rest has left.
    lacking: Vec<usize>,
}

/// What a desk works with: the line to the shop, the map, and where it counts what it did.
#[derive(Debug)]
pub struct Tools<'t> {
    pub shop: &'t Shop,
    pub cities: &'t Cities,
    pub tally: Tally,
}

/// An order as its desk knows it.
#[derive(Debug)]
struct Sent {
    id: String,
    number: String,
    day: u32,
    /// Units that credits have named so far, by line: what must end up canceled or returned.
    credited: BTreeMap<u32, u64>,
}

impl Desk {
    /// Something is to be shipped today, or waits for goods and is to be looked at again.
    pub fn has_work(&self, today: u32, look_again: bool) -> bool {
        let due = self.due.front().is_some_and(|order| self.orders[*order].day + DAYS_TO_SHIP <= today);
        due || (look_again && self.lacks())
    }

    pub fn lacks(&self) -> bool {
        !self.lacking.is_empty()
    }

    /// One day: first what is due leaves the house, then today's invoices are written.
    pub fn day(&mut self, tools: &mut Tools<'_>, today: u32, invoices: &[&Invoice], look_again: bool) -> Outcome {
        if look_again {
            self.ship_lacking(tools)?;
        }
        self.ship_due(tools, today)?;
        for invoice in invoices {
            match invoice.kind {
                Kind::Sale => self.place(tools, invoice),
                Kind::Credit => self.credit(tools, invoice),
            }
            .with_context(|| format!("invoice {}", invoice.number))?;
        }
        Ok(())
    }

    fn place(&mut self, tools: &mut Tools<'_>, sale: &Invoice) -> Outcome {
        let body = shop::order(sale, tools.cities, shortage(sale));
        tools.tally.orders += 1;
        tools.tally.order_lines += sale.lines.len() as u64;
        tools.tally.units += sale.units();
        tools.tally.imported += u64::from(sale.lines.len() > shop::LINES_PER_ORDER);
        let (id, status, replayed) = match tools.shop.place(&sale.number, &body, &sale.at)? {
            Placed::Rejected => {
                tools.count_first("rejected");
                return Ok(());
            }
            Placed::Taken { id, status, replayed } => (id, status, replayed),
        };
        tools.tally.replayed += u64::from(replayed);
        let status = if status == "placing" {
            tools.tally.answered_placing += 1;
            tools.reserved(&id)?.status
        } else {
            status
        };
        tools.count_first(&status);
        if status == "rejected" {
            return Ok(());
        }
        let order = self.orders.len();
        self.orders.push(Sent { id, number: sale.number.clone(), day: sale.day, credited: BTreeMap::new() });
        self.due.push_back(order);
        self.account.sold(order, sale);
        Ok(())
    }

    fn ship_due(&mut self, tools: &mut Tools<'_>, today: u32) -> Outcome {
        while let Some(order) =
            self.due.front().copied().filter(|order| self.orders[*order].day + DAYS_TO_SHIP <= today)
        {
            self.due.pop_front();
            if self.ship(tools, order)? {
                self.lacking.push(order);
            }
        }
        Ok(())
    }

    /// Ships what has come in for the orders that waited for it.
    pub fn ship_lacking(&mut self, tools: &mut Tools<'_>) -> Outcome {
        for order in std::mem::take(&mut self.lacking) {
            if self.ship(tools, order)? {
                self.lacking.push(order);
            }
        }
        Ok(())
    }

    /// Sends off whatever is ready of an order. Whether it still lacks goods.
    fn ship(&self, tools: &mut Tools<'_>, order: usize) -> Outcome<bool> {
        let sent = &self.orders[order];
        let mut order = tools.reserved(&sent.id)?;
        let ready: Vec<u32> = order
            .fulfillments
            .iter()
            .filter(|fulfillment| ["open", "picked", "packed"].contains(&fulfillment.status.as_str()))
            .map(|fulfillment| fulfillment.no)
            .collect();
        let before = order.units(&SENT);
        for no in &ready {
            order = tools.shop.ship(&sent.id, *no, &format!("{}-{no}", sent.number))?;
        }
        tools.tally.parcels += ready.len() as u64;
        tools.tally.shipped += order.units(&SENT) - before;
        Ok(order.units(&LACKING) > 0)
    }

    fn credit(&mut self, tools: &mut Tools<'_>, credit: &Invoice) -> Outcome {
        tools.tally.credits += 1;
        if credit.customer.is_none() {
            tools.tally.without_account += credit.units();
            return Ok(());
        }
        let matched = self.account.credit(credit);
        tools.tally.unmatched += matched.unmatched;
        for (order, parts) in matched.orders {
            for part in &parts {
                *self.orders[order].credited.entry(part.line).or_default() += part.quantity.0;
            }
            self.take_back(tools, order, &parts, credit)?;
        }
        Ok(())
    }

    /// Cancels what has not left and takes back what has, until the order shows all its credits. What it shows already is
    /// not done again: that is why a second run changes nothing.
    fn take_back(&self, tools: &mut Tools<'_>, order: usize, parts: &[PartOfLine], credit: &Invoice) -> Outcome {
        let sent = &self.orders[order];
        let shown = tools.reserved(&sent.id)?;
        tools.finish_returns(&shown)?;
        let (mut cancel, mut back) = (Vec::new(), Vec::new());
        for part in parts {
            let line = shown.line(part.line).with_context(|| format!("order {} has no line {}", sent.id, part.line))?;
            let (stop, fetch) = to_do(sent.credited[&part.line], part.quantity.0, &|of| line.units(of));
            tools.tally.settled += part.quantity.0 - stop - fetch;
            cancel.extend((stop > 0).then_some(PartOfLine { line: part.line, quantity: Units(stop) }));
            back.extend((fetch > 0).then_some(PartOfLine { line: part.line, quantity: Units(fetch) }));
        }
        let sum = |parts: &[PartOfLine]| parts.iter().map(|part| part.quantity.0).sum::<u64>();
        if !cancel.is_empty() {
            tools.shop.cancel(&shown, "customer", &cancel)?;
            tools.tally.canceled += sum(&cancel);
        }
        if !back.is_empty() {
            let key = format!("{}-{}", credit.number, sent.number);
            let requested = tools.shop.request_return(&sent.id, &key, &back, &credit.number)?;
            tools.shop.restock(&requested, origin(&shown))?;
            tools.tally.returned += sum(&back);
        }
        Ok(())
    }
}

impl Tools<'_> {
    fn count_first(&mut self, status: &str) {
        *self.tally.first.entry(status.to_owned()).or_default() += 1;
    }

    /// The order, as soon as its reservation has come to an end.
    fn reserved(&self, id: &str) -> Outcome<Order> {
        let started = Instant::now();
        loop {
            let order = self.shop.order(id)?;
            if order.status != "placing" {
                return Ok(order);
            }
            if started.elapsed() > RESERVED_WITHIN {
                bail!("order {id} is still reserving after {RESERVED_WITHIN:?}");
            }
            thread::sleep(POLL);
        }
    }

    /// A run that was cut off may have left a return half way.
    fn finish_returns(&self, order: &Order) -> Outcome {
        for back in order.returns.iter().filter(|back| ["requested", "authorized"].contains(&back.status.as_str())) {
            self.shop.restock(back, origin(order))?;
        }
        Ok(())
    }
}

/// Goods go back to where the order's first parcel came from.
fn origin(order: &Order) -> &str {
    order.fulfillments.first().map_or(shop::LOCATIONS[0].0, |fulfillment| fulfillment.location.as_str())
}

/// Units to cancel and units to fetch back, so that a line shows all that was credited; never more than this credit's.
fn to_do(credited: u64, this_credit: u64, units: &dyn Fn(&[&str]) -> u64) -> (u64, u64) {
    let missing = credited.saturating_sub(units(&GONE_BACK)).min(this_credit);
    let cancel = missing.min(units(&CANCELABLE));
    let fetch = (missing - cancel).min(units(&SENT));
    (cancel, fetch)
}

/// The web shop and every fourth account want all or nothing; the others wait for what is short. Orders of the import were
/// sold elsewhere already, so they wait as well.
fn shortage(sale: &Invoice) -> &'static str {
    let waits = match &sale.customer {
        Some(customer) => !spread(customer).is_multiple_of(4),
        None => sale.lines.len() > shop::LINES_PER_ORDER,
    };
    if waits { "backorder" } else { "reject" }
}

/// Who sits at the desk of an invoice: its account. Who has none is nobody else's neighbor.
pub fn desk_of(invoice: &Invoice) -> &str {
    invoice.customer.as_deref().unwrap_or(&invoice.number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(canceled: u64, allocated: u64, shipped: u64) -> impl Fn(&[&str]) -> u64 {
        let units = [("canceled", canceled), ("allocated", allocated), ("shipped", shipped)];
        move |of| units.iter().filter(|(status, _)| of.contains(status)).map(|(_, units)| units).sum()
    }

    #[test]
    fn what_has_not_left_is_canceled_and_what_has_comes_back() {
        assert_eq!(to_do(3, 3, &line(0, 5, 0)), (3, 0));
        assert_eq!(to_do(3, 3, &line(0, 0, 5)), (0, 3));
        assert_eq!(to_do(3, 3, &line(0, 1, 4)), (1, 2));
    }

    #[test]
    fn a_credit_that_shows_already_is_done() {
        assert_eq!(to_do(3, 3, &line(3, 2, 0)), (0, 0));
        assert_eq!(to_do(5, 2, &line(3, 2, 0)), (2, 0));
        assert_eq!(to_do(5, 2, &line(9, 0, 0)), (0, 0));
    }
}
