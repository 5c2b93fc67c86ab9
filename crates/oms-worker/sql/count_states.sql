SELECT count(*) FROM {part}_states WHERE key > ?1 AND key < ?2
