-- A turn is one row; states are what the turns led to, as of the last checkpoint.
CREATE TABLE IF NOT EXISTS {part}_turns (
    seq INTEGER PRIMARY KEY,
    turn TEXT NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS {part}_states (
    key TEXT PRIMARY KEY,
    wake_at INTEGER,
    body TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS {part}_states_timed ON {part}_states (wake_at) WHERE wake_at IS NOT NULL;
