//! Orders: placing, showing, and everything that is asked of one.

use alloc::boxed::Box;
use alloc::format;
use alloc::vec;
use alloc::vec::Vec;

use oms_actors::host::Host;
use oms_actors::message::{ClaimName, OrderAsk, OrderReply, Record};
use oms_api::list::WholeView;
use oms_api::order::{self, NewOrder, OrderView, Recorded};
use oms_api::problem::{Code, Problem};
use oms_api::refusal::{self, About, Part};
use oms_core::order::{Command, Order, Stage};
use oms_core::value::OrderId;

use crate::address;
use crate::answer::{Answer, Outcome};
use crate::ask::{self, odd};
use crate::route::{FulfillmentVerb, OrderVerb};
use crate::visit::{Media, Visit};

/// An order an object showed, and whether the request had been answered before.
#[derive(Debug)]
pub(crate) struct Shown {
    pub(crate) record: Box<Record>,
    pub(crate) replayed: bool,
}

impl Shown {
    /// The problem, when the order was taken in and then could not be had.
    pub(crate) fn rejection(&self) -> Option<Problem> {
        match &self.record.order.stage {
            Stage::Rejected { short } => Some(Problem::rejected(self.record.order.id, short)),
            Stage::Draft | Stage::Open => None,
        }
    }

    /// The order as an answer; a rejection is the problem it always was.
    fn answer<H: Host>(&self, status: u16, visit: &Visit<'_, H>) -> Outcome {
        let answer = match self.rejection() {
            Some(problem) => visit.problem(problem),
            None => self.shown(status)?,
        };
        Ok(answer.replayed(self.replayed))
    }

    fn shown(&self, status: u16) -> Outcome {
        let answer = Answer::json(status, &OrderView::new(recorded(&self.record)))?.tagged(self.record.version);
        let place = format!("/v1/orders/{}", self.record.order.id);
        Ok(if status == 201 { answer.with("location", place) } else { answer })
    }
}

fn recorded(record: &Record) -> Recorded<'_> {
    Recorded { order: &record.order, number: record.number(), version: record.version, updated_at: record.updated_at }
}

/// An order id of a path: what is none is no order.
pub(crate) fn id(text: &str) -> Result<OrderId, Problem> {
    text.parse().map_err(|_| Problem::not_found("order"))
}

/// `POST /v1/orders`.
pub(crate) async fn place<H: Host>(visit: &Visit<'_, H>) -> Outcome {
    let key = visit.required_key()?;
    let order = order::place(visit.body(Media::Json)?)?;
    send(visit, order, key, "/v1/orders").await?.answer(201, visit)
}

/// Has a new order placed, once for its key and once for its channel's own number.
pub(crate) async fn send<H: Host>(
    visit: &Visit<'_, H>,
    order: NewOrder,
    key: ClaimName,
    route: &str,
) -> Result<Shown, Problem> {
    let fingerprint = visit.fingerprint(route, &order)?;
    let reference = order
        .head
        .external_ref
        .clone()
        .map(|external_ref| ClaimName::Ref { channel: order.head.channel.clone(), external_ref });
    let claims: Vec<ClaimName> = [key].into_iter().chain(reference).collect();
    let id = order.id.unwrap_or_else(|| address::new_order(&claims, visit.host));
    let draft = Box::new(order.into_draft(id, visit.host.now()));
    let to = address::of_order(id, visit.topology());
    let reply = ask::orders(visit.host, to, OrderAsk::Place { draft, claims, fingerprint }).await?;
    if let OrderReply::Elsewhere { order } = reply {
        // Its name is taken, and it is not there yet: another request is about to place it.
        let placing =
            |problem: Problem| if problem.status() == Code::NotFound.status() { in_flight() } else { problem };
        let record = get(visit, order).await.map_err(placing)?;
        return Ok(Shown { record, replayed: true });
    }
    shown(reply, Part::Whole, None)
}

/// What an order object says to a request about an order.
fn shown(reply: OrderReply, part: Part, lines: Option<&[u32]>) -> Result<Shown, Problem> {
    match reply {
        OrderReply::Order { record, replayed } => Ok(Shown { record, replayed }),
        OrderReply::Refused { refusal, record } => {
            let order: Option<&Order> = record.as_ref().map(|record| &record.order);
            Err(refusal::of_order(&refusal, About { order, part, lines }))
        }
        OrderReply::KeyReused => Err(key_reused()),
        OrderReply::InFlight => Err(in_flight()),
        OrderReply::Stale { version } => Err(Problem::stale(version)),
        OrderReply::NoSuchOrder => Err(Problem::not_found("order")),
        OrderReply::Claimed { .. }
        | OrderReply::Elsewhere { .. }
        | OrderReply::History(_)
        | OrderReply::Sold
        | OrderReply::Noted
        | OrderReply::Improvements(_)
        | OrderReply::Parcels(_)
        | OrderReply::Fate(_) => Err(odd()),
    }
}

