-- table: covered_time
-- definition: Every second that spans cover, once: a second under several spans goes to the first of hold, work,
--   rework, customer_wait, queue_wait (Time, every second once); and to the piece (seq) of the journey it lies in.
-- reads: span_overlaps, named_gaps
-- grain: journey_id, from_us
-- saved: no
-- columns:
--   journey_id string: the journey
--   seq int64: place of the event in the journey, from 0
--   from_us timestamp: start
--   to_us timestamp: end
--   part int32: which part of the elapsed time
--
-- Spans that touch no other go through as they are; the rest is swept: +1 and -1 at the ends of each span, running sums
-- between neighbouring boundaries, and the piece that the boundary lies in.
WITH tangled AS (
  SELECT journey_id, from_us, to_us, part FROM span_overlaps WHERE NOT is_clear
),
boundaries AS (
  SELECT journey_id, from_us AS at_us, part, 1 AS step, CAST(NULL AS BIGINT) AS piece FROM tangled
  UNION ALL
  SELECT journey_id, to_us AS at_us, part, -1 AS step, CAST(NULL AS BIGINT) AS piece FROM tangled
  UNION ALL
  SELECT p.journey_id, coalesce(p.reached_us, p.started_us) AS at_us, 0 AS part, 0 AS step, p.seq AS piece
  FROM named_gaps p
  WHERE p.ended_us > coalesce(p.reached_us, p.started_us) AND p.journey_id IN (SELECT journey_id FROM tangled)
),
moments AS (
  SELECT
    journey_id, at_us, max(piece) AS piece,
    sum(CASE WHEN part = 1 THEN step ELSE 0 END) AS d1, sum(CASE WHEN part = 2 THEN step ELSE 0 END) AS d2,
    sum(CASE WHEN part = 3 THEN step ELSE 0 END) AS d3, sum(CASE WHEN part = 4 THEN step ELSE 0 END) AS d4,
    sum(CASE WHEN part = 5 THEN step ELSE 0 END) AS d5
  FROM boundaries
  GROUP BY journey_id, at_us
),
swept AS (
  SELECT
    journey_id, at_us AS from_us, lead(at_us) OVER w AS to_us,
    max(piece) OVER so_far AS seq,
    CASE WHEN sum(d1) OVER so_far > 0 THEN 1
         WHEN sum(d2) OVER so_far > 0 THEN 2
         WHEN sum(d3) OVER so_far > 0 THEN 3
         WHEN sum(d4) OVER so_far > 0 THEN 4
         WHEN sum(d5) OVER so_far > 0 THEN 5 END AS part
  FROM moments
  WINDOW
    w AS (PARTITION BY journey_id ORDER BY at_us),
    so_far AS (PARTITION BY journey_id ORDER BY at_us ROWS UNBOUNDED PRECEDING)
)
SELECT journey_id, seq, from_us, to_us, part FROM span_overlaps WHERE is_clear
UNION ALL
SELECT journey_id, seq, from_us, to_us, part FROM swept WHERE part IS NOT NULL AND to_us IS NOT NULL
