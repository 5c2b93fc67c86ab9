SELECT seq, turn FROM turns WHERE seq > ?1 ORDER BY seq LIMIT ?2
