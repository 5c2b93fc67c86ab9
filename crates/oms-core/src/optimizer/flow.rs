//! What a set of open locations saves when their room is tight: a flow of least cost.
//!
//! Every line first takes its best units as if room were free. Then each unit that is too many at a location leaves by the
//! cheapest chain: another line gives up its unit there and takes one elsewhere, or goes back-ordered. Successive shortest
//! paths keep a flow optimal for what it ships (Ahuja, Magnanti and Orlin 1993, chapter 9), so what comes out is the optimum.

use alloc::vec::Vec;

use super::net::Net;
use super::num::{Int, Meter, Row, ZERO, index};

/// Worse than any chain.
const NEVER: Int = core::num::Wrapping(-(1 << 61));

/// Lines against open locations, as dense rows: both are few.
#[derive(Debug, Default)]
pub(super) struct Flow {
    sites: Vec<u32>,
    cells: Vec<Cell>,
    columns: Vec<Column>,
    rows: Vec<Line>,
    /// What the set saves, its open costs paid.
    pub(super) saved: Int,
}

/// What a location ships of a line.
#[derive(Clone, Copy, Debug, Default)]
struct Cell {
    save: Int,
    cap: Int,
    units: Int,
}

#[derive(Clone, Copy, Debug, Default)]
struct Column {
    room: Int,
    used: Int,
    /// The best chain that gets a unit here, and the line that brings it.
    best: Int,
    from: u32,
}

#[derive(Clone, Copy, Debug, Default)]
struct Line {
    left: Int,
    best: Int,
    from: u32,
}

impl Flow {
    /// Serves the lines from these locations, as well as can be.
    pub(super) fn open(&mut self, net: &Net, sites: impl Iterator<Item = u32>, meter: &mut Meter) {
        self.load(net, sites);
        self.take_best(meter);
        for column in 0..index(self.columns.len()) {
            self.relieve(column, meter);
        }
    }

    /// The same flow, in memory that is there already.
    pub(super) fn copy(&mut self, other: &Self) {
        self.sites.clone_from(&other.sites);
        self.cells.clone_from(&other.cells);
        self.columns.clone_from(&other.columns);
        self.rows.clone_from(&other.rows);
        self.saved = other.saved;
    }

    /// Closes a location: what it ships goes elsewhere, as well as can be.
    pub(super) fn close(&mut self, net: &Net, site: u32, meter: &mut Meter) {
        let Some((at, _)) = (0..).zip(&self.sites).find(|(_, other)| **other == site) else { return };
        self.saved += net.site(site).cost;
        self.columns.edit(at, |column| Column { room: ZERO, ..column });
        self.relieve(at, meter);
        let width = self.columns.len().max(1);
        for cell in self.cells.iter_mut().skip(at as usize).step_by(width) {
            cell.cap = ZERO;
        }
    }

    /// Moves what is too many at a location elsewhere.
    fn relieve(&mut self, column: u32, meter: &mut Meter) {
        while let Some(too_many) = self.too_many(column) {
            self.chains(column, meter);
            if !self.shift(column, too_many) {
                return;
            }
        }
    }

    fn load(&mut self, net: &Net, sites: impl Iterator<Item = u32>) {
        self.sites.clear();
        self.sites.extend(sites);
        self.columns.clear();
        self.rows.clear();
        self.rows.extend(net.lines.iter().map(|line| Line { left: line.demand, ..Line::default() }));
        self.cells.clear();
        self.cells.resize(self.sites.len().saturating_mul(net.lines.len()), Cell::default());
        self.saved = ZERO;
        for (column, number) in (0..).zip(&self.sites) {
            let site = net.site(*number);
            self.saved -= site.cost;
            self.columns.push(Column { room: site.room, ..Column::default() });
            for offer in net.offers_of(&site) {
                let place = place(self.sites.len(), offer.of, column);
                self.cells.put(place, Cell { save: offer.save, cap: offer.cap, units: ZERO });
            }
        }
    }

