//! How an order changes by what happened. Judges nothing.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::event::{CanceledPart, Event, HoldAsk};
use super::head::Head;
use super::improve::Swap;
use super::line::{Counts, Line, LineStatus};
use super::state::{
    Attempt, CancelKey, DeadHold, Flag, Fulfillment, FulfillmentLine, FulfillmentStage, Order, Peg, Planned, Return,
    ReturnStage, Routed, Stage,
};
use crate::network;
use crate::price::Totals;
use crate::routing::Decision;
use crate::sorting;
use crate::stock::HoldId;
use crate::value::{Day, LocationId, OrderId, Quantity, Timestamp};

pub(super) fn apply(state: Option<Order>, event: &Event, at: Timestamp) -> Option<Order> {
    if let Event::Captured { id, head, lines, totals, to_confirm } = event {
        let stage = if *to_confirm { Stage::Draft } else { Stage::Open };
        return Some(Order::new(*id, head, lines, *totals, stage, at));
    }
    if let Event::Sold { id, head, lines, totals, location } = event {
        let mut order = Order::new(*id, head, lines, *totals, Stage::Open, at);
        order.sold(location, at);
        return Some(order);
    }
    let mut order = state?;
    order.take(event, at);
    Some(order)
}

impl Order {
    fn new(id: OrderId, head: &Head, lines: &[Line], totals: Totals, stage: Stage, at: Timestamp) -> Self {
        Self {
            id,
            head: head.clone(),
            lines: lines.to_vec(),
            totals,
            stage,
            flags: Vec::new(),
            epochs: 0,
            attempt: None,
            dead: Vec::new(),
            routed: None,
            fulfillments: Vec::new(),
            returns: Vec::new(),
            excluded: Vec::new(),
            misses: 0,
            open_since: at,
            looks: 0,
            look_at: None,
            enlisted: Vec::new(),
            pegs: Vec::new(),
            pegged_by: None,
            repegged: Vec::new(),
            improvements: 0,
            missed_moves: 0,
            cancel_keys: Vec::new(),
        }
    }

    /// All of it left over a counter: one fulfillment, which no hold backs.
    fn sold(&mut self, location: &LocationId, at: Timestamp) {
        let id = self.id;
        let lines = self.lines.iter_mut().map(|line| {
            line.counts = Counts::all(LineStatus::Delivered, line.quantity);
            FulfillmentLine {
                line: line.no,
                sku: line.sku.clone(),
                quantity: line.quantity,
                object: line.object,
                hold: HoldId::of_order(&id, 0, line.object),
                given_up: Quantity::ZERO,
                given_back: Quantity::ZERO,
                consumed: true,
            }
        });
        let (lines, location) = (lines.collect(), location.clone());
        let stage = FulfillmentStage::Delivered { at };
        self.fulfillments = alloc::vec![Fulfillment::new(1, location, stage, lines, None)];
    }

