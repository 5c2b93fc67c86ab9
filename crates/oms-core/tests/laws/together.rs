//! Laws of orders and stock together: several orders want the same stock of several objects, and every message between them
//! may be lost, doubled, late or out of order. What is allocated is backed (I3), no hold is broken (I8), nothing is
//! oversold (I1, I2); and once everything is answered, nothing is in flight and nothing leaked (L1).

use std::collections::BTreeMap;

use oms_core::order::{Command, Draft, LineStatus, Order, Status, trades};
use oms_core::promise::DemandClass;
use oms_core::stock::{self, CartAsk, HoldId, MoveLine};
use oms_core::value::{LocationId, Quantity};
use proptest::prelude::*;

use crate::house::{House, MAIL, cart_of};
use crate::orders::{place, sku, units};
use crate::shop::{PLACES, SKUS, Watched, any_command, any_draft, next};

/// More rounds of answering everything than a house takes to be quiet.
const ROUNDS: usize = 400;

#[derive(Clone, Debug)]
enum Step {
    /// An order comes, perhaps from a cart.
    Place {
        draft: Box<Draft>,
        cart: Option<usize>,
    },
    /// An order sends what it owes.
    Send(usize),
    /// A stock object asks about holds in doubt.
    Inquire(usize),
    /// A message arrives, perhaps again. One that never does is lost.
    Deliver(usize),
    /// Somebody asks something of an order.
    Ask {
        order: usize,
        command: Command,
    },
    /// Somebody does one of the things that can be done next.
    Next {
        order: usize,
        which: usize,
    },
    /// An order looks for a better plan.
    Improve(usize),
    /// Orders make room for one another.
    Trade,
    /// A shopper puts something into a cart.
    Cart {
        cart: usize,
        name: usize,
        quantity: u64,
    },
    /// Stock comes.
    Receive {
        name: usize,
        location: usize,
        quantity: u64,
    },
    /// Somebody counts.
    Count {
        name: usize,
        location: usize,
        quantity: u64,
    },
    Wait(i64),
}

fn step() -> impl Strategy<Value = Step> {
    let (name, location, order) = (|| 0..3_usize, || 0..2_usize, || 0..8_usize);
    prop_oneof![
        3 => (any_draft(), prop::option::of(0..2_usize)).prop_map(|(draft, cart)| Step::Place { draft: Box::new(draft), cart }),
        10 => order().prop_map(Step::Send),
        1 => (0..3_usize).prop_map(Step::Inquire),
        24 => any::<usize>().prop_map(Step::Deliver),
        1 => (order(), any_command()).prop_map(|(order, command)| Step::Ask { order, command }),
        6 => (order(), 0..64_usize).prop_map(|(order, which)| Step::Next { order, which }),
        4 => order().prop_map(Step::Improve),
        4 => Just(Step::Trade),
        1 => (0..2_usize, name(), 1..3_u64).prop_map(|(cart, name, quantity)| Step::Cart { cart, name, quantity }),
        1 => (name(), location(), 1..4_u64).prop_map(|(name, location, quantity)| Step::Receive { name, location, quantity }),
        1 => (name(), location(), 0..4_u64).prop_map(|(name, location, quantity)| Step::Count { name, location, quantity }),
        2 => prop_oneof![Just(100), Just(5_000), Just(60_000), Just(900_000)].prop_map(Step::Wait),
    ]
}

