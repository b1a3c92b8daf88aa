// title: Where it is asked again
// question: After which handoffs do people spend time on asking what was already known?
// params: limit = 50 (int, largest number of rows)
// returns: from_team, to_team, handoffs (after which it was asked again, count), journeys (count),
//   share (of all handoffs between the two, 0 to 1), asked_s (handling time of asking again, seconds)
// reading: A row is a pair of teams. What does the receiver not see that the sender knew? A shared screen is cheaper.
MATCH (a:Visit)-[h:HANDOFF]->(b:Visit)
WITH a.team AS from_team, b.team AS to_team, count(*) AS n,
     sum(CASE WHEN h.information_gap_cost_s > 0 THEN 1 ELSE 0 END) AS handoffs,
     count(DISTINCT CASE WHEN h.information_gap_cost_s > 0 THEN b.journey ELSE null END) AS journeys,
     sum(h.information_gap_cost_s) AS asked
WHERE handoffs > 0
RETURN from_team, to_team, handoffs, journeys, 1.0 * handoffs / n AS share, asked AS asked_s
ORDER BY asked_s DESC, handoffs DESC, from_team, to_team
LIMIT $limit
