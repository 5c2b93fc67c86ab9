//! Whose code a module is made of, read from the names of its functions before it is optimized and they are gone.

use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use wasmparser::{KnownCustom, Name, Parser, Payload};

use crate::tools::WASM;
use crate::{paths, ui};

/// Parts smaller than this share of the code are one row.
const LEAST_PER_MILLE: u64 = 8;
/// Our crates are told by their modules, others as a whole.
const OURS: &str = "oms_";
/// Readers and writers that are derived for every type, whoever's they are.
const WIRE: [&str; 3] = ["serde::", "serde_core::", "serde_json::"];

/// Prints how the code of a crate's module is divided, in bytes before optimizing and compressing: the shares are what counts.
pub fn report(product: &str, package: &str) -> Result<()> {
    let path = module(package);
    let bytes = fs::read(&path).with_context(|| format!("{} is not built", path.display()))?;
    let parts = parts(&bytes)?;
    let all: u64 = parts.values().sum();
    let (large, small): (Vec<_>, Vec<_>) =
        parts.into_iter().partition(|(_, bytes)| bytes * 1_000 >= all * LEAST_PER_MILLE);
    let mut rows = large;
    rows.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
    rows.push((format!("{} smaller ones", small.len()), small.iter().map(|(_, bytes)| bytes).sum()));
    let rows: Vec<Vec<String>> = rows
        .into_iter()
        .map(|(part, bytes)| {
            vec![part, format!("{:.1}", bytes as f64 / 1000.0), format!("{:.1} %", bytes as f64 * 100.0 / all as f64)]
        })
        .collect();
    ui::heading(&format!("{product}: whose code it is, before it is optimized"));
    ui::table(&["part", "KB", "of the code"], &rows);
    Ok(())
}

fn module(package: &str) -> PathBuf {
    paths::target().join(WASM).join("release").join(format!("{package}.wasm"))
}

fn parts(bytes: &[u8]) -> Result<BTreeMap<String, u64>> {
    let (mut imported, mut sizes, mut names) = (0_u32, Vec::new(), BTreeMap::new());
    for payload in Parser::new(0).parse_all(bytes) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    imported += u32::from(matches!(import?.ty, wasmparser::TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => sizes.push(body.range().len() as u64),
            Payload::CustomSection(custom) => {
                let KnownCustom::Name(read) = custom.as_known() else { continue };
                for part in read {
                    let Name::Function(of_functions) = part? else { continue };
                    for naming in of_functions {
                        let naming = naming?;
                        names.insert(naming.index, naming.name.to_owned());
                    }
                }
            }
            _ => {}
        }
    }
    let mut parts = BTreeMap::new();
    for (function, size) in (imported..).zip(sizes) {
        let name = names.get(&function).map_or("", String::as_str);
        *parts.entry(part(&format!("{:#}", rustc_demangle::demangle(name)))).or_default() += size;
    }
    Ok(parts)
}

/// A function's part: of ours the crate and its module, of others the crate. Of `<T as Trait>::method` what counts is `T`,
/// but for readers and writers.
fn part(name: &str) -> String {
    let wire = WIRE.iter().any(|path| name.contains(path));
    let path = match name.find(OURS) {
        Some(at) => &name[at..],
        None => name.trim_start_matches(['<', '&', '(', '[', '*']),
    };
    let mut segments =
        path.split("::").map(|segment| segment.split(['<', '>', ' ', ',', ')', '&', ';']).next().unwrap_or_default());
    let owner = segments.next().unwrap_or_default();
    let owner = match segments.next() {
        Some(module) if owner.starts_with(OURS) && module.starts_with(|first: char| first.is_ascii_lowercase()) => {
            format!("{owner}::{module}")
        }
        _ => owner.to_owned(),
    };
    match (wire, owner.starts_with(OURS)) {
        (true, true) => format!("{} read and written", owner.split("::").next().unwrap_or_default()),
        (true, false) => "serde and serde_json".to_owned(),
        (false, _) if owner.is_empty() => "without a name".to_owned(),
        (false, _) => owner,
    }
}

#[cfg(test)]
mod tests {
    use super::part;

    #[test]
    fn a_function_counts_for_whose_it_is() {
        for (name, owner) in [
            ("oms_core::routing::attempt::attempt", "oms_core::routing"),
            ("<oms_core::stock::Stock as oms_core::machine::Machine>::decide", "oms_core::stock"),
            ("<oms_api::item::Item as serde_core::de::Deserialize>::deserialize", "oms_api read and written"),
            ("<serde_json::Value as core::fmt::Display>::fmt", "serde and serde_json"),
            ("<alloc::vec::Vec<oms_core::order::Line> as core::clone::Clone>::clone", "oms_core::order"),
            ("core::slice::sort::stable::drift::sort::<u8>", "core"),
            ("", "without a name"),
        ] {
            assert_eq!(part(name), owner, "{name}");
        }
    }
}
