INSERT INTO entries (id, version, status, channel, external_ref, customer_id, created_at, body)
SELECT value ->> 'id', value ->> 'version', value ->> 'status', value ->> 'channel', value ->> 'external_ref',
    value ->> 'customer_id', value ->> 'created_at', json_remove(value, '$.text')
FROM json_each(?1) WHERE true
ON CONFLICT (id) DO UPDATE SET version = excluded.version, status = excluded.status, body = excluded.body
WHERE excluded.version > entries.version