    fn take(&mut self, event: &Event, at: Timestamp) {
        match event {
            Event::Captured { .. } | Event::Sold { .. } => {}
            Event::Confirmed => {
                self.stage = Stage::Open;
                self.open_since = at;
            }
            Event::Reserving { epoch, holds } => {
                let first = self.epochs == 0;
                self.epochs = epoch.saturating_add(1);
                self.begin(*epoch, first, holds, None);
            }
            Event::Held { hold } => {
                if let Some(attempt) = &mut self.attempt {
                    attempt.held.push(*hold);
                }
            }
            Event::Routed { decision } => self.routed = Some(routed(decision)),
            Event::Allocated { .. } => self.allocate(),
            Event::Improving { epoch, holds, gives, decision, saving, makes_room_for } => {
                let (gives, routed) = (gives.clone(), routed(decision));
                let swap = Swap { gives, routed, saving: *saving, makes_room_for: *makes_room_for };
                self.begin(*epoch, false, holds, Some(Box::new(swap)));
            }
            Event::Improved { .. } => self.moved(),
            Event::Missed { .. } => {
                // A move that failed leaves the order as it was.
                let moves = self.attempt.as_ref().is_some_and(|attempt| attempt.swap.is_some());
                self.kill_attempt();
                let count = if moves { &mut self.missed_moves } else { &mut self.misses };
                *count = count.saturating_add(1);
            }
            Event::Released { hold } => self.dead.retain(|dead| dead.hold != *hold),
            Event::Backordered { lines, look_at } => {
                for (no, quantity) in lines {
                    self.shift(*no, LineStatus::Open, LineStatus::Backordered, *quantity);
                }
                self.wait(*look_at);
            }
            Event::Waited { look_at } => {
                self.looks = self.looks.saturating_add(1);
                self.wait(*look_at);
            }
            Event::Pegged { pegs, by } => self.peg(pegs, *by),
            Event::SupplyCame => self.look_at = Some(at),
            Event::Enlisted { object, skus } => {
                self.repegged.retain(|known| known != object);
                self.enlisted.retain(|(known, _)| known != object);
                let waits: Vec<_> = skus.iter().filter(|(_, quantity)| !quantity.is_zero()).cloned().collect();
                if !waits.is_empty() {
                    self.enlisted.push((*object, waits));
                    sorting::sort(&mut self.enlisted);
                }
            }
            Event::Rejected { short } => {
                self.stage = Stage::Rejected { short: short.clone() };
                self.shift_all(LineStatus::Open, LineStatus::Canceled);
                self.shift_all(LineStatus::Backordered, LineStatus::Canceled);
            }
            Event::Canceled { parts, key, .. } => {
                self.kill_attempt();
                parts.iter().for_each(|part| self.cancel(part));
                let lines = CancelKey::of_lines(parts.iter().map(|part| (part.line, part.quantity())));
                self.cancel_keys.extend(key.map(|key| CancelKey { key, lines }));
            }
            Event::HoldPut { name, reason } => {
                self.flags.push(Flag { name: name.clone(), reason: reason.clone(), at });
            }
            Event::HoldLifted { name } => self.flags.retain(|flag| flag.name != *name),
            Event::Picked { no } => self.advance(*no, FulfillmentStage::Picked),
            Event::Packed { no } => self.advance(*no, FulfillmentStage::Packed),
            Event::Shipped { no, carrier, tracking } => {
                self.advance(*no, FulfillmentStage::Shipped { at });
                self.on_fulfillment(*no, |fulfillment| {
                    fulfillment.carrier.clone_from(carrier);
                    fulfillment.tracking.clone_from(tracking);
                });
            }
            Event::Arrived { no } => self.on_fulfillment(*no, |fulfillment| fulfillment.arrived = Some(at)),
            Event::Delivered { no } => self.advance(*no, FulfillmentStage::Delivered { at }),
            Event::Consumed { no, hold } => self.on_fulfillment(*no, |fulfillment| {
                for line in fulfillment.lines.iter_mut().filter(|line| line.hold == *hold) {
                    line.consumed = true;
                }
            }),
            Event::LocationRejected { no, reason } => {
                self.advance(*no, FulfillmentStage::Rejected { reason: reason.clone() });
                self.reopened(*no, at);
            }
            Event::GivenBack { no, hold, totals } => self.given_back(*no, *hold, totals),
            Event::ReturnRequested { no, key, lines } => self.returns.push(Return {
                no: *no,
                key: *key,
                stage: ReturnStage::Requested,
                lines: lines.clone(),
                at,
            }),
            Event::ReturnAuthorized { no } => self.on_return(*no, |one| one.stage = ReturnStage::Authorized),
            Event::ReturnReceived { no, location, lines } => {
                for line in lines {
                    let left = self.shift(line.line, LineStatus::Delivered, LineStatus::Returned, line.quantity);
                    self.shift(line.line, LineStatus::Shipped, LineStatus::Returned, left);
                }
                let (location, lines) = (location.clone(), lines.clone());
                self.on_return(*no, |one| {
                    one.stage = ReturnStage::Received { location, lines, restocked: Vec::new() };
                });
            }
            Event::Restocked { no, object } => self.on_return(*no, |one| {
                if let ReturnStage::Received { restocked, .. } = &mut one.stage
                    && !restocked.contains(object)
                {
                    restocked.push(*object);
                    // A set: answers may come in any order.
                    sorting::sort(restocked);
                }
            }),
            Event::ReturnCanceled { no, reason } => self.on_return(*no, |one| {
                one.stage = ReturnStage::Canceled { reason: reason.clone() };
            }),
        }
    }

    /// Moves a quantity of a line; answers what could not be moved.
    pub(super) fn shift(&mut self, no: u32, from: LineStatus, to: LineStatus, quantity: Quantity) -> Quantity {
        let Some(line) = self.line_mut(no) else { return quantity };
        let moved = quantity.min(line.counts.of(from));
        line.counts.shift(from, to, moved);
        quantity.saturating_sub(moved)
    }

    fn shift_all(&mut self, from: LineStatus, to: LineStatus) {
        for line in &mut self.lines {
            let all = line.counts.of(from);
            line.counts.shift(from, to, all);
        }
    }

