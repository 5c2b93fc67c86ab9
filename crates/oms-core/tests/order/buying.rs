//! Goods that an order buys before they are there: made or ordered in for it, or on their way.

use oms_core::order::{Answer, Command, Errand, Event, Facts, Order, Peg, ShortLine, Shortage, Status};
use oms_core::promise::Step;
use oms_core::value::Day;

use crate::kit::*;

const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;

/// These have so much of it free, and any quantity after so many days.
fn makes(free: &[(&str, &str, u64)], lead: &[(&str, &str, u32)]) -> Facts {
    let none = lead.iter().filter(|(name, at, _)| !free.iter().any(|(of, place, _)| of == name && place == at));
    let all: Vec<_> = free.iter().copied().chain(none.map(|(name, at, _)| (*name, *at, 0))).collect();
    let mut facts = facts(&all);
    for offer in &mut facts.offers {
        let days = lead.iter().find(|(name, at, _)| offer.sku == sku(name) && offer.location == place(at));
        offer.lead_days = days.map(|(.., days)| *days);
    }
    facts
}

/// And so many mugs come to the east in so many days.
fn coming(mut facts: Facts, quantity: u64, days: i32) -> Facts {
    let step = Step { day: day(days), quantity: units(quantity) };
    facts.offers.iter_mut().filter(|offer| offer.location == place("east")).for_each(|offer| offer.coming.push(step));
    facts
}

fn plan(facts: Facts) -> Command {
    Command::Plan(facts)
}

fn day(ahead: i32) -> Day {
    Day::of_utc(noon()).saturating_add(ahead)
}

fn peg(made: bool, location: &str, quantity: u64, days: i32) -> Peg {
    Peg { part: part(1, "mug", location, quantity), ready: Some(day(days)), made }
}

fn preorder(mugs: u64) -> Event {
    let mut draft = draft(&[("mug", mugs)]);
    draft.head.shortage = Shortage::Preorder;
    captured_as(draft)
}

/// A hundred mugs, to be there in three days.
fn bought() -> Vec<Event> {
    let pegged = Event::Pegged { pegs: vec![peg(true, "east", 100, 3)], by: None };
    vec![captured(&[("mug", 100)]), backordered(&[(1, 100)], later(900_000)), pegged]
}

/// What is owed to the stock.
fn enlists(order: &Order) -> usize {
    let pegs = order.errands(noon()).into_iter().filter_map(|errand| match errand {
        Errand::Enlist { pegs, .. } => Some(pegs.len()),
        Errand::Quote { .. }
        | Errand::Reserve { .. }
        | Errand::Release { .. }
        | Errand::GiveBack { .. }
        | Errand::Consume { .. }
        | Errand::Restock { .. } => None,
    });
    pegs.sum()
}

#[test]
fn what_has_a_lead_time_is_never_short_and_nothing_of_it_is_claimed_of_the_stock() {
    let facts = makes(&[], &[("mug", "east", 3)]);
    let order = given([captured(&[("mug", 100)])]).when(plan(facts)).happened();
    assert_eq!(order.pegs, [peg(true, "east", 100, 3)]);
    assert_eq!((enlists(&order), order.errands(noon()).len()), (0, 1), "it waits like anybody");
    let facts = makes(&[], &[("mug", "east", 3)]);
    let place = Command::Place(Box::new(placement(draft(&[("mug", 100)]), facts)));
    assert_eq!(given([]).when(place).happened().pegs, [peg(true, "east", 100, 3)], "also when it is placed");
}

#[test]
fn what_is_there_is_taken_and_only_the_rest_is_made() {
    let facts = makes(&[("mug", "west", 40)], &[("mug", "east", 0)]);
    let order = given([captured(&[("mug", 100)])]).when(plan(facts)).happened();
    assert_eq!(order.pegs, [peg(true, "east", 60, 0)]);
    assert_eq!(order.attempt.map(|attempt| attempt.holds[0].parts.clone()), Some(vec![part(1, "mug", "west", 40)]));
}

#[test]
fn what_is_counted_is_short_beside_what_is_made() {
    let facts = makes(&[("jam", "east", 1)], &[("mug", "east", 3)]);
    let place = Command::Place(Box::new(placement(draft(&[("mug", 5), ("jam", 2)]), facts)));
    let Err(oms_core::order::Refusal::Insufficient { short }) = Order::decide(None, &place, noon()) else {
        panic!("it is refused")
    };
    let has = |line: &ShortLine| (line.line, line.available);
    assert_eq!(short.iter().map(has).collect::<Vec<_>>(), [(1, units(5)), (2, units(1))]);
}

#[test]
fn it_is_made_where_it_can_be_sent_from_the_soonest_of_those() {
    let mut facts = makes(&[], &[("mug", "east", 1), ("mug", "north", 5), ("mug", "west", 2)]);
    facts.router = router(&["north", "west"]);
    let order = given([captured(&[("mug", 9)])]).when(plan(facts)).happened();
    assert_eq!(order.pegs, [peg(true, "west", 9, 2)]);
}

