// title: Week by week
// question: Are things getting better or worse?
// params: intent = null (str, only this intent; all if null), limit = 200 (int, largest number of rows)
// returns: week_ms (begin of its Monday in the run's time zone, ms since 1970 in UTC), journeys (that started in it,
//   count), handed_over_share (with a handoff, 0 to 1), returned_share (that came back to a team, 0 to 1), handoffs
//   (count), elapsed_s_median (seconds), elapsed_s_p95 (seconds), open (without a known outcome, count)
// reading: A row is a week, in order of time. The last weeks look better than they are: long journeys that began then
//   are still open. Compare only weeks with few open ones.
MATCH (j:Journey)
WHERE $intent IS NULL OR j.intent = $intent
WITH j.started_week_ms AS week_ms, j.handoffs AS moved, j.returns AS back, j.elapsed_s AS elapsed, j.outcome AS outcome
ORDER BY elapsed
WITH week_ms, count(*) AS journeys, sum(CASE WHEN moved > 0 THEN 1 ELSE 0 END) AS handed, sum(moved) AS handoffs,
     sum(CASE WHEN back > 0 THEN 1 ELSE 0 END) AS returned, collect(elapsed) AS times, count(outcome) AS known
RETURN week_ms, journeys, 1.0 * handed / journeys AS handed_over_share, 1.0 * returned / journeys AS returned_share,
       handoffs, times[(50 * size(times) + 99) / 100 - 1] AS elapsed_s_median,
       times[(95 * size(times) + 99) / 100 - 1] AS elapsed_s_p95, journeys - known AS open
ORDER BY week_ms
LIMIT $limit
