//! A stand-in for the stock that answers as it likes, but keeps its word: what it held it holds, what it refused it refuses,
//! what was released before it was asked for it never holds.

use std::collections::{BTreeMap, BTreeSet};

use oms_core::order::{Answer, Command, Errand, Facts, Order, Status};
use oms_core::stock::{Ask, HoldId};
use oms_core::value::Quantity;

#[derive(Debug, Default)]
pub(crate) struct Desk {
    holds: BTreeMap<HoldId, Promise>,
    restocked: BTreeSet<(u32, u16)>,
}

#[derive(Debug)]
enum Promise {
    Held { parts: Vec<Ask>, given_back: Vec<Ask>, shipped: BTreeMap<u32, Vec<Ask>> },
    Refused,
    Released,
}

impl Desk {
    /// Carries an errand out and says what came of it. `willing` decides what was never asked before.
    pub(crate) fn answer(&mut self, errand: &Errand, facts: &Facts, willing: bool) -> Option<Command> {
        let answer = match errand {
            Errand::Quote { .. } => return Some(Command::Plan(facts.clone())),
            Errand::Reserve { hold, parts, .. } => self.reserve(*hold, parts, willing)?,
            Errand::Release { hold, .. } => {
                self.release(*hold);
                Answer::Released { hold: *hold }
            }
            Errand::GiveBack { no, hold, totals, .. } => {
                self.give_back(*hold, totals);
                let totals = totals.iter().map(|total| (total.line, total.quantity)).collect();
                Answer::GivenBack { no: *no, hold: *hold, totals }
            }
            Errand::Consume { no, hold, parts, .. } => {
                self.consume(*no, *hold, parts);
                Answer::Consumed { no: *no, hold: *hold }
            }
            Errand::Restock { object, no, .. } => {
                self.restocked.insert((*no, *object));
                Answer::Restocked { no: *no, object: *object }
            }
            Errand::Enlist { object, skus, .. } => {
                let skus = skus.iter().filter(|(_, quantity)| !quantity.is_zero()).cloned().collect();
                Answer::Enlisted { object: *object, skus }
            }
        };
        Some(Command::Answered(vec![answer]))
    }

    fn reserve(&mut self, hold: HoldId, parts: &[Ask], willing: bool) -> Option<Answer> {
        let held = || Promise::Held { parts: parts.to_vec(), given_back: vec![], shipped: BTreeMap::new() };
        let promise = self.holds.entry(hold).or_insert_with(|| if willing { held() } else { Promise::Refused });
        match promise {
            Promise::Held { parts: before, .. } => {
                assert_eq!(before, parts, "a hold is asked for in the same words");
                Some(Answer::Held { hold })
            }
            Promise::Refused => Some(Answer::Refused { hold, short: vec![] }),
            Promise::Released => None,
        }
    }

    fn release(&mut self, hold: HoldId) {
        if let Some(Promise::Held { given_back, shipped, .. }) = self.holds.get(&hold) {
            assert!(given_back.is_empty() && shipped.is_empty(), "a dead epoch never committed");
        }
        if !matches!(self.holds.get(&hold), Some(Promise::Refused)) {
            self.holds.insert(hold, Promise::Released);
        }
    }

    fn give_back(&mut self, hold: HoldId, totals: &[Ask]) {
        let Some(Promise::Held { parts, given_back, .. }) = self.holds.get_mut(&hold) else {
            panic!("only what is held is given back");
        };
        for total in totals {
            assert!(of(parts, total) >= total.quantity, "no more is given back than was held");
            let before = given_back.iter_mut().find(|before| same(before, total));
            match before {
                Some(before) => before.quantity = before.quantity.max(total.quantity),
                None => given_back.push(total.clone()),
            }
        }
    }

    /// I8: what leaves is held.
    fn consume(&mut self, no: u32, hold: HoldId, leaving: &[Ask]) {
        let Some(Promise::Held { parts, given_back, shipped }) = self.holds.get_mut(&hold) else {
            panic!("only what is held leaves");
        };
        let before = shipped.entry(no).or_insert_with(|| leaving.to_vec());
        assert_eq!(before, leaving, "a shipment is told in the same words");
        for part in parts.iter() {
            let gone: Quantity = shipped.values().map(|shipment| of(shipment, part)).sum();
            assert!(gone.saturating_add(of(given_back, part)) <= part.quantity, "no more leaves than is held");
        }
    }

    /// What is still set aside is what stands in the order's open fulfillments (I3, no leak).
    pub(crate) fn is_backed_exactly(&self, order: &Order, open: &[Ask]) {
        let mut left: Vec<Ask> = Vec::new();
        for promise in self.holds.values() {
            let Promise::Held { parts, given_back, shipped } = promise else { continue };
            for part in parts {
                let gone: Quantity = shipped.values().map(|shipment| of(shipment, part)).sum();
                let quantity = part.quantity.saturating_sub(gone).saturating_sub(of(given_back, part));
                if !quantity.is_zero() {
                    left.push(Ask { quantity, ..part.clone() });
                }
            }
        }
        let sorted = |mut parts: Vec<Ask>| {
            parts.sort_by(|a, b| (a.line, &a.location, a.quantity).cmp(&(b.line, &b.location, b.quantity)));
            parts
        };
        assert_eq!(sorted(left.clone()), sorted(open.to_vec()), "holds and fulfillments agree");
        let over = matches!(order.status(), Status::Canceled | Status::Rejected);
        assert!(!over || left.is_empty(), "what is over holds nothing");
    }
}

fn same(a: &Ask, b: &Ask) -> bool {
    (a.line, &a.sku, &a.location) == (b.line, &b.sku, &b.location)
}

fn of(parts: &[Ask], part: &Ask) -> Quantity {
    parts.iter().filter(|one| same(one, part)).map(|one| one.quantity).sum()
}
