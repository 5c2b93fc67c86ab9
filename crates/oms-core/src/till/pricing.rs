//! Pricing a cart: lines, discounts, tax, tenders, change.

use alloc::vec::Vec;

use super::cart::{Cart, CartLine, DiscountAsk, MAX_LINES, MAX_TENDERS, Payment, Priced, PricedLine};
use super::facts::{Facts, People};
use super::refusal::Refusal;
use super::sale::{Discount, SaleLine, Tender, TenderKind};
use super::settings::{Oversell, Permission, Settings, rounding};
use super::state::Till;
use crate::price::{self, LineTotal, Rate};
use crate::value::{Amount, Label, Quantity, Sku};

/// Prices a cart as it stands. Lines that cannot be priced are left out and named in the refusals.
pub fn price(till: &Till, cart: &Cart, facts: &Facts<'_>) -> Priced {
    work_out(till, cart, facts).0
}

/// The cart with its numbers, and the lines as they would stand in the journal.
pub(super) fn work_out(till: &Till, cart: &Cart, facts: &Facts<'_>) -> (Priced, Vec<SaleLine>) {
    let people = People { settings: facts.settings, cashier: &cart.cashier, approver: cart.approver.as_ref() };
    let mut refusals = Vec::new();
    if cart.lines.is_empty() {
        refusals.push(Refusal::Empty);
    }
    if cart.lines.len() > MAX_LINES || cart.tenders.len() > MAX_TENDERS {
        refusals.push(Refusal::TooManyLines);
    }
    let drafts = drafts(cart, people, facts, &mut refusals);
    let shares = shares(cart.discount.as_ref(), &drafts, &mut refusals);
    let mut rights = Rights { till, facts, taken: Vec::new() };
    let lines: Vec<(PricedLine, SaleLine)> = drafts
        .into_iter()
        .zip(shares)
        .filter_map(|(draft, share)| finish(draft, share, cart, people, &mut rights, &mut refusals))
        .collect();
    let (lines, sold): (Vec<PricedLine>, Vec<SaleLine>) = lines.into_iter().unzip();
    let totals: Vec<LineTotal> = lines.iter().map(|line| line.total).collect();
    let totals = price::totals(&totals).unwrap_or_else(|_| {
        refusals.push(Refusal::TooMuchMoney);
        LineTotal::default()
    });
    let payment = pay(totals.total, &cart.tenders, facts.settings, &mut refusals);
    let discount = lines.iter().map(|line| line.discount).sum();
    (Priced { lines, totals, discount, payment, refusals }, sold)
}

/// A line before the discount on the whole is known.
struct Draft<'a> {
    no: u32,
    line: &'a CartLine,
    title: Label,
    unit: Label,
    unit_price: Amount,
    list_price: Option<Amount>,
    list_version: Option<u32>,
    priced_by: Option<Label>,
    tax_class: price::TaxClass,
    /// What it comes to before anything is taken off.
    extended: Amount,
    /// What its own discount takes off.
    off: Amount,
}

fn drafts<'a>(cart: &'a Cart, people: People<'_>, facts: &Facts<'_>, refusals: &mut Vec<Refusal>) -> Vec<Draft<'a>> {
    let mut drafts = Vec::new();
    for (line, no) in cart.lines.iter().zip(1_u32..).take(MAX_LINES) {
        match draft(line, no, people, facts) {
            Ok((draft, refused)) => {
                refusals.extend(refused);
                drafts.push(draft);
            }
            Err(refusal) => refusals.push(refusal),
        }
    }
    drafts
}

