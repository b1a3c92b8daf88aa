-- table: ordered
-- definition: Rows are ordered once, by (start, source sequence, source line); seq counts them from 0 in their journey.
-- reads: raw
SELECT journey_id, event_no, own_owner, row_number() OVER (
  PARTITION BY journey_id
  ORDER BY started_us, sequence NULLS FIRST, source_no, line NULLS FIRST, interaction_id, activity NULLS FIRST, event_no
) - 1 AS seq
FROM raw
