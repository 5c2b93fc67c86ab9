//! Readers of what a till shares with orders.

use alloc::collections::BTreeMap;

use oms_core::json::{Mismatch, Tree};
use oms_core::order::{Address, Customer, Disposition, Draft, DraftLine, Head, Shortage};
use oms_core::price::{LineTotal, PriceBook, PriceEntry, Rate, TaxClass, TaxMode, TaxRate, TaxTable};
use oms_core::routing::{Code, Method};
use oms_core::value::{LocationId, Malformed, Money, Position};

use super::{Members, Read, by_sku, objects, text, unknown, words, wrong};

objects! {
    Customer { id, name, email, phone, class }
    Address { name, line1, line2, city, postal_code, country, position }
    Head {
        channel, external_ref, customer, ship_to, currency, shortage, method, requested_by, ship_complete, demand_class, cart,
        placed_at
    }
    Draft { id, head, to_confirm, lines }
    DraftLine { sku, quantity, unit_price, whole, requested_by }
    LineTotal { net, tax, total }
    TaxRate { country, class, rate }
    Money { amount, currency }
}

words! {
    Shortage { "reject" => Self::Reject, "backorder" => Self::Backorder, "preorder" => Self::Preorder }
    Disposition { "restock" => Self::Restock, "quarantine" => Self::Quarantine }
    TaxMode { "inclusive" => Self::Inclusive, "exclusive" => Self::Exclusive }
}

impl Read for Code {
    fn read(tree: Tree) -> Result<Self, Mismatch> {
        text(tree)
    }
}

impl Read for TaxClass {
    fn read(tree: Tree) -> Result<Self, Mismatch> {
        text(tree)
    }
}

impl Read for Rate {
    fn read(tree: Tree) -> Result<Self, Mismatch> {
        text(tree)
    }

    /// Of a discount that nobody spoke of.
    fn missing(_: &str) -> Result<Self, Mismatch> {
        Ok(Self::ZERO)
    }
}

impl Read for TaxTable {
    fn read(tree: Tree) -> Result<Self, Mismatch> {
        let mut members = Members::of(tree)?;
        let (version, mode) = (members.take("version")?, members.take("mode")?);
        let rates: Vec<TaxRate> = members.take("rates")?;
        members.end()?;
        let named = rates.len();
        let table = Self::new(version, mode, rates);
        if table.rates().count() < named {
            return Err(Mismatch::new("two rates for one country and class".to_owned()));
        }
        Ok(table)
    }
}

impl Read for PriceEntry {
    fn read(tree: Tree) -> Result<Self, Mismatch> {
        let mut members = Members::of(tree)?;
        let (version, tax_class) = (members.take("version")?, members.take("tax_class")?);
        let mut entry = Self { version, prices: BTreeMap::default(), tax_class };
        for (currency, price) in Members::of(members.take::<super::Raw>("prices")?.0)?.all() {
            entry.prices.insert(currency.parse().map_err(wrong)?, Read::read(price)?);
        }
        members.end()?;
        Ok(entry)
    }
}

impl Read for PriceBook {
    fn read(tree: Tree) -> Result<Self, Mismatch> {
        let mut members = Members::of(tree)?;
        let version = members.take("version")?;
        let entries = by_sku(members.take::<super::Raw>("entries")?.0, PriceEntry::read)?;
        members.end()?;
        Ok(Self { version, entries })
    }
}

impl Read for Position {
    fn read(tree: Tree) -> Result<Self, Mismatch> {
        let mut members = Members::of(tree)?;
        let position = Self::new(members.take("lat_micro")?, members.take("lon_micro")?);
        members.end()?;
        position.ok_or_else(|| wrong(Malformed::OutOfRange))
    }
}

impl Read for Method {
    fn read(tree: Tree) -> Result<Self, Mismatch> {
        if let Tree::Text(word) = &tree {
            return if word == "ship" { Ok(Self::Ship) } else { Err(unknown(word)) };
        }
        let (kind, tree) = Members::only(tree)?;
        let mut members = Members::of(tree)?;
        let location: LocationId = members.take("location")?;
        members.end()?;
        match kind.as_str() {
            "pick_up" => Ok(Self::PickUp { location }),
            "curbside" => Ok(Self::Curbside { location }),
            "ship_to_store" => Ok(Self::ShipToStore { location }),
            _ => Err(unknown(&kind)),
        }
    }

    fn missing(_: &str) -> Result<Self, Mismatch> {
        Ok(Self::Ship)
    }
}
