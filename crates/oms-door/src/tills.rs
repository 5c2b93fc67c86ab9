//! Tills as the back office sees to them.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use futures_util::StreamExt as _;
use futures_util::stream;
use oms_actors::host::Host;
use oms_actors::message::{KeptEntry, TenantAsk, TenantReply, TillAsk, TillReply};
use oms_api::cursor::EntryCursor;
use oms_api::problem::{Code, Problem};
use oms_api::show::Shown;
use oms_api::till::{self, EntriesView, EntryView, ExceptionsView, RecalledView, TillView, recalls};
use oms_core::till::account::Account;
use oms_core::till::{DeviceId, Settings};
use oms_core::value::{Digest, LocationId, Quantity, Sku, Timestamp};
use serde::Serialize;

use crate::answer::{Answer, Outcome};
use crate::ask::{self, CALLS, odd};
use crate::path::Parameters;
use crate::route::TillVerb;
use crate::visit::{Media, Visit};

/// Tills of a page; each is asked.
const PAGE: u32 = 50;
/// Entries of a page: their bodies are shown whole.
const ENTRIES: u32 = 50;
/// Letters and digits of the secret of a code: forty bits, of which somebody could try a few in fifteen minutes.
const SECRET_LENGTH: usize = 8;
/// Letters and digits that nobody takes for one another.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// `POST /v1/tills`.
pub(crate) async fn create<H: Host>(visit: &Visit<'_, H>) -> Outcome {
    let mut settings = till::create(visit.body(Media::Json)?)?;
    register(visit, &mut settings).await?;
    let device = settings.device.clone();
    let code = new_code(visit, &device);
    let ask = TillAsk::Create { settings: Box::new(settings), code: Digest::of(code.as_bytes()) };
    let (account, seen) = account(ask::till(visit.host, &device, ask).await?)?;
    let answer = Answer::json(201, &TillView::new(&account, seen, Some(code)))?;
    Ok(answer.tagged(account.settings.version).with("location", format!("/v1/tills/{device}")))
}

/// `PUT /v1/tills/{id}`.
pub(crate) async fn change<H: Host>(visit: &Visit<'_, H>, id: &str) -> Outcome {
    let settings = till::change(id, visit.body(Media::Json)?)?;
    let device = settings.device.clone();
    shown(ask::till(visit.host, &device, TillAsk::Change { settings: Box::new(settings) }).await?, None)
}

/// `GET /v1/tills/{id}`.
pub(crate) async fn show<H: Host>(visit: &Visit<'_, H>, id: &str) -> Outcome {
    shown(ask::till(visit.host, &device(id)?, TillAsk::Show).await?, None)
}

/// `POST /v1/tills/{id}/{codes|grants|recalls|revoke}`.
pub(crate) async fn act<H: Host>(visit: &Visit<'_, H>, id: &str, verb: TillVerb) -> Outcome {
    let device = device(id)?;
    let body = visit.action_body()?;
    let mut code = None;
    let ask = match verb {
        TillVerb::Code => {
            oms_api::order::nothing(body)?;
            let issued = new_code(visit, &device);
            let digest = Digest::of(issued.as_bytes());
            code = Some(issued);
            TillAsk::Issue { code: digest }
        }
        TillVerb::Grant => {
            let key = crate::address::key_digest(&visit.required_key()?);
            let lines = till::grant(body)?;
            known_pages(visit, lines.iter().map(|(sku, _)| sku.clone()).collect()).await?;
            TillAsk::Grant { key, lines }
        }
        TillVerb::Recall => TillAsk::Recall { lines: till::recall(body)? },
        TillVerb::Revoke => TillAsk::Revoke { reason: till::revoke(body)? },
    };
    shown(ask::till(visit.host, &device, ask).await?, code)
}

