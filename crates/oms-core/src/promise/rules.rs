//! Which orders are served first when goods come that several wait for: data of the tenant.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::Strategy;
use crate::routing::Code;
use crate::stock::Waiting;
use crate::value::Channel;

/// Most rules of a tenant.
pub const MAX_BACKORDER_RULES: usize = 50;
/// Most names in one rule.
pub const MAX_RULE_NAMES: usize = 100;

/// Rules in order; the first that is for an order decides. Without one it is [`Strategy::Redistribute`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Backorders {
    /// Rises by one per change.
    #[serde(skip_serializing_if = "is_first")]
    pub version: u32,
    /// The rules.
    pub rules: Vec<BackorderRule>,
}

/// Whom a strategy is for. What is empty says nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackorderRule {
    /// Orders of these channels.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<Channel>,
    /// Orders of customers of these classes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub customer_classes: Vec<Code>,
    /// What they may gain.
    pub strategy: Strategy,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands fields over by reference")]
const fn is_first(version: &u32) -> bool {
    *version == 0
}

impl Backorders {
    /// True when nothing was ever said.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// What an order that waits may gain.
    pub fn strategy(&self, wait: &Waiting) -> Strategy {
        let of_class = |rule: &BackorderRule| {
            rule.customer_classes.is_empty() || wait.class.as_ref().is_some_and(|is| rule.customer_classes.contains(is))
        };
        let of_channel = |rule: &BackorderRule| rule.channels.is_empty() || rule.channels.contains(&wait.channel);
        let found = self.rules.iter().find(|rule| of_class(rule) && of_channel(rule));
        found.map_or(Strategy::Redistribute, |rule| rule.strategy)
    }
}
