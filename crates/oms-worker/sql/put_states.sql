INSERT INTO {part}_states (key, wake_at, body)
SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?1) WHERE true
ON CONFLICT (key) DO UPDATE SET wake_at = excluded.wake_at, body = excluded.body
