SELECT body FROM entries
WHERE (?1 IS NULL OR status IN (SELECT value FROM json_each(?1)))
    AND (?2 IS NULL OR channel = ?2)
    AND (?3 IS NULL OR customer_id = ?3)
    AND (?4 IS NULL OR external_ref = ?4)
    AND (?11 IS NULL OR body ->> 'pick_up_at' = ?11)
    AND created_at >= ?5 AND created_at < ?6
    AND (?7 IS NULL OR (created_at, id) < (?7, ?8))
    AND (?9 IS NULL OR no IN (SELECT rowid FROM words WHERE words MATCH ?9))
ORDER BY created_at DESC, id DESC LIMIT ?10
