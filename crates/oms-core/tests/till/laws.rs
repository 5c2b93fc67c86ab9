//! What holds after every step of every day at a till.

use std::collections::BTreeMap;

use oms_core::canonical;
use oms_core::order::Disposition;
use oms_core::price::TaxMode;
use oms_core::till::chain::{Tip, range};
use oms_core::till::check::{Known, Variance, entry as check};
use oms_core::till::{
    Amounted, Command, Event, Oversell, RefundAsk, RefundLineAsk, ReturnOf, Sale, SoldLine, Tender, TenderKind, Till,
    price, refund,
};
use oms_core::value::{Amount, Quantity};
use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence};

use crate::kit::{Shop, at, cart, device, label, minor, off, pages, receipt, sku, start, tender, units};

/// Days in a run, unless `PROPTEST_CASES` says otherwise.
const DAYS: u32 = 2_000;

fn days() -> Config {
    let mut config = Config::default();
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = DAYS;
    }
    let seeds = concat!(env!("CARGO_MANIFEST_DIR"), "/proptest-regressions/till.txt");
    config.failure_persistence = Some(Box::new(FileFailurePersistence::Direct(seeds)));
    config
}

/// Something that may happen; the numbers choose among what there is.
#[derive(Clone, Debug)]
enum Step {
    Open(i64),
    Close(i64),
    In(i64),
    Out(i64),
    Sell { lines: Vec<(usize, u64, i64)>, percent: u32, given: i64, card: u32 },
    Refund { sale: usize, line: usize, thousandths: u64, cash: bool },
    Blind { item: usize, thousandths: u64 },
    Recall { item: usize, thousandths: u64 },
    Grant { item: usize, thousandths: u64 },
}

const ITEMS: [&str; 3] = ["MUG", "BOOK", "TEA"];

fn step() -> impl Strategy<Value = Step> {
    let line = (0..4_usize, 0..9_000_u64, -1..900_i64);
    prop_oneof![
        1 => (0..20_000_i64).prop_map(Step::Open),
        1 => (0..50_000_i64).prop_map(Step::Close),
        1 => (-10..5_000_i64).prop_map(Step::In),
        1 => (-10..5_000_i64).prop_map(Step::Out),
        8 => (prop::collection::vec(line, 0..5), 0..60_u32, -3..3_000_i64, 0..101_u32)
            .prop_map(|(lines, percent, given, card)| Step::Sell { lines, percent, given, card }),
        4 => (any::<usize>(), any::<usize>(), 0..5_000_u64, any::<bool>())
            .prop_map(|(sale, line, thousandths, cash)| Step::Refund { sale, line, thousandths, cash }),
        1 => (0..3_usize, 0..3_000_u64).prop_map(|(item, thousandths)| Step::Blind { item, thousandths }),
        2 => (0..3_usize, 0..9_000_u64).prop_map(|(item, thousandths)| Step::Recall { item, thousandths }),
        2 => (0..3_usize, 0..9_000_u64).prop_map(|(item, thousandths)| Step::Grant { item, thousandths }),
    ]
}

fn thousandths(count: u64) -> Quantity {
    Quantity::from_thousandths(count).unwrap()
}

/// The day so far.
struct Day {
    shop: Shop,
    sales: Vec<Sale>,
}

impl Day {
    fn command(&mut self, step: &Step) -> Option<Command> {
        let (cashier, approver) = (label("ana"), Some(label("bea")));
        let reason = label("why");
        Some(match step {
            Step::Open(float) => Command::OpenShift { cashier, float: minor(*float) },
            Step::Close(counted) => Command::CloseShift { cashier, approver, counted: minor(*counted) },
            Step::In(amount) => Command::PayIn { cashier, amount: minor(*amount), reason },
            Step::Out(amount) => Command::PayOut { cashier, approver, amount: minor(*amount), reason },
            Step::Sell { lines, percent, given, card } => self.sell(lines, *percent, *given, *card),
            Step::Refund { sale, line, thousandths: count, cash } => {
                let sale = self.sales.get(sale % self.sales.len().max(1))?;
                let line = &sale.lines[line % sale.lines.len()];
                let lines = vec![RefundLineAsk {
                    line: Some(line.no),
                    sku: line.sku.clone(),
                    quantity: thousandths(*count),
                    price: None,
                    disposition: Disposition::Restock,
                }];
                let of = ReturnOf::Order { order: sale.order, receipt: None };
                self.refund(of, Some(SoldLine::of(sale)), lines, *cash)
            }
            Step::Blind { item, thousandths: count } => {
                let lines = vec![RefundLineAsk {
                    line: None,
                    sku: sku(ITEMS[*item]),
                    quantity: thousandths(*count),
                    price: None,
                    disposition: Disposition::Quarantine,
                }];
                self.refund(ReturnOf::Unknown, None, lines, true)
            }
            Step::Recall { item, thousandths: count } => {
                Command::Surrender { recall: vec![Amounted { sku: sku(ITEMS[*item]), quantity: thousandths(*count) }] }
            }
            Step::Grant { item, thousandths: count } => {
                let granted = self.shop.granted.entry(sku(ITEMS[*item])).or_default();
                *granted = granted.saturating_add(thousandths(*count));
                return None;
            }
        })
    }

