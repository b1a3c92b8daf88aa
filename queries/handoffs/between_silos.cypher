// title: Handoffs between silos
// question: Between which departments are journeys handed over, and how long do they wait there?
// params: limit = 50 (int, largest number of rows)
// returns: from_silo, to_silo, handoffs (count), journeys (count), wait_s_total (own waits, seconds), wait_s_median
//   (seconds), wait_s_p95 (seconds), customer_wait_s_total (the customer's time meanwhile, seconds), between_s_total
//   (time between contacts meanwhile, seconds), returns (those that bring a journey back to a team that had it before)
// reading: A row is a pair of departments, ranked by the time lost between them.
MATCH (a:Silo)-[h:HANDS_OFF_TO]->(b:Silo)
RETURN a.id AS from_silo, b.id AS to_silo, h.handoffs AS handoffs, h.journeys AS journeys,
       h.wait_s_total AS wait_s_total, h.wait_s_median AS wait_s_median, h.wait_s_p95 AS wait_s_p95,
       h.customer_wait_s_total AS customer_wait_s_total, h.between_s_total AS between_s_total,
       h.returns AS returns
ORDER BY wait_s_total DESC, from_silo, to_silo
LIMIT $limit
