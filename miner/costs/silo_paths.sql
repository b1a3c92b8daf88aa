-- table: silo_paths
-- definition: All silos of each journey in order, and the number of that path.
-- reads: silo_visits, journeys
-- grain: journey_id
-- saved: no
-- columns:
--   journey_id string: the journey
--   path string[]: its silos in order
--   path_no int64: number of the path, from 0
WITH listed AS (
  SELECT s.journey_id, {{list_in_order s.silo, s.position}} AS path
  FROM silo_visits s
  JOIN journeys j ON j.journey_id = s.journey_id
  GROUP BY s.journey_id
)
SELECT journey_id, path, dense_rank() OVER (ORDER BY path) - 1 AS path_no FROM listed
