// title: One path, intent by intent
// question: Does the path across departments end badly, or only the intents that take it?
// params: path (list, 2 to 4 silos in order),
//   good = null (list, outcomes that count as good, in lower case; those of the run if null),
//   limit = 50 (int, largest number of rows)
// returns: intent (null where unknown), on_path (journeys whose outcome counts that took it, count), well_on_path (of
//   them, count), elsewhere (journeys of the intent that did not, count), well_elsewhere (of them, count),
//   value_on_path (summed; null where unknown), counted (at least 5 journeys on each side)
// reading: A row is an intent. If the shares are similar in every row, the path is not to blame, whatever the total
//   says.
MATCH (run:Run)
WITH coalesce($good, run.good) AS wanted
MATCH (j:Journey)
WHERE j.counted_outcome IS NOT NULL
WITH j.intent AS intent, CASE WHEN toLower(j.counted_outcome) IN wanted THEN 1 ELSE 0 END AS good, j.value AS value,
     CASE WHEN EXISTS { MATCH (j)-[:TOOK]->(x:SiloPath) WHERE x.path = $path } THEN 1 ELSE 0 END AS took
WITH intent, sum(took) AS on_path, sum(took * good) AS well_on_path, sum(1 - took) AS elsewhere,
     sum((1 - took) * good) AS well_elsewhere, sum(CASE WHEN took = 1 THEN coalesce(value, 0.0) ELSE 0.0 END) AS value,
     count(CASE WHEN took = 1 THEN value ELSE null END) AS valued
WHERE on_path > 0
RETURN intent, on_path, well_on_path, elsewhere, well_elsewhere, CASE WHEN valued = 0 THEN null ELSE value END AS value_on_path,
       on_path >= 5 AND elsewhere >= 5 AS counted
ORDER BY on_path DESC, intent
LIMIT $limit
