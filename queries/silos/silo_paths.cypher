// title: Paths across silos
// question: Which ways through the departments take longer, or end worse, than journeys that stay in one?
// params: min_journeys = 1 (int, smallest number of journeys to report),
//   path = null (list, only this way; any if null),
//   good = ["resolved", "solved", "completed", "closed won"] (list, outcomes that count as good, in small letters),
//   limit = 50 (int, largest number of rows)
// returns: path (2 to 4 silos in order), journeys (that contain it), elapsed_s_total (seconds, summed),
//   elapsed_s_median (seconds), compared (of those journeys, how many have an intent with journeys inside one silo),
//   extra_s_total (seconds above the median of the same intent inside one silo, summed over the compared),
//   known (journeys with a known outcome), good_share (of those, 0 to 1),
//   expected_good_share (the share of the same intents inside one silo, 0 to 1),
//   own_wait_s_total (seconds that were waited between its silos, summed, without the customer's own time)
// reading: A row is a way that journeys took, whatever came before or after it. extra_s_total is time lost against
//   journeys that were settled in one department, the customer's own time in it; own_wait_s_total is what was waited on the
//   way for the next department. A good_share below the expected one is an association, no proof.
// index: SiloPath.id
// What each intent takes, and how often it ends well, inside one silo.
MATCH (i:Journey)
WHERE size(i.silo_path) = 1
WITH i.intent AS intent, i.elapsed_s AS elapsed, toLower(i.outcome) AS outcome
ORDER BY elapsed
WITH intent, collect(elapsed) AS times, count(outcome) AS known, sum(CASE WHEN outcome IN $good THEN 1 ELSE 0 END) AS good
WITH collect({intent: coalesce(intent, ''), median: times[(50 * size(times) + 99) / 100 - 1],
              share: CASE WHEN known = 0 THEN null ELSE 1.0 * good / known END}) AS inside
// The journeys of each path, taken together by intent and outcome before they are compared.
CALL () {
  MATCH (q:SiloPath)<-[:TOOK]-(j:Journey)
  WHERE q.journeys >= $min_journeys AND ($path IS NULL OR q.path = $path)
  RETURN q.id AS taken, j.intent AS intent, j.outcome AS outcome, count(*) AS n, sum(j.elapsed_s) AS elapsed
}
WITH taken, n, elapsed, CASE WHEN outcome IS NULL THEN 0 ELSE n END AS known,
     CASE WHEN toLower(outcome) IN $good THEN n ELSE 0 END AS good,
     [x IN inside WHERE x.intent = coalesce(intent, '')][0] AS same
WITH taken, sum(CASE WHEN same.median IS NULL THEN 0 ELSE n END) AS compared,
     sum(CASE WHEN same.median IS NULL THEN 0.0 ELSE elapsed - n * same.median END) AS extra,
     sum(known) AS known, sum(good) AS good,
     sum(CASE WHEN same.share IS NULL THEN 0 ELSE known END) AS expecting,
     sum(CASE WHEN same.share IS NULL THEN 0.0 ELSE known * same.share END) AS expected
MATCH (p:SiloPath {id: taken})
RETURN p.path AS path, p.journeys AS journeys, p.elapsed_s_total AS elapsed_s_total,
       p.elapsed_s_median AS elapsed_s_median, compared, CASE WHEN compared = 0 THEN null ELSE extra END AS extra_s_total,
       known, CASE WHEN known = 0 THEN null ELSE 1.0 * good / known END AS good_share,
       CASE WHEN expecting = 0 THEN null ELSE expected / expecting END AS expected_good_share,
       p.own_wait_s_total AS own_wait_s_total
ORDER BY extra DESC, journeys DESC, path
LIMIT $limit
