//! All desks, and the hands that work at them side by side: a hand for each connection.

use std::collections::HashMap;
use std::sync::Mutex;
use std::thread;

use anyhow::anyhow;

use super::desk::{Desk, Tools, desk_of};
use super::tally::Tally;
use crate::Outcome;
use crate::retail::{Cities, Invoice};
use crate::shop::Shop;

#[derive(Debug)]
pub struct Floor<'f> {
    shop: &'f Shop,
    cities: &'f Cities,
    hands: usize,
    desks: HashMap<&'f str, Desk>,
    pub tally: Tally,
}

impl<'f> Floor<'f> {
    pub fn new(shop: &'f Shop, cities: &'f Cities, hands: usize) -> Self {
        Self { shop, cities, hands, desks: HashMap::new(), tally: Tally::default() }
    }

    /// Everything of one day, and not before the day before it is done. `look_again` at what waited for goods.
    pub fn day(&mut self, today: &'f [Invoice], look_again: bool) -> Outcome {
        let day = today.first().map_or(0, |invoice| invoice.day);
        let mut mail: HashMap<&str, Vec<&Invoice>> = HashMap::new();
        for invoice in today {
            self.desks.entry(desk_of(invoice)).or_default();
            mail.entry(desk_of(invoice)).or_default().push(invoice);
        }
        let busy = self.desks.iter_mut().filter_map(|(name, desk)| {
            let letters = mail.remove(name).unwrap_or_default();
            (!letters.is_empty() || desk.has_work(day, look_again)).then_some((desk, letters))
        });
        let mut work: Vec<_> = busy.collect();
        // The last is taken first: long letters, so that no hand is left with one at the end of the day.
        work.sort_by_key(|(_, letters)| letters.iter().map(|invoice| invoice.lines.len()).sum::<usize>());
        let tools = (self.shop, self.cities, self.hands);
        let done = side_by_side(tools, work, |tools, (desk, letters)| desk.day(tools, day, &letters, look_again));
        self.tally.add(&done?);
        Ok(())
    }

    /// Goods that came back may serve an order that waits. How many parcels left.
    pub fn look_again(&mut self) -> Outcome<u64> {
        let work = self.desks.values_mut().filter(|desk| desk.lacks()).collect();
        let tools = (self.shop, self.cities, self.hands);
        let done = side_by_side(tools, work, |tools, desk: &mut Desk| desk.ship_lacking(tools))?;
        self.tally.add(&done);
        Ok(done.parcels)
    }
}

/// Works through a pile, last first, with so many hands. What they counted, together.
fn side_by_side<T: Send>(
    (shop, cities, hands): (&Shop, &Cities, usize),
    pile: Vec<T>,
    work: impl Fn(&mut Tools<'_>, T) -> Outcome + Sync,
) -> Outcome<Tally> {
    let hands = hands.min(pile.len());
    let pile = Mutex::new(pile);
    let next = || pile.lock().ok().and_then(|mut pile| pile.pop());
    let hand = || -> Outcome<Tally> {
        let mut tools = Tools { shop, cities, tally: Tally::default() };
        while let Some(piece) = next() {
            work(&mut tools, piece)?;
        }
        Ok(tools.tally)
    };
    thread::scope(|scope| {
        let hands: Vec<_> = (0..hands).map(|_| scope.spawn(hand)).collect();
        let mut sum = Tally::default();
        for hand in hands {
            sum.add(&hand.join().map_err(|_| anyhow!("a connection panicked"))??);
        }
        Ok(sum)
    })
}
