//! By when goods are there: from supply, from components, from work.

use alloc::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;
use core::cell::OnceCell;

use super::facts::{Bill, Facts, Load, Mode};
use super::ledger::Ledger;
use super::peg::Found;
use super::request::{Draw, Origin};
use super::share::times;
use super::{CalendarId, Component, DemandClass, MAX_BILL_LEVELS, MAX_WORK};
use crate::calendar::{Calendar, HORIZON_DAYS, Rules};
use crate::value::{Day, Invalid, LocationId, Quantity, Sku, Timestamp};

/// What is thought away to see whether it binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Without {
    Nothing,
    Supply,
    LeadTime,
    Capacity,
    Allocation,
    Cutoff,
    Calendar,
    Processing,
    Transit,
    TransitCalendar,
}

/// Facts made ready, and the working copy of supply.
pub(super) struct World<'a> {
    pub(super) facts: &'a Facts,
    pub(super) placed: Timestamp,
    pub(super) today: Day,
    pub(super) calendars: BTreeMap<&'a CalendarId, Calendar>,
    pub(super) ledger: Ledger,
    /// Each calendar once more, with every day worked: made when it is first asked for.
    opened: BTreeMap<&'a CalendarId, OnceCell<Option<Calendar>>>,
    work: u32,
}

/// Something needed.
#[derive(Clone, Copy)]
pub(super) struct Need<'a> {
    pub(super) sku: &'a Sku,
    pub(super) location: &'a LocationId,
    pub(super) quantity: Quantity,
    /// Whom it is for, and so what it is made of; nobody when allocation is thought away.
    pub(super) class: Option<&'a DemandClass>,
    /// Not needed sooner.
    pub(super) from: Day,
    pub(super) level: usize,
}

/// When it is there, and what it is taken from.
#[derive(Clone, Debug)]
pub(super) struct Ready {
    pub(super) day: Day,
    pub(super) draws: Vec<Draw>,
}

impl<'a> World<'a> {
    /// Checks the facts and lays them out around the day of a moment.
    pub(super) fn new(facts: &'a Facts, placed: Timestamp) -> Result<Self, Invalid> {
        facts.check()?;
        let today = Day::of_utc(placed);
        let mut calendars = BTreeMap::new();
        for (id, rules) in &facts.calendars {
            let prepared = Calendar::prepare(rules, today);
            calendars.insert(id, prepared.map_err(|problem| problem.within(alloc::format!("calendars.{id}")))?);
        }
        let ledger = Ledger::new(facts, today)?;
        let opened = facts.calendars.keys().map(|id| (id, OnceCell::new())).collect();
        Ok(Self { facts, placed, today, calendars, ledger, opened, work: 0 })
    }

    /// Whether the answer took more work than [`MAX_WORK`], or supply has too many days, and is not to be trusted.
    pub(super) const fn is_exhausted(&self) -> bool {
        self.work > MAX_WORK || self.ledger.is_full()
    }

    /// When something is there, taking it from the working copy; `None` within the horizon never, and then nothing is
    /// taken.
    pub(super) fn ready(&mut self, need: Need<'_>, without: Without) -> Option<Ready> {
        self.work = self.work.saturating_add(1);
        if self.is_exhausted() || need.level > MAX_BILL_LEVELS {
            return None;
        }
        let facts = self.facts;
        match facts.mode(need.sku, need.location) {
            _ if without == Without::Supply => Some(single(need, need.from, Origin::Infinite)),
            Mode::Infinite => Some(single(need, need.from, Origin::Infinite)),
            Mode::LeadTime { days } => {
                let days = less(*days, without == Without::LeadTime);
                let there = self.calendar_at(need.location)?.add(self.today, days)?;
                Some(single(need, there.max(need.from), Origin::LeadTime))
            }
            Mode::Atp => self.drawn(need, without),
            Mode::Ctp { bill } => self.capable(need, bill, without),
            Mode::Kit { components } => self.together(need, components, need.from, without),
        }
    }

