-- table: event_order
-- definition: Rows are ordered once, by (start, source sequence, source line); seq counts them from 0 in their journey.
-- reads: raw
-- grain: event_no
-- saved: no
-- columns:
--   journey_id string: the journey
--   event_no int64: number of the event in the log
--   own_owner string: the event's own owner; null if it has none
--   seq int64: place of the event in the journey, from 0
SELECT journey_id, event_no, own_owner, row_number() OVER (
  PARTITION BY journey_id
  ORDER BY started_us, sequence NULLS FIRST, source_no, line NULLS FIRST, interaction_id, activity NULLS FIRST, event_no
) - 1 AS seq
FROM raw
