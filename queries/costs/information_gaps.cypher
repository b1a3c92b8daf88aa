// title: Where known information is asked again
// question: After which handoffs do people spend time asking for known information?
// params: from_team = null (str, only from this team; any if null), to_team = null (str, only to this team; any if
//   null), limit = 50 (int, largest number of rows)
// returns: from_team, to_team, from_silo, to_silo (of the two; null where unknown), handoffs (after which it was asked
//   again, count), journeys (count), share (of all handoffs between the two, 0 to 1), asked_s (handling time of asking
//   again, seconds), examples (up to 10 of the journeys)
// reading: A row is a pair of teams. What did the sender know that the receiver cannot see? A shared screen is cheaper.
MATCH (a:Visit)-[h:HANDOFF]->(b:Visit)
WHERE ($from_team IS NULL OR a.team = $from_team) AND ($to_team IS NULL OR b.team = $to_team)
WITH a.team AS from_team, b.team AS to_team, b.journey AS journey, a.silo AS sender, b.silo AS receiver,
     h.information_gap_cost_s AS gap
ORDER BY journey
WITH from_team, to_team, min(sender) AS from_silo, min(receiver) AS to_silo, count(*) AS n,
     sum(CASE WHEN gap > 0 THEN 1 ELSE 0 END) AS handoffs, sum(gap) AS asked,
     collect(DISTINCT CASE WHEN gap > 0 THEN journey ELSE null END) AS asked_in
WHERE handoffs > 0
RETURN from_team, to_team, from_silo, to_silo, handoffs, size(asked_in) AS journeys,
       1.0 * handoffs / n AS share, asked AS asked_s, asked_in[0..10] AS examples
ORDER BY asked_s DESC, handoffs DESC, from_team, to_team
LIMIT $limit