impl House {
    fn take(&mut self, step: &Step) {
        let among = |which: usize, count: usize| which % count.max(1);
        match step {
            Step::Place { draft, cart } if self.orders.len() < 6 => self.place(draft, *cart),
            Step::Place { .. } => {}
            Step::Send(order) => self.send(among(*order, self.orders.len())),
            Step::Inquire(object) => self.inquire(among(*object, self.stocks.len())),
            Step::Deliver(which) => {
                // Half of the time the newest few, else any message ever sent.
                let count = self.mail.len();
                let at = if which.is_multiple_of(2) {
                    count.saturating_sub(1 + among(which / 2, count.min(4)))
                } else {
                    among(which / 2, count)
                };
                let Some(mail) = self.mail.get(at).cloned() else { return };
                if let Some(answer) = self.carry(mail).filter(|_| self.mail.len() < MAIL) {
                    self.mail.push(answer);
                }
            }
            Step::Ask { order, command } => {
                let count = self.orders.len();
                let Some(one) = self.orders.get_mut(among(*order, count)) else { return };
                _ = one.ask(command, self.now);
            }
            Step::Next { order, which } => {
                let count = self.orders.len();
                let Some(one) = self.orders.get_mut(among(*order, count)) else { return };
                let Some(command) = next(&one.order, *which) else { return };
                one.ask(&command, self.now).expect("what can be done is done");
            }
            Step::Improve(order) => {
                let order = among(*order, self.orders.len());
                let Some(one) = self.orders.get(order) else { return };
                let skus: Vec<_> = one.order.movable().into_iter().map(|(_, sku)| sku).collect();
                let facts = self.facts(&skus, None);
                self.orders[order].ask(&Command::Improve(facts), self.now).expect("a look is never refused");
            }
            Step::Trade => {
                let facts = self.facts(&SKUS.map(sku), None);
                let open: Vec<_> = self.orders.iter().map(|one| (&one.order, facts.router.clone())).collect();
                let found = trades(&open, &facts.offers, &facts.goods, self.now);
                for step in found.into_iter().flatten() {
                    let Some(one) = self.orders.iter_mut().find(|one| one.id() == step.order) else { continue };
                    let command = match step.room {
                        Some(room) => Command::MakeRoom(facts.clone(), room),
                        None => Command::Improve(facts.clone()),
                    };
                    one.ask(&command, self.now).expect("a move is never refused");
                }
            }
            Step::Cart { cart, name, quantity } => {
                let parts = vec![CartAsk { sku: sku(SKUS[*name]), quantity: units(*quantity), location: None }];
                _ = self.run(
                    self.object_of(&sku(SKUS[*name])),
                    &stock::Command::HoldCart { cart: cart_of(*cart), parts, class: DemandClass::default() },
                );
            }
            Step::Receive { name, location, quantity } => self.receive(*name, *location, *quantity),
            Step::Count { name, location, quantity } => {
                self.counted = true;
                let (sku, location) = (sku(SKUS[*name]), place(PLACES[*location]));
                _ = self.post(MoveLine::Count { sku, location, counted: units(*quantity) });
            }
            Step::Wait(millis) => self.now = self.now.saturating_add_millis(*millis),
        }
    }

    /// I3: what is to leave is backed by a live hold of that much.
    fn allocated_is_backed(&self) {
        for one in &self.orders {
            for (fulfillment, line) in one.backed() {
                let hold = &self.stocks[usize::from(line.object)].holds[&line.hold];
                let of_line = |part: &&stock::Part| part.line == line.line && part.location == fulfillment.location;
                let reserved: Quantity = hold.parts.iter().filter(of_line).map(stock::Part::reserved).sum();
                assert!(hold.is_live() || line.quantity.is_zero(), "I3: a live hold backs it");
                assert!(reserved >= line.quantity, "I3: {reserved} back {}", line.quantity);
            }
        }
    }

    /// Every message arrives, every question is answered, until nobody has anything to say.
    fn settle(&mut self) {
        self.mail.clear();
        for _ in 0..ROUNDS {
            (0..self.orders.len()).for_each(|order| self.send(order));
            (0..self.stocks.len()).for_each(|object| self.inquire(object));
            if self.mail.is_empty() {
                return;
            }
            while let Some(mail) = self.mail.pop() {
                let answer = self.carry(mail);
                self.mail.extend(answer);
                self.allocated_is_backed();
            }
            self.now = self.now.saturating_add_millis(1_000);
        }
        panic!("the house never gets quiet");
    }

    fn lapse(&mut self) {
        (0..self.stocks.len()).for_each(|object| self.run(object, &stock::Command::Lapse).expect("carts lapse"));
    }

