//! What the core refuses, as problems: one exhaustive table per machine.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use oms_core::network;
use oms_core::order::{self, Action, Order, Standing};
use oms_core::routing::{self, Flaw};
use oms_core::sorting;
use oms_core::stock;
use oms_core::value::Quantity;

use crate::fault::Fault;
use crate::problem::{Code, Problem, ShortView};

/// What a request to an order was about.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// The order as it stands, when there is one.
    pub order: Option<&'a Order>,
    /// Which part of it.
    pub part: Part,
    /// The order lines that the lines of the request name, in the order of the request. Nothing when the request makes
    /// the lines, so that line 1 is the first.
    pub lines: Option<&'a [u32]>,
}

/// A part of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// All of it.
    Whole,
    /// A fulfillment.
    Fulfillment(u32),
    /// A return.
    Return(u32),
}

impl About<'_> {
    /// The pointer to a member of the request's line about a line of the order.
    fn pointer(&self, line: u32, member: &str) -> String {
        let index = match self.lines {
            Some(lines) => lines.iter().rposition(|one| *one == line).unwrap_or(0),
            None => usize::try_from(line.saturating_sub(1)).unwrap_or(0),
        };
        format!("/lines/{index}/{member}")
    }

    /// What is legal now.
    fn actions(&self) -> Vec<Action> {
        let Some(order) = self.order else { return Vec::new() };
        match self.part {
            Part::Whole => order.actions(),
            Part::Fulfillment(no) => {
                order.fulfillment(no).map(|one| order.fulfillment_actions(one)).unwrap_or_default()
            }
            Part::Return(no) => order.return_no(no).map(order::Return::actions).unwrap_or_default(),
        }
    }
}

/// Why an order says no.
pub fn of_order(refusal: &order::Refusal, about: About<'_>) -> Problem {
    use order::Refusal;
    let detail = refusal.to_string();
    let invalid = |pointer: String, code| Problem::invalid(pointer, code, refusal.to_string());
    let exceeded = |line| Problem::new(Code::QuantityExceeded, refusal.to_string()).at(line, "quantity_exceeded");
    match refusal {
        Refusal::NoSuchOrder | Refusal::NoSuchFulfillment { .. } | Refusal::NoSuchReturn { .. } => {
            Problem::new(Code::NotFound, detail)
        }
        Refusal::AlreadyThere => Problem::new(Code::AlreadyExists, detail).at("/id", "already_exists"),
        Refusal::NoLines => invalid("/lines".to_string(), "no_lines"),
        Refusal::TooManyLines { .. } => invalid("/lines".to_string(), "too_many_lines"),
        Refusal::UnknownPlace { .. } => invalid("/pick_up_at".to_string(), "unknown_location"),
        Refusal::NoHandOver { .. } => invalid("/pick_up_at".to_string(), "no_hand_over"),
        Refusal::NothingOrdered { line } => invalid(about.pointer(*line, "quantity"), "invalid_quantity"),
        Refusal::UnknownSku { line, .. } => invalid(about.pointer(*line, "sku"), "unknown_sku"),
        Refusal::NoPrice { line, .. } => invalid(about.pointer(*line, "sku"), "no_price"),
        Refusal::NegativePrice { line } => invalid(about.pointer(*line, "unit_price/amount"), "negative_price"),
        Refusal::TooMuchMoney { line } => invalid(about.pointer(*line, "quantity"), "too_much_money"),
        Refusal::Insufficient { short } => Problem::insufficient(short.iter().map(ShortView::from).collect()),
        Refusal::NoSuchLine { line } => invalid(about.pointer(*line, "line"), "unknown_line"),
        Refusal::LineTwice { line } => invalid(about.pointer(*line, "line"), "named_twice"),
        Refusal::NoSuchHold { .. } => invalid("/name".to_string(), "unknown_hold"),
        Refusal::OnHold { .. } => standing(Problem::new(Code::OnHold, detail), about, None),
        Refusal::NotNow { standing: now, .. } => {
            standing(Problem::new(Code::NotPossibleNow, detail), about, Some(*now))
        }
        Refusal::TooMuchToCancel { line, .. }
        | Refusal::TooMuchToReturn { line, .. }
        | Refusal::TooMuchReceived { line, .. } => exceeded(about.pointer(*line, "quantity")),
        Refusal::KeyReused => Problem::new(Code::IdempotencyKeyReused, detail),
        Refusal::TooMany { .. } => Problem::new(Code::LimitReached, detail),
        Refusal::Unroutable(fault) => {
            let pointer = fault.pointer.strip_prefix("/order").unwrap_or("/lines");
            Problem::invalid(pointer, "unroutable", format!("it cannot be routed: it {}", fault.flaw))
        }
    }
}

fn standing(problem: Problem, about: About<'_>, now: Option<Standing>) -> Problem {
    let status = match (now, about.order) {
        (Some(standing), _) => standing.to_string(),
        (None, Some(order)) => order.status().to_string(),
        (None, None) => return problem,
    };
    problem.with_standing(&status, about.actions())
}

/// How the lines of a stock request are pointed at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// `/lines/0/sku`.
    Lines,
    /// `/sku`: the request is one line.
    Single,
}

impl Shape {
    /// The pointer to a member of a line.
    pub fn pointer(self, index: usize, member: &str) -> String {
        match self {
            Self::Lines => format!("/lines/{index}/{member}"),
            Self::Single => format!("/{member}"),
        }
    }
}