    /// Every line takes its best units, room or not.
    fn take_best(&mut self, meter: &mut Meter) {
        let width = self.columns.len().max(1);
        for (cells, row) in self.cells.chunks_mut(width).zip(&mut self.rows) {
            while row.left > ZERO {
                meter.scan(width);
                let free = cells.iter_mut().zip(&mut self.columns).filter(|(cell, _)| cell.units < cell.cap);
                // The last of equals would win otherwise: the first location is the preferred one.
                let Some((cell, column)) = free.rev().max_by_key(|(cell, _)| cell.save) else { break };
                let units = cell.cap.min(row.left);
                cell.units = units;
                column.used += units;
                row.left -= units;
                self.saved += cell.save * units;
                if units < cell.cap {
                    break;
                }
            }
        }
    }

    fn too_many(&self, column: u32) -> Option<Int> {
        let column = self.columns.at(column);
        (column.used > column.room).then(|| column.used - column.room)
    }

    /// The best chain by which a unit leaves `source`, to every line and location.
    fn chains(&mut self, source: u32, meter: &mut Meter) {
        self.columns.iter_mut().for_each(|column| column.best = NEVER);
        self.rows.iter_mut().for_each(|row| row.best = NEVER);
        if let Some(column) = self.columns.get_mut(source as usize) {
            column.best = ZERO;
        }
        let width = self.columns.len().max(1);
        // A best chain visits no location twice.
        for _ in 0..=width {
            let mut better = false;
            for (cells, row) in self.cells.chunks(width).zip(&mut self.rows) {
                for ((cell, column), number) in cells.iter().zip(&self.columns).zip(0..) {
                    if cell.units > ZERO && column.best > NEVER && column.best - cell.save > row.best {
                        (row.best, row.from) = (column.best - cell.save, number);
                        better = true;
                    }
                }
            }
            for ((cells, row), number) in self.cells.chunks(width).zip(&self.rows).zip(0..) {
                if row.best == NEVER {
                    continue;
                }
                for (cell, column) in cells.iter().zip(&mut self.columns) {
                    if cell.units < cell.cap && row.best + cell.save > column.best {
                        (column.best, column.from) = (row.best + cell.save, number);
                        better = true;
                    }
                }
            }
            meter.scan(self.cells.len().wrapping_mul(2));
            if !better {
                break;
            }
        }
    }

    /// Moves as many units as the best chain carries, at most `most`; whether there was one.
    fn shift(&mut self, source: u32, most: Int) -> bool {
        let row = (0..).zip(&self.rows).max_by_key(|(_, row)| row.best).map(|(number, row)| (row.best, number));
        let spare = (0..).zip(&self.columns).filter(|(_, column)| column.used < column.room);
        let column = spare.max_by_key(|(_, column)| column.best).map(|(number, column)| (column.best, number));
        let (Some((by_row, row)), by_column) = (row, column.map_or(NEVER, |(best, _)| best)) else { return false };
        if by_row.max(by_column) == NEVER {
            return false;
        }
        let end = column.filter(|_| by_column >= by_row).map(|(_, number)| number);
        let units = self.walk(source, end, row, most, false);
        if units <= ZERO {
            return false;
        }
        self.walk(source, end, row, units, true);
        self.saved += by_row.max(by_column) * units;
        true
    }

