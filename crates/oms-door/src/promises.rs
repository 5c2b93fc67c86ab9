//! What is on its way, and by when an order could be had.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use futures_util::future::{join, join_all};
use oms_actors::host::Host;
use oms_actors::message::Ran;
use oms_api::inbound::{self, InboundsView};
use oms_api::problem::Problem;
use oms_api::promise::{self as api, AtpView, PromiseView, PromisingView, ResourceView, WhatIfView};
use oms_api::refusal::{self, RefusedLine, Shape};
use oms_core::network::{Command as NetworkCommand, Network};
use oms_core::promise::{Facts, Inbound, MAX_BILL_LEVELS, Sending, outlook, promise, what_if};
use oms_core::sorting;
use oms_core::stock::{Command, Page};
use oms_core::value::{Day, LocationId, Quantity, Sku, Timestamp};

use crate::address;
use crate::answer::{Answer, Outcome};
use crate::ask;
use crate::catalog;
use crate::path::Parameters;
use crate::visit::{Media, Visit};

/// `PUT /v1/purchase-orders/{id}`, `PUT /v1/transfer-orders/{id}`. Every line is told to the object of its SKU; putting it again changes nothing, so that
/// whatever of it got lost is mended by putting it again.
pub(crate) async fn put_inbound<H: Host>(visit: &Visit<'_, H>, kind: inbound::Kind, id: &str) -> Outcome {
    let lines = inbound::put(kind, id, visit.body(Media::Json)?)?;
    expect(visit, &lines).await?;
    let skus: Vec<Sku> = lines.iter().map(|line| line.sku.clone()).collect();
    let (pages, _) = catalog::pages(visit, &skus).await?;
    Answer::json(200, &InboundsView::new(&pages, Some(id)))
}

/// Tells every object what of its goods is on its way; all of them are asked first.
pub(crate) async fn expect<H: Host>(visit: &Visit<'_, H>, lines: &[Inbound]) -> Result<(), Problem> {
    let groups = address::by_object(lines.iter().map(|line| &line.sku), visit.topology());
    let commands = |indexes: &[usize]| -> Vec<Command> {
        indexes.iter().filter_map(|index| lines.get(*index)).cloned().map(Command::Expect).collect()
    };
    let asks = groups.iter().map(|(to, indexes)| ask::check(visit.host, *to, commands(indexes)));
    let mut refused = Vec::new();
    for ((_, indexes), ran) in groups.iter().zip(join_all(asks).await) {
        for (index, ran) in indexes.iter().zip(ran?) {
            match ran {
                Ran::Done { .. } => {}
                Ran::Refused(refusal) => {
                    refused.push(RefusedLine { index: *index, asked: Quantity::ZERO, refusal });
                }
                Ran::UnknownLocation { line, location } => {
                    let detail = alloc::format!("there is no location {location}");
                    let pointer = if line == 1 { "/location" } else { "/from" };
                    return Err(Problem::invalid(pointer, "unknown_location", detail));
                }
            }
        }
    }
    if !refused.is_empty() {
        return Err(refusal::of_stock(&refused, Shape::Lines));
    }
    let runs = groups.iter().map(|(to, indexes)| ask::run(visit.host, *to, commands(indexes)));
    for ran in join_all(runs).await {
        ran?;
    }
    Ok(())
}

/// `GET /v1/inbound?sku=a,b`.
pub(crate) async fn inbound<H: Host>(visit: &Visit<'_, H>) -> Outcome {
    let query = Parameters::read(visit.request.query.as_deref(), &["sku"])?;
    let (pages, _) = catalog::pages(visit, &catalog::skus(query.get("sku"))?).await?;
    Answer::json(200, &InboundsView::new(&pages, None))
}

/// `POST /v1/promises`. Takes nothing.
pub(crate) async fn ask<H: Host>(visit: &Visit<'_, H>) -> Outcome {
    let asked = api::ask(visit.body(Media::Json)?, visit.host.now(), false)?;
    let known = known(visit, &asked).await?;
    let promise = promise(&asked.request, &known.facts(&asked, &[])).map_err(|invalid| api::refused(&invalid))?;
    Answer::json(200, &PromiseView::new(&promise, known.as_of))
}

