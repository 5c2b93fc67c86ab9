//! A shop with a till: its settings, its goods, and short ways to say what happens there.

use std::collections::BTreeMap;

use oms_core::price::{LineTotal, PriceEntry, TaxMode, TaxRate, TaxTable};
use oms_core::till::goods::{Goods, Item};
use oms_core::till::{
    Book, Cart, CartLine, Cashier, Clock, Command, Decided, DeviceId, Discount, DiscountAsk, Entry, Event, Facts,
    Oversell, Permission, ReceiptNo, Refusal, Sale, SaleLine, Settings, Signed, Tender, TenderKind, Till, decide,
    genesis,
};
use oms_core::value::{Amount, Digest, Label, Quantity, Sku, Timestamp};

pub(crate) fn label(text: &str) -> Label {
    text.parse().unwrap()
}

pub(crate) fn sku(text: &str) -> Sku {
    text.parse().unwrap()
}

pub(crate) fn minor(amount: i64) -> Amount {
    Amount::new(amount).unwrap()
}

pub(crate) fn units(count: u64) -> Quantity {
    Quantity::from_units(count).unwrap()
}

pub(crate) fn device() -> DeviceId {
    "till-3".parse().unwrap()
}

pub(crate) fn receipt(number: u64) -> ReceiptNo {
    ReceiptNo { series: "S042-T03".parse().unwrap(), number }
}

/// 2026-03-01 12:00 UTC and so many minutes.
pub(crate) fn at(minutes: i64) -> Timestamp {
    Timestamp::from_millis(1_772_366_400_000 + minutes * 60_000).unwrap()
}

pub(crate) fn cashier(id: &str, discount: &str, may: &[Permission]) -> Cashier {
    let may = may.iter().copied().collect();
    Cashier { id: label(id), name: label(id), pin: None, discount: discount.parse().unwrap(), may }
}

/// Ana may little, Bea everything; prices have the tax in them; five cents is the smallest coin.
pub(crate) fn settings() -> Settings {
    let all = [
        Permission::Price,
        Permission::Refund,
        Permission::BlindRefund,
        Permission::Oversell,
        Permission::PayOut,
        Permission::Manage,
    ];
    let rate = |class: &str, rate: &str| TaxRate {
        country: Some("ES".parse().unwrap()),
        class: class.parse().unwrap(),
        rate: rate.parse().unwrap(),
    };
    Settings {
        version: 1,
        device: device(),
        label: label("Till 3"),
        series: "S042-T03".parse().unwrap(),
        location: "store-42".parse().unwrap(),
        header: vec![label("Estiba, S.L."), label("Calle Mayor 1, Madrid"), label("NIF B12345678")],
        footer: vec![label("¡Gracias!")],
        currency: "EUR".parse().unwrap(),
        country: "ES".parse().unwrap(),
        cash_step: minor(5),
        oversell: Oversell::Ask,
        cashiers: vec![cashier("ana", "5", &[]), cashier("bea", "50", &all)],
        tax: TaxTable::new(1, TaxMode::Inclusive, [rate("standard", "21"), rate("books", "4")]),
    }
}

/// A page of the price book.
pub(crate) fn page(version: u32, price: i64, class: &str) -> PriceEntry {
    let prices = [("EUR".parse().unwrap(), minor(price))].into();
    PriceEntry { version, prices, tax_class: class.parse().unwrap() }
}

/// The pages that are kept: of each the one in force only.
pub(crate) fn pages() -> BTreeMap<Sku, Vec<PriceEntry>> {
    let pages = [("MUG", 799, "standard"), ("BOOK", 1250, "books"), ("TEA", 333, "standard")];
    pages.map(|(name, price, class)| (sku(name), vec![page(1, price, class)])).into()
}

pub(crate) fn rights(of: &[(&str, u64)]) -> BTreeMap<Sku, Quantity> {
    of.iter().map(|(name, count)| (sku(name), units(*count))).collect()
}

pub(crate) fn money(net: i64, tax: i64, total: i64) -> LineTotal {
    LineTotal { net: minor(net), tax: minor(tax), total: minor(total) }
}

pub(crate) fn tender(kind: TenderKind, amount: i64) -> Tender {
    Tender { kind, amount: minor(amount), reference: None }
}

/// Two mugs at 7.99 with 10 % off by Bea: 14.38 in cash, which is 14.40; 15.00 was given.
pub(crate) fn two_mugs(entry: &Entry) -> Sale {
    let line = SaleLine {
        no: 1,
        sku: sku("MUG"),
        title: label("Mug"),
        unit: label("pc"),
        quantity: units(2),
        unit_price: minor(799),
        list_version: Some(1),
        discount: Some(Discount { amount: minor(160), reason: label("scratched"), by: label("bea") }),
        tax_class: "standard".parse().unwrap(),
        tax_rate: "21".parse().unwrap(),
        total: money(1188, 250, 1438),
        within: units(2),
        allowed_by: None,
        priced_by: None,
    };
    Sale {
        receipt: receipt(1),
        order: entry.name().order_id(entry.at),
        cashier: label("ana"),
        customer: None,
        currency: "EUR".parse().unwrap(),
        country: "ES".parse().unwrap(),
        tax_version: 1,
        lines: vec![line],
        totals: money(1188, 250, 1438),
        rounding: minor(2),
        tenders: vec![tender(TenderKind::Cash, 1500)],
        change: minor(60),
    }
}

