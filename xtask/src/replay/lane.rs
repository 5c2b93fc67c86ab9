//! One connection: its own accounts, in time order. No two lanes ever touch the same order.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

use super::sold::Account;
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

#[derive(Debug)]
pub struct Lane {
    shop: Shop,
    accounts: HashMap<Arc<str>, Account>,
    orders: Vec<Sent>,
    /// Orders that nobody has tried to ship yet, oldest first.
    due: VecDeque<usize>,
    /// Orders that still lack goods when the rest has left.
    lacking: Vec<usize>,
    pub tally: Tally,
}

/// An order as this lane knows it.
#[derive(Debug)]
struct Sent {
    id: String,
    number: String,
    day: u32,
    /// Units that credits have named so far, by line: what must end up canceled or returned.
    credited: BTreeMap<u32, u64>,
}

/// What happened, counted.
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

impl Lane {
    pub fn new(shop: Shop) -> Self {
        Self {
            shop,
            accounts: HashMap::new(),
            orders: Vec::new(),
            due: VecDeque::new(),
            lacking: Vec::new(),
            tally: Tally::default(),
        }
    }

    /// One day: first what is due leaves the house, then today's invoices are written.
    pub fn day(&mut self, today: u32, invoices: &[&Invoice], cities: &Cities, look_again: bool) -> Outcome {
        if look_again {
            self.ship_lacking()?;
        }
        self.ship_due(today)?;
        for invoice in invoices {
            match invoice.kind {
                Kind::Sale => self.place(invoice, cities),
                Kind::Credit => self.credit(invoice),
            }
            .with_context(|| format!("invoice {}", invoice.number))?;
        }
        Ok(())
    }

    fn place(&mut self, sale: &Invoice, cities: &Cities) -> Outcome {
        let body = shop::order(sale, cities, shortage(sale));
        self.tally.orders += 1;
        self.tally.order_lines += sale.lines.len() as u64;
        self.tally.units += sale.units();
        self.tally.imported += u64::from(sale.lines.len() > shop::LINES_PER_ORDER);
        let (id, status, replayed) = match self.shop.place(&sale.number, &body, &sale.at)? {
            Placed::Rejected => {
                self.count_first("rejected");
                return Ok(());
            }
            Placed::Taken { id, status, replayed } => (id, status, replayed),
        };
        self.tally.replayed += u64::from(replayed);
        let status = if status == "placing" {
            self.tally.answered_placing += 1;
            self.reserved(&id)?.status
        } else {
            status
        };
        self.count_first(&status);
        if status == "rejected" {
            return Ok(());
        }
        let order = self.orders.len();
        self.orders.push(Sent { id, number: sale.number.clone(), day: sale.day, credited: BTreeMap::new() });
        self.due.push_back(order);
        if let Some(customer) = &sale.customer {
            self.accounts.entry(customer.clone()).or_default().sold(order, sale);
        }
        Ok(())
    }

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

    fn ship_due(&mut self, today: u32) -> Outcome {
        while let Some(order) =
            self.due.front().copied().filter(|order| self.orders[*order].day + DAYS_TO_SHIP <= today)
        {
            self.due.pop_front();
            if self.ship(order)?.1 {
                self.lacking.push(order);
            }
        }
        Ok(())
    }

    /// Ships what has come in for the orders that waited for it. The parcels that left, and whether any order still waits.
    pub fn ship_lacking(&mut self) -> Outcome<u64> {
        let (mut parcels, mut lacking) = (0, Vec::new());
        for order in std::mem::take(&mut self.lacking) {
            let (left, lacks) = self.ship(order)?;
            parcels += left;
            if lacks {
                lacking.push(order);
            }
        }
        self.lacking = lacking;
        Ok(parcels)
    }

    /// Sends off whatever is ready of an order. The parcels that left, and whether it still lacks goods.
    fn ship(&mut self, order: usize) -> Outcome<(u64, bool)> {
        let sent = &self.orders[order];
        let mut order = self.reserved(&sent.id)?;
        let ready: Vec<u32> = order
            .fulfillments
            .iter()
            .filter(|fulfillment| ["open", "picked", "packed"].contains(&fulfillment.status.as_str()))
            .map(|fulfillment| fulfillment.no)
            .collect();
        let before = order.units(&SENT);
        for no in &ready {
            order = self.shop.ship(&sent.id, *no, &format!("{}-{no}", sent.number))?;
        }
        self.tally.parcels += ready.len() as u64;
        self.tally.shipped += order.units(&SENT) - before;
        Ok((ready.len() as u64, order.units(&LACKING) > 0))
    }

    fn credit(&mut self, credit: &Invoice) -> Outcome {
        self.tally.credits += 1;
        let Some(customer) = &credit.customer else {
            self.tally.without_account += credit.units();
            return Ok(());
        };
        let Some(account) = self.accounts.get_mut(customer) else {
            self.tally.unmatched += credit.units();
            return Ok(());
        };
        let matched = account.credit(credit);
        self.tally.unmatched += matched.unmatched;
        for (order, parts) in matched.orders {
            for part in &parts {
                *self.orders[order].credited.entry(part.line).or_default() += part.quantity.0;
            }
            self.take_back(order, &parts, credit)?;
        }
        Ok(())
    }

    /// Cancels what has not left and takes back what has, until the order shows all its credits. What it shows already is
    /// not done again: that is why a second run changes nothing.
    fn take_back(&mut self, order: usize, parts: &[PartOfLine], credit: &Invoice) -> Outcome {
        let sent = &self.orders[order];
        let shown = self.reserved(&sent.id)?;
        self.finish_returns(&shown)?;
        let (mut cancel, mut back) = (Vec::new(), Vec::new());
        for part in parts {
            let line = shown.line(part.line).with_context(|| format!("order {} has no line {}", sent.id, part.line))?;
            let (stop, fetch) = to_do(sent.credited[&part.line], part.quantity.0, &|of| line.units(of));
            self.tally.settled += part.quantity.0 - stop - fetch;
            cancel.extend((stop > 0).then_some(PartOfLine { line: part.line, quantity: Units(stop) }));
            back.extend((fetch > 0).then_some(PartOfLine { line: part.line, quantity: Units(fetch) }));
        }
        let sum = |parts: &[PartOfLine]| parts.iter().map(|part| part.quantity.0).sum::<u64>();
        if !cancel.is_empty() {
            self.shop.cancel(&shown, "customer", &cancel)?;
            self.tally.canceled += sum(&cancel);
        }
        if !back.is_empty() {
            let key = format!("{}-{}", credit.number, sent.number);
            let requested = self.shop.request_return(&sent.id, &key, &back, &credit.number)?;
            self.shop.restock(&requested, origin(&shown))?;
            self.tally.returned += sum(&back);
        }
        Ok(())
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

/// The lane of an invoice: that of its account. Who has none is nobody else's neighbor.
pub fn lane_of(invoice: &Invoice, lanes: usize) -> usize {
    let who = invoice.customer.as_deref().unwrap_or(&invoice.number);
    usize::try_from(spread(who) % lanes as u64).unwrap_or_default()
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
