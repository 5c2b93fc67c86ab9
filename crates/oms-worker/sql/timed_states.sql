SELECT key, wake_at, body FROM states WHERE wake_at IS NOT NULL
