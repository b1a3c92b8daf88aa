// title: Open journeys by age and team
// question: Who owns the open journeys, and how old are they?
// params: open = ["open", "new", "pending", "on hold", "hold", "in progress"] (list, states that are not final, in
//   lower case), limit = 100 (int, largest number of rows)
// returns: team (of the last visit; null where no team had it yet), age_from_d (days since the first start, at least),
//   age_to_d (and less than; null in the oldest band), journeys (without a known outcome, count), handed_over (of them,
//   with a handoff), idle_s_median (seconds since the latest event)
// reading: A row is a team and an age, the oldest first; ages are counted to the end of the log. Old and idle means
//   forgotten, old and active means stuck. If a log has no outcomes, all journeys are listed and the result is
//   meaningless.
MATCH (i:Journey)
WITH max(i.ended_ms) AS now
MATCH (j:Journey)
WHERE j.outcome IS NULL OR toLower(j.outcome) IN $open
OPTIONAL MATCH (j)<-[:IN_JOURNEY]-(v:Visit)
WHERE v.position = j.handoffs
WITH v.team AS team, (now - j.started_ms) / 86400000 AS days, (now - j.ended_ms) / 1000.0 AS idle, j.handoffs AS handoffs
ORDER BY idle
WITH team, CASE WHEN days < 1 THEN 0 WHEN days < 3 THEN 1 WHEN days < 7 THEN 2 WHEN days < 30 THEN 3 ELSE 4 END AS band,
     count(*) AS journeys, sum(CASE WHEN handoffs > 0 THEN 1 ELSE 0 END) AS handed_over, collect(idle) AS times
RETURN team, [0, 1, 3, 7, 30][band] AS age_from_d, [1, 3, 7, 30, null][band] AS age_to_d, journeys, handed_over,
       times[(50 * size(times) + 99) / 100 - 1] AS idle_s_median
ORDER BY age_from_d DESC, journeys DESC, team
LIMIT $limit
