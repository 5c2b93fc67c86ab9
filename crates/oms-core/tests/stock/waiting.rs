//! Who waits for goods, whom new goods are told to, and in which order they are given out.

use oms_core::promise::allocation::Class;
use oms_core::promise::{BackorderRule, Backorders, DemandClass, Inbound, Promising, Source, Stage, Step, Strategy};
use oms_core::stock::{Ask, Asker, Command, MAX_PREORDERS, MAX_WAITING, Move, Stock, Waiting, turns};
use oms_core::value::{Day, OrderId, Slot};

use crate::kit::*;

fn order(number: u32) -> OrderId {
    OrderId::new(Slot::new(0), noon(), number.into())
}

fn waiting(class: &str, day: Option<&str>) -> Waiting {
    Waiting {
        channel: "web".parse().expect("a channel"),
        class: Some(class.parse().expect("a class")),
        wanted: day.map(|day| day.parse().expect("a day")),
        since: noon(),
    }
}

fn waits(stock: &mut Stock, number: u32, class: &str, quantity: u64) {
    waits_until(stock, number, class, None, quantity);
}

fn waits_until(stock: &mut Stock, number: u32, class: &str, day: Option<&str>, quantity: u64) {
    let skus = vec![(sku("mug"), units(quantity))];
    stock
        .run(&Command::Enlist { order: order(number), wait: waiting(class, day), skus, pegs: vec![] }, noon())
        .1
        .expect("noted");
}

fn mugs(on_hand: u64) -> Stock {
    let mut stock = Stock::default();
    stock.run(&Command::PutItem { sku: sku("mug"), item: master() }, noon()).1.expect("an item");
    if on_hand > 0 {
        let come = receive(on_hand);
        stock.run(&movement("first", vec![come]), noon()).1.expect("goods");
    }
    stock
}

fn rules() -> Backorders {
    let rule = |class: &str, strategy| BackorderRule {
        channels: vec![],
        customer_classes: vec![class.parse().expect("a class")],
        strategy,
    };
    Backorders { version: 1, rules: vec![rule("gold", Strategy::Win), rule("last", Strategy::Lose)] }
}

fn served(stock: &Stock) -> Vec<(OrderId, u64)> {
    let today = Day::of_utc(noon());
    let all = turns(&stock.pages[&sku("mug")], &rules(), today).into_iter();
    let sum = |turn: &oms_core::stock::Turn| turn.steps.iter().map(|step| step.quantity.thousandths() / 1_000).sum();
    all.map(|turn| (turn.order, sum(&turn))).collect()
}

#[test]
fn goods_are_given_out_by_strategy_then_by_day_then_by_time() {
    let mut stock = mugs(6);
    waits(&mut stock, 1, "last", 1);
    waits(&mut stock, 2, "plain", 2);
    waits_until(&mut stock, 3, "plain", Some("2026-03-09"), 3);
    waits(&mut stock, 4, "gold", 2);
    assert_eq!(served(&stock), [(order(4), 2), (order(3), 3), (order(2), 1), (order(1), 0)]);
}

#[test]
fn nobody_is_told_of_goods_that_nobody_wants() {
    let mut stock = mugs(5);
    assert!(!stock.has_news());
    waits(&mut stock, 1, "plain", 9);
    assert!(stock.has_news(), "goods came while the order said that it waits");
}

#[test]
fn news_lasts_until_all_of_it_is_told() {
    let mut stock = mugs(0);
    waits(&mut stock, 1, "plain", 2);
    assert!(!stock.has_news());
    for name in ["second", "third"] {
        stock.run(&movement(name, vec![receive(1)]), noon()).1.expect("goods");
    }
    let (told, now) = (Command::Told { sku: sku("mug"), news: 1, rules: rules() }, stock.pages[&sku("mug")].news);
    assert_eq!(now, 2);
    stock.run(&told, noon()).1.expect("told");
    assert!(stock.has_news(), "more came meanwhile");
    assert_eq!(self::told(&stock), [(order(1), 2)], "but who waits is promised it");
    assert_eq!(stock.run(&told, noon()).0, []);
    stock.run(&Command::Told { sku: sku("mug"), news: 2, rules: rules() }, noon()).1.expect("told");
    assert!(!stock.has_news());
}

#[test]
fn the_list_of_a_sku_ends_somewhere() {
    let mut stock = mugs(0);
    let most = u32::try_from(MAX_WAITING).expect("few");
    (0..=most).for_each(|number| waits(&mut stock, number, "plain", 1));
    assert_eq!(stock.pages[&sku("mug")].waiting.len(), MAX_WAITING);
    waits(&mut stock, 0, "plain", 0);
    waits(&mut stock, most, "plain", 1);
    assert_eq!(stock.pages[&sku("mug")].waiting.last().map(|waiter| waiter.order), Some(order(most)));
}

/// What every order on the list was told, in all.
pub(crate) fn told(stock: &Stock) -> Vec<(OrderId, u64)> {
    let sum = |steps: &[Step]| steps.iter().map(|step| step.quantity.thousandths() / 1_000).sum();
    stock.pages[&sku("mug")].waiting.iter().map(|waiter| (waiter.order, sum(&waiter.told))).collect()
}

