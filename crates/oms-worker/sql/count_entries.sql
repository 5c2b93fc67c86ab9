SELECT status, count(*) FROM entries GROUP BY status
