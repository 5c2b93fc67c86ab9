//! Backorders: whose are served first, and what each of them is to get.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use oms_core::promise::{BackorderRule, Backorders, MAX_BACKORDER_RULES, MAX_RULE_NAMES, Step, Strategy};
use oms_core::stock::{Page, Turn, turns};
use oms_core::value::{Day, OrderId, Quantity, Sku, Timestamp};
use serde::{Deserialize, Serialize};

use crate::decode::{self, Object};
use crate::fault::{Faults, Wire};
use crate::problem::Problem;
use crate::show::Shown;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct Body {
    rules: Vec<Object<RuleBody>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct RuleBody {
    #[serde(default)]
    channels: Vec<String>,
    #[serde(default)]
    customer_classes: Vec<String>,
    strategy: String,
}

const STRATEGIES: &[(&str, Strategy)] = &[
    ("win", Strategy::Win),
    ("gain", Strategy::Gain),
    ("improve", Strategy::Improve),
    ("redistribute", Strategy::Redistribute),
    ("fill", Strategy::Fill),
    ("lose", Strategy::Lose),
];

/// Reads the body of `PUT /v1/backorder-policy`.
///
/// # Errors
/// The problem with every fault of the body.
pub fn put(bytes: &[u8]) -> Result<Backorders, Problem> {
    let body: Body = decode::body(bytes)?;
    let mut faults = Faults::new();
    if body.rules.len() > MAX_BACKORDER_RULES {
        faults.add("/rules", "too_many", format!("at most {MAX_BACKORDER_RULES} rules are taken"));
    }
    let rules: Vec<Option<BackorderRule>> = (0..MAX_BACKORDER_RULES)
        .zip(&body.rules)
        .map(|(index, rule)| {
            let base = format!("/rules/{index}");
            let channels = names(&mut faults, &base, "channels", &rule.channels);
            let customer_classes = names(&mut faults, &base, "customer_classes", &rule.customer_classes);
            let strategy = faults.choose(&base, "strategy", &rule.strategy, STRATEGIES)?;
            Some(BackorderRule { channels, customer_classes, strategy })
        })
        .collect();
    faults.finish(|| Some(Backorders { version: 0, rules: rules.into_iter().collect::<Option<_>>()? }))
}

fn names<T: Wire>(faults: &mut Faults, base: &str, member: &str, texts: &[String]) -> Vec<T> {
    if texts.len() > MAX_RULE_NAMES {
        faults.add(format!("{base}/{member}"), "too_many", format!("at most {MAX_RULE_NAMES} names are taken"));
    }
    let base = format!("{base}/{member}");
    let named = texts.iter().take(MAX_RULE_NAMES).enumerate();
    named.filter_map(|(at, text)| faults.read(&base, &at.to_string(), text)).collect()
}

/// Orders that wait for some SKUs, first served first.
#[derive(Debug, Serialize)]
pub struct BackordersView<'a> {
    data: Vec<WaitingView<'a>>,
    as_of: Shown<Timestamp>,
}

#[derive(Debug, Serialize)]
struct WaitingView<'a> {
    sku: &'a Sku,
    order_id: OrderId,
    quantity: Shown<Quantity>,
    strategy: Strategy,
    earlier: Vec<StepView>,
    promised: Vec<StepView>,
    short: Shown<Quantity>,
}

/// So much from a day on.
#[derive(Debug, Serialize)]
struct StepView {
    date: Day,
    quantity: Shown<Quantity>,
}

impl<'a> BackordersView<'a> {
    /// Everybody who waits for these, by the rules in force.
    pub fn new(pages: &'a [(Sku, Page)], rules: &Backorders, as_of: Timestamp) -> Self {
        let today = Day::of_utc(as_of);
        let of_page =
            |(sku, page): &'a (Sku, Page)| turns(page, rules, today).into_iter().map(move |turn| waiting(sku, &turn));
        Self { data: pages.iter().flat_map(of_page).collect(), as_of: Shown(as_of) }
    }
}

fn waiting<'a>(sku: &'a Sku, turn: &Turn) -> WaitingView<'a> {
    let promised: Quantity = turn.steps.iter().map(|step| step.quantity).sum();
    WaitingView {
        sku,
        order_id: turn.order,
        quantity: Shown(turn.quantity),
        strategy: turn.strategy,
        earlier: steps(&turn.earlier),
        promised: steps(&turn.steps),
        short: Shown(turn.quantity.saturating_sub(promised)),
    }
}

fn steps(steps: &[Step]) -> Vec<StepView> {
    steps.iter().map(|step| StepView { date: step.day, quantity: Shown(step.quantity) }).collect()
}
