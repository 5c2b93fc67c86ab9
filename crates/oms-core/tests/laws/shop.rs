//! What customers and locations ask of an order, at random; and an order that is watched at every step.

use oms_core::order::{
    Action, Command, Disposition, Draft, DraftLine, Errand, Event, Fulfillment, FulfillmentStage, LineStatus, Order,
    Received, Refusal, ReturnLine, ReturnStage, Shortage, Status,
};
use oms_core::stock::HoldId;
use oms_core::value::{Digest, OrderId, Quantity, Timestamp};
use proptest::prelude::*;

use crate::orders::{Machine, cancel_all, draft, hold, key, label, place, sku, sums_hold, units};
use crate::wire::survives;

pub(crate) const SKUS: [&str; 3] = ["mug", "jam", "tea"];
pub(crate) const PLACES: [&str; 3] = ["east", "north", "west"];

/// An order of one to three lines, which may share a SKU.
pub(crate) fn any_draft() -> impl Strategy<Value = Draft> {
    let lines = prop::collection::vec((0..3_usize, 1..5_u64), 1..4);
    (lines, any::<bool>(), prop::bool::weighted(0.2)).prop_map(|(lines, waits, to_confirm)| {
        let line = |(name, quantity): &(usize, u64)| DraftLine {
            sku: sku(SKUS[*name]),
            quantity: units(*quantity),
            unit_price: None,
            whole: false,
            requested_by: None,
        };
        let mut draft = draft(&[]);
        draft.head.shortage = if waits { Shortage::Backorder } else { Shortage::Reject };
        Draft { to_confirm, lines: lines.iter().map(line).collect(), ..draft }
    })
}

/// What people ask, mostly of things that are there.
pub(crate) fn any_command() -> impl Strategy<Value = Command> {
    let no = || 1..4_u32;
    let names = || (0..2_usize).prop_map(|at| label(["fraud", "credit"][at]));
    let keys = || (0..4_u8).prop_map(|number| Digest::of(&[number]));
    let lines = || prop::collection::vec((1..4_u32, (1..4_u64).prop_map(units)), 1..3);
    let back = |lines: Vec<(u32, Quantity)>| -> Vec<ReturnLine> {
        lines.into_iter().map(|(line, quantity)| ReturnLine { line, quantity, reason: None }).collect()
    };
    prop_oneof![
        1 => prop::bool::weighted(0.3).prop_map(|all| if all { cancel_all() } else { Command::Confirm }),
        3 => (keys(), lines()).prop_map(|(key, lines)| Command::Cancel { reason: None, lines: Some(lines), key: Some(key) }),
        1 => names().prop_map(|name| Command::Hold { name, reason: None }),
        2 => names().prop_map(|name| Command::Release { name }),
        4 => no().prop_map(|no| Command::Pick { no }),
        4 => no().prop_map(|no| Command::Pack { no }),
        4 => no().prop_map(|no| Command::Ship { no, carrier: None, tracking: None }),
        2 => no().prop_map(|no| Command::Deliver { no }),
        1 => no().prop_map(|no| Command::Arrive { no }),
        2 => no().prop_map(|no| Command::Reject { no, reason: None }),
        4 => (keys(), lines()).prop_map(move |(key, lines)| Command::RequestReturn { key, lines: back(lines) }),
        3 => no().prop_map(|no| Command::AuthorizeReturn { no }),
        3 => (no(), lines(), any::<bool>()).prop_map(|(no, lines, fit)| {
            let disposition = if fit { Disposition::Restock } else { Disposition::Quarantine };
            let lines = lines.into_iter().map(|(line, quantity)| Received { line, quantity, disposition }).collect();
            Command::ReceiveReturn { no, location: place("west"), lines }
        }),
        1 => no().prop_map(|no| Command::CancelReturn { no, reason: None }),
        1 => Just(Command::Look),
    ]
}