    fn sell(&self, lines: &[(usize, u64, i64)], percent: u32, given: i64, card: u32) -> Command {
        let mut sale = cart(&[], Vec::new());
        sale.approver = Some(label("bea"));
        for (item, count, taken) in lines {
            let mut line = cart(&[(ITEMS.get(*item).unwrap_or(&"CUP"), 1)], Vec::new()).lines.remove(0);
            line.quantity = thousandths(*count);
            line.discount = (*taken > 0).then(|| off(None, Some(*taken)));
            line.price = (*taken < 0).then(|| minor(150));
            sale.lines.push(line);
        }
        sale.discount = (percent % 3 == 1).then(|| off(Some(&percent.to_string()), None));
        let total = price(&self.shop.till, &sale, &self.shop.facts()).payment.due.minor();
        let by_card = total * i64::from(card) / 100;
        if by_card > 0 {
            sale.tenders.push(tender(TenderKind::Card, by_card));
        }
        if by_card < total || given > 1_500 {
            let due = price(&self.shop.till, &sale, &self.shop.facts()).payment.due_in_cash.minor();
            sale.tenders.push(tender(TenderKind::Cash, (due + given).max(0)));
        }
        Command::Sell(Box::new(sale))
    }

    fn refund(&self, of: ReturnOf, sold: Option<Vec<SoldLine>>, lines: Vec<RefundLineAsk>, cash: bool) -> Command {
        let (cashier, approver) = (label("ana"), Some(label("bea")));
        let mut ask = RefundAsk { cashier, approver, of, sold, reason: label("back"), lines, tenders: Vec::new() };
        let due = refund::price(&self.shop.till, &ask, &self.shop.facts()).payment;
        ask.tenders = match cash {
            true => vec![tender(TenderKind::Cash, due.due_in_cash.minor())],
            false if due.due.is_zero() => Vec::new(),
            false => vec![tender(TenderKind::Card, due.due.minor())],
        };
        Command::Refund(Box::new(ask))
    }

    /// Takes a step if it is not refused. The edge looks at what came of it before it is taken in.
    fn takes(&mut self, step: &Step) {
        self.shop.clock.now = self.shop.clock.now.saturating_add_millis(60_000);
        let Some(command) = self.command(step) else { return };
        let Ok(decided) = self.shop.tries(&command) else { return };
        let before = self.shop.till.clone();
        let entry = self.shop.takes(decided);
        let rights = ITEMS.map(|name| (sku(name), before.right(&sku(name), &self.shop.granted)));
        let of = match &entry.event {
            Event::Refunded(back) => self.sold(&before, &back.of),
            _ => None,
        };
        let known = Known {
            settings: &self.shop.settings,
            past_taxes: &[],
            pages: &pages(),
            receipt: &receipt(before.next_receipt),
            rights: &BTreeMap::from(rights),
            sold: of.as_deref(),
            received_at: at(100_000),
        };
        let expected = |found: &Variance| matches!(found, Variance::Beyond { .. } | Variance::Cash { .. } if !matches!(entry.event, Event::Refunded(_)));
        let found: Vec<Variance> = check(&entry, &known).into_iter().filter(|found| !expected(found)).collect();
        assert_eq!(found, [], "{entry:?}");
        if let Event::Sold(sale) = &entry.event {
            self.sales.push((**sale).clone());
        }
    }

    /// The lines of a sale with what came back of them, as the edge has them.
    fn sold(&self, before: &Till, of: &ReturnOf) -> Option<Vec<SoldLine>> {
        let ReturnOf::Order { order, .. } = of else { return None };
        let sale = self.sales.iter().find(|sale| sale.order == *order)?;
        let mut lines = SoldLine::of(sale);
        for line in &mut lines {
            line.returned = before.returned(*order, line.line);
        }
        Some(lines)
    }
}

fn paid(tenders: &[Tender], kind: Option<TenderKind>) -> i64 {
    let wanted = tenders.iter().filter(|tender| kind.is_none_or(|kind| tender.kind == kind));
    wanted.map(|tender| tender.amount.minor()).sum()
}

/// What the drawer ought to hold, from the journal alone.
fn in_drawer(day: &Day) -> Option<i64> {
    day.shop.journal.iter().fold(None, |drawer: Option<i64>, signed| match &signed.entry.event {
        Event::ShiftOpened { float, .. } => Some(float.minor()),
        Event::ShiftClosed { .. } => None,
        Event::PaidIn { amount, .. } => drawer.map(|drawer| drawer + amount.minor()),
        Event::PaidOut { amount, .. } => drawer.map(|drawer| drawer - amount.minor()),
        Event::Sold(sale) => {
            drawer.map(|drawer| drawer + paid(&sale.tenders, Some(TenderKind::Cash)) - sale.change.minor())
        }
        Event::Refunded(back) => drawer.map(|drawer| drawer - paid(&back.tenders, Some(TenderKind::Cash))),
        _ => drawer,
    })
}

