//! Orders to route, drawn by number: the same seed gives the same problems on every machine, in integers only.
//!
//! Places are real ZIP codes. A parcel costs by zone, as carriers price it: zones are bands of distance. What a unit costs goes by
//! its weight and the zone. Stock is sparse: a location has few of the lines.

use oms_core::optimizer::{Arc, Line, Location, Problem};

/// Sizes of the networks.
const NETWORKS: [usize; 6] = [10, 20, 50, 100, 200, 500];
/// Miles at which the next zone begins, as the zone charts of United States carriers have them.
const ZONES: [u64; 7] = [50, 150, 300, 600, 1_000, 1_400, 1_800];

/// `SplitMix64` (Steele, Lea and Flood 2014).
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From `least` to `most`, both included.
    pub fn from(&mut self, least: u64, most: u64) -> u64 {
        least + self.next() % (most - least + 1)
    }

    pub fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[(self.next() % all.len() as u64) as usize]
    }
}

/// Latitude and longitude in ten-thousandths of a degree.
pub type Place = (i64, i64);

/// Reads `zip,lat,lon` rows.
pub fn places(csv: &str) -> Vec<Place> {
    let numbers = |row: &str| -> Option<Place> {
        let mut fields = row.split(',').skip(1).map(|field| field.parse().ok());
        Some((fields.next()??, fields.next()??))
    };
    csv.lines().skip(1).filter_map(numbers).collect()
}

/// Miles between two places on a sphere taken as flat between them: good to a percent or so over a country.
pub fn miles(a: Place, b: Place) -> u64 {
    // A degree of latitude is 69 miles; one of longitude shrinks with the cosine, here 1 - x^2/2 + x^4/24 in thousandths.
    let middle = i64::midpoint(a.0, b.0);
    let x = middle * 1_745 / 1_000_000; // thousandths of a radian
    let square = x * x / 1_000;
    let cosine = 1_000 - square / 2 + square * square / 24_000;
    let (north, east) = ((a.0 - b.0) * 69, (a.1 - b.1) * 69 * cosine / 1_000);
    ((north * north + east * east) as u64).isqrt() / 10_000
}

/// From 1, the nearest.
pub fn zone(miles: u64) -> u64 {
    1 + ZONES.iter().filter(|from| miles >= **from).count() as u64
}

/// An order of a shop: up to 20 lines of mostly one unit, a network of 10 to 500 locations, and with every fourth order a
/// limit of two to four shipments.
pub fn order(random: &mut Random, number: u64, places: &[Place]) -> Problem {
    let destination = random.one_of(places);
    let size = random.one_of(&NETWORKS);
    let share = random.from(4, 25);
    let count = random.from(1, 20);
    let weights: Vec<u64> = (0..count).map(|_| random.from(2, 80)).collect();
    let lines = weights.iter().map(|_| {
        let demand = if random.from(1, 10) <= 7 { 1 } else { random.from(2, 4) };
        Line { demand, penalty: random.from(2_500, 9_000), value: 0 }
    });
    let mut problem = Problem { lines: lines.collect(), ..Problem::default() };
    for location in 0..size as u32 {
        let zone = zone(miles(random.one_of(places), destination));
        let open_cost = 420 + 65 * zone + random.from(0, 250);
        problem.locations.push(Location { open_cost, capacity: None });
        for (line, weight) in (0..).zip(&weights) {
            if random.from(1, 100) <= share {
                let cost = weight * (3 + 2 * zone) + random.from(0, 30);
                problem.arcs.push(Arc(line, location, cost as i64, random.from(1, 6)));
            }
        }
    }
    problem.max_shipments = (number % 4 == 3).then(|| random.from(2, 4) as u32);
    problem
}

/// An order of a trader: 5 to 20 lines of 10 to 80 units, 10 to 60 locations with shallow stock, and at each location room for a
/// third to two thirds of what it has.
pub fn trade_order(random: &mut Random, places: &[Place]) -> Problem {
    let destination = random.one_of(places);
    let weights: Vec<u64> = (0..random.from(5, 20)).map(|_| random.from(2, 80)).collect();
    let lines =
        weights.iter().map(|_| Line { demand: random.from(10, 80), penalty: random.from(2_500, 9_000), value: 0 });
    let mut problem = Problem { lines: lines.collect(), ..Problem::default() };
    for location in 0..random.from(10, 60) as u32 {
        let zone = zone(miles(random.one_of(places), destination));
        let open_cost = 4_500 + 700 * zone + random.from(0, 2_000);
        let mut stock = 0;
        for (line, weight) in (0..).zip(&weights) {
            if random.from(1, 100) <= 40 {
                let (cost, cap) = (weight * (3 + 2 * zone) + random.from(0, 30), random.from(5, 40));
                problem.arcs.push(Arc(line, location, cost as i64, cap));
                stock += cap;
            }
        }
        let capacity = Some(stock * random.from(33, 67) / 100);
        problem.locations.push(Location { open_cost, capacity });
    }
    problem
}

/// The locations of a family's problem are drawn in no order; nearest first is by what a parcel from them costs.
pub fn nearest(problem: &Problem) -> Vec<u32> {
    let mut order: Vec<u32> = (0..problem.locations.len() as u32).collect();
    order.sort_by_key(|site| problem.locations[*site as usize].open_cost);
    order
}
