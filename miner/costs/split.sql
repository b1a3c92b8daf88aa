-- table: split
-- definition: The handling time of each event in the first of information gap, rework and repeat contact that it
--   qualifies for, else left for the handoff (Fragmentation Cost: precedence).
-- reads: cost_events, cost_transitions, cost_interactions, handled, asking
-- A step asks again when its activity is of a topic (identity, verification, description) that an earlier step of the
-- journey was of.
WITH topics AS (
  SELECT e.journey_id, e.seq, row_number() OVER (PARTITION BY e.journey_id, a.topic ORDER BY e.seq) AS place
  FROM cost_events e
  JOIN asking a ON a.activity = e.activity
),
again AS (
  SELECT DISTINCT journey_id, seq FROM topics WHERE place > 1
)
SELECT
  h.journey_id, h.seq, h.handled_us,
  CASE WHEN a.seq IS NOT NULL THEN 1 WHEN t.rework_reason IS NOT NULL THEN 2 WHEN i.is_repeat THEN 3 ELSE 4 END AS goes_to
FROM handled h
JOIN cost_events e ON e.journey_id = h.journey_id AND e.seq = h.seq
JOIN cost_transitions t ON t.journey_id = h.journey_id AND t.seq = h.seq
LEFT JOIN cost_interactions i ON i.interaction_id = e.interaction_id
LEFT JOIN again a ON a.journey_id = h.journey_id AND a.seq = h.seq
