-- What lists show of an order, and the words it is found by. One row an order, in the order lists are read; `no` stands for
-- the order in `words`, which keeps no text of its own.
CREATE TABLE IF NOT EXISTS entries (
    created_at INTEGER NOT NULL,
    id TEXT NOT NULL,
    no INTEGER NOT NULL,
    version INTEGER NOT NULL,
    status TEXT NOT NULL,
    channel TEXT NOT NULL,
    external_ref TEXT,
    customer_id TEXT,
    body TEXT NOT NULL,
    PRIMARY KEY (created_at, id)
) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (
    text, content = '', columnsize = 0, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);