/// A line with its price, and what about it nobody may do. Refused is what has no price.
fn draft<'a>(
    line: &'a CartLine,
    no: u32,
    people: People<'_>,
    facts: &Facts<'_>,
) -> Result<(Draft<'a>, Option<Refusal>), Refusal> {
    let page = facts.catalog.page(&line.sku).ok_or(Refusal::UnknownSku { line: no })?;
    if line.quantity.is_zero() {
        return Err(Refusal::NothingOrdered { line: no });
    }
    // Keying in the list price changes nothing and takes nobody.
    let keyed = line.price.filter(|keyed| page.price != Some(*keyed));
    let unit_price = keyed.or(page.price).ok_or(Refusal::NoPrice { line: no })?;
    if unit_price.is_negative() {
        return Err(Refusal::NegativePrice { line: no });
    }
    let extended = price::extended(line.quantity, unit_price).map_err(|_| Refusal::TooMuchMoney)?;
    let off = match &line.discount {
        Some(ask) => taken_off(ask, extended).ok_or(Refusal::DiscountBeyondPrice { line: Some(no) })?,
        None => Amount::ZERO,
    };
    let (priced_by, refused) = match keyed.map(|_| people.answers(Permission::Price)) {
        None => (None, None),
        Some(Ok(by)) => (Some(by.clone()), None),
        Some(Err(refused)) => (None, Some(refused)),
    };
    let draft = Draft {
        no,
        line,
        title: page.title.clone(),
        unit: page.unit.clone(),
        unit_price,
        list_price: page.price,
        list_version: keyed.is_none().then_some(page.version),
        priced_by,
        tax_class: page.tax_class.clone(),
        extended,
        off,
    };
    Ok((draft, refused))
}

/// What a discount takes off an amount; nothing when that is more than the amount, or less than nothing.
fn taken_off(ask: &DiscountAsk, amount: Amount) -> Option<Amount> {
    let part = price::percent(amount, ask.percent.unwrap_or_default()).ok()?;
    let off = part.checked_add(ask.amount.unwrap_or_default())?;
    (!off.is_negative() && off <= amount && !ask.amount.is_some_and(Amount::is_negative)).then_some(off)
}

/// The discount on the whole, shared out over what the lines come to. No share is more than its line.
fn shares(ask: Option<&DiscountAsk>, drafts: &[Draft<'_>], refusals: &mut Vec<Refusal>) -> Vec<Amount> {
    let left = |draft: &Draft<'_>| draft.extended.checked_sub(draft.off).unwrap_or_default();
    let whole: Amount = drafts.iter().map(left).sum();
    let off = match ask.map(|ask| taken_off(ask, whole)) {
        None => Amount::ZERO,
        Some(Some(off)) => off,
        Some(None) => {
            refusals.push(Refusal::DiscountBeyondPrice { line: None });
            Amount::ZERO
        }
    };
    let weights: Vec<u64> = drafts.iter().map(|draft| left(draft).minor().unsigned_abs()).collect();
    price::spread(off, &weights)
}

/// What a till may still sell, line by line of a cart.
struct Rights<'a> {
    till: &'a Till,
    facts: &'a Facts<'a>,
    taken: Vec<(Sku, Quantity)>,
}

impl Rights<'_> {
    /// Takes as much of a quantity as there are rights to.
    fn take(&mut self, sku: &Sku, quantity: Quantity) -> Quantity {
        let taken: Quantity = self.taken.iter().filter(|(taken, _)| taken == sku).map(|(_, quantity)| quantity).sum();
        let within = quantity.min(self.till.right(sku, self.facts.granted).saturating_sub(taken));
        self.taken.push((sku.clone(), within));
        within
    }
}

fn finish(
    draft: Draft<'_>,
    share: Amount,
    cart: &Cart,
    people: People<'_>,
    rights: &mut Rights<'_>,
    refusals: &mut Vec<Refusal>,
) -> Option<(PricedLine, SaleLine)> {
    let settings = people.settings;
    let no = draft.no;
    let off = draft.off.saturating_add(share);
    let tax_rate = settings.tax.rate(settings.country, &draft.tax_class);
    let left = draft.extended.checked_sub(off)?;
    let Ok(total) = price::taxed(left, tax_rate, settings.tax.mode) else {
        refusals.push(Refusal::TooMuchMoney);
        return None;
    };
    let discount = discount(&draft, off, cart, people, refusals);
    let within = rights.take(&draft.line.sku, draft.line.quantity);
    let allowed_by = beyond(&draft, within, people, refusals);
    let (sku, quantity) = (draft.line.sku.clone(), draft.line.quantity);
    let priced = PricedLine {
        no,
        sku: sku.clone(),
        title: draft.title.clone(),
        unit: draft.unit.clone(),
        quantity,
        unit_price: draft.unit_price,
        list_price: draft.list_price,
        list_version: draft.list_version,
        discount: off,
        tax_class: draft.tax_class.clone(),
        tax_rate,
        total,
        within,
    };
    let sold = SaleLine {
        no,
        sku,
        title: draft.title,
        unit: draft.unit,
        quantity,
        unit_price: draft.unit_price,
        list_version: draft.list_version,
        discount,
        tax_class: draft.tax_class,
        tax_rate,
        total,
        within,
        allowed_by,
        priced_by: draft.priced_by,
    };
    Some((priced, sold))
}

