// title: Wrong first teams
// question: Which work starts with a team that only forwards it, and where could it have started?
// params: most_events = 2 (int, largest number of own events of a visit that only forwards),
//   min_journeys = 1 (int, smallest number of journeys to report), limit = 25 (int, largest number of rows)
// returns: intent (null where unknown), first_team (that only forwarded it), next_team (that received it),
//   journeys (count), settled (of them, those that the next team did not hand over), delay_s_total (seconds from the
//   first team's arrival until the next team's, summed), delay_s_median (seconds)
// reading: A row is a detour at the start. If the next team settles nearly all, route this intent
//   there directly and save delay_s_total.
MATCH (v:Visit)-[:HANDOFF]->(n:Visit)
WHERE v.position = 0 AND v.events <= $most_events
MATCH (n)-[:IN_JOURNEY]->(j:Journey)
WITH j.intent AS intent, v.team AS first_team, n.team AS next_team, CASE WHEN j.handoffs = 1 THEN 1 ELSE 0 END AS kept,
     CASE WHEN n.arrived_ms > v.arrived_ms THEN (n.arrived_ms - v.arrived_ms) / 1000.0 ELSE 0.0 END AS delay
ORDER BY delay
WITH intent, first_team, next_team, count(*) AS journeys, sum(kept) AS settled, sum(delay) AS delay_s_total,
     collect(delay) AS delays
WHERE journeys >= $min_journeys
RETURN intent, first_team, next_team, journeys, settled, delay_s_total,
       delays[(50 * size(delays) + 99) / 100 - 1] AS delay_s_median
ORDER BY settled DESC, delay_s_total DESC, journeys DESC, intent, first_team, next_team
LIMIT $limit
