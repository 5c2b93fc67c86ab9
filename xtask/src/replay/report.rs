//! The tables at the end of a replay, and what must hold in them.

use std::time::Duration;

use anyhow::bail;
use serde_json::Value;

use super::proof::Audit;
use super::tally::Tally;
use crate::{Outcome, ui};

/// What was sent, what became of it, how long it took.
pub fn sales(tally: &Tally, today: &Value, took: Duration) {
    let first = |status: &str| tally.first.get(status).copied().unwrap_or_default();
    let rate = tally.orders as f64 / took.as_secs_f64();
    let rows = [
        ("orders placed", tally.orders),
        ("  of them by the import, over 200 lines", tally.imported),
        ("  answered again under their key", tally.replayed),
        ("lines", tally.order_lines),
        ("units ordered", tally.units),
        ("allocated at first", first("allocated")),
        ("backordered at first", first("backordered")),
        ("rejected", first("rejected")),
        ("answered while still reserving", tally.answered_placing),
        ("parcels sent in this run", tally.parcels),
        ("units shipped in this run", tally.shipped),
        ("credits", tally.credits),
        ("  units canceled before they left", tally.canceled),
        ("  units returned and restocked", tally.returned),
        ("  units the order showed already", tally.settled),
        ("  units without a sale before them", tally.unmatched),
        ("  units without an account", tally.without_account),
    ];
    let rows: Vec<Vec<String>> = rows.iter().map(|(what, count)| vec![(*what).to_owned(), count.to_string()]).collect();
    println!();
    ui::table(&["what", "count"], &rows);
    let others: Vec<String> = tally
        .first
        .iter()
        .filter(|(status, _)| !["allocated", "backordered", "rejected"].contains(&status.as_str()))
        .map(|(status, orders)| format!("{orders} {status}"))
        .collect();
    if !others.is_empty() {
        println!("  answered further on in their life: {}", others.join(", "));
    }
    println!("  {:.1} s, {rate:.0} orders a second with all their picking, shipping and returns", took.as_secs_f64());
    println!("  orders now: {today}");
}

/// The audit: the books of every object, added up.
pub fn audit(audit: &Audit) {
    let row = |what: &str, count: String| vec![what.to_owned(), count];
    let mut rows = vec![
        row("orders", audit.orders.to_string()),
        row("SKUs", audit.skus.to_string()),
        row("ledger entries", audit.ledger_entries.to_string()),
        row("live holds", audit.live_holds.to_string()),
    ];
    rows.extend(audit.units.iter().map(|(name, units)| row(&format!("units {name}"), units.0.to_string())));
    rows.push(row(
        "on hand = received + returned + adjusted - shipped",
        if audit.conserves() { "yes" } else { "NO" }.into(),
    ));
    for name in ["I1", "I2", "I14"] {
        let broken = audit.violations.iter().filter(|violation| violation.invariant == name).count();
        rows.push(row(&format!("violations of {name}"), broken.to_string()));
    }
    println!();
    ui::table(&["audit", ""], &rows);
    for violation in audit.violations.iter().take(20) {
        println!("  {} {} {}: {}", violation.invariant, violation.object, violation.subject, violation.detail);
    }
}

/// The server found nothing wrong with itself.
pub fn sound(audit: &Audit) -> Outcome {
    if audit.violations.is_empty() && audit.conserves() {
        return Ok(());
    }
    bail!("the audit shows {} violations", audit.violations.len())
}

/// On a server that was empty before, its books agree with what this side has seen.
pub fn agree(audit: &Audit, tally: &Tally, received: u64) -> Outcome {
    for (name, seen) in [("received", received), ("shipped", tally.shipped), ("returned", tally.returned)] {
        if i64::try_from(seen)? != audit.units(name) {
            bail!("this side counts {seen} units {name}, the server {}", audit.units(name));
        }
    }
    println!("  the server's books agree with what was sent to it: received, shipped, returned");
    Ok(())
}
