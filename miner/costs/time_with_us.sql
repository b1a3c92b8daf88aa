-- table: time_with_us
-- definition: The time that each journey spent with us: all parts of the time split but the customer's own, the time
--   between contacts and the tail.
-- reads: silo_paths, journeys, transitions
-- grain: journey_id
-- saved: no
-- columns:
--   journey_id string: the journey
--   intent_no int64: number of its intent, from 0
--   path_no int64: number of its path, from 0
--   ours_s double [s]: time with us
WITH ours AS (
  SELECT journey_id, {{total work_s + rework_s + hold_s + queue_wait_s + handoff_wait_s + off_hours_s}} AS ours_s
  FROM transitions
  GROUP BY journey_id
)
SELECT
  j.journey_id, dense_rank() OVER (ORDER BY coalesce(j.intent, '')) - 1 AS intent_no, p.path_no, o.ours_s
FROM journeys j
JOIN silo_paths p ON p.journey_id = j.journey_id
JOIN ours o ON o.journey_id = j.journey_id