/// One of the things that can be done next; that a location turns the order down, or a return does not come, is rarer.
pub(crate) fn next(order: &Order, which: usize) -> Option<Command> {
    let mut could: Vec<Command> = Vec::new();
    for one in &order.fulfillments {
        let (no, legal, rare) = (one.no, order.fulfillment_actions(one), which.is_multiple_of(3));
        let steps = [
            (Action::Pick, Command::Pick { no }),
            (Action::Pack, Command::Pack { no }),
            (Action::Ship, Command::Ship { no, carrier: None, tracking: None }),
            (Action::Arrive, Command::Arrive { no }),
            (Action::Deliver, Command::Deliver { no }),
            (Action::Reject, Command::Reject { no, reason: None }),
        ];
        let steps = steps.into_iter().filter(|(action, _)| legal.contains(action));
        could.extend(steps.filter(|(action, _)| rare || *action != Action::Reject).map(|(_, command)| command));
    }
    could.extend(order.flags.iter().map(|flag| Command::Release { name: flag.name.clone() }));
    for one in &order.returns {
        let (no, legal, rare) = (one.no, one.actions(), which.is_multiple_of(4));
        let steps = [
            (Action::Authorize, Command::AuthorizeReturn { no }),
            (Action::Receive, received(one, which)),
            (Action::Cancel, Command::CancelReturn { no, reason: None }),
        ];
        let steps = steps.into_iter().filter(|(action, _)| legal.contains(action));
        could.extend(steps.filter(|(action, _)| rare || *action != Action::Cancel).map(|(_, command)| command));
    }
    let back = order.lines.iter().filter(|line| !order.returnable(line.no).is_zero());
    could.extend(back.map(|line| {
        let lines = vec![ReturnLine { line: line.no, quantity: units(1), reason: None }];
        Command::RequestReturn { key: key(&format!("{which}:{}", order.returns.len())), lines }
    }));
    if order.actions().contains(&Action::Confirm) {
        could.push(Command::Confirm);
    }
    let less = order.lines.iter().filter(|line| which.is_multiple_of(4) && !order.cancelable(line.no).is_zero());
    could.extend(less.map(|line| {
        let key = key(&format!("{which}:{}", order.cancel_keys.len()));
        Command::Cancel { reason: None, lines: Some(vec![(line.no, units(1))]), key: Some(key) }
    }));
    let count = could.len().max(1);
    could.into_iter().nth(which % count)
}

/// What was asked back comes, some of it broken.
fn received(one: &oms_core::order::Return, which: usize) -> Command {
    let disposition = if which.is_multiple_of(3) { Disposition::Quarantine } else { Disposition::Restock };
    let lines = one.lines.iter().map(|line| Received { line: line.line, quantity: line.quantity, disposition });
    Command::ReceiveReturn { no: one.no, location: place("west"), lines: lines.collect() }
}

/// An order and its journal. Whatever happens to it is checked against the laws.
#[derive(Clone, Debug)]
pub(crate) struct Watched {
    pub(crate) order: Order,
    journal: Vec<(Timestamp, Event)>,
}

impl Watched {
    /// The order that a placement makes, if it is not refused.
    pub(crate) fn place(command: &Command, now: Timestamp) -> Option<Self> {
        let events = Order::decide(None, command, now).ok()?;
        let journal: Vec<(Timestamp, Event)> = events.into_iter().map(|event| (now, event)).collect();
        let watched = Self { order: replayed(&journal)?, journal };
        watched.keeps_the_laws(now);
        Some(watched)
    }

    pub(crate) fn ask(&mut self, command: &Command, now: Timestamp) -> Result<(), Refusal> {
        let events = Order::decide(Some(&self.order), command, now)?;
        for event in events {
            excluded_stay_out(&self.order, &event);
            self.order = Order::apply(Some(self.order.clone()), &event, now).expect("an order stays");
            self.journal.push((now, event));
        }
        let again = Order::decide(Some(&self.order), command, now);
        assert!(again.as_ref().is_ok_and(Vec::is_empty) || again.is_err(), "{command:?} repeated writes {again:?}");
        self.keeps_the_laws(now);
        Ok(())
    }

    fn keeps_the_laws(&self, now: Timestamp) {
        lawful(&self.order, now);
        let asked = self.order.errands(now).iter().filter(|errand| matches!(errand, Errand::Reserve { .. })).count();
        let tries =
            self.journal.iter().filter(|(_, event)| matches!(event, Event::Reserving { .. } | Event::Improving { .. }));
        let tries = tries.count();
        let waiting = self.order.attempt.as_ref().map_or(0, |attempt| attempt.holds.len() - attempt.held.len());
        assert_eq!(asked, if tries == 1 { waiting } else { waiting.min(1) }, "only the first try asks all at once");
    }

    pub(crate) fn id(&self) -> OrderId {
        self.order.id
    }

