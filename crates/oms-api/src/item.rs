//! Items: how they are put and shown.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use oms_core::network::MAX_LOCATIONS;
use oms_core::price::{PriceEntry, TaxClass};
use oms_core::routing::{Code, Handling, MAX_COST, MAX_GRAMS, Stake};
use oms_core::stock::Item;
use oms_core::value::{Amount, Currency, Label, LocationId, Money, Quantity, Sku};
use serde::{Deserialize, Serialize};

use crate::decode::{self, Object};
use crate::fault::{Faults, Wire};
use crate::order::MoneyBody;
use crate::problem::Problem;
use crate::show::Shown;

/// Most codes of an item: of a pack, of its pieces, of older packagings.
const MAX_BARCODES: usize = 20;
/// The longest code, in bytes: what a Code 128 symbol can carry and a scanner still reads.
const BARCODE_LENGTH: usize = 80;
/// The unit of an item that does not say.
const EACH: &str = "each";

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct Body {
    // Of imports only; the path has it otherwise.
    sku: Option<String>,
    title: String,
    unit: Option<String>,
    tax_class: Option<String>,
    prices: Vec<Object<MoneyBody>>,
    #[serde(default)]
    safety_stock: Vec<Object<KeptBody>>,
    #[serde(default)]
    kept_for_tills: Vec<Object<KeptBody>>,
    low_stock: Option<String>,
    grams: Option<u64>,
    #[serde(default)]
    hazmat: bool,
    class: Option<String>,
    #[serde(default)]
    stakes: Vec<Object<StakeBody>>,
    #[serde(default)]
    barcodes: Vec<String>,
    category: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct KeptBody {
    location: String,
    quantity: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct StakeBody {
    location: Option<String>,
    #[serde(default)]
    markdown: i64,
    #[serde(default)]
    stock_out: i64,
    below: Option<String>,
}

/// An item to put.
#[derive(Clone, Debug)]
pub struct PutItem {
    /// Its SKU.
    pub sku: Sku,
    /// Its master; the version is the stock's to give.
    pub item: Item,
    /// The locations that it names and a pointer to each, in the order of the body.
    pub locations: Vec<(LocationId, String)>,
}

impl PutItem {
    /// The pointer to a location that it names.
    pub fn pointer_to(&self, location: &LocationId) -> String {
        let named = self.locations.iter().find(|(one, _)| one == location);
        named.map(|(_, pointer)| pointer.clone()).unwrap_or_default()
    }
}

/// Reads the body of `PUT /v1/items/{sku}`.
///
/// # Errors
/// The problem with every fault of the body or the SKU.
pub fn put(sku: &str, bytes: &[u8]) -> Result<PutItem, Problem> {
    let body: Body = decode::body(bytes)?;
    let mut faults = Faults::new();
    if body.sku.as_ref().is_some_and(|said| said != sku) {
        faults.add("/sku", "id_mismatch", "the SKU is another one than the path's");
    }
    item(faults, sku, &body)
}

/// Reads a line of an import of items.
///
/// # Errors
/// The problem with every fault of the line.
pub fn put_import(bytes: &[u8]) -> Result<PutItem, Problem> {
    let body: Body = decode::body(bytes)?;
    match &body.sku {
        Some(sku) => item(Faults::new(), sku, &body),
        None => Err(Problem::invalid("/sku", "missing_field", "missing field `sku`")),
    }
}

fn item(mut faults: Faults, sku: &str, body: &Body) -> Result<PutItem, Problem> {
    let sku = faults.read("", "sku", sku);
    let title = faults.read("", "title", &body.title);
    let unit = faults.read("", "unit", body.unit.as_deref().unwrap_or(EACH));
    let tax_class = match &body.tax_class {
        Some(text) => faults.read("", "tax_class", text),
        None => Some(TaxClass::standard()),
    };
    let prices = prices(&mut faults, &body.prices);
    let mut locations = Vec::new();
    let safety = kept(&mut faults, "/safety_stock", &body.safety_stock, &mut locations);
    let kept_for_tills = kept(&mut faults, "/kept_for_tills", &body.kept_for_tills, &mut locations);
    let low_stock = faults.read_some("", "low_stock", body.low_stock.as_ref());
    let grams = body.grams.unwrap_or_default();
    if grams > MAX_GRAMS {
        faults.add("/grams", "out_of_range", format!("a unit weighs at most {MAX_GRAMS} grams"));
    }
    let class = faults.read_some("", "class", body.class.as_ref());
    let stakes = stakes(&mut faults, &body.stakes, &mut locations);
    let handling = Handling { grams, hazmat: body.hazmat, class, stakes };
    let barcodes = barcodes(&mut faults, &body.barcodes);
    let category = faults.read_some("", "category", body.category.as_ref());
    faults.finish(|| {
        let price = PriceEntry { version: 0, prices, tax_class: tax_class? };
        let (title, unit) = (title?, unit?);
        let item = Item { title, unit, price, safety, kept_for_tills, low_stock, handling, barcodes, category };
        Some(PutItem { sku: sku?, item, locations })
    })
}

/// Codes that scanners read, each once.
fn barcodes(faults: &mut Faults, texts: &[String]) -> Vec<Label> {
    if texts.len() > MAX_BARCODES {
        faults.add("/barcodes", "too_many_lines", format!("at most {MAX_BARCODES} are taken"));
    }
    let mut barcodes: Vec<Label> = Vec::new();
    for (index, text) in (0..MAX_BARCODES).zip(texts) {
        let Some(code) = faults.read::<Label>("/barcodes", &format!("{index}"), text) else { continue };
        if code.as_str().len() > BARCODE_LENGTH {
            faults.add(format!("/barcodes/{index}"), "too_long", format!("a code has at most {BARCODE_LENGTH} bytes"));
        }
        if barcodes.contains(&code) {
            faults.add(format!("/barcodes/{index}"), "named_twice", "the code stands twice");
        }
        barcodes.push(code);
    }
    barcodes
}

fn prices(faults: &mut Faults, bodies: &[Object<MoneyBody>]) -> BTreeMap<Currency, Amount> {
    let mut prices = BTreeMap::new();
    for (index, body) in bodies.iter().enumerate() {
        let base = format!("/prices/{index}");
        let Some((currency, amount)) = body.price(faults, &base) else { continue };
        if prices.insert(currency, amount).is_some() {
            faults.add(format!("{base}/currency"), "named_twice", "there is a price in this currency already");
        }
    }
    prices
}

/// What is kept of it, by location. Notes the locations and where each stands.
fn kept(
    faults: &mut Faults,
    field: &str,
    bodies: &[Object<KeptBody>],
    locations: &mut Vec<(LocationId, String)>,
) -> BTreeMap<LocationId, Quantity> {
    let mut kept = BTreeMap::new();
    if bodies.len() > MAX_LOCATIONS {
        faults.add(field, "too_many_lines", format!("at most {MAX_LOCATIONS} are taken"));
    }
    for (index, body) in (0..MAX_LOCATIONS).zip(bodies) {
        let base = format!("{field}/{index}");
        let location: Option<LocationId> = faults.read(&base, "location", &body.location);
        let quantity: Option<Quantity> = faults.read(&base, "quantity", &body.quantity);
        let (Some(location), Some(quantity)) = (location, quantity) else { continue };
        let pointer = format!("{base}/location");
        if kept.insert(location.clone(), quantity).is_some() {
            faults.add(pointer.clone(), "named_twice", "the location stands there already");
        }
        locations.push((location, pointer));
    }
    kept
}

/// What is at stake where, each location once. Notes the locations and where each stands.
fn stakes(faults: &mut Faults, bodies: &[Object<StakeBody>], locations: &mut Vec<(LocationId, String)>) -> Vec<Stake> {
    let mut stakes: Vec<Stake> = Vec::new();
    if bodies.len() > MAX_LOCATIONS {
        faults.add("/stakes", "too_many_lines", format!("at most {MAX_LOCATIONS} are taken"));
    }
    for (index, body) in (0..MAX_LOCATIONS).zip(bodies) {
        let base = format!("/stakes/{index}");
        let location: Option<LocationId> = faults.read_some(&base, "location", body.location.as_ref());
        let markdown = cost(faults, &base, "markdown", body.markdown);
        let stock_out = cost(faults, &base, "stock_out", body.stock_out);
        let below = faults.read_some(&base, "below", body.below.as_ref());
        if body.below.is_none() && body.stock_out != 0 {
            faults.add(format!("{base}/below"), "missing_field", "missing field `below`");
        }
        let pointer = format!("{base}/location");
        if stakes.iter().any(|known| known.location == location) {
            faults.add(pointer.clone(), "named_twice", "the location stands there already");
        }
        locations.extend(location.clone().map(|location| (location, pointer)));
        stakes.push(Stake { location, markdown, stock_out, below: below.unwrap_or_default() });
    }
    stakes
}

/// What routing reckons with, in minor units.
fn cost(faults: &mut Faults, base: &str, member: &str, minor: i64) -> Amount {
    let amount = Amount::new(minor).filter(|amount| (0..=MAX_COST).contains(&amount.minor()));
    if amount.is_none() {
        faults.add(format!("{base}/{member}"), "out_of_range", format!("it is 0 to {MAX_COST}"));
    }
    amount.unwrap_or_default()
}

/// A SKU that cannot be one, or the SKU.
///
/// # Errors
/// The problem with the parameter.
pub fn sku_parameter(name: &str, text: &str) -> Result<Sku, Problem> {
    text.parse()
        .map_err(|malformed| Problem::parameter(name, Sku::CODE, format!("{text:?}: {} {malformed}", Sku::NAME)))
}

/// An item as it is shown.
#[derive(Debug, Serialize)]
pub struct ItemView<'a> {
    sku: &'a Sku,
    version: u32,
    title: &'a Label,
    unit: &'a Label,
    tax_class: &'a TaxClass,
    prices: Vec<Money>,
    safety_stock: Vec<KeptView<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    kept_for_tills: Vec<KeptView<'a>>,
    low_stock: Option<Shown<Quantity>>,
    grams: u64,
    hazmat: bool,
    class: Option<&'a Code>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    stakes: Vec<StakeView<'a>>,
    #[serde(skip_serializing_if = "<[Label]>::is_empty")]
    barcodes: &'a [Label],
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<&'a Label>,
}

#[derive(Debug, Serialize)]
struct StakeView<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<&'a LocationId>,
    markdown: Amount,
    stock_out: Amount,
    below: Shown<Quantity>,
}

