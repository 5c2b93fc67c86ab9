//! Laws of an order by itself: people ask in any order, the stock answers late, twice, out of order or not at all; then it
//! answers everything, and nothing is owed any more (L1).

use oms_core::order::{Command, Draft, Facts, Offer, Placement};
use oms_core::stock::Ask;
use oms_core::value::Timestamp;
use proptest::prelude::*;

use crate::desk::Desk;
use crate::orders::{Machine, noon, place, placement, sku, units};
use crate::shop::{PLACES, SKUS, Watched, any_command, any_draft, next};

/// More rounds than an order takes to settle once everybody answers.
const ROUNDS: usize = 100;

#[derive(Clone, Debug)]
enum Step {
    Ask(Command),
    /// One of the things that can be done next.
    Next(usize),
    /// One of the errands owed is carried out; its answer comes at once, or later, or never.
    Errand {
        which: usize,
        willing: bool,
        facts: Facts,
        at_once: bool,
    },
    /// An answer of before comes, perhaps not for the first time.
    Answer {
        which: usize,
    },
    /// Facts that nobody asked for come, perhaps of long ago.
    Plan(Facts),
    Wait(i64),
}

fn any_facts() -> impl Strategy<Value = Facts> {
    let offers = prop::collection::vec((0..3_usize, 0..3_usize, 0..5_u64, 0..2_u64), 0..7);
    (offers, prop::array::uniform3(prop::bool::weighted(0.9))).prop_map(|(offers, ships)| {
        let offer = |(name, location, free, undecided)| Offer {
            sku: sku(SKUS[name]),
            location: place(PLACES[location]),
            free: units(free),
            undecided: units(undecided),
            coming: vec![],
            lead_days: None,
            personal: false,
        };
        let ships: Vec<&str> =
            PLACES.into_iter().zip(ships).filter(|(_, ships)| *ships).map(|(name, _)| name).collect();
        let mut offers: Vec<Offer> = offers.into_iter().map(offer).collect();
        offers.sort_by(|one, other| (&one.sku, &one.location).cmp(&(&other.sku, &other.location)));
        offers.dedup_by(|one, other| (&one.sku, &one.location) == (&other.sku, &other.location));
        Facts { offers, goods: vec![], parcels: vec![], router: crate::orders::router(&ships) }
    })
}

fn plenty() -> Facts {
    let places = |name| PLACES.map(|location| (name, location, 99));
    crate::orders::facts(&SKUS.map(places).concat())
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => any_command().prop_map(Step::Ask),
        10 => (0..64_usize).prop_map(Step::Next),
        12 => (0..8_usize, prop::bool::weighted(0.8), any_facts(), prop::bool::weighted(0.8))
            .prop_map(|(which, willing, facts, at_once)| Step::Errand { which, willing, facts, at_once }),
        4 => (0..64_usize).prop_map(|which| Step::Answer { which }),
        1 => any_facts().prop_map(Step::Plan),
        2 => prop_oneof![Just(1_000), Just(5_000), Just(900_000), Just(21_600_000)].prop_map(Step::Wait),
    ]
}

fn keeps_the_laws(draft: Draft, facts: Facts, steps: &[Step], willing: bool) {
    let mut now: Timestamp = noon();
    let place = Command::Place(Box::new(Placement { first_epoch: 41, ..placement(draft, facts) }));
    let Some(mut order) = Watched::place(&place, now) else { return };
    assert!(order.ask(&place, now).is_err(), "an order is placed once");
    let (mut desk, mut answers): (Desk, Vec<Command>) = Default::default();
    for step in steps {
        match step {
            Step::Ask(command) => _ = order.ask(command, now),
            Step::Next(which) => {
                let Some(command) = next(&order.order, *which) else { continue };
                order.ask(&command, now).expect("what can be done is done");
            }
            Step::Errand { which, willing, facts, at_once } => {
                let owed = order.order.errands(now);
                let Some(errand) = owed.get(which % owed.len().max(1)) else { continue };
                let Some(answer) = desk.answer(errand, facts, *willing) else { continue };
                if *at_once {
                    order.ask(&answer, now).expect("an answer is never refused");
                }
                answers.push(answer);
            }
            Step::Answer { which } => {
                let Some(answer) = answers.get(which % answers.len().max(1)) else { continue };
                order.ask(answer, now).expect("an answer is never refused");
            }
            Step::Plan(facts) => order.ask(&Command::Plan(facts.clone()), now).expect("a plan is never refused"),
            Step::Wait(millis) => now = now.saturating_add_millis(*millis),
        }
    }
    now = settle(&mut order, &mut desk, now, willing);
    order.finish();
    let mut forgetful = order.forgetful();
    settle(&mut forgetful, &mut desk, now, willing);
    assert_eq!(forgetful.order, order.order, "an errand carried out again changes nothing");
}

/// Everybody answers everything: nothing is owed any more, and nothing is set aside that is not needed.
fn settle(order: &mut Watched, desk: &mut Desk, mut now: Timestamp, willing: bool) -> Timestamp {
    let facts = if willing { plenty() } else { crate::orders::no_facts() };
    let mut rounds = 0;
    loop {
        let owed = order.order.errands(now);
        if owed.is_empty() {
            break;
        }
        for errand in owed {
            if let Some(answer) = desk.answer(&errand, &facts, willing) {
                order.ask(&answer, now).expect("an answer is never refused");
            }
        }
        now = now.saturating_add_millis(1_000);
        rounds += 1;
        assert!(rounds < ROUNDS, "it never settles: {:?}", order.order.errands(now));
    }
    let open = order.backed().filter(|(_, line)| !line.quantity.is_zero());
    let open: Vec<Ask> = open
        .map(|(one, line)| Ask {
            line: line.line,
            sku: line.sku.clone(),
            location: one.location.clone(),
            quantity: line.quantity,
        })
        .collect();
    desk.is_backed_exactly(&order.order, &open);
    assert!(order.order.dead.is_empty() && order.order.attempt.is_none(), "nothing is in flight");
    now
}

proptest! {
    #![proptest_config(crate::cases(crate::seeds!("order")))]

    #[test]
    fn any_history_of_an_order_keeps_the_laws(
        draft in any_draft(), facts in prop_oneof![any_facts(), Just(plenty())], steps in prop::collection::vec(step(), 1..60), willing in any::<bool>(),
    ) {
        keeps_the_laws(draft, facts, &steps, willing);
    }
}
