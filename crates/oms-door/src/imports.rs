//! Imports: lines in, results out in the same order. A bad line never stops the rest.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;

use futures_util::StreamExt as _;
use futures_util::stream;
use oms_actors::host::Host;
use oms_actors::message::{Address, Ran};
use oms_api::import::{MAX_LINES, Outcome as Became};
use oms_api::order::{NewOrder, place_import};
use oms_api::problem::Problem;
use oms_api::refusal::{self, RefusedLine, Shape};
use oms_api::{item, location, stock};
use oms_core::stock::{Command, Move, MoveLine, MovementId};

use crate::address;
use crate::answer::{Answer, Outcome};
use crate::ask::{self, CALLS, odd};
use crate::catalog::{item_command, item_put, put_locations};
use crate::orders;
use crate::route::Import;
use crate::visit::{Media, Visit};

/// Most commands an object is given at once: what it carries out in one turn.
const BATCH: usize = 500;

/// A line as it came: its number, from 1, and what it says.
type Line<'a> = (usize, &'a [u8]);

/// What became of lines, by their number.
type Results = BTreeMap<usize, Became>;

/// `POST /v1/imports/{locations|items|stock|orders}`.
pub(crate) async fn import<H: Host>(visit: &Visit<'_, H>, kind: Import) -> Outcome {
    let body = visit.body(Media::JsonOrLines)?;
    let lines: Vec<Line<'_>> = lines(body).take(MAX_LINES.saturating_add(1)).collect();
    if lines.len() > MAX_LINES {
        let detail = format!("at most {MAX_LINES} lines are imported at once");
        return Err(Problem::invalid("", "too_many_lines", detail));
    }
    let results = match kind {
        Import::Locations => import_locations(visit, &lines).await,
        Import::Items => import_items(visit, &lines).await,
        Import::Stock => import_stock(visit, &lines).await,
        Import::Orders => import_orders(visit, &lines).await,
    };
    let results: Vec<_> = results.into_iter().map(|(line, became)| became.of_line(line)).collect();
    Answer::lines(&results)
}

/// The lines that say something, with their numbers.
fn lines(body: &[u8]) -> impl Iterator<Item = Line<'_>> {
    let numbered = (1..).zip(body.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii));
    numbered.filter(|(_, line)| !line.is_empty())
}

/// Reads every line; what is refused is a result already.
fn read<T>(lines: &[Line<'_>], read: impl Fn(&[u8]) -> Result<T, Problem>) -> (Vec<(usize, T)>, Results) {
    let (mut good, mut results) = (Vec::new(), Results::new());
    for (number, line) in lines {
        match read(line) {
            Ok(value) => good.push((*number, value)),
            Err(problem) => {
                results.insert(*number, Became::Refused(problem));
            }
        }
    }
    (good, results)
}

async fn import_locations<H: Host>(visit: &Visit<'_, H>, lines: &[Line<'_>]) -> Results {
    let (good, mut results) = read(lines, location::put_import);
    if good.is_empty() {
        return results;
    }
    let (numbers, locations): (Vec<usize>, Vec<_>) = good.into_iter().unzip();
    match put_locations(visit, locations).await {
        Ok(put) => results.extend(numbers.into_iter().zip(put.into_iter().map(|one| match one {
            Ok((location, new)) => Became::Done { id: location.id.to_string(), new, status: None },
            Err(problem) => Became::Refused(problem),
        }))),
        Err(problem) => results.extend(numbers.into_iter().map(|line| (line, Became::Refused(problem.clone())))),
    }
    results
}

async fn import_items<H: Host>(visit: &Visit<'_, H>, lines: &[Line<'_>]) -> Results {
    let (good, mut results) = read(lines, item::put_import);
    let groups = address::by_object(good.iter().map(|(_, put)| &put.sku), visit.topology());
    let became = run_all(visit, groups, |index| {
        let (_, put) = good.get(index)?;
        Some(item_command(put))
    });
    for (index, ran) in became.await {
        let Some((line, put)) = good.get(index) else { continue };
        let became = match ran.and_then(|ran| item_put(put, &ran)) {
            Ok((_, new)) => Became::Done { id: put.sku.to_string(), new, status: None },
            Err(problem) => Became::Refused(problem),
        };
        results.insert(*line, became);
    }
    results
}

