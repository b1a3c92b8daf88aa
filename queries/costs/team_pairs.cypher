// title: What handoffs between teams cost
// question: Between which teams are handoffs most expensive, in hours and in money?
// params: min_handoffs = 1 (int, smallest number of handoffs to report), limit = 50 (int, largest number of rows)
// returns: from_team, to_team, handoffs (count), journeys (count), cost_s (Fragmentation Cost after these handoffs,
//   seconds; null where not computed), delay_s (the delay in it, seconds; null likewise), cost_s_mean (per handoff,
//   seconds), money (at the rates given; null without rates), unpriced_s (seconds of cost_s that have no rate, so that
//   money leaves them out)
// reading: A row is a pair of teams. Fix the first rows first; a high cost_s_mean with few handoffs is a slow path, a
//   low one with many a habit. costs/handoffs lists single handoffs.
MATCH (a:Team)-[h:HANDS_OFF_TO]->(b:Team)
WHERE h.handoffs >= $min_handoffs
RETURN a.id AS from_team, b.id AS to_team, h.handoffs AS handoffs, h.journeys AS journeys, h.cost_s_total AS cost_s,
       h.delay_cost_s_total AS delay_s, h.cost_s_total / h.handoffs AS cost_s_mean, h.money_total AS money,
       h.unpriced_s_total AS unpriced_s
ORDER BY cost_s DESC, handoffs DESC, from_team, to_team
LIMIT $limit
