//! Routing: its calendars, carriers and policies, and how an order was routed.

use alloc::vec::Vec;

use futures_util::StreamExt as _;
use futures_util::stream;
use oms_actors::host::Host;
use oms_actors::message::{Improvements, OrderAsk, OrderReply};
use oms_api::order::nothing;
use oms_api::problem::Problem;
use oms_api::routing::{self, CalendarView, ImprovementsView, PolicyView, RoutingView, SnapshotView};
use oms_core::network::Command;
use oms_core::order::Event;
use oms_core::value::Currency;

use crate::address;
use crate::answer::{Answer, Outcome};
use crate::ask;
use crate::orders;
use crate::visit::{Media, Visit};

/// `PUT /v1/carriers/{name}`.
pub(crate) async fn put_carrier<H: Host>(visit: &Visit<'_, H>, name: &str) -> Outcome {
    let carrier = routing::put_carrier(name, visit.body(Media::Json)?)?;
    let (network, status) = ask::put(visit.host, Command::PutCarrier(carrier)).await?;
    Answer::json(status, routing::carrier(&network, name)?)
}

/// `GET /v1/carriers/{name}`.
pub(crate) async fn get_carrier<H: Host>(visit: &Visit<'_, H>, name: &str) -> Outcome {
    Answer::json(200, routing::carrier(&*ask::network(visit.host).await?, name)?)
}

/// `PUT /v1/calendars/{name}`.
pub(crate) async fn put_calendar<H: Host>(visit: &Visit<'_, H>, named: &str) -> Outcome {
    let (name, rules) = routing::put_calendar(named, visit.body(Media::Json)?)?;
    let (network, status) = ask::put(visit.host, Command::PutCalendar { name, rules }).await?;
    Answer::json(status, &CalendarView::new(&network, named)?)
}

/// `GET /v1/calendars/{name}`.
pub(crate) async fn get_calendar<H: Host>(visit: &Visit<'_, H>, name: &str) -> Outcome {
    Answer::json(200, &CalendarView::new(&*ask::network(visit.host).await?, name)?)
}

/// `GET /v1/routing/policy`.
pub(crate) async fn get_policy<H: Host>(visit: &Visit<'_, H>) -> Outcome {
    Answer::json(200, &PolicyView::new(&*ask::network(visit.host).await?))
}

/// `PUT /v1/routing/policy`: the next draft.
pub(crate) async fn draft_policy<H: Host>(visit: &Visit<'_, H>) -> Outcome {
    let draft = routing::draft(visit.body(Media::Json)?)?;
    let network = ask::change(visit.host, Command::DraftPolicy(draft)).await?;
    Answer::json(200, &PolicyView::new(&network))
}

/// `POST /v1/routing/policy/activate`: the draft is in force.
pub(crate) async fn activate_policy<H: Host>(visit: &Visit<'_, H>) -> Outcome {
    nothing(visit.action_body()?)?;
    let network = ask::change(visit.host, Command::ActivatePolicy).await?;
    Answer::json(200, &PolicyView::new(&network))
}

/// `GET /v1/routing/snapshot`: what routing is decided from, but for orders and stock.
pub(crate) async fn snapshot<H: Host>(visit: &Visit<'_, H>) -> Outcome {
    Answer::json(200, &SnapshotView::new(&*ask::network(visit.host).await?))
}

/// `GET /v1/orders/{id}/routing`: the last decision, explained.
pub(crate) async fn of_order<H: Host>(visit: &Visit<'_, H>, order: &str) -> Outcome {
    let order = orders::id(order)?;
    let to = address::of_order(order, visit.topology());
    let steps = match ask::orders(visit.host, to, OrderAsk::History { order }).await? {
        OrderReply::History(steps) => steps,
        OrderReply::NoSuchOrder => return Err(Problem::not_found("order")),
        OrderReply::Order { .. }
        | OrderReply::Refused { .. }
        | OrderReply::KeyReused
        | OrderReply::InFlight
        | OrderReply::Stale { .. }
        | OrderReply::Claimed { .. }
        | OrderReply::Elsewhere { .. }
        | OrderReply::Noted
        | OrderReply::Improvements(_)
        | OrderReply::Sold
        | OrderReply::Fate(_) => return Err(ask::odd()),
    };
    let mut currency = None;
    let (mut last, mut moving) = (None, None);
    for (step, event) in steps.iter().flat_map(|step| step.events.iter().map(move |event| (step, event))) {
        if let Event::Captured { head, .. } = event {
            currency = Some(head.currency);
        }
        if let Event::Routed { decision } = event {
            last = Some((step, decision, None));
        }
        // A plan that an order moves to is its plan once everything that takes was had.
        if let Event::Improving { decision, saving, .. } = event {
            moving = Some((step, decision, Some(*saving)));
        }
        if let Event::Improved { .. } = event {
            last = moving.take().or(last);
        }
    }
    let (step, decision, saving) = last.ok_or_else(|| Problem::not_found("routing decision"))?;
    let currency: Currency = currency.ok_or_else(ask::odd)?;
    Answer::json(200, &RoutingView::new(order, step.version, step.at, currency, decision, saving))
}

/// `GET /v1/routing/improvements`: what moving open orders to better plans saved; every order object is asked.
pub(crate) async fn improvements<H: Host>(visit: &Visit<'_, H>) -> Outcome {
    let asks = address::all_orders(visit.topology()).map(|to| ask::orders(visit.host, to, OrderAsk::Improvements));
    let replies: Vec<Result<OrderReply, Problem>> = stream::iter(asks).buffered(ask::CALLS).collect().await;
    let mut sum = Improvements::default();
    for reply in replies {
        let OrderReply::Improvements(some) = reply? else { return Err(ask::odd()) };
        sum.join(some);
    }
    Answer::json(200, &ImprovementsView::new(sum.moves, sum.shipments, &sum.saved, visit.host.now()))
}