/// Receipts. A line of an import is known by its key together with what it says: thousands of lines are not worth
/// thousands of claims.
async fn import_stock<H: Host>(visit: &Visit<'_, H>, lines: &[Line<'_>]) -> Results {
    let (good, mut results) = read(lines, |line| receipt(visit, line));
    let groups =
        address::by_object(good.iter().flat_map(|(_, receipt)| &receipt.lines).map(MoveLine::sku), visit.topology());
    let became = run_all(visit, groups, |index| {
        let (_, receipt) = good.get(index)?;
        Some(Command::Move(receipt.clone()))
    });
    for (index, ran) in became.await {
        let Some((line, receipt)) = good.get(index) else { continue };
        results.insert(*line, ran.map_or_else(Became::Refused, |ran| received(receipt, ran)));
    }
    results
}

fn receipt<H: Host>(visit: &Visit<'_, H>, line: &[u8]) -> Result<Move, Problem> {
    let (line, key) = stock::receipt_import(line)?;
    let fingerprint = visit.fingerprint("/v1/imports/stock", &(&key, &line))?;
    Ok(Move { id: MovementId::of(&fingerprint.to_string()), reference: None, lines: [line].into() })
}

fn received(receipt: &Move, ran: Ran) -> Became {
    match ran {
        Ran::Done { again, .. } => Became::Done { id: format!("mov_{}", receipt.id), new: !again, status: None },
        Ran::Refused(refusal) => {
            let asked = receipt.lines.first().map(stock::asked).unwrap_or_default();
            Became::Refused(refusal::of_stock(&[RefusedLine { index: 0, asked, refusal }], Shape::Single))
        }
        Ran::UnknownLocation { location, .. } => {
            let detail = format!("there is no location {location}");
            Became::Refused(Problem::invalid("/location", "unknown_location", detail))
        }
    }
}

/// Has every object carry out its commands in batches, objects side by side.
async fn run_all<H: Host>(
    visit: &Visit<'_, H>,
    groups: BTreeMap<Address, Vec<usize>>,
    command: impl Fn(usize) -> Option<Command>,
) -> Vec<(usize, Result<Ran, Problem>)> {
    let command = &command;
    let objects = groups.into_iter().map(|(to, indexes)| async move {
        let mut results = Vec::with_capacity(indexes.len());
        for batch in indexes.chunks(BATCH) {
            let commands = batch.iter().filter_map(|index| command(*index)).collect();
            match ask::run(visit.host, to, commands).await {
                Ok(ran) => {
                    let answers = ran.into_iter().map(Ok).chain(core::iter::repeat_with(|| Err(odd())));
                    results.extend(batch.iter().copied().zip(answers));
                }
                Err(problem) => results.extend(batch.iter().map(|index| (*index, Err(problem.clone())))),
            }
        }
        results
    });
    let results: Vec<Vec<_>> = stream::iter(objects).buffered(CALLS).collect().await;
    results.into_iter().flatten().collect()
}

async fn import_orders<H: Host>(visit: &Visit<'_, H>, lines: &[Line<'_>]) -> Results {
    let (good, mut results) = read(lines, place_import);
    let asks =
        good.into_iter().map(|(line, (order, key))| async move { (line, import_order(visit, order, &key).await) });
    let placed: Vec<(usize, Became)> = stream::iter(asks).buffered(CALLS).collect().await;
    results.extend(placed);
    results
}

async fn import_order<H: Host>(visit: &Visit<'_, H>, order: NewOrder, key: &str) -> Became {
    match orders::send(visit, order, visit.claim(key), "/v1/imports/orders").await {
        Ok(shown) => {
            let id = shown.record.order.id.to_string();
            match shown.rejection() {
                Some(problem) => Became::Rejected { id, problem },
                None => {
                    let status = Some(shown.record.order.status());
                    Became::Done { id, new: !shown.replayed, status }
                }
            }
        }
        Err(problem) => Became::Refused(problem),
    }
}
