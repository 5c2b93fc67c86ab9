//! Stock as one would explain it: no running totals, everything counted anew from the holds and the shelves.

use std::collections::{BTreeMap, BTreeSet};

use oms_core::order::Disposition;
use oms_core::stock::{
    Ask, CART_HOLD_MILLIS, CartAsk, Command, HoldId, INQUIRE_AFTER_MILLIS, Item, Move, MoveLine, MovementId, Refusal,
    Verdict,
};
use oms_core::value::{CartId, LocationId, Quantity, Sku, Timestamp};

type Place = (Sku, LocationId);

#[derive(Clone, Debug, Default)]
pub(crate) struct Model {
    pub(crate) items: BTreeMap<Sku, Item>,
    pub(crate) shelves: BTreeMap<Place, Shelf>,
    pub(crate) holds: BTreeMap<HoldId, Hold>,
    pub(crate) movements: BTreeSet<MovementId>,
}

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Shelf {
    pub(crate) on_hand: u64,
    pub(crate) quarantined: u64,
    pub(crate) low: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Hold {
    pub(crate) stage: Stage,
    pub(crate) for_cart: bool,
    pub(crate) parts: Vec<Part>,
    shipments: BTreeSet<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Stage {
    Held { until: Timestamp },
    Confirmed,
    Refused,
    Released,
    Tombstone,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Part {
    pub(crate) line: u32,
    pub(crate) place: Place,
    pub(crate) asked: u64,
    pub(crate) left: u64,
    pub(crate) released: u64,
}

impl Hold {
    fn new(stage: Stage) -> Self {
        Self { stage, for_cart: false, parts: vec![], shipments: BTreeSet::new() }
    }

    pub(crate) fn is_live(&self) -> bool {
        matches!(self.stage, Stage::Held { .. } | Stage::Confirmed)
    }
}

impl Model {
    /// What a SKU's live holds have at a location.
    pub(crate) fn reserved(&self, place: &Place) -> u64 {
        let live = self.holds.values().filter(|hold| hold.is_live());
        live.flat_map(|hold| &hold.parts).filter(|part| part.place == *place).map(|part| part.left).sum()
    }

    pub(crate) fn available(&self, place: &Place, cart: Option<&CartId>) -> u64 {
        let Some(shelf) = self.shelves.get(place) else { return 0 };
        let own = cart.and_then(|cart| self.holds.get(&HoldId::of_cart(cart))).filter(|hold| hold.is_live());
        let own: u64 =
            own.iter().flat_map(|hold| &hold.parts).filter(|part| part.place == *place).map(|part| part.left).sum();
        let item = &self.items[&place.0];
        let safety = item.safety_at(&place.1).thousandths();
        let share = item.kept_for_tills.get(&place.1).copied().unwrap_or_default().thousandths();
        let kept_back = shelf.quarantined + safety;
        // What a cart holds fills no share: of the tills' is only what lies there besides.
        let share = share.min(shelf.on_hand.saturating_sub(self.reserved(place) + kept_back));
        shelf.on_hand.saturating_sub(self.reserved(place) - own + kept_back + share)
    }

    /// How much more is promised than there is.
    pub(crate) fn shortage(&self, place: &Place) -> u64 {
        let shelf = self.shelves[place];
        (self.reserved(place) + shelf.quarantined).saturating_sub(shelf.on_hand)
    }

    /// Does what is asked, or says in a word why not. Carts whose time is over are gone first.
    pub(crate) fn run(&mut self, command: &Command, now: Timestamp) -> Result<(), &'static str> {
        let over = |hold: &Hold| hold.for_cart && matches!(hold.stage, Stage::Held { until } if until <= now);
        self.holds.values_mut().filter(|hold| over(hold)).for_each(give_all_back);
        let answer = self.ask(command, now);
        self.watch();
        answer
    }

    fn ask(&mut self, command: &Command, now: Timestamp) -> Result<(), &'static str> {
        match command {
            Command::PutItem { sku, item } => self.put_item(sku, item),
            // What is on its way changes no balance.
            Command::Expect(inbound) if self.items.contains_key(&inbound.sku) => {}
            Command::Expect(_) => return Err("unknown sku"),
            Command::Move(movement) => return self.post(movement),
            Command::Reserve { hold, parts, cart, sole, .. } => {
                let until = now.saturating_add_millis(INQUIRE_AFTER_MILLIS);
                self.reserve(*hold, parts, cart.as_ref(), if *sole { Stage::Confirmed } else { Stage::Held { until } });
            }
            Command::Release { hold, totals } => self.release(*hold, totals.as_deref()),
            Command::Confirm { hold } => match self.holds.get_mut(hold) {
                Some(hold) if hold.is_live() => hold.stage = Stage::Confirmed,
                Some(hold) if hold.stage == Stage::Released => {}
                Some(_) | None => return Err("broken hold"),
            },
            Command::Consume { hold, shipment, parts } => return self.consume(*hold, *shipment, parts),
            Command::HoldCart { cart, parts, .. } => return self.hold_cart(cart, parts, now),
            Command::Allot { .. } | Command::Draw { .. } => panic!("rights have laws of their own"),
            // What is said of an item, and who waits for it, changes no balance.
            Command::PutWatch { sku, .. } | Command::PutPromising { sku, .. } if !self.items.contains_key(sku) => {
                return Err("unknown sku");
            }
            Command::PutWatch { .. }
            | Command::PutPromising { .. }
            | Command::Enlist { .. }
            | Command::Told { .. }
            | Command::Lapse => {}
        }
        Ok(())
    }

    fn put_item(&mut self, sku: &Sku, item: &Item) {
        let mut item = item.clone();
        item.price.version = match self.items.get(sku) {
            Some(old) if old.same_as(&item) => old.price.version,
            Some(old) => old.price.version + 1,
            None => 1,
        };
        self.items.insert(sku.clone(), item);
    }

    fn reserve(&mut self, id: HoldId, asks: &[Ask], cart: Option<&CartId>, stage: Stage) {
        if self.holds.contains_key(&id) {
            return;
        }
        let parts = parts(asks);
        let wanted =
            |place: &Place| -> u64 { parts.iter().filter(|part| part.place == *place).map(|part| part.asked).sum() };
        let there = |part: &Part| wanted(&part.place) <= self.available(&part.place, cart);
        if parts.is_empty() || !parts.iter().all(there) {
            self.holds.insert(id, Hold::new(Stage::Refused));
            return;
        }
        if let Some(own) = cart.and_then(|cart| self.holds.get_mut(&HoldId::of_cart(cart))) {
            give_all_back(own);
        }
        self.holds.insert(id, Hold { parts, ..Hold::new(stage) });
    }

    fn release(&mut self, id: HoldId, totals: Option<&[Ask]>) {
        let Some(hold) = self.holds.get_mut(&id) else {
            self.holds.insert(id, Hold::new(Stage::Tombstone));
            return;
        };
        let Some(totals) = totals else { return give_all_back(hold) };
        for part in &mut hold.parts {
            let of_part =
                |ask: &&Ask| ask.line == part.line && (&ask.sku, &ask.location) == (&part.place.0, &part.place.1);
            let total = totals.iter().filter(of_part).map(|ask| ask.quantity.thousandths()).max().unwrap_or(0);
            let more = total.saturating_sub(part.released).min(part.left);
            part.released += more;
            part.left -= more;
        }
        end_when_empty(hold);
    }

    fn consume(&mut self, id: HoldId, shipment: u32, asks: &[Ask]) -> Result<(), &'static str> {
        let hold = self.holds.get_mut(&id).ok_or("broken hold")?;
        if hold.shipments.contains(&shipment) {
            return Ok(());
        }
        let leaving = parts(asks);
        let backed = |leaving: &Part| {
            let same = |part: &&Part| (part.line, &part.place) == (leaving.line, &leaving.place);
            hold.parts.iter().find(same).is_some_and(|part| part.left >= leaving.asked)
        };
        if !hold.is_live() || !leaving.iter().all(backed) {
            return Err("broken hold");
        }
        for leaving in leaving {
            let same = |part: &&mut Part| (part.line, &part.place) == (leaving.line, &leaving.place);
            hold.parts.iter_mut().find(same).expect("it is backed").left -= leaving.asked;
            let shelf = self.shelves.get_mut(&leaving.place).expect("a hold is of a shelf");
            if shelf.on_hand < leaving.asked {
                // What left was there, whatever the books said: the difference is a movement of its own.
                self.movements.insert(MovementId::of(&format!("shipped:{id}:{shipment}")));
            }
            shelf.on_hand = shelf.on_hand.saturating_sub(leaving.asked);
        }
        hold.shipments.insert(shipment);
        hold.stage = Stage::Confirmed;
        Ok(())
    }

    fn hold_cart(&mut self, cart: &CartId, asks: &[CartAsk], now: Timestamp) -> Result<(), &'static str> {
        let id = HoldId::of_cart(cart);
        let held = self.holds.get(&id).filter(|hold| hold.is_live()).map(|hold| hold.parts.clone());
        if held.is_some_and(|held| is_just(&held, asks)) {
            return Ok(());
        }
        let mut parts: Vec<Part> = Vec::new();
        for (line, ask) in (1..).zip(asks) {
            if !self.items.contains_key(&ask.sku) {
                return Err("unknown sku");
            }
            let mut places: Vec<(u64, &LocationId)> = Vec::new();
            for place in self.shelves.keys().filter(|(sku, _)| *sku == ask.sku) {
                let taken: u64 = parts.iter().filter(|part| part.place == *place).map(|part| part.asked).sum();
                places.push((self.available(place, Some(cart)).saturating_sub(taken), &place.1));
            }
            places.retain(|(_, location)| ask.location.as_ref().is_none_or(|only| only == *location));
            places.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
            let mut left = ask.quantity.thousandths();
            for (free, location) in places {
                let asked = left.min(free);
                left -= asked;
                if asked > 0 {
                    let place = (ask.sku.clone(), location.clone());
                    parts.push(Part { line, place, asked, left: asked, released: 0 });
                }
            }
            if left > 0 {
                return Err("insufficient");
            }
        }
        if let Some(old) = self.holds.get_mut(&id) {
            give_all_back(old);
        }
        if !parts.is_empty() {
            let until = now.saturating_add_millis(CART_HOLD_MILLIS);
            self.holds.insert(id, Hold { for_cart: true, parts, ..Hold::new(Stage::Held { until }) });
        }
        Ok(())
    }

    fn post(&mut self, movement: &Move) -> Result<(), &'static str> {
        if self.movements.contains(&movement.id) {
            return Ok(());
        }
        let mut after = self.clone();
        for line in &movement.lines {
            after.post_line(line)?;
        }
        after.movements.insert(movement.id);
        *self = after;
        Ok(())
    }

    fn post_line(&mut self, line: &MoveLine) -> Result<(), &'static str> {
        if !self.items.contains_key(line.sku()) {
            return Err("unknown sku");
        }
        match line {
            MoveLine::Receive { sku, location, quantity } => self.come(sku, location, *quantity).map(|_| ()),
            MoveLine::Return { sku, location, quantity, disposition } => {
                let shelf = self.come(sku, location, *quantity)?;
                if *disposition == Disposition::Quarantine {
                    shelf.quarantined += quantity.thousandths();
                }
                Ok(())
            }
            MoveLine::Judge { quantity, .. } if quantity.is_zero() => Err("nothing asked"),
            MoveLine::Judge { sku, location, quantity, verdict } => {
                let shelf = self.shelves.get_mut(&(sku.clone(), location.clone())).ok_or("not enough")?;
                shelf.quarantined = shelf.quarantined.checked_sub(quantity.thousandths()).ok_or("not enough")?;
                if *verdict == Verdict::Scrap {
                    shelf.on_hand = shelf.on_hand.checked_sub(quantity.thousandths()).ok_or("not enough")?;
                }
                Ok(())
            }
            MoveLine::Adjust { sku, location, by, .. } if by.is_negative() => {
                let shelf = self.shelves.get_mut(&(sku.clone(), location.clone())).ok_or("not enough")?;
                shelf.on_hand = shelf.on_hand.checked_sub(by.magnitude().thousandths()).ok_or("not enough")?;
                Ok(())
            }
            MoveLine::Adjust { sku, location, by, .. } => self.come(sku, location, by.magnitude()).map(|_| ()),
            MoveLine::Count { sku, location, counted } => {
                let place = (sku.clone(), location.clone());
                if self.shelves.contains_key(&place) || !counted.is_zero() {
                    self.shelves.entry(place).or_default().on_hand = counted.thousandths();
                }
                Ok(())
            }
            MoveLine::Recount { .. } => panic!("rights have laws of their own"),
            MoveLine::Dispatch { quantity, .. } if quantity.is_zero() => Err("nothing asked"),
            // Nothing is expected here under any number.
            MoveLine::Dispatch { .. } => Err("no transfer"),
            MoveLine::Transfer { sku, from, to, quantity } => {
                if quantity.is_zero() {
                    return Err("nothing asked");
                }
                if from == to {
                    return Err("same location");
                }
                let place = (sku.clone(), from.clone());
                let shelf = self.shelves.get(&place).copied().unwrap_or_default();
                let free = shelf.on_hand.saturating_sub(self.reserved(&place) + shelf.quarantined);
                if free < quantity.thousandths() {
                    return Err("not enough");
                }
                self.shelves.entry(place).or_default().on_hand -= quantity.thousandths();
                self.come(sku, to, *quantity).map(|_| ())
            }
        }
    }

    fn come(&mut self, sku: &Sku, location: &LocationId, quantity: Quantity) -> Result<&mut Shelf, &'static str> {
        if quantity.is_zero() {
            return Err("nothing asked");
        }
        let shelf = self.shelves.entry((sku.clone(), location.clone())).or_default();
        shelf.on_hand += quantity.thousandths();
        Ok(shelf)
    }

    /// Low is what has no more to sell than its threshold.
    fn watch(&mut self) {
        let places: Vec<Place> = self.shelves.keys().cloned().collect();
        for place in places {
            let threshold = self.items[&place.0].low_stock;
            let low = threshold.is_some_and(|threshold| self.available(&place, None) <= threshold.thousandths());
            self.shelves.get_mut(&place).expect("the shelf").low = low;
        }
    }
}

