INSERT INTO words (rowid, text)
SELECT value ->> 2, value ->> 9 FROM json_each(?1) AS told
WHERE NOT EXISTS (
    SELECT 1 FROM entries WHERE entries.created_at = told.value ->> 0 AND entries.id = told.value ->> 1
)