    fn begin(&mut self, epoch: u32, first: bool, holds: &[HoldAsk], swap: Option<Box<Swap>>) {
        self.epochs = epoch.saturating_add(1);
        self.attempt = Some(Attempt { epoch, first, holds: holds.to_vec(), held: Vec::new(), swap });
    }

    /// The live epoch commits: every location gets a fulfillment.
    fn allocate(&mut self) {
        let Some(attempt) = self.attempt.take() else { return };
        self.take_places(&attempt, false);
        self.misses = 0;
        self.looks = 0;
    }

    /// What an epoch holds becomes work of its locations; `joining` what waits there to be picked, or by itself.
    pub(super) fn take_places(&mut self, attempt: &Attempt, joining: bool) {
        for (location, mut lines) in self.by_place(attempt) {
            sorting::sort_by_key(&mut lines, |line| line.line);
            let waits = |one: &&mut Fulfillment| one.location == location && one.stage == FulfillmentStage::Open;
            if let Some(there) = self.fulfillments.iter_mut().find(waits).filter(|_| joining) {
                there.lines.extend(lines);
                sorting::sort_by_key(&mut there.lines, |line| line.line);
                continue;
            }
            let no = self.fulfillments.iter().map(|one| one.no).max().unwrap_or(0).saturating_add(1);
            let planned = self.planned(&location);
            let stage = FulfillmentStage::Open;
            self.fulfillments.push(Fulfillment::new(no, location, stage, lines, planned));
        }
    }

    /// The parts of an epoch by location, in its order; they count as set aside from now on.
    fn by_place(&mut self, attempt: &Attempt) -> BTreeMap<LocationId, Vec<FulfillmentLine>> {
        let mut places: BTreeMap<LocationId, Vec<FulfillmentLine>> = BTreeMap::new();
        for ask in &attempt.holds {
            for part in &ask.parts {
                let left = self.shift(part.line, LineStatus::Open, LineStatus::Allocated, part.quantity);
                self.shift(part.line, LineStatus::Backordered, LineStatus::Allocated, left);
                places.entry(part.location.clone()).or_default().push(FulfillmentLine {
                    line: part.line,
                    sku: part.sku.clone(),
                    quantity: part.quantity,
                    object: ask.object,
                    hold: ask.hold,
                    given_up: Quantity::ZERO,
                    given_back: Quantity::ZERO,
                    consumed: false,
                });
            }
        }
        places
    }

    fn planned(&self, location: &LocationId) -> Option<Planned> {
        let routed = self.routed.as_ref()?;
        routed.planned.iter().find(|(place, _)| place == location).map(|(_, planned)| planned.clone())
    }

    /// The live epoch dies: whatever it asked for, answered or not, is to be released.
    fn kill_attempt(&mut self) {
        if let Some(attempt) = self.attempt.take() {
            self.dead.extend(attempt.holds.iter().map(|ask| DeadHold { object: ask.object, hold: ask.hold }));
        }
    }

    fn cancel(&mut self, part: &CanceledPart) {
        self.shift(part.line, LineStatus::Open, LineStatus::Canceled, part.open);
        self.shift(part.line, LineStatus::Backordered, LineStatus::Canceled, part.backordered);
        for (no, quantity) in &part.allocated {
            self.shift(part.line, LineStatus::Allocated, LineStatus::Canceled, *quantity);
            self.on_fulfillment(*no, |fulfillment| {
                let mut left = *quantity;
                for line in fulfillment.lines.iter_mut().filter(|line| line.line == part.line) {
                    let gone = left.min(line.quantity);
                    left = left.saturating_sub(gone);
                    line.quantity = line.quantity.saturating_sub(gone);
                    line.given_up = line.given_up.saturating_add(gone);
                }
                if fulfillment.lines.iter().all(|line| line.quantity.is_zero()) {
                    fulfillment.stage = FulfillmentStage::Canceled;
                }
            });
        }
    }

    /// Moves a fulfillment on, and the quantities of its lines with it.
    fn advance(&mut self, no: u32, to: FulfillmentStage) {
        // Whoever takes goods in hand ends a move that may count on them.
        if self.attempt.as_ref().is_some_and(|attempt| attempt.swap.is_some()) {
            self.kill_attempt();
        }
        let Some(at) = self.fulfillments.iter().position(|one| one.no == no) else { return };
        let Some(fulfillment) = self.fulfillments.get_mut(at) else { return };
        let (from, into) = (status_of(&fulfillment.stage), status_of(&to));
        let rejected = matches!(to, FulfillmentStage::Rejected { .. });
        fulfillment.stage = to;
        let moved: Vec<(u32, Quantity)> = fulfillment.lines.iter().map(|line| (line.line, line.quantity)).collect();
        if rejected {
            for line in &mut fulfillment.lines {
                line.given_up = line.given_up.saturating_add(line.quantity);
                line.quantity = Quantity::ZERO;
            }
        }
        for (line, quantity) in moved {
            self.shift(line, from, into, quantity);
        }
    }

