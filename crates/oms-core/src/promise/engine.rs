//! The promise of a whole order: line by line, each taking from what the lines before it left.

use alloc::vec::Vec;

use super::binds;
use super::facts::Facts;
use super::ready::{Without, World};
use super::request::{Alternate, Ask, Choice, Differs, LinePromise, Part, Promise};
use super::ways::{Way, Wish, key, less_than, may_choose};
use super::{MAX_ALTERNATES, MAX_WORK, Request};
use crate::sorting;
use crate::value::{Amount, Day, Invalid, Problem, Quantity};

/// By when can this be had? Works on a copy: nothing is taken from the facts. Refuses facts and requests that make no
/// sense, naming the field, and a request that would take more than [`MAX_WORK`] looks at supply.
///
/// Every line is promised by itself, an earlier line first: which lines share a parcel is for the router.
pub fn promise(request: &Request, facts: &Facts) -> Result<Promise, Invalid> {
    let first = promised(request, facts, None)?;
    match first.deliver {
        // Everything waits for the last line: the others may leave later, and cheaper.
        Some(last) if request.ship_complete => {
            let together = promised(request, facts, Some(last))?;
            // Another choice of one line may take from another; then the first plan, early lines and all, is better.
            Ok(if together.deliver.is_some_and(|day| day <= last) { together } else { first })
        }
        Some(_) | None => Ok(first),
    }
}

fn promised(request: &Request, facts: &Facts, together: Option<Day>) -> Result<Promise, Invalid> {
    request.check(facts)?;
    let mut world = World::new(facts, request.placed_at)?;
    let lines: Vec<LinePromise> = request.lines.iter().map(|ask| line(&mut world, request, ask, together)).collect();
    if world.is_exhausted() {
        return Err(Invalid::new("lines", Problem::Beyond { most: u64::from(MAX_WORK) }));
    }
    let cost = lines.iter().filter_map(|line| line.choice.as_ref()).map(|choice| choice.cost).sum::<Amount>();
    let whole = lines.iter().all(|line| line.short.is_zero());
    let last = lines.iter().filter_map(|line| line.choice.as_ref()).map(|choice| choice.deliver).max();
    Ok(Promise { lines, deliver: last.filter(|_| whole), cost })
}

/// A way looked at, and what came of it; the way is missing for a split.
struct Looked<'a> {
    way: Option<Way<'a>>,
    choice: Choice,
}

fn line<'a>(world: &mut World<'a>, request: &'a Request, ask: &'a Ask, together: Option<Day>) -> LinePromise {
    let wanted = ask.wanted.max(together);
    let wish = Wish { ask, wanted, together };
    let looked = look(world, wish);
    let best = best(&looked, request, wish);
    let Some(best) = best else { return hopeless(world, request, wish, &looked) };
    let short = ask.quantity.saturating_sub(quantity(&best.choice));
    let binds = binds::of(world, best.way, wish, Some(&best.choice));
    let sooner = sooner(world, wish, &best.choice);
    let others = looked.iter().filter(|other| !core::ptr::eq(*other, best)).map(|other| &other.choice);
    let alternates = alternates(&best.choice, others, ask);
    let choice = best.choice.clone();
    take(world, best, wish);
    LinePromise { line: ask.line, choice: Some(choice), short, binds, alternates, sooner }
}

/// Everything that can be done for a line, nothing of it taken.
fn look<'a>(world: &mut World<'a>, wish: Wish<'a>) -> Vec<Looked<'a>> {
    let ways = world.ways(wish.ask);
    let mut looked: Vec<Looked<'a>> = Vec::new();
    for way in ways {
        if let Some(choice) = world.try_out(way, wish, Without::Nothing) {
            looked.push(Looked { way: Some(way), choice });
        }
    }
    let mark = world.ledger.mark();
    let split = world.split(wish);
    world.ledger.undo(mark);
    // What is had in one part is a way already.
    let split = split.filter(|split| split.parts.len() > 1 || quantity(split) < wish.ask.quantity);
    looked.extend(split.map(|choice| Looked { way: None, choice }));
    looked
}

/// The best way that has all; else, where it may be split, the most that can be had.
fn best<'a, 'b>(looked: &'b [Looked<'a>], request: &Request, wish: Wish<'_>) -> Option<&'b Looked<'a>> {
    let allowed = looked.iter().filter(|one| match one.way {
        Some(way) => may_choose(way, wish.ask, request),
        None => request.may_split,
    });
    let rank = |one: &&Looked<'_>| {
        let missing = wish.ask.quantity.saturating_sub(quantity(&one.choice));
        (missing, key(&one.choice, wish.ask.goal, wish.wanted), one.choice.parts.len())
    };
    allowed.min_by_key(rank)
}

