//! Every statement there is. SQL stands in `sql/` and nowhere else.

use oms_actors::store::Part;

/// The statements of a journal, on tables of its own.
pub(crate) struct JournalSql {
    pub(crate) schema: String,
    pub(crate) append_turn: String,
    pub(crate) turns_after: String,
    pub(crate) turns: String,
    pub(crate) state: String,
    pub(crate) states: String,
    pub(crate) timed_states: String,
    pub(crate) scan_states: String,
    pub(crate) count_states: String,
    pub(crate) put_state: String,
    pub(crate) put_states: String,
}

impl JournalSql {
    /// Those of this journal.
    pub(crate) fn of(part: Part) -> Self {
        let on = |statement: &str| statement.replace("{part}", part.as_str());
        Self {
            schema: on(include_str!("../sql/schema_journal.sql")),
            append_turn: on(include_str!("../sql/append_turn.sql")),
            turns_after: on(include_str!("../sql/turns_after.sql")),
            turns: on(include_str!("../sql/turns.sql")),
            state: on(include_str!("../sql/state.sql")),
            states: on(include_str!("../sql/states.sql")),
            timed_states: on(include_str!("../sql/timed_states.sql")),
            scan_states: on(include_str!("../sql/scan_states.sql")),
            count_states: on(include_str!("../sql/count_states.sql")),
            put_state: on(include_str!("../sql/put_state.sql")),
            put_states: on(include_str!("../sql/put_states.sql")),
        }
    }
}

pub(crate) const SCHEMA_INDEX: &str = include_str!("../sql/schema_index.sql");
pub(crate) const UPSERT_ENTRIES: &str = include_str!("../sql/upsert_entries.sql");
pub(crate) const PUT_WORDS: &str = include_str!("../sql/put_words.sql");
pub(crate) const LIST_ENTRIES_DESC: &str = include_str!("../sql/list_entries_desc.sql");
pub(crate) const LIST_ENTRIES_ASC: &str = include_str!("../sql/list_entries_asc.sql");
pub(crate) const COUNT_ENTRIES: &str = include_str!("../sql/count_entries.sql");