/// The discount as it goes on record, with who answers for it.
fn discount(
    draft: &Draft<'_>,
    off: Amount,
    cart: &Cart,
    people: People<'_>,
    refusals: &mut Vec<Refusal>,
) -> Option<Discount> {
    let reason = [&draft.line.discount, &cart.discount].into_iter().flatten().next()?.reason.clone();
    if off.is_zero() {
        return None;
    }
    let by = people.both().find(|id| people.settings.may_take_off(id, off, draft.extended));
    if by.is_none() {
        let most = people.both().filter_map(|id| people.settings.cashier(id)).map(|cashier| cashier.discount).max();
        refusals.push(Refusal::DiscountTooHigh { line: draft.no, most: most.unwrap_or(Rate::ZERO) });
    }
    Some(Discount { amount: off, reason, by: by?.clone() })
}

/// Who answers for selling what there are no rights to.
fn beyond(draft: &Draft<'_>, within: Quantity, people: People<'_>, refusals: &mut Vec<Refusal>) -> Option<Label> {
    if within >= draft.line.quantity {
        return None;
    }
    let may_ask = match people.settings.oversell {
        Oversell::Allow => return None,
        Oversell::Ask => true,
        Oversell::Refuse => false,
    };
    let by = if may_ask { people.answers(Permission::Oversell).ok() } else { None };
    if by.is_none() {
        let sku = draft.line.sku.clone();
        refusals.push(Refusal::NoRights { line: draft.no, sku, available: within, may_ask });
    }
    by.cloned()
}

/// What is left to pay after the tenders, and the change.
fn pay(total: Amount, tenders: &[Tender], settings: &Settings, refusals: &mut Vec<Refusal>) -> Payment {
    let Some((payment, given)) = owed(total, tenders, settings, refusals) else { return Payment::default() };
    let over = payment.due.checked_neg().unwrap_or_default();
    if !over.is_negative() && !over.is_zero() {
        refusals.push(Refusal::ChangeOnlyFromCash { over });
        return payment;
    }
    let owed = if given.is_some() { payment.due_in_cash } else { payment.due };
    let change = given.unwrap_or_default().checked_sub(owed).unwrap_or_default();
    if change.is_negative() {
        refusals.push(Refusal::TooLittle { missing: change.checked_neg().unwrap_or_default() });
        return payment;
    }
    Payment { change, ..payment }
}

/// What tenders leave to be paid in cash, and the cash that was given, if any. Nothing for tenders without a valid amount.
pub(super) fn owed(
    total: Amount,
    tenders: &[Tender],
    settings: &Settings,
    refusals: &mut Vec<Refusal>,
) -> Option<(Payment, Option<Amount>)> {
    let (mut without_cash, mut cash) = (Amount::ZERO, None);
    for (tender, index) in tenders.iter().zip(1_u32..) {
        let is_cash = tender.kind == TenderKind::Cash;
        // No cash at all may be what is left after rounding.
        if tender.amount.is_negative() || (tender.amount.is_zero() && !is_cash) {
            refusals.push(Refusal::TenderAmount { index });
            return None;
        }
        let sum = if is_cash { cash.unwrap_or_default() } else { without_cash };
        let Some(sum) = sum.checked_add(tender.amount) else {
            refusals.push(Refusal::TooMuchMoney);
            return None;
        };
        if is_cash {
            cash = Some(sum);
        } else {
            without_cash = sum;
        }
    }
    let due = total.checked_sub(without_cash)?;
    let step = rounding(due, settings.cash_step);
    let rounding = if cash.is_some() { step } else { Amount::ZERO };
    let due_in_cash = due.saturating_add(step);
    Some((Payment { without_cash, due, due_in_cash, rounding, change: Amount::ZERO }, cash))
}
