//! The front door of Estiba: who asks, what for, and which objects answer.
//!
//! A host hands over a [`Request`] and a [`Host`] that is bound to the tenant of the key; [`answer`] gives the
//! [`Response`]. There are no rules of the business here: a handler reads a request, asks objects and shows what they said.
#![no_std]
#![forbid(unsafe_code)]
extern crate alloc;

mod address;
mod answer;
mod ask;
mod backorders;
mod carts;
mod catalog;
mod device;
mod house;
mod imports;
mod key;
mod listing;
mod orders;
mod path;
mod promises;
mod replenish;
mod returns;
mod route;
mod routing;
mod stock;
mod tills;
mod visit;
mod wire;

pub use key::{BadKeys, Caller, Key, Keys, authenticate};
pub use wire::{HEADERS, MAX_BODY_BYTES, MAX_IMPORT_BYTES, Request, Response, body_limit};

use oms_actors::host::Host;
use oms_api::inbound::Kind;
use oms_api::problem::{Code, Problem};

use crate::answer::{Answer, Outcome};
use crate::route::{Miss, Route};
use crate::visit::Visit;

/// Answers a request. Every outcome is a response; the credential was looked at by [`authenticate`] before.
pub async fn answer<H: Host>(request: &Request, key: Option<&Key>, host: &H) -> Response {
    let segments = match path::segments(&request.path) {
        Ok(segments) => segments,
        Err(problem) => return Answer::problem(problem, &request.request_id).finish(&request.request_id),
    };
    let answer = match route::find(&request.method, &segments) {
        Ok(route) => go(route, request, key, host).await,
        Err(miss) => Ok(missed(miss, request)),
    };
    let answer = answer.unwrap_or_else(|problem| refused(problem, request));
    answer.finish(&request.request_id)
}

/// A problem; whoever may not ask is told how to.
fn refused(problem: Problem, request: &Request) -> Answer {
    let unknown = problem.status() == Code::Unauthorized.status();
    let answer = Answer::problem(problem, &request.request_id);
    if unknown { answer.with("www-authenticate", key::SIGNED) } else { answer }
}

fn missed(miss: Miss, request: &Request) -> Answer {
    match miss {
        Miss::Path => Answer::problem(Problem::not_found("path"), &request.request_id),
        Miss::Method(known) => {
            let known = known.join(", ");
            let detail = alloc::format!("the path knows {known}");
            Answer::problem(Problem::new(Code::MethodNotAllowed, detail), &request.request_id).with("allow", known)
        }
    }
}

async fn go<H: Host>(route: Route<'_>, request: &Request, key: Option<&Key>, host: &H) -> Outcome {
    match (route, key) {
        (Route::Health, _) => house::health(),
        (Route::Version, _) => house::version(),
        (route, Some(key)) => {
            let visit = Visit { request, key, host };
            match &key.caller {
                Caller::Office => with_key(route, &visit).await,
                Caller::Till { device, epoch } => device::serve(route, &visit, device, *epoch).await,
                Caller::Newcomer => device::enroll(&visit).await,
            }
        }
        (Route::Enroll, None) => device::unknown_code(request),
        (_, None) => Ok(key::unauthorized(request)),
    }
}

async fn with_key<H: Host>(route: Route<'_>, visit: &Visit<'_, H>) -> Outcome {
    match route {
        Route::Health => house::health(),
        Route::Version => house::version(),
        Route::Stats => house::stats(visit).await,
        Route::Audit => house::audit(visit).await,
        Route::GetLocation(id) => catalog::get_location(visit, id).await,
        Route::PutLocation(id) => catalog::put_location(visit, id).await,
        Route::GetItem(sku) => catalog::get_item(visit, sku).await,
        Route::PutItem(sku) => catalog::put_item(visit, sku).await,
        Route::GetTax => catalog::get_tax(visit).await,
        Route::PutTax => catalog::put_tax(visit).await,
        Route::GetCarrier(name) => routing::get_carrier(visit, name).await,
        Route::PutCarrier(name) => routing::put_carrier(visit, name).await,
        Route::GetCalendar(name) => routing::get_calendar(visit, name).await,
        Route::PutCalendar(name) => routing::put_calendar(visit, name).await,
        Route::GetPolicy => routing::get_policy(visit).await,
        Route::DraftPolicy => routing::draft_policy(visit).await,
        Route::ActivatePolicy => routing::activate_policy(visit).await,
        Route::RoutingSnapshot => routing::snapshot(visit).await,
        Route::Routing(id) => routing::of_order(visit, id).await,
        Route::Improvements => routing::improvements(visit).await,
        Route::GetBackorderPolicy => backorders::get_policy(visit).await,
        Route::PutBackorderPolicy => backorders::put_policy(visit).await,
        Route::Backorders => backorders::list(visit).await,
        Route::Move(kind) => stock::post(visit, kind).await,
        Route::PutPurchaseOrder(id) => promises::put_inbound(visit, Kind::Purchase, id).await,
        Route::PutTransferOrder(id) => promises::put_inbound(visit, Kind::Transfer, id).await,
        Route::AcceptPurchaseOrder(id) => replenish::accept(visit, id).await,
        Route::GetWatch(sku) => replenish::get(visit, sku).await,
        Route::PutWatch(sku) => replenish::put(visit, sku).await,
        Route::GetPromising(sku) => promises::get_promising(visit, sku).await,
        Route::Atp(sku) => promises::atp(visit, sku).await,
        Route::PutPromising(sku) => promises::put_promising(visit, sku).await,
        Route::GetResource(name) => promises::get_resource(visit, name).await,
        Route::PutResource(name) => promises::put_resource(visit, name).await,
        Route::Forecasts => replenish::forecasts(visit).await,
        Route::Replenishment => replenish::show(visit).await,
        Route::Propose => replenish::propose(visit).await,
        Route::Crossings => replenish::crossings(visit).await,
        Route::Inbound => promises::inbound(visit).await,
        Route::Promise => promises::ask(visit).await,
        Route::WhatIf => promises::suppose(visit).await,
        Route::Availability => catalog::availability(visit).await,
        Route::HoldCart(cart) => carts::hold(visit, cart).await,
        Route::ListOrders => listing::list(visit).await,
        Route::PlaceOrder => orders::place(visit).await,
        Route::GetOrder(id) => orders::show(visit, id).await,
        Route::History(id) => orders::history(visit, id).await,
        Route::Order(id, verb) => orders::on_order(visit, id, verb).await,
        Route::Fulfillment(id, no, verb) => orders::on_fulfillment(visit, id, no, verb).await,
        Route::RequestReturn(id) => returns::request(visit, id).await,
        Route::Return(id, verb) => returns::on_return(visit, id, verb).await,
        Route::Import(kind) => imports::import(visit, kind).await,
        Route::ListTills => tills::list(visit).await,
        Route::CreateTill => tills::create(visit).await,
        Route::GetTill(id) => tills::show(visit, id).await,
        Route::PutTill(id) => tills::change(visit, id).await,
        Route::Till(id, verb) => tills::act(visit, id, verb).await,
        Route::RecallStore(id) => tills::recall_store(visit, id).await,
        Route::TillEntries(id) => tills::entries(visit, id).await,
        Route::TillExceptions(id) => tills::exceptions(visit, id).await,
        Route::Enroll => device::enroll(visit).await,
        Route::Device | Route::DeviceJournal | Route::DeviceCatalog => Err(device::needs_till()),
    }
}