#[derive(Debug, Serialize)]
struct KeptView<'a> {
    location: &'a LocationId,
    quantity: Shown<Quantity>,
}

impl<'a> KeptView<'a> {
    fn all(kept: &'a BTreeMap<LocationId, Quantity>) -> Vec<Self> {
        kept.iter().map(|(location, quantity)| Self { location, quantity: Shown(*quantity) }).collect()
    }
}

impl<'a> ItemView<'a> {
    /// An item at a version.
    pub fn new(sku: &'a Sku, item: &'a Item, version: u32) -> Self {
        let prices = item.price.prices.iter().map(|(currency, amount)| Money::new(*amount, *currency));
        let stakes = item.handling.stakes.iter().map(|stake| StakeView {
            location: stake.location.as_ref(),
            markdown: stake.markdown,
            stock_out: stake.stock_out,
            below: Shown(stake.below),
        });
        Self {
            sku,
            version,
            title: &item.title,
            unit: &item.unit,
            tax_class: &item.price.tax_class,
            prices: prices.collect(),
            safety_stock: KeptView::all(&item.safety),
            kept_for_tills: KeptView::all(&item.kept_for_tills),
            low_stock: item.low_stock.map(Shown),
            grams: item.handling.grams,
            hazmat: item.handling.hazmat,
            class: item.handling.class.as_ref(),
            stakes: stakes.collect(),
            barcodes: &item.barcodes,
            category: item.category.as_ref(),
        }
    }
}
