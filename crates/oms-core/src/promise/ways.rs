//! The ways to have a line: every lane of every location, every substitute, and the split.

use alloc::collections::BTreeSet;
use alloc::vec;
use alloc::vec::Vec;

use super::facts::{Lane, Mode, Node};
use super::peg::Found;
use super::ready::{Need, Ready, Without, World, less, single};
use super::request::{Ask, Choice, Goal, Part};
use super::share::times;
use super::{MAX_PARTS, Request};
use crate::calendar::{Route, Schedule};
use crate::sorting;
use crate::value::{Amount, Day, LocationId, Quantity, Sku};

/// A lane, and what goes over it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way<'a> {
    pub(super) lane: &'a Lane,
    pub(super) sku: &'a Sku,
    /// What a unit costs more because it is a substitute.
    pub(super) penalty: Amount,
    /// Not before this day, although it could: under [`Goal::Profit`] supply may be worth less later.
    pub(super) not_before: Option<Day>,
}

/// A line with the day it is to be there: its own wanted day, that of a question about it, or that of the whole order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wish<'a> {
    pub(super) ask: &'a Ask,
    pub(super) wanted: Option<Day>,
    /// The day on which all lines of the order arrive, when they arrive together.
    pub(super) together: Option<Day>,
}

impl Wish<'_> {
    /// The day before which nobody is there to take it: goods are then left to others as long as possible.
    fn not_sooner(&self) -> Option<Day> {
        match self.ask.goal {
            Goal::Wanted => self.wanted,
            Goal::Earliest | Goal::Cheapest | Goal::Profit { .. } => self.together,
        }
    }
}

