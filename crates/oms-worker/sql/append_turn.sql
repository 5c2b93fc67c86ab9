INSERT INTO turns (seq, turn) VALUES (?1, ?2)
