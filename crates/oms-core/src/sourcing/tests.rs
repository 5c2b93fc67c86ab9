//! The rule, by example.

use alloc::string::ToString;
use alloc::vec::Vec;

use super::*;

fn problem(demands: &[(&str, u64)], supply: &[(&str, &str, u64)]) -> Problem {
    let quantity = |units| Quantity::from_units(units).unwrap_or(Quantity::ZERO);
    let mut sites: Vec<Site> = Vec::new();
    for (at, (_, location, _)) in supply.iter().enumerate() {
        let location: LocationId = location.parse().expect("a location");
        if sites.iter().all(|site| site.location != location) {
            sites.push(Site { location, distance: at as u64 });
        }
    }
    Problem {
        demands: (1..)
            .zip(demands)
            .map(|(line, (sku, units))| Demand { line, sku: sku.parse().expect("a SKU"), quantity: quantity(*units) })
            .collect(),
        sites,
        supply: supply
            .iter()
            .map(|(sku, location, units)| Supply {
                sku: sku.parse().expect("a SKU"),
                location: location.parse().expect("a location"),
                free: quantity(*units),
            })
            .collect(),
    }
}

fn served(plan: &Plan) -> Vec<(u32, alloc::string::String, alloc::string::String)> {
    plan.serves.iter().map(|serve| (serve.line, serve.location.to_string(), serve.quantity.to_string())).collect()
}

fn row(line: u32, location: &str, quantity: &str) -> (u32, alloc::string::String, alloc::string::String) {
    (line, location.to_string(), quantity.to_string())
}

#[test]
fn one_location_that_has_all_is_preferred_to_a_nearer_half() {
    let plan = plan(&problem(&[("a", 2), ("b", 1)], &[("a", "near", 5), ("a", "far", 5), ("b", "far", 5)]));
    assert_eq!(served(&plan), [row(1, "far", "2"), row(2, "far", "1")]);
}

#[test]
fn two_locations_are_preferred_to_three() {
    let supply = [("a", "x", 1), ("b", "y", 1), ("a", "z", 1), ("c", "z", 1), ("c", "w", 1)];
    let plan = plan(&problem(&[("a", 1), ("b", 1), ("c", 1)], &supply));
    assert_eq!(served(&plan), [row(1, "z", "1"), row(2, "y", "1"), row(3, "z", "1")]);
}

#[test]
fn each_location_takes_the_remainder_only() {
    let plan = plan(&problem(&[("a", 4)], &[("a", "x", 3), ("a", "y", 3)]));
    assert_eq!(served(&plan), [row(1, "x", "3"), row(1, "y", "1")]);
}

#[test]
fn lines_of_one_sku_share_what_is_there() {
    let plan = plan(&problem(&[("a", 2), ("a", 2)], &[("a", "x", 3)]));
    assert_eq!(served(&plan), [row(1, "x", "2"), row(2, "x", "1")]);
    assert_eq!(plan.short.len(), 1);
}

#[test]
fn many_locations_are_covered_greedily() {
    let supply: Vec<(&str, &str, u64)> = ["p1", "p2", "p3", "p4", "p5"].iter().map(|place| ("a", *place, 2)).collect();
    let plan = plan(&problem(&[("a", 9)], &supply));
    assert_eq!(plan.serves.len(), 5);
    assert!(plan.short.is_empty());
}

#[test]
fn nothing_anywhere_is_all_short() {
    let plan = plan(&problem(&[("a", 9)], &[]));
    assert!(plan.serves.is_empty());
    assert_eq!(plan.short.len(), 1);
}