/// The hash that the first entry of this till comes after.
pub(crate) fn start() -> Digest {
    genesis(&device(), 1, "x", "y")
}

pub(crate) fn entry(seq: u64, prev: Digest, event: Event) -> Entry {
    Entry { device: device(), epoch: 1, seq, prev, at: at(0), uptime: 1000, book: 7, event }
}

/// As the till hands it in; what the signature is does not matter to the core.
pub(crate) fn signed(entry: Entry) -> Signed {
    let hash = entry.hash().unwrap();
    Signed { entry, hash, signature: String::new() }
}

pub(crate) fn journal(events: impl IntoIterator<Item = Event>) -> Vec<Signed> {
    let mut prev = start();
    (1..)
        .zip(events)
        .map(|(seq, event)| {
            let signed = signed(entry(seq, prev, event));
            prev = signed.hash;
            signed
        })
        .collect()
}

/// The goods of the shop, as the edge lists them.
pub(crate) fn goods() -> Goods {
    let item = |name: &str, title: &str, code: &str, category: &str, unit: &str| Item {
        sku: sku(name),
        title: label(title),
        unit: label(unit),
        barcodes: vec![label(code)],
        category: Some(label(category)),
        price: pages().remove(&sku(name)).unwrap().remove(0),
        available: None,
    };
    let mut goods = Goods::new("EUR".parse().unwrap());
    goods.put(item("MUG", "Mug", "5601234567898", "Kitchen", "pc"));
    goods.put(item("BOOK", "Don Quijote", "9788424936488", "Books", "pc"));
    goods.put(item("TEA", "Té verde", "2100001", "Kitchen", "kg"));
    goods
}

/// A till at work, with its journal and everything it is told.
pub(crate) struct Shop {
    pub(crate) till: Till,
    pub(crate) settings: Settings,
    pub(crate) goods: Goods,
    pub(crate) book: Option<Book>,
    pub(crate) granted: BTreeMap<Sku, Quantity>,
    pub(crate) clock: Clock,
    pub(crate) journal: Vec<Signed>,
}

impl Shop {
    /// One whose shift is not open, with rights to ten of everything.
    pub(crate) fn closed() -> Self {
        Self {
            till: Till::new(device(), 1, start(), 1),
            settings: settings(),
            goods: goods(),
            book: Some(Book { version: 7, checked_at: at(-60) }),
            granted: rights(&[("MUG", 10), ("BOOK", 10), ("TEA", 10)]),
            clock: Clock { now: at(0), uptime: 1000, skew: Some(0) },
            journal: Vec::new(),
        }
    }

    /// One where Ana opened a shift with a hundred.
    pub(crate) fn open() -> Self {
        let mut shop = Self::closed();
        shop.does(&Command::OpenShift { cashier: label("ana"), float: minor(10_000) });
        shop
    }

    pub(crate) fn facts(&self) -> Facts<'_> {
        Facts {
            settings: &self.settings,
            catalog: &self.goods,
            book: self.book,
            granted: &self.granted,
            clock: self.clock,
        }
    }

    pub(crate) fn tries(&self, command: &Command) -> Result<Decided, Refusal> {
        decide(&self.till, command, &self.facts())
    }

    #[track_caller]
    pub(crate) fn refuses(&self, command: &Command, refusal: Refusal) {
        assert_eq!(self.tries(command).map(|decided| decided.entry.event), Err(refusal), "{command:?}");
    }

    /// Decides, writes and takes in.
    #[track_caller]
    pub(crate) fn does(&mut self, command: &Command) -> Entry {
        let decided = self.tries(command).unwrap_or_else(|refusal| panic!("{command:?}: {refusal}"));
        self.takes(decided)
    }

    pub(crate) fn takes(&mut self, decided: Decided) -> Entry {
        let Decided { entry, bytes, hash } = decided;
        assert_eq!((entry.bytes().unwrap(), entry.hash().unwrap()), (bytes, hash));
        self.till.apply(&entry, hash);
        self.journal.push(Signed { entry: entry.clone(), hash, signature: String::new() });
        entry
    }

    #[track_caller]
    pub(crate) fn sells(&mut self, cart: Cart) -> Sale {
        let Event::Sold(sale) = self.does(&Command::Sell(Box::new(cart))).event else { panic!("no sale") };
        *sale
    }
}

pub(crate) fn cart(lines: &[(&str, u64)], tenders: Vec<Tender>) -> Cart {
    let line =
        |(name, count): &(&str, u64)| CartLine { sku: sku(name), quantity: units(*count), price: None, discount: None };
    let lines = lines.iter().map(line).collect();
    Cart { cashier: label("ana"), approver: None, customer: None, lines, discount: None, tenders }
}

pub(crate) fn off(percent: Option<&str>, amount: Option<i64>) -> DiscountAsk {
    let percent = percent.map(|percent| percent.parse().unwrap());
    DiscountAsk { percent, amount: amount.map(minor), reason: label("scratched") }
}

pub(crate) fn cash(amount: i64) -> Vec<Tender> {
    vec![tender(TenderKind::Cash, amount)]
}

pub(crate) fn by_card(amount: i64) -> Vec<Tender> {
    vec![tender(TenderKind::Card, amount)]
}
