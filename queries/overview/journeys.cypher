// title: Journeys by intent
// question: What do customers want, how long does it take, and how often is it handed over?
// params: limit = 100 (int, largest number of rows)
// returns: intent (null where unknown), journeys (count), handed_over (journeys with a handoff),
//   returned (journeys that came back to a team that had them before), handoffs (count), events (count),
//   elapsed_s_total (seconds from first start to latest end, summed), elapsed_s_median (seconds),
//   elapsed_s_p95 (seconds)
// reading: A row is an intent. Compare elapsed_s_p95 with the median: a wide gap means that a few journeys get stuck.
MATCH (j:Journey)
WITH j.intent AS intent, j.elapsed_s AS elapsed, j.handoffs AS moved, j.returns AS back, j.events AS steps
ORDER BY elapsed
WITH intent, collect(elapsed) AS times, count(*) AS journeys, sum(elapsed) AS elapsed_s_total,
     sum(CASE WHEN moved > 0 THEN 1 ELSE 0 END) AS handed_over, sum(CASE WHEN back > 0 THEN 1 ELSE 0 END) AS returned,
     sum(moved) AS handoffs, sum(steps) AS events
RETURN intent, journeys, handed_over, returned, handoffs, events, elapsed_s_total,
       times[(50 * size(times) + 99) / 100 - 1] AS elapsed_s_median,
       times[(95 * size(times) + 99) / 100 - 1] AS elapsed_s_p95
ORDER BY journeys DESC, intent
LIMIT $limit
