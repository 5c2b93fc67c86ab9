SELECT count(*) FROM states WHERE key > ?1 AND key < ?2