/// Every part once, and none of nothing.
fn parts(asks: &[Ask]) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for ask in asks.iter().filter(|ask| !ask.quantity.is_zero()) {
        let (asked, place) = (ask.quantity.thousandths(), (ask.sku.clone(), ask.location.clone()));
        match parts.iter_mut().find(|part| (part.line, &part.place) == (ask.line, &place)) {
            Some(part) => part.asked += asked,
            None => parts.push(Part { line: ask.line, place, asked, left: 0, released: 0 }),
        }
    }
    parts.iter_mut().for_each(|part| part.left = part.asked);
    parts
}

fn give_all_back(hold: &mut Hold) {
    if hold.is_live() {
        for part in &mut hold.parts {
            part.released += part.left;
            part.left = 0;
        }
        end_when_empty(hold);
    }
}

/// A hold of which nothing is left and nothing was shipped is over.
fn end_when_empty(hold: &mut Hold) {
    if hold.is_live() && hold.parts.iter().all(|part| part.released == part.asked) {
        hold.stage = Stage::Released;
    }
}

/// The model's words for the refusals.
pub(crate) fn word(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::UnknownSku { .. } => "unknown sku",
        Refusal::SameLocation { .. } => "same location",
        Refusal::NothingAsked { .. } => "nothing asked",
        Refusal::NotEnough { .. } => "not enough",
        Refusal::TooMuch { .. } => "too much",
        Refusal::Insufficient { .. } => "insufficient",
        Refusal::BadInbound { .. } => "bad inbound",
        Refusal::NoTransfer { .. } => "no transfer",
        Refusal::TooManyInbound { .. } => "too many inbound",
        Refusal::BrokenHold => "broken hold",
    }
}

/// What a cart holds is what it asks for, wherever it lies.
fn is_just(held: &[Part], asks: &[CartAsk]) -> bool {
    let mut wanted: BTreeMap<u32, u64> = (1..).zip(asks.iter().map(|ask| ask.quantity.thousandths())).collect();
    for part in held.iter().filter(|part| part.left > 0) {
        let Some(ask) = asks.get(part.line as usize - 1) else { return false };
        if part.place.0 != ask.sku || ask.location.as_ref().is_some_and(|only| *only != part.place.1) {
            return false;
        }
        let Some(left) = wanted.get_mut(&part.line).filter(|left| **left >= part.left) else { return false };
        *left -= part.left;
    }
    wanted.values().all(|left| *left == 0)
}
