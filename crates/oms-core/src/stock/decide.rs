//! The rules of stock. Reads the state, changes nothing.

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::ToString;
use alloc::vec;
use alloc::vec::Vec;

use super::allotment::{Drawn, Holder};
use super::command::{Ask, CartAsk, Command};
use super::event::{Event, Piece, Posting, Short};
use super::hold::{Hold, HoldId, MovementId, Owner, Stage, Taker};
use super::refusal::Refusal;
use super::shelf::{Crossed, Item, MAX_INBOUND, Page, Reason, Shelf};
use super::{Asker, CART_HOLD_MILLIS, INQUIRE_AFTER_MILLIS, Stock, movement, waiting};
use crate::promise::{DemandClass, Inbound, Promising, Stage as InboundStage};
use crate::replenish::{Crossing, Watch};
use crate::sorting::{self, Gather as _};
use crate::value::{CartId, Day, LocationId, OrderId, Problem, Quantity, Sku, Timestamp};

pub(super) fn decide(stock: &Stock, command: &Command, now: Timestamp) -> Result<Vec<Event>, Refusal> {
    Ok(match command {
        Command::PutItem { sku, item } => put_item(stock, sku, item),
        Command::Expect(inbound) => expect(stock, inbound)?,
        Command::Move(movement) => movement::decide(stock, movement)?,
        Command::Reserve { hold, order, epoch, parts, cart, class, sole } => {
            let asker = Asker { class, cart: cart.as_ref(), order: Some(*order), on: Day::of_utc(now) };
            let ask = Reserve { hold: *hold, order: *order, epoch: *epoch, parts, asker, sole: *sole };
            reserve(stock, &ask, now)
        }
        Command::Release { hold, totals } => release(stock, *hold, totals.as_deref()),
        Command::Confirm { hold } => confirm(stock, *hold)?,
        Command::Allot { holder, sku, location, asked } => allot(stock, holder, sku, location, *asked, now)?,
        Command::Draw { holder, sku, location, drawn } => draw(stock, holder, sku, location, drawn, now)?,
        Command::Consume { hold, shipment, parts } => consume(stock, *hold, *shipment, parts, now)?,
        Command::HoldCart { cart, parts, class } => {
            let asker = Asker { class, cart: Some(cart), order: None, on: Day::of_utc(now) };
            hold_cart(stock, cart, parts, asker, now)?
        }
        Command::PutWatch { sku, watch } => put_watch(stock, sku, watch)?,
        Command::PutPromising { sku, promising } => put_promising(stock, sku, promising)?,
        Command::Enlist { order, wait, skus, pegs } => {
            waiting::enlist(stock, *order, wait, skus, pegs, Day::of_utc(now))?
        }
        Command::Told { sku, news, rules } => waiting::told(stock, sku, *news, rules, Day::of_utc(now)),
        Command::Lapse => lapse(stock, now),
    })
}

fn put_item(stock: &Stock, sku: &Sku, item: &Item) -> Vec<Event> {
    let old = stock.pages.get(sku).map(|page| &page.item);
    if old.is_some_and(|old| old.same_as(item)) {
        return vec![];
    }
    let mut item = item.clone();
    item.price.version = old.map_or(1, |old| old.price.version.saturating_add(1));
    vec![Event::ItemPut { sku: sku.clone(), item }]
}

fn put_watch(stock: &Stock, sku: &Sku, watch: &Watch) -> Result<Vec<Event>, Refusal> {
    let page = stock.pages.get(sku).ok_or_else(|| Refusal::UnknownSku { line: 1, sku: sku.clone() })?;
    let known = page.watch.as_deref().cloned().unwrap_or_default();
    if known == *watch {
        return Ok(vec![]);
    }
    Ok(vec![Event::WatchPut { sku: sku.clone(), watch: Box::new(watch.clone()) }])
}

