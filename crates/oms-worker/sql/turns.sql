SELECT turn FROM {part}_turns WHERE seq IN (SELECT value FROM json_each(?1)) ORDER BY seq
