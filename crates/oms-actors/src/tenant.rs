//! The tenant object: locations and the tax table. Every other object keeps a copy and is told of every change.

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;
use core::cell::RefCell;

use futures_util::future::join_all;
use oms_core::machine::Machine;
use oms_core::network::{Command, Event, Location, Network, Refusal};
use oms_core::till::{DeviceId, Series};
use oms_core::value::{LocationId, Quantity, Timestamp, Topology};
use serde::{Deserialize, Serialize};

use crate::alarm::Alarm;
use crate::host::Host;
use crate::journal::{Book, Journal, read, write_json};
use crate::message::{Address, Ask, Reply, Stats, TenantAsk, TenantReply};
use crate::store::{Store, StoreError};

/// An object that could not be told of a change is told again after this long, in milliseconds.
const TELL_AGAIN_MILLIS: i64 = 2_000;
/// The one state.
const NETWORK_KEY: &str = "n";
/// Up to which version everybody was told.
const TOLD_KEY: &str = "t";
/// Who was told of the version that not everybody was told of yet.
const HEARD_KEY: &str = "h";
/// The tills.
const TILLS_KEY: &str = "d";
/// Most tills of a tenant: their names are one state.
const MAX_TILLS: usize = 5_000;
/// Objects told at the same time. Each gets a copy of the network: a thousand locations are half a megabyte.
const TOLD_AT_ONCE: usize = 16;

/// The tenant object.
#[derive(Debug)]
pub struct Tenant<S> {
    topology: Topology,
    journal: RefCell<Journal<S, TenantBook>>,
    alarm: Rc<Alarm>,
    /// What waits to be shipped, as objects told it. Kept in memory: they tell it again with every change.
    loads: RefCell<BTreeMap<u16, BTreeMap<LocationId, Quantity>>>,
}

/// What the tenant object remembers.
#[derive(Debug, Default)]
struct TenantBook {
    network: Network,
    loaded: bool,
    told: u32,
    heard: Heard,
    /// Tills and their series.
    tills: BTreeMap<DeviceId, Series>,
}

/// Who knows a version of the network.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Heard {
    version: u32,
    objects: BTreeSet<Address>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Fact {
    Network(Event),
    /// A till was registered.
    Till {
        device: DeviceId,
        series: Series,
    },
    /// Every object knows this version.
    Told(u32),
    /// These do, so far.
    Heard {
        version: u32,
        objects: Vec<Address>,
    },
}

impl Book for TenantBook {
    type Fact = Fact;

    fn take(&mut self, fact: &Fact, at: Timestamp, _seq: u64) {
        match fact {
            Fact::Network(event) => {
                let network = core::mem::take(&mut self.network);
                self.network = Network::apply(Some(network), event, at).unwrap_or_default();
                self.loaded = true;
            }
            Fact::Till { device, series } => {
                self.tills.insert(device.clone(), series.clone());
            }
            Fact::Told(version) => {
                self.told = *version;
                self.heard = Heard::default();
            }
            Fact::Heard { version, objects } => {
                if self.heard.version != *version {
                    self.heard = Heard { version: *version, objects: BTreeSet::new() };
                }
                self.heard.objects.extend(objects.iter().copied());
            }
        }
    }

    fn keys(fact: &Fact) -> Vec<String> {
        match fact {
            Fact::Network(_) => vec![NETWORK_KEY.to_string()],
            Fact::Till { .. } => vec![TILLS_KEY.to_string()],
            Fact::Told(_) => vec![TOLD_KEY.to_string(), HEARD_KEY.to_string()],
            Fact::Heard { .. } => vec![HEARD_KEY.to_string()],
        }
    }

    fn has(&self, key: &str) -> bool {
        // All of it wakes with the object.
        key != NETWORK_KEY || self.loaded
    }

    fn save(&self, key: &str) -> Option<(String, Option<Timestamp>)> {
        // All of it is small: it wakes with the object.
        let body = match key {
            TOLD_KEY => self.told.to_string(),
            HEARD_KEY => write_json(&self.heard)?,
            TILLS_KEY => write_json(&self.tills)?,
            _ => write_json(&self.network)?,
        };
        Some((body, Some(Timestamp::default())))
    }

    fn restore(&mut self, key: &str, body: &str) -> Result<(), StoreError> {
        match key {
            TOLD_KEY => self.told = read(body)?,
            HEARD_KEY => self.heard = read(body)?,
            TILLS_KEY => self.tills = read(body)?,
            _ => {
                self.network = read(body)?;
                self.loaded = true;
            }
        }
        Ok(())
    }

    fn timed(&mut self, key: &str, _wake_at: Timestamp, body: &str) -> Result<(), StoreError> {
        self.restore(key, body)
    }

    fn shed(&mut self, _keep: &BTreeSet<String>) {}
}

type Turn<T> = Result<T, StoreError>;

