//! The catalog of a till in memory: every item at hand, found by the beginnings of words or by a scanned code.

mod code;
mod fold;
mod index;

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Deserializer, Serialize};

use super::facts::{Catalog, Page};
use crate::price::{PriceEntry, TaxClass};
use crate::value::{Amount, Currency, Label, Malformed, Quantity, Sku};

pub use code::{Receipted, Scan};
use index::{Index, Rank};

/// Most hits of a search: more than anybody scrolls through.
pub const MAX_HITS: usize = 200;
/// Most codes of an item, as the back office takes them.
pub const MAX_BARCODES: usize = 20;
/// Items that were replaced before the index is made anew: below this they cost nothing worth the work.
const REPLACED: usize = 1000;

/// An item as the edge lists it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Item {
    /// What.
    pub sku: Sku,
    /// Its name.
    pub title: Label,
    /// Its unit.
    pub unit: Label,
    /// Its codes: GTINs, or whatever stands on a label.
    #[serde(default)]
    pub barcodes: Vec<Label>,
    /// Where it stands in the shop.
    #[serde(default)]
    pub category: Option<Label>,
    /// Its page of the price book.
    pub price: PriceEntry,
    /// What the store had for sale.
    #[serde(default, deserialize_with = "some_decimal")]
    pub available: Option<Quantity>,
}

fn some_decimal<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Quantity>, D::Error> {
    let text: Option<String> = Option::deserialize(deserializer)?;
    let parsed = text.map(|text| text.parse()).transpose();
    parsed.map_err(|malformed: Malformed| serde::de::Error::custom(malformed))
}

/// An item at hand: of its page only the price in the till's currency is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Article {
    /// What.
    pub sku: Sku,
    /// Its name.
    pub title: Label,
    /// Its unit.
    pub unit: Label,
    /// Its codes.
    pub barcodes: Vec<Label>,
    /// Where it stands in the shop.
    pub category: Option<Label>,
    /// The price of one unit.
    pub price: Option<Amount>,
    /// The version of its page.
    pub version: u32,
    /// What kind of goods it is for tax.
    pub tax_class: TaxClass,
    /// What the store had for sale.
    pub available: Option<Quantity>,
}

/// What is searched for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Search {
    /// Words or beginnings of words, all of which an item has; none is every item.
    pub text: String,
    /// Only items of this category.
    #[serde(default)]
    pub category: Option<Label>,
    /// Most hits, at most 200.
    #[serde(default)]
    pub limit: Option<usize>,
}

/// Hits when nobody says how many: a screen or two.
const USUAL_HITS: usize = 50;

/// The catalog.
#[derive(Clone, Debug)]
pub struct Goods {
    currency: Currency,
    articles: Vec<Option<Article>>,
    /// Where an item is, by `#` and its SKU and by `=` and each of its codes in its normal form.
    places: BTreeMap<String, u32>,
    live: usize,
    index: Index,
}

impl Goods {
    /// An empty one, for prices in a currency.
    pub fn new(currency: Currency) -> Self {
        Self { currency, articles: Vec::new(), places: BTreeMap::new(), live: 0, index: Index::default() }
    }

    /// How many items there are.
    pub fn len(&self) -> usize {
        self.live
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.live == 0
    }

    /// Puts an item in; it takes the place of the one with its SKU.
    pub fn put(&mut self, item: Item) {
        let article = Article {
            price: item.price.price(self.currency),
            version: item.price.version,
            tax_class: item.price.tax_class,
            sku: item.sku,
            title: item.title,
            unit: item.unit,
            barcodes: item.barcodes.into_iter().take(MAX_BARCODES).collect(),
            category: item.category,
            available: item.available,
        };
        self.take(article);
    }

    fn take(&mut self, article: Article) {
        // Four billion items do not fit into the memory of a page.
        let Ok(no) = u32::try_from(self.articles.len()) else { return };
        self.live = self.live.saturating_add(1);
        if let Some(before) = self.places.insert(of_sku(&article.sku), no) {
            self.forget(before);
        }
        for barcode in &article.barcodes {
            self.places.insert(format!("={}", code::normal(barcode.as_str())), no);
        }
        self.index.add(no, article.sku.as_str(), Rank::Sku);
        self.index.add_title(no, article.title.as_str());
        for barcode in &article.barcodes {
            self.index.add(no, barcode.as_str(), Rank::Barcode);
        }
        if let Some(category) = &article.category {
            self.index.add(no, category.as_str(), Rank::Category);
        }
        self.articles.push(Some(article));
    }

    fn forget(&mut self, no: u32) {
        let slot = usize::try_from(no).ok().and_then(|no| self.articles.get_mut(no));
        // A code that leads to what was replaced leads nowhere, until another item brings it.
        if slot.and_then(Option::take).is_some() {
            self.live = self.live.saturating_sub(1);
        }
    }

    /// Makes it ready to be searched. Called before a search, it takes its time once after items came in.
    pub fn settle(&mut self) {
        let replaced = self.articles.len().saturating_sub(self.len());
        if replaced > REPLACED.max(self.len() / 4) {
            let articles = core::mem::take(&mut self.articles);
            *self = Self::new(self.currency);
            articles.into_iter().flatten().for_each(|article| self.take(article));
        }
        self.index.settle();
    }

    /// An item by number, unless it was replaced.
    fn article(&self, no: u32) -> Option<&Article> {
        self.articles.get(usize::try_from(no).ok()?)?.as_ref()
    }

    fn at(&self, place: &str) -> Option<&Article> {
        self.places.get(place).and_then(|no| self.article(*no))
    }

    /// An item by SKU.
    pub fn find(&self, sku: &Sku) -> Option<&Article> {
        self.at(&of_sku(sku))
    }

    /// Items with all the words, the best hits first: an SKU before a title before a code before a category, whole words
    /// before beginnings.
    pub fn search(&mut self, search: &Search) -> Vec<&Article> {
        self.settle();
        let limit = search.limit.unwrap_or(USUAL_HITS).min(MAX_HITS);
        let wanted = |article: &Article| search.category.is_none() || article.category == search.category;
        let live = |no: u32| self.article(no).is_some_and(wanted);
        let hits = self.index.search(&search.text, self.articles.len(), limit, live);
        hits.into_iter().filter_map(|no| self.article(no)).collect()
    }

    /// What a scanned code is.
    pub fn scan(&self, scanned: &str) -> Scan<'_> {
        code::scan(scanned, |code| self.at(&format!("={code}")).or_else(|| self.at(&format!("#{code}"))))
    }

    /// The categories and how many items each has, by name.
    pub fn categories(&self) -> Vec<(&Label, usize)> {
        let mut counts: Vec<(&Label, usize)> = Vec::new();
        for category in self.articles.iter().flatten().filter_map(|article| article.category.as_ref()) {
            let place = counts.partition_point(|(name, _)| *name < category);
            match counts.get_mut(place).filter(|(name, _)| *name == category) {
                Some((_, count)) => *count = count.saturating_add(1),
                None => counts.insert(place, (category, 1)),
            }
        }
        counts
    }
}

fn of_sku(sku: &Sku) -> String {
    format!("#{sku}")
}

impl Catalog for Goods {
    fn page(&self, sku: &Sku) -> Option<Page<'_>> {
        self.find(sku).map(|article| Page {
            title: &article.title,
            unit: &article.unit,
            price: article.price,
            version: article.version,
            tax_class: &article.tax_class,
        })
    }
}