/// `POST /v1/promises/what-if`. Takes nothing.
pub(crate) async fn suppose<H: Host>(visit: &Visit<'_, H>) -> Outcome {
    let asked = api::ask(visit.body(Media::Json)?, visit.host.now(), true)?;
    let known = known(visit, &asked).await?;
    let facts = known.facts(&asked, &[]);
    // What is supposed is weighed as if it were there.
    let supposed = asked.suppose.on(&known.facts(&asked, &asked.suppose.places()))?;
    let both = what_if(&asked.request, &facts, &supposed).map_err(|invalid| api::refused(&invalid))?;
    Answer::json(200, &WhatIfView::new(&both, known.as_of))
}

/// Most SKUs that one request comes to, with what its goods are made of.
const MAX_NEEDED: usize = 500;

/// What is known of the SKUs asked for and of what they are made of, and of the network.
struct Known {
    network: Box<Network>,
    pages: Vec<(Sku, Page)>,
    as_of: Timestamp,
}

impl Known {
    /// The facts of a promise, where more than this is supposed to be at some places.
    fn facts(&self, asked: &api::Asked, supposed: &[&LocationId]) -> Facts {
        let (lines, may_substitute) = (asked.request.lines.as_slice(), asked.request.may_substitute);
        let sending = Sending { to: &asked.to, lines, may_substitute, supposed };
        Facts::of_house(&self.network, Some(sending), &self.pages, Day::of_utc(asked.request.placed_at))
    }
}

async fn known<H: Host>(visit: &Visit<'_, H>, asked: &api::Asked) -> Result<Known, Problem> {
    let mut skus: Vec<Sku> = Vec::new();
    for line in &asked.request.lines {
        if !skus.contains(&line.sku) {
            skus.push(line.sku.clone());
        }
    }
    let (network, pages) = join(ask::network(visit.host), catalog::pages(visit, &skus)).await;
    let at_line = |sku: &Sku| {
        let line = asked.request.lines.iter().position(|line| line.sku == *sku).unwrap_or(0);
        alloc::format!("/lines/{line}/sku")
    };
    let (pages, as_of) = pages.map_err(|problem| catalog::in_body(problem, &skus, &at_line))?;
    let supposed = asked.suppose.items.iter().flat_map(|(_, said)| said.promising.needs().cloned()).collect();
    let names = |sku: &Sku| asked.suppose.names(sku).unwrap_or_else(|| "/lines".into());
    let pages = with_needs(visit, pages, supposed, &names).await?;
    Ok(Known { network: network?, pages, as_of })
}

/// The pages, and those of everything their goods are made of or may be replaced by, level by level. `names` tells where
/// the body names a SKU, or what leads to it.
async fn with_needs<H: Host>(
    visit: &Visit<'_, H>,
    mut pages: Vec<(Sku, Page)>,
    mut more: Vec<Sku>,
    names: &dyn Fn(&Sku) -> String,
) -> Result<Vec<(Sku, Page)>, Problem> {
    for _ in 0..=MAX_BILL_LEVELS {
        let said = pages.iter().filter_map(|(_, page)| page.promising.as_ref());
        more.extend(said.flat_map(|promising| promising.needs()).cloned());
        more.retain(|sku| pages.iter().all(|(known, _)| known != sku));
        sorting::sort(&mut more);
        more.dedup();
        let Some(first) = more.first() else { break };
        if pages.len().saturating_add(more.len()) > MAX_NEEDED {
            let detail = alloc::format!("with what it is made of it comes to more than {MAX_NEEDED} items");
            return Err(Problem::invalid(names(first), "too_many", detail));
        }
        let found = catalog::pages(visit, &more).await.map_err(|problem| catalog::in_body(problem, &more, names))?;
        pages.extend(found.0);
        more.clear();
    }
    Ok(pages)
}

