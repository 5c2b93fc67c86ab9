//! The SQLite database of a Durable Object, with what the platform offers synchronously.

use core::cell::Cell;

use oms_actors::store::StoreError;
use oms_core::value::Timestamp;
use wasm_bindgen::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use worker::{SqlCursor, SqlStorage, SqlStorageValue, State};

#[wasm_bindgen]
extern "C" {
    /// `ctx.storage` with the methods that `worker` does not bind.
    type SyncStorage;

    #[wasm_bindgen(method, catch, js_name = transactionSync)]
    fn transaction_sync(this: &SyncStorage, body: &mut dyn FnMut() -> Result<(), JsValue>) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch, js_name = setAlarm)]
    fn set_alarm(this: &SyncStorage, at: f64) -> Result<js_sys::Promise, JsValue>;
}

/// A row, column by column.
pub(crate) type Row = Vec<SqlStorageValue>;

/// The database of one object.
pub(crate) struct Database {
    sql: SqlStorage,
    storage: SyncStorage,
    rows_written: Cell<u64>,
}

impl Database {
    /// Opens it and sees to its tables.
    pub(crate) fn open(state: &State, schema: &str) -> Result<Self, StoreError> {
        let sql = state.storage().sql();
        let storage = state.as_raw().storage().map_err(|error| from_js(&error))?;
        let database = Self { sql, storage: storage.unchecked_into(), rows_written: Cell::new(0) };
        database.write(schema, vec![])?;
        Ok(database)
    }

    /// Runs a statement that writes.
    pub(crate) fn write(&self, statement: &str, values: Row) -> Result<(), StoreError> {
        let cursor = self.run(statement, values)?;
        self.wrote(u64::try_from(cursor.rows_written()).unwrap_or(u64::MAX));
        Ok(())
    }

    /// Runs a statement that reads.
    pub(crate) fn read(&self, statement: &str, values: Row) -> Result<Vec<Row>, StoreError> {
        let rows: Result<Vec<Row>, worker::Error> = self.run(statement, values)?.raw().collect();
        rows.map_err(|error| StoreError(error.to_string()))
    }

    /// Runs statements that write, all or none.
    pub(crate) fn write_all(&self, statements: Vec<(&str, Row)>) -> Result<(), StoreError> {
        let mut statements = statements.into_iter();
        let mut body = || {
            statements
                .try_for_each(|(statement, values)| self.write(statement, values))
                .map_err(|error| JsValue::from_str(&error.to_string()))
        };
        self.storage.transaction_sync(&mut body).map(|_| ()).map_err(|error| from_js(&error))
    }

    /// Sets the one alarm, in the same transaction as what this turn writes.
    pub(crate) fn set_alarm(&self, at: Timestamp) -> Result<(), StoreError> {
        self.wrote(1);
        // The promise is not awaited: the platform holds back every answer until the alarm is durable.
        let at = to_number(at.millis());
        self.storage.set_alarm(at).map(|_| ()).map_err(|error| from_js(&error))
    }

    /// Rows written since this instance began; an alarm counts as one, as on the bill.
    pub(crate) fn rows_written(&self) -> u64 {
        self.rows_written.get()
    }

    fn run(&self, statement: &str, values: Row) -> Result<SqlCursor, StoreError> {
        self.sql.exec(statement, values).map_err(|error| StoreError(error.to_string()))
    }

    fn wrote(&self, rows: u64) {
        self.rows_written.set(self.rows_written.get().saturating_add(rows));
    }
}

/// An integer for JavaScript; every value of the house is within 53 bits.
#[expect(clippy::cast_precision_loss, reason = "values are bounded by 2^53 where they are made")]
pub(crate) fn to_number(value: i64) -> f64 {
    value as f64
}

pub(crate) fn integer(value: i64) -> SqlStorageValue {
    SqlStorageValue::Integer(value)
}

/// The text in a column.
pub(crate) fn text(row: &Row, column: usize) -> Result<String, StoreError> {
    match row.get(column) {
        Some(SqlStorageValue::String(text)) => Ok(text.clone()),
        Some(_) | None => Err(StoreError(format!("column {column} is no text"))),
    }
}

/// The integer in a column; nothing for NULL.
pub(crate) fn number(row: &Row, column: usize) -> Result<Option<i64>, StoreError> {
    match row.get(column) {
        Some(SqlStorageValue::Integer(value)) => Ok(Some(*value)),
        Some(SqlStorageValue::Null) => Ok(None),
        Some(_) | None => Err(StoreError(format!("column {column} is no integer"))),
    }
}

fn from_js(error: &JsValue) -> StoreError {
    StoreError(error.as_string().unwrap_or_else(|| format!("{error:?}")))
}
