//! Shares: own, parent's, grandparent's, then siblings' by rank.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{Allocation, Class, DemandClass, Portion};
use crate::promise::share::prorate;
use crate::promise::timeline::Timeline;
use crate::sorting;
use crate::value::{Day, Quantity};

/// A quantity out of a class's share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// Whose share.
    pub class: DemandClass,
    /// How much.
    pub quantity: Quantity,
}

impl Allocation {
    /// The classes whose share a class may have, in order: itself and those above; then, level by level from its own up,
    /// the siblings that do not matter more (rank not below), the least important first.
    pub fn reaches(&self, class: &DemandClass) -> Vec<&Class> {
        let way: Vec<&Class> = self.way_up(class).collect();
        let mut reached = way.clone();
        for own in way {
            let matters_no_more = |other: &Class| match (other.rank, own.rank) {
                (Some(other), Some(own)) => other >= own,
                (Some(_) | None, _) => false,
            };
            let sibling = |other: &&Class| {
                own.parent.is_some() && other.parent == own.parent && other.name != own.name && matters_no_more(other)
            };
            let mut beside: Vec<&Class> = self.classes.iter().filter(sibling).collect();
            sorting::sort_by(&mut beside, |one, other| {
                other.rank.cmp(&one.rank).then_with(|| one.name.cmp(&other.name))
            });
            reached.extend(beside);
        }
        reached
    }

    /// What each class's share comes to when so much is there in all (what was taken of shares included): targets, scaled
    /// alike when they sum to more. In the order of the classes.
    pub fn scaled(&self, there: Quantity) -> Vec<Portion> {
        let targets: Vec<Quantity> =
            self.classes.iter().map(|class| class.share.unwrap_or_default().quantity).collect();
        let consumed = self.classes.iter().map(|class| class.share.unwrap_or_default().consumed);
        prorate(&targets, there)
            .into_iter()
            .zip(consumed)
            .map(|(quantity, consumed)| Portion { quantity, consumed })
            .collect()
    }

    /// What a class reaches of the shares; `None` when nobody has one.
    pub(super) fn reachable(&self, class: &DemandClass, timeline: &Timeline) -> Option<Quantity> {
        if self.classes.iter().all(|class| class.share.is_none()) {
            return None;
        }
        let scaled = self.scaled(self.in_all(timeline));
        let reached = self.reaches(class).into_iter();
        Some(reached.filter_map(|class| self.portion(&scaled, &class.name)).map(Portion::left).sum())
    }

    /// Eats shares in order. What no share covers is left to make or buy, and to the caller's own check.
    pub fn take_shares(&mut self, class: &DemandClass, quantity: Quantity, timeline: &Timeline) -> Vec<Taken> {
        if self.classes.iter().all(|class| class.share.is_none()) {
            return Vec::new();
        }
        // The timeline may already hold what is being taken: then it is counted as taken below, so nothing is lost.
        let scaled = self.scaled(self.in_all(timeline).saturating_add(quantity));
        self.eat_shares(class, quantity, Day::LAST, &scaled)
    }

    /// Eats shares in order on a day, as far as they go when they come to so much.
    pub(super) fn eat_shares(
        &mut self,
        class: &DemandClass,
        quantity: Quantity,
        day: Day,
        scaled: &[Portion],
    ) -> Vec<Taken> {
        let order: Vec<DemandClass> = self.reaches(class).into_iter().map(|class| class.name.clone()).collect();
        let mut left = quantity;
        let mut taken = Vec::new();
        for name in order {
            let Some(target) = self.portion(scaled, &name) else { continue };
            let class = self.classes.iter_mut().find(|class| class.name == name && class.counts(day));
            let Some(share) = class.and_then(|class| class.share.as_mut()) else { continue };
            let eaten = target.quantity.saturating_sub(share.consumed).min(left);
            if !eaten.is_zero() {
                share.consumed = share.consumed.saturating_add(eaten);
                left = left.saturating_sub(eaten);
                taken.push(Taken { class: name, quantity: eaten });
            }
        }
        taken
    }

    fn portion(&self, scaled: &[Portion], name: &DemandClass) -> Option<Portion> {
        self.classes.iter().position(|class| class.name == *name).and_then(|at| scaled.get(at)).copied()
    }

    /// What there is in all for shares: what can ever be promised, and what shares were eaten already.
    pub(super) fn in_all(&self, timeline: &Timeline) -> Quantity {
        let eaten = self.classes.iter().map(|class| class.share.unwrap_or_default().consumed);
        timeline.available(Day::LAST).saturating_add(eaten.sum())
    }
}
