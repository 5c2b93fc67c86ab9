SELECT key, body FROM states WHERE key IN (SELECT value FROM json_each(?1))
