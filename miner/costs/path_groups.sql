-- table: path_groups
-- definition: Journeys that took the same tested paths about the same intent, as one group.
-- reads: path_journeys, tested_paths, judged_journeys
-- grain: intent, paths
-- saved: no
-- columns:
--   intent string: the intent; empty if unknown
--   paths int64[]: numbers of the paths; null without any
--   journeys int64: number of journeys
--   good int64: of these, ended well
--   value double: their value
--   valued int64: of these, with a known value
WITH taken AS (
  SELECT j.journey_id, {{distinct_list p.no}} AS paths
  FROM path_journeys j
  JOIN tested_paths p ON p.path = j.path
  GROUP BY j.journey_id
)
SELECT
  j.intent, t.paths, count(*) AS journeys, CAST(sum(CASE WHEN j.good THEN 1 ELSE 0 END) AS BIGINT) AS good,
  {{total j.value}} AS value, count(j.value) AS valued
FROM judged_journeys j
LEFT JOIN taken t ON t.journey_id = j.journey_id
GROUP BY j.intent, t.paths