/// The same request is on its way.
pub(crate) fn in_flight() -> Problem {
    Problem::new(Code::RequestInFlight, "the same request is being answered right now")
}

/// The key made something else.
pub(crate) fn key_reused() -> Problem {
    Problem::new(Code::IdempotencyKeyReused, "the Idempotency-Key made another request before")
}

async fn get<H: Host>(visit: &Visit<'_, H>, order: OrderId) -> Result<Box<Record>, Problem> {
    let to = address::of_order(order, visit.topology());
    let reply = ask::orders(visit.host, to, OrderAsk::Get { order }).await?;
    shown(reply, Part::Whole, None).map(|shown| shown.record)
}

/// `GET /v1/orders/{id}`. A rejected order is there to be read.
pub(crate) async fn show<H: Host>(visit: &Visit<'_, H>, order: &str) -> Outcome {
    let record = get(visit, id(order)?).await?;
    Shown { record, replayed: false }.shown(200)
}

/// `GET /v1/orders/{id}/events`.
pub(crate) async fn history<H: Host>(visit: &Visit<'_, H>, order: &str) -> Outcome {
    let order = id(order)?;
    let to = address::of_order(order, visit.topology());
    let reply = ask::orders(visit.host, to, OrderAsk::History { order }).await?;
    let OrderReply::History(steps) = &reply else { return shown(reply, Part::Whole, None).and(Err(odd())) };
    let views = steps.iter().flat_map(|step| order::steps(order, step.version, step.at, &step.events));
    Answer::json(200, &WholeView::new(views.collect()))
}

/// Has an order carry out a command, at the version that `If-Match` names.
pub(crate) async fn act<H: Host>(
    visit: &Visit<'_, H>,
    order: OrderId,
    command: Command,
    part: Part,
    lines: &[u32],
) -> Result<Shown, Problem> {
    let expected = visit.expected_version()?;
    let to = address::of_order(order, visit.topology());
    let reply = ask::orders(visit.host, to, OrderAsk::Act { order, command, expected }).await?;
    shown(reply, part, Some(lines))
}

/// `POST /v1/orders/{id}/{confirm|cancel|hold|release}`.
pub(crate) async fn on_order<H: Host>(visit: &Visit<'_, H>, order: &str, verb: OrderVerb) -> Outcome {
    let order = id(order)?;
    let body = visit.action_body()?;
    let mut lines = vec![];
    let command = match verb {
        OrderVerb::Confirm => order::nothing(body).map(|()| Command::Confirm)?,
        OrderVerb::Cancel => {
            let asked = order::cancel(body)?;
            lines = asked.lines.iter().flatten().map(|(line, _)| *line).collect();
            // Canceling some of a line twice cancels twice as much: such a request says which it is.
            let key = match (&asked.lines, visit.expected_version()?) {
                (Some(_), None) => Some(visit.required_key()?),
                (Some(_), Some(_)) | (None, _) => visit.optional_key()?,
            };
            let key = key.as_ref().map(address::key_digest);
            Command::Cancel { reason: asked.reason, lines: asked.lines, key }
        }
        OrderVerb::Hold => order::hold(body).map(|asked| Command::Hold { name: asked.name, reason: asked.reason })?,
        OrderVerb::Release => order::release(body).map(|asked| Command::Release { name: asked.name })?,
    };
    let shown = act(visit, order, command, Part::Whole, &lines).await?;
    match verb {
        // A draft is placed by being confirmed, and refused as an order is.
        OrderVerb::Confirm => shown.answer(200, visit),
        OrderVerb::Cancel | OrderVerb::Hold | OrderVerb::Release => {
            shown.shown(200).map(|answer| answer.replayed(shown.replayed))
        }
    }
}

/// `POST /v1/orders/{id}/fulfillments/{no}/{pick|pack|ship|arrive|deliver|reject}`.
pub(crate) async fn on_fulfillment<H: Host>(
    visit: &Visit<'_, H>,
    order: &str,
    no: &str,
    verb: FulfillmentVerb,
) -> Outcome {
    let order = id(order)?;
    let no: u32 = no.parse().map_err(|_| Problem::not_found("fulfillment"))?;
    let body = visit.action_body()?;
    let command = match verb {
        FulfillmentVerb::Pick => order::nothing(body).map(|()| Command::Pick { no })?,
        FulfillmentVerb::Pack => order::nothing(body).map(|()| Command::Pack { no })?,
        FulfillmentVerb::Arrive => order::nothing(body).map(|()| Command::Arrive { no })?,
        FulfillmentVerb::Deliver => order::nothing(body).map(|()| Command::Deliver { no })?,
        FulfillmentVerb::Ship => {
            order::ship(body).map(|asked| Command::Ship { no, carrier: asked.carrier, tracking: asked.tracking })?
        }
        FulfillmentVerb::Reject => order::reject(body).map(|asked| Command::Reject { no, reason: asked.reason })?,
    };
    let shown = act(visit, order, command, Part::Fulfillment(no), &[]).await?;
    shown.shown(200).map(|answer| answer.replayed(shown.replayed))
}
