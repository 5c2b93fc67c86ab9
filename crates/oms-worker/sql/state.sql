SELECT body FROM {part}_states WHERE key = ?1
