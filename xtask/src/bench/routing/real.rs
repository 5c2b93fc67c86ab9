//! Invoices of a real wholesaler, as orders to route: lines and quantities are real, so are the towns; who stocks what, weights and
//! tariffs are made up.

use oms_core::optimizer::{Arc, Line, Location, Problem};

use super::family::{self, Place};
use crate::Outcome;
use crate::retail::{self, Cities, City, Kind, spread};

/// Locations of the networks.
pub const NETWORKS: [usize; 3] = [20, 50, 200];
/// Lines of the longest invoice that counts.
pub const MOST_LINES: usize = 20;
/// A location stocks a SKU with this probability, in percent.
const STOCKED: u64 = 25;

/// Invoices of so many lines at least, spread over the whole year.
pub fn invoices(least_lines: usize, count: usize) -> Outcome<Vec<retail::Invoice>> {
    let counts = |invoice: &retail::Invoice| {
        invoice.kind == Kind::Sale && (least_lines..=MOST_LINES).contains(&invoice.lines.len())
    };
    let sales: Vec<_> = retail::load()?.invoices.into_iter().filter(counts).collect();
    let every = (sales.len() / count).max(1);
    Ok(sales.into_iter().step_by(every).take(count).collect())
}

/// Invoices routed over the largest towns.
pub fn problems(size: usize, count: usize) -> Outcome<Vec<Problem>> {
    let cities = Cities::load()?;
    let towns = cities.largest(size);
    Ok(invoices(1, count)?.iter().map(|invoice| problem(invoice, &towns, &cities)).collect())
}

/// How much of a SKU there is in a town, where it is stocked.
pub fn stocked(sku: &str, town: &City) -> Option<u64> {
    let chance = spread(&format!("{sku} at {}", town.name));
    (chance % 100 < STOCKED).then(|| 2 + (chance >> 8) % 60)
}

fn problem(invoice: &retail::Invoice, towns: &[&City], cities: &Cities) -> Problem {
    let customer = place(cities.of(invoice.customer.as_deref().unwrap_or(&invoice.number)));
    let line = |line: &retail::Line| Line { demand: line.quantity, penalty: 300 + line.pence, value: line.pence };
    let mut problem = Problem { lines: invoice.lines.iter().map(line).collect(), ..Problem::default() };
    for (location, town) in (0..).zip(towns) {
        let zone = family::zone(family::miles(place(town), customer));
        problem.locations.push(Location { open_cost: 350 + 90 * zone + spread(&town.name) % 100, capacity: None });
        for (number, line) in (0..).zip(&invoice.lines) {
            if let Some(there) = stocked(&line.sku, town) {
                let grams = 50 + spread(&line.sku) % 1_500;
                let cost = grams * (2 + zone) / 150;
                problem.arcs.push(Arc(number, location, cost.cast_signed(), there));
            }
        }
    }
    problem
}

fn place(city: &City) -> Place {
    ((city.latitude * 10_000.0) as i64, (city.longitude * 10_000.0) as i64)
}
