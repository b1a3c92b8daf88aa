// title: Queues before teams by weekday and hour
// question: At which hours of the week does work pile up before a team?
// params: team = null (str, only this team; all if null), offset_min = 0 (int, minutes that local time is ahead of UTC),
//   shifts = [] (list, for clocks that change: pairs of ms since 1970 and the minutes ahead from then on, in order of time),
//   limit = 168 (int, largest number of rows)
// returns: team, weekday (1 is Monday, of the moment the wait began), hour (0 to 23), handoffs (count),
//   wait_s_total (seconds, summed, without the customer's own time), wait_s_median (seconds), wait_s_p95 (seconds)
// reading: A row is an hour of the week of a team, the worst first: what is handed over then waits longest in sum.
MATCH (a:Visit)-[h:HANDOFF]->(b:Visit)
WHERE $team IS NULL OR b.team = $team
WITH b.team AS team, h.wait_s - h.customer_wait_s AS wait,
     a.left_ms + coalesce([s IN $shifts WHERE s[0] <= a.left_ms | s[1]][-1], $offset_min) * 60000 AS began
WITH team, (began / 86400000 + 3) % 7 + 1 AS weekday, (began / 3600000) % 24 AS hour, wait
ORDER BY wait
WITH team, weekday, hour, count(*) AS handoffs, sum(wait) AS wait_s_total, collect(wait) AS waits
RETURN team, weekday, hour, handoffs, wait_s_total, waits[(50 * size(waits) + 99) / 100 - 1] AS wait_s_median,
       waits[(95 * size(waits) + 99) / 100 - 1] AS wait_s_p95
ORDER BY wait_s_total DESC, team, weekday, hour
LIMIT $limit