fn put_promising(stock: &Stock, sku: &Sku, promising: &Promising) -> Result<Vec<Event>, Refusal> {
    let page = stock.pages.get(sku).ok_or_else(|| Refusal::UnknownSku { line: 1, sku: sku.clone() })?;
    let known = page.promising.as_deref().cloned().unwrap_or_default();
    if known == *promising {
        return Ok(vec![]);
    }
    Ok(vec![Event::PromisingPut { sku: sku.clone(), promising: Box::new(promising.clone()) }])
}

fn expect(stock: &Stock, inbound: &Inbound) -> Result<Vec<Event>, Refusal> {
    let page =
        stock.pages.get(&inbound.sku).ok_or_else(|| Refusal::UnknownSku { line: 1, sku: inbound.sku.clone() })?;
    let same = |known: &&Inbound| known.id == inbound.id && known.location == inbound.location;
    let known = page.inbound.iter().find(same);
    let (received, sent) = known.map_or_else(Default::default, |known| (known.received, known.sent));
    let inbound = Inbound { received, sent, ..inbound.clone() };
    if known == Some(&inbound) {
        return Ok(vec![]);
    }
    inbound.check().map_err(|invalid| Refusal::BadInbound {
        line: 1,
        field: invalid.field,
        problem: invalid.problem,
    })?;
    // What has left is on its way or over, and comes from where it left.
    let back = matches!(inbound.stage, InboundStage::Draft | InboundStage::Ready);
    let other = known.is_some_and(|known| known.source != inbound.source);
    if !sent.is_zero() && (back || other) {
        let field = if back { "stage" } else { "source" }.to_string();
        return Err(Refusal::BadInbound { line: 1, field, problem: Problem::Unordered });
    }
    let open = page.inbound.iter().filter(|inbound| !inbound.open().is_zero()).count();
    if known.is_none() && open >= MAX_INBOUND {
        return Err(Refusal::TooManyInbound { line: 1, most: MAX_INBOUND });
    }
    Ok(vec![Event::Expected { inbound }])
}

struct Reserve<'a> {
    hold: HoldId,
    order: OrderId,
    epoch: u32,
    parts: &'a [Ask],
    asker: Asker<'a>,
    sole: bool,
}

fn reserve(stock: &Stock, ask: &Reserve<'_>, now: Timestamp) -> Vec<Event> {
    if stock.holds.contains_key(&ask.hold) {
        return vec![];
    }
    let owner = Owner::Order { order: ask.order, epoch: ask.epoch };
    let parts = merged(ask.parts);
    let short = shortages(stock, &parts, ask.asker);
    if parts.is_empty() || !short.is_empty() {
        return vec![Event::Refused { hold: ask.hold, owner, short }];
    }
    let mut events: Vec<Event> = ask.asker.cart.and_then(|cart| end_cart(stock, cart)).into_iter().collect();
    let until = (!ask.sole).then(|| now.saturating_add_millis(INQUIRE_AFTER_MILLIS));
    let taker = taker(stock, &parts, ask.asker);
    events.push(Event::Held { hold: ask.hold, owner, parts, until, taker });
    events
}

/// As whom parts are taken, where any of them is allocated to classes of demand.
fn taker(stock: &Stock, parts: &[Piece], asker: Asker<'_>) -> Option<Taker> {
    let allocated = |part: &Piece| stock.pages.get(&part.sku).is_some_and(|page| page.is_allocated(&part.location));
    parts.iter().any(allocated).then(|| Taker { class: asker.class.clone(), on: asker.on })
}

/// What is asked with every part named once, and none of nothing.
fn merged(asks: &[Ask]) -> Vec<Piece> {
    let mut parts: Vec<Piece> = Vec::new();
    for ask in asks.iter().filter(|ask| !ask.quantity.is_zero()) {
        let same = |part: &&mut Piece| part.line == ask.line && part.sku == ask.sku && part.location == ask.location;
        match parts.iter_mut().find(same) {
            Some(part) => part.quantity = part.quantity.saturating_add(ask.quantity),
            None => parts.push(ask.clone()),
        }
    }
    parts
}

