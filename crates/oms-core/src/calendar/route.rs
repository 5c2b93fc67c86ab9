//! From an order to a doorstep, and back.

use serde::{Deserialize, Serialize};

use super::Calendar;
use crate::value::{Day, Timestamp};

/// How goods leave a node and reach somebody: the node's calendar and days of processing, the carrier's calendar and
/// days on the way.
#[derive(Clone, Copy, Debug)]
pub struct Route<'a> {
    /// The node's working days and cut-off.
    pub node: &'a Calendar,
    /// Working days of the node from the day the order counts for to the day it ships.
    pub processing: u32,
    /// The days on which the carrier moves and delivers.
    pub transit: &'a Calendar,
    /// Fewest transit days.
    pub fastest: u32,
    /// Most transit days: what is promised.
    pub slowest: u32,
}

/// The dates of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// The working day on which the node begins.
    pub start: Day,
    /// The day the goods leave.
    pub ship: Day,
    /// First day of the delivery window.
    pub earliest: Day,
    /// Last day of the delivery window: the day that is promised.
    pub deliver: Day,
}

impl Route<'_> {
    /// The dates of an order placed at a moment, when its goods are there on `ready` at the latest (now, when nothing is
    /// said). `None` beyond the horizon.
    pub fn forward(&self, placed: Timestamp, ready: Option<Day>) -> Option<Schedule> {
        let counts = self.node.counts_for(placed)?;
        let start = match ready {
            Some(ready) if ready > counts => self.node.next(ready)?,
            Some(_) | None => counts,
        };
        self.starting(start)
    }

    /// The dates when the node begins on a working day.
    pub fn starting(&self, start: Day) -> Option<Schedule> {
        let ship = self.node.add(start, self.processing)?;
        let earliest = self.transit.add(ship, self.fastest)?;
        let deliver = self.transit.add(ship, self.slowest.max(self.fastest))?;
        Some(Schedule { start, ship, earliest, deliver })
    }

    /// The last day on which goods can leave to be delivered on or before a day.
    pub fn latest_ship(&self, wanted: Day) -> Option<Day> {
        let arrives = self.transit.previous(wanted)?;
        let leaves = match self.slowest.max(self.fastest).checked_sub(1) {
            None => arrives,
            // Whoever leaves on a day before the n-th last transit day is there in time.
            Some(more) => self.transit.subtract(arrives, more)?.checked_add(-1)?,
        };
        self.node.previous(leaves)
    }

    /// The last working day on which the node can begin, for a delivery on or before a day.
    pub fn latest_start(&self, wanted: Day) -> Option<Day> {
        self.node.subtract(self.latest_ship(wanted)?, self.processing)
    }

    /// The last moment at which an order makes a delivery on or before a day, with goods on the shelf. `None` when that
    /// lies before the calendars' first day.
    pub fn latest_order(&self, wanted: Day) -> Option<Timestamp> {
        self.node.latest_order(self.latest_ship(wanted)?, self.processing)
    }
}
