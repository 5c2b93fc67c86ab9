//! Where the body of a request says what the core refuses to promise by.

use alloc::format;
use alloc::string::{String, ToString};

use oms_core::promise::{Facts, Mode};
use oms_core::value::{Invalid, LocationId, Problem as Wrong, Sku};

use super::Said;
use crate::problem::Problem;

/// What the core refuses to promise by, at its place.
pub(super) fn refused(pointer: impl Into<String>, invalid: &Invalid) -> Problem {
    Problem::invalid(pointer, "cannot_be_promised", invalid.to_string())
}

impl Said {
    /// Refuses what makes no sense beside what the house knows, with a pointer into the body.
    ///
    /// # Errors
    /// The problem with the first thing that makes no sense.
    pub fn check(&self, sku: &Sku, facts: &Facts) -> Result<(), Problem> {
        // What it is made of leads back to it, or too deep.
        let whole = || "/mode".to_string();
        self.promising
            .check(sku, facts)
            .and_then(|()| facts.check())
            .map_err(|invalid| refused(self.pointer(sku, &invalid, facts).unwrap_or_else(whole), &invalid))
    }

    /// Where the body says what is refused of a SKU; nothing when it does not say it.
    pub(super) fn pointer(&self, sku: &Sku, invalid: &Invalid, facts: &Facts) -> Option<String> {
        let field = invalid.field.as_str();
        if let Some(rest) = field.strip_prefix(&format!("items.{sku}.")) {
            return Some(self.in_item(rest, invalid));
        }
        if let Some((at, rest)) = entry(field, "allocations") {
            let pool = facts.allocations.get(at).filter(|pool| pool.sku == *sku)?;
            // They ask for another method.
            let own = || format!("/allocations/{}{}", index(&self.allocations, pool.location.as_str()), slashed(rest));
            return Some(if rest == "sku" { "/method".to_string() } else { own() });
        }
        let (at, rest) = entry(field, "bids")?;
        facts.bids.get(at).filter(|bid| bid.sku == *sku)?;
        let before = facts.bids.iter().take(at).filter(|bid| bid.sku == *sku).count();
        Some(format!("/bids/{before}{}", slashed(rest)))
    }

    /// A place in what is said of the item; the body has shorter words for some, and lists where the core has maps.
    fn in_item(&self, rest: &str, invalid: &Invalid) -> String {
        let rest =
            rest.replace("ctp.bill", "make").replace("load.per", "per_unit").replace("load.resource", "resource");
        if let Some((place, member)) = rest.strip_prefix("unit_costs.").and_then(|at| at.rsplit_once('.')) {
            return format!("/unit_costs/{}/{member}", index(&self.unit_costs, place));
        }
        let Some(at) = rest.strip_prefix("mode_at.") else { return slashed(&rest) };
        if let (Wrong::Unknown { name }, "location") = (&invalid.problem, at) {
            return format!("/mode_at/{}/location", index(&self.modes, name));
        }
        let (place, inner) = at.split_once('.').unwrap_or((at, ""));
        format!("/mode_at/{}/mode{}", index(&self.modes, place), slashed(inner))
    }

    /// Where the body names a SKU that this one is made of or replaced by.
    pub fn names(&self, sku: &Sku) -> Option<String> {
        let item = &self.promising.item;
        let there = |(location, mode): (&LocationId, &Mode)| {
            Some(format!("/mode_at/{}/mode{}", index(&self.modes, location.as_str()), part(mode, sku)?))
        };
        let other = || item.substitutes.iter().position(|other| other.sku == *sku);
        part(&item.mode, sku)
            .map(|place| format!("/mode{place}"))
            .or_else(|| item.mode_at.iter().find_map(there))
            .or_else(|| Some(format!("/substitutes/{}/sku", other()?)))
    }
}

/// Where a way of making names a SKU.
fn part(mode: &Mode, sku: &Sku) -> Option<String> {
    let (way, components) = match mode {
        Mode::Ctp { bill } => ("make", &bill.components),
        Mode::Kit { components } => ("kit", components),
        Mode::Infinite | Mode::LeadTime { .. } | Mode::Atp => return None,
    };
    let at = components.iter().position(|component| component.sku == *sku)?;
    Some(format!("/{way}/components/{at}/sku"))
}

/// The number and the rest of a field of an entry, such as `allocations[2].classes`.
pub(super) fn entry<'a>(field: &'a str, list: &str) -> Option<(usize, &'a str)> {
    let (number, rest) = field.strip_prefix(list)?.strip_prefix('[')?.split_once(']')?;
    Some((number.parse().ok()?, rest.trim_start_matches('.')))
}

/// Where a list names something.
fn index(names: &[String], name: &str) -> usize {
    names.iter().position(|known| known == name).unwrap_or(0)
}

/// A field as a pointer: `kit.components[0].per` is `/kit/components/0/per`.
pub(super) fn slashed(field: &str) -> String {
    if field.is_empty() {
        String::new()
    } else {
        format!("/{}", field.replace('[', ".").replace(']', "").replace('.', "/"))
    }
}
