//! What can be no allocation.

use alloc::collections::BTreeSet;

use super::{Allocation, Class, MAX_CLASSES, MAX_GUARDS, MAX_LEVELS, Portion};
use crate::promise::check::{bounded, each};
use crate::value::{Invalid, Problem};

impl Allocation {
    /// Refuses, naming the field: classes named twice, unknown parents, trees that lead back to themselves or are too
    /// deep, protections that end before they begin, quantities beyond their bound.
    pub fn check(&self) -> Result<(), Invalid> {
        if self.classes.len() > MAX_CLASSES {
            return Err(Invalid::new("classes", Problem::TooMany { most: MAX_CLASSES as u64 }));
        }
        let mut names = BTreeSet::new();
        each("classes", &self.classes, |class| {
            if names.insert(&class.name) { Ok(()) } else { Err(Invalid::new("name", Problem::twice(&class.name))) }
        })?;
        each("classes", &self.classes, |class| self.check_class(class))
    }

    fn check_class(&self, class: &Class) -> Result<(), Invalid> {
        let mut above = class.parent.as_ref();
        let mut levels = 1_usize;
        while let Some(name) = above {
            let parent = self.class(name).ok_or_else(|| Invalid::new("parent", Problem::unknown(name)))?;
            if parent.name == class.name {
                return Err(Invalid::new("parent", Problem::Cycle { name: name.as_str().into() }));
            }
            levels = levels.saturating_add(1);
            if levels > MAX_LEVELS {
                let name = name.as_str().into();
                return Err(Invalid::new("parent", Problem::TooDeep { name, most: MAX_LEVELS as u64 }));
            }
            above = parent.parent.as_ref();
        }
        for (field, count) in [("limits", class.limits.len()), ("protections", class.protections.len())] {
            if count > MAX_GUARDS {
                return Err(Invalid::new(field, Problem::TooMany { most: MAX_GUARDS as u64 }));
            }
        }
        each("limits", &class.limits, |limit| bounded("quantity", limit.quantity))?;
        each("protections", &class.protections, |one| {
            if one.until <= one.from {
                return Err(Invalid::new("until", Problem::Unordered));
            }
            bounded("quantity", one.quantity)
        })?;
        let portion =
            |field, portion: Option<Portion>| portion.map_or(Ok(()), |portion| bounded(field, portion.quantity));
        portion("fence", class.fence)?;
        portion("share", class.share)
    }
}
