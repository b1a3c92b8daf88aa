// title: Paths across silos
// question: Which ways through the departments take longer, or end worse, than journeys that stay in one?
// params: min_journeys = 1 (int, smallest number of journeys to report),
//   good = ["resolved", "solved", "completed", "closed won"] (list, outcomes that count as good, in small letters),
//   limit = 50 (int, largest number of rows)
// returns: path (2 to 4 silos in order), journeys (that contain it), elapsed_s_total (seconds, summed),
//   elapsed_s_median (seconds), compared (of those journeys, how many have an intent with journeys inside one silo),
//   extra_s_total (seconds above the median of the same intent inside one silo, summed over the compared),
//   known (journeys with a known outcome), good_share (of those, 0 to 1),
//   expected_good_share (the share of the same intents inside one silo, 0 to 1)
// reading: A row is a way that journeys took, whatever came before or after it. extra_s_total is time lost against
//   journeys that were settled in one department; a good_share below the expected one is an association, no proof.
MATCH (i:Journey)
WHERE size(i.silo_path) = 1
WITH i.intent AS intent, i.elapsed_s AS elapsed, toLower(i.outcome) AS outcome
ORDER BY intent, elapsed
WITH intent, collect(elapsed) AS times, count(outcome) AS known,
     sum(CASE WHEN outcome IN $good THEN 1 ELSE 0 END) AS good
WITH collect({intent: coalesce(intent, ''), median: times[(50 * size(times) + 99) / 100 - 1],
              share: CASE WHEN known = 0 THEN null ELSE 1.0 * good / known END}) AS inside
MATCH (j:Journey)
WHERE size(j.silo_path) > 1
WITH j, [x IN inside WHERE x.intent = coalesce(j.intent, '')][0] AS same
UNWIND [2, 3, 4] AS silos
UNWIND range(0, size(j.silo_path) - silos) AS at
WITH DISTINCT j.silo_path[at..at + silos] AS path, j.id AS journey, j.elapsed_s AS elapsed,
     toLower(j.outcome) AS outcome, same.median AS median, same.share AS share
ORDER BY path, elapsed
WITH path, count(*) AS journeys, sum(elapsed) AS elapsed_s_total, collect(elapsed) AS times, count(median) AS compared,
     sum(elapsed - median) AS extra_s_total, count(outcome) AS known,
     sum(CASE WHEN outcome IN $good THEN 1 ELSE 0 END) AS good,
     sum(CASE WHEN outcome IS NULL THEN null ELSE share END) AS expected,
     sum(CASE WHEN outcome IS NULL OR share IS NULL THEN 0 ELSE 1 END) AS expecting
WHERE journeys >= $min_journeys
RETURN path, journeys, elapsed_s_total, times[(50 * size(times) + 99) / 100 - 1] AS elapsed_s_median, compared,
       extra_s_total, known, CASE WHEN known = 0 THEN null ELSE 1.0 * good / known END AS good_share,
       CASE WHEN expecting = 0 THEN null ELSE expected / expecting END AS expected_good_share
ORDER BY extra_s_total DESC, journeys DESC, path
LIMIT $limit
