// title: Time lost in loops between two teams
// question: Which two teams send journeys back and forth, how often, and how long do journeys wait?
// params: team = null (str, one of the two teams; all pairs if null), other = null (str, the other team; any if null),
//   min_journeys = 1 (int, smallest number of journeys to report), limit = 25 (int, largest number of rows)
// returns: team_a, team_b, journeys (count), handoffs (inside such loops), bounces (A-B-A has one),
//   own_wait_s_total (own waits of these handoffs, each counted once, seconds),
//   own_wait_s_median (seconds)
// reading: A row is a pair, regardless of who began. own_wait_s_total is time that customers waited only because of the
//   loop.
MATCH (last:Visit)-[:RETURNS_TO {hops: 2}]->(first:Visit)-[out:HANDOFF]->(middle:Visit)-[back:HANDOFF]->(last)
WHERE ($team IS NULL OR $team IN [first.team, middle.team]) AND ($other IS NULL OR $other IN [first.team, middle.team])
// In a longer run the way out is the way back of the bounce before, and counted there.
WITH first.team AS one, middle.team AS two, last.journey AS journey,
     CASE WHEN EXISTS { (middle)-[:RETURNS_TO {hops: 2}]->(:Visit) } THEN [back.own_wait_s]
          ELSE [back.own_wait_s, out.own_wait_s] END AS legs
UNWIND range(0, size(legs) - 1) AS leg
WITH CASE WHEN one < two THEN one ELSE two END AS team_a, CASE WHEN one < two THEN two ELSE one END AS team_b,
     journey, legs[leg] AS wait, CASE WHEN leg = 0 THEN 1 ELSE 0 END AS bounce
ORDER BY wait
WITH team_a, team_b, count(DISTINCT journey) AS journeys, count(*) AS handoffs, sum(bounce) AS bounces,
     sum(wait) AS own_wait_s_total, collect(wait) AS waits
WHERE journeys >= $min_journeys
RETURN team_a, team_b, journeys, handoffs, bounces, own_wait_s_total,
       waits[(50 * size(waits) + 99) / 100 - 1] AS own_wait_s_median
ORDER BY own_wait_s_total DESC, bounces DESC, team_a, team_b
LIMIT $limit
