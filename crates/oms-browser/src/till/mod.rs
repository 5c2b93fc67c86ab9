//! The class `Till`: the machine, the catalog and the printer's lines, for a page that keeps the journal.

mod read;
mod view;

use alloc::collections::BTreeMap;

use oms_api::problem::{Code, Problem};
use oms_core::till::goods::{Goods, Item, Scan, Search};
use oms_core::till::{self as core, Book, Clock, Command, Decided, Entry, Facts, Settings, qr, receipt, report};
use oms_core::value::{Digest, Label, Quantity, Sku};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::answer::{self, No, give, give_object};
use crate::read::Rights;

/// Entries between two snapshots: a page folds at most this many when it opens.
const SNAPSHOT_EVERY: u64 = 32;
/// Items left out of a part of a catalog that are named.
const MAX_LEFT_OUT: usize = 100;

/// A till. See `TillCore` for what each function takes and gives.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct Till(Option<Open>);

/// A till that was opened.
#[derive(Debug)]
struct Open {
    state: core::Till,
    settings: Settings,
    granted: BTreeMap<Sku, Quantity>,
    goods: Goods,
    book: Option<Book>,
    /// Decided and not written yet: its hash, and where the till stands then.
    pending: Option<(Digest, core::Till)>,
}

#[wasm_bindgen]
impl Till {
    /// One that is not open yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self(None)
    }

    /// Opens it where its snapshot and the entries since leave it.
    #[wasm_bindgen(unchecked_return_type = "TillAnswer<TillView>")]
    pub fn open(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "TillOpening")] opening: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "TillClock")] clock: &JsValue,
    ) -> JsValue {
        let opened = read::body(opening).and_then(Open::new);
        give(opened.and_then(|open| {
            self.0 = Some(open);
            self.look(clock)
        }))
    }

    /// Where it stands.
    #[wasm_bindgen(unchecked_return_type = "TillAnswer<TillView>")]
    pub fn view(&self, #[wasm_bindgen(unchecked_param_type = "TillClock")] clock: &JsValue) -> JsValue {
        give(self.look(clock))
    }

    /// Newer settings.
    #[wasm_bindgen(unchecked_return_type = "TillAnswer<null>")]
    pub fn settings(&mut self, #[wasm_bindgen(unchecked_param_type = "TillSettings")] settings: &JsValue) -> JsValue {
        give(self.at_work().and_then(|open| open.set_up(read::body(settings)?)))
    }

    /// What the edge granted.
    #[wasm_bindgen(unchecked_return_type = "TillAnswer<null>")]
    pub fn rights(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Record<string, string>")] rights: &JsValue,
    ) -> JsValue {
        give(self.at_work().and_then(|open| {
            let Rights(rights) = read::body(rights)?;
            for (sku, quantity) in rights {
                let granted = open.granted.entry(sku).or_default();
                *granted = quantity.max(*granted);
            }
            Ok(())
        }))
    }

    /// Whether it is their PIN.
    pub fn identify(&self, cashier: &str, pin: &str) -> bool {
        let known = self.0.as_ref().zip(cashier.parse().ok());
        let known = known.and_then(|(open, id): (_, Label)| open.settings.cashier(&id));
        known.is_some_and(|cashier| cashier.pin.as_ref().is_none_or(|hash| hash.proves(pin)))
    }

    /// A part of the catalog.
    #[wasm_bindgen(unchecked_return_type = "TillAnswer<CatalogTaken>")]
    pub fn load_catalog(&mut self, #[wasm_bindgen(unchecked_param_type = "CatalogItem[]")] items: &JsValue) -> JsValue {
        give(self.at_work().and_then(|open| {
            if !js_sys::Array::is_array(items) {
                return Err(Problem::invalid("", "wrong_type", "a list of items is needed").into());
            }
            let mut left_out = Vec::new();
            for (index, item) in js_sys::Array::from(items).iter().enumerate() {
                match read::body::<Item>(&item) {
                    Ok(item) => open.goods.put(item),
                    Err(no) if left_out.len() < MAX_LEFT_OUT => left_out.push(view::LeftOut::new(index, &no)),
                    Err(_) => {}
                }
            }
            Ok(view::Taken { items: open.goods.len(), left_out })
        }))
    }

    /// Forgets the catalog.
    pub fn clear_catalog(&mut self) {
        if let Some(open) = &mut self.0 {
            open.goods = Goods::new(open.settings.currency);
        }
    }

    /// Which catalog that is, and how new.
    #[wasm_bindgen(unchecked_return_type = "TillAnswer<null>")]
    pub fn book(&mut self, #[wasm_bindgen(unchecked_param_type = "TillBook")] book: &JsValue) -> JsValue {
        give(self.at_work().and_then(|open| {
            open.book = Some(read::body(book)?);
            open.goods.settle();
            Ok(())
        }))
    }

    /// Items by the beginnings of words.
    #[wasm_bindgen(unchecked_return_type = "TillAnswer<TillItem[]>")]
    pub fn search(&mut self, #[wasm_bindgen(unchecked_param_type = "SearchAsk")] ask: &JsValue) -> JsValue {
        give(self.at_work().and_then(|open| {
            let search: Search = read::body(ask)?;
            let Open { goods, state, granted, .. } = open;
            let item = |article| view::ItemView::new(article, state, granted);
            Ok(goods.search(&search).into_iter().map(item).collect::<Vec<_>>())
        }))
    }

    /// What a scanned code is.
    #[wasm_bindgen(unchecked_return_type = "TillAnswer<Scanned>")]
    pub fn scan(&self, code: &str) -> JsValue {
        give(self.opened().map(|open| match open.goods.scan(code) {
            Scan::Item { article, quantity, price } => {
                let item = view::ItemView::new(article, &open.state, &open.granted);
                view::Scanned::Item { item: Box::new(item), quantity, price }
            }
            Scan::Receipt(mark) => {
                let receipt::Mark { order, seq, hash, total } = mark;
                view::Scanned::Receipt { order, seq, hash, total }
            }
            Scan::Unknown => view::Scanned::Unknown { code: code.to_owned() },
        }))
    }

    /// The categories.
    #[wasm_bindgen(unchecked_return_type = "TillAnswer<{ name: string; items: number }[]>")]
    pub fn categories(&self) -> JsValue {
        give(self.opened().map(|open| {
            let category = |(name, items): (&Label, usize)| view::Category { name: name.clone(), items };
            open.goods.categories().into_iter().map(category).collect::<Vec<_>>()
        }))
    }

    /// A cart with its numbers.
    #[wasm_bindgen(unchecked_return_type = "TillAnswer<PricedCart>")]
    pub fn price(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Cart")] cart: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "TillClock")] clock: &JsValue,
    ) -> JsValue {
        give(self.opened().and_then(|open| {
            let (cart, clock) = (read::body(cart)?, read::body(clock)?);
            Ok(view::PricedView::new(core::price(&open.state, &cart, &open.facts(clock))))
        }))
    }

    /// A refund with its numbers.
    #[wasm_bindgen(unchecked_return_type = "TillAnswer<PricedRefund>")]
    pub fn price_refund(
        &self,
        #[wasm_bindgen(unchecked_param_type = "RefundAsk")] refund: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "TillClock")] clock: &JsValue,
    ) -> JsValue {
        give(self.opened().and_then(|open| {
            let ask = read::body::<read::RefundBody>(refund)?.ask()?;
            let clock = read::body(clock)?;
            Ok(view::RefundView::new(core::refund::price(&open.state, &ask, &open.facts(clock))))
        }))
    }

    /// The entry that a command makes.
    #[wasm_bindgen(unchecked_return_type = "TillAnswer<TillDecided>")]
    pub fn decide(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "TillCommand")] command: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "TillClock")] clock: &JsValue,
    ) -> JsValue {
        let decided = self.at_work().and_then(|open| {
            let (command, clock) = (read::command(command)?, read::body(clock)?);
            open.decide(&command, clock)
        });
        give_object(decided.and_then(|(view, bytes)| {
            let object = answer::object(&view)?;
            answer::set(&object, "bytes", &answer::bytes(&bytes));
            Ok(object)
        }))
    }

    /// What was decided is written for good.
    #[wasm_bindgen(unchecked_return_type = "TillAnswer<null>")]
    pub fn commit(&mut self, hash: &str) -> JsValue {
        give(self.at_work().and_then(|open| match open.pending.take() {
            Some((decided, state)) if decided.to_string() == hash => {
                open.state = state;
                Ok(())
            }
            other => {
                open.pending = other;
                Err(Problem::new(Code::NotPossibleNow, "nothing with this hash was decided").into())
            }
        }))
    }

    /// What there was in the shift.
    #[wasm_bindgen(unchecked_return_type = "TillAnswer<TillReport | null>")]
    pub fn report(&self) -> JsValue {
        give(self.opened().map(|open| report::report(&open.state, &open.settings)))
    }

    /// The receipt of an entry.
    #[wasm_bindgen(unchecked_return_type = "TillAnswer<Receipt>")]
    pub fn receipt(
        &self,
        entry: &str,
        hash: &str,
        #[wasm_bindgen(unchecked_param_type = "ReceiptOptions")] options: &JsValue,
    ) -> JsValue {
        give_object(self.opened().and_then(|open| {
            let entry: Entry = crate::read::json(entry.as_bytes())?;
            let hash = hash.parse().map_err(|_| Problem::invalid("", "invalid_hash", "the hash is not one"))?;
            let options = read::body(options)?;
            let printed = receipt::of(&entry, &hash, &open.settings, &options);
            let printed = printed.ok_or_else(|| Problem::new(Code::NotFound, "the entry has no receipt"))?;
            view::printed(&printed, &options)
        }))
    }

    /// The report on paper.
    #[wasm_bindgen(unchecked_return_type = "TillAnswer<Receipt>")]
    pub fn report_receipt(
        &self,
        #[wasm_bindgen(unchecked_param_type = "ReceiptOptions")] options: &JsValue,
    ) -> JsValue {
        give_object(self.opened().and_then(|open| {
            let options = read::body(options)?;
            let report = report::report(&open.state, &open.settings);
            let report = report.ok_or_else(|| Problem::new(Code::NotFound, "there was no shift yet"))?;
            view::printed(&receipt::report(&report, &open.settings, &options), &options)
        }))
    }

    /// A QR code.
    #[wasm_bindgen(unchecked_return_type = "TillAnswer<QrCode>")]
    pub fn qr(&self, text: &str) -> JsValue {
        let code = qr::encode(text.as_bytes());
        let code = code.ok_or_else(|| No::from(Problem::invalid("", "too_long", "a QR code takes 213 bytes")));
        give_object(code.map(|code| {
            let object = js_sys::Object::new();
            answer::set(&object, "size", &JsValue::from(u32::try_from(code.size).unwrap_or_default()));
            answer::set(&object, "modules", &answer::bytes(&code.modules));
            object.into()
        }))
    }
}

