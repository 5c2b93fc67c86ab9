//! Holds of carts.

use alloc::format;
use alloc::vec;
use alloc::vec::Vec;

use futures_util::future::join_all;
use oms_actors::host::Host;
use oms_actors::message::{Address, Ran};
use oms_api::cart::{CartView, HeldView};
use oms_api::problem::Problem;
use oms_api::refusal::{self, RefusedLine, Shape};
use oms_api::show::Shown;
use oms_core::promise::DemandClass;
use oms_core::stock::{CartAsk, Command, Hold, Stage};
use oms_core::value::{CartId, Timestamp};

use crate::address;
use crate::answer::{Answer, Outcome};
use crate::ask;
use crate::stock::{first, line_of};
use crate::visit::{Media, Visit};

/// What of a cart goes to one object.
struct Share {
    to: Address,
    /// Indexes into the lines of the cart.
    lines: Vec<usize>,
    asks: Vec<CartAsk>,
    class: DemandClass,
}

/// `POST /v1/carts/{id}/holds`.
pub(crate) async fn hold<H: Host>(visit: &Visit<'_, H>, cart: &str) -> Outcome {
    let detail = "a cart id is 1 to 64 of A-Z a-z 0-9 _ -";
    let cart: CartId = cart.parse().map_err(|_| Problem::parameter("cart", "invalid_cart", detail))?;
    let (class, wanted) = oms_api::cart::hold(visit.body(Media::Json)?)?;
    let shares = shares(&class, &wanted, visit);
    if shares.len() > 1 {
        all_would(visit, &cart, &shares).await?;
    }
    let holds = take(visit, &cart, &shares).await?;
    // What the cart held before may be in any stock object: every one of them hears that it wants nothing there now.
    let others = address::all_stock(visit.topology()).filter(|to| shares.iter().all(|share| share.to != *to));
    give_back(visit, &cart, others).await?;
    let (until, lines) = (holds.iter().filter_map(lapse).min(), holds.iter().flat_map(held).collect());
    Answer::json(201, &CartView::new(&cart, until, lines))
}

fn shares<H: Host>(class: &DemandClass, wanted: &[CartAsk], visit: &Visit<'_, H>) -> Vec<Share> {
    let groups = address::by_object(wanted.iter().map(|ask| &ask.sku), visit.topology());
    let shares = groups.into_iter().map(|(to, lines)| {
        let asks = lines.iter().filter_map(|index| wanted.get(*index)).cloned().collect();
        Share { to, lines, asks, class: class.clone() }
    });
    shares.collect()
}

fn command(cart: &CartId, parts: &[CartAsk], class: &DemandClass) -> Vec<Command> {
    vec![Command::HoldCart { cart: cart.clone(), parts: parts.to_vec(), class: class.clone() }]
}

/// Asks every object first, so that a refusal leaves what the cart holds as it is.
async fn all_would<H: Host>(visit: &Visit<'_, H>, cart: &CartId, shares: &[Share]) -> Result<(), Problem> {
    let asks = shares.iter().map(|share| ask::check(visit.host, share.to, command(cart, &share.asks, &share.class)));
    let mut refused = Vec::new();
    for (share, ran) in shares.iter().zip(join_all(asks).await) {
        refused.extend(refusal_of(share, &first(ran?)?)?);
    }
    if refused.is_empty() { Ok(()) } else { Err(refusal::of_stock(&refused, Shape::Lines)) }
}

/// Holds everywhere or nowhere: when an object refuses after all, the others give back what they just set aside.
async fn take<H: Host>(visit: &Visit<'_, H>, cart: &CartId, shares: &[Share]) -> Result<Vec<Hold>, Problem> {
    let asks = shares.iter().map(|share| ask::run(visit.host, share.to, command(cart, &share.asks, &share.class)));
    let (mut holds, mut taken, mut problem, mut refused) = (Vec::new(), Vec::new(), None, Vec::new());
    for (share, ran) in shares.iter().zip(join_all(asks).await) {
        match ran.and_then(first) {
            Ok(Ran::Done { hold, .. }) => {
                taken.push(share.to);
                holds.extend(hold.map(|(_, hold)| hold));
            }
            Ok(ran) => match refusal_of(share, &ran) {
                Ok(line) => refused.extend(line),
                Err(other) => problem = Some(other),
            },
            Err(lost) => problem = Some(lost),
        }
    }
    let problem = problem.or_else(|| (!refused.is_empty()).then(|| refusal::of_stock(&refused, Shape::Lines)));
    let Some(problem) = problem else { return Ok(holds) };
    give_back(visit, cart, taken.into_iter()).await?;
    Err(problem)
}

async fn give_back<H: Host>(
    visit: &Visit<'_, H>,
    cart: &CartId,
    objects: impl Iterator<Item = Address>,
) -> Result<(), Problem> {
    let asks = objects.map(|to| ask::run(visit.host, to, command(cart, &[], &DemandClass::default())));
    join_all(asks).await.into_iter().try_for_each(|ran| ran.map(|_| ()))
}

fn refusal_of(share: &Share, ran: &Ran) -> Result<Option<RefusedLine>, Problem> {
    let place = |line: u32| {
        let place = usize::try_from(line.saturating_sub(1)).unwrap_or(0);
        let asked = share.asks.get(place).map(|ask| ask.quantity).unwrap_or_default();
        (share.lines.get(place).copied().unwrap_or(0), asked)
    };
    match ran {
        Ran::Done { .. } => Ok(None),
        Ran::Refused(refusal) => {
            let (index, asked) = place(line_of(refusal));
            Ok(Some(RefusedLine { index, asked, refusal: refusal.clone() }))
        }
        Ran::UnknownLocation { line, location } => {
            let (index, _) = place(*line);
            let detail = format!("there is no location {location}");
            Err(Problem::invalid(format!("/lines/{index}/location"), "unknown_location", detail))
        }
    }
}

fn lapse(hold: &Hold) -> Option<Timestamp> {
    match hold.stage {
        Stage::Held { until } => Some(until),
        Stage::Confirmed | Stage::Refused { .. } | Stage::Released => None,
    }
}

fn held(hold: &Hold) -> Vec<HeldView> {
    let parts = hold.parts.iter().filter(|part| hold.is_live() && !part.reserved().is_zero());
    let views = parts.map(|part| HeldView {
        sku: part.sku.clone(),
        location: part.location.clone(),
        quantity: Shown(part.reserved()),
    });
    views.collect()
}
