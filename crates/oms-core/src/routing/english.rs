//! Decisions in English; the one place where routing has prose.

use core::fmt;

use super::{Binding, LeftOutWhy, PassedOverWhy, Sentence};
use crate::value::LocationId;

impl fmt::Display for Sentence {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PassedOver { strategy, why: PassedOverWhy::NotForThis } => {
                write!(to, "Strategy \"{strategy}\" is not for this order.")
            }
            Self::PassedOver { strategy, why: PassedOverWhy::Short { quantity } } => {
                write!(to, "Strategy \"{strategy}\" would leave {quantity} short, which it does not accept.")
            }
            Self::Decided { strategy, policy, version } => {
                write!(to, "Decided by strategy \"{strategy}\" of policy \"{policy}\", version {version}.")
            }
            Self::Ships { .. } => self.ships(to),
            Self::Joins { location, order } => {
                write!(to, "{location} packs it with what it has for order {order} of the same customer.")
            }
            Self::Short { line, sku, quantity } => write!(to, "Of line {line}, {quantity} of {sku} cannot be served."),
            Self::NothingShips => to.write_str("Nothing ships."),
            Self::Costs { total, markdown, stock_out } => {
                write!(to, "It costs {} minor units in all", Mills(*total))?;
                if *markdown != 0 {
                    write!(to, ", with {} of markdown avoided", Mills(markdown.saturating_neg()))?;
                }
                if *stock_out != 0 {
                    write!(to, ", with {} for later sales at risk", Mills(*stock_out))?;
                }
                to.write_str(".")
            }
            Self::Best => to.write_str("No plan is better, and that is proven."),
            Self::BestBy { criteria: 0 } => to.write_str("A better plan may exist; none was found."),
            Self::BestBy { criteria } => {
                write!(
                    to,
                    "No plan is better by the first {criteria} criteria, and that is proven; by later ones one may be."
                )
            }
            Self::WithinGap { permille } => write!(to, "No plan is better by more than {permille} thousandths."),
            Self::Bound { by } => by.fmt(to),
            Self::LeftOut { why, locations } => {
                write!(to, "Not considered, as {}: {}.", reason(*why), List(locations))
            }
            Self::RunnerUp { without, dearer_by, locations, short } => {
                let (amount, way) = (Mills(dearer_by.saturating_abs()), if *dearer_by < 0 { "less" } else { "more" });
                write!(to, "Without {without} it would cost {amount} minor units {way}, from {}", List(locations))?;
                if short.is_zero() { to.write_str(".") } else { write!(to, ", with {short} short.") }
            }
        }
    }
}

impl Sentence {
    fn ships(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Ships { location, quantity, lines, kilometers, carrier, service, delivers } = self else {
            return Ok(());
        };
        write!(to, "{location} serves {quantity} on {lines} {}", if *lines == 1 { "line" } else { "lines" })?;
        if let Some(kilometers) = kilometers {
            write!(to, " from {kilometers} km")?;
        }
        if let Some((carrier, service)) = carrier.as_ref().zip(service.as_ref()) {
            write!(to, " by {carrier} {service}")?;
        }
        match delivers {
            Some(delivers) => write!(to, ", there by {delivers}."),
            None => to.write_str("."),
        }
    }
}

impl fmt::Display for Binding {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Supply { sku } => write!(to, "There is not enough of {sku} anywhere."),
            Self::Stock { sku, location } => write!(to, "{location} ships all it has of {sku}."),
            Self::Capacity { location } => write!(to, "{location} ships all it can do."),
            Self::MaxShipments { most } => write!(to, "No more than {most} locations may ship."),
            Self::WholeLine { sku, location } => {
                write!(to, "{location} has too little of {sku}, which may not be split.")
            }
            Self::ShipComplete => to.write_str("It must ship complete, and not everything can be served."),
            Self::ValueFloor { least } => write!(to, "A shipment must be worth {least} at least."),
        }
    }
}

const fn reason(why: LeftOutWhy) -> &'static str {
    match why {
        LeftOutWhy::Unknown => "the network does not know it",
        LeftOutWhy::Excluded => "it refused or is excluded",
        LeftOutWhy::NotInPool => "the strategy does not use it",
        LeftOutWhy::NotAllowed => "it does not hand over in this way",
        LeftOutWhy::NoService => "no carrier there serves the destination with this weight",
        LeftOutWhy::NoDate => "no delivery date can be worked out",
        LeftOutWhy::Late => "it would be late",
        LeftOutWhy::NoCapacity => "it has no capacity left",
    }
}

/// Locations with commas between them.
struct List<'a>(&'a [LocationId]);

impl fmt::Display for List<'_> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return to.write_str("nowhere");
        }
        for (number, location) in self.0.iter().enumerate() {
            write!(to, "{}{location}", if number == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}

/// Thousandths of a minor unit, shown as minor units without trailing zeros.
struct Mills(i64);

impl fmt::Display for Mills {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, rest) = (self.0.unsigned_abs() / 1_000, self.0.unsigned_abs() % 1_000);
        match rest {
            0 => write!(to, "{sign}{whole}"),
            rest if rest.is_multiple_of(100) => write!(to, "{sign}{whole}.{}", rest / 100),
            rest if rest.is_multiple_of(10) => write!(to, "{sign}{whole}.{:02}", rest / 10),
            rest => write!(to, "{sign}{whole}.{rest:03}"),
        }
    }
}
