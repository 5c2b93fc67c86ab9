//! The rules of an order. Reads the state, changes nothing.

use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;

use super::buying::{self, Buyer};
use super::command::{Command, DraftLine, ItemFacts, Placement};
use super::event::{CanceledPart, Event};
use super::line::{Counts, Line, LineStatus, PriceSource};
use super::refusal::Refusal;
use super::state::{CancelKey, Fulfillment, FulfillmentStage, Order, Stage};
use super::status::{Action, Standing, Status};
use super::{MAX_CANCELS, MAX_FLAGS, MAX_LINES, improve, returns, sourced, till};
use crate::price::{self, LineTotal, NoQuote, Totals};
use crate::routing::Method;
use crate::value::{Digest, Label, Quantity, Timestamp};

type Decided = Result<Vec<Event>, Refusal>;

pub(super) fn decide(state: Option<&Order>, command: &Command, now: Timestamp) -> Decided {
    if let Command::Place(placement) = command {
        return if state.is_some() { Err(Refusal::AlreadyThere) } else { place(placement, now) };
    }
    if let Command::Sell(sale) = command {
        return Ok(till::sell(state, sale));
    }
    let order = state.ok_or(Refusal::NoSuchOrder)?;
    match command {
        Command::Place(_) | Command::Sell(_) => Err(Refusal::AlreadyThere),
        Command::TakeBack { key, location, reason, lines } => {
            till::take_back(order, *key, location, reason.as_ref(), lines)
        }
        Command::HandOver { no, location } => till::hand_over(order, *no, location),
        Command::Yield { location, sku, elsewhere } => Ok(till::yield_up(order, location, sku, *elsewhere)),
        Command::Confirm => confirm(order),
        Command::Cancel { reason, lines, key } => cancel(order, reason.as_ref(), lines.as_deref(), *key),
        Command::Hold { name, reason } => hold(order, name, reason.as_ref()),
        Command::Release { name } => release(order, name),
        Command::Pick { no } => advance(order, *no, Action::Pick, Event::Picked { no: *no }),
        Command::Pack { no } => advance(order, *no, Action::Pack, Event::Packed { no: *no }),
        Command::Ship { no, carrier, tracking } => {
            let shipped = Event::Shipped { no: *no, carrier: carrier.clone(), tracking: tracking.clone() };
            advance(order, *no, Action::Ship, shipped)
        }
        Command::Arrive { no } => advance(order, *no, Action::Arrive, Event::Arrived { no: *no }),
        Command::Deliver { no } => advance(order, *no, Action::Deliver, Event::Delivered { no: *no }),
        Command::Reject { no, reason } => {
            advance(order, *no, Action::Reject, Event::LocationRejected { no: *no, reason: reason.clone() })
        }
        Command::RequestReturn { key, lines } => returns::request(order, *key, lines),
        Command::AuthorizeReturn { no } => returns::authorize(order, *no),
        Command::ReceiveReturn { no, location, lines } => returns::receive(order, *no, location, lines),
        Command::CancelReturn { no, reason } => returns::cancel(order, *no, reason.as_ref()),
        Command::Plan(facts) => Ok(sourced::plan(order, facts, now)),
        Command::Improve(facts) => Ok(improve::improve(order, facts, now)),
        Command::MakeRoom(facts, room) => Ok(improve::make_room(order, facts, room, now)),
        Command::Look => Ok(sourced::look(order, now)),
        Command::Answered(answers) => Ok(sourced::answered(order, answers)),
    }
}

fn place(placement: &Placement, now: Timestamp) -> Decided {
    let draft = &placement.draft;
    if draft.lines.is_empty() {
        return Err(Refusal::NoLines);
    }
    if draft.lines.len() > MAX_LINES {
        return Err(Refusal::TooManyLines { most: MAX_LINES });
    }
    hands_over(placement)?;
    let lines = (1..)
        .zip(&draft.lines)
        .map(|(no, line)| priced(placement, no, line))
        .collect::<Result<Vec<Line>, Refusal>>()?;
    let totals = summed(&lines)?;
    let planned = if draft.to_confirm { vec![] } else { first_plan(placement, &lines, now)? };
    let captured = Event::Captured {
        id: draft.id,
        head: Box::new(draft.head.clone()),
        lines,
        totals,
        to_confirm: draft.to_confirm,
    };
    Ok([captured].into_iter().chain(planned).collect())
}

