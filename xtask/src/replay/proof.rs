//! What the server says about itself: its audit, and the version of every order.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::Outcome;
use crate::shop::Shop;

/// The audit of all objects, added up.
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Audit {
    pub orders: u64,
    pub skus: u64,
    pub ledger_entries: u64,
    /// Holds that are neither used up nor given back.
    pub live_holds: u64,
    /// What objects still have to tell each other.
    pub owing: u64,
    /// Sums over the ledgers: `on_hand`, `reserved`, `allocated`, `received`, `shipped`, `returned`, `adjusted`.
    pub units: BTreeMap<String, Amount>,
    pub violations: Vec<Violation>,
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
pub struct Violation {
    pub invariant: String,
    pub object: String,
    pub subject: String,
    pub detail: String,
}

/// Signed whole units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Amount(pub i64);

impl TryFrom<String> for Amount {
    type Error = std::num::ParseIntError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse().map(Self)
    }
}

#[derive(Deserialize)]
struct Page<T> {
    data: T,
    next_cursor: Option<String>,
}

impl Audit {
    pub fn of(shop: &Shop) -> Outcome<Self> {
        let mut sum = Self::default();
        let mut path = "/v1/audit".to_owned();
        loop {
            let page: Page<Self> = serde_json::from_str(&shop.get(&path)?.body)?;
            sum.add(page.data);
            match page.next_cursor {
                Some(cursor) => path = format!("/v1/audit?cursor={cursor}"),
                None => return Ok(sum),
            }
        }
    }

    fn add(&mut self, page: Self) {
        self.orders += page.orders;
        self.skus += page.skus;
        self.ledger_entries += page.ledger_entries;
        self.live_holds += page.live_holds;
        self.owing += page.owing;
        for (name, Amount(units)) in page.units {
            self.units.entry(name).or_default().0 += units;
        }
        self.violations.extend(page.violations);
    }

    pub fn units(&self, name: &str) -> i64 {
        self.units.get(name).copied().unwrap_or_default().0
    }

    /// I2 over everything: what lies there is what came in less what went out.
    pub fn conserves(&self) -> bool {
        let units = |name| self.units(name);
        units("on_hand") == units("received") + units("returned") + units("adjusted") - units("shipped")
    }
}

/// The version of every order, by its id.
pub fn versions(shop: &Shop) -> Outcome<BTreeMap<String, u64>> {
    #[derive(Deserialize)]
    struct Listed {
        id: String,
        version: u64,
    }
    let mut versions = BTreeMap::new();
    let mut cursor = String::new();
    loop {
        let path = format!("/v1/orders?limit=100&sort=created_at{cursor}");
        let page: Page<Vec<Listed>> = serde_json::from_str(&shop.get(&path)?.body)?;
        versions.extend(page.data.into_iter().map(|order| (order.id, order.version)));
        match page.next_cursor {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return Ok(versions),
        }
    }
}