    /// The calendar of a location.
    pub(super) fn calendar_at(&self, location: &LocationId) -> Option<&Calendar> {
        self.facts.locations.get(location).and_then(|node| self.calendars.get(&node.calendar))
    }

    /// A calendar on which every day is worked.
    pub(super) fn opened(&self, id: &CalendarId) -> Option<&Calendar> {
        let prepare = || {
            let rules = self.calendars.get(id)?.rules();
            let every = Rules { zone: rules.zone.clone(), cutoff: rules.cutoff, ..Rules::every_day() };
            Calendar::prepare(&every, self.today).ok()
        };
        self.opened.get(id)?.get_or_init(prepare).as_ref()
    }

    /// From what is there and what comes.
    fn drawn(&mut self, need: Need<'_>, without: Without) -> Option<Ready> {
        let today = self.today;
        let class = need.class.filter(|_| without != Without::Allocation);
        let at = self.ledger.place(self.facts, need.sku, need.location);
        let pool = self.ledger.pool(at)?;
        let found = pool.earliest(class, need.quantity, need.from, today);
        let fence = pool.infinite_from().map(|fence| fence.max(need.from));
        match (found, fence) {
            (Some(found), fence) if fence.is_none_or(|fence| found.day <= fence) => {
                self.ledger.take(at, class, found, need.quantity);
                Some(single(need, found.day, self.origin(at, need.from, found)))
            }
            (_, fence) => Some(single(need, fence?, Origin::Fence)),
        }
    }

    /// What the day of a draw is due to.
    pub(super) fn origin(&self, at: usize, from: Day, found: Found) -> Origin {
        if found.day <= from {
            return Origin::Stock;
        }
        let comes = self.ledger.pool(at).and_then(|pool| pool.receipt(found.commit));
        comes.map_or(Origin::Freed, |id| Origin::Inbound(id.clone()))
    }

    /// All from supply, or what is there and the rest made, whichever is sooner.
    fn capable(&mut self, need: Need<'_>, bill: &Bill, without: Without) -> Option<Ready> {
        let mark = self.ledger.mark();
        let supplied = self.drawn(need, without);
        if supplied.as_ref().is_some_and(|ready| ready.day <= need.from) {
            return supplied;
        }
        self.ledger.undo(mark);
        let made = self.topped_up(need, bill, without);
        match (supplied, made) {
            (Some(supplied), Some(made)) if made.day < supplied.day => Some(made),
            (None, made) => made,
            (Some(_), _) => {
                self.ledger.undo(mark);
                self.drawn(need, without)
            }
        }
    }

    /// What is there on the day, and the rest made.
    fn topped_up(&mut self, need: Need<'_>, bill: &Bill, without: Without) -> Option<Ready> {
        let mark = self.ledger.mark();
        let class = need.class.filter(|_| without != Without::Allocation);
        let at = self.ledger.place(self.facts, need.sku, need.location);
        let pool = self.ledger.pool(at)?;
        let there = pool.available(class, need.from, self.today).min(need.quantity);
        let stocked = if there.is_zero() { None } else { self.drawn(Need { quantity: there, ..need }, without) };
        let rest = need.quantity.saturating_sub(stocked.as_ref().map_or(Quantity::ZERO, |_| there));
        let Some(mut made) = self.made(Need { quantity: rest, ..need }, bill, without) else {
            self.ledger.undo(mark);
            return None;
        };
        if let Some(stocked) = stocked {
            made.day = made.day.max(stocked.day);
            made.draws.extend(stocked.draws);
        }
        Some(made)
    }

    /// Made: components, then work day by day, then the lead time. Begun at once, whenever it is needed.
    fn made(&mut self, need: Need<'_>, bill: &Bill, without: Without) -> Option<Ready> {
        let mark = self.ledger.mark();
        let parts = self.together(Need { from: self.today, ..need }, &bill.components, self.today, without)?;
        let dates = self.worked(need, bill, parts.day, without);
        let Some((finish, there)) = dates else {
            self.ledger.undo(mark);
            return None;
        };
        let resource = bill.load.as_ref().map(|load| load.resource.clone());
        let mut draws = single(need, there, Origin::Made { start: parts.day, finish, resource }).draws;
        draws.extend(parts.draws);
        Some(Ready { day: there.max(need.from), draws })
    }