/// What cannot be had of what is asked; lines of one SKU at one location are taken together.
fn shortages(stock: &Stock, parts: &[Ask], asker: Asker<'_>) -> Vec<Short> {
    let mut wanted: BTreeMap<(&Sku, &LocationId), Option<Quantity>> = BTreeMap::new();
    for part in parts {
        let sum = wanted.entry((&part.sku, &part.location)).or_insert(Some(Quantity::ZERO));
        *sum = sum.and_then(|sum| sum.checked_add(part.quantity));
    }
    // A sum beyond what a quantity can be is more than there is of anything.
    wanted.retain(|(sku, location), wanted| {
        wanted.is_none_or(|wanted| stock.available_to(sku, location, asker) < wanted)
    });
    let short = parts.iter().filter(|part| wanted.contains_key(&(&part.sku, &part.location)));
    short
        .map(|part| Short {
            line: part.line,
            sku: part.sku.clone(),
            location: part.location.clone(),
            available: stock.available_to(&part.sku, &part.location, asker),
            undecided: stock.undecided(&part.sku, &part.location),
        })
        .collect()
}

fn release(stock: &Stock, id: HoldId, totals: Option<&[Ask]>) -> Vec<Event> {
    let Some(hold) = stock.holds.get(&id) else { return vec![Event::Tombstoned { hold: id }] };
    if !hold.is_live() {
        return vec![];
    }
    let parts: Vec<Piece> = match totals {
        None => remains(hold),
        Some(totals) => hold.parts.iter().filter_map(|part| to_give_back(part, totals)).collect(),
    };
    if parts.is_empty() { vec![] } else { vec![Event::Released { hold: id, parts }] }
}

/// The part of a total that was not given back yet, bounded by what is still set aside.
fn to_give_back(part: &super::Part, totals: &[Ask]) -> Option<Piece> {
    let of_part = |ask: &&Ask| ask.line == part.line && ask.sku == part.sku && ask.location == part.location;
    let total = totals.iter().filter(of_part).max_by_key(|ask| ask.quantity)?;
    let quantity = total.quantity.saturating_sub(part.released).min(part.reserved());
    (!quantity.is_zero()).then(|| Piece { quantity, ..total.clone() })
}

fn remains(hold: &Hold) -> Vec<Piece> {
    let pieces = hold.parts.iter().map(|part| Piece {
        line: part.line,
        sku: part.sku.clone(),
        location: part.location.clone(),
        quantity: part.reserved(),
    });
    pieces.filter(|piece| !piece.quantity.is_zero()).collect()
}

fn confirm(stock: &Stock, id: HoldId) -> Result<Vec<Event>, Refusal> {
    let hold = stock.holds.get(&id).ok_or(Refusal::BrokenHold)?;
    match hold.stage {
        Stage::Held { .. } => Ok(vec![Event::Confirmed { hold: id }]),
        Stage::Confirmed => Ok(vec![]),
        // A hold whose every part was canceled after the commit ends released; a late confirmation of it means nothing.
        Stage::Released if hold.owner.is_some() => Ok(vec![]),
        Stage::Refused { .. } | Stage::Released => Err(Refusal::BrokenHold),
    }
}

fn consume(stock: &Stock, id: HoldId, shipment: u32, parts: &[Ask], now: Timestamp) -> Result<Vec<Event>, Refusal> {
    let hold = stock.holds.get(&id).ok_or(Refusal::BrokenHold)?;
    if hold.shipments.contains(&shipment) {
        return Ok(vec![]);
    }
    let backed = |ask: &Ask| {
        let part = hold
            .parts
            .iter()
            .find(|part| part.line == ask.line && part.sku == ask.sku && part.location == ask.location);
        part.is_some_and(|part| part.reserved() >= ask.quantity)
    };
    let parts = merged(parts);
    if !hold.is_live() || !parts.iter().all(backed) {
        return Err(Refusal::BrokenHold);
    }
    let found = found_by_leaving(stock, id, shipment, &parts);
    Ok(found.into_iter().chain([Event::Consumed { hold: id, shipment, parts, on: Some(Day::of_utc(now)) }]).collect())
}

