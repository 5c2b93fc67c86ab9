//! Tills that ask for themselves: enrollment, and requests that are signed by the device.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use oms_actors::host::Host;
use oms_actors::message::{Address, Denied, Entered, How, Proof, StockAsk, StockReply, TillAsk, TillReply, TillState};
use oms_api::cursor::CatalogCursor;
use oms_api::problem::{Code, Problem};
use oms_api::show::Shown;
use oms_api::till::{
    self, CatalogItem, CatalogView, EnrolledView, ResultView, StateView, UploadView, recalls, standing_word,
};
use oms_core::sorting::Gather as _;
use oms_core::till::account::Refusal;
use oms_core::till::{DeviceId, genesis};
use oms_core::value::{Digest, LocationId, Quantity, Sku, Timestamp};

use crate::answer::{Answer, Outcome};
use crate::ask::{self, odd};
use crate::path::Parameters;
use crate::route::Route;
use crate::visit::{Media, Visit};
use crate::wire::Request;
use crate::{catalog, listing, orders};

/// Most entries of an upload.
const MAX_ENTRIES: usize = 200;

/// `POST /v1/enrollments` of a tenant that there is.
pub(crate) async fn enroll<H: Host>(visit: &Visit<'_, H>) -> Outcome {
    let (code, key) = till::enroll(visit.body(Media::Json)?)?;
    let ask = TillAsk::Enroll { code: code.digest(), key: key.clone() };
    match ask::till(visit.host, &code.device, ask).await? {
        TillReply::State(state) => {
            let view = EnrolledView {
                genesis: genesis(&code.device, state.epoch, &key.x, &key.y),
                device: code.device,
                tenant: visit.key.tenant.clone(),
                epoch: state.epoch,
                next_receipt: state.first_receipt,
                rights: totals(state.rights),
                settings: state.settings,
                now: Shown(state.now),
            };
            Answer::json(201, &view)
        }
        TillReply::BadKey => {
            Err(Problem::invalid("/public_key", "invalid_key", "x and y are no point of the curve P-256"))
        }
        // Which tills there are is nobody's business who has no code.
        TillReply::Refused(Refusal::NoSuchTill) => Err(till::of_refusal(&Refusal::WrongCode)),
        TillReply::Refused(refusal) => Err(till::of_refusal(&refusal)),
        TillReply::Account { .. }
        | TillReply::Denied(_)
        | TillReply::Admitted { .. }
        | TillReply::Uploaded { .. }
        | TillReply::Entries { .. }
        | TillReply::Exceptions { .. } => Err(odd()),
    }
}

/// `POST /v1/enrollments` with a body that names no tenant that there is.
pub(crate) fn unknown_code(request: &Request) -> Outcome {
    till::enroll(&request.body)?;
    Err(till::of_refusal(&Refusal::WrongCode))
}

/// The route is for tills, not for API keys.
pub(crate) fn needs_till() -> Problem {
    Problem::new(Code::Forbidden, "this is for tills: it needs the signature of an enrolled device")
}

/// Serves a till what is for tills, and what they may read besides.
pub(crate) async fn serve<H: Host>(route: Route<'_>, visit: &Visit<'_, H>, device: &DeviceId, epoch: u32) -> Outcome {
    if route == Route::Device {
        return state(visit, device, epoch).await;
    }
    if route == Route::DeviceJournal {
        return journal(visit, device, epoch).await;
    }
    let location = admit(visit, device, epoch).await?;
    if route == Route::DeviceCatalog {
        return catalog_page(visit, &location).await;
    }
    if let Route::GetOrder(id) = route {
        orders::show(visit, id).await
    } else if route == Route::ListOrders {
        listing::list(visit).await
    } else if route == Route::Availability {
        catalog::availability(visit).await
    } else {
        Err(Problem::new(Code::Forbidden, "a till may not ask for this"))
    }
}

/// Has the till's object look at the signature.
async fn admit<H: Host>(visit: &Visit<'_, H>, device: &DeviceId, epoch: u32) -> Result<LocationId, Problem> {
    let ask = TillAsk::Admit { proof: proof(visit, epoch, &visit.request.body)? };
    let TillReply::Admitted { location } = served(ask::till(visit.host, device, ask).await?)? else {
        return Err(odd());
    };
    Ok(location)
}

