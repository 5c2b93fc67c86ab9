SELECT key, wake_at, body FROM {part}_states WHERE wake_at IS NOT NULL
