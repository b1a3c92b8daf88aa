// title: Outcomes by number of handoffs
// question: Do journeys with more handoffs take longer and end worse?
// params: intent = null (str, only this intent; all if null), most = 5 (int, journeys with more handoffs are counted
//   here), good = null (list, outcomes that count as good, in lower case; those of the run if null), limit = 50 (int,
//   largest number of rows)
// returns: handoffs (number of them; the largest stands for that many or more), journeys (count), returned (of them,
//   those that came back to a team), known (those whose outcome counts), good_share (of those, 0 to 1),
//   elapsed_s_median (seconds), elapsed_s_p95 (seconds)
// reading: A row is a number of handoffs. A good_share that falls from row to row is an association: hard cases are
//   handed over more often, too. Compare within one intent.
MATCH (run:Run)
WITH coalesce($good, run.good) AS good
MATCH (j:Journey)
WHERE $intent IS NULL OR j.intent = $intent
WITH good, CASE WHEN j.handoffs > $most THEN $most ELSE j.handoffs END AS handoffs, j.returns AS back,
     j.elapsed_s AS elapsed, toLower(j.counted_outcome) AS outcome
ORDER BY elapsed
WITH handoffs, count(*) AS journeys, sum(CASE WHEN back > 0 THEN 1 ELSE 0 END) AS returned, count(outcome) AS known,
     sum(CASE WHEN outcome IN good THEN 1 ELSE 0 END) AS well, collect(elapsed) AS times
RETURN handoffs, journeys, returned, known, CASE WHEN known = 0 THEN null ELSE 1.0 * well / known END AS good_share,
       times[(50 * size(times) + 99) / 100 - 1] AS elapsed_s_median,
       times[(95 * size(times) + 99) / 100 - 1] AS elapsed_s_p95
ORDER BY handoffs
LIMIT $limit
