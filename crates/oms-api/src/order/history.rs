//! The history of an order: every event with its own members, in the words of the API.

use alloc::vec::Vec;

use oms_core::order::{CanceledPart, Event, HoldAsk, ShortLine};
use oms_core::price::Totals;
use oms_core::stock::HoldId;
use oms_core::value::{Currency, Day, Label, LocationId, OrderId, Quantity, ReturnId, Sku, Timestamp};
use serde::Serialize;

use super::view::ComingView;
use crate::problem::ShortView;
use crate::returns::{ReceivedView, ReturnLineView};
use crate::routing::SavingView;
use crate::show::{Shown, TotalsView};

/// An event of an order's history.
#[derive(Debug, Serialize)]
pub struct StepView<'a> {
    version: u32,
    at: Shown<Timestamp>,
    #[serde(flatten)]
    event: EventView<'a>,
}

#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum EventView<'a> {
    Captured { totals: TotalsView },
    Placed { totals: TotalsView },
    Sold { totals: TotalsView, location: &'a LocationId },
    Confirmed,
    Routed { policy: &'a Label, policy_version: u32, strategy: &'a Label, proven: bool, locations: Vec<&'a LocationId> },
    Reserving { attempt: u32, lines: Vec<PlaceView<'a>> },
    Held { hold: HoldId },
    Allocated { attempt: u32 },
    Missed { attempt: u32, short: Vec<ShortView> },
    Improving { attempt: u32, lines: Vec<PlaceView<'a>> },
    Improved { attempt: u32, saved: SavingView },
    SupplyCame,
    Backordered { lines: Vec<PartView>, look_at: Shown<Timestamp> },
    Bought { promised_by: Option<Day>, lines: Vec<ComingView> },
    Waited { look_at: Shown<Timestamp> },
    Rejected { short: Vec<ShortView> },
    Canceled { reason: Option<&'a Label>, lines: Vec<PartView> },
    HoldPut { name: &'a Label, reason: Option<&'a Label> },
    HoldLifted { name: &'a Label },
    Picked { fulfillment: u32 },
    Packed { fulfillment: u32 },
    Shipped { fulfillment: u32, carrier: Option<&'a Label>, tracking: Option<&'a Label> },
    Arrived { fulfillment: u32 },
    Delivered { fulfillment: u32 },
    FulfillmentRejected { fulfillment: u32, reason: Option<&'a Label> },
    ReturnRequested { r#return: ReturnId, lines: Vec<ReturnLineView<'a>> },
    ReturnAuthorized { r#return: ReturnId },
    ReturnReceived { r#return: ReturnId, location: &'a LocationId, lines: Vec<ReceivedView> },
    ReturnCanceled { r#return: ReturnId, reason: Option<&'a Label> },
}

#[derive(Debug, Serialize)]
struct PlaceView<'a> {
    line: u32,
    sku: &'a Sku,
    location: &'a LocationId,
    quantity: Shown<Quantity>,
}

#[derive(Debug, Serialize)]
struct PartView {
    line: u32,
    quantity: Shown<Quantity>,
}

/// The events that led an order to a version. That errands came back as they should is nobody's news: it makes no version,
/// and is not shown where it came together with something that does.
pub fn steps(order: OrderId, version: u32, at: Timestamp, events: &[Event]) -> Vec<StepView<'_>> {
    let shown = events.iter().filter_map(|event| view(order, event));
    shown.map(|event| StepView { version, at: Shown(at), event }).collect()
}

fn view(order: OrderId, event: &Event) -> Option<EventView<'_>> {
    let of = |no: u32| ReturnId::new(order, no);
    Some(match event {
        Event::Captured { head, totals, to_confirm, .. } => captured(*totals, head.currency, *to_confirm),
        Event::Sold { head, totals, location, .. } => {
            EventView::Sold { totals: TotalsView::new(*totals, head.currency), location }
        }
        Event::Confirmed => EventView::Confirmed,
        Event::Routed { decision } => EventView::Routed {
            policy: &decision.policy,
            policy_version: decision.version,
            strategy: &decision.strategy,
            proven: decision.proof.proven,
            locations: decision.shipments.iter().map(|shipment| &shipment.location).collect(),
        },
        Event::Reserving { epoch, holds } => EventView::Reserving { attempt: *epoch, lines: places(holds) },
        Event::Held { hold } => EventView::Held { hold: *hold },
        Event::Allocated { epoch } => EventView::Allocated { attempt: *epoch },
        Event::Improving { epoch, holds, .. } => EventView::Improving { attempt: *epoch, lines: places(holds) },
        Event::Improved { epoch, saving } => EventView::Improved { attempt: *epoch, saved: SavingView::of(saving) },
        Event::SupplyCame => EventView::SupplyCame,
        Event::Missed { epoch, short } => EventView::Missed { attempt: *epoch, short: shorts(short) },
        Event::Backordered { lines, look_at } => {
            EventView::Backordered { lines: parts(lines), look_at: Shown(*look_at) }
        }
        Event::Pegged { pegs, by } => {
            EventView::Bought { promised_by: *by, lines: pegs.iter().map(ComingView::new).collect() }
        }
        Event::Waited { look_at } => EventView::Waited { look_at: Shown(*look_at) },
        Event::Rejected { short } => EventView::Rejected { short: shorts(short) },
        Event::Canceled { reason, parts, .. } => {
            EventView::Canceled { reason: reason.as_ref(), lines: parts.iter().map(canceled).collect() }
        }
        Event::HoldPut { name, reason } => EventView::HoldPut { name, reason: reason.as_ref() },
        Event::HoldLifted { name } => EventView::HoldLifted { name },
        Event::Picked { no } => EventView::Picked { fulfillment: *no },
        Event::Packed { no } => EventView::Packed { fulfillment: *no },
        Event::Shipped { no, carrier, tracking } => {
            EventView::Shipped { fulfillment: *no, carrier: carrier.as_ref(), tracking: tracking.as_ref() }
        }
        Event::Arrived { no } => EventView::Arrived { fulfillment: *no },
        Event::Delivered { no } => EventView::Delivered { fulfillment: *no },
        Event::LocationRejected { no, reason } => {
            EventView::FulfillmentRejected { fulfillment: *no, reason: reason.as_ref() }
        }
        Event::ReturnRequested { no, lines, .. } => {
            EventView::ReturnRequested { r#return: of(*no), lines: lines.iter().map(ReturnLineView::from).collect() }
        }
        Event::ReturnAuthorized { no } => EventView::ReturnAuthorized { r#return: of(*no) },
        Event::ReturnReceived { no, location, lines } => EventView::ReturnReceived {
            r#return: of(*no),
            location,
            lines: lines.iter().map(ReceivedView::from).collect(),
        },
        Event::ReturnCanceled { no, reason } => {
            EventView::ReturnCanceled { r#return: of(*no), reason: reason.as_ref() }
        }
        Event::Released { .. }
        | Event::Consumed { .. }
        | Event::GivenBack { .. }
        | Event::Restocked { .. }
        | Event::Enlisted { .. } => return None,
    })
}

fn captured<'a>(totals: Totals, currency: Currency, to_confirm: bool) -> EventView<'a> {
    let totals = TotalsView::new(totals, currency);
    if to_confirm { EventView::Captured { totals } } else { EventView::Placed { totals } }
}

fn places(holds: &[HoldAsk]) -> Vec<PlaceView<'_>> {
    let asks = holds.iter().flat_map(|hold| &hold.parts).map(|ask| PlaceView {
        line: ask.line,
        sku: &ask.sku,
        location: &ask.location,
        quantity: Shown(ask.quantity),
    });
    asks.collect()
}

fn shorts(short: &[ShortLine]) -> Vec<ShortView> {
    short.iter().map(ShortView::from).collect()
}

fn parts(lines: &[(u32, Quantity)]) -> Vec<PartView> {
    lines.iter().map(|(line, quantity)| PartView { line: *line, quantity: Shown(*quantity) }).collect()
}

fn canceled(part: &CanceledPart) -> PartView {
    PartView { line: part.line, quantity: Shown(part.quantity()) }
}
