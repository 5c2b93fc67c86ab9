//! Goods on their way that orders bought: never more is sold than comes, and what came is for whoever bought it.

use oms_core::promise::{DemandClass, Inbound, Source, Stage};
use oms_core::stock::{Ask, Asker, Command, Event, HoldId, Move, MoveLine, MovementId, Stock, Waiting};
use oms_core::value::{Day, OrderId, Quantity, Slot};
use proptest::prelude::*;

use crate::orders::{label, noon, place, sku, units};
use crate::wire::survives;
use crate::{cases, seeds, stocks};

const ORDERS: usize = 5;

#[derive(Clone, Debug)]
enum Step {
    /// A purchase order is put, or put otherwise.
    Expect { number: usize, quantity: u64, days: i32 },
    /// Some of it comes.
    Come { number: usize, quantity: u64 },
    /// An order buys so much in all, or wants no more.
    Buy { order: usize, quantity: u64 },
    /// An order that bought takes what is there, and wants that much less.
    Serve { order: usize },
    /// Somebody else takes some.
    Take { quantity: u64 },
    /// Some is counted away.
    Count(u64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => (0..3_usize, 1..20_u64, 0..9_i32)
            .prop_map(|(number, quantity, days)| Step::Expect { number, quantity, days }),
        2 => (0..3_usize, 1..12_u64).prop_map(|(number, quantity)| Step::Come { number, quantity }),
        5 => (0..ORDERS, 0..12_u64).prop_map(|(order, quantity)| Step::Buy { order, quantity }),
        3 => (0..ORDERS).prop_map(|order| Step::Serve { order }),
        3 => (1..8_u64).prop_map(|quantity| Step::Take { quantity }),
        1 => (0..15_u64).prop_map(Step::Count),
    ]
}

struct House {
    stock: Stock,
    journal: Vec<Event>,
    wants: [u64; ORDERS],
    documents: u32,
}

impl House {
    fn run(&mut self, command: &Command) -> bool {
        let (events, answer) = self.stock.run(command, noon());
        let refused = answer.is_err() || events.iter().any(|event| matches!(event, Event::Refused { .. }));
        self.journal.extend(events);
        !refused
    }

    fn order(at: usize) -> OrderId {
        OrderId::new(Slot::new(1), noon(), u128::try_from(at).expect("few"))
    }

    fn part(quantity: u64) -> Ask {
        Ask { line: 1, sku: sku("mug"), location: place("east"), quantity: units(quantity) }
    }

    fn enlist(&mut self, order: usize, quantity: u64) -> bool {
        let since = noon();
        let wait = Waiting { channel: "web".parse().expect("a channel"), class: None, wanted: None, since };
        let (skus, pegs) = (vec![(sku("mug"), units(quantity))], vec![Self::part(quantity)]);
        self.run(&Command::Enlist { order: Self::order(order), wait, skus, pegs })
    }

    fn reserve(&mut self, order: OrderId, quantity: u64) -> bool {
        self.documents += 1;
        let hold = HoldId::of_order(&order, self.documents, 0);
        let (epoch, parts, class) = (self.documents, vec![Self::part(quantity)], DemandClass::default());
        self.run(&Command::Reserve { hold, order, epoch, parts, cart: None, class, sole: true })
    }

    fn moves(&mut self, reference: Option<&str>, line: MoveLine) {
        self.documents += 1;
        let id = MovementId::of(&self.documents.to_string());
        self.run(&Command::Move(Move { id, reference: reference.map(label), lines: vec![line] }));
    }

    fn free_to(&self, order: Option<OrderId>) -> u64 {
        let class = DemandClass::default();
        let asker = Asker { class: &class, cart: None, order, on: Day::of_utc(noon()) };
        self.stock.available_to(&sku("mug"), &place("east"), asker).thousandths() / 1_000
    }

    fn units(&self, of: impl Fn(&oms_core::stock::Page) -> Quantity) -> u64 {
        of(&self.stock.pages[&sku("mug")]).thousandths() / 1_000
    }

