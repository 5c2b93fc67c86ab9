//! Items, locations and taxes, and what can be sold.

use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use futures_util::future::join_all;
use oms_actors::host::Host;
use oms_actors::message::{Ran, TenantAsk, TenantReply};
use oms_api::availability::{AvailabilityView, MAX_SKUS};
use oms_api::fault::Fault;
use oms_api::item::{self, ItemView, PutItem, sku_parameter};
use oms_api::location::{self, LocationView};
use oms_api::problem::Problem;
use oms_api::refusal::{self, RefusedLine, Shape};
use oms_api::tax::{self, TaxView};
use oms_core::network::{self, Location};
use oms_core::sorting;
use oms_core::stock::{Command, Page};
use oms_core::value::{LocationId, Quantity, Sku, Timestamp};

use crate::address;
use crate::answer::{Answer, Outcome};
use crate::ask::{self, odd};
use crate::path::Parameters;
use crate::stock::first;
use crate::visit::{Media, Visit};

/// `PUT /v1/items/{sku}`.
pub(crate) async fn put_item<H: Host>(visit: &Visit<'_, H>, sku: &str) -> Outcome {
    let put = item::put(sku, visit.body(Media::Json)?)?;
    let to = address::of_sku(&put.sku, visit.topology());
    let ran = first(ask::run(visit.host, to, vec![item_command(&put)]).await?)?;
    let (version, new) = item_put(&put, &ran)?;
    let view = ItemView::new(&put.sku, &put.item, version);
    Ok(Answer::json(if new { 201 } else { 200 }, &view)?.tagged(version))
}

/// The command that puts an item.
pub(crate) fn item_command(put: &PutItem) -> Command {
    Command::PutItem { sku: put.sku.clone(), item: put.item.clone() }
}

/// The version an item has now, and whether that is its first.
pub(crate) fn item_put(put: &PutItem, ran: &Ran) -> Result<(u32, bool), Problem> {
    match ran {
        Ran::Done { again, item, .. } => {
            let version = item.ok_or_else(odd)?;
            Ok((version, version == 1 && !again))
        }
        Ran::Refused(refusal) => {
            let line = RefusedLine { index: 0, asked: Quantity::ZERO, refusal: refusal.clone() };
            Err(refusal::of_stock(&[line], Shape::Single))
        }
        Ran::UnknownLocation { location, .. } => {
            let detail = format!("there is no location {location}");
            Err(Problem::invalid(put.pointer_to(location), "unknown_location", detail))
        }
    }
}

/// `GET /v1/items/{sku}`.
pub(crate) async fn get_item<H: Host>(visit: &Visit<'_, H>, sku: &str) -> Outcome {
    let sku: Sku = sku.parse().map_err(|_| Problem::not_found("item"))?;
    let to = address::of_sku(&sku, visit.topology());
    let (pages, _) = ask::pages(visit.host, to, vec![sku.clone()]).await?;
    let page = pages.iter().find(|(known, _)| *known == sku).map(|(_, page)| page);
    let item = &page.ok_or_else(|| Problem::not_found("item"))?.item;
    let version = item.price.version;
    Ok(Answer::json(200, &ItemView::new(&sku, item, version))?.tagged(version))
}

/// `PUT /v1/locations/{id}`.
pub(crate) async fn put_location<H: Host>(visit: &Visit<'_, H>, id: &str) -> Outcome {
    let put = location::put(id, visit.body(Media::Json)?)?;
    let put = put_locations(visit, vec![put]).await?;
    let (location, new) = put.into_iter().next().ok_or_else(odd)??;
    Ok(Answer::json(if new { 201 } else { 200 }, &LocationView::new(&location))?.tagged(location.version))
}

/// Puts locations: each as it stands now and whether it is new, or why not.
pub(crate) async fn put_locations<H: Host>(
    visit: &Visit<'_, H>,
    locations: Vec<Location>,
) -> Result<Vec<Result<(Location, bool), Problem>>, Problem> {
    let TenantReply::Put(put) = ask::tenant(visit.host, TenantAsk::PutLocations(locations)).await? else {
        return Err(odd());
    };
    Ok(put.into_iter().map(|one| one.map_err(refusal::of_network)).collect())
}

/// `GET /v1/locations/{id}`.
pub(crate) async fn get_location<H: Host>(visit: &Visit<'_, H>, id: &str) -> Outcome {
    let id: LocationId = id.parse().map_err(|_| Problem::not_found("location"))?;
    let location = known_location(visit, id).await?.ok_or_else(|| Problem::not_found("location"))?;
    Ok(Answer::json(200, &LocationView::new(&location))?.tagged(location.version))
}

pub(crate) async fn known_location<H: Host>(visit: &Visit<'_, H>, id: LocationId) -> Result<Option<Location>, Problem> {
    let TenantReply::Location(known) = ask::tenant(visit.host, TenantAsk::Location(id)).await? else {
        return Err(odd());
    };
    Ok(known)
}