/// The first epoch, decided together with the capture so that both are one write.
fn first_plan(placement: &Placement, lines: &[Line], now: Timestamp) -> Decided {
    let draft = &placement.draft;
    let wishes: Vec<sourced::Wish<'_>> = lines.iter().map(|line| (line, line.quantity)).collect();
    let decision = sourced::route(&draft.head, &wishes, &placement.facts, &[], now).map_err(Refusal::Unroutable)?;
    let plan = &decision.plan;
    let mut events = Vec::new();
    if !plan.short.is_empty() {
        if sourced::may_come(&draft.head, &plan.short, &placement.facts, &[]) {
            return Ok(events);
        }
        let buyer = Buyer { head: &draft.head, wishes: &wishes, facts: &placement.facts, excluded: &[], now };
        let pegged = buyer.buy(&plan.short, &[]);
        if buying::refuses(&draft.head, pegged.as_ref()) {
            let demands = sourced::demands(&wishes);
            let mut short = sourced::short_of_all(&demands, &decision, &placement.facts);
            buyer.count_bought(&mut short);
            return Err(Refusal::Insufficient { short });
        }
        let look_at = now.saturating_add_millis(super::BACKORDER_WAIT_MILLIS);
        let lines = plan.short.iter().map(|demand| (demand.line, demand.quantity)).collect();
        events.push(Event::Backordered { lines, look_at });
        events.extend(pegged);
    }
    let objects: Vec<(u32, u16)> = lines.iter().map(|line| (line.no, line.object)).collect();
    let reserving =
        (!plan.serves.is_empty()).then(|| sourced::reserving(draft.id, placement.first_epoch, &objects, plan));
    events.push(Event::Routed { decision: Box::new(decision) });
    events.extend(reserving);
    Ok(events)
}

/// Whoever comes for goods comes to a place that hands them over.
fn hands_over(placement: &Placement) -> Result<(), Refusal> {
    let method = &placement.draft.head.method;
    let (Method::PickUp { location } | Method::Curbside { location } | Method::ShipToStore { location }) = method
    else {
        return Ok(());
    };
    let (_, node) = placement
        .facts
        .router
        .prepared()
        .node(location)
        .ok_or_else(|| Refusal::UnknownPlace { location: location.clone() })?;
    if node.hands_over(method) { Ok(()) } else { Err(Refusal::NoHandOver { location: location.clone() }) }
}

fn priced(placement: &Placement, no: u32, ask: &DraftLine) -> Result<Line, Refusal> {
    let head = &placement.draft.head;
    if ask.quantity.is_zero() {
        return Err(Refusal::NothingOrdered { line: no });
    }
    let item: &ItemFacts = placement
        .items
        .iter()
        .find(|item| item.sku == ask.sku)
        .ok_or_else(|| Refusal::UnknownSku { line: no, sku: ask.sku.clone() })?;
    let priced = price::Ask {
        quantity: ask.quantity,
        unit_price: ask.unit_price,
        currency: head.currency,
        country: head.ship_to.country,
    };
    let quote = price::quote(&priced, &item.price, &placement.tax).map_err(|why| match why {
        NoQuote::NothingOrdered => Refusal::NothingOrdered { line: no },
        NoQuote::NoPrice => Refusal::NoPrice { line: no, sku: ask.sku.clone(), currency: head.currency },
        NoQuote::NegativePrice => Refusal::NegativePrice { line: no },
        NoQuote::TooMuchMoney => Refusal::TooMuchMoney { line: no },
    })?;
    Ok(Line {
        no,
        sku: ask.sku.clone(),
        title: item.title.clone(),
        unit: item.unit.clone(),
        quantity: ask.quantity,
        unit_price: quote.unit_price,
        price_source: quote.list_version.map_or(PriceSource::Channel, |version| PriceSource::List { version }),
        tax_class: quote.tax_class,
        tax_rate: quote.tax_rate,
        total: quote.total,
        whole: ask.whole,
        requested_by: ask.requested_by,
        object: item.object,
        counts: Counts::all(LineStatus::Open, ask.quantity),
    })
}

/// What the lines come to together; the line that leaves the bounds is named.
fn summed(lines: &[Line]) -> Result<Totals, Refusal> {
    lines.iter().try_fold(Totals::default(), |sum: LineTotal, line| {
        price::totals(&[sum, line.total]).map_err(|_| Refusal::TooMuchMoney { line: line.no })
    })
}

fn confirm(order: &Order) -> Decided {
    match order.stage {
        Stage::Draft => {}
        Stage::Open => return Ok(vec![]),
        Stage::Rejected { .. } => return Err(not_now(order, Action::Confirm)),
    }
    if order.status() != Status::Draft {
        return Err(not_now(order, Action::Confirm));
    }
    free_of_holds(order)?;
    Ok(vec![Event::Confirmed])
}

pub(super) fn cancel(
    order: &Order,
    reason: Option<&Label>,
    lines: Option<&[(u32, Quantity)]>,
    key: Option<Digest>,
) -> Decided {
    if let Some(before) = order.cancel_keys.iter().find(|before| Some(before.key) == key) {
        let same = lines.is_none_or(|lines| CancelKey::of_lines(lines.iter().copied()) == before.lines);
        return if same { Ok(vec![]) } else { Err(Refusal::KeyReused) };
    }
    let parts = match lines {
        None => {
            let all = order.lines.iter().map(|line| (line.no, order.cancelable(line.no)));
            let parts = all.filter(|(_, quantity)| !quantity.is_zero());
            parts.map(|(no, quantity)| canceled_part(order, no, quantity)).collect::<Vec<_>>()
        }
        Some(lines) => {
            if lines.is_empty() {
                return Err(Refusal::NoLines);
            }
            if order.cancel_keys.len() >= MAX_CANCELS {
                return Err(Refusal::TooMany { most: MAX_CANCELS });
            }
            returns::once_each(lines.iter().map(|(no, _)| *no))?;
            lines.iter().map(|(no, quantity)| asked_part(order, *no, *quantity)).collect::<Result<Vec<_>, _>>()?
        }
    };
    if parts.is_empty() {
        return match order.status() {
            Status::Canceled => Ok(vec![]),
            Status::Draft
            | Status::Placing
            | Status::Rejected
            | Status::Backordered
            | Status::Allocated
            | Status::InFulfillment
            | Status::PartShipped
            | Status::Shipped
            | Status::Delivered => Err(not_now(order, Action::Cancel)),
        };
    }
    Ok(vec![Event::Canceled { reason: reason.cloned(), parts, key }])
}