impl<'a> World<'a> {
    /// Every way of a line that may be looked at, in the order of lanes, the SKU itself first.
    pub(super) fn ways(&self, ask: &'a Ask) -> Vec<Way<'a>> {
        let facts = self.facts;
        let substitutes = facts.items.get(&ask.sku).into_iter().flat_map(|item| &item.substitutes);
        let skus =
            core::iter::once((&ask.sku, Amount::ZERO)).chain(substitutes.map(|other| (&other.sku, other.unit_cost)));
        let open = |lane: &&Lane| ask.only_from.is_empty() || ask.only_from.contains(&lane.location);
        skus.flat_map(|(sku, penalty)| {
            let lanes = facts.lanes.iter().filter(open).filter(|lane| !lane.never.contains(sku));
            lanes.map(move |lane| Way { lane, sku, penalty, not_before: None })
        })
        .flat_map(|way| self.with_later(way, ask))
        .collect()
    }

    /// The way itself, and under [`Goal::Profit`] once more for every later bid price.
    fn with_later(&self, way: Way<'a>, ask: &Ask) -> Vec<Way<'a>> {
        let mut ways = vec![way];
        if matches!(ask.goal, Goal::Profit { .. }) {
            let later = self.facts.bids.iter().filter(|bid| bid.sku == *way.sku && bid.location == way.lane.location);
            let days = later.map(|bid| bid.from).filter(|from| *from > self.today);
            ways.extend(days.map(|day| Way { not_before: Some(day), ..way }));
        }
        ways
    }

    /// What comes of a way for the whole quantity, taking it from the working copy.
    pub(super) fn go(&mut self, way: Way<'_>, wish: Wish<'_>, without: Without) -> Option<Choice> {
        let from = self.needed(way, wish, without)?;
        let from = way.not_before.map_or(from, |day| from.max(day));
        let ask = wish.ask;
        let class = Some(&ask.class);
        let (sku, location) = (way.sku, &way.lane.location);
        let need = Need { sku, location, quantity: ask.quantity, class, from, level: 0 };
        let mark = self.ledger.mark();
        let ready = self.ready(need, without)?;
        match self.part(way, ask.quantity, ready, without) {
            Some(part) => Some(self.choice(vec![part], &[way], ask)),
            None => {
                self.ledger.undo(mark);
                None
            }
        }
    }

    /// The same, and everything is put back.
    pub(super) fn try_out(&mut self, way: Way<'_>, wish: Wish<'_>, without: Without) -> Option<Choice> {
        let mark = self.ledger.mark();
        let choice = self.go(way, wish, without);
        self.ledger.undo(mark);
        choice
    }

    /// The day from which goods are of use: when the order counts, or as late as still makes the wanted day.
    fn needed(&self, way: Way<'_>, wish: Wish<'_>, without: Without) -> Option<Day> {
        self.routed(way.lane, without, |route| {
            let counts = if without == Without::Cutoff {
                route.node.next(route.node.day(self.placed))?
            } else {
                route.node.counts_for(self.placed)?
            };
            let latest = wish.not_sooner().and_then(|wanted| route.latest_start(wanted));
            Some(latest.map_or(counts, |latest| latest.max(counts)))
        })
    }

    /// The dates of goods that are ready on a day.
    fn part(&self, way: Way<'_>, quantity: Quantity, ready: Ready, without: Without) -> Option<Part> {
        let schedule = self.dates(way.lane, ready.day, without)?;
        let cutoff = self.calendar_at(&way.lane.location)?.cutoff(schedule.start);
        let order_by = cutoff.saturating_add_millis(-1);
        let (sku, location, service) = (way.sku.clone(), way.lane.location.clone(), way.lane.service.clone());
        Some(Part { sku, location, service, quantity, ready: ready.day, schedule, order_by, draws: ready.draws })
    }

    fn dates(&self, lane: &Lane, ready: Day, without: Without) -> Option<Schedule> {
        self.routed(lane, without, |route| route.starting(route.node.next(ready)?))
    }

    /// Looks at the route of a lane, with something thought away.
    fn routed<T>(&self, lane: &Lane, without: Without, look: impl FnOnce(&Route<'_>) -> Option<T>) -> Option<T> {
        let facts = self.facts;
        let place: &Node = facts.locations.get(&lane.location)?;
        let (node, transit) = (self.calendars.get(&place.calendar)?, self.calendars.get(&lane.calendar)?);
        let (node, transit) = match without {
            Without::Calendar => (self.opened(&place.calendar)?, transit),
            Without::TransitCalendar => (node, self.opened(&lane.calendar)?),
            Without::Nothing
            | Without::Supply
            | Without::LeadTime
            | Without::Capacity
            | Without::Allocation
            | Without::Cutoff
            | Without::Processing
            | Without::Transit => (node, transit),
        };
        let processing = less(place.processing_days, without == Without::Processing);
        let slowest = less(lane.max_days, without == Without::Transit);
        let fastest = less(lane.min_days, false).min(slowest);
        look(&Route { node, processing, transit, fastest, slowest })
    }

    /// Parts put together: the last day, the cost, the profit. The ways stand beside the parts.
    pub(super) fn choice(&self, parts: Vec<Part>, ways: &[Way<'_>], ask: &Ask) -> Choice {
        let deliver = parts.iter().map(|part| part.schedule.deliver).max().unwrap_or(self.today);
        let cost: Amount = parts.iter().zip(ways).map(|(part, way)| self.cost(part, *way)).sum();
        let profit = match ask.goal {
            Goal::Profit { unit_price, late_per_day } => {
                let income = parts.iter().map(|part| priced(part.quantity, unit_price)).sum::<Amount>();
                let bids = parts
                    .iter()
                    .map(|part| priced(part.quantity, self.facts.bid(&part.sku, &part.location, part.ready)));
                let late = ask.wanted.map_or(0, |wanted| deliver.days_since(wanted).max(0));
                let penalty = Amount::new(late_per_day.minor().saturating_mul(i64::from(late))).unwrap_or(Amount::MAX);
                let spent = cost.saturating_add(bids.sum()).saturating_add(penalty);
                Some(less_than(income, spent))
            }
            Goal::Wanted | Goal::Earliest | Goal::Cheapest => None,
        };
        Choice { deliver, cost, profit, parts }
    }

    /// What it costs to source a part: the lane, and for each unit the lane, the goods and what a substitute costs more.
    fn cost(&self, part: &Part, way: Way<'_>) -> Amount {
        let goods = self.ledger.unit_cost(&part.sku, &part.location);
        let each = [way.lane.unit_cost, way.penalty, goods];
        way.lane.cost.saturating_add(priced(part.quantity, each.into_iter().sum()))
    }

    /// The soonest way to have a quantity in parts: every location by its fastest lane, schedule line by schedule line.
    /// Only what comes from supply can be split; the parts may sum to less.
    pub(super) fn split(&mut self, wish: Wish<'a>) -> Option<Choice> {
        let ask = wish.ask;
        let mut rows: Vec<(Part, Way<'a>)> = Vec::new();
        for way in self.fastest_lanes(ask) {
            let Some(from) = self.needed(way, wish, Without::Nothing) else { continue };
            let (today, location) = (self.today, &way.lane.location);
            let at = self.ledger.place(self.facts, way.sku, location);
            let Some(pool) = self.ledger.pool(at) else { continue };
            for step in pool.steps(Some(&ask.class), ask.quantity, from, today) {
                let (class, quantity) = (Some(&ask.class), step.quantity);
                let need = Need { sku: way.sku, location, quantity, class, from, level: 0 };
                let origin = self.origin(at, from, Found { day: step.day, commit: step.day });
                let ready = single(need, step.day, origin);
                rows.extend(self.part(way, step.quantity, ready, Without::Nothing).map(|part| (part, way)));
            }
        }
        sorting::sort_by(&mut rows, |(one, _), (other, _)| {
            let key = |part: &Part| (part.schedule.deliver, core::cmp::Reverse(part.quantity));
            key(one).cmp(&key(other)).then_with(|| one.location.cmp(&other.location))
        });
        let (parts, ways) = self.gathered(rows, ask);
        if parts.is_empty() { None } else { Some(self.choice(parts, &ways, ask)) }
    }

    /// Takes parts in order until the quantity is there, from the working copy.
    fn gathered(&mut self, rows: Vec<(Part, Way<'a>)>, ask: &Ask) -> (Vec<Part>, Vec<Way<'a>>) {
        let (mut parts, mut ways): (Vec<Part>, Vec<Way<'a>>) = (Vec::new(), Vec::new());
        let mut left = ask.quantity;
        for (mut part, way) in rows {
            if left.is_zero() || parts.len() >= MAX_PARTS {
                break;
            }
            let quantity = part.quantity.min(left);
            let (sku, location) = (way.sku, &way.lane.location);
            let need = Need { sku, location, quantity, class: Some(&ask.class), from: part.ready, level: 0 };
            let mark = self.ledger.mark();
            match self.ready(need, Without::Nothing) {
                Some(ready) if ready.day <= part.ready => {}
                Some(_) | None => {
                    self.ledger.undo(mark);
                    continue;
                }
            }
            left = left.saturating_sub(quantity);
            part.quantity = quantity;
            for draw in &mut part.draws {
                draw.quantity = quantity;
            }
            parts.push(part);
            ways.push(way);
        }
        (parts, ways)
    }

    /// For each location from which the SKU itself comes out of supply, the lane that delivers first.
    fn fastest_lanes(&self, ask: &'a Ask) -> Vec<Way<'a>> {
        let facts = self.facts;
        let mut seen: BTreeSet<&LocationId> = BTreeSet::new();
        let mut lanes: Vec<&Lane> = facts.lanes.iter().collect();
        sorting::sort_by_key(&mut lanes, |lane| (lane.max_days, lane.cost, &lane.service));
        lanes
            .into_iter()
            .filter(|lane| ask.only_from.is_empty() || ask.only_from.contains(&lane.location))
            .filter(|lane| !lane.never.contains(&ask.sku))
            .filter(|lane| matches!(facts.mode(&ask.sku, &lane.location), Mode::Atp | Mode::Ctp { .. }))
            .filter(|lane| seen.insert(&lane.location))
            .map(|lane| Way { lane, sku: &ask.sku, penalty: Amount::ZERO, not_before: None })
            .collect()
    }
}

/// Which of two ways is better under a goal: the smaller key. Ties go to the sooner, then the cheaper.
pub(super) fn key(choice: &Choice, goal: Goal, wanted: Option<Day>) -> (i64, i64, i64) {
    let (day, cost) = (i64::from(choice.deliver.number()), choice.cost.minor());
    match (goal, wanted) {
        (Goal::Wanted, Some(wanted)) if choice.deliver <= wanted => (0, cost, day),
        (Goal::Wanted, Some(_)) => (1, day, cost),
        (Goal::Wanted, None) | (Goal::Earliest, _) => (0, day, cost),
        (Goal::Cheapest, _) => (0, cost, day),
        (Goal::Profit { .. }, _) => (choice.profit.unwrap_or(Amount::MIN).minor().saturating_neg(), day, cost),
    }
}

/// The part of the request that says whether a way may be chosen.
pub(super) fn may_choose(way: Way<'_>, ask: &Ask, request: &Request) -> bool {
    request.may_substitute || *way.sku == ask.sku
}

/// A price for a quantity, rounded up to a whole minor unit; held within bounds.
fn priced(quantity: Quantity, unit: Amount) -> Amount {
    let magnitude = Quantity::from_thousandths(unit.minor().unsigned_abs()).unwrap_or(Quantity::MAX);
    let product = times(quantity, magnitude).thousandths();
    let amount = i64::try_from(product).ok().and_then(Amount::new).unwrap_or(Amount::MAX);
    if unit.is_negative() { amount.checked_neg().unwrap_or(Amount::MIN) } else { amount }
}

/// A difference held within bounds.
pub(super) fn less_than(one: Amount, other: Amount) -> Amount {
    one.saturating_add(other.checked_neg().unwrap_or(Amount::MIN))
}