/// Goods that left were there. Where the books had fewer, the difference is found first, so that the ledger still sums to
/// the balance (I2).
fn found_by_leaving(stock: &Stock, hold: HoldId, shipment: u32, parts: &[Piece]) -> Option<Event> {
    let mut leaving: BTreeMap<(&Sku, &LocationId), Quantity> = BTreeMap::new();
    for part in parts {
        let sum = leaving.entry((&part.sku, &part.location)).or_default();
        *sum = sum.saturating_add(part.quantity);
    }
    let on_hand = |sku, location| stock.pages.get(sku).map(|page| page.shelf(location).on_hand).unwrap_or_default();
    let postings: Vec<Posting> = leaving
        .into_iter()
        .map(|((sku, location), leaving)| Posting::Found {
            sku: sku.clone(),
            location: location.clone(),
            quantity: leaving.saturating_sub(on_hand(sku, location)),
            reason: Reason::Correction,
        })
        .filter(|posting| !posting.quantity().is_zero())
        .collect();
    let id = MovementId::of(&alloc::format!("shipped:{hold}:{shipment}"));
    (!postings.is_empty()).then_some(Event::Moved { id, reference: None, postings })
}

/// Grants what is kept for tills, then what is free, of what was not answered yet. An answer stands: the same total again is granted nothing more.
fn allot(
    stock: &Stock,
    holder: &Holder,
    sku: &Sku,
    location: &LocationId,
    asked: Quantity,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let page = stock.pages.get(sku).ok_or_else(|| Refusal::UnknownSku { line: 1, sku: sku.clone() })?;
    let known = page.allotments.get(holder);
    let (before, granted) = known.map(|one| (one.asked, one.granted)).unwrap_or_default();
    if asked <= before || known.is_some_and(|one| one.drawn.closed) {
        return Ok(vec![]);
    }
    // What is kept for a class is not for whoever comes to a counter.
    let anybody = DemandClass::default();
    let asker = Asker { class: &anybody, cart: None, order: None, on: Day::of_utc(now) };
    let free = page.kept_for_tills(location).saturating_add(stock.available_to(sku, location, asker));
    let more = asked.saturating_sub(before).min(free);
    Ok(vec![Event::Allotted {
        holder: holder.clone(),
        sku: sku.clone(),
        location: location.clone(),
        asked,
        granted: granted.saturating_add(more),
    }])
}

/// Takes in what became of a right. What was sold was there: where the books had less, the difference is found first.
fn draw(
    stock: &Stock,
    holder: &Holder,
    sku: &Sku,
    location: &LocationId,
    drawn: &Drawn,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let page = stock.pages.get(sku).ok_or_else(|| Refusal::UnknownSku { line: 1, sku: sku.clone() })?;
    let before = page.allotments.get(holder).map(|one| one.drawn).unwrap_or_default();
    let after = before.merged(drawn);
    if after == before {
        return Ok(vec![]);
    }
    let left = after.left().saturating_sub(before.left());
    let missing = left.saturating_sub(page.shelf(location).on_hand);
    let (sku, location) = (sku.clone(), location.clone());
    let found = (!missing.is_zero()).then(|| Event::Moved {
        id: MovementId::of(&alloc::format!("sold:{holder}:{sku}:{}", after.left())),
        reference: None,
        postings: vec![Posting::Found {
            sku: sku.clone(),
            location: location.clone(),
            quantity: missing,
            reason: Reason::Correction,
        }],
    });
    let on = Some(Day::of_utc(now));
    let event = Event::Drawn { holder: holder.clone(), sku, location, drawn: after, left, on };
    Ok(found.into_iter().chain([event]).collect())
}

