// title: Kinds of handoffs
// question: How is work handed over: blind, by reassignment, by escalation, from bot to human?
// params: limit = 50 (int, largest number of rows)
// returns: kind, handoffs (count), journeys (count), crossing_silos (handoffs to another silo),
//   wait_s_total (their own waits, seconds), wait_s_median (seconds), wait_s_p95 (seconds)
// reading: A row is a kind of handoff, the most frequent first. Blind ones with a long wait arrive without context: an
//   introduction or a note costs less than asking again. Many crossing_silos mean that the wrong department takes in
//   work.
MATCH (a:Visit)-[h:HANDOFF]->(b:Visit)
WITH h.kind AS kind, h.own_wait_s AS wait, h.crosses_silo AS crosses, b.journey AS journey
ORDER BY wait
WITH kind, count(*) AS handoffs, count(DISTINCT journey) AS journeys, sum(wait) AS wait_s_total, collect(wait) AS waits,
     sum(CASE WHEN crosses THEN 1 ELSE 0 END) AS crossing_silos
RETURN kind, handoffs, journeys, crossing_silos, wait_s_total,
       waits[(50 * size(waits) + 99) / 100 - 1] AS wait_s_median,
       waits[(95 * size(waits) + 99) / 100 - 1] AS wait_s_p95
ORDER BY handoffs DESC, kind
LIMIT $limit