/// `GET /v1/till`.
async fn state<H: Host>(visit: &Visit<'_, H>, device: &DeviceId, epoch: u32) -> Outcome {
    let ask = TillAsk::State { proof: proof(visit, epoch, &[])? };
    let TillReply::State(state) = served(ask::till(visit.host, device, ask).await?)? else { return Err(odd()) };
    let view = StateView {
        state: standing_word(state.standing),
        ack_upto: state.ack_upto,
        settings: state.settings,
        rights: totals(state.rights),
        recall: recalls(state.recall),
        catalog_version: offered(state.now),
        now: Shown(state.now),
    };
    Answer::json(200, &view)
}

/// A version of the catalog is a time: what was put before it is in it. What an object writes down now may bear the time of its
/// last turn, and clocks of objects differ: this much before now, in milliseconds, everything is there.
const SETTLED_MILLIS: i64 = 60 * 1000;
/// A newer catalog is offered this often, in milliseconds: most of them are empty.
const OFFER_MILLIS: i64 = 5 * 60 * 1000;
/// Items of a page of the catalog, about.
const CATALOG_PAGE: usize = 500;
/// SKU objects asked for one page.
const OBJECTS_PER_PAGE: u16 = 16;

fn settled(now: Timestamp) -> i64 {
    now.millis().saturating_sub(SETTLED_MILLIS).max(0)
}

/// The version that a till is told to have.
fn offered(now: Timestamp) -> u64 {
    let settled = settled(now);
    u64::try_from(settled.saturating_sub(settled.checked_rem(OFFER_MILLIS).unwrap_or(0))).unwrap_or(0)
}

/// `GET /v1/till/catalog`: what was put since a version, from one SKU object after the other.
async fn catalog_page<H: Host>(visit: &Visit<'_, H>, location: &LocationId) -> Outcome {
    let query = Parameters::read(visit.request.query.as_deref(), &["since", "cursor"])?;
    let malformed = |name| Problem::parameter(name, "malformed_cursor", "it is what a page said, unchanged");
    let since = query.get("since").map_or(Ok(0), |text| text.parse::<i64>().map_err(|_| malformed("since")))?;
    let since = Timestamp::from_millis(since).ok_or_else(|| malformed("since"))?;
    let mut place = match query.get("cursor") {
        Some(text) => CatalogCursor::read(text).ok_or_else(|| malformed("cursor"))?,
        None => CatalogCursor { object: 0, version: settled(visit.host.now()), after: None },
    };
    let objects = visit.topology().get();
    let mut data = Vec::new();
    for _ in 0..OBJECTS_PER_PAGE {
        if place.object >= objects || data.len() >= CATALOG_PAGE {
            break;
        }
        let limit = CATALOG_PAGE.saturating_sub(data.len());
        let ask = StockAsk::Catalog { since, after: place.after.take(), limit };
        let StockReply::Catalog { pages, next, .. } = ask::stock(visit.host, Address::Stock(place.object), ask).await?
        else {
            return Err(odd());
        };
        data.extend(pages.into_iter().map(|(sku, page)| CatalogItem::new(sku, page, location)));
        place.after = next;
        if place.after.is_none() {
            place.object = place.object.saturating_add(1);
        }
    }
    let next_cursor = (place.object < objects).then(|| place.write());
    Answer::json(200, &CatalogView { data, next_cursor, version: place.version })
}

/// `POST /v1/till/journal`.
async fn journal<H: Host>(visit: &Visit<'_, H>, device: &DeviceId, epoch: u32) -> Outcome {
    let bytes = visit.body(Media::JsonOrLines)?;
    let body = core::str::from_utf8(bytes).map_err(|_| Problem::new(Code::MalformedJson, "the body is not UTF-8"))?;
    let entries = body.lines().filter(|line| !line.trim().is_empty()).count();
    if entries > MAX_ENTRIES {
        let detail = format!("{entries} entries, at most {MAX_ENTRIES} are taken at once");
        return Err(Problem::new(Code::BodyTooLarge, detail));
    }
    let ask = TillAsk::Upload { proof: proof(visit, epoch, bytes)?, body: body.to_string() };
    let reply = served(ask::till(visit.host, device, ask).await?)?;
    let TillReply::Uploaded { entered, need_from, state } = reply else { return Err(odd()) };
    Answer::json(200, &uploaded(entered, need_from, *state))
}

