// title: Waiting between teams
// question: Between which teams is most time lost?
// params: limit = 25 (int, largest number of rows)
// returns: from_team, to_team, handoffs (count), journeys (count), wait_s_total (own waits, seconds),
//   wait_s_median (seconds), wait_s_p95 (seconds), customer_wait_s_total (the customer's time meanwhile, seconds),
//   between_s_total (time between contacts meanwhile, seconds), share (of all waiting between teams, 0 to 1)
// reading: A row is a pair, ranked by the total: a slow but rare pair is not a bottleneck. A p95 far above the
//   median is a queue processed in batches.
MATCH (:Team)-[h:HANDS_OFF_TO]->(:Team)
WITH sum(h.wait_s_total) AS whole
MATCH (a:Team)-[h:HANDS_OFF_TO]->(b:Team)
RETURN a.id AS from_team, b.id AS to_team, h.handoffs AS handoffs, h.journeys AS journeys,
       h.wait_s_total AS wait_s_total, h.wait_s_median AS wait_s_median, h.wait_s_p95 AS wait_s_p95,
       h.customer_wait_s_total AS customer_wait_s_total, h.between_s_total AS between_s_total,
       CASE WHEN whole = 0 THEN null ELSE h.wait_s_total / whole END AS share
ORDER BY wait_s_total DESC, from_team, to_team
LIMIT $limit
