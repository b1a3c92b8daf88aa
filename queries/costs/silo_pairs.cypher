// title: What handoffs between silos cost
// question: Between which departments are handoffs most expensive?
// params: limit = 50 (int, largest number of rows)
// returns: from_silo, to_silo, handoffs (count), journeys (count), cost_s (Fragmentation Cost after these handoffs,
//   seconds; null where not computed), delay_s (the delay in it, seconds; null likewise), share (of the cost of all
//   handoffs between silos, 0 to 1; null likewise), money (at the rates given; null without rates), unpriced_s (seconds
//   of cost_s that have no rate, so that money leaves them out)
// reading: A row is a pair of silos in one direction. silos/value_lost shows on which paths outcomes get worse too.
MATCH (a:Silo)-[h:HANDS_OFF_TO]->(b:Silo)
WITH collect({from_silo: a.id, to_silo: b.id, handoffs: h.handoffs, journeys: h.journeys, cost: h.cost_s_total,
              delay: h.delay_cost_s_total, money: h.money_total,
              unpriced: h.unpriced_s_total}) AS pairs, sum(h.cost_s_total) AS whole
UNWIND pairs AS x
RETURN x.from_silo AS from_silo, x.to_silo AS to_silo, x.handoffs AS handoffs, x.journeys AS journeys, x.cost AS cost_s,
       x.delay AS delay_s, CASE WHEN whole > 0 THEN x.cost / whole ELSE null END AS share, x.money AS money,
       x.unpriced AS unpriced_s
ORDER BY cost_s DESC, handoffs DESC, from_silo, to_silo
LIMIT $limit