/// `POST /v1/locations/{id}/recalls`: the rights of every till of a store are asked back.
pub(crate) async fn recall_store<H: Host>(visit: &Visit<'_, H>, id: &str) -> Outcome {
    let location: LocationId = id.parse().map_err(|_| Problem::not_found("location"))?;
    let lines = till::recall(visit.body(Media::Json)?)?;
    crate::catalog::known_location(visit, location.clone()).await?.ok_or_else(|| Problem::not_found("location"))?;
    let pages = known_pages(visit, lines.iter().map(|(sku, _)| sku.clone()).collect()).await?;
    let mut asked: BTreeMap<DeviceId, Vec<(Sku, Option<Quantity>)>> = BTreeMap::new();
    for (sku, wanted) in lines {
        let page = pages.iter().find(|(known, _)| *known == sku).map(|(_, page)| page);
        for (device, share) in page.into_iter().flat_map(|page| page.recalled(&location, wanted)) {
            asked.entry(device).or_default().push((sku.clone(), Some(share)));
        }
    }
    let mut data = Vec::with_capacity(asked.len());
    for (till, lines) in asked {
        let shown = recalls(lines.iter().map(|(sku, share)| (sku.clone(), share.unwrap_or_default())));
        let reply = ask::till(visit.host, &till, TillAsk::Recall { lines }).await?;
        // Who was given up meanwhile has nothing to give back.
        if !matches!(reply, TillReply::Refused(_)) {
            data.push(RecalledView { till, lines: shown });
        }
    }
    Answer::json(200, &Page { data, next_cursor: None })
}

/// The pages of what is named; all of it is something that there is.
async fn known_pages<H: Host>(
    visit: &Visit<'_, H>,
    skus: Vec<Sku>,
) -> Result<Vec<(Sku, oms_core::stock::Page)>, Problem> {
    let (found, _) = crate::catalog::look_up(visit, &skus).await?;
    let unknown = (0..).zip(&skus).filter(|(_, sku)| !found.iter().any(|(known, _)| known == *sku));
    let faults: Vec<_> = unknown
        .map(|(index, sku): (usize, _)| {
            let pointer = format!("/lines/{index}/sku");
            oms_api::fault::Fault::new(pointer, "unknown_sku", format!("there is no item {sku}"))
        })
        .collect();
    if faults.is_empty() {
        return Ok(found);
    }
    Err(Problem::new(Code::ValidationFailed, "there are no such items: see errors").with_errors(faults))
}

#[derive(Serialize)]
struct Page<T> {
    data: Vec<T>,
    next_cursor: Option<String>,
}

/// `GET /v1/tills`.
pub(crate) async fn list<H: Host>(visit: &Visit<'_, H>) -> Outcome {
    let query = Parameters::read(visit.request.query.as_deref(), &["cursor"])?;
    let malformed =
        || Problem::parameter("cursor", "malformed_cursor", "a cursor is the next_cursor of a page, unchanged");
    let after = query.get("cursor").map(|text| text.parse().map_err(|_| malformed())).transpose()?;
    let TenantReply::Tills { tills, more } = ask::tenant(visit.host, TenantAsk::Tills { after, limit: PAGE }).await?
    else {
        return Err(odd());
    };
    let last = tills.last().filter(|_| more).map(|device| format!("{device}"));
    let asks = tills.into_iter().map(|device| async move { ask::till(visit.host, &device, TillAsk::Show).await });
    let replies: Vec<Result<TillReply, Problem>> = stream::iter(asks).buffered(CALLS).collect().await;
    let mut accounts = Vec::with_capacity(replies.len());
    for reply in replies {
        // Registered, and its own object does not know it yet: it is being made.
        accounts.extend(account(reply?).ok());
    }
    let data = accounts.iter().map(|(account, seen)| TillView::new(account, *seen, None)).collect();
    Answer::json(200, &Page { data, next_cursor: last })
}

/// `GET /v1/tills/{id}/entries`.
pub(crate) async fn entries<H: Host>(visit: &Visit<'_, H>, id: &str) -> Outcome {
    let after = cursor(visit)?;
    let TillReply::Entries { entries, more } =
        ask::till(visit.host, &device(id)?, TillAsk::Entries { after, limit: ENTRIES }).await?
    else {
        return Err(odd());
    };
    let last = entries.last().filter(|_| more).map(|last| EntryCursor { epoch: last.epoch, seq: last.seq }.write());
    let data = entries.into_iter().map(entry_view).collect::<Result<Vec<_>, _>>()?;
    Answer::json(200, &EntriesView { data, next_cursor: last })
}

