//! A decision in sentences: codes with parameters, for whoever shows them in a language of their own.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{Binding, Breakdown, Code, Decision, LeftOutWhy, PassedOverWhy};
use crate::network::is_any_carrier;
use crate::value::{Day, Label, LocationId, OrderId, Quantity, Sku};

/// A sentence about a decision. Costs are in thousandths of a minor unit. `Display` is its English (`english.rs`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Sentence {
    /// A strategy was asked and did not decide.
    PassedOver { strategy: Label, why: PassedOverWhy },
    /// The strategy that decided, and the policy it stands in.
    Decided { strategy: Label, policy: Label, version: u32 },
    /// What a location ships, and how.
    Ships {
        location: LocationId,
        quantity: Quantity,
        lines: u32,
        kilometers: Option<u64>,
        carrier: Option<Code>,
        service: Option<Code>,
        delivers: Option<Day>,
    },
    /// What a location ships goes into the parcel of another order.
    Joins { location: LocationId, order: OrderId },
    /// What of a line nobody ships.
    Short { line: u32, sku: Sku, quantity: Quantity },
    /// Nothing is shipped at all.
    NothingShips,
    /// What it costs in all, the markdown that is avoided and the later sales that may be lost included.
    Costs { total: i64, markdown: i64, stock_out: i64 },
    /// No plan is better.
    Best,
    /// No plan is better by so many criteria, from the first; whether one is by later ones is not known.
    BestBy { criteria: u32 },
    /// No plan is better by more than so many thousandths of the only criterion.
    WithinGap { permille: u64 },
    /// What kept it from being better.
    Bound { by: Binding },
    /// Locations with goods that could not be considered, by why.
    LeftOut { why: LeftOutWhy, locations: Vec<LocationId> },
    /// What doing without the main location would cost.
    RunnerUp { without: LocationId, dearer_by: i64, locations: Vec<LocationId>, short: Quantity },
}

impl Decision {
    /// The decision in sentences, the most telling first.
    pub fn explain(&self) -> Vec<Sentence> {
        let passed = self.passed_over.iter();
        let passed = passed.map(|one| Sentence::PassedOver { strategy: one.strategy.clone(), why: one.why });
        let mut told: Vec<Sentence> = passed.collect();
        let (strategy, policy) = (self.strategy.clone(), self.policy.clone());
        told.push(Sentence::Decided { strategy, policy, version: self.version });
        told.extend(self.ships());
        told.extend(self.shipments.iter().filter_map(|shipment| {
            Some(Sentence::Joins { location: shipment.location.clone(), order: shipment.joins? })
        }));
        if self.shipments.is_empty() {
            told.push(Sentence::NothingShips);
        }
        let short = self.plan.short.iter();
        told.extend(short.map(|demand| Sentence::Short {
            line: demand.line,
            sku: demand.sku.clone(),
            quantity: demand.quantity,
        }));
        let Breakdown { markdown, stock_out, .. } = self.cost;
        told.push(Sentence::Costs { total: self.cost.total(), markdown, stock_out });
        told.push(self.how_good());
        told.extend(self.binding.iter().map(|by| Sentence::Bound { by: by.clone() }));
        told.extend(self.left_outs());
        told.extend(self.runner_up.iter().map(|other| Sentence::RunnerUp {
            without: other.without.clone(),
            dearer_by: other.dearer_by,
            locations: other.locations.clone(),
            short: other.short,
        }));
        told
    }

    fn how_good(&self) -> Sentence {
        let criteria = self.proof.leading;
        match self.scores.as_slice() {
            scores if scores.len() == criteria as usize => Sentence::Best,
            [_] => Sentence::WithinGap { permille: self.proof.gap_permille() },
            _ => Sentence::BestBy { criteria },
        }
    }

    fn ships(&self) -> impl Iterator<Item = Sentence> {
        self.shipments.iter().map(|shipment| {
            // Whoever stands for any carrier says nothing of carrier and day.
            let told = !is_any_carrier(shipment.carrier.as_ref());
            let serves = || self.plan.serves.iter().filter(|serve| serve.location == shipment.location);
            Sentence::Ships {
                location: shipment.location.clone(),
                quantity: serves().map(|serve| serve.quantity).sum(),
                lines: u32::try_from(serves().count()).unwrap_or(u32::MAX),
                kilometers: shipment.meters.map(|meters| meters.saturating_add(500) / 1_000),
                carrier: shipment.carrier.clone().filter(|_| told),
                service: shipment.service.clone().filter(|_| told),
                delivers: Some(shipment.delivers).filter(|_| told),
            }
        })
    }

    /// Who was left out, one sentence for each reason, in the order the reasons come up.
    fn left_outs(&self) -> Vec<Sentence> {
        let mut told: Vec<(LeftOutWhy, Vec<LocationId>)> = Vec::new();
        for one in &self.left_out {
            match told.iter_mut().find(|(why, _)| *why == one.why) {
                Some((_, locations)) => locations.push(one.location.clone()),
                None => told.push((one.why, alloc::vec![one.location.clone()])),
            }
        }
        told.into_iter().map(|(why, locations)| Sentence::LeftOut { why, locations }).collect()
    }
}
