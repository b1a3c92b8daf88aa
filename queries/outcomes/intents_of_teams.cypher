// title: Who finishes what
// question: With which team do journeys of each intent end, and how well?
// params: intent = null (str, only this intent; all if null), min_journeys = 1 (int, smallest number of journeys to
//   report), good = null (list, outcomes that count as good, in lower case; those of the run if null), limit = 100
//   (int, largest number of rows)
// returns: intent (null where unknown), team (of the last visit), journeys (that ended there, count), alone (of them,
//   those that no other team had), known (those whose outcome counts), good_share (of those, 0 to 1), elapsed_s_median
//   (seconds)
// reading: A row is an intent and the team that had it last. The team with many journeys, a high good_share and a short
//   time is where this intent belongs. Under 30 known outcomes a share says little.
MATCH (run:Run)
WITH coalesce($good, run.good) AS good
MATCH (j:Journey)<-[:IN_JOURNEY]-(v:Visit)
WHERE v.position = j.handoffs AND ($intent IS NULL OR j.intent = $intent)
WITH good, j.intent AS intent, v.team AS team, j.handoffs AS handoffs, j.elapsed_s AS elapsed, toLower(j.counted_outcome) AS outcome
ORDER BY elapsed
WITH intent, team, count(*) AS journeys, sum(CASE WHEN handoffs = 0 THEN 1 ELSE 0 END) AS alone, count(outcome) AS known,
     sum(CASE WHEN outcome IN good THEN 1 ELSE 0 END) AS well, collect(elapsed) AS times
WHERE journeys >= $min_journeys
RETURN intent, team, journeys, alone, known, CASE WHEN known = 0 THEN null ELSE 1.0 * well / known END AS good_share,
       times[(50 * size(times) + 99) / 100 - 1] AS elapsed_s_median
ORDER BY journeys DESC, intent, team
LIMIT $limit
