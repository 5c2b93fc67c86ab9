//! Stock documents. A document is posted as a whole: every object it touches is asked first, then all post it.

use alloc::format;
use alloc::vec;
use alloc::vec::Vec;

use futures_util::future::join_all;
use oms_actors::host::Host;
use oms_actors::message::{Address, ClaimName, OrderAsk, OrderReply, Ran};
use oms_api::problem::{Code, Problem};
use oms_api::refusal::{self, RefusedLine, Shape};
use oms_api::stock::{self, BalanceView, Document, MovementView};
use oms_core::stock::{Command, Move, MoveLine, MovementId, Refusal};
use oms_core::value::{Digest, LocationId, Sku};

use crate::address;
use crate::answer::{Answer, Outcome};
use crate::ask::{self, odd};
use crate::orders::{in_flight, key_reused};
use crate::route::Movement;
use crate::visit::{Media, Visit};

/// What of a document goes to one object.
struct Share {
    to: Address,
    /// Indexes into the lines of the document.
    lines: Vec<usize>,
    command: Command,
}

/// `POST /v1/stock/{receipts|adjustments|counts|transfers|dispatches|dispositions}`.
pub(crate) async fn post<H: Host>(visit: &Visit<'_, H>, kind: Movement) -> Outcome {
    let key = visit.required_key()?;
    let body = visit.body(Media::Json)?;
    let (route, document) = match kind {
        Movement::Receipt => ("receipts", stock::receipt(body)?),
        Movement::Adjustment => ("adjustments", stock::adjustment(body)?),
        Movement::Count => ("counts", stock::count(body)?),
        Movement::Transfer => ("transfers", stock::transfer(body)?),
        Movement::Dispatch => ("dispatches", stock::dispatch(body)?),
        Movement::Disposition => ("dispositions", stock::disposition(body)?),
    };
    let fingerprint = visit.fingerprint(&format!("/v1/stock/{route}"), &document)?;
    let id = MovementId::of(&format!("{}:{route}", address::key_digest(&key)));
    let shares = shares(&document, id, visit);
    // In this order: what is refused leaves no trace, and nothing is posted under a key that is somebody else's.
    all_would(visit, &document, &shares).await?;
    claim(visit, key, fingerprint).await?;
    run(visit, &document, &shares, id).await
}

fn shares<H: Host>(document: &Document, id: MovementId, visit: &Visit<'_, H>) -> Vec<Share> {
    let groups = address::by_object(document.lines.iter().map(MoveLine::sku), visit.topology());
    let shares = groups.into_iter().map(|(to, lines)| {
        let moved = lines.iter().filter_map(|index| document.lines.get(*index)).cloned().collect();
        let command = Command::Move(Move { id, reference: document.reference.clone(), lines: moved });
        Share { to, lines, command }
    });
    shares.collect()
}

/// Asks every object whether it would post its share; all of them say what is wrong.
async fn all_would<H: Host>(visit: &Visit<'_, H>, document: &Document, shares: &[Share]) -> Result<(), Problem> {
    let asks = shares.iter().map(|share| ask::check(visit.host, share.to, vec![share.command.clone()]));
    let mut refused = Vec::new();
    for (share, ran) in shares.iter().zip(join_all(asks).await) {
        refused.extend(refusal_of(document, share, &first(ran?)?)?);
    }
    if refused.is_empty() { Ok(()) } else { Err(refusal::of_stock(&refused, Shape::Lines)) }
}

/// A key belongs to the first request that brings it. The object of its slot remembers which that was.
async fn claim<H: Host>(visit: &Visit<'_, H>, name: ClaimName, fingerprint: Digest) -> Result<(), Problem> {
    let to = address::of_claim(&name, visit.topology());
    let order = address::stand_in(&name);
    match ask::orders(visit.host, to, OrderAsk::Claim { name, order, fingerprint, instead_of: None }).await? {
        OrderReply::Claimed { fingerprint: first, .. } if first == fingerprint => Ok(()),
        OrderReply::Claimed { .. } | OrderReply::KeyReused => Err(key_reused()),
        OrderReply::InFlight => Err(in_flight()),
        OrderReply::Order { .. }
        | OrderReply::Refused { .. }
        | OrderReply::Elsewhere { .. }
        | OrderReply::Stale { .. }
        | OrderReply::NoSuchOrder
        | OrderReply::History(_)
        | OrderReply::Sold
        | OrderReply::Noted
        | OrderReply::Improvements(_)
        | OrderReply::Parcels(_)
        | OrderReply::Fate(_) => Err(odd()),
    }
}

