//! The rules of returns: only what left can come back, and no more (I13).

use alloc::vec;
use alloc::vec::Vec;

use super::event::Event;
use super::refusal::Refusal;
use super::state::{Order, Received, Return, ReturnLine, ReturnStage};
use super::status::{Action, Standing};
use super::{MAX_RETURN_LINES, MAX_RETURNS};
use crate::value::{Digest, Label, LocationId, Quantity};

/// Entries per line of a return when it is received.
const MAX_PIECES: usize = 4;

type Decided = Result<Vec<Event>, Refusal>;

pub(super) fn request(order: &Order, key: Digest, lines: &[ReturnLine]) -> Decided {
    if let Some(before) = order.returns.iter().find(|one| one.key == key) {
        return if before.lines == lines { Ok(vec![]) } else { Err(Refusal::KeyReused) };
    }
    if lines.is_empty() {
        return Err(Refusal::NoLines);
    }
    if order.returns.len() >= MAX_RETURNS {
        return Err(Refusal::TooMany { most: MAX_RETURNS });
    }
    let before: usize = order.returns.iter().map(|one| one.lines.len()).sum();
    if before.saturating_add(lines.len()) > MAX_RETURN_LINES {
        return Err(Refusal::TooMany { most: MAX_RETURN_LINES });
    }
    once_each(lines.iter().map(|line| line.line))?;
    for line in lines {
        order.line(line.line).ok_or(Refusal::NoSuchLine { line: line.line })?;
        if line.quantity.is_zero() {
            return Err(Refusal::NothingOrdered { line: line.line });
        }
        let most = order.returnable(line.line);
        if line.quantity > most {
            return Err(Refusal::TooMuchToReturn { line: line.line, most });
        }
    }
    let no = order.returns.iter().map(|one| one.no).max().unwrap_or(0).saturating_add(1);
    Ok(vec![Event::ReturnRequested { no, key, lines: lines.to_vec() }])
}

pub(super) fn authorize(order: &Order, no: u32) -> Decided {
    let one = find(order, no)?;
    match one.stage {
        ReturnStage::Requested => Ok(vec![Event::ReturnAuthorized { no }]),
        ReturnStage::Authorized => Ok(vec![]),
        ReturnStage::Received { .. } | ReturnStage::Canceled { .. } => Err(not_now(one, Action::Authorize)),
    }
}

pub(super) fn receive(order: &Order, no: u32, location: &LocationId, lines: &[Received]) -> Decided {
    let one = find(order, no)?;
    match &one.stage {
        ReturnStage::Authorized => {}
        ReturnStage::Received { location: at, lines: before, .. } if at == location && before == lines => {
            return Ok(vec![]);
        }
        ReturnStage::Requested | ReturnStage::Received { .. } | ReturnStage::Canceled { .. } => {
            return Err(not_now(one, Action::Receive));
        }
    }
    if lines.is_empty() {
        return Err(Refusal::NoLines);
    }
    // A line comes back in as many pieces as there are ways to deal with it.
    if lines.len() > one.lines.len().saturating_mul(MAX_PIECES) {
        return Err(Refusal::TooManyLines { most: one.lines.len().saturating_mul(MAX_PIECES) });
    }
    for line in lines {
        let expected = one.lines.iter().find(|asked| asked.line == line.line);
        let most = expected.ok_or(Refusal::NoSuchLine { line: line.line })?.quantity;
        let came: Quantity = lines.iter().filter(|other| other.line == line.line).map(|other| other.quantity).sum();
        if line.quantity.is_zero() {
            return Err(Refusal::NothingOrdered { line: line.line });
        }
        if came > most {
            return Err(Refusal::TooMuchReceived { line: line.line, most });
        }
    }
    Ok(vec![Event::ReturnReceived { no, location: location.clone(), lines: lines.to_vec() }])
}

pub(super) fn cancel(order: &Order, no: u32, reason: Option<&Label>) -> Decided {
    let one = find(order, no)?;
    match one.stage {
        ReturnStage::Requested | ReturnStage::Authorized => {
            Ok(vec![Event::ReturnCanceled { no, reason: reason.cloned() }])
        }
        ReturnStage::Canceled { .. } => Ok(vec![]),
        ReturnStage::Received { .. } => Err(not_now(one, Action::Cancel)),
    }
}

pub(super) fn restocked(order: &Order, no: u32, object: u16) -> Option<Event> {
    let ReturnStage::Received { lines, restocked, .. } = &order.return_no(no)?.stage else { return None };
    let of_object = |received: &Received| order.line(received.line).is_some_and(|line| line.object == object);
    let news = lines.iter().any(of_object) && !restocked.contains(&object);
    news.then_some(Event::Restocked { no, object })
}

fn find(order: &Order, no: u32) -> Result<&Return, Refusal> {
    order.return_no(no).ok_or(Refusal::NoSuchReturn { no })
}

fn not_now(one: &Return, action: Action) -> Refusal {
    Refusal::NotNow { action, standing: Standing::Part(one.status()) }
}

/// Refuses a list that names a line twice.
pub(super) fn once_each(lines: impl Iterator<Item = u32>) -> Result<(), Refusal> {
    let mut seen = Vec::new();
    for line in lines {
        if seen.contains(&line) {
            return Err(Refusal::LineTwice { line });
        }
        seen.push(line);
    }
    Ok(())
}
