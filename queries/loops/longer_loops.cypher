// title: Loops through three teams or more
// question: Through which teams does a journey go before it returns?
// params: min_order = 3 (int, smallest order; 3 is A-B-C-A), min_journeys = 1 (int, smallest number of journeys to
//   report), path = null (list, only this path; any if null), limit = 25 (int, largest number of rows)
// returns: path (the teams in order, the first and last being the same), loop_order, journeys (count),
//   returns (count), away_s_total (seconds from leaving the team until its return, summed),
//   own_wait_s_total (own waits of these handoffs, seconds)
// reading: A row is a loop. Teams that appear in many of these paths only forward work.
MATCH (back:Visit)-[r:RETURNS_TO]->(left:Visit)-[:IN_JOURNEY]->(j:Journey)
WHERE r.order >= $min_order
MATCH (j)<-[:IN_JOURNEY]-(v:Visit)
WHERE v.position >= left.position AND v.position <= back.position
OPTIONAL MATCH (:Visit)-[h:HANDOFF]->(v)
WITH back.id AS visit, back.journey AS journey, r.order AS loop_order, v.position AS position, v.team AS team,
     CASE WHEN v.position = left.position OR h.own_wait_s IS NULL THEN 0.0 ELSE h.own_wait_s END AS wait,
     CASE WHEN back.arrived_ms > left.left_ms THEN (back.arrived_ms - left.left_ms) / 1000.0 ELSE 0.0 END AS away
ORDER BY position
WITH visit, journey, loop_order, away, collect(team) AS path, sum(wait) AS waited
WITH path, loop_order, count(DISTINCT journey) AS journeys, count(*) AS returns, sum(away) AS away_s_total,
     sum(waited) AS own_wait_s_total
WHERE journeys >= $min_journeys AND ($path IS NULL OR path = $path)
RETURN path, loop_order, journeys, returns, away_s_total, own_wait_s_total
ORDER BY own_wait_s_total DESC, returns DESC, path
LIMIT $limit
