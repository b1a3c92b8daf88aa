-- table: path_journeys
-- definition: The paths that journeys whose outcome counts took: each contiguous run of 2 to 4 silos, and where it begins.
-- reads: silo_visits, judged_journeys
-- grain: journey_id, position, path
-- saved: no
-- columns:
--   journey_id string: the journey
--   position int64: place of its first silo among the journey's silo visits
--   silos int64: number of silos
--   path string[]: the silos in order
WITH runs AS (
  SELECT
    s.journey_id, s.position, s.silo, lead(s.silo, 1) OVER w AS second, lead(s.silo, 2) OVER w AS third,
    lead(s.silo, 3) OVER w AS fourth
  FROM silo_visits s
  JOIN judged_journeys j ON j.journey_id = s.journey_id
  WINDOW w AS (PARTITION BY s.journey_id ORDER BY s.position)
)
SELECT journey_id, position, CAST(2 AS BIGINT) AS silos, {{list silo, second}} AS path FROM runs WHERE second IS NOT NULL
UNION ALL
SELECT journey_id, position, CAST(3 AS BIGINT) AS silos, {{list silo, second, third}} AS path FROM runs WHERE third IS NOT NULL
UNION ALL
SELECT journey_id, position, CAST(4 AS BIGINT) AS silos, {{list silo, second, third, fourth}} AS path FROM runs
WHERE fourth IS NOT NULL
