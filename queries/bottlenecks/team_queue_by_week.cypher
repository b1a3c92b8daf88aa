// title: Queues before teams, week by week
// question: Are waits for a team getting longer or shorter?
// params: team = null (str, only this team; all if null), limit = 100 (int, largest number of rows)
// returns: week_ms (begin of the Monday, in the run's time zone, of the week in which the wait began, ms since 1970 in
//   UTC), team, handoffs (count), wait_s_total (own waits, seconds), wait_s_median (seconds), wait_s_p95 (seconds)
// reading: A row is a week of a team, in order of time. More handoffs with the same median is growth; the same number
//   with a longer median is a team falling behind. The first and last week may be incomplete.
MATCH (a:Visit)-[h:HANDOFF]->(b:Visit)
WHERE $team IS NULL OR b.team = $team
WITH b.team AS team, a.left_week_ms AS week_ms, h.own_wait_s AS wait
ORDER BY wait
WITH week_ms, team, count(*) AS handoffs, sum(wait) AS wait_s_total, collect(wait) AS waits
RETURN week_ms, team, handoffs, wait_s_total, waits[(50 * size(waits) + 99) / 100 - 1] AS wait_s_median,
       waits[(95 * size(waits) + 99) / 100 - 1] AS wait_s_p95
ORDER BY week_ms, wait_s_total DESC, team
LIMIT $limit