    /// The same order, had it never heard that its errands came back.
    pub(crate) fn forgetful(&self) -> Self {
        let only_an_echo = |event: &Event| {
            matches!(
                event,
                Event::Released { .. }
                    | Event::GivenBack { .. }
                    | Event::Consumed { .. }
                    | Event::Restocked { .. }
                    | Event::Enlisted { .. }
            )
        };
        let (echoes, journal): (Vec<_>, Vec<_>) =
            self.journal.iter().cloned().partition(|(_, event)| only_an_echo(event));
        let twice = self.journal.iter().chain(&echoes).cloned().collect::<Vec<_>>();
        assert_eq!(replayed(&twice).as_ref(), Some(&self.order), "hearing of them twice changes nothing");
        Self { order: replayed(&journal).expect("an order was captured"), journal }
    }

    /// The journal replays to what is, and everything reads back as it was written.
    pub(crate) fn finish(&self) {
        assert_eq!(replayed(&self.journal).as_ref(), Some(&self.order), "the journal replays to what is");
        self.journal.iter().for_each(|(_, event)| survives(event));
        survives(&self.order);
    }

    /// What of its fulfillments' lines is to be backed by a hold now.
    pub(crate) fn backed(&self) -> impl Iterator<Item = (&Fulfillment, &oms_core::order::FulfillmentLine)> {
        let here = self.order.fulfillments.iter().filter(|one| is_here(&one.stage));
        here.flat_map(|one| one.lines.iter().map(move |line| (one, line)))
    }
}

fn replayed(journal: &[(Timestamp, Event)]) -> Option<Order> {
    let mut order = None;
    for (at, event) in journal {
        order = Order::apply(order, event, *at);
    }
    order
}

fn is_here(stage: &FulfillmentStage) -> bool {
    matches!(stage, FulfillmentStage::Open | FulfillmentStage::Picked | FulfillmentStage::Packed)
}

/// What holds of every order at every moment.
pub(crate) fn lawful(order: &Order, now: Timestamp) {
    sums_hold(order);
    counts_are_those_of_fulfillments(order);
    no_more_comes_back_than_left(order);
    one_epoch_lives(order);
    what_is_over_wants_nothing(order);
    actions_are_what_it_does(order, now);
    wakes_for_what_it_owes(order, now);
}

/// I14, and what stands at a location is what its fulfillments say.
fn counts_are_those_of_fulfillments(order: &Order) {
    let sum_of = |no: u32, wanted: &dyn Fn(&FulfillmentStage) -> bool| -> Quantity {
        let those = order.fulfillments.iter().filter(|one| wanted(&one.stage)).flat_map(|one| &one.lines);
        those.filter(|line| line.line == no).map(|line| line.quantity).sum()
    };
    for line in &order.lines {
        let here = |status: LineStatus, wanted: &dyn Fn(&FulfillmentStage) -> bool| {
            assert_eq!(line.counts.of(status), sum_of(line.no, wanted), "{status:?} of line {}", line.no);
        };
        here(LineStatus::Allocated, &|stage| *stage == FulfillmentStage::Open);
        here(LineStatus::Picked, &|stage| *stage == FulfillmentStage::Picked);
        here(LineStatus::Packed, &|stage| *stage == FulfillmentStage::Packed);
        let gone = line.counts.of_any(&[LineStatus::Shipped, LineStatus::Delivered, LineStatus::Returned]);
        let left = |stage: &FulfillmentStage| {
            matches!(stage, FulfillmentStage::Shipped { .. } | FulfillmentStage::Delivered { .. })
        };
        assert_eq!(gone, sum_of(line.no, &left), "what left of line {}", line.no);
    }
}

/// I13.
fn no_more_comes_back_than_left(order: &Order) {
    for line in &order.lines {
        let came = order.returns.iter().filter_map(|one| match &one.stage {
            ReturnStage::Received { lines, .. } => Some(lines),
            ReturnStage::Requested | ReturnStage::Authorized | ReturnStage::Canceled { .. } => None,
        });
        let came: Quantity = came.flatten().filter(|came| came.line == line.no).map(|came| came.quantity).sum();
        assert_eq!(line.counts.of(LineStatus::Returned), came, "what came back of line {}", line.no);
        let asked = order.returns.iter().filter(|one| one.is_underway()).flat_map(|one| &one.lines);
        let asked: Quantity = asked.filter(|asked| asked.line == line.no).map(|asked| asked.quantity).sum();
        let gone = line.counts.of_any(&[LineStatus::Shipped, LineStatus::Delivered]);
        assert!(asked <= gone, "more of line {} is asked back than left", line.no);
    }
}