    /// What a location turned down is open again. A live epoch that counts on that location is given up.
    fn reopened(&mut self, no: u32, at: Timestamp) {
        self.open_since = at;
        self.misses = 0;
        let Some(location) = self.fulfillment(no).map(|one| one.location.clone()) else { return };
        let parts = self.attempt.iter().flat_map(|attempt| &attempt.holds).flat_map(|ask| &ask.parts);
        if parts.into_iter().any(|part| part.location == location) {
            self.kill_attempt();
        }
        if !self.excluded.contains(&location) {
            self.excluded.push(location);
        }
    }

    /// Nothing is tried before the next look, and that one may miss as often as the first.
    fn wait(&mut self, look_at: Timestamp) {
        self.look_at = Some(look_at);
        self.misses = 0;
    }

    /// What it bought of goods that are not there yet. The stock is to know when that is something else than before.
    fn peg(&mut self, pegs: &[Peg], by: Option<Day>) {
        let same = |(one, other): (&Peg, &Peg)| one.part == other.part && one.made == other.made;
        if pegs.len() != self.pegs.len() || !pegs.iter().zip(&self.pegs).all(same) {
            let waits = self.lines.iter().filter(|line| !line.counts.of(LineStatus::Backordered).is_zero());
            self.repegged = waits.map(|line| line.object).collect();
            sorting::sort(&mut self.repegged);
            self.repegged.dedup();
        }
        self.pegs = pegs.to_vec();
        self.pegged_by = by;
    }

    fn given_back(&mut self, no: u32, hold: HoldId, totals: &[(u32, Quantity)]) {
        self.on_fulfillment(no, |fulfillment| {
            for line in fulfillment.lines.iter_mut().filter(|line| line.hold == hold) {
                if let Some((_, total)) = totals.iter().find(|(no, _)| *no == line.line) {
                    line.given_back = line.given_back.max((*total).min(line.given_up));
                }
            }
        });
    }

    pub(super) fn on_fulfillment(&mut self, no: u32, change: impl FnOnce(&mut Fulfillment)) {
        if let Some(fulfillment) = self.fulfillments.iter_mut().find(|one| one.no == no) {
            change(fulfillment);
        }
    }

    fn on_return(&mut self, no: u32, change: impl FnOnce(&mut Return)) {
        if let Some(one) = self.returns.iter_mut().find(|one| one.no == no) {
            change(one);
        }
    }
}

impl Fulfillment {
    const fn new(
        no: u32,
        location: LocationId,
        stage: FulfillmentStage,
        lines: Vec<FulfillmentLine>,
        planned: Option<Planned>,
    ) -> Self {
        Self { no, location, stage, lines, planned, arrived: None, carrier: None, tracking: None }
    }
}

/// What is remembered of a decision. A carrier that stands for any tells nothing of days.
fn routed(decision: &Decision) -> Routed {
    let planned = decision.shipments.iter().filter(|shipment| !network::is_any_carrier(shipment.carrier.as_ref()));
    let planned = planned.map(|shipment| {
        let (carrier, service) = (shipment.carrier.clone(), shipment.service.clone());
        let planned =
            Planned { carrier, service, ships: shipment.ships, delivers: shipment.delivers, joins: shipment.joins };
        (shipment.location.clone(), planned)
    });
    Routed {
        policy: decision.policy.clone(),
        version: decision.version,
        strategy: decision.strategy.clone(),
        cost: decision.cost.total(),
        proven: decision.proof.proven,
        inputs: decision.inputs,
        planned: planned.collect(),
    }
}

/// The status that quantities have in a fulfillment of this stage.
fn status_of(stage: &FulfillmentStage) -> LineStatus {
    match stage {
        FulfillmentStage::Open => LineStatus::Allocated,
        FulfillmentStage::Picked => LineStatus::Picked,
        FulfillmentStage::Packed => LineStatus::Packed,
        FulfillmentStage::Shipped { .. } => LineStatus::Shipped,
        FulfillmentStage::Delivered { .. } => LineStatus::Delivered,
        FulfillmentStage::Rejected { .. } => LineStatus::Open,
        FulfillmentStage::Canceled => LineStatus::Canceled,
    }
}