    fn take(&mut self, step: &Step) {
        let number = |at: usize| ["PO 1", "PO 2", "PO 3"][at];
        let (free, open) = (self.units(|page| page.shelf(&place("east")).free(Quantity::ZERO)), self.open());
        match step {
            Step::Expect { number: at, quantity, days } => {
                let expected = Day::of_utc(noon()).checked_add(*days).expect("near");
                let (received, sent, stage) = (Quantity::ZERO, Quantity::ZERO, Stage::Ready);
                let (id, sku, location) = (label(number(*at)), sku("mug"), place("east"));
                let (source, ordered) = (Source::Purchase, units(*quantity));
                let inbound = Inbound { id, sku, location, source, stage, expected, ordered, received, sent };
                self.run(&Command::Expect(inbound));
            }
            Step::Come { number: at, quantity } => {
                let (sku, location, quantity) = (sku("mug"), place("east"), units(*quantity));
                self.moves(Some(number(*at)), MoveLine::Receive { sku, location, quantity });
            }
            Step::Buy { order, quantity } => {
                let others: u64 = (0..ORDERS).filter(|at| at != order).map(|at| self.wants[at]).sum();
                let fits = *quantity <= self.wants[*order] || quantity + others <= free + open;
                assert_eq!(self.enlist(*order, *quantity), fits, "{quantity} and {others} of {free} and {open}");
                if fits {
                    self.wants[*order] = *quantity;
                }
            }
            Step::Serve { order } => {
                let (mine, id) = (self.wants[*order], Self::order(*order));
                let had = mine.min(self.free_to(Some(id)));
                if had > 0 {
                    assert!(self.reserve(id, had), "it is told what it may have");
                    assert!(self.enlist(*order, mine - had), "less can always be wanted");
                    self.wants[*order] = mine - had;
                }
            }
            Step::Take { quantity } => {
                let kept = self.wants.iter().sum::<u64>().saturating_sub(open);
                let stranger = OrderId::new(Slot::new(2), noon(), u128::from(self.documents));
                assert_eq!(
                    self.reserve(stranger, *quantity),
                    quantity + kept <= free,
                    "{quantity} of {free}, {kept} kept"
                );
            }
            Step::Count(counted) => {
                self.moves(
                    None,
                    MoveLine::Count { sku: sku("mug"), location: place("east"), counted: units(*counted) },
                );
            }
        }
    }

    fn open(&self) -> u64 {
        self.units(|page| page.incoming(&place("east")))
    }

    /// Who bought is told of no more than comes, and nobody else of what they bought.
    fn tells_the_truth(&self) {
        let (page, today, east) = (&self.stock.pages[&sku("mug")], Day::of_utc(noon()), place("east"));
        let sum = |order| -> u64 {
            let steps = page.coming(order, today).to(&east);
            steps.iter().map(|step| step.quantity.thousandths() / 1_000).sum()
        };
        let all: u64 = self.wants.iter().sum();
        assert_eq!(sum(None), self.open().saturating_sub(all), "what is left to buy");
        for (at, wants) in self.wants.iter().enumerate().filter(|(_, wants)| **wants > 0) {
            let told = sum(Some(Self::order(at)));
            assert!(told <= self.open(), "{told} of {}", self.open());
            assert!(told <= wants + self.open().saturating_sub(all), "nothing of what others bought");
        }
        assert_eq!(page.pegged(&east, None).thousandths() / 1_000, all);
    }
}

proptest! {
    #![proptest_config(cases(seeds!("buying")))]

    #[test]
    fn no_more_is_sold_than_comes_and_what_came_is_for_whoever_bought_it(
        steps in prop::collection::vec(step(), 1..40)
    ) {
        let mut house = House { stock: Stock::default(), journal: vec![], wants: [0; ORDERS], documents: 0 };
        house.run(&Command::PutItem { sku: sku("mug"), item: stocks::master() });
        for step in &steps {
            house.take(step);
            house.tells_the_truth();
            stocks::books_balance(&house.stock);
        }
        let replayed = house.journal.iter().fold(Stock::default(), |mut stock, event| {
            stock.take(event);
            stock
        });
        prop_assert_eq!(&replayed, &house.stock, "the journal replays to what is");
        house.journal.iter().for_each(survives);
        house.stock.pages.values().for_each(survives);
    }
}
