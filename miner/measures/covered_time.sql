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
--   part string: hold, work, rework, customer_wait or queue_wait
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
  SELECT
    p.journey_id, coalesce(p.reached_us, p.started_us) AS at_us, CAST(NULL AS VARCHAR(20)) AS part, 0 AS step,
    p.seq AS piece
  FROM named_gaps p
  WHERE p.ended_us > coalesce(p.reached_us, p.started_us) AND p.journey_id IN (SELECT journey_id FROM tangled)
),
moments AS (
  SELECT
    journey_id, at_us, max(piece) AS piece,
    sum(CASE WHEN part = 'hold' THEN step ELSE 0 END) AS hold,
    sum(CASE WHEN part = 'work' THEN step ELSE 0 END) AS work,
    sum(CASE WHEN part = 'rework' THEN step ELSE 0 END) AS rework,
    sum(CASE WHEN part = 'customer_wait' THEN step ELSE 0 END) AS customer_wait,
    sum(CASE WHEN part = 'queue_wait' THEN step ELSE 0 END) AS queue_wait
  FROM boundaries
  GROUP BY journey_id, at_us
),
swept AS (
  SELECT
    journey_id, at_us AS from_us, lead(at_us) OVER w AS to_us,
    max(piece) OVER so_far AS seq,
    CASE WHEN sum(hold) OVER so_far > 0 THEN 'hold'
         WHEN sum(work) OVER so_far > 0 THEN 'work'
         WHEN sum(rework) OVER so_far > 0 THEN 'rework'
         WHEN sum(customer_wait) OVER so_far > 0 THEN 'customer_wait'
         WHEN sum(queue_wait) OVER so_far > 0 THEN 'queue_wait' END AS part
  FROM moments
  WINDOW
    w AS (PARTITION BY journey_id ORDER BY at_us),
    so_far AS (PARTITION BY journey_id ORDER BY at_us ROWS UNBOUNDED PRECEDING)
)
SELECT journey_id, seq, from_us, to_us, part FROM span_overlaps WHERE is_clear
UNION ALL
SELECT journey_id, seq, from_us, to_us, part FROM swept WHERE part IS NOT NULL AND to_us IS NOT NULL