#[test]
fn goods_on_their_way_are_bought_before_more_is_made_unless_they_come_later() {
    let of = |days| coming(makes(&[], &[("mug", "east", 3)]), 4, days);
    let order = given([preorder(9)]).when(plan(of(2))).happened();
    assert_eq!(order.pegs, [peg(false, "east", 4, 2), peg(true, "east", 5, 3)]);
    assert_eq!(enlists(&order), 1, "of what comes the stock keeps count");
    let order = given([preorder(9)]).when(plan(of(4))).happened();
    assert_eq!(order.pegs, [peg(true, "east", 9, 3)]);
    let order = given([captured(&[("mug", 9)])]).when(plan(of(2))).happened();
    assert_eq!(order.pegs, [peg(true, "east", 9, 3)], "who did not ask for them leaves them to others");
}

#[test]
fn looking_again_keeps_the_day_until_it_is_over() {
    let facts = || makes(&[], &[("mug", "east", 3)]);
    let look = |days: i64| given(bought()).after(days * DAY_MILLIS).when(plan(facts())).happened();
    assert_eq!(look(2).pegs, [peg(true, "east", 100, 3)]);
    assert_eq!(look(3).pegs, [peg(true, "east", 100, 3)]);
    assert_eq!(look(4).pegs, [peg(true, "east", 100, 7)], "it did not come");
}

#[test]
fn what_comes_of_it_leaves_the_rest_its_day() {
    let some = || makes(&[("mug", "east", 60)], &[("mug", "east", 3)]);
    let order = given(bought()).after(2 * DAY_MILLIS).when(plan(some())).happened();
    assert_eq!(order.pegs, [peg(true, "east", 40, 3), peg(true, "east", 60, 3)], "given up once it is set aside");
    let attempt = order.attempt.expect("it asks for what came");
    assert_eq!(attempt.holds[0].parts, [part(1, "mug", "east", 60)]);
}

#[test]
fn others_who_bought_what_comes_take_nothing_of_what_is_made() {
    let answer = Command::Answered(vec![Answer::NotComing { object: 0 }]);
    given(bought()).when(answer.clone()).nothing();
    let pegs = vec![peg(false, "east", 60, 2), peg(true, "east", 40, 3)];
    let both =
        || [preorder(100), backordered(&[(1, 100)], later(900_000)), Event::Pegged { pegs: pegs.clone(), by: None }];
    let enlisted = Event::Enlisted { object: 0, skus: vec![(sku("mug"), units(100))] };
    let order = given(both()).and(enlisted).when(answer).happened();
    assert_eq!(order.pegs, [peg(true, "east", 40, 3)]);
}

#[test]
fn the_stock_hears_when_what_came_is_made_instead() {
    let enlisted = Event::Enlisted { object: 0, skus: vec![(sku("mug"), units(9))] };
    let pegged = |made| Event::Pegged { pegs: vec![peg(made, "east", 9, 2)], by: None };
    let before = given([preorder(9), backordered(&[(1, 9)], later(900_000)), pegged(false), enlisted.clone()]);
    assert_eq!(before.order().errands(noon()), []);
    let told = before.and(pegged(true)).order();
    let owed = told.errands(noon());
    assert!(matches!(owed.as_slice(), [Errand::Enlist { pegs, .. }] if pegs.is_empty()), "{owed:?}");
}

#[test]
fn a_line_that_ships_whole_is_bought_where_all_of_it_comes() {
    let comes = |steps: &[(&str, i32, u64)]| {
        let mut facts = facts(&[("mug", "east", 0), ("mug", "west", 0)]);
        for (location, days, quantity) in steps {
            let step = Step { day: day(*days), quantity: units(*quantity) };
            let here = facts.offers.iter_mut().filter(|offer| offer.location == place(location));
            here.for_each(|offer| offer.coming.push(step));
        }
        facts
    };
    let whole = || {
        let mut draft = draft(&[("mug", 5)]);
        draft.head.shortage = Shortage::Preorder;
        draft.lines[0].whole = true;
        captured_as(draft)
    };
    let apart = [("east", 1, 3), ("west", 2, 2)];
    let order = given([preorder(5)]).when(plan(comes(&apart))).happened();
    assert_eq!(order.pegs, [peg(false, "east", 3, 1), peg(false, "west", 2, 2)], "who may be split takes what comes");
    let order = given([whole()]).when(plan(comes(&apart))).happened();
    assert_eq!(order.status(), Status::Rejected, "never could it be sent");
    let together = [("east", 1, 3), ("west", 2, 2), ("west", 4, 3)];
    let order = given([whole()]).when(plan(comes(&together))).happened();
    assert_eq!(order.pegs, [peg(false, "west", 2, 2), peg(false, "west", 3, 4)]);
}