fn holds(day: &Day) {
    let shop = &day.shop;
    // Money: what was given, less change, is what was due; lines sum to totals; the drawer holds what the journal says.
    let mut receipts = Vec::new();
    let mut refunded: BTreeMap<(String, u32), (u64, i64)> = BTreeMap::new();
    for signed in &shop.journal {
        match &signed.entry.event {
            Event::Sold(sale) => {
                let lines: Amount = sale.lines.iter().map(|line| line.total.total).sum();
                assert_eq!(lines, sale.totals.total);
                let kept = paid(&sale.tenders, None) - sale.change.minor();
                assert_eq!(kept, sale.totals.total.minor() + sale.rounding.minor());
                receipts.push(sale.receipt.number);
            }
            Event::Refunded(back) => {
                assert_eq!(paid(&back.tenders, None), back.totals.total.minor() + back.rounding.minor());
                receipts.push(back.receipt.number);
                if let ReturnOf::Order { order, .. } = back.of {
                    for line in &back.lines {
                        let sum = refunded.entry((order.to_string(), line.line.unwrap())).or_default();
                        sum.0 += line.quantity.thousandths();
                        sum.1 += line.total.total.minor();
                    }
                }
            }
            _ => {}
        }
    }
    assert_eq!(shop.till.shift.as_ref().map(|shift| shift.expected().minor()), in_drawer(day));
    // Receipts are numbered without gaps.
    assert!(receipts.iter().copied().eq(1..=u64::try_from(receipts.len()).unwrap()), "{receipts:?}");
    // No more comes back than was sold, for no more than was paid.
    for sale in &day.sales {
        for line in &sale.lines {
            let Some((quantity, amount)) = refunded.get(&(sale.order.to_string(), line.no)) else { continue };
            assert!(*quantity <= line.quantity.thousandths() && *amount <= line.total.total.minor().max(0));
            if *quantity == line.quantity.thousandths() {
                assert_eq!(*amount, line.total.total.minor(), "all of it comes back for all of it");
            }
        }
    }
    // Rights are never overdrawn.
    for (name, used) in &shop.till.used {
        let granted = shop.granted.get(name).copied().unwrap_or_default();
        assert!(used.sold.saturating_add(used.surrendered) <= granted, "{name}");
    }
}

proptest! {
    #![proptest_config(days())]

    #[test]
    fn a_day_at_a_till_is_sound(
        steps in prop::collection::vec(step(), 1..40),
        oversell in prop_oneof![Just(Oversell::Ask), Just(Oversell::Refuse), Just(Oversell::Allow)],
        coin in prop_oneof![Just(1_i64), Just(5), Just(10), Just(50)],
        inclusive in any::<bool>(),
    ) {
        let mut shop = Shop::open();
        (shop.settings.oversell, shop.settings.cash_step) = (oversell, minor(coin));
        shop.settings.tax.mode = if inclusive { TaxMode::Inclusive } else { TaxMode::Exclusive };
        let mut day = Day { shop, sales: Vec::new() };
        let (mut replayed, mut kept) = (Till::new(device(), 1, start(), 1), Vec::new());
        for step in &steps {
            day.takes(step);
            holds(&day);
            // Folding the journal again gives the same, whatever prefix is kept as a snapshot.
            for signed in &day.shop.journal[usize::try_from(replayed.tip.seq).unwrap()..] {
                replayed.apply(&signed.entry, signed.hash);
            }
            prop_assert_eq!(&replayed, &day.shop.till);
            kept = canonical::to_bytes(&replayed).unwrap();
            replayed = serde_json::from_slice(&kept).unwrap();
        }
        prop_assert_eq!(kept, canonical::to_bytes(&day.shop.till).unwrap());
        let (tip, links, broken) = range(&Tip::start(device(), 1, "x", "y"), &day.shop.journal, |_| None);
        prop_assert_eq!((tip, links.len(), broken), (day.shop.till.tip.clone(), day.shop.journal.len(), None));
    }
}

#[test]
fn the_days_of_the_law_sell_and_take_back() {
    let mut day = Day { shop: Shop::open(), sales: Vec::new() };
    let sell = Step::Sell { lines: vec![(0, 2_000, 0), (2, 500, 10)], percent: 4, given: 100, card: 50 };
    day.takes(&sell);
    day.takes(&Step::Refund { sale: 0, line: 0, thousandths: 1_000, cash: true });
    day.takes(&Step::Blind { item: 1, thousandths: 1_000 });
    day.takes(&Step::Recall { item: 0, thousandths: 9_000 });
    assert_eq!(day.shop.journal.len(), 5, "{:?}", day.shop.tries(&day.sell(&[(0, 2_000, 0)], 4, 100, 50)));
    assert_eq!(day.shop.till.right(&sku("MUG"), &day.shop.granted), units(0));
}