fn asked_part(order: &Order, no: u32, quantity: Quantity) -> Result<CanceledPart, Refusal> {
    order.line(no).ok_or(Refusal::NoSuchLine { line: no })?;
    if quantity.is_zero() {
        return Err(Refusal::NothingOrdered { line: no });
    }
    let most = order.cancelable(no);
    if quantity > most {
        return Err(Refusal::TooMuchToCancel { line: no, most });
    }
    Ok(canceled_part(order, no, quantity))
}

/// Takes a quantity from what is least advanced: not sourced, waiting, set aside.
fn canceled_part(order: &Order, no: u32, quantity: Quantity) -> CanceledPart {
    let count = |status| order.line(no).map(|line| line.counts.of(status)).unwrap_or(Quantity::ZERO);
    let mut left = quantity;
    let mut take = |there: Quantity| {
        let taken = left.min(there);
        left = left.saturating_sub(taken);
        taken
    };
    let open = take(count(LineStatus::Open));
    let backordered = take(count(LineStatus::Backordered));
    let mut allocated = Vec::new();
    for fulfillment in order.fulfillments.iter().rev().filter(|one| one.stage == FulfillmentStage::Open) {
        let there = fulfillment.lines.iter().filter(|line| line.line == no).map(|line| line.quantity).sum();
        let taken = take(there);
        if !taken.is_zero() {
            allocated.push((fulfillment.no, taken));
        }
    }
    CanceledPart { line: no, open, backordered, allocated }
}

fn hold(order: &Order, name: &Label, reason: Option<&Label>) -> Decided {
    if order.flags.iter().any(|flag| flag.name == *name) {
        return Ok(vec![]);
    }
    if matches!(order.status(), Status::Rejected | Status::Canceled) {
        return Err(not_now(order, Action::Hold));
    }
    if order.flags.len() >= MAX_FLAGS {
        return Err(Refusal::TooMany { most: MAX_FLAGS });
    }
    Ok(vec![Event::HoldPut { name: name.clone(), reason: reason.cloned() }])
}

fn release(order: &Order, name: &Label) -> Decided {
    if order.flags.iter().any(|flag| flag.name == *name) {
        Ok(vec![Event::HoldLifted { name: name.clone() }])
    } else {
        Err(Refusal::NoSuchHold { name: name.clone() })
    }
}

/// Moves a fulfillment on: do it, already done, or not from where it stands.
fn advance(order: &Order, no: u32, action: Action, event: Event) -> Decided {
    let fulfillment = order.fulfillment(no).ok_or(Refusal::NoSuchFulfillment { no })?;
    if order.legal(fulfillment).contains(&action) {
        if super::status::is_held_back(action) {
            free_of_holds(order)?;
        }
        return Ok(vec![event]);
    }
    if is_done(fulfillment, action) {
        return Ok(vec![]);
    }
    Err(Refusal::NotNow { action, standing: Standing::Part(fulfillment.status()) })
}

/// True when a step was taken before, so that asking for it again changes nothing.
fn is_done(fulfillment: &Fulfillment, action: Action) -> bool {
    let reached = match fulfillment.stage {
        FulfillmentStage::Open | FulfillmentStage::Canceled => 0,
        FulfillmentStage::Picked => 1,
        FulfillmentStage::Packed => 2,
        FulfillmentStage::Shipped { .. } => 3,
        FulfillmentStage::Delivered { .. } => 4,
        FulfillmentStage::Rejected { .. } => return action == Action::Reject,
    };
    match action {
        Action::Pick => reached >= 1,
        Action::Pack => reached >= 2,
        Action::Ship => reached >= 3,
        Action::Arrive => reached >= 4 || fulfillment.arrived.is_some(),
        Action::Deliver => reached >= 4,
        Action::Confirm
        | Action::Cancel
        | Action::Hold
        | Action::Release
        | Action::Return
        | Action::Reject
        | Action::Authorize
        | Action::Receive => false,
    }
}

fn free_of_holds(order: &Order) -> Result<(), Refusal> {
    match order.flags.first() {
        Some(flag) => Err(Refusal::OnHold { name: flag.name.clone() }),
        None => Ok(()),
    }
}

fn not_now(order: &Order, action: Action) -> Refusal {
    Refusal::NotNow { action, standing: Standing::Order(order.status()) }
}
