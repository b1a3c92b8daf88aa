// title: Changes of system
// question: Between which systems is work handed over, and how long does it wait there?
// params: limit = 50 (int, largest number of rows)
// returns: from_system (of the last event before), to_system (of the first event after), handoffs (count),
//   journeys (count), wait_s_total (their own waits, seconds), wait_s_median (seconds)
// reading: A row is a pair of systems. At each of them notes get lost and customers are asked again.
MATCH (a:Visit)-[h:HANDOFF]->(b:Visit)
WHERE h.crosses_system = true
WITH a.last_system AS from_system, b.system AS to_system, h.own_wait_s AS wait, b.journey AS journey
ORDER BY wait
WITH from_system, to_system, count(*) AS handoffs, count(DISTINCT journey) AS journeys, sum(wait) AS wait_s_total,
     collect(wait) AS waits
RETURN from_system, to_system, handoffs, journeys, wait_s_total,
       waits[(50 * size(waits) + 99) / 100 - 1] AS wait_s_median
ORDER BY handoffs DESC, from_system, to_system
LIMIT $limit