fn uploaded(entered: Vec<Entered>, need_from: Option<u64>, state: TillState) -> UploadView {
    UploadView {
        ack_upto: state.ack_upto,
        results: entered.into_iter().map(result).collect(),
        need_from,
        state: standing_word(state.standing),
        settings_version: state.settings.version,
        rights: totals(state.rights),
        recall: recalls(state.recall),
        catalog_version: offered(state.now),
        now: Shown(state.now),
    }
}

fn result(entered: Entered) -> ResultView {
    let (status, refusal) = match &entered.how {
        How::Recorded => ("recorded", None),
        How::Known => ("known", None),
        How::Refused(refusal) => ("refused", Some(refusal)),
    };
    ResultView {
        seq: entered.seq,
        status,
        code: refusal.map(code_of),
        detail: refusal.map(Refusal::to_string),
        variances: entered.oddities,
        order: entered.order,
        outcome: if entered.settled { "done" } else { "pending" },
    }
}

fn code_of(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Gap { .. } => "gap".to_string(),
        Refusal::OtherJournal => "other_journal".to_string(),
        Refusal::Unreadable { .. } => "unreadable".to_string(),
        Refusal::Contradicts { code } => code.clone(),
        Refusal::NoSuchTill
        | Refusal::AlreadyThere
        | Refusal::Fixed { .. }
        | Refusal::WrongCode
        | Refusal::CodeExpired
        | Refusal::NotEnrolled
        | Refusal::Revoked => "refused".to_string(),
    }
}

fn totals(rights: BTreeMap<Sku, Quantity>) -> BTreeMap<Sku, Shown<Quantity>> {
    rights.into_iter().map(|(sku, quantity)| (sku, Shown(quantity))).into_map()
}

/// What a request shows to be the device's, from its headers.
fn proof<H: Host>(visit: &Visit<'_, H>, epoch: u32, body: &[u8]) -> Result<Proof, Problem> {
    let Request { method, path, query, .. } = visit.request;
    let missing = |name| Problem::parameter(name, "missing_header", "a till signs every request");
    let time = visit.request.header("estiba-time").ok_or_else(|| missing("estiba-time"))?;
    let signature = visit.request.header("estiba-signature").ok_or_else(|| missing("estiba-signature"))?;
    let malformed = |_| Problem::parameter("estiba-time", "invalid_time", "it is an RFC 3339 time");
    let parsed: Timestamp = time.parse().map_err(malformed)?;
    let query = query.as_ref().map_or_else(String::new, |query| format!("?{query}"));
    Ok(Proof {
        epoch,
        time: parsed,
        said: format!("{method}\n{path}{query}\n{time}\n"),
        body: Digest::of(body),
        signature: signature.to_string(),
    })
}

/// An answer to a device, unless it is not served.
fn served(reply: TillReply) -> Result<TillReply, Problem> {
    match reply {
        TillReply::Denied(Denied::Clock { now }) => Err(Problem::clock_off(now)),
        TillReply::Denied(Denied::Revoked) => Err(Problem::new(Code::DeviceRevoked, "the device was given up")),
        TillReply::Denied(Denied::Unknown) => Err(Problem::new(Code::Unauthorized, "no such device was ever enrolled")),
        TillReply::Denied(Denied::Signature) => {
            Err(Problem::new(Code::Unauthorized, "the signature is not the device's, or is of another request"))
        }
        TillReply::Refused(refusal) => Err(till::of_refusal(&refusal)),
        TillReply::Account { .. }
        | TillReply::BadKey
        | TillReply::Admitted { .. }
        | TillReply::State(_)
        | TillReply::Uploaded { .. }
        | TillReply::Entries { .. }
        | TillReply::Exceptions { .. } => Ok(reply),
    }
}
