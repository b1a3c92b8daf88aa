// title: Paths across silos
// question: Which paths across departments take longer than journeys in one department, and how long do they wait?
// params: min_journeys = 1 (int, smallest number of journeys to report),
//   path = null (list, only this path; any if null),
//   good = null (list, outcomes that count as good, in lower case; those of the run if null),
//   limit = 50 (int, largest number of rows)
// returns: path (2 to 4 silos in order), journeys (that contain it), elapsed_s_total (seconds, summed),
//   elapsed_s_median (seconds), compared (of those journeys, how many have an intent with journeys inside one silo),
//   extra_s_total (seconds with us above n × mean of the same intents inside one silo, summed over the compared),
//   extra_corrected_s (the same less what picking the largest adds to it), extra_low_s, extra_high_s (95 %, for all
//   paths), is_longer (beyond chance; null where it was not compared), known (journeys whose outcome counts),
//   good_share (of those, 0 to 1), expected_good_share (the share of the same intents inside one silo, 0 to 1),
//   own_wait_s_total (seconds waited between its silos, summed, without the customer's own time)
// reading: A row is a path that journeys took, whatever came before or after it. Only where is_longer is true is the
//   difference beyond chance; all paths are tested together. Time with us excludes the customer's own time. Shares of
//   good outcomes are only shown here, not tested; silos/value_lost compares them.
// index: SiloPath.id
// How often each intent ends well inside one silo.
MATCH (run:Run)
WITH coalesce($good, run.good) AS wanted
MATCH (i:Journey)
WHERE size(i.silo_path) = 1
WITH wanted, i.intent AS intent, toLower(i.counted_outcome) AS outcome
WITH wanted, intent, count(outcome) AS known, sum(CASE WHEN outcome IN wanted THEN 1 ELSE 0 END) AS good
WITH wanted, collect({intent: coalesce(intent, ''), share: CASE WHEN known = 0 THEN null ELSE 1.0 * good / known END}) AS inside
// The journeys of each path, taken together by intent and outcome before they are compared.
CALL () {
  MATCH (q:SiloPath)<-[:TOOK]-(j:Journey)
  WHERE q.journeys >= $min_journeys AND ($path IS NULL OR q.path = $path)
  RETURN q.id AS taken, j.intent AS intent, j.counted_outcome AS outcome, count(*) AS n
}
WITH taken, CASE WHEN outcome IS NULL THEN 0 ELSE n END AS known,
     CASE WHEN toLower(outcome) IN wanted THEN n ELSE 0 END AS good,
     [x IN inside WHERE x.intent = coalesce(intent, '')][0] AS same
WITH taken, sum(known) AS known, sum(good) AS good,
     sum(CASE WHEN same.share IS NULL THEN 0 ELSE known END) AS expecting,
     sum(CASE WHEN same.share IS NULL THEN 0.0 ELSE known * same.share END) AS expected
MATCH (p:SiloPath {id: taken})
RETURN p.path AS path, p.journeys AS journeys, p.elapsed_s_total AS elapsed_s_total,
       p.elapsed_s_median AS elapsed_s_median, p.compared AS compared, p.extra_s_total AS extra_s_total,
       p.extra_corrected_s AS extra_corrected_s, p.extra_low_s AS extra_low_s, p.extra_high_s AS extra_high_s,
       p.is_longer AS is_longer, known, CASE WHEN known = 0 THEN null ELSE 1.0 * good / known END AS good_share,
       CASE WHEN expecting = 0 THEN null ELSE expected / expecting END AS expected_good_share,
       p.own_wait_s_total AS own_wait_s_total
ORDER BY own_wait_s_total DESC, journeys DESC, path
LIMIT $limit
