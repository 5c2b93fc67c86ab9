INSERT INTO words (rowid, text)
SELECT entries.no, told.value ->> 'text' FROM json_each(?1) AS told
JOIN entries ON entries.id = told.value ->> 'id'
WHERE NOT EXISTS (SELECT 1 FROM words WHERE words.rowid = entries.no)
