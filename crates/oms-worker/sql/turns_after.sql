SELECT seq, turn FROM {part}_turns WHERE seq > ?1 ORDER BY seq LIMIT ?2
