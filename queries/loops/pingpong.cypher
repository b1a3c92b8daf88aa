// title: Ping-pong between two teams
// question: Which two teams play ping-pong, and what does each bounce cost?
// params: min_bounces = 1 (int, smallest number of bounces to report), limit = 25 (int, largest number of rows)
// returns: team_a, team_b, journeys (count), runs (maximal alternating runs between the two), bounces (A-B-A has one),
//   away_s_total (seconds until the journey was back, summed over the bounces), away_s_per_bounce (seconds)
// reading: A row is a pair, regardless of who began. More bounces than runs mean that one round was not enough.
MATCH (back:Visit)-[r:RETURNS_TO]->(left:Visit)
WHERE r.hops = 2
MATCH (left)-[:HANDOFF]->(other:Visit)
WITH CASE WHEN left.team < other.team THEN left.team ELSE other.team END AS team_a,
     CASE WHEN left.team < other.team THEN other.team ELSE left.team END AS team_b, back.journey AS journey,
     CASE WHEN EXISTS { (other)-[:RETURNS_TO {hops: 2}]->(:Visit) } THEN 0 ELSE 1 END AS opens,
     CASE WHEN back.arrived_ms > left.left_ms THEN (back.arrived_ms - left.left_ms) / 1000.0 ELSE 0.0 END AS away
WITH team_a, team_b, count(DISTINCT journey) AS journeys, sum(opens) AS runs, count(*) AS bounces,
     sum(away) AS away_s_total
WHERE bounces >= $min_bounces
RETURN team_a, team_b, journeys, runs, bounces, away_s_total, away_s_total / bounces AS away_s_per_bounce
ORDER BY bounces DESC, away_s_total DESC, team_a, team_b
LIMIT $limit