    /// The last day of work, and the day it is there.
    fn worked(&mut self, need: Need<'_>, bill: &Bill, start: Day, without: Without) -> Option<(Day, Day)> {
        let load = bill.load.as_ref().filter(|_| without != Without::Capacity);
        let finish = match load {
            Some(load) => self.loaded(load, times(need.quantity, load.per), start)?,
            None => start,
        };
        let calendar = match bill.load.as_ref().and_then(|load| self.facts.resources.get(&load.resource)) {
            Some(resource) => self.calendars.get(&resource.calendar)?,
            None => self.calendar_at(need.location)?,
        };
        match less(bill.lead_days, without == Without::LeadTime) {
            0 => Some((finish, finish)),
            lead => Some((finish, calendar.add(finish, lead)?)),
        }
    }

    /// Loads a resource from a day on until the work is done; the last day of it.
    fn loaded(&mut self, load: &Load, work: Quantity, start: Day) -> Option<Day> {
        let resource = self.facts.resources.get(&load.resource)?;
        let mark = self.ledger.mark();
        let mut left = work;
        let mut day = start;
        for _ in 0..HORIZON_DAYS {
            if left.is_zero() {
                return Some(day);
            }
            self.work = self.work.saturating_add(1);
            let next = self.calendars.get(&resource.calendar).and_then(|calendar| calendar.next(day));
            let Some(works) = next else { break };
            let taken = self.ledger.capacity(&load.resource, works, resource.per_day).min(left);
            if !taken.is_zero() {
                self.ledger.load(&load.resource, works, taken);
                left = left.saturating_sub(taken);
            }
            if left.is_zero() {
                return Some(works);
            }
            day = works.checked_add(1)?;
        }
        self.ledger.undo(mark);
        None
    }

    /// All components on one day: the day is found first, then everything is taken for that day, so that nobody's
    /// earlier supply is held for a part that waits.
    fn together(&mut self, need: Need<'_>, components: &[Component], from: Day, without: Without) -> Option<Ready> {
        let mark = self.ledger.mark();
        let mut all = self.components(need, components, from, without)?;
        if all.day > from {
            self.ledger.undo(mark);
            let wanted = all.day;
            let Some(again) = self.components(need, components, wanted, without) else {
                self.ledger.undo(mark);
                return None;
            };
            // What waits is explained by the first look, what is taken by the second.
            let waits = all.draws.into_iter().filter(|draw| draw.day == wanted);
            let rest = again.draws.into_iter();
            let mut draws: Vec<Draw> = waits.collect();
            draws.extend(rest.filter(|draw| !draws.iter().any(|one| one.sku == draw.sku)).collect::<Vec<_>>());
            all = Ready { day: again.day, draws };
        }
        Some(all)
    }

    fn components(&mut self, need: Need<'_>, components: &[Component], from: Day, without: Without) -> Option<Ready> {
        let mark = self.ledger.mark();
        let mut all = Ready { day: from, draws: Vec::new() };
        for component in components {
            let quantity = component.needed(need.quantity);
            let level = need.level.saturating_add(1);
            let part = Need { sku: &component.sku, quantity, from, level, ..need };
            let Some(ready) = self.ready(part, without) else {
                self.ledger.undo(mark);
                return None;
            };
            all.day = all.day.max(ready.day);
            all.draws.extend(ready.draws);
        }
        Some(all)
    }
}

pub(super) fn single(need: Need<'_>, day: Day, from: Origin) -> Ready {
    let (sku, location) = (need.sku.clone(), need.location.clone());
    Ready { day, draws: vec![Draw { sku, location, quantity: need.quantity, day, from }] }
}

/// Days as counted, or one less. Checked facts have none below zero.
pub(super) fn less(days: i32, one_less: bool) -> u32 {
    u32::try_from(days.saturating_sub(i32::from(one_less))).unwrap_or(0)
}