/// The news is told, and who waits is promised anew.
pub(crate) fn tell(stock: &mut Stock) {
    let news = stock.pages[&sku("mug")].news;
    stock.run(&Command::Told { sku: sku("mug"), news, rules: rules() }, noon()).1.expect("told");
}

/// So many of those on their way are there.
pub(crate) fn came(stock: &mut Stock, quantity: u64) {
    let Command::Move(came) = movement("came", vec![receive(quantity)]) else { panic!("it moves") };
    let reference = Some("PO 1".parse().expect("a number"));
    stock.run(&Command::Move(Move { reference, ..came }), noon()).1.expect("goods");
}

#[test]
fn what_somebody_gives_up_is_news_to_whoever_waits() {
    let mut stock = mugs(0);
    comes(&mut stock, 5);
    waits(&mut stock, 1, "plain", 5);
    waits(&mut stock, 2, "plain", 5);
    assert_eq!(told(&stock), [(order(1), 5), (order(2), 0)]);
    assert!(!stock.has_news());
    waits(&mut stock, 1, "plain", 0);
    assert!(stock.has_news());
    tell(&mut stock);
    assert_eq!(told(&stock), [(order(2), 5)]);

    let mut stock = mugs(0);
    comes(&mut stock, 5);
    assert!(buys(&mut stock, 1, 5));
    waits(&mut stock, 2, "plain", 5);
    came(&mut stock, 5);
    tell(&mut stock);
    assert!(!stock.has_news());
    waits(&mut stock, 1, "plain", 0);
    assert!(stock.has_news(), "what it had bought lies there");
}

#[test]
fn what_somebody_got_is_no_news() {
    let mut stock = mugs(0);
    comes(&mut stock, 5);
    waits(&mut stock, 1, "plain", 5);
    waits(&mut stock, 2, "plain", 5);
    came(&mut stock, 5);
    tell(&mut stock);
    stock.run(&hold_cart("ann", &[wish("mug", 5)]), noon()).1.expect("set aside");
    waits(&mut stock, 1, "plain", 0);
    assert!(!stock.has_news());
}

#[test]
fn what_was_told_to_others_meanwhile_cannot_be_bought() {
    let mut stock = mugs(0);
    comes(&mut stock, 5);
    waits(&mut stock, 1, "plain", 3);
    assert!(!buys(&mut stock, 2, 3));
    assert!(buys(&mut stock, 2, 2));
}

#[test]
fn who_waits_is_told_what_the_others_leave_and_anew_when_goods_come() {
    let mut stock = mugs(0);
    comes(&mut stock, 5);
    waits(&mut stock, 1, "plain", 3);
    waits(&mut stock, 2, "gold", 4);
    assert_eq!(told(&stock), [(order(1), 3), (order(2), 2)], "a place on the list takes nothing from others");
    waits(&mut stock, 1, "plain", 2);
    assert_eq!(told(&stock), [(order(1), 2), (order(2), 2)], "it got one of the three");
    comes(&mut stock, 6);
    let news = stock.pages[&sku("mug")].news;
    stock.run(&Command::Told { sku: sku("mug"), news, rules: rules() }, noon()).1.expect("told");
    assert_eq!(told(&stock), [(order(1), 2), (order(2), 4)], "gold wins");
    waits(&mut stock, 1, "plain", 0);
    assert_eq!(told(&stock), [(order(2), 4)]);
    assert!(buys(&mut stock, 2, 4));
    assert_eq!(told(&stock), [(order(2), 0)], "who bought goods is told by its claim");
}

#[test]
fn what_was_told_is_given_up_only_as_the_strategy_says() {
    let outcome = |strategy| {
        let mut stock = mugs(0);
        comes(&mut stock, 3);
        waits(&mut stock, 1, "plain", 5);
        waits_until(&mut stock, 2, "plain", Some("2026-03-09"), 3);
        comes(&mut stock, 4);
        let rule = BackorderRule { channels: vec![], customer_classes: vec![], strategy };
        let (rules, news) = (Backorders { version: 1, rules: vec![rule] }, stock.pages[&sku("mug")].news);
        stock.run(&Command::Told { sku: sku("mug"), news, rules }, noon()).1.expect("told");
        told(&stock).into_iter().map(|(_, sum)| sum).collect::<Vec<_>>()
    };
    assert_eq!(outcome(Strategy::Redistribute), [1, 3], "the day wanted comes first, whatever was told");
    assert_eq!(outcome(Strategy::Gain), [3, 1], "the first keeps what it has; what is new goes by the day");
    assert_eq!(outcome(Strategy::Fill), [3, 0], "and nobody has more");
    assert_eq!(outcome(Strategy::Lose), [0, 0]);
}

