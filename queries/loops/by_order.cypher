// title: Loops by order
// question: How often does a journey come back, and after how many other teams?
// params: limit = 50 (int, largest number of rows)
// returns: loop_order (2 is A-B-A, 3 is A-B-C-A, …), returns (count), journeys (with at least one),
//   avoidable (returns that nothing in between could justify; null where the log cannot tell),
//   away_s_total (seconds from leaving the team until its return, summed)
// reading: A row is an order. Order 2 is two teams passing a journey back and forth; higher orders mean that nobody
//   owns the issue.
MATCH (back:Visit)-[r:RETURNS_TO]->(left:Visit)
WITH r.order AS loop_order, r.avoidable AS avoidable, back.journey AS journey,
     CASE WHEN back.arrived_ms > left.left_ms THEN (back.arrived_ms - left.left_ms) / 1000.0 ELSE 0.0 END AS away
WITH loop_order, count(*) AS returns, count(DISTINCT journey) AS journeys, count(avoidable) AS judged,
     sum(CASE WHEN avoidable THEN 1 ELSE 0 END) AS needless, sum(away) AS away_s_total
RETURN loop_order, returns, journeys, CASE WHEN judged = 0 THEN null ELSE needless END AS avoidable, away_s_total
ORDER BY loop_order
LIMIT $limit
