SELECT key, body FROM {part}_states WHERE key IN (SELECT value FROM json_each(?1))