impl<S: Store> Tenant<S> {
    /// Opens the object on what is on disk.
    pub fn open(store: S, topology: Topology) -> Result<Self, StoreError> {
        let alarm = Rc::new(Alarm::default());
        let journal = RefCell::new(Journal::open(store, Rc::clone(&alarm))?);
        Ok(Self { topology, journal, alarm, loads: RefCell::default() })
    }

    /// Answers a request.
    pub async fn handle(&self, ask: Ask, host: &impl Host) -> Reply {
        // Whatever is asked: who has still to be told is told, also when the object was opened just now.
        arm(&mut self.journal.borrow_mut(), host.now());
        let reply = match ask {
            Ask::Tenant(TenantAsk::PutLocations(locations)) => {
                self.put_locations(locations, host).await.map(TenantReply::Put).map(Reply::Tenant)
            }
            Ask::Tenant(TenantAsk::Change(command)) => {
                self.change(&command, host).await.map(|changed| Reply::Tenant(TenantReply::Changed(changed)))
            }
            Ask::Tenant(TenantAsk::Location(id)) => Ok(Reply::Tenant(TenantReply::Location(self.location(&id)))),
            Ask::Tenant(TenantAsk::Network) => {
                Ok(Reply::Tenant(TenantReply::Network(Box::new(self.journal.borrow().book.network.clone()))))
            }
            Ask::Tenant(TenantAsk::PutTill { device, series, location }) => {
                self.put_till(device, series, &location, host.now()).map(Reply::Tenant)
            }
            Ask::Tenant(TenantAsk::Tills { after, limit }) => Ok(Reply::Tenant(self.tills(after.as_ref(), limit))),
            Ask::Tenant(TenantAsk::Tax { known }) => Ok(Reply::Tenant(self.tax(known))),
            Ask::Tenant(TenantAsk::Load { object, load }) => {
                Ok(Reply::Tenant(TenantReply::Load(self.load(object, load))))
            }
            Ask::Stats => Ok(Reply::Stats(self.stats())),
            Ask::Audit { .. } => Ok(Reply::Audit(Box::default())),
            Ask::Orders(_) | Ask::Stock(_) | Ask::Index(_) | Ask::Till(_) | Ask::Learn(_) => {
                Ok(Reply::Failed { detail: "this object does not answer that".into() })
            }
        };
        reply.unwrap_or_else(|error| Reply::Failed { detail: alloc::format!("{error}") })
    }

    /// The alarm rang: somebody has still to be told.
    ///
    /// # Errors
    /// What went wrong, after the next alarm was set.
    pub async fn wake(&self, host: &impl Host) -> Result<(), StoreError> {
        self.alarm.rang();
        let told = self.tell(host).await;
        arm(&mut self.journal.borrow_mut(), host.now());
        told
    }

    /// True when its memory cannot be trusted any more: the host lets go of it and opens it anew.
    pub fn is_broken(&self) -> bool {
        self.journal.borrow().is_broken()
    }

    async fn put_locations(
        &self,
        locations: Vec<Location>,
        host: &impl Host,
    ) -> Turn<Vec<Result<(Location, bool), Refusal>>> {
        let outcomes = {
            let mut journal = self.journal.borrow_mut();
            let mut outcomes = Vec::with_capacity(locations.len());
            for location in locations {
                outcomes.push(put_location(&mut journal, location, host.now())?);
            }
            arm(&mut journal, host.now());
            outcomes
        };
        self.tell(host).await?;
        Ok(outcomes)
    }