    /// Goes a chain from its end back to the source: at the location `end`, or with a back-ordered unit of `row`.
    /// Tells how many units it can carry, and moves `most` when told to.
    fn walk(&mut self, source: u32, end: Option<u32>, row: u32, most: Int, move_them: bool) -> Int {
        let width = self.columns.len();
        let (mut units, mut row, mut end) = (most, row, end);
        match end.and_then(|end| self.columns.get_mut(end as usize)) {
            Some(column) if move_them => column.used += most,
            Some(column) => units = units.min(column.room - column.used),
            None if move_them => {
                self.rows.edit(row, |line| Line { left: line.left + most, ..line });
            }
            None => {}
        }
        for _ in 0..=width {
            if let Some(column) = end {
                row = self.columns.at(column).from;
                let Some(cell) = self.cells.get_mut(place(width, row, column) as usize) else { return ZERO };
                if move_them {
                    cell.units += most;
                } else {
                    units = units.min(cell.cap - cell.units);
                }
            }
            let column = self.rows.at(row).from;
            let Some(cell) = self.cells.get_mut(place(width, row, column) as usize) else { return ZERO };
            if move_them {
                cell.units -= most;
            } else {
                units = units.min(cell.units);
            }
            if column == source {
                break;
            }
            end = Some(column);
        }
        if let Some(column) = self.columns.get_mut(source as usize).filter(|_| move_them) {
            column.used -= most;
        }
        units
    }

    /// What a unit less of each line would be worth, as the flow stands: at most zero, by complementary slackness.
    pub(super) fn value_lines(&mut self, meter: &mut Meter) {
        self.columns.iter_mut().for_each(|column| column.best = ZERO);
        self.rows.iter_mut().for_each(|row| row.best = if row.left > ZERO { ZERO } else { NEVER });
        let width = self.columns.len().max(1);
        for _ in 0..=width {
            let mut better = false;
            for (cells, row) in self.cells.chunks(width).zip(&mut self.rows) {
                for (cell, column) in cells.iter().zip(&mut self.columns) {
                    if cell.units > ZERO && column.best - cell.save > row.best {
                        row.best = column.best - cell.save;
                        better = true;
                    }
                }
            }
            for (cells, row) in self.cells.chunks(width).zip(&self.rows).filter(|(_, row)| row.best > NEVER) {
                for (cell, column) in cells.iter().zip(&mut self.columns) {
                    let is_full = column.used >= column.room;
                    if is_full && cell.units < cell.cap && cell.save + row.best > column.best {
                        column.best = cell.save + row.best;
                        better = true;
                    }
                }
            }
            meter.scan(self.cells.len().wrapping_mul(2));
            if !better {
                break;
            }
        }
    }

    /// Never less than what one more location would save, its open cost paid. Asks for [`Self::value_lines`] first.
    pub(super) fn more_at_most(&self, net: &Net, number: u32, meter: &mut Meter) -> Int {
        let site = net.site(number);
        let offers = net.offers_of(&site);
        meter.scan(offers.len());
        let worth = offers.iter().map(|offer| (offer.save + self.rows.at(offer.of).best, offer.cap));
        let mut worth: Vec<(Int, Int)> = worth.filter(|(each, _)| *each > ZERO).collect();
        worth.sort_unstable_by(|a, b| b.cmp(a));
        let (mut saved, mut room) = (ZERO - site.cost, site.room);
        for (each, cap) in worth {
            let units = cap.min(room);
            saved += each * units;
            room -= units;
        }
        saved
    }

    /// `(line, location, units)` of what is shipped, locations by their place in the net.
    pub(super) fn flows(&self) -> impl Iterator<Item = (u32, u32, Int)> + '_ {
        let width = self.columns.len().max(1);
        (0..).zip(self.cells.chunks(width)).flat_map(|(line, cells)| {
            let shipped = cells.iter().zip(&self.sites).filter(|(cell, _)| cell.units > ZERO);
            shipped.map(move |(cell, site)| (line, *site, cell.units))
        })
    }

    /// What each location's shipment is worth, in minor units.
    pub(super) fn shipped_values<'a>(&'a self, net: &'a Net) -> impl Iterator<Item = Int> + 'a {
        let width = self.columns.len();
        (0..index(width)).map(move |column| {
            let cells = self.cells.iter().skip(column as usize).step_by(width.max(1));
            cells.zip(&net.lines).map(|(cell, line)| cell.units * line.value).sum()
        })
    }
}

fn place(width: usize, row: u32, column: u32) -> u32 {
    index(width).wrapping_mul(row).wrapping_add(column)
}
