-- table: own_waits
-- definition: Our waiting, piece by piece, with the event that ends it (Bottleneck; own wait): gaps of the journey that
--   wait for us, and what spans in a queue cover; an act of an owner ends it, or the customer who gives up.
-- reads: events, pieces, covered
-- part: 1 a gap after a handoff, 2 any other gap, 3 a span in a queue; piece is the row of `transitions` it lies in. What
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
  FROM covered c
  JOIN enders e ON e.journey_id = c.journey_id AND e.started_us > c.from_us
    AND (e.after_us IS NULL OR e.after_us < c.to_us)
  WHERE c.part = 5
  UNION ALL
  SELECT
    c.journey_id, CAST(NULL AS BIGINT) AS seq, c.seq AS piece,
    CASE WHEN l.after_us > c.from_us THEN l.after_us ELSE c.from_us END AS from_us, c.to_us
  FROM covered c
  LEFT JOIN last_enders l ON l.journey_id = c.journey_id
  WHERE c.part = 5
)
SELECT
  p.journey_id, e.seq, p.seq AS piece, p.reached_us AS from_us, p.started_us AS to_us,
  CASE WHEN p.gap_name = 2 THEN 1 ELSE 2 END AS part
FROM pieces p
LEFT JOIN enders e ON e.journey_id = p.journey_id AND e.seq = p.named_seq
WHERE p.gap_us > 0 AND p.gap_name IN (2, 3)
UNION ALL
SELECT journey_id, seq, piece, from_us, to_us, 3 AS part FROM queued WHERE from_us < to_us