/// I5: the live epoch is the last one, and no hold has two lives.
fn one_epoch_lives(order: &Order) {
    let committed = || order.fulfillments.iter().flat_map(|one| &one.lines).map(|line| line.hold);
    let dead = || order.dead.iter().map(|dead| dead.hold);
    if let Some(attempt) = &order.attempt {
        assert_eq!(attempt.epoch + 1, order.epochs, "the live epoch is the last");
        let ours = |hold: &HoldId| attempt.holds.iter().any(|ask| ask.hold == *hold);
        assert!(attempt.held.iter().all(ours), "what is held was asked for");
        let mut objects = attempt.holds.iter().map(|ask| ask.object);
        assert!(objects.clone().is_sorted() && objects.all(|object| object < 3), "by object, ascending");
        for ask in &attempt.holds {
            assert_eq!(ask.hold, HoldId::of_order(&order.id, attempt.epoch, ask.object));
            assert!(
                !committed().chain(dead()).any(|hold| hold == ask.hold),
                "a live hold is neither committed nor dead"
            );
        }
    }
    assert!(!dead().any(|dead| committed().any(|hold| hold == dead)), "a committed hold is never dead");
}

/// A rejected or canceled order has nothing left to be had.
fn what_is_over_wants_nothing(order: &Order) {
    if matches!(order.status(), Status::Canceled | Status::Rejected) {
        assert!(
            order.attempt.is_none()
                && order.lines.iter().all(|line| line.counts.of(LineStatus::Canceled) == line.quantity)
        );
    }
}

/// What an order says can be done is what it does, and nothing else.
fn actions_are_what_it_does(order: &Order, now: Timestamp) {
    let does = |command: Command| Order::decide(Some(order), &command, now).is_ok_and(|events| !events.is_empty());
    let says = order.actions();
    let says = |action: Action| says.contains(&action);
    assert_eq!(says(Action::Confirm), does(Command::Confirm));
    assert_eq!(says(Action::Cancel), does(cancel_all()));
    assert_eq!(says(Action::Hold), does(hold("never heard of")));
    let lifts = |flag: &oms_core::order::Flag| does(Command::Release { name: flag.name.clone() });
    assert_eq!(says(Action::Release), !order.flags.is_empty() && order.flags.iter().all(lifts));
    let least = Quantity::from_thousandths(1).expect("a quantity");
    let back = |line: u32| vec![ReturnLine { line, quantity: least, reason: None }];
    let returns = |line: u32| does(Command::RequestReturn { key: key("never heard of"), lines: back(line) });
    assert_eq!(says(Action::Return), order.lines.iter().any(|line| returns(line.no)));
    for one in &order.fulfillments {
        let (no, says) = (one.no, order.fulfillment_actions(one));
        assert_eq!(says.contains(&Action::Pick), does(Command::Pick { no }));
        assert_eq!(says.contains(&Action::Pack), does(Command::Pack { no }));
        assert_eq!(says.contains(&Action::Ship), does(Command::Ship { no, carrier: None, tracking: None }));
        assert_eq!(says.contains(&Action::Arrive), does(Command::Arrive { no }));
        assert_eq!(says.contains(&Action::Deliver), does(Command::Deliver { no }));
        assert_eq!(says.contains(&Action::Reject), does(Command::Reject { no, reason: None }));
    }
    for one in &order.returns {
        let (no, says) = (one.no, one.actions());
        let Some(first) = one.lines.first() else { continue };
        let lines = vec![Received { line: first.line, quantity: least, disposition: Disposition::Restock }];
        assert_eq!(says.contains(&Action::Authorize), does(Command::AuthorizeReturn { no }));
        assert_eq!(
            says.contains(&Action::Receive),
            does(Command::ReceiveReturn { no, location: place("west"), lines })
        );
        assert_eq!(says.contains(&Action::Cancel), does(Command::CancelReturn { no, reason: None }));
    }
}

/// It wakes when it owes something and only then.
fn wakes_for_what_it_owes(order: &Order, now: Timestamp) {
    let owed = order.errands(now);
    assert_eq!(!owed.is_empty(), order.wake_at().is_some_and(|at| at <= now), "{owed:?} {:?}", order.wake_at());
}

/// A location that turned the order down is not asked again.
fn excluded_stay_out(order: &Order, event: &Event) {
    let starts = if let Event::Reserving { holds, .. } | Event::Improving { holds, .. } = event {
        holds.as_slice()
    } else {
        &[]
    };
    let commits = order.attempt.as_ref().filter(|_| matches!(event, Event::Allocated { .. } | Event::Improved { .. }));
    let commits = commits.map(|attempt| attempt.holds.as_slice()).unwrap_or_default();
    let mut parts = starts.iter().chain(commits).flat_map(|ask| &ask.parts);
    assert!(parts.all(|part| !order.excluded.contains(&part.location)), "sourced where it was turned down");
}
