// title: The most expensive handoffs
// question: Which single handoffs are most expensive, and in which journeys?
// params: from_team = null (str, only from this team; any if null), to_team = null (str, only to this team; any if
//   null), limit = 25 (int, largest number of rows)
// returns: journey, position (of the receiving visit), from_team, to_team, kind (null where unknown), own_wait_s
//   (seconds), cost_s (Fragmentation Cost up to the next handoff, seconds), delay_s, handoff_s, rework_s,
//   information_gap_s, repeat_contact_s (its components, seconds; null where not computed), money (null without rates),
//   unpriced_s (seconds of cost_s that have no rate, so that money leaves them out)
// reading: A row is a handoff. Look at its journey with paths/journey: what was missing when it was passed on?
MATCH (a:Visit)-[h:HANDOFF]->(b:Visit)
WHERE h.cost_s > 0 AND ($from_team IS NULL OR a.team = $from_team) AND ($to_team IS NULL OR b.team = $to_team)
RETURN b.journey AS journey, b.position AS position, a.team AS from_team, b.team AS to_team, h.kind AS kind,
       h.own_wait_s AS own_wait_s, h.cost_s AS cost_s, h.delay_cost_s AS delay_s, h.handoff_cost_s AS handoff_s,
       h.rework_cost_s AS rework_s, h.information_gap_cost_s AS information_gap_s,
       h.repeat_contact_cost_s AS repeat_contact_s, h.money AS money, h.unpriced_s AS unpriced_s
ORDER BY cost_s DESC, journey, position
LIMIT $limit
