//! Load: so many connections, each with one request in flight at a time, and what they saw.

use std::collections::BTreeMap;
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::wire::Connection;
use crate::Outcome;

/// What the connections saw together.
#[derive(Debug, Serialize)]
pub struct Seen {
    pub requests: usize,
    pub seconds: f64,
    pub per_second: f64,
    pub p50_ms: f64,
    pub p99_ms: f64,
    /// Processor time of the server per request, where the system tells: what other programs do at the time leaves it alone.
    pub cpu_ms: Option<f64>,
    /// Answers by status.
    pub statuses: BTreeMap<u16, usize>,
}

/// Like [`drive`], and looks at the processor time that the process of the server takes meanwhile.
pub fn drive_watched(
    process: Option<u32>,
    base_url: &str,
    key: Option<&str>,
    connections: usize,
    requests: usize,
    send: impl Fn(&mut Connection, usize) -> std::io::Result<u16> + Sync,
) -> Outcome<Seen> {
    let before = process.and_then(cpu_millis);
    let mut seen = drive(base_url, key, connections, requests, send)?;
    let after = process.and_then(cpu_millis);
    seen.cpu_ms = before.zip(after).map(|(before, after)| (after - before) / requests as f64);
    Ok(seen)
}

/// User and system time of a process so far, from Linux's `/proc`: the 14th and 15th field, in hundredths of a second.
fn cpu_millis(process: u32) -> Option<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let after_name = stat.rsplit_once(") ")?.1;
    let ticks = after_name.split(' ').skip(11).take(2).map(str::parse::<u32>);
    Some(ticks.sum::<Result<u32, _>>().ok()?.into()).map(|ticks: f64| ticks * 10.0)
}

/// Sends `requests` requests over `connections`. `send` gets the number of the request and hands back the status.
fn drive(
    base_url: &str,
    key: Option<&str>,
    connections: usize,
    requests: usize,
    send: impl Fn(&mut Connection, usize) -> std::io::Result<u16> + Sync,
) -> Outcome<Seen> {
    let (next, start) = (AtomicUsize::new(0), Barrier::new(connections + 1));
    let work = || -> std::io::Result<Vec<(u16, Duration)>> {
        let opened = Connection::open(base_url, key);
        start.wait();
        let (mut connection, mut seen) = (opened?, Vec::new());
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= requests {
                return Ok(seen);
            }
            let sent = Instant::now();
            let status = send(&mut connection, number)?;
            seen.push((status, sent.elapsed()));
        }
    };
    let (answers, took) = thread::scope(|scope| {
        let threads: Vec<_> = (0..connections).map(|_| scope.spawn(work)).collect();
        start.wait();
        let started = Instant::now();
        let answers: std::io::Result<Vec<_>> =
            threads.into_iter().map(|thread| thread.join().expect("a connection does not panic")).collect();
        (answers, started.elapsed())
    });
    Ok(summed(&answers?.concat(), took))
}

fn summed(answers: &[(u16, Duration)], took: Duration) -> Seen {
    let mut times: Vec<Duration> = answers.iter().map(|(_, time)| *time).collect();
    times.sort_unstable();
    let mut statuses = BTreeMap::new();
    answers.iter().for_each(|(status, _)| *statuses.entry(*status).or_default() += 1);
    let seconds = took.as_secs_f64();
    Seen {
        requests: answers.len(),
        seconds,
        per_second: answers.len() as f64 / seconds,
        p50_ms: millis(percentile(&times, 50)),
        p99_ms: millis(percentile(&times, 99)),
        cpu_ms: None,
        statuses,
    }
}

/// The smallest time that so many percent of all do not exceed.
fn percentile(sorted: &[Duration], percent: usize) -> Duration {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied().unwrap_or_default()
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_ranks() {
        let times: Vec<Duration> = (1..=200).map(Duration::from_millis).collect();
        assert_eq!(percentile(&times, 50), Duration::from_millis(100));
        assert_eq!(percentile(&times, 99), Duration::from_millis(198));
        assert_eq!(percentile(&times[..1], 99), Duration::from_millis(1));
        assert_eq!(percentile(&[], 50), Duration::ZERO);
    }
}
