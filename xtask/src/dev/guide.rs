//! What to do next, once everything runs.

use crate::demo::MANAGERS_PIN;
use crate::ui;
use oms_tests::edge::DEVELOPMENT_KEY as KEY;
use serde_json::json;
use std::time::Duration;

/// An item of the demo data: a white hanging heart T-light holder, the most sold of them.
const ITEM: &str = "85123A";

/// Three lines to try, for a shell.
pub fn lines(base_url: &str) -> [String; 3] {
    let key = format!("-H 'authorization: Bearer {KEY}'");
    let order = json!({
        "channel": "web", "currency": "GBP", "ship_to": {"country": "GB"}, "lines": [{"sku": ITEM, "quantity": "2"}],
    });
    [
        format!("curl -s {key} '{base_url}/v1/availability?sku={ITEM}'"),
        format!(
            "curl -s -X POST '{base_url}/v1/orders' {key} -H 'content-type: application/json' \
             -H \"idempotency-key: try-$(date +%s)\" -d '{order}'"
        ),
        format!("curl -s {key} '{base_url}/v1/orders?limit=3'"),
    ]
}

pub fn print(base_url: &str, till: Option<&str>, took: Duration) {
    let till = till.map_or_else(String::new, |code| {
        format!("\n  till   {base_url}/pos/, set up with the code {code} within fifteen minutes; the manager's PIN is {MANAGERS_PIN}")
    });
    println!(
        r"
Estiba runs, {took} after the start.

  page   {base_url}/
  rules  {base_url}/what-if/, a real day of orders routed under rules that you move
  API    {base_url}/v1, described in docs/api.md
  key    {KEY}   (for this machine only){till}

Try it:

  {lines}

Requests are shown below. Ctrl-C stops everything; what is stored stays.
",
        lines = lines(base_url).join("\n\n  "),
        took = ui::seconds(took),
    );
}
