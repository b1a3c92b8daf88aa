-- table: span_overlaps
-- definition: The spans, with whether each lies clear of all others of its journey (Time, every second once).
-- reads: spans
-- grain: journey_id, seq, from_us
-- saved: no
-- columns:
--   journey_id string: the journey
--   seq int64: place of the event in the journey, from 0
--   from_us timestamp: start
--   to_us timestamp: end
--   part string: hold, work, rework, customer_wait or queue_wait
--   is_clear bool: it lies clear of all others of its journey
WITH placed AS (
  SELECT *,
    max(to_us) OVER earlier AS reached_us,
    lead(from_us) OVER w AS next_us
  FROM spans
  WINDOW
    w AS (PARTITION BY journey_id ORDER BY from_us, to_us, seq, part),
    earlier AS (
      PARTITION BY journey_id ORDER BY from_us, to_us, seq, part
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
)
SELECT journey_id, seq, from_us, to_us, part,
       from_us >= coalesce(reached_us, from_us) AND to_us <= coalesce(next_us, to_us) AS is_clear
FROM placed