    /// L1: nothing in flight, no hold that nobody needs, and both sides count the same.
    fn nothing_leaked(&self) {
        let mut needed: BTreeMap<(HoldId, u32, LocationId), Quantity> = BTreeMap::new();
        for (fulfillment, line) in self.orders.iter().flat_map(Watched::backed) {
            if !line.quantity.is_zero() {
                needed.insert((line.hold, line.line, fulfillment.location.clone()), line.quantity);
            }
        }
        let mut kept: BTreeMap<(HoldId, u32, LocationId), Quantity> = BTreeMap::new();
        for (id, hold) in self.stocks.iter().flat_map(|stock| &stock.holds).filter(|(_, hold)| hold.is_live()) {
            assert!(!hold.is_undecided(), "everything is decided");
            let parts = hold.parts.iter().filter(|part| !part.reserved().is_zero());
            kept.extend(parts.map(|part| ((*id, part.line, part.location.clone()), part.reserved())));
        }
        assert_eq!(kept, needed, "what is set aside is what is needed");
        for name in SKUS {
            let sum = |statuses: &[LineStatus]| -> Quantity {
                let lines =
                    self.orders.iter().flat_map(|one| &one.order.lines).filter(|line| line.sku.as_str() == name);
                lines.map(|line| line.counts.of_any(statuses)).sum()
            };
            let shelves = || self.stocks[self.object_of(&sku(name))].pages[&sku(name)].shelves.values();
            let gone = sum(&[LineStatus::Shipped, LineStatus::Delivered, LineStatus::Returned]);
            assert_eq!(shelves().map(|shelf| shelf.sums.shipped).sum::<Quantity>(), gone, "what left is told");
            let came = sum(&[LineStatus::Returned]);
            assert_eq!(shelves().map(|shelf| shelf.sums.returned).sum::<Quantity>(), came, "what came back is told");
        }
    }

    /// A patient order waits only for what nobody has.
    fn nobody_waits_in_vain(&self) {
        for order in self.orders.iter().map(|one| &one.order).filter(|order| order.status() != Status::Rejected) {
            let waiting = order.lines.iter().filter(|line| !line.counts.of(LineStatus::Backordered).is_zero());
            for line in waiting {
                let stock = &self.stocks[self.object_of(&line.sku)];
                let usable = PLACES.map(place).into_iter().filter(|place| !order.excluded.contains(place));
                let free: Quantity = usable.map(|place| stock.available(&line.sku, &place, None)).sum();
                assert!(free.is_zero(), "{} of {} lie idle while an order waits", free, line.sku);
            }
        }
    }
}

fn over(order: &Order) -> bool {
    matches!(order.status(), Status::Canceled | Status::Rejected)
}

fn keeps_the_laws(objects: usize, steps: &[Step]) {
    let mut house = House::new(objects);
    for step in steps {
        house.take(step);
        house.allocated_is_backed();
    }
    house.settle();
    // A minute later the stock asks about what was never decided; carts lapse; backorders look again, and again.
    for wait in [60_000, 600_000, 6 * 3_600_000, 6 * 3_600_000, 6 * 3_600_000] {
        house.now = house.now.saturating_add_millis(wait);
        house.lapse();
        house.settle();
    }
    house.nothing_leaked();
    house.nobody_waits_in_vain();
    for one in &house.orders {
        assert!(one.order.dead.is_empty() && one.order.attempt.is_none(), "nothing is in flight");
        assert!(
            !over(&one.order) || one.backed().all(|(_, line)| line.quantity.is_zero()),
            "what is over needs nothing"
        );
        one.finish();
    }
}

proptest! {
    #![proptest_config(crate::cases(crate::seeds!("together")))]

    #[test]
    fn any_history_of_orders_and_stock_together_keeps_the_laws(
        objects in 1..4_usize, steps in prop::collection::vec(step(), 20..160),
    ) {
        keeps_the_laws(objects, &steps);
    }
}
