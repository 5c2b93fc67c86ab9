//! The warehouse location problems in `data/orlib`, as problems of the optimizer. See the README there.

use std::path::Path;

use oms_core::optimizer::{Arc, Line, Location, Problem};

/// Money is counted in these parts: every cost per unit of the files is a multiple of one.
pub const PARTS: i64 = 80;
/// Thousandths in a part times two: the published optima have three decimals, cut.
const HALF_THOUSANDTHS: i64 = 25;
/// Costs in the files have five decimals.
const DECIMALS: i64 = 100_000;
/// More than any unit costs, so that nobody goes without.
const PENALTY: u64 = 100_000;

/// An instance and its published optima, in thousandths.
#[derive(Debug)]
pub struct Instance {
    /// As the file is called.
    pub name: String,
    /// Every warehouse can ship everything.
    pub uncapacitated: Problem,
    /// The published optimum of that.
    pub uncapacitated_optimum: i64,
    /// Warehouses have their capacity, where that was published.
    pub capacitated: Option<(Problem, i64)>,
}

/// Whether a cost in parts is the optimum as published.
pub fn is_optimum(cost: i64, thousandths: i64) -> bool {
    let exact = cost * HALF_THOUSANDTHS / 2;
    (exact - thousandths).abs() <= 1
}

/// Reads all instances.
pub fn load() -> Vec<Instance> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join("orlib");
    let optima = std::fs::read_to_string(folder.join("OPTIMA.csv")).expect("the optima are in the repository");
    let read = |row: &str| {
        let [name, free, limited]: [&str; 3] = row.split(',').collect::<Vec<_>>().try_into().expect("three columns");
        let text = std::fs::read_to_string(folder.join(format!("{name}.txt"))).expect("the instance is there");
        let capacitated = problem(&text);
        let mut uncapacitated = capacitated.clone();
        uncapacitated.locations.iter_mut().for_each(|location| location.capacity = None);
        Instance {
            name: name.to_owned(),
            uncapacitated,
            uncapacitated_optimum: decimal(free, 1_000),
            capacitated: (!limited.is_empty()).then(|| (capacitated, decimal(limited, 1_000))),
        }
    };
    optima.lines().skip(1).map(read).collect()
}

fn problem(text: &str) -> Problem {
    let mut numbers = text.split_whitespace();
    let mut next = |parts: i64| decimal(numbers.next().expect("the file is whole"), parts);
    let (warehouses, customers) = (next(1), next(1));
    let mut problem = Problem::default();
    for _ in 0..warehouses {
        let capacity = u64::try_from(next(1)).ok();
        let open_cost = u64::try_from(next(PARTS)).expect("a cost");
        problem.locations.push(Location { open_cost, capacity });
    }
    for line in 0..u32::try_from(customers).expect("few") {
        let demand = next(1);
        problem.lines.push(Line { demand: demand.unsigned_abs(), penalty: PENALTY, value: 0 });
        for location in 0..u32::try_from(warehouses).expect("few") {
            let all = next(DECIMALS) * PARTS;
            assert_eq!(all % (DECIMALS * demand), 0, "a cost per unit is a multiple of 1/80");
            problem.arcs.push(Arc(line, location, all / (DECIMALS * demand), demand.unsigned_abs()));
        }
    }
    problem
}

/// A decimal fraction in parts; `parts` is at most a hundred thousand.
fn decimal(text: &str, parts: i64) -> i64 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let fraction: i64 = format!("{fraction:0<5}").parse().expect("digits");
    let whole: i64 = if whole.is_empty() { 0 } else { whole.parse().expect("digits") };
    whole * parts + fraction * parts / DECIMALS
}
