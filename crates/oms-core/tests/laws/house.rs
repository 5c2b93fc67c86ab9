//! Several orders and several stock objects, and the post between them.

use oms_core::order::{Answer, Command, Draft, Errand, Facts, Fate, Offer, ShortLine};
use oms_core::stock::{self, Ask, HoldId, Inquiry, MoveLine, Stage, Stock};
use oms_core::value::{CartId, OrderId, Quantity, Sku, Slot, Timestamp};

use crate::orders::{Machine, item, place, placement, sku, units};
use crate::shop::{PLACES, SKUS, Watched};
use crate::stocks::{self, books_balance, movement, noon};

/// Messages kept for another delivery.
pub(crate) const MAIL: usize = 400;

/// A message on its way.
#[derive(Clone, Debug)]
pub(crate) enum Mail {
    /// An errand of an order.
    Errand { order: usize, errand: Errand },
    /// What came of one.
    ToOrder { order: usize, command: Command },
    /// A question of a stock object.
    Inquiry { object: usize, inquiry: Inquiry },
    /// The answer to one.
    Fate { object: usize, hold: HoldId, fate: Fate },
}

#[derive(Debug)]
pub(crate) struct House {
    pub(crate) orders: Vec<Watched>,
    pub(crate) stocks: Vec<Stock>,
    pub(crate) mail: Vec<Mail>,
    pub(crate) now: Timestamp,
    movements: u32,
    pub(crate) counted: bool,
}

impl House {
    pub(crate) fn new(objects: usize) -> Self {
        let stocks = vec![Stock::default(); objects];
        let mut house = Self { orders: vec![], stocks, mail: vec![], now: noon(), movements: 0, counted: false };
        for (name, sku) in SKUS.map(sku).into_iter().enumerate() {
            let put = stock::Command::PutItem { sku: sku.clone(), item: stocks::master() };
            house.run(house.object_of(&sku), &put).expect("an item can be put");
            for location in 0..2 {
                house.receive(name, location, 3);
            }
        }
        house
    }

    pub(crate) fn object_of(&self, sku: &Sku) -> usize {
        let at = SKUS.iter().position(|name| *name == sku.as_str()).expect("a SKU of the shop");
        at % self.stocks.len()
    }

    /// Asks a stock object; its books balance afterwards.
    pub(crate) fn run(&mut self, object: usize, command: &stock::Command) -> Result<(), stock::Refusal> {
        let stock = &mut self.stocks[object];
        let before = stock.clone();
        let (events, answer) = stock.run(command, self.now);
        let mut replayed = before;
        events.iter().for_each(|event| replayed.take(event));
        assert_eq!(replayed, *stock, "replay is what happened");
        books_balance(stock);
        let short =
            stock.pages.values().flat_map(|page| page.shelves.values()).map(|shelf| shelf.short).sum::<Quantity>();
        assert!(self.counted || short.is_zero(), "I1: {command:?}");
        answer
    }

    pub(crate) fn receive(&mut self, name: usize, location: usize, quantity: u64) {
        let line =
            MoveLine::Receive { sku: sku(SKUS[name]), location: place(PLACES[location]), quantity: units(quantity) };
        self.post(line).expect("goods can come");
    }

    pub(crate) fn post(&mut self, line: MoveLine) -> Result<(), stock::Refusal> {
        self.movements += 1;
        self.run(self.object_of(line.sku()), &movement(&self.movements.to_string(), vec![line]))
    }

    pub(crate) fn place(&mut self, draft: &Draft, cart: Option<usize>) {
        let id = OrderId::new(Slot::new(0), noon(), self.orders.len() as u128);
        let mut draft = Draft { id, ..draft.clone() };
        draft.head.cart = cart.map(cart_of);
        let facts =
            self.facts(&draft.lines.iter().map(|line| line.sku.clone()).collect::<Vec<_>>(), draft.head.cart.as_ref());
        let mut placement = placement(draft, facts);
        placement.items = SKUS.map(item).to_vec();
        for item in &mut placement.items {
            item.object = u16::try_from(self.object_of(&item.sku)).expect("few objects");
        }
        self.orders.extend(Watched::place(&Command::Place(Box::new(placement)), self.now));
    }

    /// What is known of these SKUs at this moment.
    pub(crate) fn facts(&self, skus: &[Sku], cart: Option<&CartId>) -> Facts {
        let mut facts = crate::orders::no_facts();
        for sku in skus {
            let stock = &self.stocks[self.object_of(sku)];
            facts.offers.extend(PLACES.map(place).into_iter().map(|location| Offer {
                sku: sku.clone(),
                free: stock.available(sku, &location, cart),
                undecided: stock.undecided(sku, &location),
                coming: vec![],
                lead_days: None,
                personal: false,
                location,
            }));
        }
        facts
    }

    pub(crate) fn send(&mut self, order: usize) {
        let Some(owed) = self.orders.get(order).map(|one| one.order.errands(self.now)) else { return };
        let room = MAIL.saturating_sub(self.mail.len());
        self.mail.extend(owed.into_iter().take(room).map(|errand| Mail::Errand { order, errand }));
    }

