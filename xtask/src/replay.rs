//! `cargo xtask replay`: real invoices in time order through the HTTP API, and then the proof that the books are right.

mod desk;
mod floor;
mod proof;
mod report;
mod sold;
mod stocking;
mod tally;

use std::collections::{BTreeMap, BTreeSet};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::bail;
use oms_tests::edge::{DEVELOPMENT_KEY, Edge, EdgeOptions};
use serde_json::{Value, json};

use crate::retail::{self, Cities, Invoice, Retail};
use crate::shop::{self, LOCATIONS, Shop};
use crate::{Outcome, build, tools, ui};
use floor::Floor;
use proof::Audit;
use stocking::Deliveries;
use tally::Tally;

/// Invoices unless told: the first seven weeks, some two thousand orders and their credits.
const INVOICES: usize = 2_500;
const CONNECTIONS: usize = 8;
/// Looks at the whole house that it has at least to come to rest.
const REST_LOOKS: u32 = 5;
/// Once everything is said, the house may take this long to come to rest.
const REST_WITHIN: Duration = Duration::from_mins(1);
/// In the end, when nothing new arrives, what waits for goods is looked at until nothing left for so long: whoever waits is
/// called every ten seconds, as long as there are goods that nobody was called for.
const QUIET: Duration = Duration::from_secs(25);
/// So long that takes at most.
const QUIET_WITHIN: Duration = Duration::from_mins(10);
/// Between two looks at all that waits.
const PAUSE: Duration = Duration::from_secs(1);
const POLL: Duration = Duration::from_millis(200);

const USAGE: &str = "\
cargo xtask replay [--all | --invoices N] [--url URL [--key KEY]] [--connections N] [--once]

  Without --url a workerd of its own is started on an empty disk, and the replay runs twice to show that the
  second run changes nothing (--once: no second run).
";

struct Options {
    invoices: usize,
    url: Option<String>,
    key: String,
    connections: usize,
    once: bool,
}

pub fn command(parser: lexopt::Parser) -> Outcome {
    let Some(options) = options(parser)? else {
        print!("{USAGE}");
        return Ok(());
    };
    let retail = read()?;
    let invoices = &retail.invoices[..options.invoices.min(retail.invoices.len())];
    if let Some(url) = &options.url {
        return replay(&Shop::new(url, &options.key), &retail, invoices, options.connections);
    }
    build::worker(&tools::ensure()?)?;
    let edge = Edge::start(EdgeOptions::default())?;
    ui::note(&format!("workerd on an empty disk, {}", edge.base_url()));
    let shop = Shop::new(&edge.base_url(), DEVELOPMENT_KEY);
    replay(&shop, &retail, invoices, options.connections)?;
    if !options.once {
        replay(&shop, &retail, invoices, options.connections)?;
    }
    Ok(())
}

fn options(mut parser: lexopt::Parser) -> Outcome<Option<Options>> {
    use lexopt::prelude::*;
    let mut options = Options {
        invoices: INVOICES,
        url: None,
        key: DEVELOPMENT_KEY.to_owned(),
        connections: CONNECTIONS,
        once: false,
    };
    while let Some(argument) = parser.next()? {
        match argument {
            Long("all") => options.invoices = usize::MAX,
            Long("invoices") => options.invoices = parser.value()?.parse()?,
            Long("url") => options.url = Some(parser.value()?.string()?),
            Long("key") => options.key = parser.value()?.string()?,
            Long("connections") => options.connections = parser.value()?.parse()?,
            Long("once") => options.once = true,
            Long("help") => return Ok(None),
            other => return Err(other.unexpected().into()),
        }
    }
    if options.invoices == 0 || options.connections == 0 {
        bail!("a replay needs at least one invoice and one connection");
    }
    Ok(Some(options))
}

fn read() -> Outcome<Retail> {
    let step = ui::Step::start("reading Online Retail");
    let retail = retail::load()?;
    step.done(&format!("{} rows, {} invoices, {} units", retail.read.rows, retail.read.invoices, retail.read.units));
    for (why, rows) in &retail.dropped {
        ui::note(&format!("{rows} rows dropped: {why}"));
    }
    Ok(retail)
}

fn replay(shop: &Shop, retail: &Retail, invoices: &[Invoice], connections: usize) -> Outcome {
    let before = Before::of(shop)?;
    ui::heading(if before.is_fresh() { "Replay" } else { "Replay, again" });
    let deliveries = Deliveries::plan(invoices);
    set_up(shop, retail, invoices)?;
    let started = Instant::now();
    let (tally, today, ended) = drive(shop, invoices, &deliveries, connections)?;
    report::sales(&tally, &today, ended.duration_since(started));
    let audit = at_rest(shop)?;
    report::audit(&audit);
    if before.is_fresh() {
        report::agree(&audit, &tally, deliveries.units())?;
    }
    report::sound(&audit)?;
    before.compare(&audit, shop)
}

/// What the server held before the run.
struct Before {
    audit: Audit,
    versions: BTreeMap<String, u64>,
}

impl Before {
    fn of(shop: &Shop) -> Outcome<Self> {
        Ok(Self { audit: at_rest(shop)?, versions: proof::versions(shop)? })
    }

    fn is_fresh(&self) -> bool {
        self.audit.orders == 0 && self.audit.ledger_entries == 0
    }

