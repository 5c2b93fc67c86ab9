//! What can be no allocation.

use alloc::collections::BTreeSet;
use alloc::format;

use super::{Allocation, Class, MAX_CLASSES, MAX_GUARDS, MAX_LEVELS};
use crate::promise::MOST_QUANTITY;
use crate::value::{Invalid, Problem, Quantity};

impl Allocation {
    /// Refuses, naming the field: classes named twice, unknown parents, trees that lead back to themselves or are too
    /// deep, protections that end before they begin, quantities beyond their bound.
    pub fn check(&self) -> Result<(), Invalid> {
        if self.classes.len() > MAX_CLASSES {
            return Err(Invalid::new("classes", Problem::TooMany { most: MAX_CLASSES as u64 }));
        }
        let mut names = BTreeSet::new();
        for class in &self.classes {
            if !names.insert(&class.name) {
                return Err(Invalid::new("classes", Problem::twice(&class.name)));
            }
        }
        for class in &self.classes {
            self.check_class(class).map_err(|problem| problem.within(format!("classes.{}", class.name)))?;
        }
        Ok(())
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
        if class.protections.iter().any(|one| one.until <= one.from) {
            return Err(Invalid::new("protections.until", Problem::Unordered));
        }
        check_quantities(class)
    }
}

fn check_quantities(class: &Class) -> Result<(), Invalid> {
    let limits = class.limits.iter().map(|limit| ("limits.quantity", limit.quantity));
    let protections = class.protections.iter().map(|one| ("protections.quantity", one.quantity));
    let portions = [("fence.quantity", class.fence), ("share.quantity", class.share)];
    let portions = portions.into_iter().filter_map(|(field, portion)| Some((field, portion?.quantity)));
    let beyond = |(_, quantity): &(&str, Quantity)| *quantity > MOST_QUANTITY;
    match limits.chain(protections).chain(portions).find(beyond) {
        Some((field, _)) => Err(Invalid::new(field, Problem::Beyond { most: MOST_QUANTITY.thousandths() })),
        None => Ok(()),
    }
}
