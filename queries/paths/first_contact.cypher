// title: First contact
// question: Which team takes the first contact, and how often does it resolve the issue itself?
// params: limit = 50 (int, largest number of rows)
// returns: team (owner of the first visit), journeys (that began there), kept (journeys without a handoff),
//   kept_share (of all, 0 to 1), came_back (journeys that returned to some team), elapsed_s_median (seconds)
// reading: A row is a team. A low kept_share at a team with many journeys means a wrong front door.
MATCH (v:Visit)-[:IN_JOURNEY]->(j:Journey)
WHERE v.position = 0
WITH v.team AS team, j.handoffs AS handoffs, j.returns AS back, j.elapsed_s AS elapsed
ORDER BY elapsed
WITH team, count(*) AS journeys, sum(CASE WHEN handoffs = 0 THEN 1 ELSE 0 END) AS kept,
     sum(CASE WHEN back > 0 THEN 1 ELSE 0 END) AS came_back, collect(elapsed) AS times
RETURN team, journeys, kept, 1.0 * kept / journeys AS kept_share, came_back,
       times[(50 * size(times) + 99) / 100 - 1] AS elapsed_s_median
ORDER BY journeys DESC, team
LIMIT $limit
