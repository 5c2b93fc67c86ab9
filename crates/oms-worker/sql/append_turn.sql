INSERT INTO {part}_turns (seq, turn) VALUES (?1, ?2)
