//! Replenishment: what is kept of a SKU, what is expected of its demand, and what to order.

use alloc::boxed::Box;
use alloc::format;
use alloc::vec;
use alloc::vec::Vec;

use oms_actors::host::Host;
use oms_actors::message::Ran;
use oms_api::problem::Problem;
use oms_api::refusal::{self, RefusedLine, Shape};
use oms_api::replenish::{self as api, CrossingsView, ForecastsView, ReplenishmentView, WatchView};
use oms_core::promise::{Inbound, Stage};
use oms_core::stock::{Command, Page};
use oms_core::value::{Day, LocationId, Quantity, Sku};

use crate::address;
use crate::answer::{Answer, Outcome};
use crate::ask;
use crate::catalog;
use crate::path::Parameters;
use crate::promises;
use crate::stock::first;
use crate::visit::{Media, Visit};

/// Weeks ahead when nothing is said, and most.
const WEEKS: (usize, usize) = (8, 104);

/// `PUT /v1/items/{sku}/replenishment`.
pub(crate) async fn put<H: Host>(visit: &Visit<'_, H>, sku: &str) -> Outcome {
    let watch = api::put(visit.body(Media::Json)?)?;
    let sku: Sku = sku.parse().map_err(|_| Problem::not_found("item"))?;
    let to = address::of_sku(&sku, visit.topology());
    let command = Command::PutWatch { sku: sku.clone(), watch: Box::new(watch.clone()) };
    match first(ask::run(visit.host, to, vec![command]).await?)? {
        Ran::Done { .. } => Answer::json(200, &WatchView::new(&sku, &watch)),
        Ran::Refused(oms_core::stock::Refusal::UnknownSku { .. }) => Err(Problem::not_found("item")),
        Ran::Refused(refusal) => {
            let line = RefusedLine { index: 0, asked: Quantity::ZERO, refusal };
            Err(refusal::of_stock(&[line], Shape::Single))
        }
        Ran::UnknownLocation { line, location } => {
            let pointer = match line.checked_sub(1) {
                None => "/buying/supplier".into(),
                Some(index) => format!("/buying/locations/{index}"),
            };
            Err(Problem::invalid(pointer, "unknown_location", format!("there is no location {location}")))
        }
    }
}

/// `GET /v1/items/{sku}/replenishment`.
pub(crate) async fn get<H: Host>(visit: &Visit<'_, H>, sku: &str) -> Outcome {
    let sku: Sku = sku.parse().map_err(|_| Problem::not_found("item"))?;
    let (pages, _) = ask::pages(visit.host, address::of_sku(&sku, visit.topology()), vec![sku.clone()]).await?;
    let (_, page) = pages.first().ok_or_else(|| Problem::not_found("item"))?;
    let watch = page.watch.as_deref().cloned().unwrap_or_default();
    Answer::json(200, &WatchView::new(&sku, &watch))
}

/// `GET /v1/forecasts?sku=a,b&location=ldn&weeks=8`.
pub(crate) async fn forecasts<H: Host>(visit: &Visit<'_, H>) -> Outcome {
    let query = Parameters::read(visit.request.query.as_deref(), &["sku", "location", "weeks"])?;
    let weeks = match query.get("weeks") {
        None => WEEKS.0,
        Some(text) => weeks(text)?,
    };
    let only: Option<LocationId> = match query.get("location") {
        None => None,
        Some(text) => Some(
            text.parse()
                .map_err(|_| Problem::parameter("location", "invalid_location", "the location is no name of one"))?,
        ),
    };
    let (pages, as_of) = catalog::pages(visit, &catalog::skus(query.get("sku"))?).await?;
    Answer::json(200, &ForecastsView::new(&pages, only.as_ref(), weeks, as_of)?)
}

fn weeks(text: &str) -> Result<usize, Problem> {
    let most = WEEKS.1;
    let number = text.parse().ok().filter(|weeks| (1..=most).contains(weeks));
    number.ok_or_else(|| Problem::parameter("weeks", "out_of_range", format!("it is 1 to {most}")))
}

/// `GET /v1/replenishment?sku=a,b`.
pub(crate) async fn show<H: Host>(visit: &Visit<'_, H>) -> Outcome {
    let query = Parameters::read(visit.request.query.as_deref(), &["sku"])?;
    let (pages, as_of) = catalog::pages(visit, &catalog::skus(query.get("sku"))?).await?;
    Answer::json(200, &ReplenishmentView::new(&pages, as_of)?)
}

/// `POST /v1/replenishment`: writes the proposals down as draft purchase orders, numbered by the key, so that the same
/// request writes them once.
pub(crate) async fn propose<H: Host>(visit: &Visit<'_, H>) -> Outcome {
    let key = address::key_digest(&visit.required_key()?);
    let pages = named(visit).await?;
    let today = Day::of_utc(visit.host.now());
    // Eight digits tell the requests of a supplier apart.
    let run = format!("{:032x}", u128::from_be_bytes(key.short())).split_off(24);
    let (view, lines) = api::proposals(&pages, today, &run)?;
    promises::expect(visit, &lines).await?;
    Answer::json(201, &view)
}

/// `POST /v1/purchase-orders/{id}/accept`: what of it is a draft is firm.
pub(crate) async fn accept<H: Host>(visit: &Visit<'_, H>, id: &str) -> Outcome {
    let pages = named(visit).await?;
    let of_it = |inbound: &&Inbound| inbound.id.as_str() == id;
    let all: Vec<&Inbound> = pages.iter().flat_map(|(_, page)| &page.inbound).filter(of_it).collect();
    if all.is_empty() {
        return Err(Problem::not_found("purchase order"));
    }
    let drafts = all.into_iter().filter(|inbound| inbound.stage == Stage::Draft);
    let firm: Vec<Inbound> = drafts.map(|inbound| Inbound { stage: Stage::Ready, ..inbound.clone() }).collect();
    promises::expect(visit, &firm).await?;
    let skus: Vec<Sku> = pages.into_iter().map(|(sku, _)| sku).collect();
    let (pages, _) = catalog::pages(visit, &skus).await?;
    Answer::json(200, &oms_api::inbound::InboundsView::new(&pages, Some(id)))
}

/// The pages of the SKUs that a body names.
async fn named<H: Host>(visit: &Visit<'_, H>) -> Result<Vec<(Sku, Page)>, Problem> {
    let skus = api::skus(visit.body(Media::Json)?)?;
    let names = |sku: &Sku| format!("/skus/{}", skus.iter().position(|one| one == sku).unwrap_or(0));
    let pages = catalog::pages(visit, &skus).await;
    Ok(pages.map_err(|problem| catalog::in_body(problem, &skus, &names))?.0)
}

/// `GET /v1/stock/crossings?sku=a,b`.
pub(crate) async fn crossings<H: Host>(visit: &Visit<'_, H>) -> Outcome {
    let query = Parameters::read(visit.request.query.as_deref(), &["sku"])?;
    let (pages, _) = catalog::pages(visit, &catalog::skus(query.get("sku"))?).await?;
    Answer::json(200, &CrossingsView::new(&pages))
}
