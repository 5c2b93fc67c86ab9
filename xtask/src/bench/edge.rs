//! Placing orders and reading availability on workerd, beside a bare worker in the same process: ratios, not promises of a machine.

use std::io;

use anyhow::{Context as _, ensure};
use oms_tests::edge::{Client, DEVELOPMENT_KEY, DEVELOPMENT_TOPOLOGY, Edge, EdgeOptions};
use oms_tests::rush;
use serde::Serialize;
use serde_json::{Value, json};

use super::load::{self, Seen};
use super::wire::Connection;
use crate::shop::{Order, Shop};
use crate::{Outcome, paths, ui};

/// SKUs that orders are spread over, and on hand of each: none runs out.
const SKUS: usize = 64;
const ON_HAND: u64 = 1_000_000_000;
const CONNECTIONS: [usize; 2] = [8, 64];
/// Sites that routing chooses between in rows of its own, and the connections of these; other rows have one site.
const SITES: usize = 20;
const ROUTED_CONNECTIONS: usize = 8;
/// Of so many sites in a row one has a SKU: a few lines are seldom all at one site.
const EVERY: usize = 3;
/// Orders followed from place to shipped to count their rows, checkpoints included.
const COUNTED: usize = 200;
/// A 201 whose order is not allocated yet is counted under this number.
const STILL_PLACING: u16 = 202;
/// What the project promises for one-line orders.
const LEAST_RATIO: f64 = 0.25;
/// What the project allows for a three-line order from place to shipped.
const MOST_ROWS: f64 = 16.0;

struct Options {
    topology: u16,
    requests: usize,
    rounds: usize,
}

/// One thing measured at one number of connections: rounds of ours and of the yardstick in turn, the middle one of each.
#[derive(Serialize)]
struct Comparison {
    what: String,
    connections: usize,
    estiba: Seen,
    bare: Seen,
    ratio: f64,
    /// Processor time of ours by that of the yardstick.
    cpu_ratio: Option<f64>,
}

#[derive(Serialize)]
struct Figures {
    topology: u16,
    comparisons: Vec<Comparison>,
    /// Orders routed over several sites beside orders of goods that one site has.
    routed: Vec<Comparison>,
    per_order: Option<PerOrder>,
}

/// What a three-line order costs from place to shipped, in all objects together.
#[derive(Serialize)]
struct PerOrder {
    rows_written: f64,
    calls: f64,
}

pub fn run(parser: lexopt::Parser) -> Outcome {
    let options = options(parser)?;
    super::build_worker()?;
    let neighbor = paths::root().join("tests").join("bench_worker").join("index.js");
    let edge =
        Edge::start(EdgeOptions { topology: options.topology, neighbor: Some(neighbor), ..EdgeOptions::default() })?;
    let names: Vec<String> = (0..SKUS).map(|number| format!("BENCH-{number}")).collect();
    let goods: Vec<(&str, u64)> = names.iter().map(|sku| (sku.as_str(), ON_HAND)).collect();
    rush::stock(&edge.client(), &goods)?;
    let process = edge.process_id();
    let bench =
        Bench { process, ours: edge.base_url(), bare: edge.neighbor_url().context("there is a neighbor")?, options };
    let mut comparisons = Vec::new();
    for connections in CONNECTIONS {
        for lines in [1, 3] {
            comparisons.push(bench.orders(lines, connections)?);
        }
    }
    for connections in CONNECTIONS {
        for skus in [1, 10] {
            comparisons.push(bench.availability(skus, connections)?);
        }
    }
    let per_order = per_order(&Shop::new(&bench.ours, DEVELOPMENT_KEY))?;
    open_sites(&edge.client())?;
    let routed = [1, 3].into_iter().map(|lines| bench.routed(lines)).collect::<Outcome<Vec<Comparison>>>()?;
    show(&comparisons, per_order.as_ref());
    show_routed(&routed);
    let kept = promises(&comparisons, per_order.as_ref());
    super::write("edge", &Figures { topology: bench.options.topology, comparisons, routed, per_order })?;
    ensure!(kept, "a promise is not kept");
    Ok(())
}

