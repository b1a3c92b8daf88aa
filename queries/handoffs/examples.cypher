// title: Examples of handoffs
// question: Show me handoffs between these teams, the longest own wait first.
// params: from_team = null (str, the handing team; any if null), to_team = null (str, the receiving team; any if null),
//   limit = 10 (int, largest number of rows)
// returns: journey, position (of the receiving visit), from_team, to_team, left_ms (when the first team released it, ms
//   since 1970 in UTC), wait_s (seconds), own_wait_s (of it our own, seconds), customer_wait_s (of it the customer's,
//   seconds), between_s (of it between contacts, seconds), overlap_s (seconds), kind, crosses_silo, crosses_system,
//   changes_channel
// reading: A row is one handoff. Look at one with paths/journey.
MATCH (a:Visit)-[h:HANDOFF]->(b:Visit)
WHERE ($from_team IS NULL OR a.team = $from_team) AND ($to_team IS NULL OR b.team = $to_team)
RETURN b.journey AS journey, b.position AS position, a.team AS from_team, b.team AS to_team, a.left_ms AS left_ms,
       h.wait_s AS wait_s, h.own_wait_s AS own_wait_s, h.customer_wait_s AS customer_wait_s,
       h.between_s AS between_s, h.overlap_s AS overlap_s, h.kind AS kind,
       h.crosses_silo AS crosses_silo, h.crosses_system AS crosses_system, h.changes_channel AS changes_channel
ORDER BY own_wait_s DESC, journey, position
LIMIT $limit
