//! What each account has bought and not given back: where a credit finds its sale.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::retail::Invoice;
use crate::shop::{PartOfLine, Units};

/// Sales of one account, oldest first, with what its credits have taken so far.
#[derive(Debug, Default)]
pub struct Account {
    by_sku: HashMap<Arc<str>, Vec<SoldLine>>,
}

#[derive(Debug)]
struct SoldLine {
    order: usize,
    line: u32,
    left: u64,
}

/// What a credit takes from which order, and the units that no sale answers for.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Matched {
    pub orders: BTreeMap<usize, Vec<PartOfLine>>,
    pub unmatched: u64,
}

impl Account {
    /// `order` is the caller's own number for the order this sale became.
    pub fn sold(&mut self, order: usize, sale: &Invoice) {
        for (line, sold) in (1..).zip(&sale.lines) {
            let lines = self.by_sku.entry(sold.sku.clone()).or_default();
            lines.push(SoldLine { order, line, left: sold.quantity });
        }
    }

    /// The latest sale first: who sends something back usually means what came last.
    pub fn credit(&mut self, credit: &Invoice) -> Matched {
        let mut matched = Matched::default();
        for back in &credit.lines {
            let mut wanted = back.quantity;
            for sold in self.by_sku.get_mut(&back.sku).into_iter().flatten().rev() {
                let taken = wanted.min(sold.left);
                if taken > 0 {
                    sold.left -= taken;
                    wanted -= taken;
                    add(matched.orders.entry(sold.order).or_default(), sold.line, taken);
                }
            }
            matched.unmatched += wanted;
        }
        matched
    }
}

/// One part per line: a credit may name the same article twice.
fn add(parts: &mut Vec<PartOfLine>, line: u32, units: u64) {
    match parts.iter_mut().find(|part| part.line == line) {
        Some(part) => part.quantity.0 += units,
        None => parts.push(PartOfLine { line, quantity: Units(units) }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::retail::{Kind, Line};

    fn invoice(kind: Kind, lines: &[(&str, u64)]) -> Invoice {
        let line = |(sku, quantity): &(&str, u64)| Line { sku: Arc::from(*sku), quantity: *quantity, pence: 100 };
        Invoice {
            number: "1".into(),
            kind,
            at: "2010-12-01T08:26:00.000Z".into(),
            day: 0,
            customer: Some(Arc::from("17850")),
            country: "GB",
            lines: lines.iter().map(line).collect(),
        }
    }

    fn part(line: u32, units: u64) -> PartOfLine {
        PartOfLine { line, quantity: Units(units) }
    }

    fn account() -> Account {
        let mut account = Account::default();
        account.sold(7, &invoice(Kind::Sale, &[("A", 5), ("B", 1)]));
        account.sold(8, &invoice(Kind::Sale, &[("B", 2), ("A", 3)]));
        account
    }

    #[test]
    fn the_latest_sale_takes_its_goods_back_first() {
        let matched = account().credit(&invoice(Kind::Credit, &[("A", 4)]));
        let expected = BTreeMap::from([(7, vec![part(1, 1)]), (8, vec![part(2, 3)])]);
        assert_eq!(matched, Matched { orders: expected, unmatched: 0 });
    }

    #[test]
    fn nothing_comes_back_twice() {
        let mut account = account();
        account.credit(&invoice(Kind::Credit, &[("A", 8)]));
        assert_eq!(account.credit(&invoice(Kind::Credit, &[("A", 1)])), Matched { unmatched: 1, ..Matched::default() });
    }

    #[test]
    fn one_line_is_named_once() {
        let matched = account().credit(&invoice(Kind::Credit, &[("B", 1), ("B", 1)]));
        assert_eq!(matched.orders, BTreeMap::from([(8, vec![part(1, 2)])]));
    }

    #[test]
    fn what_was_never_sold_is_said() {
        let matched = account().credit(&invoice(Kind::Credit, &[("C", 2), ("B", 9)]));
        assert_eq!(matched.unmatched, 2 + 6);
    }
}
