//! Paths and queries: percent-decoded once, here.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use oms_api::problem::Problem;

/// Most parameters of a query.
const MAX_PARAMETERS: usize = 32;

/// The segments of a path.
///
/// # Errors
/// The problem when a segment is not percent-encoded UTF-8.
pub(crate) fn segments(path: &str) -> Result<Vec<String>, Problem> {
    let path = path.strip_prefix('/').unwrap_or(path);
    let decoded = path.split('/').map(|segment| decode(segment, false));
    let malformed = || Problem::parameter("path", "malformed_path", "the path is not percent-encoded UTF-8");
    decoded.collect::<Option<_>>().ok_or_else(malformed)
}

/// The parameters of a query, each at most once.
#[derive(Debug)]
pub(crate) struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Reads a query; every parameter must be one of these.
    ///
    /// # Errors
    /// The problem with the first parameter that is unknown, repeated or not percent-encoded UTF-8.
    pub(crate) fn read(query: Option<&str>, known: &[&str]) -> Result<Self, Problem> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        let query = query.unwrap_or_default();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (Some(name), Some(value)) = (decode(name, true), decode(value, true)) else {
                return Err(Problem::parameter("query", "malformed_query", "the query is not percent-encoded UTF-8"));
            };
            if !known.contains(&name.as_str()) || pairs.len() >= MAX_PARAMETERS {
                return Err(Problem::parameter(&name, "unknown_parameter", "the query has no such parameter"));
            }
            if pairs.iter().any(|(before, _)| *before == name) {
                return Err(Problem::parameter(&name, "named_twice", "the parameter is there twice"));
            }
            pairs.push((name, value));
        }
        Ok(Self(pairs))
    }

    /// A parameter; an empty one is none.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let value = self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        value.filter(|value| !value.is_empty())
    }
}

/// Percent-decoding (RFC 3986); in a query a plus is a space, as forms have it.
fn decode(text: &str, query: bool) -> Option<String> {
    if !text.contains(['%', '+']) {
        return Some(text.to_owned());
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
                let (high, low) = (digit(rest.next()?)?, digit(rest.next()?)?);
                (high << 4) | low
            }
            b'+' if query => b' ',
            _ => byte,
        });
    }
    String::from_utf8(bytes).ok()
}