/// A line of which nothing can be promised: what stands in the way, and what else could be done.
fn hopeless<'a>(world: &mut World<'a>, request: &Request, wish: Wish<'a>, looked: &[Looked<'a>]) -> LinePromise {
    let ways = world.ways(wish.ask);
    let way = ways.into_iter().find(|way| may_choose(*way, wish.ask, request));
    let binds = binds::of(world, way, wish, None);
    let mut alternates: Vec<Alternate> = looked.iter().map(|one| alternate(None, &one.choice, wish.ask)).collect();
    sorting::sort_by_key(&mut alternates, |other| (other.choice.deliver, other.choice.cost));
    alternates.truncate(MAX_ALTERNATES);
    let (line, short) = (wish.ask.line, wish.ask.quantity);
    LinePromise { line, choice: None, short, binds, alternates, sooner: None }
}

/// Takes what was chosen for good.
fn take<'a>(world: &mut World<'a>, best: &Looked<'a>, wish: Wish<'a>) {
    match best.way {
        Some(way) => drop(world.go(way, wish, Without::Nothing)),
        None => drop(world.split(wish)),
    }
}

/// The cheapest way to have all of it at least a day sooner.
fn sooner<'a>(world: &mut World<'a>, wish: Wish<'a>, promised: &Choice) -> Option<Alternate> {
    let wanted = promised.deliver.checked_add(-1);
    let ask = wish.ask;
    let looked = look(world, Wish { ask, wanted, together: wish.together.and(wanted) });
    let whole = looked.iter().map(|one| &one.choice).filter(|choice| quantity(choice) >= quantity(promised));
    let in_time = whole.filter(|choice| choice.deliver < promised.deliver);
    in_time.min_by_key(|choice| (choice.cost, choice.deliver)).map(|choice| alternate(Some(promised), choice, ask))
}

/// The other ways, the soonest first; of those that say the same, one.
fn alternates<'a>(promised: &Choice, others: impl Iterator<Item = &'a Choice>, ask: &Ask) -> Vec<Alternate> {
    let mut all: Vec<Alternate> = others.map(|choice| alternate(Some(promised), choice, ask)).collect();
    sorting::sort_by_key(&mut all, |other| (other.choice.deliver, other.choice.cost));
    all.dedup_by(|one, other| one.choice == other.choice);
    all.truncate(MAX_ALTERNATES);
    all
}

fn alternate(promised: Option<&Choice>, choice: &Choice, ask: &Ask) -> Alternate {
    let days = promised.map_or(0, |promised| choice.deliver.days_since(promised.deliver));
    let cost = promised.map_or(choice.cost, |promised| less_than(choice.cost, promised.cost));
    Alternate { choice: choice.clone(), days, cost, differs: differs(promised, choice, ask) }
}

/// In what a way differs from what is promised, or from what was asked when nothing is.
fn differs(promised: Option<&Choice>, choice: &Choice, ask: &Ask) -> Vec<Differs> {
    let mut differs = Vec::new();
    let before = promised.map(|choice| choice.parts.as_slice()).unwrap_or_default();
    let after = choice.parts.as_slice();
    let places = |parts: &[Part]| each_once(parts.iter().map(|part| part.location.clone()));
    let services = |parts: &[Part]| each_once(parts.iter().map(|part| part.service.clone()));
    if places(before) != places(after) {
        differs.push(Differs::ShipFrom(places(after)));
    }
    if services(before) != services(after) {
        differs.push(Differs::Service(services(after)));
    }
    let before_sku = before.first().map_or(&ask.sku, |part| &part.sku);
    if let Some(other) = after.iter().map(|part| &part.sku).find(|sku| *sku != before_sku) {
        differs.push(Differs::Substitute(other.clone()));
    }
    if after.len() != before.len().max(1) {
        differs.push(Differs::Parts(u32::try_from(after.len()).unwrap_or(u32::MAX)));
    }
    differs
}

/// In order, and only once.
fn each_once<T: PartialEq>(all: impl Iterator<Item = T>) -> Vec<T> {
    all.fold(Vec::new(), |mut seen, one| {
        if !seen.contains(&one) {
            seen.push(one);
        }
        seen
    })
}

/// What a way brings in all.
fn quantity(choice: &Choice) -> Quantity {
    choice.parts.iter().map(|part| part.quantity).sum()
}
