-- table: own_waits
-- definition: Our waiting, piece by piece, with the event that ends it (Bottleneck; own wait): gaps of the journey that
--   wait for us, and what spans in a queue cover; an act of an owner ends it, or the customer who gives up.
-- reads: events, named_gaps, covered_time
-- grain: journey_id, from_us, part, seq
-- saved: no
-- columns:
--   journey_id string: the journey
--   seq int64: place of the event in the journey, from 0
--   piece int64: the row of transitions that it lies in
--   from_us timestamp: start
--   to_us timestamp: end
--   part string: handoff_wait (a gap after a handoff), routing (any other gap) or queue (a span in a queue)
--
-- part: handoff_wait is a gap after a handoff, routing any other gap, queue a span in a queue; piece is the row of `transitions` it lies in. What
-- the customer does meanwhile ends no span in a queue. An ender takes what lies between it and the ender before, so that
-- a second belongs to one. What nobody ends has no seq.
WITH enders AS (
  SELECT
    journey_id, seq, started_us, lag(started_us) OVER (PARTITION BY journey_id ORDER BY seq) AS after_us
  FROM events
  WHERE owned OR event_type = 'abandoned'
),
last_enders AS (
  SELECT journey_id, max(started_us) AS after_us FROM enders GROUP BY journey_id
),
queued AS (
  SELECT
    c.journey_id, e.seq, c.seq AS piece, CASE WHEN e.after_us > c.from_us THEN e.after_us ELSE c.from_us END AS from_us,
    CASE WHEN e.started_us < c.to_us THEN e.started_us ELSE c.to_us END AS to_us
  FROM covered_time c
  JOIN enders e ON e.journey_id = c.journey_id AND e.started_us > c.from_us
    AND (e.after_us IS NULL OR e.after_us < c.to_us)
  WHERE c.part = 'queue_wait'
  UNION ALL
  SELECT
    c.journey_id, CAST(NULL AS BIGINT) AS seq, c.seq AS piece,
    CASE WHEN l.after_us > c.from_us THEN l.after_us ELSE c.from_us END AS from_us, c.to_us
  FROM covered_time c
  LEFT JOIN last_enders l ON l.journey_id = c.journey_id
  WHERE c.part = 'queue_wait'
)
SELECT
  p.journey_id, e.seq, p.seq AS piece, p.reached_us AS from_us, p.started_us AS to_us,
  CASE WHEN p.gap_name = 'handoff_wait' THEN 'handoff_wait' ELSE 'routing' END AS part
FROM named_gaps p
LEFT JOIN enders e ON e.journey_id = p.journey_id AND e.seq = p.named_seq
WHERE p.gap_us > 0 AND p.gap_name IN ('handoff_wait', 'queue_wait')
UNION ALL
SELECT journey_id, seq, piece, from_us, to_us, 'queue' AS part FROM queued WHERE from_us < to_us
