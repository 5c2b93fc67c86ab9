INSERT INTO entries (created_at, id, no, version, status, channel, external_ref, customer_id, body)
SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8
FROM json_each(?1) WHERE true
ON CONFLICT (created_at, id) DO UPDATE SET version = excluded.version, status = excluded.status, body = excluded.body
WHERE excluded.version > entries.version
