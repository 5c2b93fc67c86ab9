//! The journal of an object in its SQLite database.

use oms_actors::message::{Entry, Query, Stats};
use oms_actors::store::{IndexStore, Part, StateRow, Store, StoreError};
use oms_core::json;
use oms_core::order::Status;
use oms_core::value::{MAX_SAFE_INTEGER, OrderId, Timestamp};
use worker::{SqlStorageValue, State};

use crate::database::{Database, Row, integer, number, text};
use crate::sql::{self, JournalSql};

/// Turns and states of one journal of the object.
pub(crate) struct SqlJournal {
    database: Database,
    sql: JournalSql,
}

impl SqlJournal {
    pub(crate) fn open(state: &State, part: Part) -> Result<Self, StoreError> {
        let sql = JournalSql::of(part);
        Ok(Self { database: Database::open(state, &sql.schema)?, sql })
    }
}

fn seq(value: u64) -> SqlStorageValue {
    integer(i64::try_from(value).unwrap_or(i64::MAX))
}

/// The first name after every name that begins so.
fn after_prefix(prefix: &str) -> String {
    format!("{prefix}\u{10FFFF}")
}

/// Most bytes of states put in by one statement: every statement crosses into JavaScript, and none may carry 2 MB.
const PUT_BYTES: usize = 500_000;

/// The statements that put states in: many small ones at once as JSON, a large one by itself.
fn puts<'a>(sql: &'a JournalSql, rows: &[StateRow]) -> Result<Vec<(&'a str, Row)>, StoreError> {
    let (mut puts, mut list) = (Vec::new(), String::new());
    for row in rows {
        let wake_at = row.wake_at.map(Timestamp::millis);
        if row.body.len() > PUT_BYTES {
            let wake_at = wake_at.map_or(SqlStorageValue::Null, integer);
            puts.push((sql.put_state.as_str(), vec![row.key.as_str().into(), wake_at, row.body.as_str().into()]));
            continue;
        }
        let json =
            serde_json::to_string(&(&row.key, wake_at, &row.body)).map_err(|error| StoreError(error.to_string()))?;
        if !list.is_empty() && list.len().saturating_add(json.len()) > PUT_BYTES {
            puts.push((sql.put_states.as_str(), vec![format!("[{list}]").into()]));
            list.clear();
        }
        if !list.is_empty() {
            list.push(',');
        }
        list.push_str(&json);
    }
    if !list.is_empty() {
        puts.push((sql.put_states.as_str(), vec![format!("[{list}]").into()]));
    }
    Ok(puts)
}

impl Store for SqlJournal {
    fn append(&mut self, at: u64, turn: &str) -> Result<(), StoreError> {
        self.database.write(&self.sql.append_turn, vec![seq(at), turn.into()])
    }

    fn append_all(&mut self, rows: &[(u64, String)]) -> Result<(), StoreError> {
        let appends =
            rows.iter().map(|(at, turn)| (self.sql.append_turn.as_str(), vec![seq(*at), turn.as_str().into()]));
        self.database.write_all(appends.collect())
    }

    fn turns_after(&self, after: u64, limit: u32) -> Result<Vec<(u64, String)>, StoreError> {
        let rows = self.database.read(&self.sql.turns_after, vec![seq(after), integer(i64::from(limit))])?;
        rows.iter()
            .map(|row| {
                let at = number(row, 0)?.and_then(|at| u64::try_from(at).ok());
                Ok((at.ok_or_else(|| StoreError("a turn has no number".into()))?, text(row, 1)?))
            })
            .collect()
    }

    fn turns(&self, seqs: &[u64]) -> Result<Vec<String>, StoreError> {
        let list = serde_json::to_string(seqs).map_err(|error| StoreError(error.to_string()))?;
        self.database.read(&self.sql.turns, vec![list.into()])?.iter().map(|row| text(row, 0)).collect()
    }

    fn state(&self, key: &str) -> Result<Option<String>, StoreError> {
        self.database.read(&self.sql.state, vec![key.into()])?.first().map(|row| text(row, 0)).transpose()
    }

    fn states(&self, keys: &[&str]) -> Result<Vec<(String, String)>, StoreError> {
        let list = serde_json::to_string(keys).map_err(|error| StoreError(error.to_string()))?;
        self.database
            .read(&self.sql.states, vec![list.into()])?
            .iter()
            .map(|row| Ok((text(row, 0)?, text(row, 1)?)))
            .collect()
    }

    fn timed_states(&self) -> Result<Vec<StateRow>, StoreError> {
        let rows = self.database.read(&self.sql.timed_states, vec![])?;
        rows.iter()
            .map(|row| {
                let wake_at = number(row, 1)?.and_then(Timestamp::from_millis);
                Ok(StateRow { key: text(row, 0)?, wake_at, body: text(row, 2)? })
            })
            .collect()
    }

    fn scan(&self, prefix: &str, after: &str, limit: u32) -> Result<Vec<(String, String)>, StoreError> {
        let from = if after.is_empty() { prefix } else { after };
        let values = vec![from.into(), after_prefix(prefix).into(), integer(i64::from(limit))];
        self.database
            .read(&self.sql.scan_states, values)?
            .iter()
            .map(|row| Ok((text(row, 0)?, text(row, 1)?)))
            .collect()
    }

