// title: Teams that only forward
// question: Which teams forward work without working on it, and what does that cost?
// params: most_events = 2 (int, most own events of a visit that only forwards), min_visits = 1 (int, smallest number of
//   visits of a team to report), limit = 25 (int, largest number of rows)
// returns: team, visits (count), handed_on (visits that ended in a handoff), passed (of them, those that only
//   forwarded), passed_share (of all its visits, 0 to 1), held_s_median (seconds from first to last own event of the
//   passed), wait_s_total (own waits of the passed before the team, seconds)
// reading: A row is a team. A passed_share near 1 is a mailbox, not a team: wait_s_total is saved by bypassing it.
//   A dispatcher is meant to forward, but quickly. In ticket systems accepting and forwarding are two events; if
//   a handoff is one row of a log, set most_events to 1.
MATCH (v:Visit)-[:HANDOFF]->(:Visit)
WHERE v.events <= $most_events
OPTIONAL MATCH (:Visit)-[h:HANDOFF]->(v)
WITH v.team AS team, (v.left_ms - v.arrived_ms) / 1000.0 AS held, coalesce(h.own_wait_s, 0.0) AS wait
ORDER BY held
WITH team, count(*) AS passed, collect(held) AS times, sum(wait) AS wait_s_total
MATCH (t:Team)
WHERE t.id = team AND t.visits >= $min_visits
RETURN team, t.visits AS visits, t.handoffs_out AS handed_on, passed, 1.0 * passed / t.visits AS passed_share,
       times[(50 * size(times) + 99) / 100 - 1] AS held_s_median, wait_s_total
ORDER BY passed_share DESC, passed DESC, team
LIMIT $limit
