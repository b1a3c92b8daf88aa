-- table: loss_journeys
-- definition: For each found path, the journeys whose outcome counts that took none of the paths set aside, and whether
--   they are on it.
-- reads: found_losses, paths_set_aside, path_journeys, judged_journeys
-- grain: no, journey_id
-- saved: no
-- columns:
--   no int64: number of the path
--   journey_id string: the journey
--   intent string: its intent; empty if unknown
--   value double: its value
--   good bool: it ended well
--   on_path bool: it took the path
WITH on_path AS (
  SELECT DISTINCT l.no, t.journey_id FROM found_losses l JOIN path_journeys t ON t.path = l.path
),
aside AS (
  SELECT DISTINCT a.no, t.journey_id FROM paths_set_aside a JOIN path_journeys t ON t.path = a.path
)
SELECT l.no, j.journey_id, j.intent, j.value, j.good, o.journey_id IS NOT NULL AS on_path
FROM found_losses l
CROSS JOIN judged_journeys j
LEFT JOIN on_path o ON o.no = l.no AND o.journey_id = j.journey_id
LEFT JOIN aside a ON a.no = l.no AND a.journey_id = j.journey_id
WHERE a.journey_id IS NULL
