//! Invoices of a real wholesaler, as orders to route: lines and quantities are real, so are the towns; who stocks what, weights and
//! tariffs are made up.

use oms_core::optimizer::{Arc, Line, Location, Problem};

use super::family::{self, Place};
use crate::Outcome;
use crate::retail::{self, Cities, City, Kind, spread};

/// Locations of the networks.
pub const NETWORKS: [usize; 3] = [20, 50, 200];
/// Lines of the longest invoice that counts.
const MOST_LINES: usize = 20;
/// A location stocks a SKU with this probability, in percent.
const STOCKED: u64 = 25;

/// Invoices spread over the whole year, routed over the largest towns.
pub fn problems(size: usize, count: usize) -> Outcome<Vec<Problem>> {
    let (retail, cities) = (retail::load()?, Cities::load()?);
    let towns = cities.largest(size);
    let sales =
        retail.invoices.iter().filter(|invoice| invoice.kind == Kind::Sale && invoice.lines.len() <= MOST_LINES);
    let sales: Vec<_> = sales.collect();
    let every = (sales.len() / count).max(1);
    Ok(sales.into_iter().step_by(every).take(count).map(|invoice| problem(invoice, &towns, &cities)).collect())
}

fn problem(invoice: &retail::Invoice, towns: &[&City], cities: &Cities) -> Problem {
    let customer = place(cities.of(invoice.customer.as_deref().unwrap_or(&invoice.number)));
    let line = |line: &retail::Line| Line { demand: line.quantity, penalty: 300 + line.pence, value: line.pence };
    let mut problem = Problem { lines: invoice.lines.iter().map(line).collect(), ..Problem::default() };
    for (location, town) in (0..).zip(towns) {
        let zone = family::zone(family::miles(place(town), customer));
        problem.locations.push(Location { open_cost: 350 + 90 * zone + spread(&town.name) % 100, capacity: None });
        for (number, line) in (0..).zip(&invoice.lines) {
            let chance = spread(&format!("{} at {}", line.sku, town.name));
            if chance % 100 < STOCKED {
                let grams = 50 + spread(&line.sku) % 1_500;
                let cost = grams * (2 + zone) / 150;
                problem.arcs.push(Arc(number, location, cost.cast_signed(), 2 + (chance >> 8) % 60));
            }
        }
    }
    problem
}

fn place(city: &City) -> Place {
    ((city.latitude * 10_000.0) as i64, (city.longitude * 10_000.0) as i64)
}
