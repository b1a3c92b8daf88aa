// title: Handoff loops between teams
// question: Which teams get the same journey back, through whom, and what does it cost?
// params: min_journeys = 1 (int, smallest number of journeys to report), limit = 25 (int, largest number of rows)
// returns: team (that gets the journey back), via (the team it first went to), loop_order (2 is A-B-A),
//   journeys (count), returns (count), avoidable (returns that nothing in between could justify; null where the log
//   cannot tell), away_s_total (seconds from leaving the team until its return, summed), away_s_median (seconds)
// reading: A row is a loop. A high away_s_total with few journeys is a slow loop, with many a habit. Fix loops with
//   many avoidable returns first.
MATCH (back:Visit)-[r:RETURNS_TO]->(left:Visit)-[:HANDOFF]->(next:Visit)
WITH left.team AS team, next.team AS via, r.order AS loop_order, r.avoidable AS avoidable, back.journey AS journey,
     CASE WHEN back.arrived_ms > left.left_ms THEN (back.arrived_ms - left.left_ms) / 1000.0 ELSE 0.0 END AS away
ORDER BY away
WITH team, via, loop_order, count(DISTINCT journey) AS journeys, count(*) AS returns, collect(away) AS times,
     count(avoidable) AS judged, sum(CASE WHEN avoidable THEN 1 ELSE 0 END) AS needless, sum(away) AS away_s_total
WHERE journeys >= $min_journeys
RETURN team, via, loop_order, journeys, returns, CASE WHEN judged = 0 THEN null ELSE needless END AS avoidable,
       away_s_total, times[(50 * size(times) + 99) / 100 - 1] AS away_s_median
ORDER BY away_s_total DESC, returns DESC, team, via, loop_order
LIMIT $limit
