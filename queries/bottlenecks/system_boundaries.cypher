// title: Waiting at system boundaries
// question: At which system boundary is most time lost, and which teams are involved?
// params: limit = 25 (int, largest number of rows)
// returns: from_system (of the last event before), to_system (of the first event after), from_team, to_team,
//   handoffs (count), journeys (count), wait_s_total (own waits, seconds),
//   wait_s_median (seconds), wait_s_p95 (seconds), share (of all waiting between teams, 0 to 1)
// reading: A row is a boundary between two teams, ranked by time lost. The first rows show where an interface pays off.
//   All teams of a boundary together are in handoffs/system_changes.
MATCH (t:Team)
WITH sum(t.wait_s_total) AS whole
MATCH (a:Visit)-[h:HANDOFF]->(b:Visit)
WHERE h.crosses_system = true
WITH whole, a.last_system AS from_system, b.system AS to_system, a.team AS from_team, b.team AS to_team,
     h.own_wait_s AS wait, b.journey AS journey
ORDER BY wait
WITH whole, from_system, to_system, from_team, to_team, count(*) AS handoffs, count(DISTINCT journey) AS journeys,
     sum(wait) AS wait_s_total, collect(wait) AS waits
RETURN from_system, to_system, from_team, to_team, handoffs, journeys, wait_s_total,
       waits[(50 * size(waits) + 99) / 100 - 1] AS wait_s_median, waits[(95 * size(waits) + 99) / 100 - 1] AS wait_s_p95,
       CASE WHEN whole = 0 THEN null ELSE wait_s_total / whole END AS share
ORDER BY wait_s_total DESC, handoffs DESC, from_system, to_system, from_team, to_team
LIMIT $limit