fn entry_view(kept: KeptEntry) -> Result<EntryView, Problem> {
    let entry = serde_json::from_str(&kept.entry);
    Ok(EntryView {
        epoch: kept.epoch,
        seq: kept.seq,
        received_at: Shown(kept.received_at),
        hash: kept.hash,
        signature: kept.signature,
        entry: entry.map_err(|error| Problem::new(Code::Internal, format!("it cannot be shown: {error}")))?,
        variances: kept.oddities,
    })
}

/// `GET /v1/tills/{id}/exceptions`.
pub(crate) async fn exceptions<H: Host>(visit: &Visit<'_, H>, id: &str) -> Outcome {
    let after = cursor(visit)?;
    let TillReply::Exceptions { exceptions, next } =
        ask::till(visit.host, &device(id)?, TillAsk::Exceptions { after, limit: ENTRIES }).await?
    else {
        return Err(odd());
    };
    let data = exceptions.into_iter().map(Into::into).collect();
    let next_cursor = next.map(|(epoch, seq)| EntryCursor { epoch, seq }.write());
    Answer::json(200, &ExceptionsView { data, next_cursor })
}

fn cursor<H: Host>(visit: &Visit<'_, H>) -> Result<Option<(u32, u64)>, Problem> {
    let query = Parameters::read(visit.request.query.as_deref(), &["cursor"])?;
    let detail = "a cursor is the next_cursor of a page, unchanged";
    let malformed = || Problem::parameter("cursor", "malformed_cursor", detail);
    let read = |text| EntryCursor::read(text).ok_or_else(malformed);
    Ok(query.get("cursor").map(read).transpose()?.map(|cursor| (cursor.epoch, cursor.seq)))
}

/// Has the tenant know the till: its location is there, its series is nobody else's. Brings the taxes.
async fn register<H: Host>(visit: &Visit<'_, H>, settings: &mut Settings) -> Result<(), Problem> {
    let (device, series) = (settings.device.clone(), settings.series.clone());
    let location = settings.location.clone();
    match ask::tenant(visit.host, TenantAsk::PutTill { device, series, location }).await? {
        TenantReply::Till(tax) => {
            settings.tax = tax;
            Ok(())
        }
        TenantReply::UnknownLocation => {
            let detail = format!("there is no location {}", settings.location);
            Err(Problem::invalid("/location", "unknown_location", detail))
        }
        TenantReply::SeriesTaken { device } => {
            Err(Problem::invalid("/series", "series_taken", format!("the series is {device}'s")))
        }
        TenantReply::TooManyTills => Err(Problem::new(Code::LimitReached, "there can be no more tills")),
        TenantReply::Put(_)
        | TenantReply::Changed(_)
        | TenantReply::Location(_)
        | TenantReply::Network(_)
        | TenantReply::Tills { .. }
        | TenantReply::Tax(_)
        | TenantReply::Load(_) => Err(odd()),
    }
}

/// A till's id of a path: what is none is no till.
fn device(text: &str) -> Result<DeviceId, Problem> {
    text.parse().map_err(|_| Problem::not_found("till"))
}

/// A code that names whose it is and which till, and that nobody guesses.
fn new_code<H: Host>(visit: &Visit<'_, H>, device: &DeviceId) -> String {
    let mut entropy = visit.host.entropy();
    let mut secret = String::with_capacity(SECRET_LENGTH);
    for _ in 0..SECRET_LENGTH {
        let index = usize::try_from(entropy & 31).unwrap_or(0);
        secret.push(ALPHABET.get(index).copied().map_or('0', char::from));
        entropy >>= 5;
    }
    format!("{}.{device}.{secret}", visit.key.tenant)
}

fn shown(reply: TillReply, code: Option<String>) -> Outcome {
    let (account, seen) = account(reply)?;
    Ok(Answer::json(200, &TillView::new(&account, seen, code))?.tagged(account.settings.version))
}

fn account(reply: TillReply) -> Result<(Box<Account>, Option<Timestamp>), Problem> {
    match reply {
        TillReply::Account { account, seen } => Ok((account, seen)),
        TillReply::Refused(refusal) => Err(till::of_refusal(&refusal)),
        TillReply::BadKey
        | TillReply::Denied(_)
        | TillReply::Admitted { .. }
        | TillReply::State(_)
        | TillReply::Uploaded { .. }
        | TillReply::Entries { .. }
        | TillReply::Exceptions { .. } => Err(odd()),
    }
}
