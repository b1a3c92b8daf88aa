-- table: ordered
-- definition: Rows are ordered once, by (start, source sequence, source line); seq counts them from 0 in their journey.
-- reads: raw
SELECT *, row_number() OVER (
  PARTITION BY journey_id
  ORDER BY started_us, sequence NULLS FIRST, source_no, line NULLS FIRST, interaction_id, activity NULLS FIRST
) - 1 AS seq
FROM raw