    fn put_states(&mut self, rows: &[StateRow]) -> Result<(), StoreError> {
        self.database.write_all(puts(&self.sql, rows)?)
    }

    fn count(&self, prefix: &str) -> Result<u64, StoreError> {
        let rows = self.database.read(&self.sql.count_states, vec![prefix.into(), after_prefix(prefix).into()])?;
        let count = rows.first().map(|row| number(row, 0)).transpose()?.flatten().unwrap_or(0);
        Ok(u64::try_from(count).unwrap_or(0))
    }

    fn set_alarm(&mut self, at: Timestamp) -> Result<(), StoreError> {
        self.database.set_alarm(at)
    }

    fn rows_written(&self) -> u64 {
        self.database.rows_written()
    }
}

/// Entries and words.
pub(crate) struct SqlIndex(Database);

impl SqlIndex {
    pub(crate) fn open(state: &State) -> Result<Self, StoreError> {
        Database::open(state, sql::SCHEMA_INDEX).map(Self)
    }
}

fn optional(value: Option<&str>) -> SqlStorageValue {
    value.map_or(SqlStorageValue::Null, Into::into)
}

/// What FTS5 is asked for: every word, as a prefix. Quotes are doubled, so that nothing of it is syntax.
fn match_words(words: &[String]) -> Option<String> {
    let terms: Vec<String> = words.iter().map(|word| format!("\"{}\"*", word.replace('"', "\"\""))).collect();
    (!terms.is_empty()).then(|| terms.join(" "))
}

/// An entry, column by column, as the statements read it.
type Columns<'a> = (i64, String, u64, u32, &'static str, &'a str, Option<&'a str>, Option<&'a str>, String, &'a str);

fn row(entry: &Entry) -> Result<Columns<'_>, StoreError> {
    let body = Entry { text: String::new(), ..entry.clone() };
    Ok((
        entry.created_at.millis(),
        entry.id.to_string(),
        number_of(entry.id),
        entry.version,
        entry.status.as_str(),
        entry.channel.as_str(),
        entry.external_ref.as_ref().map(|number| number.as_str()),
        entry.customer_id.as_ref().map(|customer| customer.as_str()),
        serde_json::to_string(&body).map_err(|error| StoreError(error.to_string()))?,
        &entry.text,
    ))
}

/// What stands for an order among the words: 53 bits of its entropy. Should two orders ever share them, a search for one
/// shows the other too.
fn number_of(order: OrderId) -> u64 {
    u64::try_from(order.ulid() & u128::from(MAX_SAFE_INTEGER)).unwrap_or(0)
}

impl IndexStore for SqlIndex {
    fn upsert(&mut self, entries: &[Entry]) -> Result<(), StoreError> {
        let rows = entries.iter().map(row).collect::<Result<Vec<_>, _>>()?;
        let json = serde_json::to_string(&rows).map_err(|error| StoreError(error.to_string()))?;
        // The words go first: an order whose entry is there has its words already, and they never change.
        self.0.write_all(vec![
            (sql::PUT_WORDS, vec![json.as_str().into()]),
            (sql::UPSERT_ENTRIES, vec![json.as_str().into()]),
        ])
    }

    fn list(&self, query: &Query) -> Result<Vec<Entry>, StoreError> {
        let statement = if query.ascending { sql::LIST_ENTRIES_ASC } else { sql::LIST_ENTRIES_DESC };
        let statuses = (!query.status.is_empty()).then(|| serde_json::to_string(&query.status).unwrap_or_default());
        let (after_at, after_id) = match query.after {
            Some((at, id)) => (integer(at.millis()), SqlStorageValue::String(id.to_string())),
            None => (SqlStorageValue::Null, SqlStorageValue::Null),
        };
        let values = vec![
            optional(statuses.as_deref()),
            optional(query.channel.as_ref().map(|channel| channel.as_str())),
            optional(query.customer.as_ref().map(|customer| customer.as_str())),
            optional(query.external_ref.as_ref().map(|number| number.as_str())),
            integer(query.from.map_or(0, Timestamp::millis)),
            integer(query.until.map_or(Timestamp::MAX.millis(), Timestamp::millis)),
            after_at,
            after_id,
            optional(match_words(&query.words).as_deref()),
            integer(i64::from(query.limit).saturating_add(1)),
            optional(query.pick_up_at.as_ref().map(|place| place.as_str())),
        ];
        let rows = self.0.read(statement, values)?;
        rows.iter()
            .map(|row| json::read(text(row, 0)?.as_bytes()).map_err(|unread| StoreError(unread.to_string())))
            .collect()
    }

    fn stats(&self) -> Result<Stats, StoreError> {
        let mut stats = Stats { rows_written: self.0.rows_written(), ..Stats::default() };
        for row in self.0.read(sql::COUNT_ENTRIES, vec![])? {
            if let Some(status) = Status::from_word(&text(&row, 0)?) {
                let count = number(&row, 1)?.unwrap_or(0);
                stats.orders.insert(status, u64::try_from(count).unwrap_or(0));
            }
        }
        Ok(stats)
    }
}