    fn compare(&self, audit: &Audit, shop: &Shop) -> Outcome {
        if self.is_fresh() {
            return Ok(());
        }
        let versions = proof::versions(shop)?;
        let changed = versions.iter().filter(|(id, version)| self.versions.get(*id) != Some(version)).count();
        if self.audit == *audit && changed == 0 && versions.len() == self.versions.len() {
            println!("\n  second run: 0 changes ({} orders at the same version, the same ledgers)", versions.len());
            return Ok(());
        }
        println!("\n  {changed} of {} orders are new or have another version", versions.len());
        println!("  before {:?}\n  after  {audit:?}", self.audit);
        if self.audit.orders < audit.orders {
            ui::note("the server held other orders before: this was no second run");
            return Ok(());
        }
        bail!("a second run changed something")
    }
}

/// Locations and articles, as far as these invoices name them.
fn set_up(shop: &Shop, retail: &Retail, invoices: &[Invoice]) -> Outcome {
    let cities = Cities::load()?;
    shop.import_all("locations", &shop::locations(&cities)?, &mut |_| ())?;
    let skus: BTreeSet<_> = invoices.iter().flat_map(|invoice| &invoice.lines).map(|line| &*line.sku).collect();
    let items: Vec<Value> = retail
        .items
        .iter()
        .filter(|(sku, _)| skus.contains(&***sku))
        .map(|(sku, item)| shop::item(sku, item))
        .collect();
    let mut step = ui::Step::start("importing articles");
    shop.import_all("items", &items, &mut |done| step.tick(&format!("{done} of {}", items.len())))?;
    step.done(&format!("{} articles, {} locations", items.len(), LOCATIONS.len()));
    Ok(())
}

/// Brings the goods in, writes the invoices and ships the orders, day by day. Also hands back the orders by status at the end,
/// and when the last thing was done.
fn drive(
    shop: &Shop,
    invoices: &[Invoice],
    deliveries: &Deliveries,
    connections: usize,
) -> Outcome<(Tally, Value, Instant)> {
    let cities = Cities::load()?;
    let mut floor = Floor::new(shop, &cities, connections);
    let mut step = ui::Step::start("replaying invoices");
    let (mut arrived, mut written) = (0, 0);
    for today in invoices.chunk_by(|one, next| one.day == next.day) {
        let due = deliveries.due(today[0].day);
        for (number, goods) in due.iter().enumerate().skip(arrived) {
            receive(shop, number, goods)?;
        }
        let fresh_goods = due.len() > arrived.max(1);
        arrived = due.len();
        floor.day(today, fresh_goods)?;
        written += today.len();
        let rate = floor.tally.orders as f64 / step.elapsed().as_secs_f64();
        step.tick(&format!("{} {written} of {} invoices, {rate:.0} orders/s", &today[0].at[..10], invoices.len()));
    }
    let ended = ship_the_rest(&mut floor, &mut step)?;
    step.done("");
    Ok((floor.tally, orders_by_status(shop)?, ended))
}

/// The first delivery is an opening balance and goes through the import; the later ones are receipts.
fn receive(shop: &Shop, number: usize, goods: &[stocking::Goods; LOCATIONS.len()]) -> Outcome {
    for ((location, ..), goods) in LOCATIONS.iter().zip(goods) {
        if number > 0 {
            let goods: Vec<(&str, u64)> = goods.iter().map(|(sku, units)| (&**sku, *units)).collect();
            shop.receive(&format!("delivery-{number}-{location}"), location, &goods)?;
            continue;
        }
        let lines: Vec<Value> = goods
            .iter()
            .map(|(sku, units)| {
                json!({"key": format!("opening-{location}-{sku}"), "sku": &**sku, "location": location, "quantity": units.to_string()})
            })
            .collect();
        shop.import_all("stock", &lines, &mut |_| ())?;
    }
    Ok(())
}

/// Goods that came back may serve an order that waits: looks again until nothing more leaves. When the last parcel did.
fn ship_the_rest(floor: &mut Floor<'_>, step: &mut ui::Step) -> Outcome<Instant> {
    let mut left = Instant::now();
    let started = left;
    while started.elapsed() < QUIET_WITHIN {
        if floor.look_again()? > 0 {
            left = Instant::now();
        } else if left.elapsed() >= QUIET {
            return Ok(left);
        }
        step.tick("goods that came back, for who waits");
        thread::sleep(PAUSE);
    }
    bail!("parcels still leave after {QUIET_WITHIN:?}")
}

fn orders_by_status(shop: &Shop) -> Outcome<Value> {
    Ok(shop.get("/v1/stats")?.json()["orders"].take())
}

/// The audit, as soon as no object owes another anything and two in a row say the same.
fn at_rest(shop: &Shop) -> Outcome<Audit> {
    let started = Instant::now();
    let mut last = Audit::of(shop)?;
    let mut looks = 0;
    // A large house takes longer than that to be looked at a few times.
    while started.elapsed() < REST_WITHIN || looks < REST_LOOKS {
        looks += 1;
        if last.orders == 0 {
            return Ok(last);
        }
        thread::sleep(POLL);
        let next = Audit::of(shop)?;
        if next == last && next.owing == 0 {
            return Ok(last);
        }
        last = next;
    }
    bail!("the house does not come to rest within {REST_WITHIN:?}")
}
