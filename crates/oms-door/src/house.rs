//! What the house says of itself: health, figures, audit.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;

use futures_util::StreamExt as _;
use futures_util::stream;
use oms_actors::host::Host;
use oms_actors::message::{Address, AuditReply, Stats};
use oms_api::cursor::AuditCursor;
use oms_api::problem::Problem;
use oms_api::show::Shown;
use oms_core::order::Status;
use oms_core::value::{Delta, Timestamp};
use serde::Serialize;

use crate::address;
use crate::answer::{Answer, Outcome};
use crate::ask::{self, CALLS};
use crate::path::Parameters;
use crate::visit::Visit;

/// The version of the product.
const VERSION: &str = env!("CARGO_PKG_VERSION");

#[derive(Serialize)]
struct Health {
    status: &'static str,
    version: &'static str,
}

/// `GET /v1/health`.
pub(crate) fn health() -> Outcome {
    Answer::json(200, &Health { status: "ok", version: VERSION })
}

#[derive(Serialize)]
struct Version {
    version: &'static str,
}

/// `GET /v1/version`.
pub(crate) fn version() -> Outcome {
    Answer::json(200, &Version { version: VERSION })
}

#[derive(Serialize)]
struct StatsView {
    orders: BTreeMap<Status, u64>,
    skus: u64,
    locations: u64,
    rows_written: u64,
    calls: u64,
    as_of: Shown<Timestamp>,
}

/// `GET /v1/stats`: every object is asked, a few at a time.
pub(crate) async fn stats<H: Host>(visit: &Visit<'_, H>) -> Outcome {
    Parameters::read(visit.request.query.as_deref(), &[])?;
    let of_kinds = address::all_orders(visit.topology()).chain(address::all_stock(visit.topology()));
    let objects = of_kinds.chain([Address::Tenant, Address::Index]);
    let asks = stream::iter(objects.map(|to| ask::stats(visit.host, to)));
    let answers: Vec<Result<Stats, Problem>> = asks.buffered(CALLS).collect().await;
    let mut sum = Stats::default();
    for answer in answers {
        let stats = answer?;
        for (status, count) in stats.orders {
            let entry = sum.orders.entry(status).or_default();
            *entry = entry.saturating_add(count);
        }
        sum.skus = sum.skus.saturating_add(stats.skus);
        sum.locations = sum.locations.saturating_add(stats.locations);
        sum.rows_written = sum.rows_written.saturating_add(stats.rows_written);
        sum.calls = sum.calls.saturating_add(stats.calls);
    }
    let Stats { orders, skus, locations, rows_written, calls } = sum;
    let as_of = Shown(visit.host.now());
    Answer::json(200, &StatsView { orders, skus, locations, rows_written, calls, as_of })
}

#[derive(Serialize)]
struct AuditView {
    data: AuditData,
    next_cursor: Option<String>,
}

#[derive(Serialize)]
struct AuditData {
    orders: u64,
    skus: u64,
    ledger_entries: u64,
    units: Units,
    live_holds: u64,
    owing: u64,
    violations: Vec<ViolationView>,
}

#[derive(Serialize)]
struct Units {
    on_hand: Shown<Delta>,
    reserved: Shown<Delta>,
    allotted: Shown<Delta>,
    kept_for_tills: Shown<Delta>,
    allocated: Shown<Delta>,
    received: Shown<Delta>,
    shipped: Shown<Delta>,
    returned: Shown<Delta>,
    adjusted: Shown<Delta>,
    in_transit: Shown<Delta>,
}

#[derive(Serialize)]
struct ViolationView {
    invariant: String,
    object: String,
    subject: String,
    detail: String,
}

/// `GET /v1/audit`: a page of one object at a time, first all order objects, then all stock objects.
pub(crate) async fn audit<H: Host>(visit: &Visit<'_, H>) -> Outcome {
    let query = Parameters::read(visit.request.query.as_deref(), &["cursor"])?;
    let detail = "a cursor is the next_cursor of a page, unchanged";
    let malformed = || Problem::parameter("cursor", "malformed_cursor", detail);
    let cursor = match query.get("cursor") {
        Some(text) => AuditCursor::read(text).ok_or_else(malformed)?,
        None => AuditCursor { object: 0, after: None },
    };
    let objects = visit.topology().get();
    let to = match cursor.object.checked_sub(objects) {
        None => Address::Orders(cursor.object),
        Some(stock) if stock < objects => Address::Stock(stock),
        Some(_) => return Err(malformed()),
    };
    let mut page = ask::audit(visit.host, to, cursor.after).await?;
    let following = cursor.object.saturating_add(1);
    let next = match page.next.take() {
        Some(after) => Some(AuditCursor { object: cursor.object, after: Some(after) }),
        None if following < objects.saturating_mul(2) => Some(AuditCursor { object: following, after: None }),
        None => None,
    };
    let next_cursor = next.map(|next| next.write());
    Answer::json(200, &AuditView { data: data(*page, to), next_cursor })
}

fn data(page: AuditReply, from: Address) -> AuditData {
    let units = |thousandths| Shown(Delta::from_thousandths(thousandths).unwrap_or_default());
    let violations = page.violations.into_iter().map(|one| ViolationView {
        invariant: one.invariant,
        object: from.to_string(),
        subject: one.subject,
        detail: one.detail,
    });
    AuditData {
        orders: page.orders,
        skus: page.skus,
        ledger_entries: page.ledger_entries,
        units: Units {
            on_hand: units(page.on_hand),
            reserved: units(page.reserved),
            allotted: units(page.allotted),
            kept_for_tills: units(page.kept_for_tills),
            allocated: units(page.allocated),
            received: units(page.received),
            shipped: units(page.shipped),
            returned: units(page.returned),
            adjusted: units(page.adjusted),
            in_transit: units(page.in_transit),
        },
        live_holds: page.live_holds,
        owing: page.owing,
        violations: violations.collect(),
    }
}
