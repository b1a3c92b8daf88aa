// title: Value lost on paths across silos
// question: On which paths across departments do journeys end worse than others with the same intent, and what is that
//   worth?
// params: min_journeys = 30 (int, smallest number of journeys whose outcome counts),
//   path = null (list, only this path; any if null),
//   good = null (list, outcomes that count as good, in lower case; those of the run if null),
//   aside = [] (list, ids of paths whose journeys are set aside because they are reported already),
//   limit = 50 (int, largest number of rows)
// returns: path (2 to 4 silos in order), journeys (that took it, with an outcome that counts, count), ended_well (of them,
//   count), expected_well (if they had ended as journeys of the same intent that did not take it, count), value_lost
//   (their value times the difference, summed over the intents; null without values), low, high (95 % interval of this
//   path alone), corrected, corrected_low, corrected_high (as the run found it beyond chance: less what picking it
//   adds, and an interval for all paths at once; null where it was not found), outcomes_lost (the same with every
//   journey worth 1), value_left_out (of intents with fewer than 5 journeys on a side)
// reading: A row is a path. It is an association. Values of overlapping paths must not be added up; whether a loss is
//   beyond chance is in the table value_lost of the workspace and in the report, where all paths are tested together.
MATCH (run:Run)
WITH coalesce($good, run.good) AS wanted
MATCH (j:Journey)
WHERE j.counted_outcome IS NOT NULL AND NOT EXISTS { MATCH (j)-[:TOOK]->(x:SiloPath) WHERE x.id IN $aside }
WITH wanted, coalesce(j.intent, '') AS intent, count(*) AS n,
     sum(CASE WHEN toLower(j.counted_outcome) IN wanted THEN 1 ELSE 0 END) AS good
WITH wanted, collect({intent: intent, n: n, good: good}) AS everyone
CALL (wanted) {
  MATCH (q:SiloPath)<-[:TOOK]-(j:Journey)
  WHERE ($path IS NULL OR q.path = $path) AND j.counted_outcome IS NOT NULL
    AND NOT EXISTS { MATCH (j)-[:TOOK]->(x:SiloPath) WHERE x.id IN $aside }
  RETURN q.id AS taken, coalesce(j.intent, '') AS intent, count(*) AS n, count(j.value) AS valued,
         sum(CASE WHEN toLower(j.counted_outcome) IN wanted THEN 1 ELSE 0 END) AS good, sum(coalesce(j.value, 0.0)) AS value
}
WITH taken, n, good, value, valued, [e IN everyone WHERE e.intent = intent][0] AS same
WITH taken, n, good, value, valued, same.n - n AS n_off, same.good - good AS good_off
WITH taken, n, good, value, valued, n_off, CASE WHEN n >= 5 AND n_off >= 5 THEN 1 ELSE 0 END AS kept,
     1.0 * good / n AS on_share, CASE WHEN n_off = 0 THEN 0.0 ELSE 1.0 * good_off / n_off END AS off_share,
     (good + 1.0) / (n + 2.0) AS a, (good_off + 1.0) / (n_off + 2.0) AS b
WITH taken, sum(n) AS journeys, sum(good) AS ended_well, sum(valued) AS valued,
     sum(CASE WHEN kept = 1 THEN n * off_share ELSE 1.0 * good END) AS expected_well,
     sum(CASE WHEN kept = 1 THEN value * (off_share - on_share) ELSE 0.0 END) AS lost,
     sum(CASE WHEN kept = 1 THEN n * (off_share - on_share) ELSE 0.0 END) AS outcomes_lost,
     sum(CASE WHEN kept = 1 THEN value * value * (a * (1.0 - a) / (n + 2.0) + b * (1.0 - b) / (n_off + 2.0)) ELSE 0.0 END)
       AS variance,
     sum(CASE WHEN kept = 1 THEN 0.0 ELSE value END) AS left_out
WHERE journeys >= $min_journeys
// Ways with the same journeys lose the same; the last digits of a sum must not decide which stands first.
WITH *, toInteger(100.0 * lost) AS extra
MATCH (p:SiloPath {id: taken})
RETURN p.path AS path, journeys, ended_well, expected_well, CASE WHEN valued = 0 THEN null ELSE lost END AS value_lost,
       CASE WHEN valued = 0 THEN null ELSE lost - 1.959964 * sqrt(variance) END AS low,
       CASE WHEN valued = 0 THEN null ELSE lost + 1.959964 * sqrt(variance) END AS high,
       p.lost_corrected AS corrected, p.lost_low AS corrected_low, p.lost_high AS corrected_high, outcomes_lost,
       CASE WHEN valued = 0 THEN null ELSE left_out END AS value_left_out
ORDER BY extra DESC, journeys DESC, path
LIMIT $limit
