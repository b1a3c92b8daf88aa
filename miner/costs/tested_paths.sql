-- table: tested_paths
-- definition: The paths that at least 30 journeys whose outcome counts took, numbered.
-- reads: path_journeys
-- grain: path
-- saved: no
-- columns:
--   path string[]: the silos in order
--   no int64: number of the path, from 0
SELECT path, row_number() OVER (ORDER BY path) - 1 AS no
FROM path_journeys
GROUP BY path
HAVING count(DISTINCT journey_id) >= 30