fn options(mut parser: lexopt::Parser) -> Outcome<Options> {
    use lexopt::prelude::*;
    let mut options = Options { topology: DEVELOPMENT_TOPOLOGY, requests: 2_000, rounds: 3 };
    while let Some(argument) = parser.next()? {
        match argument {
            Long("topology") => options.topology = parser.value()?.parse()?,
            Long("requests") => options.requests = parser.value()?.parse()?,
            Long("rounds") => options.rounds = parser.value()?.parse()?,
            other => return Err(other.unexpected().into()),
        }
    }
    ensure!(options.requests > 0 && options.rounds > 0, "at least one request and one round");
    Ok(options)
}

struct Bench {
    process: Option<u32>,
    ours: String,
    bare: String,
    options: Options,
}

impl Bench {
    fn orders(&self, lines: usize, connections: usize) -> Outcome<Comparison> {
        let what = placing(lines);
        let objects = usize::from(self.options.topology);
        let body = |run: usize, number: usize| order(&key(&what, connections, run, number), number, lines);
        let ours = |connection: &mut Connection, run: usize, number: usize| {
            let key = key(&what, connections, run, number);
            place(connection, &key, &order(&key, number, lines))
        };
        let bare = |connection: &mut Connection, run: usize, number: usize| {
            connection
                .post(&format!("/{}", number % objects), "", body(run, number).as_bytes())
                .map(|answer| answer.status)
        };
        self.compare(&what, connections, ours, (&self.bare, None, bare))
    }

    /// Orders that are routed: some of the sites have each of their goods. Beside them orders with nothing to choose.
    fn routed(&self, lines: usize) -> Outcome<Comparison> {
        let what = format!("{}, {SITES} sites", placing(lines));
        let ours = |connection: &mut Connection, run: usize, number: usize| {
            let key = key(&what, ROUTED_CONNECTIONS, run, number);
            place(connection, &key, &routed_order(&key, number, lines))
        };
        let one_site = |connection: &mut Connection, run: usize, number: usize| {
            let key = key(&format!("{what} one"), ROUTED_CONNECTIONS, run, number);
            place(connection, &key, &order(&key, number, lines))
        };
        self.compare(&what, ROUTED_CONNECTIONS, ours, (&self.ours, Some(DEVELOPMENT_KEY), one_site))
    }

    fn availability(&self, skus: usize, connections: usize) -> Outcome<Comparison> {
        let what = format!("availability of {skus} SKU{}", if skus == 1 { "" } else { "s" });
        let path = |number: usize| {
            let skus: Vec<String> = (0..skus).map(|next| format!("BENCH-{}", (number + next * 7) % SKUS)).collect();
            format!("/v1/availability?sku={}", skus.join(","))
        };
        let ours = |connection: &mut Connection, _: usize, number: usize| {
            connection.get(&path(number)).map(|answer| answer.status)
        };
        let bare = |connection: &mut Connection, _: usize, _: usize| connection.get("/").map(|answer| answer.status);
        self.compare(&what, connections, ours, (&self.bare, None, bare))
    }

    /// Rounds in turn, so that whatever else the machine does meets both. Round 0 warms up and is not counted.
    fn compare(
        &self,
        what: &str,
        connections: usize,
        ours: impl Fn(&mut Connection, usize, usize) -> io::Result<u16> + Sync,
        (address, its_key, yardstick): (
            &str,
            Option<&str>,
            impl Fn(&mut Connection, usize, usize) -> io::Result<u16> + Sync,
        ),
    ) -> Outcome<Comparison> {
        let mut step = ui::Step::start(format!("{what}, {connections} connections"));
        let (mut of_ours, mut of_bare) = (Vec::new(), Vec::new());
        for round in 0..=self.options.rounds {
            step.tick(&format!("round {round} of {}", self.options.rounds));
            let requests = if round == 0 { self.options.requests.div_ceil(4) } else { self.options.requests };
            let one = load::drive_watched(
                self.process,
                &self.ours,
                Some(DEVELOPMENT_KEY),
                connections,
                requests,
                |connection, number| ours(connection, round, number),
            )?;
            let other =
                load::drive_watched(self.process, address, its_key, connections, requests, |connection, number| {
                    yardstick(connection, round, number)
                })?;
            for seen in [&one, &other] {
                let refused = seen.statuses.keys().find(|status| !(200..300).contains(*status));
                ensure!(refused.is_none(), "{what}: answers {:?}", seen.statuses);
            }
            if round > 0 {
                of_ours.push(one);
                of_bare.push(other);
            }
        }
        let (estiba, bare) = (middle(of_ours), middle(of_bare));
        let ratio = estiba.per_second / bare.per_second;
        step.done(&format!("{:.0}/s, ratio {ratio:.2}", estiba.per_second));
        let cpu_ratio = estiba.cpu_ms.zip(bare.cpu_ms).map(|(ours, theirs)| ours / theirs);
        Ok(Comparison { what: what.to_owned(), connections, estiba, bare, ratio, cpu_ratio })
    }
}

