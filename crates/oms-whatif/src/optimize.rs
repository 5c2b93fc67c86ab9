//! The optimizer by itself, on problem files.

use oms_api::decode;
use oms_api::fault::Fault;
use oms_api::problem::{Code, Problem};
use oms_core::optimizer::{self, Answer, Refusal};

/// The best plan for a problem, with its proof.
pub(crate) fn solve(json: &[u8]) -> Result<Answer, Problem> {
    let problem: optimizer::Problem = decode::body(json)?;
    optimizer::solve(&problem).map_err(|refusal| {
        let (pointer, code) = place(&refusal);
        let text = refusal.to_string();
        let detail = text.split_once(": ").map_or(text.as_str(), |(_, detail)| detail);
        Problem::new(Code::ValidationFailed, detail).with_errors(vec![Fault::new(pointer, code, detail)])
    })
}

/// Where the refusal points, and its code.
fn place(refusal: &Refusal) -> (String, &'static str) {
    match refusal {
        Refusal::TooManyLines => ("/lines".into(), "too_many"),
        Refusal::TooManyLocations => ("/locations".into(), "too_many"),
        Refusal::TooManyArcs => ("/arcs".into(), "too_many"),
        Refusal::DemandTooLarge(line) => (format!("/lines/{line}/demand"), "out_of_range"),
        Refusal::NoSuchLine(arc) => (format!("/arcs/{arc}/0"), "unknown_name"),
        Refusal::NoSuchLocation(arc) => (format!("/arcs/{arc}/1"), "unknown_name"),
        Refusal::DuplicateArc(arc) => (format!("/arcs/{arc}"), "named_twice"),
        Refusal::PenaltyTooLarge(line) => (format!("/lines/{line}/penalty"), "overflow"),
        Refusal::OpenCostTooLarge(location) => (format!("/locations/{location}/open_cost"), "overflow"),
        Refusal::UnitCostTooLarge(arc) => (format!("/arcs/{arc}/2"), "overflow"),
        Refusal::ValueTooLarge(line) => (format!("/lines/{line}/value"), "overflow"),
        Refusal::MinShipmentValueTooLarge => ("/min_shipment_value".into(), "out_of_range"),
        Refusal::NoWork => ("/work_limit".into(), "zero"),
    }
}
