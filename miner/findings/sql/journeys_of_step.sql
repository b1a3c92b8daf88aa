-- query: bottlenecks/journeys_of_transition
-- The longest gap first, with the number of all journeys that have the step.
WITH taken AS (
  SELECT journey_id AS journey, seq, gap_s FROM transitions
  WHERE seq > 0 AND from_activity = $from_activity AND to_activity = $to_activity
)
SELECT journey, (SELECT count(DISTINCT journey) FROM taken) AS journeys
FROM taken
ORDER BY gap_s DESC, journey, seq
LIMIT 10
