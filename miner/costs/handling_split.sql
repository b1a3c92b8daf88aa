-- table: handling_split
-- definition: The handling time of each event in the first of information gap, rework and repeat contact that it
--   qualifies for, else left for the handoff (Fragmentation Cost: precedence).
-- reads: cost_events, cost_transitions, cost_interactions, handling_time, asking
-- grain: journey_id, seq
-- saved: no
-- columns:
--   journey_id int64: number of the journey
--   seq int64: the event
--   handled_us seconds: its handling time
--   goes_to string: information_gap, rework, repeat_contact, or handoff for what is left
--
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
  CASE WHEN a.seq IS NOT NULL THEN 'information_gap' WHEN t.rework_reason IS NOT NULL THEN 'rework'
       WHEN i.is_repeat THEN 'repeat_contact' ELSE 'handoff' END AS goes_to
FROM handling_time h
JOIN cost_events e ON e.journey_id = h.journey_id AND e.seq = h.seq
JOIN cost_transitions t ON t.journey_id = h.journey_id AND t.seq = h.seq
LEFT JOIN cost_interactions i ON i.interaction_id = e.interaction_id
LEFT JOIN again a ON a.journey_id = h.journey_id AND a.seq = h.seq