/// `PUT /v1/items/{sku}/promising`. It is held against everything the item is made of before it is written.
pub(crate) async fn put_promising<H: Host>(visit: &Visit<'_, H>, sku: &str) -> Outcome {
    let said = api::put(visit.body(Media::Json)?, Day::of_utc(visit.host.now()))?;
    let promising = &said.promising;
    let (sku, mut page) = of_item(visit, sku).await?;
    page.promising = Some(Box::new(promising.clone()));
    let takings = page.takings.clone();
    let names = |sku: &Sku| said.names(sku).unwrap_or_else(|| "/mode".into());
    let pages = with_needs(visit, vec![(sku.clone(), page)], Vec::new(), &names).await?;
    let network = ask::network(visit.host).await?;
    let facts = Facts::of_house(&network, None, &pages, Day::of_utc(visit.host.now()));
    said.check(&sku, &facts)?;
    let to = address::of_sku(&sku, visit.topology());
    let command = Command::PutPromising { sku: sku.clone(), promising: Box::new(promising.clone()) };
    ask::run(visit.host, to, vec![command]).await?;
    Answer::json(200, &PromisingView::new(&sku, promising, &takings))
}

/// `GET /v1/items/{sku}/promising`.
pub(crate) async fn get_promising<H: Host>(visit: &Visit<'_, H>, sku: &str) -> Outcome {
    let (sku, page) = of_item(visit, sku).await?;
    let promising = page.promising.as_deref().cloned().unwrap_or_default();
    Answer::json(200, &PromisingView::new(&sku, &promising, &page.takings))
}

/// `GET /v1/items/{sku}/atp?location=ldn&demand_class=web&days=14`.
pub(crate) async fn atp<H: Host>(visit: &Visit<'_, H>, sku: &str) -> Outcome {
    let query = Parameters::read(visit.request.query.as_deref(), &["location", "demand_class", "days"])?;
    let asked = api::AtpQuery::read(query.get("location"), query.get("demand_class"), query.get("days"))?;
    let (sku, page) = of_item(visit, sku).await?;
    let network = ask::network(visit.host).await?;
    if !network.locations.contains_key(&asked.location) {
        let detail = alloc::format!("there is no location {}", asked.location);
        return Err(Problem::parameter("location", "unknown_location", &detail));
    }
    let now = visit.host.now();
    let pages = with_needs(visit, vec![(sku.clone(), page)], Vec::new(), &|_| "/sku".into()).await?;
    let facts = Facts::of_house(&network, None, &pages, Day::of_utc(now));
    let days = outlook(&facts, &sku, &asked.location, &asked.class, Day::of_utc(now), asked.days);
    let days = days.map_err(|invalid| api::refused(&invalid))?;
    Answer::json(200, &AtpView::new(&sku, &asked, &days, now))
}

async fn of_item<H: Host>(visit: &Visit<'_, H>, sku: &str) -> Result<(Sku, Page), Problem> {
    let missing = || Problem::not_found("item");
    let sku: Sku = sku.parse().map_err(|_| missing())?;
    let (pages, _) = ask::pages(visit.host, address::of_sku(&sku, visit.topology()), vec![sku]).await?;
    pages.into_iter().next().ok_or_else(missing)
}

/// `PUT /v1/resources/{name}`.
pub(crate) async fn put_resource<H: Host>(visit: &Visit<'_, H>, name: &str) -> Outcome {
    let (name, resource) = api::put_resource(name, visit.body(Media::Json)?)?;
    let put = NetworkCommand::PutResource { name: name.clone(), resource: resource.clone() };
    let (_, status) = ask::put(visit.host, put).await?;
    Answer::json(status, &ResourceView::new(&name, &resource))
}

/// `GET /v1/resources/{name}`.
pub(crate) async fn get_resource<H: Host>(visit: &Visit<'_, H>, name: &str) -> Outcome {
    let network = ask::network(visit.host).await?;
    let found = network.resources.iter().find(|(known, _)| known.as_str() == name);
    let (name, resource) = found.ok_or_else(|| Problem::not_found("resource"))?;
    Answer::json(200, &ResourceView::new(name, resource))
}
