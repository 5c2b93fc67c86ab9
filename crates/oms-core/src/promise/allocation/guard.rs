//! Protections and ring fences: what others have to leave alone.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::{Allocation, Class, DemandClass, MAX_LEVELS, Portion};
use crate::promise::timeline::{Timeline, signed};
use crate::sorting::Gather as _;
use crate::value::{Day, Quantity};

impl Allocation {
    /// The timeline as a class sees it: everything kept for others is spoken for while it is kept.
    pub(super) fn without_others(&self, class: &DemandClass, timeline: &Timeline) -> Timeline {
        let own: Vec<&Class> = self.way_up(class).collect();
        let mut seen = timeline.clone();
        let mut before = 0_i64;
        for day in self.turns() {
            let kept = signed(self.kept(None, day, &own, 0));
            let more = kept.saturating_sub(before);
            // A timeline that is full keeps what it has: the promise is then made by supply alone, within the bound.
            if more != 0 && seen.record(day, 0, more).is_err() {
                break;
            }
            before = kept;
        }
        seen
    }

    /// The days on which what is kept may change, and the first of all.
    fn turns(&self) -> BTreeSet<Day> {
        let protections = self.classes.iter().flat_map(|class| &class.protections);
        core::iter::once(Day::FIRST).chain(protections.flat_map(|one| [one.from, one.until])).into_set()
    }

    /// What is kept on a day for the classes under one (all roots, when there is none) that are not the asking class's
    /// own. What is kept for a class holds for all under it, so the larger of the two counts, never both.
    fn kept(&self, under: Option<&DemandClass>, day: Day, own: &[&Class], level: usize) -> Quantity {
        if level > MAX_LEVELS {
            return Quantity::ZERO;
        }
        let children = self.classes.iter().filter(|class| class.parent.as_ref() == under);
        let kept = children.map(|class| {
            let below = self.kept(Some(&class.name), day, own, level.saturating_add(1));
            if own.iter().any(|mine| mine.name == class.name) {
                return below;
            }
            let protections = class.protections.iter().filter(|one| one.holds(day)).map(|one| one.left());
            let protected: Quantity = protections.sum();
            let set_apart = class.fence.map_or(Quantity::ZERO, Portion::left);
            protected.saturating_add(set_apart).max(below)
        });
        kept.sum()
    }

    /// The ring fence a class lives in: its own, or the nearest above.
    pub(super) fn fence_of(&self, class: &DemandClass) -> Option<Portion> {
        self.way_up(class).find_map(|class| class.fence)
    }

    /// Notes what a class takes on a day against everything on its way up, except shares.
    pub(super) fn consume(&mut self, class: &DemandClass, day: Day, quantity: Quantity) {
        let way: Vec<DemandClass> = self.way_up(class).map(|class| class.name.clone()).collect();
        for name in way {
            let Some(class) = self.classes.iter_mut().find(|class| class.name == name) else { continue };
            for limit in &mut class.limits {
                limit.consume(day, quantity);
            }
            let mut left = quantity;
            for protection in class.protections.iter_mut().filter(|one| one.holds(day)) {
                let eaten = protection.left().min(left);
                protection.consumed = protection.consumed.saturating_add(eaten);
                left = left.saturating_sub(eaten);
            }
            if let Some(fence) = class.counts(day).then_some(class.fence.as_mut()).flatten() {
                fence.consumed = fence.consumed.saturating_add(quantity.min(fence.left()));
            }
        }
    }
}
