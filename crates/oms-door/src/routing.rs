//! Routing: its calendars, carriers and policies, and how an order was routed.

use alloc::vec::Vec;

use futures_util::StreamExt as _;
use futures_util::stream;
use oms_actors::host::Host;
use oms_actors::message::{Improvements, OrderAsk, OrderReply, Step};
use oms_api::order::nothing;
use oms_api::problem::Problem;
use oms_api::routing::{self, CalendarView, ImprovementsView, PolicyView, RoutingView, SnapshotView, Told};
use oms_core::network::Command;
use oms_core::order::Event;
use oms_core::value::Currency;

use crate::address;
use crate::answer::{Answer, Outcome};
use crate::ask;
use crate::orders;
use crate::path::Parameters;
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

/// `GET /v1/orders/{id}/routing?decision=`: a decision, explained; the last one unless another is asked for.
pub(crate) async fn of_order<H: Host>(visit: &Visit<'_, H>, order: &str) -> Outcome {
    let order = orders::id(order)?;
    let query = Parameters::read(visit.request.query.as_deref(), &["decision"])?;
    let wanted = query.get("decision").map(number).transpose()?;
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
        | OrderReply::Parcels(_)
        | OrderReply::Sold
        | OrderReply::Fate(_) => return Err(ask::odd()),
    };
    let events = || steps.iter().flat_map(|step| &step.events);
    let head = events().find_map(|event| if let Event::Captured { head, .. } = event { Some(head) } else { None });
    let currency: Currency = head.ok_or_else(|| Problem::not_found("routing decision"))?.currency;
    let told = decisions(&steps);
    let view = RoutingView::new(order, currency, &told, wanted);
    Answer::json(200, &view.ok_or_else(|| Problem::not_found("routing decision"))?)
}

/// The number of a decision, from 1.
fn number(text: &str) -> Result<usize, Problem> {
    let number = text.parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| Problem::parameter("decision", "out_of_range", "decisions of an order count from 1"))
}

/// What was decided of an order, one after the other. A plan that an order moves to is its plan once everything that takes
/// was had.
fn decisions(steps: &[Step]) -> Vec<Told<'_>> {
    let (mut told, mut moving) = (Vec::new(), None);
    for (step, event) in steps.iter().flat_map(|step| step.events.iter().map(move |event| (step, event))) {
        let (version, at) = (step.version, step.at);
        if let Event::Routed { decision } = event {
            told.push(Told { version, at, decision, moved: None });
        }
        if let Event::Improving { decision, saving, makes_room_for, .. } = event {
            moving = Some(Told { version, at, decision, moved: Some((*saving, *makes_room_for)) });
        }
        if let Event::Improved { .. } = event {
            told.extend(moving.take());
        }
    }
    told
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
    Answer::json(200, &ImprovementsView::new((sum.moves, sum.made_room), sum.shipments, &sum.saved, visit.host.now()))
}