fn end_cart(stock: &Stock, cart: &CartId) -> Option<Event> {
    let id = HoldId::of_cart(cart);
    let hold = stock.holds.get(&id).filter(|hold| hold.is_live())?;
    Some(Event::Lapsed { hold: id, cart: cart.clone(), parts: remains(hold) })
}

pub(super) fn lapse(stock: &Stock, now: Timestamp) -> Vec<Event> {
    let over = stock.lapsed(now).filter_map(|id| stock.holds.get(&id));
    let events = over.filter_map(|hold| match &hold.owner {
        Some(Owner::Cart(cart)) => end_cart(stock, cart),
        Some(Owner::Order { .. }) | None => None,
    });
    events.collect()
}

fn hold_cart(
    stock: &Stock,
    cart: &CartId,
    wanted: &[CartAsk],
    asker: Asker<'_>,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let held = stock.holds.get(&HoldId::of_cart(cart)).filter(|hold| hold.is_live() && !hold.is_lapsed(now));
    // Wherever it lies: where most is left depends on what the cart holds itself.
    if held.is_some_and(|held| is_just(&remains(held), wanted)) {
        return Ok(vec![]);
    }
    let mut taken: BTreeMap<(Sku, LocationId), Quantity> = BTreeMap::new();
    let mut parts = Vec::new();
    for (line, ask) in (1..).zip(wanted) {
        parts.extend(place_in_cart(stock, asker, line, ask, &mut taken)?);
    }
    let mut events: Vec<Event> = end_cart(stock, cart).into_iter().collect();
    if !parts.is_empty() {
        let until = Some(now.saturating_add_millis(CART_HOLD_MILLIS));
        let taker = taker(stock, &parts, asker);
        events.push(Event::Held { hold: HoldId::of_cart(cart), owner: Owner::Cart(cart.clone()), parts, until, taker });
    }
    Ok(events)
}

/// True when these pieces are what is wanted, all of it and no more.
fn is_just(pieces: &[Piece], wanted: &[CartAsk]) -> bool {
    let is_of = |piece: &&Piece, line: u32, ask: &CartAsk| {
        piece.line == line && piece.sku == ask.sku && ask.location.as_ref().is_none_or(|only| *only == piece.location)
    };
    let has = |(line, ask): (u32, &CartAsk)| {
        let here = pieces.iter().filter(|piece| is_of(piece, line, ask));
        here.map(|piece| piece.quantity).sum::<Quantity>() == ask.quantity
    };
    let all: Quantity = wanted.iter().map(|ask| ask.quantity).sum();
    (1..).zip(wanted).all(has) && pieces.iter().map(|piece| piece.quantity).sum::<Quantity>() == all
}

