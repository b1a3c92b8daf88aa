// title: Journeys of a loop
// question: Show me the journeys that went in circles between these teams.
// params: team (str, the team that gets the journey back), via = null (str, the team it first went to; any if null),
//   loop_order = null (int, order of the loop; any if null), limit = 10 (int, largest number of rows)
// returns: journey, from_position (the earlier visit), to_position (the returning visit), via, loop_order,
//   avoidable (null where the log cannot tell), left_ms (when the team released it, ms since 1970 in UTC),
//   away_s (seconds until it was back)
// reading: A row is one return, the longest absence first. Look at one with paths/journey.
MATCH (back:Visit)-[r:RETURNS_TO]->(left:Visit)
WHERE left.team = $team AND ($loop_order IS NULL OR r.order = $loop_order)
MATCH (left)-[:HANDOFF]->(next:Visit)
WHERE $via IS NULL OR next.team = $via
RETURN left.journey AS journey, left.position AS from_position, back.position AS to_position, next.team AS via,
       r.order AS loop_order, r.avoidable AS avoidable, left.left_ms AS left_ms,
       CASE WHEN back.arrived_ms > left.left_ms THEN (back.arrived_ms - left.left_ms) / 1000.0 ELSE 0.0 END AS away_s
ORDER BY away_s DESC, journey, to_position
LIMIT $limit
