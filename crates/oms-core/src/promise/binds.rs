//! What binds a promise: each constraint is thought away in turn, and what would come of it is compared.

use alloc::vec::Vec;

use super::ready::{Without, World};
use super::request::{Bind, Choice, Constraint, Draw, Origin};
use super::ways::{Way, Wish};
use crate::sorting;
use crate::value::Day;

const ALL: [Without; 9] = [
    Without::Supply,
    Without::LeadTime,
    Without::Capacity,
    Without::Allocation,
    Without::Cutoff,
    Without::Calendar,
    Without::Processing,
    Without::TransitCalendar,
    Without::Transit,
];

/// What binds a way, the heaviest first: with which it would be there sooner, or be had at all. A split is judged by the
/// supply of its last part.
pub(super) fn of(world: &mut World<'_>, way: Option<Way<'_>>, wish: Wish<'_>, promised: Option<&Choice>) -> Vec<Bind> {
    // Whoever gets it when he wants it is bound by nothing.
    if promised.is_some_and(|choice| wish.wanted.is_some_and(|wanted| choice.deliver <= wanted)) {
        return Vec::new();
    }
    let Some(way) = way else { return promised.map(of_split).unwrap_or_default() };
    let mut binds = Vec::new();
    for without in ALL {
        let Some(freed) = world.try_out(way, wish, without) else { continue };
        let days = promised.map(|choice| choice.deliver.days_since(freed.deliver));
        if days.is_none_or(|days| days > 0) {
            binds.extend(named(world, way, wish, without, promised).map(|constraint| Bind { constraint, days }));
        }
    }
    sorting::sort_by_key(&mut binds, |bind| core::cmp::Reverse(bind.days));
    binds
}

fn of_split(choice: &Choice) -> Vec<Bind> {
    let last = choice.parts.iter().max_by_key(|part| part.schedule.deliver);
    let first = choice.parts.iter().map(|part| part.schedule.deliver).min();
    let days = last.zip(first).map(|(last, first)| last.schedule.deliver.days_since(first));
    let draw = last.and_then(|part| part.draws.last()).filter(|_| days.is_some_and(|days| days > 0));
    draw.map(|draw| Bind { constraint: Constraint::Supply { last: Some(draw.clone()) }, days }).into_iter().collect()
}

fn named(
    world: &World<'_>,
    way: Way<'_>,
    wish: Wish<'_>,
    without: Without,
    promised: Option<&Choice>,
) -> Option<Constraint> {
    let facts = world.facts;
    let location = way.lane.location.clone();
    let node = facts.locations.get(&location)?;
    Some(match without {
        Without::Nothing => return None,
        Without::Supply => Constraint::Supply { last: promised.and_then(last_draw) },
        Without::LeadTime => Constraint::LeadTime,
        Without::Capacity => Constraint::Capacity { resource: promised.and_then(resource) },
        Without::Allocation => Constraint::Allocation { class: wish.ask.class.clone() },
        Without::Cutoff => {
            let missed = world.calendar_at(&location).map(|calendar| calendar.cutoff(calendar.day(world.placed)))?;
            Constraint::Cutoff { location, missed }
        }
        Without::Calendar => Constraint::Calendar { calendar: node.calendar.clone() },
        Without::Processing => Constraint::Processing { location, days: node.processing_days },
        Without::Transit => {
            Constraint::Transit { location, service: way.lane.service.clone(), days: way.lane.max_days }
        }
        Without::TransitCalendar => Constraint::TransitCalendar { calendar: way.lane.calendar.clone() },
    })
}

/// The draw everything waits for.
fn last_draw(choice: &Choice) -> Option<Draw> {
    let draws = choice.parts.iter().flat_map(|part| &part.draws);
    let waits = |draw: &&Draw| !matches!(draw.from, Origin::Stock | Origin::Infinite | Origin::Made { .. });
    draws.filter(waits).max_by_key(|draw| draw.day).cloned()
}

/// The resource whose work ends last.
fn resource(choice: &Choice) -> Option<super::ResourceId> {
    let draws = choice.parts.iter().flat_map(|part| &part.draws);
    let works = draws.filter_map(|draw| match &draw.from {
        Origin::Made { finish, resource, .. } => Some((*finish, resource.clone()?)),
        Origin::Stock | Origin::Inbound(_) | Origin::Freed | Origin::Fence | Origin::Infinite | Origin::LeadTime => {
            None
        }
    });
    works.max_by_key(|(finish, _): &(Day, _)| *finish).map(|(_, resource)| resource)
}
