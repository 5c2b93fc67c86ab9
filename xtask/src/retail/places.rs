//! The places of Great Britain, and who lives in which.

use anyhow::Context as _;

use crate::{Outcome, paths};

/// A place of Great Britain.
#[derive(Debug, Clone, PartialEq)]
pub struct City {
    pub name: String,
    pub latitude: f64,
    pub longitude: f64,
    population: u64,
}

/// The places of Great Britain. Online Retail names no town: a British customer is put into one of these, by population.
#[derive(Debug)]
pub struct Cities {
    all: Vec<City>,
    people: u64,
}

impl Cities {
    pub fn load() -> Outcome<Self> {
        let mut rows = csv::Reader::from_path(paths::root().join("data").join("gb_cities5000.csv"))?;
        let mut all = Vec::new();
        for row in rows.records() {
            let row = row?;
            let field = |index: usize| row.get(index).context("a row of the cities has six fields");
            all.push(City {
                name: field(1)?.to_owned(),
                latitude: field(3)?.parse()?,
                longitude: field(4)?.parse()?,
                population: field(5)?.parse()?,
            });
        }
        let people = all.iter().map(|city| city.population).sum();
        Ok(Self { all, people })
    }

    /// Where somebody lives: the same text always in the same place, big places more often than small ones.
    pub fn of(&self, who: &str) -> &City {
        let mut left = spread(who) % self.people.max(1);
        self.all
            .iter()
            .find(|city| {
                let here = left < city.population;
                left = left.saturating_sub(city.population);
                here
            })
            .expect("a number below the sum of all populations lies in one of them")
    }

    /// The places where most people live, the largest first.
    pub fn largest(&self, count: usize) -> Vec<&City> {
        let mut all: Vec<&City> = self.all.iter().collect();
        all.sort_by_key(|city| core::cmp::Reverse(city.population));
        all.truncate(count);
        all
    }

    pub fn named(&self, name: &str) -> Option<&City> {
        self.all.iter().find(|city| city.name == name)
    }
}

/// FNV-1a with a final mix: the same number for the same text on every machine, near texts far apart.
pub fn spread(text: &str) -> u64 {
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^ (hash >> 33)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_customer_always_lives_in_the_same_place() {
        let cities = Cities::load().expect("the file of the repository reads");
        assert_eq!(cities.all.len(), 1_910);
        assert_eq!(cities.of("17850"), cities.of("17850"));
        let londoners = (0..2_000).filter(|id| cities.of(&format!("{id}")).name == "London").count();
        assert!((200..600).contains(&londoners), "{londoners} of 2,000 live in London");
    }
}
