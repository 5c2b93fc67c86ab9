//! Rights to sell: whatever order the news come in, however often, nobody sells what another was promised (E1 to E4).

use oms_core::machine::Machine as _;
use oms_core::promise::DemandClass;
use oms_core::stock::{Ask, Command, Drawn, HoldId, Holder, Item, Move, MoveLine, MovementId, Stock};
use oms_core::value::{OrderId, Quantity, Slot, Timestamp};
use proptest::prelude::*;

use crate::orders::{later, noon, place, sku, units};
use crate::{cases, seeds, stocks};

const TILLS: usize = 3;
const STOCK: u64 = 30;

/// Something that happens, in this order.
#[derive(Clone, Debug)]
enum Step {
    /// A till asks for more.
    Ask(usize, u64),
    /// A till sells, of what it was told that it may.
    Sell(usize, u64),
    /// A till sells beyond that.
    Beyond(usize, u64),
    /// A till gives back.
    GiveBack(usize, u64),
    /// A till is given up.
    Close(usize),
    /// A message that was sent arrives, now or again.
    Deliver(usize),
    /// A till hears what the stock granted by now.
    Hear(usize),
    /// An order takes some.
    Order(u64),
    /// So much is kept for the tills together.
    Keep(u64),
}

fn step() -> impl Strategy<Value = Step> {
    let till = 0..TILLS;
    prop_oneof![
        1 => (till.clone(), 1..8_u64).prop_map(|(till, more)| Step::Ask(till, more)),
        4 => (till.clone(), 1..5_u64).prop_map(|(till, some)| Step::Sell(till, some)),
        1 => (till.clone(), 1..5_u64).prop_map(|(till, some)| Step::GiveBack(till, some)),
        6 => (0..usize::MAX).prop_map(Step::Deliver),
        3 => till.prop_map(Step::Hear),
        1 => (1..6_u64).prop_map(Step::Order),
        1 => (0..20_u64).prop_map(Step::Keep),
    ]
}

/// A till as it is in the world.
#[derive(Clone, Debug, Default)]
struct Till {
    asked: u64,
    told: u64,
    drawn: Drawn,
}

struct House {
    stock: Stock,
    tills: Vec<Till>,
    sent: Vec<Command>,
    orders: u64,
}

fn holder(till: usize) -> Holder {
    format!("till-{till}:1").parse().expect("a holder")
}

impl House {
    fn open() -> Self {
        let mut stock = Stock::default();
        let put = Command::PutItem { sku: sku("mug"), item: stocks::master() };
        assert_eq!(stock.run(&put, noon()).1, Ok(()));
        let receive = MoveLine::Receive { sku: sku("mug"), location: place("east"), quantity: units(STOCK) };
        let movement = Move { id: MovementId::of("po"), reference: None, lines: vec![receive] };
        assert_eq!(stock.run(&Command::Move(movement), noon()).1, Ok(()));
        Self { stock, tills: vec![Till::default(); TILLS], sent: vec![], orders: 0 }
    }

    fn run(&mut self, command: &Command) {
        let before = Stock::decide(Some(&self.stock), command, later(1)).expect("it is taken");
        let (events, answer) = self.stock.run(command, later(1));
        assert_eq!(answer, Ok(()));
        assert!(events.len() >= before.len());
        // The same again is nothing.
        assert_eq!(Stock::decide(Some(&self.stock), command, later(1)), Ok(vec![]), "{command:?}");
    }

    fn draw(&mut self, till: usize) {
        let drawn = self.tills[till].drawn;
        self.sent.push(Command::Draw { holder: holder(till), sku: sku("mug"), location: place("east"), drawn });
    }

    fn left(&self, till: usize) -> u64 {
        let Till { told, drawn, .. } = &self.tills[till];
        told - (drawn.sold.thousandths() + drawn.surrendered.thousandths()) / 1_000
    }

    fn take(&mut self, step: &Step) {
        match *step {
            Step::Ask(till, more) => {
                self.tills[till].asked += more;
                let asked = units(self.tills[till].asked);
                self.sent.push(Command::Allot {
                    holder: holder(till),
                    sku: sku("mug"),
                    location: place("east"),
                    asked,
                });
            }
            Step::Sell(till, some) => {
                let some = some.min(self.left(till));
                let drawn = &mut self.tills[till].drawn;
                drawn.sold = drawn.sold.saturating_add(units(some));
                self.draw(till);
            }
            Step::Beyond(till, some) => {
                let drawn = &mut self.tills[till].drawn;
                drawn.beyond = drawn.beyond.saturating_add(units(some));
                self.draw(till);
            }
            Step::GiveBack(till, some) => {
                let some = some.min(self.left(till));
                let drawn = &mut self.tills[till].drawn;
                drawn.surrendered = drawn.surrendered.saturating_add(units(some));
                self.draw(till);
            }
            Step::Close(till) => {
                self.tills[till].drawn.closed = true;
                self.draw(till);
            }
            Step::Deliver(which) => {
                if let Some(message) = which.checked_rem(self.sent.len()).map(|at| self.sent[at].clone()) {
                    self.run(&message);
                }
            }
            Step::Hear(till) => {
                let known = self.stock.pages[&sku("mug")].allotments.get(&holder(till));
                let granted = known.map_or(0, |one| one.granted.thousandths() / 1_000);
                self.tills[till].told = self.tills[till].told.max(granted);
            }
            Step::Order(some) => {
                self.orders += 1;
                let order = OrderId::new(Slot::new(0), Timestamp::EPOCH, u128::from(self.orders));
                let ask = Ask { line: 1, sku: sku("mug"), location: place("east"), quantity: units(some) };
                let hold = HoldId::of_order(&order, 0, 0);
                let reserve = Command::Reserve {
                    hold,
                    order,
                    epoch: 0,
                    parts: vec![ask],
                    cart: None,
                    class: DemandClass::default(),
                    sole: true,
                };
                self.run(&reserve);
                self.tills_have_their_share(hold);
            }
            Step::Keep(level) => {
                let kept_for_tills = [(place("east"), units(level))].into();
                let item = Item { kept_for_tills, ..stocks::master() };
                self.run(&Command::PutItem { sku: sku("mug"), item });
            }
        }
    }

