//! What is on its way, and by when an order could be had.

use alloc::vec::Vec;

use futures_util::future::{join, join_all};
use oms_actors::host::Host;
use oms_actors::message::Ran;
use oms_api::inbound::{self, InboundsView};
use oms_api::problem::Problem;
use oms_api::promise::{self as api, PromiseView, WhatIfView};
use oms_api::refusal::{self, RefusedLine, Shape};
use oms_core::promise::{Facts, promise, what_if};
use oms_core::stock::Command;
use oms_core::value::{Day, Quantity, Sku, Timestamp};

use crate::address;
use crate::answer::{Answer, Outcome};
use crate::ask;
use crate::catalog;
use crate::path::Parameters;
use crate::visit::{Media, Visit};

/// `PUT /v1/purchase-orders/{id}`. Every line is told to the object of its SKU; putting it again changes nothing, so that
/// whatever of it got lost is mended by putting it again.
pub(crate) async fn put_purchase_order<H: Host>(visit: &Visit<'_, H>, id: &str) -> Outcome {
    let lines = inbound::put(id, visit.body(Media::Json)?)?;
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
                Ran::UnknownLocation { location, .. } => {
                    let detail = alloc::format!("there is no location {location}");
                    return Err(Problem::invalid("/location", "unknown_location", detail));
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
    let skus: Vec<Sku> = lines.iter().map(|line| line.sku.clone()).collect();
    let (pages, _) = catalog::pages(visit, &skus).await?;
    Answer::json(200, &InboundsView::new(&pages, Some(id)))
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
    let (facts, as_of) = facts(visit, &asked).await?;
    let promise = promise(&asked.request, &facts).map_err(|invalid| api::refused(&invalid))?;
    Answer::json(200, &PromiseView::new(&promise, as_of))
}

/// `POST /v1/promises/what-if`. Takes nothing.
pub(crate) async fn suppose<H: Host>(visit: &Visit<'_, H>) -> Outcome {
    let asked = api::ask(visit.body(Media::Json)?, visit.host.now(), true)?;
    let (facts, as_of) = facts(visit, &asked).await?;
    let both = what_if(&asked.request, &facts, &asked.suppose.on(&facts));
    let both = both.map_err(|invalid| api::refused(&invalid))?;
    Answer::json(200, &WhatIfView::new(&both, as_of))
}

/// What is known of the SKUs asked for, and of the network.
async fn facts<H: Host>(visit: &Visit<'_, H>, asked: &api::Asked) -> Result<(Facts, Timestamp), Problem> {
    let mut skus: Vec<Sku> = Vec::new();
    for line in &asked.request.lines {
        if !skus.contains(&line.sku) {
            skus.push(line.sku.clone());
        }
    }
    let (network, pages) = join(ask::network(visit.host), catalog::pages(visit, &skus)).await;
    let (pages, as_of) = pages.map_err(|problem| at_lines(problem, asked, &skus))?;
    let today = Day::of_utc(asked.request.placed_at);
    Ok((Facts::of_house(&*network?, &asked.to, &pages, today), as_of))
}

/// An unknown SKU of a body is at its line, and the request is what is wrong.
fn at_lines(problem: Problem, asked: &api::Asked, skus: &[Sku]) -> Problem {
    if problem.status() != 404 {
        return problem;
    }
    let mut unknown =
        problem.errors().iter().filter_map(|fault| fault.pointer.strip_prefix("/sku/")?.parse::<usize>().ok());
    let index = unknown.find_map(|index| skus.get(index));
    let line = asked.request.lines.iter().position(|line| Some(&line.sku) == index).unwrap_or(0);
    let detail = alloc::format!("there is no item {}", index.map_or("", Sku::as_str));
    Problem::invalid(alloc::format!("/lines/{line}/sku"), "unknown_sku", detail)
}
