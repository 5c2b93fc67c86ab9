//! Returns of orders.

use alloc::vec::Vec;

use oms_actors::host::Host;
use oms_actors::message::{TenantAsk, TenantReply};
use oms_api::order::{nothing, reject};
use oms_api::problem::{Code, Problem};
use oms_api::refusal::Part;
use oms_api::returns::{self, ReturnView};
use oms_core::order::{Command, Return};
use oms_core::value::{LocationId, ReturnId};

use crate::address;
use crate::answer::{Answer, Outcome};
use crate::ask::{self, odd};
use crate::orders::{self, Shown};
use crate::route::ReturnVerb;
use crate::visit::{Media, Visit};

/// `POST /v1/orders/{id}/returns`.
pub(crate) async fn request<H: Host>(visit: &Visit<'_, H>, order: &str) -> Outcome {
    let order = orders::id(order)?;
    let key = address::key_digest(&visit.required_key()?);
    let asked = returns::request(visit.body(Media::Json)?)?;
    let lines: Vec<u32> = asked.iter().map(|line| line.line).collect();
    let command = Command::RequestReturn { key, lines: asked };
    let shown = orders::act(visit, order, command, Part::Whole, &lines).await?;
    let made = shown.record.order.returns.iter().find(|one| one.key == key);
    show(&shown, made, 201)
}

/// `POST /v1/returns/{id}/{authorize|receive|cancel}`.
pub(crate) async fn on_return<H: Host>(visit: &Visit<'_, H>, id: &str, verb: ReturnVerb) -> Outcome {
    let ReturnId { order, no } = id.parse().map_err(|_| Problem::not_found("return"))?;
    let body = visit.action_body()?;
    let mut lines = Vec::new();
    let command = match verb {
        ReturnVerb::Authorize => nothing(body).map(|()| Command::AuthorizeReturn { no })?,
        ReturnVerb::Cancel => reject(body).map(|asked| Command::CancelReturn { no, reason: asked.reason })?,
        ReturnVerb::Receive => {
            let asked = returns::receive(body)?;
            takes_returns(visit, &asked.location).await?;
            lines = asked.lines.iter().map(|line| line.line).collect();
            Command::ReceiveReturn { no, location: asked.location, lines: asked.lines }
        }
    };
    let shown = orders::act(visit, order, command, Part::Return(no), &lines).await?;
    show(&shown, shown.record.order.return_no(no), 200)
}

/// An order knows nothing of locations, and goods that came back must go somewhere: so it is looked at here.
async fn takes_returns<H: Host>(visit: &Visit<'_, H>, location: &LocationId) -> Result<(), Problem> {
    let TenantReply::Location(known) = ask::tenant(visit.host, TenantAsk::Location(location.clone())).await? else {
        return Err(odd());
    };
    match known {
        Some(known) if known.accepts_returns => Ok(()),
        Some(_) => Err(Problem::new(Code::NotPossibleNow, "the location takes no returns")
            .at("/location", "location_takes_no_returns")),
        None => Err(Problem::invalid("/location", "unknown_location", "there is no such location")),
    }
}

fn show(shown: &Shown, one: Option<&Return>, status: u16) -> Outcome {
    let order = &shown.record.order;
    let view = ReturnView::new(order, one.ok_or_else(odd)?);
    Ok(Answer::json(status, &view)?.tagged(shown.record.version).replayed(shown.replayed))
}