async fn run<H: Host>(visit: &Visit<'_, H>, document: &Document, shares: &[Share], id: MovementId) -> Outcome {
    let asks = shares.iter().map(|share| ask::run(visit.host, share.to, vec![share.command.clone()]));
    let mut refused = Vec::new();
    let mut balances: Vec<BalanceView> = Vec::new();
    let (mut posted, mut replayed) = (false, true);
    for (share, ran) in shares.iter().zip(join_all(asks).await) {
        let ran = first(ran?)?;
        refused.extend(refusal_of(document, share, &ran)?);
        if let Ran::Done { again, shelves, .. } = ran {
            (posted, replayed) = (true, replayed && again);
            let shown = shelves.into_iter().map(|(sku, at, shelf, free)| BalanceView::new(sku, at, &shelf, free));
            balances.extend(shown);
        }
    }
    if !refused.is_empty() {
        // Stock left between asking and posting. The same key posts the rest once it can be.
        let problem = refusal::of_stock(&refused, Shape::Lines);
        let detail = "some lines were posted, others could not be any more: the same key posts the rest";
        return Err(if posted { Problem::new(Code::PartlyPosted, detail) } else { problem });
    }
    Ok(Answer::json(201, &MovementView::new(id, in_order(document, &balances)))?.replayed(replayed))
}

/// The shelves of a document in its order, each once.
fn in_order(document: &Document, balances: &[BalanceView]) -> Vec<BalanceView> {
    let mut places: Vec<(&Sku, &LocationId)> = Vec::new();
    for place in document.lines.iter().flat_map(stock::places) {
        if !places.contains(&place) {
            places.push(place);
        }
    }
    let shown = places.iter().filter_map(|(sku, at)| balances.iter().find(|one| one.is_of(sku, at)));
    shown.cloned().collect()
}

/// The line of the document that an object refuses. What no line can mend is a problem at once.
fn refusal_of(document: &Document, share: &Share, ran: &Ran) -> Result<Option<RefusedLine>, Problem> {
    match ran {
        Ran::Done { .. } => Ok(None),
        Ran::Refused(refusal) => {
            let index = index_of(share, line_of(refusal));
            let asked = document.lines.get(index).map(stock::asked).unwrap_or_default();
            Ok(Some(RefusedLine { index, asked, refusal: refusal.clone() }))
        }
        Ran::UnknownLocation { line, location } => {
            let pointer = document.lines.get(index_of(share, *line)).map(|line| stock::pointer_to(line, location));
            let detail = format!("there is no location {location}");
            Err(Problem::invalid(pointer.unwrap_or("/location"), "unknown_location", detail))
        }
    }
}

/// The line, from 1, that a refusal is about.
pub(crate) fn line_of(refusal: &Refusal) -> u32 {
    match refusal {
        Refusal::UnknownSku { line, .. }
        | Refusal::SameLocation { line }
        | Refusal::NothingAsked { line }
        | Refusal::NotEnough { line, .. }
        | Refusal::TooMuch { line }
        | Refusal::Insufficient { line, .. }
        | Refusal::NoTransfer { line, .. }
        | Refusal::BadInbound { line, .. }
        | Refusal::TooManyInbound { line, .. } => *line,
        Refusal::BrokenHold => 1,
    }
}

/// The index in the document of a share's line, which counts from 1.
fn index_of(share: &Share, line: u32) -> usize {
    let index = usize::try_from(line.saturating_sub(1)).unwrap_or(0);
    share.lines.get(index).copied().unwrap_or(0)
}

/// The one answer to one command.
pub(crate) fn first(ran: Vec<Ran>) -> Result<Ran, Problem> {
    ran.into_iter().next().ok_or_else(odd)
}