    /// What an order got was more than what tills hold, or are to have together.
    fn tills_have_their_share(&self, hold: HoldId) {
        if !self.stock.holds[&hold].is_live() {
            return;
        }
        let page = &self.stock.pages[&sku("mug")];
        let shelf = page.shelf(&place("east"));
        let share = page.item.kept_for_tills.get(&place("east")).copied().unwrap_or_default();
        let left = shelf.on_hand.saturating_sub(shelf.reserved);
        assert!(left >= shelf.allotted.max(share), "an order got what is kept for tills: {shelf:?}, {share}");
    }

    /// Whatever is not reserved is there for a till that asks, whatever is kept for tills.
    fn a_till_may_have_the_rest(&self) {
        let shelf = self.stock.pages[&sku("mug")].shelf(&place("east"));
        let rest = shelf.on_hand.saturating_sub(shelf.promised());
        let asker: Holder = "till-9:1".parse().expect("a holder");
        let ask =
            Command::Allot { holder: asker.clone(), sku: sku("mug"), location: place("east"), asked: units(1_000) };
        let mut stock = self.stock.clone();
        assert_eq!(stock.run(&ask, later(1)).1, Ok(()));
        assert_eq!(stock.pages[&sku("mug")].allotments[&asker].granted, rest);
    }

    /// All that was ever sent arrives at last.
    fn settle(&mut self) {
        for message in self.sent.clone() {
            self.run(&message);
        }
    }

    fn check(&self) {
        let page = &self.stock.pages[&sku("mug")];
        let shelf = page.shelf(&place("east"));
        let open: Quantity = page.allotments.values().map(oms_core::stock::Allotment::open).sum();
        assert_eq!(shelf.allotted, open, "E3");
        assert_eq!(shelf.sums.balance(), Some(shelf.on_hand), "I2");
        let set_aside = shelf.promised().saturating_add(page.kept_for_tills(&place("east")));
        assert!(set_aside <= shelf.on_hand, "I1: {set_aside} set aside of {shelf:?}");
        self.a_till_may_have_the_rest();
        for (till, truth) in self.tills.iter().enumerate() {
            let granted = page.allotments.get(&holder(till)).map(|one| one.granted).unwrap_or_default();
            assert!(truth.told * 1_000 <= granted.thousandths(), "a till was told more than it was granted");
            assert!(truth.drawn.sold.saturating_add(truth.drawn.surrendered) <= granted, "E1");
        }
    }
}

proptest! {
    #![proptest_config(cases(seeds!("allotment")))]

    /// Loss, repetition and any order: within rights nothing is ever sold twice, and nothing is left behind.
    #[test]
    fn within_rights_nothing_is_oversold(steps in prop::collection::vec(step(), 0..120)) {
        let mut house = House::open();
        for step in &steps {
            house.take(step);
            house.check();
            let shelf = house.stock.pages[&sku("mug")].shelf(&place("east"));
            prop_assert!(shelf.shortage().is_zero(), "I1 after {step:?}: {shelf:?}");
        }
        house.settle();
        house.check();
        let page = &house.stock.pages[&sku("mug")];
        let shelf = page.shelf(&place("east"));
        let sold: Quantity = house.tills.iter().map(|till| till.drawn.sold).sum();
        prop_assert_eq!(shelf.on_hand, units(STOCK).saturating_sub(sold));
        for (till, truth) in house.tills.iter().enumerate() {
            let known = page.allotments.get(&holder(till)).map(|one| one.drawn).unwrap_or_default();
            prop_assert_eq!(known, truth.drawn);
        }
    }

    /// Sold beyond rights and after being given up: a shortage is on record, and the books still sum.
    #[test]
    fn beyond_rights_the_books_still_sum(
        steps in prop::collection::vec(
            prop_oneof![
                4 => step(),
                1 => (0..TILLS, 1..20_u64).prop_map(|(till, some)| Step::Beyond(till, some)),
                1 => (0..TILLS).prop_map(Step::Close),
            ],
            0..120,
        ),
    ) {
        let mut house = House::open();
        for step in &steps {
            house.take(step);
            let shelf = house.stock.pages[&sku("mug")].shelf(&place("east"));
            prop_assert_eq!(shelf.sums.balance(), Some(shelf.on_hand));
            prop_assert_eq!(shelf.short, shelf.shortage());
        }
        // In any order the same rights are left.
        let mut other = House::open();
        other.tills.clone_from(&house.tills);
        other.sent = house.sent.iter().rev().filter(|one| matches!(one, Command::Draw { .. })).cloned().collect();
        house.settle();
        other.settle();
        let drawn = |house: &House, till| {
            house.stock.pages[&sku("mug")].allotments.get(&holder(till)).map(|one| one.drawn).unwrap_or_default()
        };
        for till in 0..TILLS {
            prop_assert_eq!(drawn(&house, till), drawn(&other, till));
        }
    }
}