/// `PUT /v1/tax-table`.
pub(crate) async fn put_tax<H: Host>(visit: &Visit<'_, H>) -> Outcome {
    let put = tax::put(visit.body(Media::Json)?)?;
    let table = ask::change(visit.host, network::Command::PutTax(put)).await?.tax;
    Ok(Answer::json(200, &TaxView::new(&table))?.tagged(table.version))
}

/// `GET /v1/tax-table`.
pub(crate) async fn get_tax<H: Host>(visit: &Visit<'_, H>) -> Outcome {
    let table = ask::network(visit.host).await?.tax;
    Ok(Answer::json(200, &TaxView::new(&table))?.tagged(table.version))
}

/// `GET /v1/availability`.
pub(crate) async fn availability<H: Host>(visit: &Visit<'_, H>) -> Outcome {
    let query = Parameters::read(visit.request.query.as_deref(), &["sku", "location"])?;
    let skus = skus(query.get("sku"))?;
    let only: Option<LocationId> = match query.get("location") {
        Some(text) => Some(text.parse().map_err(|_| unknown_location())?),
        None => None,
    };
    let (pages, as_of) = pages(visit, &skus).await?;
    if let Some(only) = &only {
        let somewhere = pages.iter().any(|(_, page)| page.shelves.contains_key(only));
        if !somewhere && known_location(visit, only.clone()).await?.is_none() {
            return Err(unknown_location());
        }
    }
    Answer::json(200, &AvailabilityView::new(&pages, only.as_ref(), as_of))
}

fn unknown_location() -> Problem {
    Problem::not_found("location").at("/location", "unknown_location")
}

/// The SKUs of a query, each once.
pub(crate) fn skus(text: Option<&str>) -> Result<Vec<Sku>, Problem> {
    let text = text.ok_or_else(|| Problem::parameter("sku", "missing_parameter", "sku names at least one SKU"))?;
    let mut skus: Vec<Sku> = Vec::new();
    for (index, one) in text.split(',').enumerate() {
        if index >= MAX_SKUS {
            let detail = format!("at most {MAX_SKUS} SKUs are answered at once");
            return Err(Problem::parameter("sku", "too_many_skus", detail));
        }
        let sku = sku_parameter(&format!("sku/{index}"), one.trim())?;
        if !skus.contains(&sku) {
            skus.push(sku);
        }
    }
    Ok(skus)
}

/// The pages of SKUs in their order, from the objects they live in; as of the earliest answer.
pub(crate) async fn pages<H: Host>(
    visit: &Visit<'_, H>,
    skus: &[Sku],
) -> Result<(Vec<(Sku, Page)>, Timestamp), Problem> {
    let (mut found, as_of) = look_up(visit, skus).await?;
    let is_known = |sku: &Sku| found.iter().any(|(known, _)| known == sku);
    let unknown: Vec<Fault> = (0..).zip(skus).filter(|(_, sku)| !is_known(sku)).map(unknown_sku).collect();
    if !unknown.is_empty() {
        return Err(Problem::not_found("item").with_errors(unknown));
    }
    sorting::sort_by_key(&mut found, |(sku, _)| skus.iter().position(|asked| asked == sku));
    Ok((found, as_of))
}

/// The pages of SKUs, those that there are, in no order.
pub(crate) async fn look_up<H: Host>(
    visit: &Visit<'_, H>,
    skus: &[Sku],
) -> Result<(Vec<(Sku, Page)>, Timestamp), Problem> {
    let groups = address::by_object(skus.iter(), visit.topology());
    let asks = groups.into_iter().map(|(to, indexes)| {
        let skus = indexes.iter().filter_map(|index| skus.get(*index)).cloned().collect();
        ask::pages(visit.host, to, skus)
    });
    let mut found: Vec<(Sku, Page)> = Vec::new();
    let mut as_of = visit.host.now();
    for answer in join_all(asks).await {
        let (pages, then) = answer?;
        as_of = as_of.min(then);
        found.extend(pages);
    }
    Ok((found, as_of))
}

fn unknown_sku((index, sku): (usize, &Sku)) -> Fault {
    Fault::new(format!("/sku/{index}"), "unknown_sku", format!("there is no item {sku}"))
}

/// An unknown SKU stands in the body, and the request is what is wrong. `names` tells where.
pub(crate) fn in_body(problem: Problem, skus: &[Sku], names: &dyn Fn(&Sku) -> String) -> Problem {
    if problem.status() != 404 {
        return problem;
    }
    let mut unknown =
        problem.errors().iter().filter_map(|fault| fault.pointer.strip_prefix("/sku/")?.parse::<usize>().ok());
    let Some(sku) = unknown.find_map(|index| skus.get(index)) else { return problem };
    Problem::invalid(names(sku), "unknown_sku", format!("there is no item {sku}"))
}
