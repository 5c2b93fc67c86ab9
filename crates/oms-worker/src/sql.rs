//! Every statement there is. SQL stands in `sql/` and nowhere else.

pub(crate) const SCHEMA_JOURNAL: &str = include_str!("../sql/schema_journal.sql");
pub(crate) const APPEND_TURN: &str = include_str!("../sql/append_turn.sql");
pub(crate) const TURNS_AFTER: &str = include_str!("../sql/turns_after.sql");
pub(crate) const TURNS: &str = include_str!("../sql/turns.sql");
pub(crate) const STATE: &str = include_str!("../sql/state.sql");
pub(crate) const STATES: &str = include_str!("../sql/states.sql");
pub(crate) const TIMED_STATES: &str = include_str!("../sql/timed_states.sql");
pub(crate) const SCAN_STATES: &str = include_str!("../sql/scan_states.sql");
pub(crate) const COUNT_STATES: &str = include_str!("../sql/count_states.sql");
pub(crate) const PUT_STATE: &str = include_str!("../sql/put_state.sql");
pub(crate) const PUT_STATES: &str = include_str!("../sql/put_states.sql");
pub(crate) const SCHEMA_INDEX: &str = include_str!("../sql/schema_index.sql");
pub(crate) const UPSERT_ENTRIES: &str = include_str!("../sql/upsert_entries.sql");
pub(crate) const PUT_WORDS: &str = include_str!("../sql/put_words.sql");
pub(crate) const LIST_ENTRIES_DESC: &str = include_str!("../sql/list_entries_desc.sql");
pub(crate) const LIST_ENTRIES_ASC: &str = include_str!("../sql/list_entries_asc.sql");
pub(crate) const COUNT_ENTRIES: &str = include_str!("../sql/count_entries.sql");
