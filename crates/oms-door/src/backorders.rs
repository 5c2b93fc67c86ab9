//! Backorders: whose are served first, and what they are to get.

use oms_actors::host::Host;
use oms_api::backorder::{self, BackordersView};
use oms_core::network::Command;

use crate::answer::{Answer, Outcome};
use crate::ask;
use crate::catalog;
use crate::path::Parameters;
use crate::visit::{Media, Visit};

/// `GET /v1/backorder-policy`.
pub(crate) async fn get_policy<H: Host>(visit: &Visit<'_, H>) -> Outcome {
    Answer::json(200, &ask::network(visit.host).await?.backorders)
}

/// `PUT /v1/backorder-policy`.
pub(crate) async fn put_policy<H: Host>(visit: &Visit<'_, H>) -> Outcome {
    let rules = backorder::put(visit.body(Media::Json)?)?;
    let network = ask::change(visit.host, Command::PutBackorders(rules)).await?;
    Answer::json(200, &network.backorders)
}

/// `GET /v1/backorders?sku=a,b`.
pub(crate) async fn list<H: Host>(visit: &Visit<'_, H>) -> Outcome {
    let query = Parameters::read(visit.request.query.as_deref(), &["sku"])?;
    let (pages, as_of) = catalog::pages(visit, &catalog::skus(query.get("sku"))?).await?;
    let rules = ask::network(visit.host).await?.backorders;
    Answer::json(200, &BackordersView::new(&pages, &rules, as_of))
}