impl Till {
    fn opened(&self) -> Result<&Open, No> {
        self.0.as_ref().ok_or_else(closed)
    }

    fn at_work(&mut self) -> Result<&mut Open, No> {
        self.0.as_mut().ok_or_else(closed)
    }

    fn look(&self, clock: &JsValue) -> Result<view::TillView, No> {
        let open = self.opened()?;
        let clock = read::body(clock)?;
        Ok(view::TillView::new(&open.state, &open.facts(clock), open.goods.len()))
    }
}

fn closed() -> No {
    Problem::new(Code::NotPossibleNow, "the till is not open").into()
}

impl Open {
    fn new(opening: read::Opening) -> Result<Self, No> {
        let read::Opening { device, epoch, genesis, next_receipt, settings, rights, snapshot, entries } = opening;
        let mut state = match snapshot {
            Some(snapshot) => crate::read::json(snapshot.as_bytes())?,
            None => core::Till::new(device.clone(), epoch, genesis, next_receipt),
        };
        if state.tip.device != device || state.tip.epoch != epoch || settings.device != device {
            return Err(Problem::invalid("/snapshot", "other_till", "it is of another till").into());
        }
        for text in entries {
            let entry: Entry = crate::read::json(text.as_bytes())?;
            if entry.seq <= state.tip.seq {
                continue;
            }
            let next = state.tip.seq.saturating_add(1);
            if entry.seq != next || entry.prev != state.tip.head || entry.device != device || entry.epoch != epoch {
                let detail = format!("the journal is broken at entry {next}");
                return Err(Problem::invalid("/entries", "broken_journal", detail).into());
            }
            state.apply(&entry, Digest::of(text.as_bytes()));
        }
        let goods = Goods::new(settings.currency);
        Ok(Self { state, settings, granted: rights.0, goods, book: None, pending: None })
    }

    fn set_up(&mut self, settings: Settings) -> Result<(), No> {
        if settings.device != self.state.tip.device {
            return Err(Problem::invalid("/device", "other_till", "they are of another till").into());
        }
        if settings.currency != self.settings.currency {
            // Prices at hand are in the other currency.
            self.goods = Goods::new(settings.currency);
        }
        self.settings = settings;
        Ok(())
    }

    fn facts(&self, clock: Clock) -> Facts<'_> {
        Facts { settings: &self.settings, catalog: &self.goods, book: self.book, granted: &self.granted, clock }
    }

    fn decide(&mut self, command: &Command, clock: Clock) -> Result<(view::DecidedView, Vec<u8>), No> {
        let decided = core::decide(&self.state, command, &self.facts(clock))?;
        let mut state = self.state.clone();
        state.apply(&decided.entry, decided.hash);
        let Decided { entry, bytes, hash } = decided;
        let due = entry.seq.is_multiple_of(SNAPSHOT_EVERY) || state.shift.is_some() != self.state.shift.is_some();
        let view = view::DecidedView::new(&entry, &bytes, hash, due.then_some(&state))?;
        self.pending = Some((hash, state));
        Ok((view, bytes))
    }
}
