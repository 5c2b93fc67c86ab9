//! What a client or an edge has to fetch, against its budget.

use crate::{build, paths, ui};
use anyhow::{Context, Result, bail};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs;
use std::io::Write;
use std::path::PathBuf;

/// Compressed size a product must stay within. The Worker's platform limit is 3 MB, but every cold start pays for its size; the
/// browser core is fetched by a till over whatever network it has; routing is fetched by a back office, once.
const BUDGETS: [(&str, u64); 3] = [("Worker", 950_000), ("browser core", 150_000), ("browser routing", 300_000)];

/// A product measured: its compressed bytes and how many it may have.
pub struct Size {
    pub product: &'static str,
    pub bytes: u64,
    pub gzip: u64,
    pub budget: u64,
}

pub fn command() -> Result<()> {
    build::all()?;
    let over = report()?;
    if over > 0 {
        bail!("{over} of {} products over budget", BUDGETS.len());
    }
    Ok(())
}

/// Prints the table and hands back how many products are over their budget.
pub fn report() -> Result<usize> {
    let sizes = measure()?;
    let rows: Vec<Vec<String>> = sizes
        .iter()
        .map(|size| {
            let share = size.gzip * 100 / size.budget;
            let verdict = if size.gzip <= size.budget { "ok" } else { "OVER" };
            let cell = |bytes: u64| format!("{:.1}", bytes as f64 / 1000.0);
            vec![
                size.product.into(),
                cell(size.bytes),
                cell(size.gzip),
                cell(size.budget),
                format!("{share} %"),
                verdict.into(),
            ]
        })
        .collect();
    ui::table(&["product", "wasm + js, KB", "gzip, KB", "budget, KB", "used", ""], &rows);
    Ok(sizes.iter().filter(|size| size.gzip > size.budget).count())
}

/// The wasm and the script that loads it, each compressed by itself as a server sends them.
pub fn measure() -> Result<Vec<Size>> {
    BUDGETS
        .into_iter()
        .map(|(product, budget)| {
            let (mut bytes, mut gzip) = (0, 0);
            for file in files(product) {
                let content = fs::read(&file).with_context(|| format!("{} is not built", file.display()))?;
                bytes += content.len() as u64;
                gzip += compressed(&content)?;
            }
            Ok(Size { product, bytes, gzip, budget })
        })
        .collect()
}

fn files(product: &str) -> [PathBuf; 2] {
    let bundle = |name: &str| ["_bg.wasm", ".js"].map(|ending| paths::browser().join(format!("{name}{ending}")));
    match product {
        "Worker" => ["index_bg.wasm", "index.js"].map(|name| paths::worker().join(name)),
        "browser core" => bundle("oms_browser"),
        _ => bundle("oms_whatif"),
    }
}

fn compressed(content: &[u8]) -> Result<u64> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?.len() as u64)
}
