// title: Slow steps
// question: Between which activities is most time lost?
// params: from_activity = null (str, only after this activity; any if null),
//   to_activity = null (str, only before this activity; any if null), limit = 25 (int, largest number of rows)
// returns: from_activity, to_activity, count, total_s (seconds, summed), median_s (seconds), p95_s (seconds),
//   own_wait_s_total (seconds of waiting for us, the customer's own time left out), share (of all such waiting, 0 to 1)
// reading: A row is one activity directly followed by another, ranked by waiting for us. total_s is the
//   total of the gaps; where it is much larger, the customer took the time.
MATCH (:Activity)-[d:DF_C]->(:Activity)
WITH sum(d.own_wait_s_total) AS whole
MATCH (a:Activity)-[d:DF_C]->(b:Activity)
WHERE ($from_activity IS NULL OR a.id = $from_activity) AND ($to_activity IS NULL OR b.id = $to_activity)
RETURN a.id AS from_activity, b.id AS to_activity, d.count AS count, d.total_s AS total_s, d.median_s AS median_s,
       d.p95_s AS p95_s, d.own_wait_s_total AS own_wait_s_total,
       CASE WHEN whole = 0 THEN null ELSE d.own_wait_s_total / whole END AS share
ORDER BY own_wait_s_total DESC, from_activity, to_activity
LIMIT $limit
