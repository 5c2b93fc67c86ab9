//! `cargo xtask route FILE`: reads one routing problem or an array of them, prints the answer or the answers.

use std::io::Read as _;
use std::time::Instant;

use anyhow::{Context as _, bail};
use oms_core::optimizer::{Answer, Problem, solve};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Outcome;

const USAGE: &str = "\
cargo xtask route FILE     `-` reads from standard input

  {\"lines\":[{\"demand\":2,\"penalty\":5000}], \"locations\":[{\"open_cost\":735,\"capacity\":null}],
   \"arcs\":[[0,0,120,2]], \"max_shipments\":null, \"work_limit\":null}

or an array of such problems. Arcs are [line, location, unit cost, cap]; everything is a whole number, places count from 0.
Optional: `value` of a line's unit, and `min_shipment_value` of the problem.
";

/// An answer of many, with the time it took.
#[derive(Serialize)]
struct Timed {
    #[serde(flatten)]
    answer: Answer,
    /// Microseconds to solve it, reading and writing left out.
    micros: u64,
}

pub fn command(mut parser: lexopt::Parser) -> Outcome {
    let Some(lexopt::Arg::Value(file)) = parser.next()? else {
        print!("{USAGE}");
        return Ok(());
    };
    if let Some(argument) = parser.next()? {
        return Err(argument.unexpected().into());
    }
    let name = file.to_string_lossy().into_owned();
    let text = if name == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).context("standard input")?;
        text
    } else {
        std::fs::read_to_string(&file).with_context(|| name.clone())?
    };
    println!("{}", answered(&text).with_context(|| name)?);
    Ok(())
}

/// The answer or the answers to what the text asks, as JSON.
fn answered(text: &str) -> Outcome<String> {
    if !text.trim_start().starts_with('[') {
        let problem: Problem = read(text)?;
        return Ok(serde_json::to_string(&solve(&problem)?)?);
    }
    let problems: Vec<Problem> = read(text)?;
    let answers = problems.iter().enumerate().map(|(at, problem)| timed(problem).with_context(|| format!("[{at}]")));
    Ok(serde_json::to_string(&answers.collect::<Outcome<Vec<Timed>>>()?)?)
}

fn timed(problem: &Problem) -> Outcome<Timed> {
    let started = Instant::now();
    let answer = solve(problem)?;
    Ok(Timed { answer, micros: u64::try_from(started.elapsed().as_micros())? })
}

/// Reads JSON; an error names the field and where it stands.
fn read<T: DeserializeOwned>(text: &str) -> Outcome<T> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let read = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        anyhow::anyhow!("{path}: {}", error.into_inner())
    })?;
    if reader.end().is_err() {
        bail!("something follows the problem");
    }
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROBLEM: &str = r#"{"lines":[{"demand":2,"penalty":5000}],"locations":[{"open_cost":735,"capacity":null}],
        "arcs":[[0,0,120,2]],"max_shipments":null,"work_limit":null}"#;

    fn told(text: &str) -> String {
        format!("{:#}", answered(text).expect_err("is refused"))
    }

    #[test]
    fn one_problem_has_one_answer_and_many_have_their_times() {
        let one: serde_json::Value = serde_json::from_str(&answered(PROBLEM).expect("solves")).expect("JSON");
        assert_eq!((&one["cost"], &one["proven"], &one["flows"][0]), (&975.into(), &true.into(), &[0, 0, 2].into()));
        assert!(one.get("micros").is_none());
        let many = answered(&format!("[{PROBLEM},{PROBLEM}]")).expect("solves");
        let many: serde_json::Value = serde_json::from_str(&many).expect("JSON");
        assert!(many[1]["micros"].is_u64() && many[1]["cost"] == 975);
    }

    #[test]
    fn an_error_names_the_field() {
        assert!(told(&PROBLEM.replace("5000", "-1")).starts_with("lines[0].penalty: "));
        assert!(told(&PROBLEM.replace("open_cost", "cost")).starts_with("locations[0]"));
        assert!(told(&PROBLEM.replace("[0,0,120,2]", "[0,7,120,2]")).starts_with("arcs[0][1]: "));
        assert!(
            told(&format!("[{PROBLEM},{}]", PROBLEM.replace("5000", "true"))).starts_with("[1].lines[0].penalty: ")
        );
        assert!(told(&PROBLEM.replace("\"work_limit\":null", "\"work_limit\":0")).starts_with("work_limit: "));
    }
}