    async fn change(&self, command: &Command, host: &impl Host) -> Turn<Result<(Box<Network>, bool), Refusal>> {
        let new = {
            let mut journal = self.journal.borrow_mut();
            let new = !journal.book.network.has(command);
            let events = match Network::decide(Some(&journal.book.network), command, host.now()) {
                Ok(events) => events,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let facts: Vec<Fact> = events.into_iter().map(Fact::Network).collect();
            journal.write(host.now(), &facts)?;
            arm(&mut journal, host.now());
            new
        };
        self.tell(host).await?;
        Ok(Ok((Box::new(self.journal.borrow().book.network.clone()), new)))
    }

    /// Tells every object the network, some at a time, and writes down who was told: should this object die, its alarm goes
    /// on with the others. Whoever cannot be reached is told by the alarm.
    async fn tell(&self, host: &impl Host) -> Turn<()> {
        let (network, to_tell) = self.to_tell();
        for some in to_tell.chunks(TOLD_AT_ONCE) {
            let calls = some.iter().map(|to| host.call(*to, Ask::Learn(Box::new(network.clone()))));
            let replies = join_all(calls).await;
            let heard = some.iter().zip(replies).filter(|(_, reply)| matches!(reply, Ok(Reply::Learned)));
            let objects: Vec<Address> = heard.map(|(to, _)| *to).collect();
            self.note_heard(network.version, objects, host.now())?;
        }
        let mut journal = self.journal.borrow_mut();
        journal.checkpoint_if_due();
        arm(&mut journal, host.now());
        Ok(())
    }

    /// The network, and who does not know it yet.
    fn to_tell(&self) -> (Network, Vec<Address>) {
        let journal = self.journal.borrow();
        let book = &journal.book;
        if book.network.version <= book.told {
            return (Network::default(), vec![]);
        }
        let knows = |to: &Address| book.heard.version == book.network.version && book.heard.objects.contains(to);
        (book.network.clone(), self.everybody().filter(|to| !knows(to)).collect())
    }

    fn everybody(&self) -> impl Iterator<Item = Address> + use<S> {
        (0..self.topology.get()).flat_map(|object| [Address::Orders(object), Address::Stock(object)])
    }

    /// Writes down who knows a version; the last ones make it everybody. What is told of an older one means nothing.
    fn note_heard(&self, version: u32, mut objects: Vec<Address>, now: Timestamp) -> Turn<()> {
        let mut journal = self.journal.borrow_mut();
        let book = &journal.book;
        if book.network.version != version || book.told >= version || objects.is_empty() {
            return Ok(());
        }
        let before = (book.heard.version == version).then_some(&book.heard.objects);
        let knows = |to: &Address| objects.contains(to) || before.is_some_and(|before| before.contains(to));
        let all = self.everybody().all(|to| knows(&to));
        objects.retain(|to| before.is_none_or(|before| !before.contains(to)));
        let fact = if all { Fact::Told(version) } else { Fact::Heard { version, objects } };
        journal.write(now, &[fact])
    }

    /// Registers a till: the same till again with the same series changes nothing.
    fn put_till(&self, device: DeviceId, series: Series, location: &LocationId, now: Timestamp) -> Turn<TenantReply> {
        let mut journal = self.journal.borrow_mut();
        let book = &journal.book;
        if !book.network.locations.contains_key(location) {
            return Ok(TenantReply::UnknownLocation);
        }
        if let Some((owner, _)) = book.tills.iter().find(|(owner, taken)| **taken == series && **owner != device) {
            return Ok(TenantReply::SeriesTaken { device: owner.clone() });
        }
        let tax = book.network.tax.clone();
        match book.tills.get(&device) {
            // The series of a till stays: its own object says so.
            Some(_) => return Ok(TenantReply::Till(tax)),
            None if book.tills.len() >= MAX_TILLS => return Ok(TenantReply::TooManyTills),
            None => {}
        }
        journal.write(now, &[Fact::Till { device, series }])?;
        Ok(TenantReply::Till(tax))
    }

    fn tills(&self, after: Option<&DeviceId>, limit: u32) -> TenantReply {
        let journal = self.journal.borrow();
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let known = journal.book.tills.keys().filter(|device| after.is_none_or(|after| *device > after));
        let mut tills: Vec<DeviceId> = known.take(limit.saturating_add(1)).cloned().collect();
        let more = tills.len() > limit;
        tills.truncate(limit);
        TenantReply::Tills { tills, more }
    }

    fn tax(&self, known: u32) -> TenantReply {
        let journal = self.journal.borrow();
        let tax = &journal.book.network.tax;
        TenantReply::Tax((tax.version > known).then(|| tax.clone()))
    }

    /// Notes what waits for an object's orders; what waits for those of all others.
    fn load(&self, object: u16, load: BTreeMap<LocationId, Quantity>) -> BTreeMap<LocationId, Quantity> {
        let mut loads = self.loads.borrow_mut();
        loads.insert(object, load);
        let mut sum: BTreeMap<LocationId, Quantity> = BTreeMap::new();
        for (location, units) in loads.iter().filter(|(other, _)| **other != object).flat_map(|(_, load)| load) {
            let all = sum.entry(location.clone()).or_default();
            *all = all.saturating_add(*units);
        }
        sum
    }

    fn location(&self, id: &LocationId) -> Option<Location> {
        self.journal.borrow().book.network.locations.get(id).cloned()
    }

    fn stats(&self) -> Stats {
        let journal = self.journal.borrow();
        let locations = u64::try_from(journal.book.network.locations.len()).unwrap_or(u64::MAX);
        Stats { locations, rows_written: journal.store.rows_written(), ..Stats::default() }
    }
}

/// As long as somebody has to be told, the alarm is set.
fn arm<S: Store>(journal: &mut Journal<S, TenantBook>, now: Timestamp) {
    if journal.book.told < journal.book.network.version {
        journal.arm(now.saturating_add_millis(TELL_AGAIN_MILLIS), now);
    }
}

fn put_location<S: Store>(
    journal: &mut Journal<S, TenantBook>,
    location: Location,
    now: Timestamp,
) -> Turn<Result<(Location, bool), Refusal>> {
    let id = location.id.clone();
    let new = !journal.book.network.locations.contains_key(&id);
    match Network::decide(Some(&journal.book.network), &Command::PutLocation(location.clone()), now) {
        Err(refusal) => Ok(Err(refusal)),
        Ok(events) => {
            let facts: Vec<Fact> = events.into_iter().map(Fact::Network).collect();
            journal.write(now, &facts)?;
            Ok(Ok((journal.book.network.locations.get(&id).cloned().unwrap_or(location), new)))
        }
    }
}
