// title: Queues before teams
// question: Before which team do journeys wait, how long, and how many at a time?
// params: team = null (str, only this team; all if null), limit = 25 (int, largest number of rows)
// returns: team, handoffs (to the team), journeys (handed to it at least once), wait_s_total (seconds, summed; the customer's
//   own time is left out of all waits here), wait_s_median (seconds), wait_s_p95 (seconds),
//   share (of all waiting between teams, 0 to 1), arrivals_per_h (handoffs to the team per calendar hour),
//   mean_waiting (journeys waiting at a time, on average: arrivals per hour times mean wait in hours, Little's law)
// reading: A row is a team, ranked by the total. mean_waiting is the length of its queue; calendar hours run from the
//   log's first to its last event, nights and weekends included.
MATCH (j:Journey)
WITH max(j.ended_ms) - min(j.started_ms) AS span_ms
MATCH (t:Team)
WITH span_ms, sum(t.own_wait_s_total) AS whole
MATCH (:Visit)-[:HANDOFF]->(b:Visit)
WHERE $team IS NULL OR b.team = $team
WITH span_ms, whole, b.team AS team, count(DISTINCT b.journey) AS journeys
MATCH (t:Team)
WHERE t.id = team
RETURN team, t.handoffs_in AS handoffs, journeys, t.own_wait_s_total AS wait_s_total,
       t.own_wait_s_median AS wait_s_median, t.own_wait_s_p95 AS wait_s_p95,
       CASE WHEN whole = 0 THEN null ELSE t.own_wait_s_total / whole END AS share,
       CASE WHEN span_ms = 0 THEN null ELSE t.handoffs_in / (span_ms / 3600000.0) END AS arrivals_per_h,
       CASE WHEN span_ms = 0 THEN null ELSE t.own_wait_s_total / (span_ms / 1000.0) END AS mean_waiting
ORDER BY wait_s_total DESC, team
LIMIT $limit
