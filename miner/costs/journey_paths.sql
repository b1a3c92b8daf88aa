-- table: journey_paths
-- definition: The path of a journey: its owners in the order of its visits, and the number of that path.
-- reads: cost_visits
-- grain: journey_id
-- saved: no
-- columns:
--   journey_id int64: number of the journey
--   path string: its owners in order
--   path_no int64: number of the path
--
-- A number stands for the path wherever there is a row an event: a path can be as long as its journey.
WITH joined AS (
  SELECT journey_id, {{joined owner, position}} AS path FROM cost_visits GROUP BY journey_id
)
SELECT journey_id, path, dense_rank() OVER (ORDER BY path) AS path_no FROM joined
