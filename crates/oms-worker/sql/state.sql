SELECT body FROM states WHERE key = ?1
