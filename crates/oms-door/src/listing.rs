//! The list of orders.

use alloc::string::String;
use alloc::vec::Vec;
use core::str::FromStr;

use oms_actors::host::Host;
use oms_actors::message::{Entry, IndexAsk, IndexReply, Query};
use oms_api::cursor::ListCursor;
use oms_api::fault::Wire;
use oms_api::list::{EntryView, MAX_PAGE, PAGE, PageView};
use oms_api::problem::Problem;
use oms_api::show::Shown;
use oms_core::order::Status;
use oms_core::value::{Malformed, Money};

use crate::answer::{Answer, Outcome};
use crate::ask::{self, odd};
use crate::path::Parameters;
use crate::visit::Visit;

/// Most words of a search.
const MAX_WORDS: usize = 10;
/// The longest search, in characters.
const SEARCH_LENGTH: usize = 200;

const PARAMETERS: &[&str] = &[
    "status",
    "channel",
    "customer",
    "external_ref",
    "pick_up_at",
    "q",
    "created_at[gte]",
    "created_at[lt]",
    "sort",
    "limit",
    "cursor",
];

/// `GET /v1/orders`.
pub(crate) async fn list<H: Host>(visit: &Visit<'_, H>) -> Outcome {
    let query = query(visit.request.query.as_deref())?;
    let ascending = query.ascending;
    let IndexReply::Listed { entries, more, as_of } =
        ask::index(visit.host, IndexAsk::List(alloc::boxed::Box::new(query))).await?
    else {
        return Err(odd());
    };
    let next = entries
        .last()
        .filter(|_| more)
        .map(|last| ListCursor { ascending, created_at: last.created_at, order: last.id }.write());
    let views = entries.iter().map(view).collect();
    Answer::json(200, &PageView::new(views, next, as_of))
}

fn view(entry: &Entry) -> EntryView<'_> {
    EntryView {
        id: entry.id,
        number: &entry.number,
        version: entry.version,
        status: entry.status,
        channel: &entry.channel,
        external_ref: entry.external_ref.as_ref(),
        customer_id: entry.customer_id.as_ref(),
        pick_up_at: entry.pick_up_at.as_ref(),
        total: Money::new(entry.total, entry.currency),
        created_at: Shown(entry.created_at),
        updated_at: Shown(entry.updated_at),
    }
}

/// The query of a list, from the query of a URL.
pub(crate) fn query(text: Option<&str>) -> Result<Query, Problem> {
    let given = Parameters::read(text, PARAMETERS)?;
    let cursor = given.get("cursor").map(read_cursor).transpose()?;
    let ascending = match (given.get("sort"), &cursor) {
        (None | Some("-created_at"), None) => false,
        (Some("created_at"), None) => true,
        (None, Some(cursor)) => cursor.ascending,
        (Some("-created_at"), Some(cursor)) if !cursor.ascending => false,
        (Some("created_at"), Some(cursor)) if cursor.ascending => true,
        (Some(_), _) => {
            let detail = "sort is created_at or -created_at, and stays the same from page to page";
            return Err(Problem::parameter("sort", "unknown_value", detail));
        }
    };
    Ok(Query {
        status: given.get("status").map(statuses).transpose()?.unwrap_or_default(),
        channel: read(&given, "channel")?,
        customer: read(&given, "customer")?,
        external_ref: read(&given, "external_ref")?,
        pick_up_at: read(&given, "pick_up_at")?,
        from: read(&given, "created_at[gte]")?,
        until: read(&given, "created_at[lt]")?,
        words: given.get("q").map(words).transpose()?.unwrap_or_default(),
        ascending,
        after: cursor.map(|cursor| (cursor.created_at, cursor.order)),
        limit: given.get("limit").map_or(Ok(PAGE), limit)?,
    })
}

fn read<T: Wire + FromStr<Err = Malformed>>(given: &Parameters, name: &str) -> Result<Option<T>, Problem> {
    let Some(text) = given.get(name) else { return Ok(None) };
    let malformed = |malformed: Malformed| Problem::parameter(name, T::CODE, alloc::format!("{} {malformed}", T::NAME));
    text.parse().map(Some).map_err(malformed)
}

fn read_cursor(text: &str) -> Result<ListCursor, Problem> {
    let detail = "a cursor is the next_cursor of a page, unchanged";
    ListCursor::read(text).ok_or_else(|| Problem::parameter("cursor", "malformed_cursor", detail))
}

fn statuses(text: &str) -> Result<Vec<Status>, Problem> {
    let read = |word: &str| {
        let unknown = || Problem::parameter("status", "unknown_value", alloc::format!("there is no status {word:?}"));
        Status::from_word(word.trim()).ok_or_else(unknown)
    };
    text.split(',').take(Status::ALL.len()).map(read).collect()
}

/// The words of a search as the index has them: letters and digits, in lower case.
fn words(text: &str) -> Result<Vec<String>, Problem> {
    let words = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    let words: Vec<String> = words.map(str::to_lowercase).collect();
    if words.len() > MAX_WORDS || text.len() > SEARCH_LENGTH {
        let detail = alloc::format!("at most {MAX_WORDS} words and {SEARCH_LENGTH} characters are searched for");
        return Err(Problem::parameter("q", "too_long", detail));
    }
    Ok(words)
}

fn limit(text: &str) -> Result<u32, Problem> {
    let detail = alloc::format!("limit is 1 to {MAX_PAGE}");
    let limit = text.parse().ok().filter(|limit| (1..=MAX_PAGE).contains(limit));
    limit.ok_or_else(|| Problem::parameter("limit", "out_of_range", detail))
}