    pub(crate) fn inquire(&mut self, object: usize) {
        let Some(owed) = self.stocks.get(object).map(|stock| stock.errands(self.now)) else { return };
        let room = MAIL.saturating_sub(self.mail.len());
        self.mail.extend(owed.into_iter().take(room).map(|inquiry| Mail::Inquiry { object, inquiry }));
    }

    /// A message arrives; perhaps it is answered.
    pub(crate) fn carry(&mut self, mail: Mail) -> Option<Mail> {
        match mail {
            Mail::Errand { order, errand } => {
                let id = self.orders[order].id();
                self.carry_out(id, &errand).map(|command| Mail::ToOrder { order, command })
            }
            Mail::ToOrder { order, command } => {
                self.orders[order].ask(&command, self.now).expect("an answer is never refused");
                None
            }
            Mail::Inquiry { object, inquiry } => {
                let order = self.orders.iter().find(|one| one.id() == inquiry.order);
                let fate = order.map_or(Fate::Release, |one| one.order.fate(inquiry.epoch));
                Some(Mail::Fate { object, hold: inquiry.hold, fate })
            }
            Mail::Fate { object, hold, fate } => {
                match fate {
                    Fate::Confirm => self.run(object, &stock::Command::Confirm { hold }).expect("I8: it is confirmed"),
                    Fate::Release => {
                        self.run(object, &stock::Command::Release { hold, totals: None }).expect("it is released");
                    }
                    Fate::Later => {}
                }
                None
            }
        }
    }

    /// Carries an errand out in the stock; what came of it, for the order.
    pub(crate) fn carry_out(&mut self, order: OrderId, errand: &Errand) -> Option<Command> {
        let answer = match errand {
            Errand::Quote { skus, cart, .. } => {
                let skus: Vec<Sku> = skus.iter().map(|(_, sku)| sku.clone()).collect();
                return Some(Command::Plan(self.facts(&skus, cart.as_ref())));
            }
            Errand::Reserve { object, hold, epoch, parts, cart, class, sole } => {
                let order = self.owner(*hold);
                let (object, cart) = (usize::from(*object), cart.clone());
                let (epoch, parts, sole) = (*epoch, parts.clone(), *sole);
                let reserve = stock::Command::Reserve {
                    hold: *hold,
                    order,
                    epoch,
                    parts: parts.clone(),
                    cart,
                    class: class.clone(),
                    sole,
                };
                self.run(object, &reserve).expect("a reservation is answered");
                match &self.stocks[object].holds[hold].stage {
                    Stage::Held { .. } | Stage::Confirmed => Answer::Held { hold: *hold },
                    Stage::Refused { .. } => Answer::Refused { hold: *hold, short: shorts(&parts) },
                    // It was released before it came: the order does not want it any more.
                    Stage::Released => return None,
                }
            }
            Errand::Release { object, hold } => {
                self.run((*object).into(), &stock::Command::Release { hold: *hold, totals: None })
                    .expect("it is released");
                Answer::Released { hold: *hold }
            }
            Errand::GiveBack { object, no, hold, totals } => {
                let release = stock::Command::Release { hold: *hold, totals: Some(totals.clone()) };
                self.run((*object).into(), &release).expect("it is given back");
                let totals = totals.iter().map(|total| (total.line, total.quantity)).collect();
                Answer::GivenBack { no: *no, hold: *hold, totals }
            }
            Errand::Consume { object, no, hold, parts } => {
                let consume = stock::Command::Consume { hold: *hold, shipment: *no, parts: parts.clone() };
                self.run((*object).into(), &consume).expect("I8: what leaves is held");
                Answer::Consumed { no: *no, hold: *hold }
            }
            Errand::Restock { object, no, movement } => {
                self.run((*object).into(), &stock::Command::Move(movement.clone())).expect("what came back is posted");
                Answer::Restocked { no: *no, object: *object }
            }
            Errand::Enlist { object, wait, skus, pegs } => {
                let enlist =
                    stock::Command::Enlist { order, wait: wait.clone(), skus: skus.clone(), pegs: pegs.clone() };
                self.run((*object).into(), &enlist).expect("whoever waits is noted");
                let skus = skus.iter().filter(|(_, quantity)| !quantity.is_zero()).cloned().collect();
                Answer::Enlisted { object: *object, skus }
            }
        };
        Some(Command::Answered(vec![answer]))
    }

    /// The order whose epoch has this hold: a hold's name is made from both.
    pub(crate) fn owner(&self, hold: HoldId) -> OrderId {
        let asks = |one: &&Watched| {
            let epochs = 0..one.order.epochs;
            let objects = 0..u16::try_from(self.stocks.len()).expect("few objects");
            epochs
                .into_iter()
                .any(|epoch| objects.clone().any(|object| HoldId::of_order(&one.id(), epoch, object) == hold))
        };
        self.orders.iter().find(asks).expect("the hold is an order's").id()
    }
}

pub(crate) fn cart_of(number: usize) -> CartId {
    stocks::cart(["ann", "ben"][number])
}

fn shorts(parts: &[Ask]) -> Vec<ShortLine> {
    let none = Quantity::ZERO;
    let short =
        |part: &Ask| ShortLine { line: part.line, sku: part.sku.clone(), requested: part.quantity, available: none };
    parts.iter().map(short).collect()
}
