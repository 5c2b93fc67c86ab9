//! Which location ships how much of which line, at the least cost, with a proof.
//!
//! [`solve`] answers a [`Problem`] with a plan, a bound that no plan is below, and whether the two meet. It works from both
//! sides: prices per line bound what any plan could save (`dual`, `ascent`, `steps`), the locations that the prices choose are
//! made into plans and these into better ones (`fill`, `flow`, `local`), and what the bound leaves open is searched branch by
//! branch (`tree`). It counts its work in scanned arcs, never in time, and computes in integers only: the same problem has the
//! same answer, to the bit, on every machine. The simple rules of the trade are in [`rules`]; no answer costs more than any of
//! them over the problem's own order of locations. [`check`] verifies an answer without trusting the search.
//!
//! What is absent: time, floating point, randomness, lines that wait for each other.

mod answer;
mod ascent;
mod batch;
mod check;
mod dual;
mod fill;
mod flow;
mod local;
mod net;
mod num;
mod problem;
pub mod rules;
mod search;
mod steps;
mod tree;
mod trial;

use alloc::vec::Vec;

pub use answer::{Answer, Binding, Flow, Plan};
pub use batch::{Batch, BatchRefusal, OpenOrder, Shift, Slice};
pub use check::{Fault, bound, check, check_plan};
pub use problem::{
    Arc, DEFAULT_WORK, Line, Location, MAX_ARCS, MAX_LINES, MAX_LOCATIONS, MAX_TOTAL, MAX_UNITS, Problem, Refusal,
};

use net::Net;
use num::{Int, Meter, ZERO, half_of, int};

/// Solves a problem. Whatever the limit, the plan costs no more than any of the [`rules`] over the problem's own order.
pub fn solve(problem: &Problem) -> Result<Answer, Refusal> {
    solve_from(problem, &[])
}

/// Solves a problem to which some plans are known already: the answer costs no more than any of them. Plans that are not
/// feasible for the problem are ignored.
pub fn solve_from(problem: &Problem, known: &[Plan]) -> Result<Answer, Refusal> {
    let net = Net::new(problem, problem.total()?);
    let mut found = search::run(&net, problem.work());
    let mut plan = plan(problem, &net, &found.sites, &mut found.meter);
    let lower_bound = ((net.base - found.ceiling) >> net.shift).0;
    if lower_bound < plan.cost {
        let feasible = known.iter().filter(|plan| check_plan(problem, plan).is_ok()).cloned();
        for other in feasible.chain([rules::best(problem)]) {
            plan = if other.cost < plan.cost { other } else { plan };
        }
    }
    let (multipliers, scale, root_bound) = certificate(problem, &net, &found.prices, lower_bound);
    let lower_bound = lower_bound.max(root_bound).min(plan.cost);
    Ok(Answer {
        lower_bound,
        proven: lower_bound == plan.cost,
        work: found.meter.spent,
        multipliers,
        scale,
        root_bound,
        binding: plan.binding(problem),
        cost: plan.cost,
        open: plan.open,
        flows: plan.flows,
        backordered: plan.backordered,
    })
}

/// What the open locations ship. Among flows of one cost the one found here may leave a shipment below the least value although
/// the search had found another: such a location is closed, one after the other.
fn plan(problem: &Problem, net: &Net, names: &[u32], meter: &mut Meter) -> Plan {
    let mut names = names.to_vec();
    loop {
        let plan = flows(problem, net, &names, meter);
        let Some(below) = plan.open.iter().find(|site| worth(problem, &plan, **site) < net.least) else { return plan };
        names.retain(|name| name != below);
    }
}

fn flows(problem: &Problem, net: &Net, names: &[u32], meter: &mut Meter) -> Plan {
    let sites = (0..).zip(&net.sites).filter(|(_, site)| names.contains(&site.name)).map(|(site, _)| site);
    let mut trial = trial::Trial::default();
    trial.relaxed(net, sites, meter);
    let mut flows = Vec::new();
    trial.each_flow(net, |line, site, units| {
        flows.push(Flow(line, net.site(site).name, u64::try_from(units.0).unwrap_or(0)));
    });
    Plan::of(problem, flows)
}

/// What a location's shipment is worth, in minor units.
fn worth(problem: &Problem, plan: &Plan, site: u32) -> Int {
    let shipped = plan.flows.iter().filter(|flow| flow.1 == site);
    shipped.map(|flow| problem.lines.get(flow.0 as usize).map_or(ZERO, |line| int(line.value) * int(flow.2))).sum()
}

/// The multipliers that prove the root bound, their scale, and the bound: in whole minor units unless these prove less.
fn certificate(problem: &Problem, net: &Net, prices: &[Int], lower_bound: i64) -> (Vec<i64>, u32, i64) {
    let scales = [(0, ZERO), (0, half_of(net.shift)), (net.shift, ZERO)];
    let mut best = (Vec::new(), 1, i64::MIN);
    for (bits, more) in scales {
        let coarser = net.shift.saturating_sub(bits);
        let charged = |(line, price): (&Line, &Int)| ((int(line.penalty) << bits) - ((*price + more) >> coarser)).0;
        let multipliers: Vec<i64> = problem.lines.iter().zip(prices).map(charged).collect();
        let scale = 1_u32 << bits;
        let proved = bound(problem, &multipliers, scale).ok().and_then(|bound| i64::try_from(bound).ok());
        best = match proved {
            Some(bound) if bound > best.2 => (multipliers, scale, bound),
            Some(_) | None => best,
        };
        if best.2 >= lower_bound {
            break;
        }
    }
    best
}
