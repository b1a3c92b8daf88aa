-- table: path_examples
-- definition: Up to ten journeys of each path that ended badly, the most valuable first.
-- reads: path_journeys, judged_journeys
-- grain: path
-- saved: no
-- columns:
--   path string[]: the silos in order
--   examples string[]: the journeys
WITH taken AS (
  SELECT DISTINCT path, journey_id FROM path_journeys
),
ranked AS (
  SELECT t.path, t.journey_id, row_number() OVER (PARTITION BY t.path ORDER BY j.value DESC NULLS LAST, j.journey_id) AS place
  FROM taken t
  JOIN judged_journeys j ON j.journey_id = t.journey_id
  WHERE NOT j.good
)
SELECT path, {{list_in_order journey_id, place}} AS examples
FROM ranked
WHERE place <= 10
GROUP BY path