#[test]
fn promises_for_days_that_are_over_take_nothing_from_anybody() {
    let mut stock = mugs(0);
    waits(&mut stock, 1, "plain", 4);
    waits(&mut stock, 2, "gold", 3);
    let was_told = |stock: &mut Stock, ahead: [i32; 2]| {
        let step = |ahead| Step { day: Day::of_utc(noon()).saturating_add(ahead), quantity: units(2) };
        let page = stock.pages.get_mut(&sku("mug")).expect("a page");
        page.waiting[0].told = ahead.map(step).to_vec();
    };
    let fill = BackorderRule { channels: vec![], customer_classes: vec![], strategy: Strategy::Fill };
    let promise_anew = |stock: &mut Stock, name: &str, came: u64| {
        stock.run(&movement(name, vec![receive(came)]), noon()).1.expect("goods");
        let (mut rules, news) = (rules(), stock.pages[&sku("mug")].news);
        rules.rules.push(fill.clone());
        stock.run(&Command::Told { sku: sku("mug"), news, rules }, noon()).1.expect("told");
        told(stock)
    };
    was_told(&mut stock, [-4, -2]);
    assert_eq!(promise_anew(&mut stock, "came", 7), [(order(1), 4), (order(2), 3)]);
    assert_eq!(promise_anew(&mut stock, "more", 1), [(order(1), 4), (order(2), 3)]);
    // As it was once written down.
    was_told(&mut stock, [0, 0]);
    assert_eq!(promise_anew(&mut stock, "again", 1), [(order(1), 4), (order(2), 3)]);
}

/// Goods on their way to the east, so many of them bought by an order.
pub(crate) fn buys(stock: &mut Stock, number: u32, quantity: u64) -> bool {
    let pegs = vec![Ask { line: 1, sku: sku("mug"), location: place("east"), quantity: units(quantity) }];
    let skus = vec![(sku("mug"), units(quantity))];
    let command = Command::Enlist { order: order(number), wait: waiting("plain", None), skus, pegs };
    stock.run(&command, noon()).1.is_ok()
}

pub(crate) fn comes(stock: &mut Stock, quantity: u64) {
    let inbound = Inbound {
        id: "PO 1".parse().expect("a number"),
        sku: sku("mug"),
        location: place("east"),
        source: Source::Purchase,
        stage: Stage::Ready,
        expected: Day::of_utc(noon()).checked_add(3).expect("near"),
        ordered: units(quantity),
        received: units(0),
        sent: units(0),
    };
    stock.run(&Command::Expect(inbound), noon()).1.expect("expected");
}

#[test]
fn an_order_may_have_what_it_bought_where_goods_are_allocated_meanwhile() {
    let mut stock = mugs(0);
    comes(&mut stock, 5);
    assert!(buys(&mut stock, 1, 4));
    let plain = Class {
        name: "gold".parse().expect("a class"),
        parent: None,
        rank: None,
        limits: vec![],
        protections: vec![],
        fence: None,
        share: None,
        since: None,
    };
    let allocations = [(place("east"), vec![plain])].into_iter().collect();
    let promising = Box::new(Promising { allocations, ..Promising::default() });
    stock.run(&Command::PutPromising { sku: sku("mug"), promising }, noon()).1.expect("allocated");
    came(&mut stock, 5);
    let class = DemandClass::default();
    let may_have = |order| {
        let asker = Asker { class: &class, cart: None, order, on: Day::of_utc(noon()) };
        stock.available_to(&sku("mug"), &place("east"), asker)
    };
    assert_eq!(may_have(None), units(1), "four are somebody's");
    assert_eq!(may_have(Some(order(1))), units(5), "its own claim is not against it");
}

#[test]
fn what_waiters_were_told_is_not_sold_again_and_free_goods_are_theirs_first() {
    let today = Day::of_utc(noon());
    let sum = |steps: Vec<Step>| steps.iter().map(|step| step.quantity.thousandths() / 1_000).sum::<u64>();
    let left = |stock: &Stock, by| {
        let coming = stock.pages[&sku("mug")].coming(by, today);
        (sum(coming.to(&place("east"))), sum(coming.spoken_for(&place("east"))))
    };
    let mut stock = mugs(0);
    comes(&mut stock, 5);
    waits(&mut stock, 1, "plain", 3);
    assert_eq!((left(&stock, None), left(&stock, Some(order(1)))), ((2, 3), (5, 0)));
    assert!(buys(&mut stock, 2, 2));
    assert_eq!(left(&stock, None), (0, 5));
    assert_eq!(left(&stock, Some(order(2))), (2, 3), "who bought has its own");
    stock.run(&movement("found", vec![receive(2)]), noon()).1.expect("goods");
    assert_eq!(left(&stock, None), (2, 3), "two lie there for who waits");
}

#[test]
fn nobody_is_told_of_goods_on_their_way_that_nobody_more_may_buy() {
    let mut stock = mugs(0);
    let most = u32::try_from(MAX_PREORDERS).expect("few");
    comes(&mut stock, u64::from(most) + 10);
    assert!((0..most).all(|number| buys(&mut stock, number, 1)));
    let page = &stock.pages[&sku("mug")];
    let told = |number| page.coming(Some(order(number)), Day::of_utc(noon())).to(&place("east"));
    assert_eq!(told(most), [], "the list is full");
    assert!(!told(0).is_empty(), "who bought still has it");
    assert!(!buys(&mut stock, most, 1));
}
