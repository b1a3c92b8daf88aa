// title: Time lost in loops between two teams
// question: Which two teams send the same journeys back and forth, how often, and how long do journeys wait in it?
// params: team = null (str, one of the two teams; all pairs if null), other = null (str, the other team; any if null),
//   min_journeys = 1 (int, smallest number of journeys to report), limit = 25 (int, largest number of rows)
// returns: team_a, team_b, journeys (count), handoffs (inside such loops), bounces (A-B-A has one),
//   wait_s_total (seconds waited in these handoffs, each counted once), wait_s_median (seconds)
// reading: A row is a pair, whoever began. wait_s_total is time that customers waited only because it went back.
MATCH (a:Visit)-[h:HANDOFF]->(b:Visit)
WHERE EXISTS { (b)-[:RETURNS_TO {hops: 2}]->(:Visit) } OR EXISTS { (:Visit)-[:RETURNS_TO {hops: 2}]->(a) }
MATCH (a)-[:IN_JOURNEY]->(j:Journey)
WITH CASE WHEN a.team < b.team THEN a.team ELSE b.team END AS team_a,
     CASE WHEN a.team < b.team THEN b.team ELSE a.team END AS team_b, j.id AS journey, h.wait_s AS wait,
     CASE WHEN EXISTS { (b)-[:RETURNS_TO {hops: 2}]->(:Visit) } THEN 1 ELSE 0 END AS bounce
WHERE ($team IS NULL OR $team IN [team_a, team_b]) AND ($other IS NULL OR $other IN [team_a, team_b])
WITH team_a, team_b, journey, wait, bounce
ORDER BY team_a, team_b, wait
WITH team_a, team_b, count(DISTINCT journey) AS journeys, count(*) AS handoffs, sum(bounce) AS bounces,
     sum(wait) AS wait_s_total, collect(wait) AS waits
WHERE journeys >= $min_journeys
RETURN team_a, team_b, journeys, handoffs, bounces, wait_s_total,
       waits[(50 * size(waits) + 99) / 100 - 1] AS wait_s_median
ORDER BY wait_s_total DESC, bounces DESC, team_a, team_b
LIMIT $limit
