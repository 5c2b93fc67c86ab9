//! What to do next, once everything runs.

use crate::demo::MANAGERS_PIN;
use crate::ui;
use oms_tests::edge::DEVELOPMENT_KEY as KEY;
use std::time::Duration;

/// An item of the demo data: a white hanging heart T-light holder, the most sold of them.
const ITEM: &str = "85123A";

pub fn print(base_url: &str, till: Option<&str>, took: Duration) {
    let till = till.map_or_else(String::new, |code| {
        format!("\n  till   {base_url}/pos/, set up with the code {code} within fifteen minutes; the manager's PIN is {MANAGERS_PIN}")
    });
    println!(
        r#"
Estiba runs, {took} after the start.

  page   {base_url}/
  API    {base_url}/v1, described in docs/api.md
  key    {KEY}   (for this machine only){till}

Try it:

  curl -s -H 'authorization: Bearer {KEY}' '{base_url}/v1/availability?sku={ITEM}'

  curl -s -X POST '{base_url}/v1/orders' -H 'authorization: Bearer {KEY}' -H 'content-type: application/json' -H "idempotency-key: try-$(date +%s)" -d '{{"channel":"web","currency":"GBP","ship_to":{{"country":"GB"}},"lines":[{{"sku":"{ITEM}","quantity":"2"}}]}}'

  curl -s -H 'authorization: Bearer {KEY}' '{base_url}/v1/orders?limit=3'

Requests are shown below. Ctrl-C stops everything; what is stored stays.
"#,
        took = ui::seconds(took),
    );
}
