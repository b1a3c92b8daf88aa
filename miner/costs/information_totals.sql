-- table: information_totals
-- definition: What the table information adds up to, each with the number of handoffs that it is known of: one row.
-- reads: information
-- grain: handoffs
-- saved: no
-- columns:
--   handoffs int64: number of handoffs
--   blind_n int64: handoffs of which it is known whether they are blind
--   blind double [share]: of these, the blind ones
--   no_note_n int64: handoffs of which it is known whether there is a note
--   no_note double [share]: of these, those without
--   asked_n int64: handoffs of which it is known how often the receiver asks again
--   asked_events int64: how often
--   asked_handoffs int64: handoffs after which it does
--   setup_n int64: handoffs with a known excess of the first span
--   setup_median_s double [s]: its median
--   facts_n int64: handoffs of which it is known how many facts came before
--   facts_before int64: these facts
--   missing_n int64: handoffs of which it is known what notes leave out
--   missing_of int64: facts before these
--   facts_missing int64: of these, those in no note
--   again_n int64: handoffs of which it is known what the customer repeats
--   facts_asked_again int64: facts repeated
WITH ranked AS (
  SELECT
    *, row_number() OVER (ORDER BY setup_excess_s NULLS LAST) AS place, count(setup_excess_s) OVER () AS n
  FROM information
)
SELECT
  count(*) AS handoffs, count(blind) AS blind_n, avg(CAST(blind AS INTEGER)) AS blind, count(no_note) AS no_note_n,
  avg(CAST(no_note AS INTEGER)) AS no_note, count(asked_again) AS asked_n,
  CAST(sum(asked_again) AS BIGINT) AS asked_events, count(CASE WHEN asked_again > 0 THEN 1 END) AS asked_handoffs,
  count(setup_excess_s) AS setup_n, {{nearest_rank 50, setup_excess_s, place, n}} AS setup_median_s,
  count(facts_before) AS facts_n, CAST(sum(facts_before) AS BIGINT) AS facts_before, count(facts_missing) AS missing_n,
  CAST(sum(CASE WHEN facts_missing IS NOT NULL THEN facts_before END) AS BIGINT) AS missing_of,
  CAST(sum(facts_missing) AS BIGINT) AS facts_missing, count(facts_asked_again) AS again_n,
  CAST(sum(facts_asked_again) AS BIGINT) AS facts_asked_again
FROM ranked
