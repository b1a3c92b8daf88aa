// title: Oldest open journeys
// question: Which journeys have been open longest, who owns them, and how long have they been idle?
// params: team = null (str, only journeys owned by this team; all if null),
//   open = ["open", "new", "pending", "on hold", "hold", "in progress"] (list, states that are not final, in lower
//   case), limit = 25 (int, largest number of rows)
// returns: journey, intent (null where unknown), team (of the last visit; null where no team had it yet),
//   age_s (seconds from the first start to the end of the log), idle_s (seconds from the latest event to the end of the
//   log), handoffs (count), returns (count)
// reading: A row is a journey without a known outcome, the oldest first. A long idle_s means that nobody works on it.
MATCH (i:Journey)
WITH max(i.ended_ms) AS now
MATCH (j:Journey)
WHERE j.outcome IS NULL OR toLower(j.outcome) IN $open
OPTIONAL MATCH (j)<-[:IN_JOURNEY]-(v:Visit)
WHERE v.position = j.handoffs
WITH now, j, v.team AS team
WHERE $team IS NULL OR team = $team
RETURN j.id AS journey, j.intent AS intent, team, (now - j.started_ms) / 1000.0 AS age_s, (now - j.ended_ms) / 1000.0 AS idle_s,
       j.handoffs AS handoffs, j.returns AS returns
ORDER BY age_s DESC, journey
LIMIT $limit
