//! How a till is set up: written at the edge, fetched by the till, kept for days without a network.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::name::{DeviceId, Series};
use crate::price::{self, Rate, TaxTable};
use crate::value::{Amount, Country, Currency, Digest, Label, LocationId};

/// The smallest amount of money.
const ONE: Amount = match Amount::new(1) {
    Some(one) => one,
    None => Amount::ZERO,
};

/// Everything a till has to know besides the catalog.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Rises by one with every change.
    pub version: u32,
    /// The till.
    pub device: DeviceId,
    /// What people call it.
    pub label: Label,
    /// Its series of receipts.
    pub series: Series,
    /// The store: a location of the network.
    pub location: LocationId,
    /// Lines at the head of a receipt: the shop's name, its address, its tax number.
    #[serde(default)]
    pub header: Vec<Label>,
    /// Lines at its foot.
    #[serde(default)]
    pub footer: Vec<Label>,
    /// What it sells in.
    pub currency: Currency,
    /// Where it is taxed.
    pub country: Country,
    /// The smallest coin, in minor units: cash amounts are rounded to it. 1 rounds nothing.
    pub cash_step: Amount,
    /// What happens when it sells more than it has rights to.
    pub oversell: Oversell,
    /// Who may do what.
    pub cashiers: Vec<Cashier>,
    /// Which tax applies.
    pub tax: TaxTable,
}

/// What happens when a till is asked to sell what it has no rights to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Oversell {
    /// Somebody with the permission answers for it.
    #[default]
    Ask,
    /// It does not sell it.
    Refuse,
    /// It sells it and says so: the goods are on the counter.
    Allow,
}

/// Somebody who works at a till.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cashier {
    /// Their short name, in the journal and on receipts.
    pub id: Label,
    /// Their name.
    pub name: Label,
    /// What proves it is them; nothing lets anybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pin: Option<PinHash>,
    /// The highest discount on a line they may give, in percent.
    #[serde(default)]
    pub discount: Rate,
    /// What they may do without asking anybody.
    #[serde(default)]
    pub may: BTreeSet<Permission>,
}

/// A salted hash of a short number: keeps honest people honest, and is not what keeps the journal safe.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PinHash {
    /// The salt.
    pub salt: String,
    /// SHA-256 of `{salt}:{pin}`.
    pub hash: Digest,
}

/// What somebody may do without asking anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// Key in a price.
    Price,
    /// Take goods back.
    Refund,
    /// Take goods back without a receipt.
    BlindRefund,
    /// Sell what the till has no rights to.
    Oversell,
    /// Take cash out of the drawer.
    PayOut,
    /// Accept a clock that is far off, and close somebody else's shift.
    Manage,
}

impl Settings {
    /// Somebody who works at this till.
    pub fn cashier(&self, id: &Label) -> Option<&Cashier> {
        self.cashiers.iter().find(|cashier| cashier.id == *id)
    }

    /// Whether somebody may take so much off a line that comes to `extended`. One minor unit more than their part is let
    /// pass: the shares of a discount on the whole are rounded to whole ones.
    pub fn may_take_off(&self, id: &Label, off: Amount, extended: Amount) -> bool {
        let most = self.cashier(id).map(|cashier| cashier.discount).unwrap_or_default();
        let highest = price::percent(extended, most).unwrap_or_default();
        let rounded = if most.is_zero() { Some(off) } else { off.checked_sub(ONE) };
        off.is_zero() || rounded.is_some_and(|off| off <= highest)
    }

    /// Whether somebody may do something without asking anybody.
    pub fn may(&self, id: &Label, permission: Permission) -> bool {
        self.cashier(id).is_some_and(|cashier| cashier.may.contains(&permission))
    }
}

impl PinHash {
    /// The hash of a number with this salt.
    pub fn of(salt: String, pin: &str) -> Self {
        let hash = Digest::of(alloc::format!("{salt}:{pin}").as_bytes());
        Self { salt, hash }
    }

    /// Whether this is the number.
    pub fn proves(&self, pin: &str) -> bool {
        Self::of(self.salt.clone(), pin).hash == self.hash
    }
}

/// What rounding an amount to the smallest coin adds to it, in minor units; a half is rounded away from zero. A step of one
/// or less rounds nothing.
pub fn rounding(amount: Amount, step: Amount) -> Amount {
    let step = step.minor();
    let Some(rest) = amount.minor().checked_rem_euclid(step).filter(|_| step > 1) else { return Amount::ZERO };
    let (up, negative) = (step.saturating_sub(rest), amount.is_negative());
    let down = rest < up || (rest == up && negative);
    Amount::new(if down { rest.saturating_neg() } else { up.checked_rem(step).unwrap_or(0) }).unwrap_or_default()
}
