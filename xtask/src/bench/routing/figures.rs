//! What was measured, and what was promised of it.

use serde::Serialize;

use super::highs;
use super::ours::Solved;
use super::standing::Standing;
use crate::ui;

#[derive(Default, Serialize)]
pub struct Figures {
    pub orders: Option<Versus>,
    pub budget: Option<Budget>,
    pub rules: Vec<Rule>,
    pub published: Vec<Published>,
    pub trade: Option<Budget>,
    pub real: Vec<Versus>,
    pub standing: Vec<Standing>,
    pub targets: Vec<Target>,
}

/// Both solvers on the same problems.
#[derive(Serialize)]
pub struct Versus {
    pub problems: usize,
    pub proven: usize,
    /// Proven by the multipliers alone, without branch and bound.
    pub at_root: usize,
    pub mismatches: usize,
    /// Problems that HiGHS did not finish in a minute.
    pub unfinished: usize,
    pub ours: Quantiles,
    pub theirs: Quantiles,
    /// The median of how many times longer HiGHS takes on the same problem.
    pub median_ratio: f64,
    /// How many times longer HiGHS takes for all of them.
    pub total_ratio: f64,
}

/// Milliseconds.
#[derive(Clone, Copy, Serialize)]
pub struct Quantiles {
    pub p50: f64,
    pub p99: f64,
    pub most: f64,
    pub total: f64,
}

#[derive(Serialize)]
pub struct Budget {
    pub problems: usize,
    pub proven: usize,
    pub work: u64,
    /// Percent of the cost: the median and the largest certified gap.
    pub median_gap: f64,
    pub largest_gap: f64,
    pub ours: Quantiles,
    /// Problems where a simple rule is cheaper.
    pub beaten: usize,
}

#[derive(Serialize)]
pub struct Rule {
    pub name: &'static str,
    /// Percent that all plans of the rule together cost more.
    pub more: f64,
}

#[derive(Serialize)]
pub struct Published {
    pub name: String,
    pub kind: &'static str,
    pub equal: bool,
    pub proven: bool,
    pub millis: f64,
}

#[derive(Serialize)]
pub struct Target {
    pub profile: &'static str,
    pub native_micros: f64,
    pub wasm_micros: f64,
    pub same_bits: bool,
}

impl Quantiles {
    pub fn of(mut millis: Vec<f64>) -> Self {
        millis.sort_by(f64::total_cmp);
        let at = |share: usize| millis[(millis.len() - 1) * share / 100];
        Self { p50: at(50), p99: at(99), most: at(100), total: millis.iter().sum() }
    }
}

impl Versus {
    pub fn of(ours: &[Solved], theirs: &[highs::Solved]) -> Self {
        let pairs = || ours.iter().zip(theirs);
        let finished = || pairs().filter(|(_, theirs)| theirs.optimal);
        let of_ours = Quantiles::of(ours.iter().map(Solved::millis).collect());
        let of_theirs = Quantiles::of(theirs.iter().map(|theirs| theirs.seconds * 1_000.0).collect());
        let ratios = pairs().map(|(ours, theirs)| theirs.seconds * 1_000.0 / ours.millis()).collect();
        Self {
            problems: ours.len(),
            proven: ours.iter().filter(|ours| ours.proven).count(),
            at_root: ours.iter().filter(|ours| ours.root_bound == ours.cost).count(),
            mismatches: finished().filter(|(ours, theirs)| ours.proven && ours.cost != theirs.cost).count(),
            unfinished: theirs.iter().filter(|theirs| !theirs.optimal).count(),
            ours: of_ours,
            theirs: of_theirs,
            median_ratio: Quantiles::of(ratios).p50,
            total_ratio: of_theirs.total / of_ours.total,
        }
    }

    pub fn show(&self) {
        let row = |name: &str, of: Quantiles, proven: usize| {
            let millis = |millis: f64| format!("{millis:.3}");
            let share = format!("{:.2} %", proven as f64 * 100.0 / self.problems as f64);
            vec![name.to_owned(), share, millis(of.p50), millis(of.p99), millis(of.most), millis(of.total)]
        };
        ui::table(
            &["solver", "proven", "p50 ms", "p99 ms", "most ms", "total ms"],
            &[row("ours", self.ours, self.proven), row("HiGHS", self.theirs, self.problems - self.unfinished)],
        );
        println!(
            "  {} problems, {} cost mismatches, {} proven by the multipliers alone; HiGHS takes {:.0} times as long in the median, {:.0} times in total",
            self.problems, self.mismatches, self.at_root, self.median_ratio, self.total_ratio
        );
    }
}

impl Figures {
    /// Prints what was promised and whether it is kept.
    pub fn promises(&self) -> bool {
        let mut rows: Vec<(&str, String, bool)> = Vec::new();
        if let Some(orders) = &self.orders {
            rows.push((
                "orders: all proven",
                format!("{} of {}", orders.proven, orders.problems),
                orders.proven == orders.problems,
            ));
            rows.push(("orders: no mismatch with HiGHS", orders.mismatches.to_string(), orders.mismatches == 0));
            rows.push((
                "orders: median ratio at least 80",
                format!("{:.0}", orders.median_ratio),
                orders.median_ratio >= 80.0,
            ));
            rows.push((
                "orders: total ratio at least 80",
                format!("{:.0}", orders.total_ratio),
                orders.total_ratio >= 80.0,
            ));
            rows.push(("orders: p99 at most 2.5 ms", format!("{:.2} ms", orders.ours.p99), orders.ours.p99 <= 2.5));
        }
        if let Some(budget) = &self.budget {
            let share = budget.proven as f64 * 100.0 / budget.problems as f64;
            rows.push(("300,000 units: at least 95 % proven", format!("{share:.1} %"), share >= 95.0));
            rows.push(("300,000 units: no rule is cheaper", budget.beaten.to_string(), budget.beaten == 0));
        }
        if !self.published.is_empty() {
            let equal = self.published.iter().filter(|published| published.equal && published.proven).count();
            rows.push((
                "OR-Library: optima found and proven",
                format!("{equal} of {}", self.published.len()),
                equal == self.published.len(),
            ));
        }
        if let Some(trade) = &self.trade {
            rows.push((
                "trade orders: median gap at most 2 %",
                format!("{:.2} %", trade.median_gap),
                trade.median_gap <= 2.0,
            ));
            rows.push(("trade orders: p50 at most 25 ms", format!("{:.1} ms", trade.ours.p50), trade.ours.p50 <= 25.0));
        }
        for target in self.targets.iter().filter(|target| target.profile == "bench") {
            let ratio = target.wasm_micros / target.native_micros;
            rows.push((
                "WebAssembly: at most 1.6 times, same bits",
                format!("{ratio:.2}, profile {}", target.profile),
                ratio <= 1.6 && target.same_bits,
            ));
        }
        ui::heading("Promises");
        let cells = |(what, found, kept): &(&str, String, bool)| {
            vec![(*what).to_owned(), found.clone(), if *kept { "kept" } else { "NOT KEPT" }.to_owned()]
        };
        ui::table(&["promise", "found", "verdict"], &rows.iter().map(cells).collect::<Vec<_>>());
        rows.iter().all(|(.., kept)| *kept)
    }
}
