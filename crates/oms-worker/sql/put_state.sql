INSERT INTO {part}_states (key, wake_at, body) VALUES (?1, ?2, ?3)
ON CONFLICT (key) DO UPDATE SET wake_at = excluded.wake_at, body = excluded.body
