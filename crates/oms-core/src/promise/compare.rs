//! What would be different.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::request::{Bind, LinePromise, Part, Promise, Request};
use super::ways::less_than;
use super::{engine, facts::Facts};
use crate::value::{Amount, Day, Delta, Invalid};

/// The same request on facts as they are and as they might be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhatIf {
    /// As things are.
    pub before: Promise,
    /// As they might be.
    pub after: Promise,
    /// The lines for which anything is different.
    pub changes: Vec<LineChange>,
}

/// What is different for a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineChange {
    /// The line.
    pub line: u32,
    /// The day it was to be there.
    pub before: Option<Day>,
    /// The day it would be there.
    pub after: Option<Day>,
    /// Days later; sooner when negative; none when one of the two is never.
    pub days: Option<i32>,
    /// What it would cost more; less when negative.
    pub cost: Amount,
    /// What would be short more; less when negative.
    pub short: Delta,
    /// Whether it would come from elsewhere, by another service, in other parts or as something else.
    pub rerouted: bool,
    /// What would bind that did not.
    pub binds: Vec<Bind>,
    /// What would bind no more.
    pub freed: Vec<Bind>,
}

/// Promises on both and tells them apart. Nothing is taken from either.
pub fn what_if(request: &Request, facts: &Facts, supposed: &Facts) -> Result<WhatIf, Invalid> {
    let before = engine::promise(request, facts)?;
    let after = engine::promise(request, supposed).map_err(|problem| problem.within("supposed"))?;
    let changes = differ(&before, &after);
    Ok(WhatIf { before, after, changes })
}

/// Tells two promises apart, line by line. Lines that only one of them has are left out.
pub fn differ(before: &Promise, after: &Promise) -> Vec<LineChange> {
    let pairs = before.lines.iter().filter_map(|was| {
        let is = after.lines.iter().find(|line| line.line == was.line)?;
        Some((was, is))
    });
    pairs.filter(|(was, is)| was.choice != is.choice || was.short != is.short).map(changed).collect()
}

fn changed((was, is): (&LinePromise, &LinePromise)) -> LineChange {
    let day = |line: &LinePromise| line.choice.as_ref().map(|choice| choice.deliver);
    let cost = |line: &LinePromise| line.choice.as_ref().map_or(Amount::ZERO, |choice| choice.cost);
    let (before, after) = (day(was), day(is));
    let short = Delta::from(is.short).thousandths().saturating_sub(Delta::from(was.short).thousandths());
    let without = |some: &[Bind], others: &[Bind]| -> Vec<Bind> {
        some.iter().filter(|bind| !others.iter().any(|other| other.constraint == bind.constraint)).cloned().collect()
    };
    LineChange {
        line: was.line,
        before,
        after,
        days: after.zip(before).map(|(after, before)| after.days_since(before)),
        cost: less_than(cost(is), cost(was)),
        short: Delta::from_thousandths(short).unwrap_or_default(),
        rerouted: routes(was) != routes(is),
        binds: without(&is.binds, &was.binds),
        freed: without(&was.binds, &is.binds),
    }
}

/// What says where a line comes from.
fn routes(line: &LinePromise) -> Vec<impl PartialEq + '_> {
    let parts = line.choice.as_ref().map(|choice| choice.parts.as_slice()).unwrap_or_default();
    let route = |part: &'_ Part| (part.sku.clone(), part.location.clone(), part.service.clone());
    parts.iter().map(route).collect()
}