/// The round of median throughput.
fn middle(mut rounds: Vec<Seen>) -> Seen {
    rounds.sort_by(|one, other| one.per_second.total_cmp(&other.per_second));
    rounds.swap_remove(rounds.len() / 2)
}

fn key(what: &str, connections: usize, run: usize, number: usize) -> String {
    format!("{}-{connections}-{run}-{number}", what.replace([' ', ','], ""))
}

/// Places an order. One that is not allocated yet has a number of its own.
fn place(connection: &mut Connection, key: &str, body: &str) -> io::Result<u16> {
    let answer = connection.post("/v1/orders", &format!("idempotency-key: {key}\r\n"), body.as_bytes())?;
    let allocated = answer.body.windows(20).any(|part| part == br#""status":"allocated""#);
    Ok(if answer.status == 201 && !allocated { STILL_PLACING } else { answer.status })
}

fn placing(lines: usize) -> String {
    format!("place, {lines} line{}", if lines == 1 { "" } else { "s" })
}

/// Sites up and down the country, each with every third of the goods.
fn open_sites(client: &Client) -> Outcome<()> {
    let (mut sites, mut items, mut receipts) = (Vec::new(), Vec::new(), Vec::new());
    for site in 0..SITES {
        let latitude = 50.0 + site as f64 / 4.0;
        sites.push(json!({"id": format!("site-{site}"), "name": "Site", "kind": "dc", "country": "GB",
            "latitude": latitude, "longitude": -1.5}));
    }
    for number in 0..SKUS {
        let sku = format!("ROUTED-{number}");
        items.push(json!({"sku": sku, "title": sku, "prices": [{"amount": 100, "currency": "GBP"}]}));
        for site in (0..SITES).filter(|site| (site + number) % EVERY == 0) {
            receipts.push(json!({"key": format!("{sku}-{site}"), "sku": sku, "location": format!("site-{site}"),
                "quantity": ON_HAND.to_string()}));
        }
    }
    rush::import(client, "locations", &sites)?;
    rush::import(client, "items", &items)?;
    Ok(rush::import(client, "stock", &receipts)?)
}

fn routed_order(reference: &str, number: usize, lines: usize) -> String {
    let skus: Vec<String> = (0..lines).map(|line| format!("ROUTED-{}", (number + line * 22) % SKUS)).collect();
    let mut body = rush::order(reference, &skus);
    body["ship_to"] = json!({"country": "GB", "latitude": 50.0 + (number % 50) as f64 / 10.0, "longitude": -1.5});
    body.to_string()
}

fn order(reference: &str, number: usize, lines: usize) -> String {
    let skus: Vec<String> = (0..lines).map(|line| format!("BENCH-{}", (number + line * 21) % SKUS)).collect();
    rush::order(reference, &skus).to_string()
}

/// Once all is quiet, follows some orders, one after the other, and divides what all objects wrote and said to each other meanwhile.
fn per_order(shop: &Shop) -> Outcome<Option<PerOrder>> {
    checkpoint(shop)?;
    let Some(before) = settled_counters(shop)? else { return Ok(None) };
    for number in 0..COUNTED {
        let reference = format!("counted-{number}");
        let body: Value = serde_json::from_str(&order(&reference, number, 3))?;
        let placed: Order = shop.act("/v1/orders", &[("idempotency-key", &reference)], &body)?;
        for fulfillment in &placed.fulfillments {
            let shipped = shop.ship(&placed.id, fulfillment.no, &reference)?;
            ensure!(shipped.status == "shipped", "order {} is {}", shipped.id, shipped.status);
        }
    }
    settled_counters(shop)?;
    checkpoint(shop)?;
    let after = settled_counters(shop)?.context("the counters are gone")?;
    let each = |count: u64| count as f64 / COUNTED as f64;
    Ok(Some(PerOrder { rows_written: each(after.0 - before.0), calls: each(after.1 - before.1) }))
}

/// An audit makes every object write its checkpoint first, so that what the counted orders cost is on disk, all of it.
fn checkpoint(shop: &Shop) -> Outcome<()> {
    let mut path = "/v1/audit".to_owned();
    loop {
        let page = shop.get(&path)?.json();
        match page["next_cursor"].as_str() {
            Some(cursor) => path = format!("/v1/audit?cursor={cursor}"),
            None => return Ok(()),
        }
    }
}

/// Rows written and calls between objects since they started. Nothing where the server does not count them.
fn counters(shop: &Shop) -> Outcome<Option<(u64, u64)>> {
    let stats = shop.get("/v1/stats")?.json();
    Ok(stats["rows_written"].as_u64().zip(stats["calls"].as_u64()))
}

/// The counters once the objects have told each other everything.
fn settled_counters(shop: &Shop) -> Outcome<Option<(u64, u64)>> {
    const PAUSE: std::time::Duration = std::time::Duration::from_secs(3);
    let mut last = counters(shop)?;
    loop {
        std::thread::sleep(PAUSE);
        let now = counters(shop)?;
        if now == last {
            return Ok(now);
        }
        last = now;
    }
}

fn show(comparisons: &[Comparison], per_order: Option<&PerOrder>) {
    println!();
    let header = [
        "what",
        "connections",
        "req/s",
        "p50 ms",
        "p99 ms",
        "cpu ms",
        "bare req/s",
        "p50 ms",
        "p99 ms",
        "cpu ms",
        "ratio",
        "cpu",
    ];
    let optional = |figure: Option<f64>| figure.map_or_else(|| "-".to_owned(), |figure| format!("{figure:.2}"));
    let row = |of: &Comparison| {
        let mut row = vec![of.what.clone(), of.connections.to_string()];
        for seen in [&of.estiba, &of.bare] {
            let figures =
                [format!("{:.0}", seen.per_second), format!("{:.1}", seen.p50_ms), format!("{:.1}", seen.p99_ms)];
            row.extend(figures);
            row.push(optional(seen.cpu_ms));
        }
        row.push(format!("{:.2}", of.ratio));
        row.push(optional(of.cpu_ratio));
        row
    };
    ui::table(&header, &comparisons.iter().map(row).collect::<Vec<_>>());
    let still: usize = comparisons.iter().filter_map(|of| of.estiba.statuses.get(&STILL_PLACING)).sum();
    println!("\n  orders answered while still reserving: {still}");
    println!("  bare: a Durable Object that inserts two rows a request; for reads a Worker that answers alone");
    println!("  cpu: processor time of workerd a request, and ours by that of the bare worker");
    match per_order {
        Some(cost) => println!(
            "  a three-line order from place to shipped: {:.1} rows written, {:.1} calls between objects",
            cost.rows_written, cost.calls
        ),
        None => println!("  the server does not count its rows"),
    }
}

/// What choosing between sites adds to an order.
fn show_routed(routed: &[Comparison]) {
    println!();
    let optional = |figure: Option<f64>| figure.map_or_else(|| "-".to_owned(), |figure| format!("{figure:.2}"));
    let row = |of: &Comparison| {
        let added = of.estiba.cpu_ms.zip(of.bare.cpu_ms).map(|(routed, one)| routed - one);
        let speed = |seen: &Seen| format!("{:.0}", seen.per_second);
        let cells = [of.what.clone(), speed(&of.estiba), speed(&of.bare)];
        cells.into_iter().chain([of.estiba.cpu_ms, of.bare.cpu_ms, added].map(optional)).collect()
    };
    let header = ["routed", "req/s", "one site req/s", "cpu ms", "one site cpu ms", "added ms"];
    ui::table(&header, &routed.iter().map(row).collect::<Vec<Vec<String>>>());
    println!("  routed: goods that every {EVERY}rd of {SITES} sites has, beside goods that lie at one");
}

fn promises(comparisons: &[Comparison], per_order: Option<&PerOrder>) -> bool {
    let ratio = comparisons.iter().filter(|of| of.what == "place, 1 line").map(|of| of.ratio).fold(f64::MAX, f64::min);
    let mut kept = ratio >= LEAST_RATIO;
    println!("  one-line orders beside the bare object: at least {ratio:.2}, promised {LEAST_RATIO:.2}");
    if let Some(cost) = per_order {
        kept &= cost.rows_written <= MOST_ROWS;
        println!("  rows a three-line order: {:.1}, promised at most {MOST_ROWS:.0}", cost.rows_written);
    }
    kept
}