/// Finds room for one line of a cart: where it asks, or wherever most is left.
fn place_in_cart(
    stock: &Stock,
    asker: Asker<'_>,
    line: u32,
    ask: &CartAsk,
    taken: &mut BTreeMap<(Sku, LocationId), Quantity>,
) -> Result<Vec<Piece>, Refusal> {
    let page = stock.pages.get(&ask.sku).ok_or_else(|| Refusal::UnknownSku { line, sku: ask.sku.clone() })?;
    let places = page.shelves.keys().filter(|place| ask.location.as_ref().is_none_or(|only| only == *place));
    let mut room: Vec<(Quantity, LocationId)> = places
        .map(|place| {
            let used = taken.get(&(ask.sku.clone(), place.clone())).copied().unwrap_or(Quantity::ZERO);
            (stock.available_to(&ask.sku, place, asker).saturating_sub(used), place.clone())
        })
        .collect();
    sorting::sort_by(&mut room, |a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let available = room.iter().map(|(free, _)| *free).sum();
    let mut left = ask.quantity;
    let mut parts = Vec::new();
    for (free, location) in room {
        let quantity = left.min(free);
        if quantity.is_zero() {
            break;
        }
        left = left.saturating_sub(quantity);
        let used = taken.entry((ask.sku.clone(), location.clone())).or_default();
        *used = used.saturating_add(quantity);
        parts.push(Piece { line, sku: ask.sku.clone(), location, quantity });
    }
    if left.is_zero() { Ok(parts) } else { Err(Refusal::Insufficient { line, sku: ask.sku.clone(), available }) }
}

/// What follows from what happened: low stock, once per crossing, and shortages that facts left behind.
pub(super) fn follow_up(stock: &Stock, events: &[Event], now: Timestamp) -> Vec<Event> {
    let mut skus: Vec<Sku> = events.iter().flat_map(Event::skus).cloned().collect();
    sorting::sort(&mut skus);
    skus.dedup();
    let pages = skus.iter().filter_map(|sku| stock.pages.get(sku).map(|page| (sku, page)));
    let moves = |event: &Event| matches!(event, Event::Consumed { .. } | Event::Drawn { .. } | Event::WatchPut { .. });
    let left = events.iter().any(moves);
    let of_page = |(sku, page): (&Sku, &Page)| -> Vec<Event> {
        let shelves = page.shelves.iter();
        let mut noted: Vec<Event> = shelves.flat_map(|(place, shelf)| notices(sku, page, place, shelf, now)).collect();
        if left {
            noted.extend(safety(sku, page, Day::of_utc(now)));
        }
        noted
    };
    pages.flat_map(of_page).collect()
}

/// The safety stock that is kept back by forecast, where it changed. What cannot be forecast stays as it is.
fn safety(sku: &Sku, page: &Page, today: Day) -> Vec<Event> {
    let keeps = page.buying().filter(|buying| buying.keep_safety);
    let wanted = |location: &LocationId| -> Option<Quantity> {
        let Some(buying) = keeps.filter(|buying| buying.locations.contains(location)) else {
            return Some(Quantity::ZERO);
        };
        let demand = page.demand.get(location)?;
        Some(buying.kept(demand, today).ok()??.safety)
    };
    let places: BTreeSet<&LocationId> = page.forecast_safety.keys().chain(page.demand.keys()).into_set();
    let changed = places.into_iter().filter_map(|location| {
        let (quantity, known) = (wanted(location)?, page.forecast_safety.get(location).copied().unwrap_or_default());
        let event = || Event::SafetyForecast { sku: sku.clone(), location: location.clone(), quantity };
        (quantity != known).then(event)
    });
    changed.collect()
}

/// What is available went from one band to another.
fn crossed(sku: &Sku, page: &Page, location: &LocationId, shelf: &Shelf, now: Timestamp) -> Option<Event> {
    let thresholds = page.watch.as_ref().map(|watch| watch.thresholds).unwrap_or_default();
    let available = page.free(location);
    let (from, to) = (shelf.band, thresholds.band(available));
    let crossed = Crossed { location: location.clone(), crossing: Crossing { from, to, available }, at: now };
    (from != to).then(|| Event::Crossed { sku: sku.clone(), crossed })
}

fn notices(sku: &Sku, page: &Page, location: &LocationId, shelf: &Shelf, now: Timestamp) -> Vec<Event> {
    let mut noted: Vec<Event> = crossed(sku, page, location, shelf, now).into_iter().collect();
    let missing = shelf.shortage();
    if missing != shelf.short {
        noted.push(Event::Shortage { sku: sku.clone(), location: location.clone(), missing });
    }
    let available = page.free(location);
    match page.item.low_stock.filter(|threshold| available <= *threshold) {
        Some(threshold) if !shelf.low => {
            noted.push(Event::LowStock { sku: sku.clone(), location: location.clone(), available, threshold });
        }
        None if shelf.low => noted.push(Event::LowStockOver { sku: sku.clone(), location: location.clone() }),
        Some(_) | None => {}
    }
    noted
}
