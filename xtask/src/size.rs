//! What a client or an edge has to fetch, against its budget.

mod parts;

use crate::{build, paths, ui};
use anyhow::{Context, Result, bail};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Compressed size a product must stay within. The Worker's platform limit is 3 MB, but every cold start pays for its size; the
/// browser core and the script of its app are fetched by a till over whatever network it has; routing is fetched by a back office, once.
const BUDGETS: [(&str, u64); 4] =
    [("Worker", 1_250_000), ("browser core", 150_000), ("browser routing", 300_000), ("till app", 120_000)];

/// A product measured: its compressed bytes and how many it may have.
pub struct Size {
    pub product: &'static str,
    pub bytes: u64,
    pub gzip: u64,
    pub budget: u64,
}

const USAGE: &str = "\
cargo xtask size [--parts]

  Builds and weighs the products. With --parts also whose code they are made of.
";

pub fn command(mut parser: lexopt::Parser) -> Result<()> {
    let mut with_parts = false;
    while let Some(argument) = parser.next()? {
        match argument {
            lexopt::Arg::Long("parts") => with_parts = true,
            lexopt::Arg::Long("help") => {
                print!("{USAGE}");
                return Ok(());
            }
            other => return Err(other.unexpected().into()),
        }
    }
    build::all()?;
    if with_parts {
        parts::report("Worker", "oms_worker")?;
        parts::report("browser core", "oms_browser")?;
        parts::report("browser routing", "oms_whatif")?;
    }
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
            for file in files(product)? {
                let content = fs::read(&file).with_context(|| format!("{} is not built", file.display()))?;
                bytes += content.len() as u64;
                gzip += compressed(&content)?;
            }
            Ok(Size { product, bytes, gzip, budget })
        })
        .collect()
}

fn files(product: &str) -> Result<Vec<PathBuf>> {
    let bundle = |name: &str| ["_bg.wasm", ".js"].map(|ending| paths::browser().join(format!("{name}{ending}")));
    Ok(match product {
        "Worker" => ["index_bg.wasm", "index.js"].map(|name| paths::worker().join(name)).into(),
        "browser core" => bundle("oms_browser").into(),
        "till app" => scripts(&paths::pos())?,
        _ => bundle("oms_whatif").into(),
    })
}

/// Every script of the till's app, what it fetches only later included; what loads the core is weighed with the core.
fn scripts(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("{} is not built", folder.display()))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            found.extend(scripts(&path)?);
        } else if path.extension().is_some_and(|ending| ending == "js") && !name.starts_with("core-") {
            found.push(path);
        }
    }
    Ok(found)
}

fn compressed(content: &[u8]) -> Result<u64> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?.len() as u64)
}
