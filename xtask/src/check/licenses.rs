//! Every dependency's license is one that deny.toml allows.

use crate::{paths, run};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::fs;

pub(super) fn check() -> Result<()> {
    let allowed = allowed()?;
    let metadata = run::capture(run::cargo().args(["metadata", "--format-version", "1", "--locked"]))?;
    let metadata: Value = serde_json::from_str(&metadata)?;
    let packages = metadata["packages"].as_array().context("cargo metadata names no packages")?;
    let refused: Vec<String> = packages
        .iter()
        .filter(|package| !package["license"].as_str().is_some_and(|license| is_allowed(license, &allowed)))
        .map(|package| format!("{} {}: {}", package["name"], package["version"], package["license"]))
        .collect();
    if refused.is_empty() {
        return Ok(());
    }
    bail!("licenses that deny.toml does not allow:\n  {}", refused.join("\n  "))
}

/// The list that cargo-deny reads, too.
fn allowed() -> Result<Vec<String>> {
    let text = fs::read_to_string(paths::root().join("deny.toml")).context("deny.toml")?;
    let list = text
        .split("allow = [")
        .nth(1)
        .and_then(|rest| rest.split(']').next())
        .context("deny.toml has no allow list")?;
    Ok(list.split('"').skip(1).step_by(2).map(str::to_owned).collect())
}

/// Reads an SPDX expression: one side of an OR is enough, both sides of an AND are needed, OR binds weaker.
fn is_allowed(expression: &str, allowed: &[String]) -> bool {
    let expression = expression.replace('/', " OR ");
    let tokens: Vec<&str> = expression.split_whitespace().flat_map(split_parentheses).collect();
    let mut rest = tokens.as_slice();
    any(&mut rest, allowed) && rest.is_empty()
}

fn any(tokens: &mut &[&str], allowed: &[String]) -> bool {
    let mut holds = all(tokens, allowed);
    while let ["OR", rest @ ..] = tokens {
        *tokens = rest;
        holds |= all(tokens, allowed);
    }
    holds
}

fn all(tokens: &mut &[&str], allowed: &[String]) -> bool {
    let mut holds = one(tokens, allowed);
    while let ["AND", rest @ ..] = tokens {
        *tokens = rest;
        holds &= one(tokens, allowed);
    }
    holds
}

fn one(tokens: &mut &[&str], allowed: &[String]) -> bool {
    match tokens {
        ["(", rest @ ..] => {
            *tokens = rest;
            let holds = any(tokens, allowed);
            if let [")", rest @ ..] = tokens {
                *tokens = rest;
            }
            holds
        }
        [name, "WITH", exception, rest @ ..] => {
            let whole = format!("{name} WITH {exception}");
            *tokens = rest;
            allowed.contains(&whole)
        }
        [name, rest @ ..] => {
            let name = (*name).to_owned();
            *tokens = rest;
            allowed.contains(&name)
        }
        [] => false,
    }
}

fn split_parentheses(word: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = word;
    while let Some(at) = rest.find(['(', ')']) {
        parts.extend([&rest[..at], &rest[at..=at]].into_iter().filter(|part| !part.is_empty()));
        rest = &rest[at + 1..];
    }
    parts.extend(Some(rest).filter(|part| !part.is_empty()));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_read_as_spdx_means_them() {
        let allowed = ["MIT".to_owned(), "Unicode-3.0".to_owned(), "Apache-2.0 WITH LLVM-exception".to_owned()];
        for (expression, expected) in [
            ("MIT", true),
            ("GPL-3.0", false),
            ("GPL-3.0 OR MIT", true),
            ("MIT/Apache-2.0", true),
            ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
            ("(MIT OR Apache-2.0) AND GPL-3.0", false),
            ("Apache-2.0 WITH LLVM-exception", true),
            ("Apache-2.0", false),
            ("", false),
        ] {
            assert_eq!(is_allowed(expression, &allowed), expected, "{expression}");
        }
    }
}
