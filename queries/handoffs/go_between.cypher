// title: Teams connected by another team
// question: Without this team, which teams would have to hand over directly, and do they already?
// params: team (str, the team in the middle), min_passages = 1 (int, smallest number of passages to report),
//   limit = 25 (int, largest number of rows)
// returns: from_team, to_team, passages (passages of journeys from the one through the team to the other, count),
//   journeys (count), direct (handoffs straight from the one to the other), detour_s_total (seconds from leaving the
//   one until arriving at the other, summed), detour_s_median (seconds)
// reading: A row is a pair that the team connects. If direct is 0 the two never hand over directly: without the team
//   they are disconnected. If it is large, ask why some work takes the detour.
MATCH (t:Team {id: $team})<-[:BY]-(b:Visit)
MATCH (a:Visit)-[:HANDOFF]->(b)
MATCH (b)-[:HANDOFF]->(c:Visit)
WHERE a.team <> c.team
WITH a.team AS from_team, c.team AS to_team, b.journey AS journey,
     CASE WHEN c.arrived_ms > a.left_ms THEN (c.arrived_ms - a.left_ms) / 1000.0 ELSE 0.0 END AS detour
ORDER BY detour
WITH from_team, to_team, count(*) AS passages, count(DISTINCT journey) AS journeys, sum(detour) AS detour_s_total,
     collect(detour) AS detours
WHERE passages >= $min_passages
OPTIONAL MATCH (f:Team {id: from_team})-[h:HANDS_OFF_TO]->(g:Team {id: to_team})
RETURN from_team, to_team, passages, journeys, coalesce(h.handoffs, 0) AS direct, detour_s_total,
       detours[(50 * size(detours) + 99) / 100 - 1] AS detour_s_median
ORDER BY passages DESC, detour_s_total DESC, from_team, to_team
LIMIT $limit