/// A line that the stock refuses: its index in the request, what it asked for, and why not.
#[derive(Clone, Debug)]
pub struct RefusedLine {
    /// From 0.
    pub index: usize,
    /// How much was asked.
    pub asked: Quantity,
    /// Why not.
    pub refusal: stock::Refusal,
}

/// Why the stock says no. What is wrong with the request comes before what is not there.
pub fn of_stock(refused: &[RefusedLine], shape: Shape) -> Problem {
    let mut refused: Vec<&RefusedLine> = refused.iter().collect();
    sorting::sort_by_key(&mut refused, |line| line.index);
    let faults: Vec<Fault> = refused.iter().filter_map(|line| fault(line, shape)).collect();
    if let Some(first) = faults.first() {
        return Problem::new(Code::ValidationFailed, first.detail.clone()).with_errors(faults);
    }
    let short: Vec<ShortView> = refused.iter().filter_map(|line| short(line)).collect();
    if short.is_empty() {
        return Problem::new(Code::NotPossibleNow, stock::Refusal::BrokenHold.to_string());
    }
    Problem::insufficient(short)
}

/// What is wrong with a line whatever the stock.
fn fault(line: &RefusedLine, shape: Shape) -> Option<Fault> {
    use stock::Refusal;
    let (pointer, code) = match &line.refusal {
        Refusal::UnknownSku { .. } => (shape.pointer(line.index, "sku"), "unknown_sku"),
        Refusal::SameLocation { .. } => ("/to".to_string(), "same_location"),
        Refusal::NothingAsked { .. } => (shape.pointer(line.index, "quantity"), "invalid_quantity"),
        Refusal::TooMuch { .. } => (shape.pointer(line.index, "quantity"), "out_of_range"),
        Refusal::NoTransfer { .. } => (shape.pointer(line.index, "quantity"), "not_to_leave"),
        Refusal::BadInbound { field, .. } if field == "ordered" => {
            (shape.pointer(line.index, "quantity"), "invalid_inbound")
        }
        Refusal::BadInbound { field, .. } => (inbound_pointer(field), "invalid_inbound"),
        Refusal::TooManyInbound { .. } => (shape.pointer(line.index, "sku"), "too_many_inbound"),
        Refusal::NotEnough { .. } | Refusal::Insufficient { .. } | Refusal::BrokenHold => return None,
    };
    let detail = line.refusal.to_string();
    let detail = detail.split_once(": ").map_or(detail.as_str(), |(_, words)| words);
    Some(Fault::new(pointer, code, detail))
}

/// Where the body of a purchase or transfer order has what the core calls so.
fn inbound_pointer(field: &str) -> String {
    let member = field.rsplit('.').next().unwrap_or(field);
    format!("/{}", if member == "source" { "from" } else { member })
}

fn short(line: &RefusedLine) -> Option<ShortView> {
    use stock::Refusal;
    let (sku, location, available) = match &line.refusal {
        Refusal::NotEnough { sku, location, available, .. } => (sku, Some(location), available),
        Refusal::Insufficient { sku, available, .. } => (sku, None, available),
        Refusal::UnknownSku { .. }
        | Refusal::SameLocation { .. }
        | Refusal::NothingAsked { .. }
        | Refusal::TooMuch { .. }
        | Refusal::NoTransfer { .. }
        | Refusal::BadInbound { .. }
        | Refusal::TooManyInbound { .. }
        | Refusal::BrokenHold => return None,
    };
    Some(ShortView {
        line: u32::try_from(line.index.saturating_add(1)).unwrap_or(u32::MAX),
        sku: sku.clone(),
        location: location.cloned(),
        requested: crate::show::Shown(line.asked),
        available: crate::show::Shown(*available),
    })
}

/// Why the network says no.
pub fn of_network(refusal: network::Refusal) -> Problem {
    match refusal {
        network::Refusal::TooManyLocations { .. }
        | network::Refusal::TooManyCarriers { .. }
        | network::Refusal::TooManyResources { .. }
        | network::Refusal::TooManyCalendars { .. } => Problem::new(Code::LimitReached, refusal.to_string()),
        network::Refusal::NoDraft => Problem::new(Code::NotFound, refusal.to_string()),
        network::Refusal::Faults(faults) => of_routing(&faults),
    }
}

/// What is wrong with what should be routed, place by place.
pub fn of_routing(faults: &[routing::Fault]) -> Problem {
    let errors: Vec<Fault> = faults
        .iter()
        .map(|fault| Fault::new(fault.pointer.clone(), flaw_code(&fault.flaw), format!("it {}", fault.flaw)))
        .collect();
    let detail = match errors.as_slice() {
        [one] => one.detail.clone(),
        _ => "several things are wrong: see errors".to_string(),
    };
    Problem::new(Code::ValidationFailed, detail).with_errors(errors)
}

/// The stable word for what is wrong with routing data.
const fn flaw_code(flaw: &Flaw) -> &'static str {
    match flaw {
        Flaw::Empty => "empty",
        Flaw::Negative => "negative",
        Flaw::Zero => "zero",
        Flaw::Beyond { .. } => "out_of_range",
        Flaw::TooMany { .. } => "too_many",
        Flaw::Unknown { .. } => "unknown_name",
        Flaw::Twice { .. } => "named_twice",
        Flaw::Reserved => "reserved_name",
        Flaw::Unordered => "not_ascending",
        Flaw::ShipsNothing => "ships_nothing",
        Flaw::NoCatchAll => "no_catch_all",
        Flaw::Calendar { .. } => "invalid_calendar",
        Flaw::Overflow => "overflow",
    }
}
